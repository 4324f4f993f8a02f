"""How well the model with some parameter values agrees with the targets of the fit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from cosim.calibration.calibration import Aim, Likeness, aims
from cosim.calibration.influence import ViewLikeness
from cosim.errors import ConfigError


def agreement(
    values: Mapping[str, float],
    targets: tuple[Aim, ...] | None = None,
    *,
    repeats: int = 20,
    seed: int = 1,
) -> pd.DataFrame:
    """Return every target beside what is simulated with these values.

    Parameters
    ----------
    values : mapping of a free parameter's name to its value
    targets : tuple of Aim, optional
        By default all that the fit aims at.
    repeats : int
        Simulated corpora; each has a counterpart of every real meeting.
    seed : int
        1 or more.

    Returns
    -------
    DataFrame
        A row per target (of shares by rank, per rank): corpus, pattern, statistic, target, simulated (mean
        over simulated corpora), low and high (95 % of simulated corpora), tolerance_low, tolerance_high, met
        (the mean lies between these).
    """
    if repeats < 1 or seed < 1:
        raise ConfigError("repeats and seed must be 1 or more", value=[repeats, seed])
    every = aims() if targets is None else targets
    likeness = Likeness(every)
    found = np.array([likeness.summaries(values, seed + place) for place in range(repeats)])
    mean = found.mean(axis=0)
    low, high = np.quantile(found, [0.025, 0.975], axis=0)
    rows, at = [], 0
    for aim in every:
        count = len(aim.target.values)
        for rank, (value, (lowest, highest)) in enumerate(
            zip(aim.target.values, aim.target.accepted(), strict=True), start=1
        ):
            rows.append(
                {
                    "corpus": aim.corpus,
                    "pattern": aim.pattern.id,
                    "statistic": aim.target.name + (f", rank {rank}" if count > 1 else ""),
                    "target": value,
                    "simulated": round(float(mean[at]), 3),
                    "low": round(float(low[at]), 3),
                    "high": round(float(high[at]), 3),
                    "tolerance_low": round(lowest, 3),
                    "tolerance_high": round(highest, 3),
                    "met": bool(lowest <= mean[at] <= highest),
                }
            )
            at += 1
    return pd.DataFrame(rows)


def view_agreement(values: Mapping[str, float], *, times: int = 4, seed: int = 1) -> pd.DataFrame:
    """Return every target about views beside what is simulated with these values.

    Returns
    -------
    DataFrame
        A row per target: pattern, statistic, survey, target, simulated (one sample, `times` as large as in
        the fit), tolerance_low, tolerance_high, met.
    """
    likeness = ViewLikeness(times=times)
    found = likeness.summaries(values, seed)
    rows = []
    for aim, value in zip(likeness.aims, found.tolist(), strict=True):
        low, high = aim.target.accepted()[0]
        rows.append(
            {
                "pattern": aim.pattern.id,
                "statistic": aim.target.statistic,
                "survey": aim.survey,
                "target": aim.target.values[0],
                "simulated": round(value, 3),
                "tolerance_low": low,
                "tolerance_high": high,
                "met": low <= value <= high,
            }
        )
    return pd.DataFrame(rows)
