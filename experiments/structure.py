"""Which findings survive another form of the model.

Question
    Do the ways of working that equalise influence still do so when a mechanism is switched off, or takes its
    rival form (`configs/structure.yaml`)?

Claims
    1. No finding is reversed: no way of working that clearly lowers the inequality of influence in the model
       as it is clearly raises it in another form.
    2. Some findings hang on a single mechanism: without it the effect can no longer be told from none.

Run it
    python -m experiments.structure [--quick]
"""

from __future__ import annotations

from experiments.claims import GINI, Claim, Finished, tell


def claims(study: Finished) -> list[Claim]:
    """Hold the claims against the effects under every form of the model."""
    table = study.table("survival")
    rows = table[(table["outcome"] == GINI) & (table["sign"] == "lower")]
    reversed_ones = rows[rows["reversed_by"].notna()]
    lost = rows[rows["lost_in"].notna()]
    effects = [
        f"{row.arm}: {row.effect:+.4f} ({row.low:+.4f} to {row.high:+.4f}); "
        f"clear in {100 * row.clear_share:.0f} % of {row.n_forms} forms: {row.verdict}"
        for row in rows.itertuples()
    ]
    return [
        Claim(
            "no finding is reversed in another form of the model",
            reversed_ones.empty and len(rows) > 0,
            effects + [f"{row.arm} is reversed by: {row.reversed_by}" for row in reversed_ones.itertuples()],
        ),
        Claim(
            "some findings hang on a single mechanism",
            len(lost) > 0,
            [f"{row.arm} is lost in: {row.lost_in}" for row in lost.itertuples()],
        ),
    ]


if __name__ == "__main__":
    tell("structure", __doc__, claims)
