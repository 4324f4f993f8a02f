"""When levelling the floor is not enough.

Question
    In which worlds does a levelled floor (no titles, ground rules, rounds) leave the public's influence far
    below its share of seats (`configs/failures.yaml`)?

Claims
    1. A levelled floor fails more than rarely: in more than one world of twenty.
    2. It fails in fewer worlds than business as usual.
    3. Where it fails can be said in a few words: a box of at most four limits, each with p < 0.05, holds half
       of the failures, and more failures than chance.

Run it
    python -m experiments.failures [--quick]
"""

from __future__ import annotations

import pandas as pd

from cosim.analysis.intervals import wilson_interval
from cosim.studies.config import read_config
from experiments.claims import CONFIGS, Claim, Finished, share, tell


def claims(study: Finished) -> list[Claim]:
    """Hold the claims against worlds and boxes."""
    block = read_config(CONFIGS / "failures.yaml").data["failures"]
    runs = study.runs
    means = runs.groupby(["arm", "world"])[block["outcome"]].mean()
    failed = means < block["below"]
    shares = {
        arm: wilson_interval(float(failed[arm].sum()), len(failed[arm])) for arm in ("baseline", block["arm"])
    }
    levelled, usual = shares[block["arm"]], shares["baseline"]
    only = failed["baseline"] & ~failed[block["arm"]]
    other = ~failed["baseline"] & failed[block["arm"]]
    boxes = study.table("boxes")
    limited = (study.folder / "tables" / "limits.csv").exists()  # not where no box was found
    limits = study.table("limits") if limited else pd.DataFrame(columns=["search", "quasi_p"])
    first = limits[limits["search"] == 1]
    box = boxes[boxes["search"] == 1].iloc[-1]
    return [
        Claim(
            "a levelled floor fails in more than one world of twenty",
            levelled.low > 0.05,
            [
                f"fails ({block['outcome']} below {block['below']:g}) in {share(levelled)} "
                f"of {len(failed[block['arm']])} worlds"
            ],
        ),
        Claim(
            "it fails in fewer worlds than business as usual",
            int(only.sum()) > int(other.sum()),
            [
                f"business as usual fails in {share(usual)}",
                f"only business as usual fails in {int(only.sum())} worlds, "
                f"only the levelled floor in {int(other.sum())}",
            ],
        ),
        Claim(
            "where it fails can be said in a few words",
            bool(
                0 < len(first) <= 4
                and (first["quasi_p"] < 0.05).all()
                and box["coverage"] >= 0.5
                and box["density"] > levelled.high
            ),
            [
                f"{100 * box['coverage']:.0f} % of the failures; "
                f"{100 * box['density']:.0f} % of the worlds in the box fail"
            ]
            + [
                f"{row.factor}: {row.side} {_limit(row.limit)} (p = {row.quasi_p:.2g})"
                for row in first.itertuples()
            ],
        ),
    ]


def _limit(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, (int, float)) else str(value)


if __name__ == "__main__":
    tell("failures", __doc__, claims)
