"""What matters for influence in the default team? A first sieve over every lever and uncertainty.

Question
    Which levers and which uncertain parameters move the inequality of influence at all (Morris' elementary
    effects, `configs/screen.yaml`)?

Claims
    1. Fewer than half of all factors move the inequality of influence beyond what a factor that does nothing
       reaches: the rest can be left at their defaults.
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
    largest = {
        outcome: set(rows.sort_values("estimate", ascending=False)["title"].head(10))
        for outcome, rows in sizes.groupby("outcome")
    }
    both = sorted(largest[GINI] & largest["decision_quality"])
    return [
        Claim(
            "fewer than half of all factors move the inequality of influence beyond the floor",
            len(clear) < len(first) / 2,
            [f"{len(clear)} of {len(first)} factors; the largest mean absolute effects (of a whole range):"]
            + [
                f"{row.title}: {row.estimate:.3f} ({row.low:.3f} to {row.high:.3f})"
                for row in first.head(8).itertuples()
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
