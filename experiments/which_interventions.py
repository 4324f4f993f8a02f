"""Which ways of working equalise influence? The main job, and what is claimed from it.

Question
    One research team, every single intervention at full dose and ten bundles, in 256 sampled worlds, arms
    paired by common random numbers (`configs/which_interventions.yaml` says why each of these is there).

Claims, each checked on the tables below, and worded as far as the model goes
    1. Voice is not influence: with round robin the public's voice is at parity in every run (the rule builds
       that in), and its influence stays below parity in most worlds (that emerges).
    2. In this model, under these assumptions, some ways of working whose effect is not built in rank above
       business as usual in nearly every world.
    3. Bundles rank above their best part in most worlds, and gain no more than the sum of their parts.

Run it
    python experiments/which_interventions.py            the whole study, a few minutes on two processors
    python experiments/which_interventions.py --quick    a first look

The script prints the numbers that each claim is to be held against; nothing was tuned until a claim held.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pandas as pd

from cosim.analysis.compare import CompareSettings, compare
from cosim.analysis.intervals import Interval, wilson_interval
from cosim.experiment.study import read_runs
from cosim.interventions import INTERVENTIONS

CONFIG = Path(__file__).resolve().parent.parent / "configs" / "which_interventions.yaml"
GINI, PARITY, VOICE = "influence_gini", "influence_parity_public", "voice_parity_public"
BUNDLES = {
    "level_floor": ["names_without_titles", "ground_rules", "round_robin"],
    "professionals_prepared": ["professional_training", "plain_language", "assumptions_round"],
    "trial_power": ["wider_consultation", "mixed_small_groups", "process_facilitator"],
}


def main(quick: bool) -> None:
    """Run the study if its tables are not there yet, and check the claims on them."""
    folder = Path("results") / ("which_interventions-quick" if quick else "which_interventions")
    if not (folder / "runs.parquet").exists():
        words = ["run", str(CONFIG), "--output", str(folder), "--resume", *(["--quick"] if quick else [])]
        subprocess.run([sys.executable, "-m", "cosim.cli", *words], check=True)
    runs = read_runs(folder)
    settings = CompareSettings(better={GINI: "lower"}, luck="nested")
    table = compare(runs, "baseline", [GINI, PARITY, VOICE], settings)
    voice_is_not_influence(runs)
    what_ranks_above_the_baseline(runs, table)
    bundles_and_their_parts(runs)


def voice_is_not_influence(runs: pd.DataFrame) -> None:
    """Claim 1."""
    rounds = runs[runs["arm"] == "round_robin"]
    worlds = rounds.groupby("world")[PARITY].mean()
    below = wilson_interval(int((worlds < 1).sum()), len(worlds))
    print("1. Round robin")
    voice = rounds[VOICE]
    print(f"   voice parity of the public: {voice.min():.3f} to {voice.max():.3f} in all {len(voice):,} runs")
    print(
        f"   influence parity: {worlds.mean():.3f} on average; "
        f"below 1 in {_share(below)} of {len(worlds)} worlds"
    )


def what_ranks_above_the_baseline(runs: pd.DataFrame, table: pd.DataFrame) -> None:
    """Claim 2."""
    rows = table[(table["outcome"] == GINI) & table["arm"].isin(list(INTERVENTIONS))]
    free = rows[[GINI not in INTERVENTIONS[str(arm)].built_in for arm in rows["arm"]]]
    print("2. Single interventions whose effect on the inequality of influence is not built in, best first")
    for row in free.sort_values("difference").head(8).itertuples():
        above = _ranked_above(runs, str(row.arm), "baseline")
        print(
            f"   {row.arm}: {row.difference:+.4f} ({row.low:+.4f} to {row.high:+.4f}); above the baseline in "
            f"{_share(above)} of worlds"
        )


def bundles_and_their_parts(runs: pd.DataFrame) -> None:
    """Claim 3."""
    print("3. Bundles beside their parts (mean change of the inequality of influence)")
    means = runs.pivot_table(index="world", columns="arm", values=GINI)
    change = means.sub(means["baseline"], axis=0)
    for bundle, parts in BUNDLES.items():
        best = str(change[parts].mean().idxmin())
        above = _ranked_above(runs, bundle, best)
        total = change[parts].sum(axis=1).mean()
        print(
            f"   {bundle}: {change[bundle].mean():+.4f}; the sum of its parts {total:+.4f}; "
            f"above its best part ({best}) in {_share(above)} of worlds"
        )


def _ranked_above(runs: pd.DataFrame, arm: str, other: str) -> Interval:
    means = runs.pivot_table(index="world", columns="arm", values=GINI)
    return wilson_interval(int((means[arm] < means[other]).sum()), len(means))


def _share(found: Interval) -> str:
    return f"{100 * found.estimate:.0f} % ({100 * found.low:.0f} to {100 * found.high:.0f})"


if __name__ == "__main__":
    main("--quick" in sys.argv[1:])
