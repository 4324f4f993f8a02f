"""Which ways of working interact? All sixty-four combinations of six of them.

Question
    Which of six ways of working have effects on influence that depend on the others
    (`configs/factorial.yaml`)?

Claims
    1. At least one way of working lowers the inequality of influence whatever the others are (main effect,
       its whole interval below 0).
    2. No interaction of two is as large as the largest main effect.
    3. Ways of working that lower the inequality of influence do less together than the sum of what they do
       alone: their interactions are not below 0.

Run it
    python -m experiments.factorial [--quick]
"""

from __future__ import annotations

from experiments.claims import GINI, Claim, Finished, tell


def claims(study: Finished) -> list[Claim]:
    """Hold the claims against the effects."""
    table = study.table("effects")
    rows = table[table["outcome"] == GINI]
    main, pairs = rows[rows["order"] == 1].sort_values("effect"), rows[rows["order"] == 2]
    lowers = main[main["high"] < 0]
    names = set(lowers["term"])
    between = pairs[[set(str(term).split("*")) <= names for term in pairs["term"]]]
    helped = between[between["high"] < 0]
    largest = pairs.loc[pairs["effect"].abs().idxmax()]
    return [
        Claim(
            "some ways of working lower the inequality of influence whatever the others are",
            len(lowers) > 0,
            [
                f"{row.term}: {row.effect:+.4f} ({row.low:+.4f} to {row.high:+.4f})"
                for row in main.itertuples()
            ],
        ),
        Claim(
            "no interaction of two is as large as the largest main effect",
            bool(abs(largest["effect"]) < main["effect"].abs().max()),
            [
                f"the largest: {largest['term']}: {largest['effect']:+.4f} "
                f"({largest['low']:+.4f} to {largest['high']:+.4f})"
            ],
        ),
        Claim(
            "ways of working that lower it do no more together than the sum of what they do alone",
            helped.empty and len(between) > 0,
            [
                f"{row.term}: {row.effect:+.4f} ({row.low:+.4f} to {row.high:+.4f})"
                for row in between.itertuples()
            ],
        ),
    ]


if __name__ == "__main__":
    tell("factorial", __doc__, claims)
