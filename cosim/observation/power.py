"""What teams of a given size can show: the stored study of the model of views on planted influence.

``data/views_power.csv`` is written by ``experiments/views_power.py``; docs/views.md shows its table.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.formatting.words import number, percent

GAP: Final = 0.25
"""Weight of a public contributor beside another's in the teams in which a gap was to be found."""

_KINDS: Final = ["public", "others", "whole", "closed", "apart", "social", "retest", "missing"]
_HEAD: Final = (
    "| public, others | items | moved toward all | roles apart | otherwise | heeded: wide | holds | "
    "where it ended: wide | holds | gap found | false alarm |\n"
    "| --- | --: | --: | --: | --- | --: | --: | --: | --: | --: | --: |"
)

_STRATA: Final = (
    "| moved toward all | items | teams | who was heeded | where it ended | how far people moved | "
    "gap found | false alarm |\n| --: | --: | --: | --: | --: | --: | --: | --: |"
)


@cache
def power_study() -> pd.DataFrame:
    """Return the study.

    Returns
    -------
    DataFrame
        A row per kind of team: public, others, items, meetings, closed, apart, social (the part of the move
        that is heeding others), retest, missing, weight, share (the public's true share in what members move
        to), equal, repeats, coverage (of the 95 % intervals of that share), width (mean), coverage_closed,
        coverage_end and width_end (of where the group ended), found (share of repeats with a probability of
        95 % or more that the public weighs less than an equal share), effective_size; and whole (items of all
        meetings).
    """
    with (files("cosim.observation") / "data" / "views_power.csv").open("r", encoding="utf-8") as text:
        study = pd.read_csv(text)
    return study.assign(whole=study["items"] * study["meetings"])


def usual_teams() -> pd.DataFrame:
    """Return the rows of the study in which nothing is otherwise."""
    study = power_study()
    usual = study.iloc[0]
    return study[[not _otherwise(row, usual) for row in _records(study)]]


def coverage(study: pd.DataFrame, of: str = "coverage") -> tuple[float, float, float]:
    """Return how often intervals hold the truth, over all teams, with its 95 % interval (Wilson)."""
    n = float(study["repeats"].sum())
    share = float((study[of] * study["repeats"]).sum()) / n
    z2 = 1.96**2
    middle = (share + z2 / (2.0 * n)) / (1.0 + z2 / n)
    half = 1.96 * float(np.sqrt(share * (1.0 - share) / n + z2 / (4.0 * n * n))) / (1.0 + z2 / n)
    return share, max(middle - half, 0.0), min(middle + half, 1.0)


def planning_table() -> str:
    """Return the study as Markdown: what it is, and a row per kind of team."""
    study = power_study()
    rows = [_row(cell, study.iloc[0]) for _, cell in study.groupby(_KINDS, sort=False)]
    teams = int(study["repeats"].sum())
    held = ", ".join(
        f"{name} {_exact(*coverage(study, of))}"
        for name, of in (("who was heeded", "coverage"), ("where it ended", "coverage_end"),
                         ("how far people moved", "coverage_closed"))
    )  # fmt: skip
    repeats = " or ".join(str(one) for one in sorted(study["repeats"].unique()))
    return (
        f"{teams:,} teams, {repeats} of each kind and weight, seed 1. Held by the 95 % intervals, over all: "
        f"{held}.\n\n" + "\n".join([_STRATA, *_strata()]) + "\n\n" + "\n".join([_HEAD, *rows])
    )


def _strata() -> list[str]:
    """Return how often intervals hold the truth, by how far people move and how many items there are."""
    usual, rows = usual_teams(), []
    for closed, cells in usual.groupby("closed"):
        for told, few, many in (("3 or 10", 3, 10), ("30", 30, 30), ("180", 180, 180)):
            here = cells[cells["whole"].between(few, many)]
            held = [_exact(*coverage(here, of)) for of in ("coverage", "coverage_end", "coverage_closed")]
            found, none = (
                _exact(*coverage(here[here["weight"] == weight], "found")) for weight in (GAP, 1.0)
            )
            teams = f"{int(here['repeats'].sum())}"
            row = (number(float(str(closed)), 2), told, teams, *held, found, none)
            rows.append(f"| {' | '.join(row)} |")
    return rows


def like_this(public: int, others: int, items: int) -> str:
    """Say what teams most like this one could show in the study."""
    study = usual_teams()
    people = np.abs(np.log((study["public"] + study["others"]) / max(public + others, 2)))
    apart = people + np.abs(np.log(study["whole"] / max(items, 1)))
    near = study[apart < apart.min() + 1e-9]
    cell = near.iloc[0]
    gap = near[near["weight"] == GAP]["found"]
    told = percent(float(gap.min()))
    if gap.max() > gap.min():
        told += f" to {percent(float(gap.max()))}"
    return (
        f"In simulated teams of {int(cell['public'])} and {int(cell['others'])} people with "
        f"{int(cell['whole'])} items, in which a quarter of the move is thinking again, intervals of who was "
        f"heeded were {100.0 * float(near['width'].mean()):.0f} points of 100 wide on average and held the "
        f"truth in {percent(float(near['coverage'].mean()))}; a public that weighed a quarter as much as "
        f"others was found out in {told} of teams. Those of how far people moved held the truth in "
        f"{percent(float(near['coverage_closed'].mean()))} (they should in 95 %)."
    )


def _row(cell: pd.DataFrame, usual: pd.Series[Any]) -> str:
    one = _records(cell)[0]
    gap, none = cell[cell["weight"] == GAP], cell[cell["weight"] == 1.0]
    cells = (
        f"{one['public']:.0f}, {one['others']:.0f}",
        f"{one['whole']:.0f}",
        number(one["closed"], 2),
        number(one["apart"], 2),
        _otherwise(one, usual),
        number(float(cell["width"].mean()), 2),
        _share(cell["coverage"]),
        number(float(cell["width_end"].mean()), 2),
        _share(cell["coverage_end"]),
        _share(gap["found"]),
        _share(none["found"]),
    )
    return f"| {' | '.join(cells)} |"


def _otherwise(row: dict[str, Any], usual: pd.Series[Any]) -> str:
    told = {
        "social": f"{100.0 * (1.0 - row['social']):.0f} % of the move is thinking again",
        "retest": f"answers repeat with r = {number(row['retest'], 2)}",
        "missing": f"{100.0 * row['missing']:.0f} % of answers missing",
    }
    return ", ".join(words for key, words in told.items() if row[key] != usual[key])


def _exact(share: float, low: float, high: float) -> str:
    return f"{100.0 * share:.1f} % ({100.0 * low:.1f} to {100.0 * high:.1f})"


def _share(values: pd.Series[float]) -> str:
    return f"{100.0 * float(values.mean()):.0f} %"


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
