"""Dose and response: how far a way of working goes with its dose.

Question
    How do influence, acceptability and agreement change with the dose of anonymity, invitation and rounds
    (`configs/sweep.yaml`)?

Claims
    1. More of each raises the public's influence: at full dose it is higher than at none.
    2. None of them takes it to parity by itself.
    3. More is not always better: some dose short of the full one gives a better mean of some outcome.

Run it
    python -m experiments.sweep [--quick]
"""

from __future__ import annotations

import pandas as pd

from cosim.analysis.intervals import Interval
from experiments.claims import PARITY, Claim, Finished, difference, signed, tell

GOOD = {"influence_gini": -1.0, PARITY: 1.0, "acceptability_mean": 1.0}


def claims(study: Finished) -> list[Claim]:
    """Hold the claims against the curves."""
    curves = study.table("curves")
    runs = study.runs
    design = pd.read_parquet(study.folder / "design.parquet")
    ends = {str(factor): _gain(runs, design, str(factor)) for factor in curves["factor"].unique()}
    full = curves[curves["outcome"] == PARITY].groupby("factor").last()
    return [
        Claim(
            "the public's influence is higher at full dose than at none",
            all(found.low > 0 for found in ends.values()),
            [f"{name}: {signed(found)}, worlds as pairs" for name, found in ends.items()],
        ),
        Claim(
            "none of them takes the public's influence to its share of seats",
            bool((full["high"] < 1.0).all()),
            [
                f"{name}: {row['mean']:.3f} ({row['low']:.3f} to {row['high']:.3f})"
                for name, row in full.iterrows()
            ],
        ),
        Claim("some outcome is best at a dose short of the full one", *_inner(curves)),
    ]


def _gain(runs: pd.DataFrame, design: pd.DataFrame, factor: str) -> Interval:
    """Return by how much full dose raises the public's influence parity, over worlds."""
    doses = design[design[factor].notna()]  # one dial is moved at a time
    none, full = (doses.loc[at, "arm"] for at in (doses[factor].idxmin(), doses[factor].idxmax()))
    return difference(runs, full, PARITY, none)


def _inner(curves: pd.DataFrame) -> tuple[bool, list[str]]:
    found = []
    for (outcome, factor), rows in curves.groupby(["outcome", "factor"]):
        if outcome not in GOOD:
            continue
        score = GOOD[str(outcome)] * rows["mean"]
        best = rows.loc[score.idxmax()]
        if 0 < best["value"] < rows["value"].max():
            found.append(
                f"{outcome} is best at {factor} = {best['value']:g} (its mean; intervals: see the report)"
            )
    return bool(found), found or ["none found among these three ways of working"]


if __name__ == "__main__":
    tell("sweep", __doc__, claims)
