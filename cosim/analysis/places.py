"""How arms are placed in the worlds: how often best, at which place, and what choosing each would lose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cosim.analysis.checks import checked
from cosim.analysis.compare import Better
from cosim.analysis.denoise import expected
from cosim.analysis.intervals import Interval, mean_interval, wilson_interval
from cosim.analysis.resampling import FloatArray
from cosim.analysis.tables import cube

COIN = 2 / 3
"""Who is ahead in fewer settings than this, is ahead as a coin might say: odds below two to one."""


@dataclass(frozen=True)
class Places:
    """Arms over worlds, replicate noise taken out where there are replicates.

    Attributes
    ----------
    arms : tuple of str
    gains : ndarray of float, shape (draws, arms, worlds)
        Draws of what each arm is worth in each world; more is better.
    """

    arms: tuple[str, ...]
    gains: FloatArray

    @property
    def table(self) -> pd.DataFrame:
        """A row per arm, best mean first.

        ``arm``; ``best_share`` of worlds in which it is the best of these, with ``best_low`` and
        ``best_high`` (Wilson); ``rank``, its mean place, from 1; ``regret``, what is lost on average by
        choosing it in every world instead of each world's best, with ``regret_low`` and ``regret_high``
        (t over worlds).
        """
        best = self.gains.max(axis=1, keepdims=True)
        share = _credits(self.gains == best).mean(axis=0)
        # Arm by arm: all pairs at once, in every draw of every world, would take far more memory.
        ahead = [(self.gains > self.gains[:, [k]]).sum(axis=1).mean(axis=0) for k in range(len(self.arms))]
        places = 1 + np.stack(ahead).mean(axis=1)
        regrets = (best - self.gains).mean(axis=0)
        rows = []
        for k in np.argsort(-self.gains.mean(axis=(0, 2)), kind="stable"):
            top = wilson_interval(min(float(share[k].sum()), share.shape[1]), share.shape[1])
            lost = mean_interval(regrets[k])
            rows.append(
                {
                    "arm": self.arms[k],
                    "best_share": top.estimate,
                    "best_low": top.low,
                    "best_high": top.high,
                    "rank": float(places[k]),
                    "regret": lost.estimate,
                    "regret_low": lost.low,
                    "regret_high": lost.high,
                }
            )
        return pd.DataFrame(rows)

    def among(self, arms: Sequence[str]) -> Places:
        """Return the places among some of the arms only."""
        return Places(tuple(arms), self.gains[:, [self.arms.index(arm) for arm in arms]])

    def above(self, first: str, second: str) -> Interval:
        """Share of worlds in which one arm is strictly better than another, with its Wilson interval."""
        ours, theirs = (self.gains[:, self.arms.index(arm)] for arm in (first, second))
        share = (ours > theirs).mean(axis=0)
        return wilson_interval(float(share.sum()), share.size)


def _credits(best: FloatArray) -> FloatArray:
    """Share a first place among those that tie for it; axis 1 is arms."""
    found: FloatArray = best / best.sum(axis=1, keepdims=True)
    return found


@checked
def places(
    runs: pd.DataFrame, outcome: str, better: Better, arms: Sequence[str] | None = None, *, seed: int = 1
) -> Places:
    """Place arms in every world by one outcome, replicate noise taken out.

    Parameters
    ----------
    runs : DataFrame
        Run table; every arm in every world and replicate.
    outcome : str
        Outcome column.
    better : {"lower", "higher"} or float
        Which way is good, or the number to be near to.
    arms : sequence of str, optional
        The arms that are placed; by default all.
    seed : int
        Of the draws of what noise hides.

    Returns
    -------
    Places

    Raises
    ------
    ConfigError
        A column or arm does not exist.
    UnusableRunsError
        Runs failed, are missing or not finite.

    Examples
    --------
    >>> import pandas as pd
    >>> from cosim.analysis import places
    >>> rows = [
    ...     {"world": world, "arm": arm, "replicate": 0, "gini": 0.01 * world + level}
    ...     for world in range(10)
    ...     for arm, level in [("baseline", 0.4), ("buddy", 0.3), ("round robin", 0.2)]
    ... ]
    >>> runs = pd.DataFrame(rows).assign(run=range(30), point=range(30))
    >>> found = places(runs, "gini", "lower")
    >>> found.table[["arm", "best_share", "rank"]].values.tolist()
    [['round robin', 1.0, 1.0], ['buddy', 0.0, 2.0], ['baseline', 0.0, 3.0]]
    >>> found.above("buddy", "baseline").estimate
    1.0
    """
    keys = [name for name in ("run", "point", "world", "arm", "replicate", "error") if name in runs.columns]
    found = cube(runs[[*keys, outcome]], outcome, None if arms is None else list(arms))
    drawn = expected(found.values, seed=seed)
    gains = -drawn if better == "lower" else drawn if better == "higher" else -np.abs(drawn - float(better))
    return Places(tuple(found.arms), gains)
