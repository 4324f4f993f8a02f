"""An analysis of a comparison by somebody who has its tables and nothing of cosim: pandas, SciPy, NumPy.

The tests hold it against what cosim's own report wrote into ``tables/``.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd
from scipy import stats


def read(folder: Path) -> tuple[pd.DataFrame, dict]:
    """Return the table of runs, and what the study's record says of its design."""
    record = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
    return pd.read_parquet(folder / "runs.parquet"), record["study"]["notes"]


def by_world(runs: pd.DataFrame, outcome: str, first: str, second: str, worlds: int) -> pd.Series:
    """Return the mean paired difference of two arms, world by world."""
    wide = runs[runs["world"] < worlds].pivot(index=["world", "replicate"], columns="arm", values=outcome)
    return (wide[first] - wide[second]).groupby("world").mean()


def interval(values: pd.Series, level: float = 0.95) -> tuple[float, float, float]:
    """Return a mean over worlds with its t interval."""
    half = stats.t.ppf(0.5 + level / 2, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values))
    return values.mean(), values.mean() - half, values.mean() + half


def differences(runs: pd.DataFrame, notes: dict, outcome: str) -> pd.DataFrame:
    """Return every arm's difference to the baseline."""
    worlds = int(runs["world"].max()) + 1
    rows = {}
    for arm in notes["arms"]:
        if arm != notes["against"]:
            rows[arm] = interval(by_world(runs, outcome, arm, notes["against"], worlds))
    return pd.DataFrame(rows, index=["difference", "low", "high"]).T


def verdicts(runs: pd.DataFrame, notes: dict, outcome: str, *, lower: bool) -> dict[str, str]:
    """Return better, same, worse or unclear for every arm."""
    margin, worlds = notes.get("matters", {}).get(outcome, 0.0), int(runs["world"].max()) + 1
    found = {}
    for arm in notes["arms"]:
        if arm == notes["against"]:
            continue
        gains = by_world(runs, outcome, arm, notes["against"], worlds) * (-1 if lower else 1)
        _, low, high = interval(gains)
        _, least, most = interval(gains, 0.90)
        same = least > -margin and most < margin
        found[arm] = (
            "better" if low > margin else "worse" if high < -margin else "same" if same else "unclear"
        )
    return found


def left(runs: pd.DataFrame, notes: dict, outcome: str, off: str) -> pd.DataFrame:
    """Return what of every effect stays with channels off, in the worlds in which that was run."""
    worlds = notes["switched"]["nulls"]["worlds"]
    usual, rows = notes["against"], {}
    for arm in notes["arms"]:
        if arm != usual:
            whole = interval(by_world(runs, outcome, arm, usual, worlds))
            stays = by_world(runs, outcome, f"{arm} | without {off}", f"{usual} | without {off}", worlds)
            rows[arm] = (whole[0], *interval(stays))
    return pd.DataFrame(rows, index=["whole", "left", "left_low", "left_high"]).T


def split(runs: pd.DataFrame, notes: dict, outcome: str, arm: str, names: list[str]) -> dict[str, float]:
    """Return the Shapley split of an arm's effect over channels, order by order."""
    group, usual = notes["switched"]["channels"], notes["against"]

    def effect(off: set[str]) -> float:
        without = f" | without {', '.join(name for name in names if name in off)}" if off else ""
        return by_world(runs, outcome, f"{arm}{without}", f"{usual}{without}", group["worlds"]).mean()

    lost = dict.fromkeys(names, 0.0)
    for order in group["orders"]:
        for k, name in enumerate(order):
            before, after = effect(set(order[:k])), effect(set(order[: k + 1]))
            lost[name] += (before - after) / len(group["orders"])
    return {**lost, "rest": effect(set(names))}
