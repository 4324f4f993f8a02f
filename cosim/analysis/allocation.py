"""Where further runs tell most: the ways of working that may be the best, looked at again in fresh worlds.

The best of many looks better than it is. Who is still in the running is chosen in one set of worlds and
measured in another, so that intervals from the second hold whatever the first chose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cosim.analysis.checks import checked
from cosim.analysis.intervals import Interval
from cosim.analysis.resampling import FloatArray, check_level
from cosim.analysis.sequence import confidence_sequence
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


Draw = Callable[[int, int, Sequence[int]], FloatArray]
"""Given a first world, a number of worlds and numbers of arms: their gains there, shape (arms, worlds)."""

BATCH = 16
"""Worlds between two looks of a race."""


@checked
def race(
    draw: Draw, arms: int, points: int, until: float, level: float = 0.95, batch: int = BATCH
) -> list[FloatArray]:
    """Run contenders in fresh worlds, batch by batch, until it is decided which is best.

    Parameters
    ----------
    draw : callable
        Runs some arms, and the baseline beside them, in some worlds.
    arms : int
        How many contenders there are; number 0 is the leader, as other worlds have it.
    points : int
        How many points there are at most: an arm, or the baseline, in one world.
    until : float
        Half-width at which a difference is known well enough.
    level : float
        At which all intervals hold together, at every look.
    batch : int

    Returns
    -------
    list of ndarray of float
        Each contender's gains, in the order of the worlds. A rival takes no further part once it is clearly
        behind the leader or ahead of it, or its distance to it is known well enough. All ends when no rival
        is left and the leader's gain is known well enough, or when the points are used up.

    Notes
    -----
    Looks again and again, so intervals are confidence sequences (see `race_intervals`); they hold whenever a
    race ends, and whoever leaves it early.
    """
    check_level(level)
    if points < (arms + 1) * LEAST:
        raise ConfigError(
            "too few to look again", key="points", value=points, allowed=f">= {(arms + 1) * LEAST}"
        )
    if until <= 0.0 or batch < 1:
        raise ConfigError("out of range", key="until" if until <= 0.0 else "batch", allowed="above 0")
    found = [np.empty(0) for _ in range(arms)]
    active, first = list(range(arms)), 0
    while active:
        count = min(batch, points // (len(active) + 1))
        if not count:
            break
        for arm, new in zip(active, draw(first, count, active), strict=True):
            found[arm] = np.concatenate([found[arm], new])
        points -= count * (len(active) + 1)
        first += count
        gain, *behind = race_intervals(found, level)
        rivals = [arm for arm in active[1:] if not _known(behind[arm - 1], until, sides=True)]
        active = [0, *rivals] if rivals or not _known(gain, until) else []
    return found


def race_intervals(found: Sequence[FloatArray], level: float = 0.95) -> list[Interval]:
    """Return the leader's gain and how far each rival is behind it, from the worlds that each took part in.

    They hold together with the gains of the rivals (Bonferroni), at every look.
    """
    each = race_level(len(found), level)
    pairs = [found[0], *(found[0][: len(other)] - other for other in found[1:])]
    return [confidence_sequence(values, each) for values in pairs]


def race_level(arms: int, level: float = 0.95) -> float:
    """Return the level of each interval of a race: of the gain of every contender, and the distances."""
    return 1.0 - (1.0 - level) / (2 * arms - 1)


def fixed_worlds(sd: float, half_width: float, level: float) -> int:
    """Return how many worlds a t interval needs for a half-width, where their number is settled before."""
    if not half_width > 0.0 or not math.isfinite(half_width):
        raise ConfigError("out of range", key="half_width", value=half_width, allowed="above 0")
    n = 2
    while stats.t.ppf(0.5 + level / 2.0, n - 1) * sd / math.sqrt(n) > half_width:
        # Never beyond it: the quantile only falls with n.
        n = max(n + 1, math.floor((stats.norm.ppf(0.5 + level / 2.0) * sd / half_width) ** 2))
    return n


def _known(one: Interval, until: float, *, sides: bool = False) -> bool:
    clear = sides and (one.low > 0.0 or one.high < 0.0)
    return clear or one.high - one.low <= 2.0 * until


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
