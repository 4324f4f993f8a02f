"""compare: paired differences of every arm from the baseline, over worlds."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from cosim.config.error_messages import meant_alone
from cosim.execution.settings import Name, Settings
from cosim.studies.arms import BASELINE, arms_of, made_of
from cosim.studies.compare import again
from cosim.studies.kind import Ask, Made, StudyKind


@meant_alone("against")
class CompareBlock(Settings):
    """What only a comparison has."""

    against: Name = Field(BASELINE, description="The arm that the others are compared with.")
    top: int = Field(3, ge=1, le=100, description="For `in the top n in so many % of worlds`.")
    look_again: int = Field(
        0,
        ge=0,
        le=1_000_000_000,
        description="Further runs, in fresh worlds, of the arms that may be the best; 0 for none.",
    )


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
    notes: dict[str, Any] = {"against": block.against, "arms": names, "top": block.top, "luck": "nested"}
    if block.look_again:
        notes |= again.notes_of(ask)
    return made_of(ask, ways, notes)


KIND = StudyKind(
    name="compare",
    sentence="Which arms differ from the baseline, by how much, in how many worlds, and at what cost?",
    block=CompareBlock,
    uses=("interventions", "bundles", "arms", "worlds", "team", "ranges"),
    make=make,
    people=True,
    grow=again.grow,
)
