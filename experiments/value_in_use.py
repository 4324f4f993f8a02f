"""Value embedded and value in use, and the order of ways of working by either.

Question
    Each way of working alone, in `co_production` by decision quality and in `co_creation` by value in use: is
    the order the same?

Claim
    Two ways of working change places where one is better than the other in the one and worse in the other,
    both times with the whole 99.9 % interval of the paired difference. None that do is a finding, too.

Run it
    python -m experiments.value_in_use [--projects 600] [--write]     (some 45,000 projects; three minutes)
"""

from __future__ import annotations

import argparse
import itertools
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from cosim import load_scenario
from cosim.interventions import INTERVENTIONS
from experiments.claims import outcomes_of

DOCS = Path(__file__).resolve().parent.parent / "docs" / "findings" / "value_in_use"
PRIMARY = {"co_production": "decision_quality", "co_creation": "value_in_use"}
Z = float(stats.norm.ppf(1.0 - 0.001 / 2.0))


def gains(name: str, projects: int) -> dict[str, pd.DataFrame]:
    """Return, for each outcome, by how much every way of working raises it: (projects, ways), paired."""
    team = load_scenario(name)
    outcomes = list(PRIMARY.values())
    base = outcomes_of(team, range(projects), 21)[outcomes]
    found: dict[str, dict[str, pd.Series]] = {outcome: {} for outcome in outcomes}
    for way in INTERVENTIONS:
        runs = outcomes_of(team.with_interventions(way), range(projects), 21)
        for outcome in outcomes:
            found[outcome][way] = runs[outcome] - base[outcome]
    return {outcome: pd.DataFrame(columns) for outcome, columns in found.items()}


def changed_places(one: pd.DataFrame, other: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the pairs of ways of which the first is clearly better in the one and worse in the other."""
    pairs = []
    for a, b in itertools.permutations(one.columns, 2):
        if _low(one[a] - one[b]) > 0.0 and _low(other[b] - other[a]) > 0.0:
            pairs.append((str(a), str(b)))
    return pairs


def _low(values: pd.Series) -> float:
    return float(values.mean() - Z * values.std(ddof=1) / len(values) ** 0.5)


def told(tables: dict[str, dict[str, pd.DataFrame]]) -> list[str]:
    """Return what was found, a line each."""
    made, used = (tables[name][outcome] for name, outcome in PRIMARY.items())
    ways = list(made.columns)
    rho = float(stats.spearmanr(made.mean(), used.mean()).statistic)
    halves = [
        float(stats.spearmanr(table.iloc[::2].mean(), table.iloc[1::2].mean()).statistic)
        for table in (made, used)
    ]
    places = changed_places(made, used)
    within = {name: changed_places(*(tables[name][o] for o in PRIMARY.values())) for name in PRIMARY}
    lines = [
        f"{len(ways)} ways of working, {len(made)} projects of each in both, paired with the baseline.",
        f"The two orders agree to a rank correlation of {rho:.2f}; either with itself in the other half "
        f"of the projects: {halves[0]:.2f} (decision quality, co_production), {halves[1]:.2f} (value in use, "
        "co_creation).",
    ]
    if min(halves) < 0.5:
        lines.append(
            "So neither order is settled: most effects on what is decided are too small to be told apart."
        )
    for name, outcome in PRIMARY.items():
        means = tables[name][outcome].mean().sort_values(ascending=False)
        best = ", ".join(f"{way} ({gain:+.4f})" for way, gain in means.head(4).items())
        clear = sum(_low(tables[name][outcome][way]) > 0.0 for way in ways)
        lines.append(f"{name}, {outcome}: first are {best}; {clear} are clearly above the baseline.")
    if places:
        shown = "; ".join(f"{a} before {b}" for a, b in places[:6])
        lines.append(f"{len(places)} pairs change places between the two: {shown} (in co_production).")
    else:
        lines.append(
            "No pair changes places between the two: the order does not differ as far as can be told."
        )
    for name, pairs in within.items():
        lines.append(f"Within {name}, {len(pairs)} pairs change places between the two outcomes.")
    return lines


def main() -> None:
    """Run both scenarios, and tell."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--projects", type=int, default=600)
    options.add_argument("--write", action="store_true", help="keep what was found under docs/findings/")
    given = options.parse_args()
    tables = {name: gains(name, given.projects) for name in PRIMARY}
    lines = told(tables)
    print("In this model, under these assumptions:\n" + "\n".join(lines))
    if given.write:
        DOCS.mkdir(parents=True, exist_ok=True)
        rows = [
            (
                name,
                outcome,
                way,
                float(np.mean(values)),
                1.96 * float(values.std(ddof=1)) / len(values) ** 0.5,
            )
            for name, table in tables.items()
            for outcome, frame in table.items()
            for way, values in frame.items()
        ]
        columns = ["scenario", "outcome", "way", "gain", "half_width"]
        pd.DataFrame(rows, columns=columns).round(5).to_csv(DOCS / "gains.csv", index=False)
        head = "# Value embedded and value in use: is the order of ways of working the same?\n\n"
        head += "Written by `python -m experiments.value_in_use --write`. "
        head += "In this model, under these assumptions:\n\n"
        (DOCS / "README.md").write_text(
            head + "\n".join(f"- {line}" for line in lines) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
