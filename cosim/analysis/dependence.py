"""What a difference between two arms depends on: in which settings it is large, and in which not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from cosim.analysis.multiplicity import bonferroni
from cosim.analysis.resampling import FloatArray

FEWEST = 8
"""Settings below which nothing is looked for: a rank correlation of fewer says next to nothing."""


@dataclass(frozen=True)
class Dependence:
    """How a difference goes with one sampled number.

    Attributes
    ----------
    factor : str
        Column of the settings.
    correlation : float
        Spearman's rank correlation of the difference with it, -1..1.
    split : float
        Median of the factor over the settings.
    low, high : float
        Mean difference in the settings below and above the split.
    """

    factor: str
    correlation: float
    split: float
    low: float
    high: float

    @property
    def turns(self) -> bool:
        """Whether the mean difference changes sign from the lower half of the settings to the upper."""
        return self.low * self.high < 0.0


def dependences(
    difference: ArrayLike, settings: pd.DataFrame, error: float = 0.05, comparisons: int = 1
) -> list[Dependence]:
    """Return the factors that a difference clearly goes with, the closest first.

    Parameters
    ----------
    difference : array_like of float, shape (settings,)
        Of two arms, setting by setting.
    settings : DataFrame
        A row per setting, in the same order, a column per factor.
    error : float
        Chance that any factor at all is named where none matters; all factors share it (Bonferroni).
    comparisons : int
        How many differences share the error.

    Returns
    -------
    list of Dependence
        Empty below `FEWEST` settings, or where the difference is the same in all.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> x = np.arange(32.0)
    >>> found = dependences(x - 15.0, pd.DataFrame({"trust": x, "noise": x % 3}))
    >>> [(one.factor, one.turns) for one in found]
    [('trust', True)]
    """
    values: FloatArray = np.asarray(difference, dtype=np.float64)
    names: Sequence[str] = [str(name) for name in settings.columns]
    if len(values) < FEWEST or np.ptp(values) == 0.0 or not names:
        return []
    # A level of intervals that share an error is one minus the error of each.
    limit = 1.0 - bonferroni(error, len(names) * comparisons)
    found = []
    for name in names:
        factor: FloatArray = settings[name].to_numpy(dtype=np.float64)
        if np.ptp(factor) == 0.0:
            continue
        tested = stats.spearmanr(factor, values)
        if not math.isfinite(tested.statistic) or tested.pvalue > limit:
            continue
        split = float(np.median(factor))
        below = factor <= split
        if below.all():
            continue
        low, high = float(values[below].mean()), float(values[~below].mean())
        found.append(Dependence(name, float(tested.statistic), split, low, high))
    return sorted(found, key=lambda one: -abs(one.correlation))
