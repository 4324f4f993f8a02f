"""Shapley split of an effect over the channels that it may run through, by sampled orders."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from cosim.analysis.checks import checked
from cosim.analysis.resampling import FloatArray, generator
from cosim.errors import ConfigError

Off = frozenset[str]
"""The channels that are switched off."""


def orders(names: Sequence[str], count: int, seed: int = 1) -> list[tuple[str, ...]]:
    """Draw orders in which channels are switched off, each beside its reverse.

    Parameters
    ----------
    names : sequence of str
    count : int
        How many, at least 2; an odd number is rounded up, since each order has its reverse beside it
        (antithetic sampling: Mitchell et al. 2022, JMLR 23(43)).
    seed : int
    """
    rng = generator(seed)
    found: list[tuple[str, ...]] = []
    while len(found) < count:
        order = tuple(names[k] for k in rng.permutation(len(names)))
        found += [order, order[::-1]]
    return found


def visited(given: Sequence[Sequence[str]]) -> list[Off]:
    """Return the sets of channels that some order has switched off on its way, each once, fewest first."""
    sets = {frozenset(order[:k]) for order in given for k in range(len(order) + 1)}
    return sorted(sets, key=lambda off: (len(off), sorted(off)))


def every(names: Sequence[str]) -> list[Off]:
    """Return all sets of channels."""
    return [frozenset(off) for k in range(len(names) + 1) for off in combinations(names, k)]


@checked
def shapley_split(
    effects: Mapping[Off, FloatArray], given: Sequence[Sequence[str]], level: float = 0.95
) -> pd.DataFrame:
    """Split an effect over channels by what switching each off takes away, averaged over orders.

    Parameters
    ----------
    effects : mapping of frozenset of str to ndarray of float, shape (worlds,)
        Mean effect in each world with these channels switched off; the empty set is the effect as it is.
    given : sequence of sequence of str
        Orders in which the channels are switched off, as `orders` draws them.
    level : float

    Returns
    -------
    DataFrame
        A row per channel and one, ``rest``, for what stays when all are off: ``channel``, ``estimate``,
        ``low``, ``high``, ``se``, ``order_se`` (the part of it that more orders would remove). Estimates add
        up to the effect as it is, exactly.

    Raises
    ------
    ConfigError
        When an effect is missing, or there are no two orders.

    References
    ----------
    Shapley (1953); sampled orders: Castro et al. (2009), doi:10.1016/j.cor.2008.04.004.

    Examples
    --------
    >>> import numpy as np
    >>> from cosim.analysis import shapley_split
    >>> flat = lambda value: np.array([value, value, value])
    >>> effects = {
    ...     frozenset(): flat(1.0),
    ...     frozenset({"talk"}): flat(0.4),
    ...     frozenset({"ballot"}): flat(0.8),
    ...     frozenset({"talk", "ballot"}): flat(0.1),
    ... }
    >>> split = shapley_split(effects, [("talk", "ballot"), ("ballot", "talk")])
    >>> split[["channel", "estimate"]].round(3).values.tolist()
    [['talk', 0.65], ['ballot', 0.25], ['rest', 0.1]]
    """
    if len(given) < 2:
        raise ConfigError("needs two orders at least", key="given", value=len(given))
    names = list(given[0])
    for off in visited(given):
        if off not in effects:
            raise ConfigError("the effect with these channels off is missing", key="effects", value=set(off))
    parts = np.stack([_marginal(effects, order, names) for order in given])  # orders, channels, worlds
    rows = [_row(name, parts[:, k], level) for k, name in enumerate(names)]
    whole = np.repeat(effects[frozenset(names)][None], len(given), axis=0)
    return pd.DataFrame([*rows, _row("rest", whole, level)])


def _marginal(effects: Mapping[Off, FloatArray], order: Sequence[str], names: Sequence[str]) -> FloatArray:
    lost = {}
    for k, name in enumerate(order):
        lost[name] = effects[frozenset(order[:k])] - effects[frozenset(order[: k + 1])]
    return np.stack([lost[name] for name in names])


def _row(name: str, parts: FloatArray, level: float) -> dict[str, object]:
    """Summarise one channel's part: `parts` has the shape (orders, worlds)."""
    from scipy import stats

    by_world, by_order = parts.mean(axis=0), parts.mean(axis=1)
    pairs = (by_order[0::2] + by_order[1::2]) / 2 if len(by_order) % 2 == 0 else by_order
    order_se = float(pairs.std(ddof=1)) / math.sqrt(len(pairs)) if len(pairs) > 1 else 0.0
    worlds = len(by_world)
    estimate = float(by_world.mean())
    if worlds < 2:
        return _numbers(name, estimate, math.nan, math.nan, order_se)
    se = math.hypot(float(by_world.std(ddof=1)) / math.sqrt(worlds), order_se)
    return _numbers(name, estimate, float(stats.t.ppf(0.5 + level / 2, worlds - 1)) * se, se, order_se)


def _numbers(name: str, estimate: float, half: float, se: float, order_se: float) -> dict[str, object]:
    return {
        "channel": name,
        "estimate": estimate,
        "low": estimate - half,
        "high": estimate + half,
        "se": se,
        "order_se": order_se,
    }
