"""Whose variance is it? Shares of the variance of influence over twenty parameters and levers.

Question
    Which uncertain parameters and levers does the inequality of influence depend on, alone and together with
    others (Sobol' indices, `configs/sobol.yaml`)?

Claims
    1. Most of the variance of a single team's outcome is noise, not parameters: one run is an anecdote.
    2. No single factor explains half of what is left.
    3. Interactions matter: the first indices add up to clearly less than 1.

Run it
    python -m experiments.sobol [--quick]         (some 450,000 runs)
"""

from __future__ import annotations

from cosim.analysis.noise import noise_share
from experiments.claims import GINI, Claim, Finished, tell


def claims(study: Finished) -> list[Claim]:
    """Hold the claims against the indices."""
    import pandas as pd

    table = study.table("indices")
    rows = table[(table["outcome"] == GINI) & (table["noise"] == "corrected") & (table["factor"] != "dummy")]
    alone, total = (
        rows[rows["index"] == index].sort_values("estimate", ascending=False) for index in ("S1", "ST")
    )
    noise = noise_share(study.runs, pd.read_parquet(study.folder / "design.parquet"), GINI)
    together, error = float(alone["estimate"].sum()), float((alone["se"] ** 2).sum() ** 0.5)
    return [
        Claim(
            "most of the variance of single runs is replicate noise",
            noise.of_runs > 0.5,
            [
                f"{100 * noise.of_runs:.0f} % of the variance of single runs, "
                f"n = {noise.n_points:,} points × {noise.n_replicates} replicates"
            ],
        ),
        Claim(
            "no single factor explains half of the variance of the expected outcome",
            bool(total["high"].max() < 0.5),
            [
                f"{row.title}: total {row.estimate:.3f} ({row.low:.3f} to {row.high:.3f})"
                for row in total.head(8).itertuples()
            ],
        ),
        Claim(
            "what factors do alone adds up to less than everything",
            together + 1.96 * error < 1.0,
            [f"sum of the first indices {together:.3f} (standard error {error:.3f}, were they independent)"],
        ),
    ]


if __name__ == "__main__":
    tell("sobol", __doc__, claims)
