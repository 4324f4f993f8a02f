"""Many looks at one set of runs: stricter intervals for all of them, and what chance alone would show."""

from __future__ import annotations

import math

from cosim.analysis.checks import checked
from cosim.errors import ConfigError


@checked
def bonferroni(error: float, comparisons: int) -> float:
    """Return the level of intervals that share one error among several comparisons.

    Parameters
    ----------
    error : float
        Probability, above 0 and below 1, that at least one of the intervals misses what it is about.
    comparisons : int
        How many intervals there are, at least 1.

    Returns
    -------
    float
        Level of each interval.

    References
    ----------
    Dunn (1961), doi:10.1080/01621459.1961.10482090.

    Examples
    --------
    >>> from cosim.analysis import bonferroni
    >>> round(bonferroni(0.05, 10), 6)
    0.995
    """
    if not 0.0 < error < 1.0:
        raise ConfigError("not a probability of error", key="error", value=error, allowed="between 0 and 1")
    return 1 - error / _looks(comparisons)


@checked
def expected_by_chance(comparisons: int, tail: float = 0.025) -> int:
    """Return how many of several looks seem clear by chance if there is nothing to see, rounded up.

    Parameters
    ----------
    comparisons : int
        How many looks there are, at least 1.
    tail : float
        Probability, 0..1, of a single one; 0.025 is one side of a 95 % interval.

    Examples
    --------
    >>> from cosim.analysis import expected_by_chance
    >>> expected_by_chance(40), expected_by_chance(41)
    (1, 2)
    """
    if not 0.0 <= tail <= 1.0:
        raise ConfigError("not a probability", key="tail", value=tail, allowed="0 to 1")
    return math.ceil(tail * _looks(comparisons))


def _looks(comparisons: int) -> int:
    if comparisons < 1:
        raise ConfigError(
            "not a number of comparisons", key="comparisons", value=comparisons, allowed="1, 2, ..."
        )
    return comparisons
