"""bundles: sets of interventions, all of them where that is possible, for the best ones under budgets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Annotated, Literal

from pydantic import Field

from cosim.errors import ConfigError
from cosim.experiment.design import Point
from cosim.experiment.kinds.arms import BASELINE, Way, arms_of, check_way, crossed, worlds_of
from cosim.experiment.kinds.kind import Ask, Made, StudyKind
from cosim.experiment.settings import Name, Settings, check_names

Members = tuple[str, ...]


class BundlesBlock(Settings):
    """What only a search for bundles has."""

    members: Literal["all"] | list[Name] = Field("all", description="Interventions that may be in a bundle.")
    together: int = Field(3, ge=1, le=40, description="Most interventions in a bundle.")
    objectives: Annotated[dict[Name, Literal["min", "max"]], Field(min_length=1)] = Field(
        description="Outcomes, and which way each of them is good."
    )
    limits: dict[Name, float] = Field(
        default_factory=dict,
        description="Budgets: the largest mean that an outcome (minutes, money) may have.",
    )
    exhaustive_up_to: int = Field(5000, ge=1, le=1_000_000, description="Search when there are more bundles.")
    evaluations: int = Field(3000, ge=4, le=1_000_000, description="Most bundles that a search looks at.")
    population: int = Field(100, ge=4, le=100_000, description="Bundles per generation of a search.")


def make(ask: Ask) -> Made:
    """Cross worlds with every bundle, or, where there are too many, with those listed under ``bundles``.

    A search asks for one design after the other, each with its generation listed under ``bundles``. Its first
    design, when nothing is listed, holds the baseline and the single interventions.
    """
    block: BundlesBlock = ask.block
    outcomes = ask.subject.outcomes()
    check_names([*block.objectives], outcomes, "outcome", ask.source, ("search", "objectives"))
    check_names([*block.limits], outcomes, "outcome", ask.source, ("search", "limits"))
    known = list(ask.subject.interventions())
    if block.members != "all":
        check_names(block.members, known, "intervention", ask.source, ("search", "members"))
    if block.members == "all":
        names = [name for name in known if _possible(ask, name)]
    else:
        names = list(block.members)
        for index, name in enumerate(names):
            check_way(ask, Way(name, {name: 1.0}, {}, ("search", "members", index)))
    conflicts = _conflicts(ask, names)
    possible: list[Members] = []
    for members in _sets(names, conflicts, block.together):
        possible.append(members)
        if len(possible) > block.exhaustive_up_to:
            break
    search = len(possible) > block.exhaustive_up_to
    if ask.settings.bundles:
        ways = arms_of(ask)
    else:
        chosen = [(name,) for name in names] if search else possible
        ways = [Way(BASELINE), *(Way("+".join(each), dict.fromkeys(each, 1.0)) for each in chosen if each)]
    notes = {
        "members": names,
        "conflicts": [list(pair) for pair in conflicts],
        "together": block.together,
        "objectives": dict(block.objectives),
        "limits": dict(block.limits),
        "search": search,
        "exhaustive_up_to": block.exhaustive_up_to,
        "evaluations": block.evaluations,
        "population": block.population,
        "luck": "nested",
    }
    return Made(crossed(worlds_of(ask), ways), notes)


def _sets(names: list[str], conflicts: list[tuple[str, str]], most: int) -> Iterator[Members]:
    """Yield every set without a conflict, small ones first within each branch, the empty one at the start."""

    def extend(members: Members, start: int) -> Iterator[Members]:
        yield members
        if len(members) == most:
            return
        for k in range(start, len(names)):
            if not any((other, names[k]) in banned or (names[k], other) in banned for other in members):
                yield from extend((*members, names[k]), k + 1)

    banned = dict.fromkeys(conflicts)
    yield from extend((), 0)


def _conflicts(ask: Ask, names: list[str]) -> list[tuple[str, str]]:
    """Return the pairs that cannot be combined, by asking the subject."""
    return [(first, second) for first, second in combinations(names, 2) if not _possible(ask, first, second)]


def _possible(ask: Ask, *members: str) -> bool:
    try:
        ask.subject.check(Point(0, interventions=dict.fromkeys(members, 1.0)))
    except ConfigError:
        return False
    return True


KIND = StudyKind(
    name="bundles",
    key="search",
    sentence="Which sets of interventions are best, when influence, quality, minutes and money all count?",
    block=BundlesBlock,
    uses=("bundles", "worlds"),
    make=make,
)
