"""screen: Morris elementary effects, to find in few runs what matters among many factors."""

from __future__ import annotations

from pydantic import Field

from cosim.config.error_messages import meant_alone
from cosim.execution.points import Sampled
from cosim.execution.samples import Trajectories
from cosim.execution.settings import RandomNumbers, Settings, random_numbers_field
from cosim.studies.difference import BETWEEN, Between, Paired, sides_of
from cosim.studies.factors import FactorList, Groups, choose
from cosim.studies.kind import NESTED, Ask, Made, StudyKind


@meant_alone("trajectories")
class ScreenBlock(Settings):
    """What only a screening has."""

    factors: FactorList = "all"
    groups: Groups = Field(default_factory=dict, description="Factors that move together, by group name.")
    between: Between | None = Field(None, description=BETWEEN)
    trajectories: int = Field(20, ge=2, le=100_000, description="Number of walks through the space.")
    levels: int = Field(4, ge=2, le=100, multiple_of=2, description="Number of grid levels; even.")
    dummy: bool = Field(True, description="Add a factor that changes nothing, to show what chance does.")
    random_numbers: RandomNumbers = random_numbers_field(
        "common",
        "common: the points of a trajectory share their random numbers; own: every point has its own.",
    )


def make(ask: Ask) -> Made:
    """Sample trajectories with SALib; the points of a trajectory are a world."""
    block: ScreenBlock = ask.block
    chosen = choose(ask, block.factors, ("screen", "factors"), dummy=block.dummy, groups=block.groups)
    for factor in chosen.factors:
        # Every step of a walk is half of the levels wide; one that changes nothing would be lost.
        for low in range(block.levels // 2):
            ends = (factor.at(place / (block.levels - 1)) for place in (low, low + block.levels // 2))
            if len(set(ends)) == 1:
                raise ask.error(
                    f"a step of a walk would not change {factor.key}; give it a wider range or other "
                    "weights, use fewer levels or leave it out",
                    "screen.levels",
                    value=block.levels,
                )
    sample = Trajectories(
        chosen.problem(), len(chosen.units), block.trajectories, block.levels, ask.settings.seed
    )
    step = sample.step if block.random_numbers == "common" else 1
    notes = {**chosen.notes(), "levels": block.levels, "trajectories": block.trajectories, **NESTED}
    points = Sampled(chosen.factors, sample, lambda row: row // step, len(sample) // step)
    if block.between is None:
        return Made(points, notes)
    sides = sides_of(ask, block.between, chosen, ("screen", "between"))
    return Made(Paired(points, sides), {**notes, "between": [dict(way.interventions) for way in sides]})


KIND = StudyKind(
    name="screen",
    sentence="Which of many factors matter at all?",
    block=ScreenBlock,
    uses=("team", "ranges"),
    make=make,
)
