"""factorial: two-level designs, full or fractional, for effects and interactions."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

from pydantic import Field

from cosim.experiment.kinds.arms import Way, check_way, crossed, worlds_of
from cosim.experiment.kinds.factors import FactorList, choose, settings_at
from cosim.experiment.kinds.kind import Ask, Made, StudyKind
from cosim.experiment.settings import Settings

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
    ways: list[Way] = []
    for treatment in treatments(columns):
        changes, doses = settings_at(chosen.factors, [float(level) for level in treatment])
        doses = {name: dose for name, dose in doses.items() if dose > 0}
        name = "".join("+" if level else "-" for level in treatment)
        way = Way(name, doses, changes, place)
        check_way(ask, way)
        ways.append(way)
    notes = {**chosen.notes(), "resolution": block.resolution, "order": block.order, "luck": "nested"}
    return Made(crossed(worlds_of(ask), ways), notes)


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
    base = max(columns).bit_length()
    return [tuple((run & column).bit_count() % 2 for column in columns) for run in range(2**base)]


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
    uses=("worlds",),
    make=make,
)
