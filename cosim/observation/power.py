"""What teams of a given size can show: the stored study of the model of views on planted influence.

``data/views_power.csv`` is written by ``experiments/views_power.py``; docs/views.md shows its table.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import pandas as pd

from cosim.formatting.words import number, percent

GAP: Final = 0.25
"""Weight of a public contributor beside another's in the teams in which a gap was to be found."""


@cache
def power_study() -> pd.DataFrame:
    """Return the study.

    Returns
    -------
    DataFrame
        A row per kind of team: public, others, items, meetings, closed, apart, weight, share (the public's
        true share in what members move to), equal, repeats, coverage (of the 95 % intervals of that share),
        width (mean), coverage_closed, found (share of repeats with a probability of 95 % or more that the
        public weighs less than an equal share), effective_size.
    """
    with (files("cosim.observation") / "data" / "views_power.csv").open("r", encoding="utf-8") as text:
        return pd.read_csv(text)


def planning_table() -> str:
    """Return the study as a table in Markdown, a row per kind of team."""
    study = power_study().assign(whole=lambda rows: rows["items"] * rows["meetings"])
    keys = ["public", "others", "whole", "closed", "apart"]
    rows = ["| public, others | items | moved toward all | roles apart | interval wide | holds the truth | "
            "gap found | false alarm |", "| --- | --: | --: | --: | --: | --: | --: | --: |"]  # fmt: skip
    for key, cell in study.groupby(keys, sort=True):
        public, others, whole, closed, apart = (float(x) for x in np.array(key, dtype=float))
        gap, none = cell[cell["weight"] == GAP], cell[cell["weight"] == 1.0]
        rows.append(
            f"| {public:.0f}, {others:.0f} | {whole:.0f} | {number(closed, 2)} | {number(apart, 2)} | "
            f"{number(float(cell['width'].mean()), 2)} | {_share(cell['coverage'])} | "
            f"{_share(gap['found'])} | "
            f"{_share(none['found'])} |"
        )
    return "\n".join(rows)


def like_this(public: int, others: int, items: int) -> str:
    """Say what teams most like this one could show in the study."""
    study = power_study().assign(whole=lambda rows: rows["items"] * rows["meetings"])
    people = np.abs(np.log((study["public"] + study["others"]) / max(public + others, 2)))
    apart = people + np.abs(np.log(study["whole"] / max(items, 1)))
    near = study[apart < apart.min() + 1e-9]
    cell = near.iloc[0]
    gap = near[near["weight"] == GAP]["found"]
    return (
        f"In simulated teams of {int(cell['public'])} and {int(cell['others'])} people with "
        f"{int(cell['whole'])} "
        f"items, in which nobody thinks again by themselves, intervals of who was heeded were "
        f"{100.0 * float(near['width'].mean()):.0f} points of 100 wide on average and held the "
        "truth in "
        f"{percent(float(near['coverage'].mean()))}; a public that weighed a quarter as much as others was "
        "found "
        f"out in {percent(float(gap.min()))} to {percent(float(gap.max()))} of teams."
    )


def _share(values: pd.Series[float]) -> str:
    return f"{100.0 * float(values.mean()):.0f} %" if len(values) else "–"
