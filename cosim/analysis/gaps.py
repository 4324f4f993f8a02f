"""What a comparison shows beside the ranking: gaps closed, who gives, what is worth its cost."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cosim.analysis.checks import checked
from cosim.analysis.intervals import Interval, cluster_bootstrap, paired_interval
from cosim.analysis.pareto import non_dominated
from cosim.analysis.ranking import Contest, Field
from cosim.analysis.resampling import FloatArray, Replication, Resampling, check_replication
from cosim.analysis.tables import KEYS, cube
from cosim.errors import ConfigError, nearest_name

# A baseline this near to an equal share has no gap that could be closed.
_NO_GAP = 0.02
# A way of working helps the public's voice when it closes at least this much of the gap; it helps voice but
# not influence when it closes less than this part as much of the gap in influence.
MATTERS, LAGS_BEHIND = 0.1, 0.25
ROLES = ("researcher", "provider", "policymaker", "public")
"""Roles that can have a parity, in the order in which they are shown."""


@dataclass(frozen=True)
class Gap:
    """How an arm changes the distance of a parity from 1 (an equal share).

    Attributes
    ----------
    mean : float
        Mean parity under the arm.
    difference : Interval
        Paired difference of the parity to the baseline.
    nearer : Contest
        Whether the parity is nearer to 1 than under the baseline.
    closed, low, high : float
        Share of the baseline's gap that is closed, with its interval: 1 closes it, a negative share widens
        it; nan when the baseline has no gap.
    """

    mean: float
    difference: Interval
    nearer: Contest
    closed: float
    low: float
    high: float

    @property
    def closes_some(self) -> bool:
        """Whether a share of the gap that matters is clearly closed."""
        return self.nearer.clear and self.closed >= MATTERS


@checked
def parity_gaps(
    runs: pd.DataFrame, outcome: str, baseline: str = "baseline", replication: Replication = "nested"
) -> dict[str, Gap]:
    """Return how every arm changes the distance of a parity from an equal share.

    Parameters
    ----------
    runs : DataFrame
        Run table; every arm in every world and replicate.
    outcome : str
        Column of a parity: 1 is an equal share.
    baseline : str
        The arm whose gap is to be closed.
    replication : {"crossed", "nested"}
        See :data:`cosim.analysis.resampling.Replication`.

    Returns
    -------
    dict of str to Gap
        By arm, the baseline too.

    Raises
    ------
    ConfigError
        The baseline or the outcome is not in the table.
    UnusableRunsError
        Runs failed, are missing or not finite.

    Examples
    --------
    >>> import pandas as pd
    >>> from cosim.analysis import parity_gaps
    >>> rows = [
    ...     {"world": world, "arm": arm, "replicate": 0, "parity": share + 0.01 * (world % 2)}
    ...     for world in range(8)
    ...     for arm, share in [("baseline", 0.495), ("buddy", 0.745)]
    ... ]
    >>> runs = pd.DataFrame(rows).assign(run=range(16), point=range(16))
    >>> gap = parity_gaps(runs, "parity")["buddy"]
    >>> round(gap.mean, 3), round(gap.closed, 3), gap.closes_some
    (0.75, 0.5, True)
    """
    check_replication(replication)
    field = Field(runs, outcome, 1.0, replication)
    arms = field.cube.arms
    if baseline not in arms:
        raise ConfigError(
            "there is no such arm", key="baseline", value=baseline, allowed=", ".join(arms),
            nearest=nearest_name(baseline, arms),
        )  # fmt: skip
    reference = field.cube.arm(baseline)
    closed = _closed(field.cube.values.mean(axis=2).T, arms.index(baseline))
    found = {}
    for index, arm in enumerate(arms):
        values = field.cube.arm(arm)
        found[arm] = Gap(
            float(values.mean()),
            paired_interval(values - reference, 0.95, replication),
            field.contest(arm, baseline),
            *(float(part[index]) for part in closed),
        )
    return found


def _closed(means: FloatArray, baseline: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Share of the baseline's mean gap that each arm closes, with bootstrap bounds over worlds.

    Parameters
    ----------
    means : ndarray of float, shape (worlds, arms)
        Mean parity.
    baseline : int
        Column of the baseline.
    """

    def statistic(drawn: FloatArray) -> FloatArray:
        left = np.abs(drawn.mean(axis=0) - 1.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            shares: FloatArray = 1.0 - left / left[baseline]
        return shares

    nothing = np.full(means.shape[1], math.nan)
    if abs(float(means[:, baseline].mean()) - 1.0) < _NO_GAP:
        return nothing, nothing, nothing
    if len(means) < 2:
        return statistic(means), nothing, nothing
    return cluster_bootstrap(means, statistic, Resampling(draws=500, seed=1))


@dataclass(frozen=True)
class Heard:
    """Arms by what they do to the public's voice and to its influence.

    Attributes
    ----------
    both : tuple of str
        Close at least `MATTERS` of the gap in voice, and at least `LAGS_BEHIND` times as much of that in
        influence.
    voice_only : tuple of str
        Close at least `MATTERS` of the gap in voice, but less than `LAGS_BEHIND` times as much of that in
        influence, or not clearly any of it.
    influence_only : tuple of str
        Close at least `MATTERS` of the gap in influence without doing so in voice.
    gap_in_voice, gap_in_influence : bool
        Whether there is a gap at the baseline.
    """

    both: tuple[str, ...]
    voice_only: tuple[str, ...]
    influence_only: tuple[str, ...]
    gap_in_voice: bool
    gap_in_influence: bool

    @property
    def nearer_voice(self) -> int:
        """How many arms help the public's voice."""
        return len(self.both) + len(self.voice_only)


def heard(voice: Mapping[str, Gap], influence: Mapping[str, Gap], arms: Sequence[str]) -> Heard:
    """Sort arms by whether they close the public's gap in voice, in influence, or in both."""
    both: list[str] = []
    voice_only: list[str] = []
    influence_only: list[str] = []
    for arm in arms:
        ours, theirs = voice[arm], influence[arm]
        if ours.closes_some:
            follows = theirs.nearer.clear and theirs.closed >= LAGS_BEHIND * ours.closed
            (both if follows else voice_only).append(arm)
        elif theirs.closes_some:
            influence_only.append(arm)
    gap_in_voice = any(math.isfinite(gap.closed) for gap in voice.values())
    gap_in_influence = any(math.isfinite(gap.closed) for gap in influence.values())
    return Heard(tuple(both), tuple(voice_only), tuple(influence_only), gap_in_voice, gap_in_influence)


@dataclass(frozen=True)
class Payer:
    """A role at whose expense an arm lifts the public.

    Attributes
    ----------
    arm, role : str
    public, other : Interval
        Paired differences of the two parities to the baseline.
    before, after : float
        Mean parity of the other role under the baseline and under the arm.
    """

    arm: str
    role: str
    public: Interval
    other: Interval
    before: float
    after: float


def role_differences(
    runs: pd.DataFrame, roles: Sequence[str], baseline: str, replication: Replication
) -> dict[str, dict[str, Interval]]:
    """Return paired differences of every role's influence parity to the baseline: role, then arm."""
    found = {}
    for role in roles:
        table = cube(_slim(runs, role_parity(role)), role_parity(role))
        reference = table.arm(baseline)
        found[role] = {
            arm: paired_interval(table.arm(arm) - reference, 0.95, replication) for arm in table.arms
        }
    return found


# What another role must lose, per seat, to be worth a flag: this much of an equal share, and this share of
# what the public gains. With many worlds, clear differences may be too small to matter to anybody.
LEAST_LOSS, LEAST_PART = 0.01, 0.25


def payers(
    runs: pd.DataFrame, differences: Mapping[str, Mapping[str, Interval]], arms: Sequence[str]
) -> list[Payer]:
    """Return arms that clearly lift the public while another role clearly loses, ending below an equal share.

    A role that gives away what it had beyond an equal share is no flag: that is what equalising means. Nor
    is a loss below `LEAST_LOSS`, or below `LEAST_PART` of what the public gains per seat.
    """
    found = []
    means = {role: _means(runs, role_parity(role)) for role in differences}
    for arm in arms:
        public = differences["public"][arm]
        for role in differences:
            other = differences[role][arm]
            if role == "public" or not (public.low > 0 and other.high < 0):
                continue
            loss, after = -other.estimate, means[role][arm]
            if after < 1.0 and loss >= LEAST_LOSS and loss >= LEAST_PART * public.estimate:
                found.append(Payer(arm, role, public, other, after + loss, after))
    return found


def parity_means(runs: pd.DataFrame, roles: Sequence[str], arm: str) -> dict[str, float]:
    """Return the mean influence parity of every role under one arm."""
    return {role: _means(runs, role_parity(role))[arm] for role in roles}


def roles_in(outcomes: Sequence[str], runs: pd.DataFrame) -> list[str]:
    """Return the roles that have seats in the runs, in the order in which they are shown."""
    there = [role for role in ROLES if role_parity(role) in outcomes]
    return [role for role in there if bool((runs[role_parity(role)] != 0).any())]


def worth_their_cost(table: pd.DataFrame, gains: Mapping[str, float], costs: Sequence[str]) -> list[str]:
    """Return the arms for which no other gives at least as much for no more of any cost.

    Parameters
    ----------
    table : DataFrame
        A row per arm with columns ``arm`` and ``COST_extra``.
    gains : mapping of str to float
        Mean gain of each arm, in the unit of the outcome; only these arms compete.
    costs : sequence of str
        Cost names.
    """
    rows = table.loc[table["arm"].isin(list(gains))]
    if rows.empty or not costs:
        return []
    arms = [str(arm) for arm in rows["arm"]]
    # Common random numbers leave dust in costs that do not differ; it must not decide.
    columns = [np.array([-gains[arm] for arm in arms])]
    columns += [rows[f"{cost}_extra"].round(0).to_numpy(dtype=np.float64) for cost in costs]
    kept = non_dominated(np.column_stack(columns))
    return [arm for arm, keep in zip(arms, kept, strict=True) if keep]


def role_parity(role: str) -> str:
    """Return the outcome that holds a role's influence parity."""
    return f"influence_parity_{role}"


def _means(runs: pd.DataFrame, outcome: str) -> dict[str, float]:
    table = cube(_slim(runs, outcome), outcome)
    return dict(zip(table.arms, table.values.mean(axis=(1, 2)).tolist(), strict=True))


def _slim(runs: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """Leave out the columns that are not looked at: a long table is then not copied for nothing."""
    return runs[[*KEYS, outcome, "error"]]
