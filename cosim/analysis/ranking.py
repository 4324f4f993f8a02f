"""Who ranks above whom, in how many worlds, and who cannot be told apart: the numbers behind the answer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import InitVar, dataclass
from typing import Literal

import numpy as np
import pandas as pd

from cosim.analysis.checks import checked
from cosim.analysis.compare import Better
from cosim.analysis.intervals import Interval, paired_interval, wilson_interval
from cosim.analysis.multiplicity import bonferroni
from cosim.analysis.resampling import FloatArray, Replication, check_level, check_replication
from cosim.analysis.tables import KEYS, Cube, cube, need_columns
from cosim.errors import ConfigError, nearest_name

Finding = Literal["best", "tie", "none", "unknown"]


@dataclass(frozen=True)
class Contest:
    """One arm against another on one outcome, setting by setting.

    Attributes
    ----------
    first, second : str
    gain : Interval
        By how much the first is nearer to what is wanted (above 0: the first is better), in the unit of the
        outcome.
    above : Interval
        Share of settings in which the first is strictly better.
    """

    first: str
    second: str
    gain: Interval
    above: Interval

    @property
    def clear(self) -> bool:
        """Whether the interval of the gain lies above 0 (False when there is no interval)."""
        return bool(self.gain.low > 0)

    @property
    def lost(self) -> bool:
        """Whether the interval of the gain lies below 0."""
        return bool(self.gain.high < 0)


@dataclass(frozen=True)
class Standing:
    """How the candidates of a comparison stand.

    Attributes
    ----------
    finding : {"best", "tie", "none", "unknown"}
        One is clearly best; several cannot be told apart; none is clearly better than the baseline; or there
        are no intervals to tell by.
    leader : str or None
        The candidate with the best mean; None without candidates.
    tied : tuple of str
        Candidates that cannot be told from the leader, the leader first; the leader alone when it is best.
    over_baseline : Contest or None
        The leader against the baseline.
    over_next : Contest or None
        The leader against the second best mean; None with one candidate.
    winners : tuple of str
        Candidates that are clearly better than the baseline, best first.
    unit : str
        What a setting is: ``"worlds"``, or ``"replicates"`` of the only world.
    settings : int
    """

    finding: Finding
    leader: str | None
    tied: tuple[str, ...]
    over_baseline: Contest | None
    over_next: Contest | None
    winners: tuple[str, ...]
    unit: str
    settings: int


@dataclass(frozen=True)
class Field:
    """Arms over worlds on one outcome, as distances from what is wanted.

    Parameters
    ----------
    runs : DataFrame
        Run table.
    outcome : str
    better : {"lower", "higher"} or float
        Which way is good, or the number to be near to.
    replication : {"crossed", "nested"}
    level : float
    """

    runs: InitVar[pd.DataFrame]
    outcome: str
    better: Better
    replication: Replication = "nested"
    level: float = 0.95

    def __post_init__(self, runs: pd.DataFrame) -> None:
        need_columns(runs, [self.outcome], "runs")
        keys = [name for name in (*KEYS, "error") if name in runs.columns]
        object.__setattr__(self, "_cube", cube(runs[[*keys, self.outcome]], self.outcome))

    @property
    def cube(self) -> Cube:
        """The outcome over arms, worlds and replicates."""
        found: Cube = self._cube  # type: ignore[attr-defined]
        return found

    def contest(self, first: str, second: str, comparisons: int = 1) -> Contest:
        """Compare two arms.

        Parameters
        ----------
        first, second : str
        comparisons : int
            How many comparisons share the error of the interval (Bonferroni).

        Notes
        -----
        With `better` a number, the distance of each world's mean from it is compared, not that of single
        runs: it is the expected outcome that should be near to equal.
        """
        ours, theirs = self._badness(first), self._badness(second)
        level = bonferroni(1 - self.level, max(comparisons, 1))
        gain = paired_interval(theirs - ours, level, self.replication)
        by_setting = (theirs - ours).mean(axis=1) if len(ours) > 1 else (theirs - ours)[0]
        above = wilson_interval(int((by_setting > 0).sum()), by_setting.size, self.level)
        return Contest(first, second, gain, above)

    def gains(self, first: str, second: str) -> FloatArray:
        """Return by how much one arm is nearer to what is wanted, shape (worlds, replicates)."""
        found: FloatArray = self._badness(second) - self._badness(first)
        return found

    def badness(self, arm: str) -> float:
        """Return how far an arm's mean over all worlds is from what is wanted; smaller is better."""
        return float(self._badness(arm).mean())

    def standing(self, baseline: str, candidates: Sequence[str]) -> Standing:
        """Say which of the candidates is best, and how clearly.

        Every candidate is held against the baseline, and against the best mean, with intervals that share
        the error among the comparisons (Bonferroni), because the best of many looks good by chance.
        """
        unit = "worlds" if len(self.cube.worlds) > 1 else "replicates"
        settings = len(self.cube.worlds) if unit == "worlds" else len(self.cube.replicates)
        if not candidates:
            return Standing("none", None, (), None, None, (), unit, settings)
        ranked = sorted(candidates, key=self.badness)
        leader = ranked[0]
        over_baseline = {arm: self.contest(arm, baseline, len(ranked)) for arm in ranked}
        rivals = {arm: self.contest(leader, arm, len(ranked) - 1) for arm in ranked[1:]}
        winners = tuple(arm for arm in ranked if over_baseline[arm].clear)
        tied = (leader, *(arm for arm, contest in rivals.items() if not contest.clear))
        finding: Finding
        if not math.isfinite(over_baseline[leader].gain.low):
            finding = "unknown"
        elif leader not in winners:
            finding = "none"
        else:
            finding = "best" if len(tied) == 1 else "tie"
        return Standing(
            finding,
            leader,
            tied,
            over_baseline[leader],
            rivals.get(ranked[1]) if len(ranked) > 1 else None,
            winners,
            unit,
            settings,
        )

    def _badness(self, arm: str) -> FloatArray:
        """Distances from what is wanted, shape (worlds, replicates)."""
        values = self.cube.arm(arm)
        if self.better == "lower":
            return values
        if self.better == "higher":
            return -values
        # The sign of a whole world decides, so that noise around the target does not count as distance.
        wanted = float(self.better)
        signs = np.sign(values.mean(axis=1, keepdims=True) - wanted)
        distances: FloatArray = signs * (values - wanted)
        return distances


@checked
def rank_arms(
    runs: pd.DataFrame,
    outcome: str,
    better: Better,
    baseline: str = "baseline",
    candidates: Sequence[str] | None = None,
    *,
    replication: Replication = "nested",
    level: float = 0.95,
) -> Standing:
    """Say which arm is best on an outcome, and whether it is clearly so.

    One arm is best when it is clearly better than the baseline and than every other candidate; arms that are
    not distinguishable from the best mean tie with it.

    Parameters
    ----------
    runs : DataFrame
        Run table; every arm in every world and replicate.
    outcome : str
        Outcome column.
    better : {"lower", "higher"} or float
        Which way is good, or the number to be near to.
    baseline : str
        The arm that the candidates must beat.
    candidates : sequence of str, optional
        The arms that compete; by default all but the baseline.
    replication : {"crossed", "nested"}
        See :data:`cosim.analysis.resampling.Replication`.
    level : float
        Level at which all intervals of the ranking hold together (Bonferroni), above 0 and below 1.

    Returns
    -------
    Standing

    Raises
    ------
    ConfigError
        An arm or the outcome is not in the table, or an argument is out of range.
    UnusableRunsError
        Runs failed, are missing or not finite.

    Examples
    --------
    >>> import pandas as pd
    >>> from cosim.analysis import rank_arms
    >>> rows = [
    ...     {"world": world, "arm": arm, "replicate": 0, "gini": 0.01 * world + level + 0.001 * (world % 2)}
    ...     for world in range(10)
    ...     for arm, level in [("baseline", 0.4), ("buddy", 0.3), ("round robin", 0.2)]
    ... ]
    >>> runs = pd.DataFrame(rows).assign(run=range(30), point=range(30))
    >>> runs.loc[runs["arm"] == "buddy", "gini"] += 0.002 * (runs["world"] % 3)
    >>> standing = rank_arms(runs, "gini", "lower")
    >>> standing.finding, standing.leader, standing.winners
    ('best', 'round robin', ('round robin', 'buddy'))
    """
    check_level(level)
    check_replication(replication)
    if isinstance(better, str) and better not in ("lower", "higher"):
        raise ConfigError(
            "not a direction", key="better", value=better, allowed="lower, higher or a number",
            nearest=nearest_name(better, ("lower", "higher")),
        )  # fmt: skip
    field = Field(runs, outcome, better, replication, level)
    arms = field.cube.arms
    others = [arm for arm in arms if arm != baseline] if candidates is None else candidates
    for key, given in (("baseline", [baseline]), ("candidates", others)):
        for arm in given:
            if arm not in arms or (key == "candidates" and arm == baseline):
                allowed = ", ".join(name for name in arms if key == "baseline" or name != baseline)
                raise ConfigError(
                    "there is no such arm to rank", key=key, value=arm, allowed=allowed,
                    nearest=nearest_name(arm, arms),
                )  # fmt: skip
    return field.standing(baseline, list(dict.fromkeys(others)))
