"""What the findings of every kind of study work out alike: outcomes, replicate noise, how to resample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cosim.analysis.noise import NoiseShare, noise_share
from cosim.analysis.resampling import Resampling
from cosim.analysis.tables import check_runs
from cosim.studies.compare.findings import GINI, PARITY
from cosim.studies.results import Results, present


def checked_outcomes(results: Results, *more: str) -> tuple[str, ...]:
    """Return the outcomes that a page is about, the first one first; refuse runs that cannot be used.

    Parameters
    ----------
    results : Results
    *more : str
        Outcomes that the study needs, whatever its config lists.

    Raises
    ------
    UnusableRunsError
        A run failed, or has a missing or non-finite outcome; the ids are named.
    """
    wanted = present([*more, *results.config.get("outcomes", [])], results)
    found = wanted or present([GINI, PARITY], results) or list(results.outcomes[:1])
    shown = tuple(dict.fromkeys(found))
    check_runs(results.runs, shown)
    # One that does not vary leads no page: all that there is to say of it is that.
    differ, constant = varied(results, shown)
    return (*differ, *constant)


def varied(results: Results, outcomes: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Part outcomes that differ between points, in their means over replicates, from those that do not.

    An analysis that shares out variance is made of the former; the page names the latter.
    """
    means = results.runs.groupby("point", sort=False)[list(outcomes)].mean()
    differs = means.max() > means.min()
    found = tuple(outcome for outcome in outcomes if bool(differs[outcome]))
    return found, tuple(outcome for outcome in outcomes if outcome not in found)


def resampling(results: Results, draws: int = 500) -> Resampling:
    """Return how bootstraps of this study are done."""
    return Resampling(draws=draws, replication=results.replication)


def row_of(table: pd.DataFrame, key: str) -> dict[str, Any]:
    """Return one row of an indexed table, by column."""
    return {str(column): value for column, value in table.loc[[key]].iloc[0].items()}


def noise_of(results: Results, outcome: str, design: pd.DataFrame | None = None) -> NoiseShare | None:
    """Return the share of replicate noise over a design; None with one replicate or one point."""
    points = results.design if design is None else design
    if results.replicates < 2 or len(points) < 2:
        return None
    return noise_share(results.runs, points, outcome)
