"""Intervals that hold however often one looks: for answers while a study still runs.

An ordinary interval is wrong more often than it says when somebody looks again and again and stops at what
pleases. A confidence sequence is right at all looks together with the stated probability.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from cosim.analysis.checks import checked
from cosim.analysis.intervals import Interval
from cosim.analysis.resampling import check_level
from cosim.errors import ConfigError


@checked
def confidence_sequence(values: ArrayLike, level: float = 0.95, best_at: int = 64) -> Interval:
    """Return the mean of the values so far, with an interval that holds at every look.

    Parameters
    ----------
    values : array of float, shape (n,)
        What has come in so far, in the order in which it was settled that it would come: one value per world.
    level : float
        Probability that the intervals at all n together hold the true mean.
    best_at : int
        About how many values the interval is narrowest for.

    Returns
    -------
    Interval
        Without ends while there are too few values to say anything.

    Raises
    ------
    ConfigError
        There is no value, one is not finite, or `level` or `best_at` cannot be.

    Notes
    -----
    Exact for independent values of one normal distribution, mean and variance unknown. The Bayes factor of an
    effect (a normal prior on its size in standard deviations, the right Haar prior on the deviation) against
    none is a test martingale; those means stay in the interval against which it has not reached
    1 / (1 - level) (Lai 1976, doi 10.1214/aos/1176343406; Wang & Ramdas 2025, doi
    10.1080/07474946.2024.2425576: recalled, unchecked; coverage is tested here).

    Examples
    --------
    >>> from cosim.analysis import confidence_sequence
    >>> found = confidence_sequence([0.9, 1.1, 1.3, 0.7, 1.0, 1.2, 0.8, 1.0], best_at=8)
    >>> round(found.estimate, 2), round(found.low, 2), round(found.high, 2)
    (1.0, 0.7, 1.3)
    """
    check_level(level)
    if best_at < 2:
        raise ConfigError("out of range", key="best_at", value=best_at, allowed=">= 2")
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1 or not found.size or not np.isfinite(found).all():
        raise ConfigError("must be finite numbers, at least one", key="values")
    n, mean = int(found.size), float(found.mean())
    sd = float(found.std(ddof=1)) if n > 1 else math.nan
    half = sd * times_sd(n, level, best_at)
    low, high = (mean - half, mean + half) if math.isfinite(half) else (math.nan, math.nan)
    return Interval(mean, low, high, sd / math.sqrt(n), n, "worlds", level)


def times_sd(n: int, level: float, best_at: int) -> float:
    """Return the half-width of a confidence sequence after n values, in standard deviations of the values."""
    if n < 2:
        return math.inf
    alpha = 1.0 - level
    # The prior variance at which the sequence is about narrowest after `best_at` values.
    once = 2.0 * math.log(1.0 / alpha)
    grown = 1.0 + n * (once + math.log1p(once)) / best_at
    reached = math.exp((0.5 * math.log(grown) - math.log(alpha)) * 2.0 / n)
    if reached >= grown:
        return math.inf
    return math.sqrt((reached - 1.0) / (1.0 - reached / grown) * (n - 1) / n)
