"""Looking again: the arms that may be the best are run in fresh worlds, most where it decides most.

All arms are compared in the study's own worlds. Which of them may be the best is read off these; how good
they are is measured in worlds that had no part in choosing them; see `cosim.analysis.allocation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cosim.execution.points import AGAIN, Drawn, Way, Worlds
from cosim.execution.seeds import world_seed
from cosim.interventions import KNOWN
from cosim.outcomes import outcome_named
from cosim.studies.arms import arms_of, worlds_of
from cosim.studies.kind import Ask

if TYPE_CHECKING:
    import pandas as pd

    from cosim.analysis.resampling import FloatArray
    from cosim.execution.adaptive import Growth, Row

GINI = "influence_gini"
FEWEST = 36
"""Points with which it can be looked again: the leader, one rival and the baseline, in a dozen worlds."""


def notes_of(ask: Ask) -> dict[str, Any]:
    """Return what the design has to know; refuse what cannot be looked at again.

    Raises
    ------
    ConfigError
        Without sampled worlds, with several widths of ranges, or when the outcome has no good direction.
    """
    key = "compare.look_again"
    worlds = ask.settings.worlds
    if worlds.count < 2:
        raise ask.error("needs sampled worlds", key, allowed="worlds: {count: 64} or more")
    if len(ask.settings.ranges.scales) != 1:
        raise ask.error("fresh worlds have one width; give one number", ("ranges", "scale"))
    outcome = outcome_of(ask)
    if ask.outcome(outcome).better == 0:
        raise ask.error(f"nobody says which way {outcome} is good, so none is best", key)
    if ask.settings.replicates == "auto":
        raise ask.error("needs a number of replicates", "replicates", value="auto")
    points = int(ask.block.look_again) // ask.settings.replicates
    if points < FEWEST:
        least = f">= {FEWEST * ask.settings.replicates}"
        raise ask.error("too few runs to look again", key, value=ask.block.look_again, allowed=least)
    notes = {"search": True, "further": points, "outcome": outcome, "own_worlds": worlds.count}
    notes |= ask.defined([outcome])
    return notes if ask.block.until is None else {**notes, "until": ask.block.until}


def outcome_of(ask: Ask) -> str:
    """Return the outcome by which an arm is the best: that which ranks the page."""
    if ask.block.primary is not None:
        return str(ask.block.primary)
    known = list(ask.subject.outcomes())
    return GINI if GINI in known else (ask.settings.outcomes or known)[0]


def grow(ask: Ask, growth: Growth) -> None:
    """Run the study's own points; then those that may be the best, in fresh worlds.

    Raises
    ------
    UnusableRunsError
        When a run failed: nothing can be chosen by it; the runs are named.
    """
    from cosim.analysis.allocation import LEAST, allocate, contenders, race
    from cosim.analysis.tables import check_runs

    runs, notes = ask.completed(growth.first()), growth.design.notes
    outcome, against = str(notes["outcome"]), str(notes["against"])
    check_runs(runs, [outcome])
    ways = {way.name: way for way in arms_of(ask)}
    free = [name for name, way in ways.items() if name != against and not _built_in(way, outcome)]
    if not free:
        return
    gains = _gains(runs, free, against, outcome)
    points = int(notes["further"])
    if "until" not in notes:
        counts = allocate(gains.to_numpy().T, points)
        wanted = {name: int(count) for name, count in zip(free, counts.tolist(), strict=True) if count}
        fresh = _fresh(ask, max(wanted.values()))
        growth.more(_rows(ask, ways, {against: max(wanted.values()), **wanted}, fresh, 0))
        return
    fresh = _fresh(ask, points // 2)
    names = [free[number] for number in contenders(gains.to_numpy().T)[: points // LEAST - 1]]

    def draw(first: int, count: int, arms: Sequence[int]) -> FloatArray:
        taking = [names[arm] for arm in arms]
        counts = dict.fromkeys([against, *taking], first + count)
        more = ask.completed(growth.more(_rows(ask, ways, counts, fresh, first)))
        return _gains(more, taking, against, outcome).to_numpy().T

    race(draw, len(names), points, float(notes["until"]))


def _fresh(ask: Ask, most: int) -> Worlds:
    """Return fresh worlds.

    They are a sample of its own: the further rows of the first would make up for what the first happened to
    hold.
    """
    return worlds_of(ask, most, world_seed(ask.settings.seed, ask.settings.worlds.count))


def _rows(
    ask: Ask, ways: Mapping[str, Way], wanted: Mapping[str, int], worlds: Worlds, first: int
) -> Iterator[Row]:
    """Yield the points in fresh worlds from one on, world by world: each arm's up to the number given."""
    own = ask.settings.worlds.count
    for number, world in enumerate(worlds[first : max(wanted.values())], first):
        drawn = Drawn(world, worlds.owners)
        for name, count in wanted.items():
            if number < count:
                way = ways[name]
                yield number + own, name, {**drawn.changes(way), AGAIN: True}, way.interventions


def _gains(runs: pd.DataFrame, arms: list[str], against: str, outcome: str) -> pd.DataFrame:
    """Return how much better than the baseline each arm is in each world."""
    means = runs.pivot_table(index="world", columns="arm", values=outcome, observed=True)
    sign = float(outcome_named(outcome).better)
    return means[arms].sub(means[against], axis=0) * sign


def _built_in(way: Way, outcome: str) -> bool:
    """Say whether some part of an arm moves the outcome by construction of its rule."""
    record = outcome_named(outcome)
    return any(record.is_among(KNOWN[name].built_in) for name in way.interventions if name in KNOWN)
