"""The best bundles under a budget, of at most three ways of working.

Question
    Which sets of at most three ways of working equalise influence best for their minutes and money, without
    loss of decision quality (`configs/bundles.yaml`)?

Claims
    1. Within the budget some set lowers the inequality of influence below business as usual.
    2. No single set is best on everything: the front has more than one.
    3. The set with the least inequality is not the dearest.

Run it
    python -m experiments.bundles [--quick]
"""

from __future__ import annotations

from experiments.claims import GINI, Claim, Finished, tell


def claims(study: Finished) -> list[Claim]:
    """Hold the claims against the table of sets."""
    table = study.table("bundles")
    usual = table[table["arm"] == "baseline"].iloc[0]
    within = table[table["within"] & (table["arm"] != "baseline")].sort_values(GINI)
    best = within.iloc[0]
    front = within[within["on_front"]]
    dearer = within[within["money"] > best["money"]]
    return [
        Claim(
            "within the budget some set lowers the inequality of influence",
            bool(best[GINI] < usual[GINI]),
            [
                f"business as usual {usual[GINI]:.4f}, {usual['minutes']:.0f} minutes, "
                f"{usual['money']:.0f} money"
            ]
            + [
                f"{row.title}: {getattr(row, GINI):.4f}, {row.minutes:.0f} minutes, {row.money:.0f} money; "
                f"on the front in {100 * row.front_share:.0f} % of worlds"
                for row in within.head(5).itertuples()
            ],
        ),
        Claim(
            "no set is best on everything",
            len(front) > 1,
            [f"{len(front)} of {len(within)} sets within the budget are on the front"],
        ),
        Claim(
            "the set with the least inequality is not the dearest",
            len(dearer) > 0,
            [f"{len(dearer)} of {len(within)} sets within the budget cost more money than {best['title']}"],
        ),
    ]


if __name__ == "__main__":
    tell("bundles", __doc__, claims)
