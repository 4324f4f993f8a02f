"""compare: paired differences of every arm from the baseline, over worlds."""

from __future__ import annotations

from pydantic import Field

from cosim.config.error_messages import meant_alone
from cosim.execution.settings import Name, Settings
from cosim.studies.arms import BASELINE, arms_of, made_of
from cosim.studies.kind import Ask, Made, StudyKind


@meant_alone("against")
class CompareBlock(Settings):
    """What only a comparison has."""

    against: Name = Field(BASELINE, description="The arm that the others are compared with.")
    top: int = Field(3, ge=1, le=100, description="For `in the top n in so many % of worlds`.")


def make(ask: Ask) -> Made:
    """Cross arms and worlds."""
    block: CompareBlock = ask.block
    ways = arms_of(ask)
    names = [way.name for way in ways]
    if len(ways) < 2:
        raise ask.error(
            "there is nothing to compare the baseline with; list interventions, bundles or arms", "study"
        )
    if block.against not in names:
        raise ask.error(
            "there is no such arm", "compare.against", value=block.against, allowed=", ".join(names)
        )
    notes = {"against": block.against, "arms": names, "top": block.top, "luck": "nested"}
    return made_of(ask, ways, notes)


KIND = StudyKind(
    name="compare",
    sentence="Which arms differ from the baseline, by how much, in how many worlds, and at what cost?",
    block=CompareBlock,
    uses=("interventions", "bundles", "arms", "worlds", "team", "ranges"),
    make=make,
    people=True,
)
