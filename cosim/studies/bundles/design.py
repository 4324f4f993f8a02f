"""bundles: sets of interventions, all of them where that is possible, for the best ones under budgets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from itertools import combinations, islice
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from cosim.errors import ConfigError
from cosim.execution.points import Drawn, LazyWays, Point, Way
from cosim.execution.settings import Name, Names, Settings, check_names
from cosim.studies.arms import BASELINE, arms_of, check_way, made_of, worlds_of
from cosim.studies.kind import NESTED, Ask, Made, StudyKind

if TYPE_CHECKING:
    from cosim.execution.adaptive import Growth

Members = tuple[str, ...]


class BundlesBlock(Settings):
    """What only a search for bundles has."""

    members: Literal["all"] | Names = Field("all", description="Interventions that may be in a bundle.")
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
    """Cross worlds with the bundles that are listed, or else with every one, or else begin a search.

    The design of a search holds the baseline and the single interventions; :func:`grow` asks for the rest.
    """
    block: BundlesBlock = ask.block
    outcomes = ask.outcomes
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
    possible = list(islice(_sets(names, conflicts, block.together), block.exhaustive_up_to + 1))
    search = len(possible) > block.exhaustive_up_to and not ask.settings.bundles
    if search:
        _check_search(ask, block)
    ways: Sequence[Way]
    if ask.settings.bundles:
        ways = arms_of(ask)
    elif search:
        ways = [_way(each) for each in [(), *((name,) for name in names)]]
    else:
        ways = LazyWays(len(possible), lambda number: _way(_members(names, possible[number])))
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
        "listed": bool(ask.settings.bundles),
        **NESTED,
        **(ask.defined([*block.objectives, *block.limits]) if search else {}),
    }
    return made_of(ask, ways, notes)


def grow(ask: Ask, growth: Growth) -> None:
    """Search: run one generation of bundles after the other, each chosen by how those before came out.

    Raises
    ------
    UnusableRunsError
        When a run failed, or an objective is not finite: nothing can be chosen by it; the runs are named.
    """
    import pandas as pd

    from cosim.analysis.bundles import BundleProblem, SearchSettings, best_bundles, label
    from cosim.analysis.tables import check_runs

    block, notes = ask.block, growth.design.notes
    outcomes = list(dict.fromkeys([*block.objectives, *block.limits]))
    worlds, known = worlds_of(ask), dict[str, dict[str, float]]()

    def learn(runs: pd.DataFrame) -> None:
        runs = ask.completed(runs)
        check_runs(runs, outcomes)
        for arm, means in runs.groupby("arm", sort=False)[outcomes].mean().iterrows():
            known[str(arm)] = {name: float(means[name]) for name in outcomes}

    def evaluate(bundles: list[Members]) -> pd.DataFrame:
        ways = {label(members): _way(members) for members in bundles}
        new = [way for way in ways.values() if way.name not in known]
        if new:
            learn(
                growth.more(
                    (number, way.name, Drawn(world, worlds.owners).changes(way), way.interventions)
                    for number, world in enumerate(worlds)
                    for way in new
                )
            )
        return pd.DataFrame([{"bundle": name, **known[way.name]} for name, way in ways.items()])

    learn(growth.first())
    problem = BundleProblem(
        names=list(notes["members"]),
        objectives=dict(block.objectives),
        limits=dict(block.limits),
        conflicts=[(first, second) for first, second in notes["conflicts"]],
        max_size=block.together,
    )
    settings = SearchSettings(block.exhaustive_up_to, block.evaluations, block.population, ask.settings.seed)
    best_bundles(problem, evaluate, settings)


def _way(members: Members) -> Way:
    return Way("+".join(members) or BASELINE, dict.fromkeys(members, 1.0))


def _check_search(ask: Ask, block: BundlesBlock) -> None:
    if block.evaluations < block.population:
        raise ask.error(
            "fewer evaluations than one generation has bundles",
            "search.evaluations",
            value=block.evaluations,
            allowed=f">= {block.population}",
        )
    if find_spec("pymoo") is None:
        raise ask.error(
            "there are too many bundles to try them all, and a search needs pymoo: pip install "
            "'cosim-teams[search]', or "
            "allow fewer members, or raise exhaustive_up_to",
            "search.exhaustive_up_to",
            value=block.exhaustive_up_to,
        )


def _sets(names: list[str], conflicts: list[tuple[str, str]], most: int) -> Iterator[int]:
    """Yield every set without a conflict, small ones first within each branch, the empty one at the start.

    A set is a number: bit k says whether the k-th name is in it. So a million sets take little room.
    """
    banned = [0] * len(names)
    for first, second in conflicts:
        a, b = names.index(first), names.index(second)
        banned[a] |= 1 << b
        banned[b] |= 1 << a
    waiting = [(0, 0)]
    while waiting:
        members, start = waiting.pop()
        yield members
        if members.bit_count() < most:
            further = [k for k in range(start, len(names)) if not members & banned[k]]
            waiting.extend((members | 1 << k, k + 1) for k in reversed(further))


def _members(names: list[str], members: int) -> Members:
    """Return the names in a set."""
    return tuple(name for k, name in enumerate(names) if members >> k & 1)


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
    uses=("bundles", "worlds", "team", "ranges"),
    make=make,
    grow=grow,
)
