"""failures: in which worlds does an arm not do what it should? The design for scenario discovery."""

from __future__ import annotations

from pydantic import Field

from cosim.config.error_messages import meant_alone
from cosim.execution.factor import JointFactor
from cosim.execution.settings import Name, Settings, check_names
from cosim.studies.arms import arms_of, made_of, uncertain_factors
from cosim.studies.kind import NESTED, Ask, Made, StudyKind

_FEWEST_WORLDS = 50


@meant_alone("arm")
class FailuresBlock(Settings):
    """What only a search for failures has."""

    arm: Name = Field(description="The arm (intervention, bundle or other) that should work.")
    outcome: Name = Field("influence_parity_public", description="The outcome by which it is judged.")
    against: Name | None = Field(
        None, description="Judge the paired difference to this arm, instead of the arm's own outcome."
    )
    below: float | None = Field(
        None, description="It fails in a world where the outcome's mean is below this."
    )
    above: float | None = Field(
        None, description="It fails in a world where the outcome's mean is above this."
    )


def make(ask: Ask) -> Made:
    """Cross the arms with many worlds."""
    block: FailuresBlock = ask.block
    ways = arms_of(ask)
    names = [way.name for way in ways]
    if block.arm not in names:
        raise ask.error("there is no such arm", "failures.arm", value=block.arm, allowed=", ".join(names))
    if block.against is not None and (block.against not in names or block.against == block.arm):
        others = [name for name in names if name != block.arm]
        raise ask.error(
            "there is no such arm to compare with",
            "failures.against",
            value=block.against,
            allowed=", ".join(others),
        )
    check_names([block.outcome], ask.outcomes, "outcome", ask.source, ("failures", "outcome"))
    if (block.below is None) == (block.above is None):
        raise ask.error("say when it fails: either `below` or `above` a value", "failures")
    if ask.settings.worlds.count < _FEWEST_WORLDS:
        raise ask.error(
            "too few worlds to find conditions in",
            "worlds.count",
            value=ask.settings.worlds.count,
            allowed=f">= {_FEWEST_WORLDS}",
        )
    notes = {
        "arm": block.arm,
        "outcome": block.outcome,
        "against": block.against,
        "below": block.below,
        "above": block.above,
        "factors": [
            key
            for factor in uncertain_factors(ask)
            for key in (factor.names if isinstance(factor, JointFactor) else factor.keys)
        ],
        **NESTED,
    }
    return made_of(ask, ways, notes)


KIND = StudyKind(
    name="failures",
    sentence="Under which conditions does an arm not do what it should?",
    block=FailuresBlock,
    uses=("interventions", "bundles", "arms", "worlds", "team", "ranges"),
    make=make,
)
