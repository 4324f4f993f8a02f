"""Two unlike ways of working that follow all five principles, or none found, and how they were looked for.

Question
    Can teams that work in different ways pass all five diagnostics (`cosim/lenses/principles.py`)?

How
    Climbs through bundles of interventions in the default team: from four drawn at random, one is added,
    dropped or changed at random, and kept when the checks are missed by less (24 projects each, the same
    random numbers). What misses nothing is run again with 400 other projects, where each check must hold for
    the whole 95 % interval. Once one is found, half of the climbs may use none of its interventions.

Run it
    python -m experiments.principles [--climbs 12] [--write]     (some 15,000 projects; two minutes)
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cosim import ConfigError, load_scenario
from cosim.interventions import INTERVENTIONS
from cosim.lenses import Check, lens_named
from cosim.scenario import Scenario
from experiments.claims import outcomes_of

DOCS = Path(__file__).resolve().parent.parent / "docs" / "findings" / "principles"
TEAM = load_scenario("research_team")
CHECKS: list[Check] = [
    check for axis in lens_named("principles").axes if isinstance(axis.look, tuple) for check in axis.look
]
LOOK, SURE, STEPS = range(24), range(1000, 1400), 50


@dataclass(frozen=True)
class Climb:
    """Where a climb ended.

    Attributes
    ----------
    names : tuple of str
        Interventions.
    missed : float
        By how much the checks are missed there, in parts of their thresholds; one standard error to be safe.
    steps : int
    surely : bool
        Whether every check holds in other projects for the whole 95 % interval.
    failed : tuple of str
        Checks that do not.
    """

    names: tuple[str, ...]
    missed: float
    steps: int
    surely: bool
    failed: tuple[str, ...]


def team_with(names: tuple[str, ...]) -> Scenario | None:
    """Return the team with a bundle; None where that contradicts itself."""
    try:
        return TEAM.with_interventions(*names)
    except ConfigError:
        return None


def shortfall(check: Check, values: pd.Series, errors: float) -> float:
    """Return by how much a check is missed, in parts of its threshold, so many standard errors to be safe."""
    half = errors * float(values.std(ddof=1)) / len(values) ** 0.5
    low, high = float(values.mean()) - half, float(values.mean()) + half
    missed = 0.0
    if check.at_least is not None:
        missed += max(check.at_least - low, 0.0) / max(abs(check.at_least), 0.1)
    if check.at_most is not None:
        missed += max(high - check.at_most, 0.0) / max(abs(check.at_most), 0.1)
    return missed


def missed_by(scenario: Scenario) -> float:
    """Return by how much a team misses the checks in the first look."""
    runs = outcomes_of(scenario, LOOK, 11)
    return sum(shortfall(check, runs[check.column], 1.0) for check in CHECKS)


def climb(rng: np.random.Generator, forbidden: set[str]) -> Climb:
    """Climb once, without the forbidden interventions."""
    pool = [name for name in INTERVENTIONS if name not in forbidden]
    order = list(INTERVENTIONS)
    here: tuple[str, ...] = ()
    while not here or team_with(here) is None:
        here = tuple(sorted(rng.choice(pool, size=4, replace=False).tolist(), key=order.index))
    start = team_with(here)
    assert start is not None
    missed = missed_by(start)
    steps = 0
    while missed > 0.0 and steps < STEPS:
        steps += 1
        chosen = set(here)
        move = rng.integers(3)
        if move != 0 and len(chosen) > 1:
            chosen.discard(here[int(rng.integers(len(here)))])
        if move != 1:
            chosen.add(pool[int(rng.integers(len(pool)))])
        there = tuple(sorted(chosen, key=order.index))
        scenario = team_with(there)
        if there == here or scenario is None:
            continue
        found = missed_by(scenario)
        if found < missed or (found == missed and len(there) < len(here)):
            here, missed = there, found
    final = team_with(here)
    assert final is not None
    runs = outcomes_of(final, SURE, 12)
    failed = tuple(check.says() for check in CHECKS if shortfall(check, runs[check.column], 1.96) > 0.0)
    return Climb(here, missed, steps, not failed, failed)


def search(count: int) -> list[Climb]:
    """Climb so often; once a bundle passes surely, every other climb does without its interventions."""
    rng = np.random.default_rng(5)
    found: list[Climb] = []
    for n in range(count):
        first = next((one for one in found if one.surely), None)
        forbidden = set(first.names) if first is not None and n % 2 else set()
        found.append(climb(rng, forbidden))
        print(n, found[-1], flush=True)
    return found


def unlike(found: list[Climb]) -> tuple[Climb, Climb, float] | None:
    """Return the two that pass with the least in common, and the share of all their interventions that is."""
    pairs = [
        (one, other, len({*one.names} & {*other.names}) / len({*one.names} | {*other.names}))
        for one, other in itertools.combinations([one for one in found if one.surely], 2)
    ]
    return min(pairs, key=lambda pair: pair[2]) if pairs else None


def told(found: list[Climb]) -> list[str]:
    """Return what was found, a line each."""
    sure = [one for one in found if one.surely]
    steps = sum(one.steps for one in found)
    lines = [
        f"{len(found)} climbs of {STEPS} steps at the most ({steps} in all) through bundles of "
        f"{len(INTERVENTIONS)} interventions in the default team, {len(LOOK)} projects a step.",
        f"{len(sure)} end at a bundle that passes all five principles in {len(SURE)} other projects, with "
        "the whole 95 % interval of every check.",
    ]
    common = pd.Series([name for one in sure for name in one.names], dtype=str).value_counts()
    if sure:
        shares = ", ".join(f"{name} ({count} of {len(sure)})" for name, count in common.head(6).items())
        lines.append(f"Most often in them: {shares}.")
    pair = unlike(found)
    if pair is None:
        lines.append("Two ways that pass were not found.")
    else:
        lines += [f"Passes: {', '.join(one.names)}." for one in pair[:2]]
        lines.append(f"These two share {pair[2]:.0%} of their interventions.")
    failed = pd.Series([check for one in found for check in one.failed], dtype=str).value_counts()
    if len(failed):
        told_of = "; ".join(f"{check} ({count})" for check, count in failed.head(4).items())
        lines.append(f"What the other climbs miss most often: {told_of}.")
    return lines


def main() -> None:
    """Search, and tell."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--climbs", type=int, default=12)
    options.add_argument("--write", action="store_true", help="keep what was found under docs/findings/")
    given = options.parse_args()
    found = search(given.climbs)
    lines = told(found)
    print("In this model, under these assumptions:\n" + "\n".join(lines))
    if given.write:
        DOCS.mkdir(parents=True, exist_ok=True)
        rows = [(" ".join(one.names), one.surely, one.steps, "; ".join(one.failed)) for one in found]
        table = pd.DataFrame(rows, columns=["interventions", "passes", "steps", "fails"])
        table.to_csv(DOCS / "climbs.csv", index=False)
        head = "# Five principles: a search for unlike ways that pass\n\n"
        head += "Written by `python -m experiments.principles --write`; the thresholds are ours.\n"
        head += "In this model, under these assumptions:\n\n"
        (DOCS / "README.md").write_text(
            head + "\n".join(f"- {line}" for line in lines) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
