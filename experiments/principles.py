"""Two unlike ways of working that follow all five principles, or none found, and how they were looked for.

Question
    Can teams that work in different ways pass all five diagnostics (`cosim/lenses/principles.py`)?

How
    Random bundles of three to seven interventions in the default team, 60 projects each; those that pass, or
    miss by little, again with 600 other projects, where each check must hold for the whole 95 % interval. Of
    those that do, the pair with the least in common.

Run it
    python -m experiments.principles [--bundles 400] [--write]     (some 30,000 projects; two minutes)
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from cosim import ConfigError, load_scenario, simulate
from cosim.interventions import INTERVENTIONS
from cosim.lenses import Check, lens_named
from cosim.scenario import Scenario

DOCS = Path(__file__).resolve().parent.parent / "docs" / "findings" / "principles"
LENS = lens_named("principles")
LOOK, SURE = 60, 600
NEAR = 1
"""Checks that a bundle may miss at the first look and still be looked at again."""


@dataclass(frozen=True)
class Bundle:
    """Interventions, and which checks they failed in how many projects."""

    names: tuple[str, ...]
    failed: tuple[str, ...]


def failed(scenario: Scenario, projects: range, seed: int, *, surely: bool) -> tuple[str, ...]:
    """Return the checks that do not hold: for the mean, or for the whole 95 % interval of it."""
    runs = simulate(scenario, replicates=projects, seed=seed).runs
    return tuple(check.says() for check in checks() if not _holds(check, runs[check.column], surely=surely))


def checks() -> list[Check]:
    """Return every check of the five principles."""
    return [check for axis in LENS.axes if isinstance(axis.look, tuple) for check in axis.look]


def _holds(check: Check, values: pd.Series, *, surely: bool) -> bool:
    half = 1.96 * float(values.std(ddof=1)) / len(values) ** 0.5 if surely else 0.0
    mean = float(values.mean())
    return check.holds(mean - half) and check.holds(mean + half)


def bundles(count: int) -> list[tuple[str, ...]]:
    """Draw different bundles that do not contradict themselves."""
    rng = np.random.default_rng(5)
    names = list(INTERVENTIONS)
    team = load_scenario("research_team")
    found: dict[tuple[str, ...], None] = {}
    while len(found) < count:
        chosen = rng.choice(len(names), size=int(rng.integers(3, 8)), replace=False)
        bundle = tuple(names[i] for i in sorted(chosen))
        try:
            team.with_interventions(*bundle)
        except ConfigError:
            continue
        found[bundle] = None
    return list(found)


def search(count: int) -> tuple[list[Bundle], list[Bundle]]:
    """Return the bundles looked at, and those among them that surely pass."""
    team = load_scenario("research_team")
    looked = []
    for names in bundles(count):
        missed = failed(team.with_interventions(*names), range(LOOK), 11, surely=False)
        looked.append(Bundle(names, missed))
    sure = []
    for one in looked:
        if len(one.failed) <= NEAR and not failed(
            team.with_interventions(*one.names), range(1000, 1000 + SURE), 12, surely=True
        ):
            sure.append(one)
    return looked, sure


def unlike(found: list[Bundle]) -> tuple[Bundle, Bundle, float] | None:
    """Return the two with the least in common, and how much that is: shared over all interventions."""
    pairs = [
        (one, other, len({*one.names} & {*other.names}) / len({*one.names} | {*other.names}))
        for one, other in itertools.combinations(found, 2)
    ]
    return min(pairs, key=lambda pair: pair[2]) if pairs else None


def main() -> None:
    """Search, and tell."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--bundles", type=int, default=400)
    options.add_argument("--write", action="store_true", help="keep what was found under docs/findings/")
    given = options.parse_args()
    looked, sure = search(given.bundles)
    lines = [
        f"{len(looked)} random bundles of three to seven of {len(INTERVENTIONS)} interventions in the "
        f"default team, {LOOK} projects each; {sum(not one.failed for one in looked)} passed all five there.",
        f"With {SURE} other projects {len(sure)} pass with the whole 95 % interval of every check.",
    ]
    common = pd.Series([name for one in sure for name in one.names], dtype=str).value_counts()
    if len(sure):
        shares = ", ".join(f"{name} ({count} of {len(sure)})" for name, count in common.head(6).items())
        lines.append(f"Most often in them: {shares}.")
    pair = unlike(sure)
    if pair is None:
        lines.append("Two unlike ways that pass were not found.")
    else:
        for one in pair[:2]:
            lines.append(f"Passes: {', '.join(one.names)}.")
        lines.append(f"These two share {pair[2]:.0%} of their interventions.")
    missed = pd.Series([check for one in looked for check in one.failed], dtype=str).value_counts()
    lines.append(
        "Missed most often at the first look: "
        + "; ".join(f"{check} ({count} of {len(looked)})" for check, count in missed.head(4).items())
        + "."
    )
    print("In this model, under these assumptions:\n" + "\n".join(lines))
    if given.write:
        DOCS.mkdir(parents=True, exist_ok=True)
        rows = [(" ".join(one.names), one in sure, "; ".join(one.failed)) for one in looked]
        table = pd.DataFrame(rows, columns=["interventions", "passes", "missed at the first look"])
        table.to_csv(DOCS / "bundles.csv", index=False)
        head = "# Five principles: a search\n\nWritten by `python -m experiments.principles --write`. "
        head += "In this model, under these assumptions:\n\n"
        (DOCS / "README.md").write_text(
            head + "\n".join(f"- {line}" for line in lines) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
