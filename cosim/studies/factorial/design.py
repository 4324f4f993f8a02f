"""factorial: two-level designs, full or fractional, for effects and interactions."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

from pydantic import Field

from cosim.execution.points import LazyWays, Way, settings_at
from cosim.execution.settings import Settings
from cosim.studies.arms import made_of
from cosim.studies.factors import FactorList, choose
from cosim.studies.kind import NESTED, Ask, Made, StudyKind

_MOST_TREATMENTS = 65_536


class FactorialBlock(Settings):
    """What only a factorial study has."""

    factors: FactorList = "all"
    resolution: Literal["full", 3, 4, 5] = Field(
        "full",
        description="full: nothing is mixed up; 5: pairs with triples only; 4: main effects with triples "
        "only; 3: main effects with pairs.",
    )
    order: int = Field(2, ge=1, le=4, description="Highest order of interaction in the report.")


def make(ask: Ask) -> Made:
    """Cross treatments and worlds."""
    block: FactorialBlock = ask.block
    place = ("factorial", "factors")
    chosen = choose(ask, block.factors, place)
    if block.resolution == "full":
        count = len(chosen.factors)
        if 2**count > _MOST_TREATMENTS:
            raise ask.error(
                f"a full factorial of {count} factors has 2^{count} treatments, too many; take a fraction",
                "factorial.resolution",
                allowed="3, 4 or 5",
            )
        columns = [1 << k for k in range(count)]
    else:
        columns = fraction(len(chosen.factors), block.resolution)

    def way(run: int) -> Way:
        treatment = levels(columns, run)
        changes, doses = settings_at(chosen.factors, [float(level) for level in treatment])
        doses = {name: dose for name, dose in doses.items() if dose > 0}
        return Way("".join("+" if level else "-" for level in treatment), doses, changes, place)

    ways = LazyWays(runs_of(columns), way)
    notes = {**chosen.notes(), "resolution": block.resolution, "order": block.order, **NESTED}
    return made_of(ask, ways, notes, combined=True)


def fraction(factors: int, resolution: int) -> list[int]:
    """Return a column (a set of base factors, as bits) per factor, of the smallest such design found.

    A design has resolution R when no R - 1 of its columns, or fewer, cancel out. Columns are taken
    greedily in counting order: the textbook designs for resolution 3 and 4, and good ones for 5.

    Parameters
    ----------
    factors : int
        At least 1.
    resolution : {3, 4, 5}
    """
    columns: list[int] = []
    candidate = 0
    while len(columns) < factors:
        candidate += 1
        if not _cancels([*columns, candidate], resolution - 1):
            columns.append(candidate)
    return columns


def treatments(columns: list[int]) -> list[tuple[int, ...]]:
    """Return every treatment of a design, as levels 0 and 1 of its factors, in counting order."""
    return [levels(columns, run) for run in range(runs_of(columns))]


def levels(columns: list[int], run: int) -> tuple[int, ...]:
    """Return one treatment of a design."""
    return tuple((run & column).bit_count() % 2 for column in columns)


def runs_of(columns: list[int]) -> int:
    """Return how many treatments a design has."""
    return int(2 ** max(columns).bit_length())


def _cancels(columns: list[int], size: int) -> bool:
    """Say whether the last column cancels out with fewer than `size` of the others."""
    *others, last = columns
    for count in range(1, size):
        for some in combinations(others, count):
            total = last
            for column in some:
                total ^= column
            if total == 0:
                return True
    return False


KIND = StudyKind(
    name="factorial",
    sentence="What does each intervention do by itself, and which of them help or hinder each other?",
    block=FactorialBlock,
    uses=("worlds", "team", "ranges"),
    make=make,
)
