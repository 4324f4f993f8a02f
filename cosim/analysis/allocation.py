"""Where further runs tell most: the ways of working that may be the best, looked at again in fresh worlds.

The best of many looks better than it is. Who is still in the running is chosen in one set of worlds and
measured in another, so that intervals from the second hold whatever the first chose.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cosim.analysis.checks import checked
from cosim.analysis.resampling import FloatArray, check_level
from cosim.errors import ConfigError

LEAST = 12
"""Fewest fresh worlds of a contender: enough for an interval."""


@checked
def contenders(gains: FloatArray, level: float = 0.95) -> NDArray[np.int64]:
    """Return the arms that may be the best: the leader, and those not clearly behind it.

    Parameters
    ----------
    gains : ndarray of float, shape (arms, worlds)
        How much better than the baseline each arm is in each world; higher is better.
    level : float
        Of all comparisons with the leader together (Bonferroni).

    Returns
    -------
    ndarray of int
        Numbers of the arms, the leader first, then by their mean.
    """
    check_level(level)
    found = _gains(gains)
    order = np.argsort(-found.mean(axis=1), kind="stable")
    behind = found[order[0]] - found[order[1:]]
    n = found.shape[1]
    t = float(stats.t.ppf(1.0 - (1.0 - level) / max(len(found) - 1, 1), n - 1))
    clear = behind.mean(axis=1) > t * behind.std(axis=1, ddof=1) / math.sqrt(n)
    return np.concatenate([order[:1], order[1:][~clear]]).astype(np.int64)


@checked
def allocate(gains: FloatArray, points: int, level: float = 0.95) -> NDArray[np.int64]:
    """Return in how many fresh worlds each arm is to be run, so that most is learned about which is best.

    Parameters
    ----------
    gains : ndarray of float, shape (arms, worlds)
        As for :func:`contenders`.
    points : int
        How many points there are in all: an arm, or the baseline, in one world.
    level : float

    Returns
    -------
    ndarray of int, shape (arms,)
        0 for an arm that is clearly not the best. The leader, and the baseline beside it, take part in every
        world in which any arm does.

    Raises
    ------
    ConfigError
        The points do not suffice for `LEAST` worlds of the leader, one rival and the baseline. Where they do
        not for all contenders, those nearest to the leader take part.

    Notes
    -----
    Optimal computing budget allocation (Chen et al. 2000, doi 10.1023/A:1008349927281), with common random
    numbers as a difference to the leader: worlds in proportion to (SD / mean)^2 of the difference (Fu et al.
    2007, doi 10.1287/ijoc.1060.0215; both recalled, unchecked). A mean below its own standard error counts as
    that: what nobody can tell apart must not take all.

    Examples
    --------
    >>> import numpy as np
    >>> chance = np.random.default_rng(1)
    >>> gains = chance.normal(0.0, 0.02, (3, 64)) + np.array([[0.05], [0.045], [0.0]])
    >>> from cosim.analysis import allocate
    >>> allocate(gains, 300).tolist()
    [100, 100, 0]
    """
    found = _gains(gains)
    chosen = contenders(gains, level)
    leader, rivals = chosen[0], chosen[1:]
    count = np.zeros(len(found), dtype=np.int64)
    if points < 3 * LEAST:
        raise ConfigError("too few to look again", key="points", value=points, allowed=f">= {3 * LEAST}")
    rivals = rivals[: points // LEAST - 2]  # the nearest, where the points do not do for all
    if not len(rivals):
        count[leader] = points // 2
        return count
    behind = found[leader] - found[rivals]
    sd = behind.std(axis=1, ddof=1)
    mean = np.maximum(behind.mean(axis=1), sd / math.sqrt(found.shape[1]))
    ratio = np.divide(sd, mean, out=np.zeros_like(sd), where=mean > 0.0) ** 2
    ratio = ratio / ratio.max() if ratio.max() > 0.0 else np.ones_like(ratio)
    low, high = LEAST, points
    while low < high:  # the most worlds for the closest rival that the points allow
        middle = (low + high + 1) // 2
        if 2 * middle + int(_worlds(ratio, middle).sum()) <= points:
            low = middle
        else:
            high = middle - 1
    count[rivals] = _worlds(ratio, low)
    count[leader] = low
    return count


def equal_points(arms: int, worlds: int) -> int:
    """Return how many points the same precision takes when all arms, and the baseline, are run alike."""
    return (arms + 1) * worlds


def _worlds(ratio: FloatArray, most: int) -> NDArray[np.int64]:
    return np.maximum(np.floor(ratio * most), LEAST).astype(np.int64)


def _gains(gains: FloatArray) -> FloatArray:
    found = np.asarray(gains, dtype=np.float64)
    if found.ndim != 2 or found.shape[0] < 1 or found.shape[1] < 2 or not np.isfinite(found).all():
        raise ConfigError("must be finite numbers of arms by worlds, at least 2 worlds", key="gains")
    return found
