"""Which ways of working equalise influence? The main job, and what is claimed from it.

Question
    Every single intervention at full dose and ten bundles, in 512 sampled worlds over parameters, over how
    ways of working are delivered, and over what the team is; arms paired by common random numbers
    (`configs/which_interventions.yaml` says why each of these is there).

Claims, each checked on the tables below, and worded as far as the model goes
    1. Voice is not influence: with round robin the public's voice is nearer to parity than its influence in
       most worlds (the rule builds the first in), and its influence stays below parity (that emerges).
    2. In this model, under these assumptions, some ways of working whose effect is not built in rank above
       business as usual in nearly every world.
    3. Bundles rank above their best part in most worlds, and gain no more than the sum of their parts.

Run it
    python -m experiments.which_interventions [--quick]

The script prints the numbers that each claim is to be held against; nothing was tuned until a claim held.
"""

from __future__ import annotations

import pandas as pd

from cosim.analysis import Places, places
from cosim.analysis.intervals import wilson_interval
from cosim.interventions import INTERVENTIONS
from experiments.claims import GINI, PARITY, Claim, Finished, difference, share, signed, tell

VOICE = "voice_parity_public"
BUNDLES = {
    "level_floor": ["names_without_titles", "ground_rules", "round_robin"],
    "professionals_prepared": ["professional_training", "plain_language", "assumptions_round"],
    "trial_power": ["wider_consultation", "mixed_small_groups", "process_facilitator"],
}


def claims(study: Finished) -> list[Claim]:
    """Hold the claims against the run table."""
    runs = study.runs
    own = runs[runs["arm"].isin(study.table("differences")["arm"])]  # not those with channels off
    placed = places(own, GINI, "lower")  # as on the page: how often one is ahead, replicate noise taken out
    return [
        _voice_is_not_influence(runs),
        _above_business_as_usual(runs, placed),
        _bundles_and_their_parts(runs, placed),
    ]


def _voice_is_not_influence(runs: pd.DataFrame) -> Claim:
    rounds = runs[runs["arm"] == "round_robin"]
    means = rounds.groupby("world")[[VOICE, PARITY]].mean()
    worlds = means[PARITY]
    below = wilson_interval(int((worlds < 1).sum()), len(worlds))
    nearer = wilson_interval(int(((means[VOICE] - 1).abs() < (worlds - 1).abs()).sum()), len(worlds))
    return Claim(
        "voice is not influence: with round robin the public's voice is nearer to parity than its influence",
        bool(nearer.low > 0.5 and below.low > 0.5),
        [
            f"voice parity of the public: {means[VOICE].mean():.3f} on average; nearer to 1 than that of "
            f"influence in {share(nearer)} of {len(worlds)} worlds",
            f"influence parity: {worlds.mean():.3f} on average, less the baseline's "
            f"{signed(difference(runs, 'round_robin', PARITY))}; "
            f"below 1 in {share(below)} of {len(worlds)} worlds",
        ],
    )


def _above_business_as_usual(runs: pd.DataFrame, placed: Places) -> Claim:
    free = [arm for arm in INTERVENTIONS if GINI not in INTERVENTIONS[arm].built_in]
    change = {arm: difference(runs, arm, GINI) for arm in free}
    best = sorted(free, key=lambda arm: change[arm].estimate)[:8]
    above = {arm: placed.above(arm, "baseline") for arm in best}
    return Claim(
        "some ways of working whose effect is not built in rank above the baseline in nearly every world",
        above[best[0]].low > 0.9,
        [
            f"{arm}: {signed(change[arm])}; above the baseline in {share(above[arm])} of worlds"
            for arm in best
        ],
    )


def _bundles_and_their_parts(runs: pd.DataFrame, placed: Places) -> Claim:
    holds, lines = True, []
    for bundle, parts in BUNDLES.items():
        change = {arm: difference(runs, arm, GINI) for arm in (bundle, *parts)}
        best = min(parts, key=lambda arm: change[arm].estimate)
        total = sum(change[arm].estimate for arm in parts)
        above = placed.above(bundle, best)
        holds &= above.low > 0.5 and change[bundle].estimate >= total
        lines.append(
            f"{bundle}: {signed(change[bundle])}; the sum of its parts {total:+.4f}; "
            f"above its best part ({best}) in {share(above)} of worlds"
        )
    return Claim(
        "bundles rank above their best part in most worlds, and gain no more than the parts' sum",
        holds,
        lines,
    )


if __name__ == "__main__":
    tell("which_interventions", __doc__, claims)
