"""information: which assumption to measure first before choosing a way of working, if it is worth it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from cosim.config.error_messages import meant_alone
from cosim.execution.settings import Name, Settings, check_name, check_names
from cosim.studies.arms import arms_of, made_of, uncertain_factors
from cosim.studies.factors import Groups
from cosim.studies.kind import NESTED, Ask, Made, StudyKind

_FEWEST_WORLDS = 50
# Columns of the design that are sampled with the worlds and are no uncertain parameters of the model.
_ALSO_SAMPLED = ("team_", "way_")
MONEY = "money"


@meant_alone("utility")
class InformationBlock(Settings):
    """What only a study of the value of information has."""

    utility: Annotated[dict[Name, float], Field(min_length=1)] = Field(
        description="Points per unit of each outcome that counts; what is unwanted, and costs, below 0."
    )
    choose: Annotated[list[Name], Field(min_length=2)] | None = Field(
        None, description="The arms that can be chosen; by default all, the baseline too."
    )
    groups: Groups = Field(
        default_factory=dict, description="Parameters that one study would measure together, by group name."
    )
    projects: int = Field(1, ge=1, le=1_000_000, description="How many projects would use what was learned.")
    study_cost: float | None = Field(
        None, gt=0, description="What measuring would cost; needs `money` among what counts."
    )


def make(ask: Ask) -> Made:
    """Cross the arms that can be chosen with many worlds."""
    block: InformationBlock = ask.block
    ways = arms_of(ask)
    names = [way.name for way in ways]
    place = ("information", "choose")
    chosen = block.choose or names
    check_names(chosen, names, "arm", ask.source, place)
    if len(chosen) < 2:
        raise ask.error("there is nothing to choose between; list interventions, bundles or arms", "study")
    for outcome in block.utility:
        check_name(outcome, list(ask.outcomes), "outcome", ask.source, ("information", "utility", outcome))
    if not any(block.utility.values()):
        raise ask.error("nothing counts: every weight is 0", "information.utility")
    if block.study_cost is not None and not block.utility.get(MONEY, 0.0) < 0:
        raise ask.error(
            "whether it is worth its cost can be told only where money counts, with a weight below 0",
            "information.study_cost",
            value=block.study_cost,
        )
    if ask.settings.worlds.count < _FEWEST_WORLDS:
        raise ask.error(
            "too few worlds to learn from",
            "worlds.count",
            value=ask.settings.worlds.count,
            allowed=f">= {_FEWEST_WORLDS}",
        )
    known = [factor.key for factor in uncertain_factors(ask)]
    for group, members in block.groups.items():
        listed = [name for name in members if not name.startswith(_ALSO_SAMPLED)]
        check_names(listed, known, "uncertain parameter", ask.source, ("information", "groups", group))
    notes = {
        "utility": dict(block.utility),
        "choose": list(chosen),
        "groups": {group: list(members) for group, members in block.groups.items()},
        "projects": block.projects,
        "study_cost": block.study_cost,
        **NESTED,
    }
    return made_of(ask, [way for way in ways if way.name in chosen], notes)


KIND = StudyKind(
    name="information",
    sentence="Which assumption should be measured first before choosing, and is it worth it?",
    block=InformationBlock,
    uses=("interventions", "bundles", "arms", "worlds"),
    make=make,
)
