"""What matters for influence in the default team? A first sieve over every lever and uncertainty.

Question
    Which levers and which uncertain parameters move the inequality of influence at all (Morris' elementary
    effects, `configs/screen.yaml`)?

Claims
    1. A few factors matter by far the most: the ten largest of all mean absolute effects on the inequality
       of influence make up more than half of their sum. (Nearly every factor does something: the points of a
       walk share their random numbers, so that one that does nothing has an effect of exactly nothing.)
    2. What matters for the inequality of influence is not what matters for the quality of decisions: of the
       ten largest of each, at most five are the same.

Run it
    python -m experiments.screen [--quick]
"""

from __future__ import annotations

from experiments.claims import GINI, Claim, Finished, tell


def claims(study: Finished) -> list[Claim]:
    """Hold the claims against the elementary effects."""
    table = study.table("effects")
    sizes = table[(table["index"] == "mu_star") & (table["factor"] != "dummy")]
    first = sizes[sizes["outcome"] == GINI].sort_values("estimate", ascending=False)
    clear = first[first["above_floor"]]
    share = float(first["estimate"].head(10).sum() / first["estimate"].sum())
    largest = {
        outcome: set(rows.sort_values("estimate", ascending=False)["title"].head(10))
        for outcome, rows in sizes.groupby("outcome")
    }
    both = sorted(largest[GINI] & largest["decision_quality"])
    return [
        Claim(
            "a few factors matter by far the most",
            share > 0.5,
            [f"{100 * share:.0f} % of the sum of {len(first)} mean absolute effects is that of ten;"]
            + [f"{len(clear)} of {len(first)} factors do more than a factor that does nothing; the largest:"]
            + [
                f"{row.title}: {row.estimate:.3f} ({row.low:.3f} to {row.high:.3f})"
                for row in first.head(10).itertuples()
            ],
        ),
        Claim(
            "what matters for inequality of influence is mostly not what matters for decision quality",
            len(both) <= 5,
            [f"among the ten largest of both: {', '.join(both) or 'none'}"],
        ),
    ]


if __name__ == "__main__":
    tell("screen", __doc__, claims)
