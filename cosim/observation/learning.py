"""What a team's talk and views say of the model's numbers: the packaged posterior, weighted by the team.

A draw is a row of the posterior that comes with cosim, floor and influence as they are believed together; the
few numbers of the floor that the team's log tells are drawn from what it leaves possible instead: they are
this team's, whatever others' are. Under each draw the same people are simulated and asked before and after as
the team was. How the statistics of such a survey depend on the numbers is learned by regression; what it
does not explain is the noise of a single team. A draw counts by how likely the team's own statistics are
under it (a synthetic likelihood: Wood 2010, doi 10.1038/nature09319).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cosim.calibration.fitted import fitted
from cosim.calibration.influence import INFLUENCE
from cosim.calibration.posterior import Posterior, weighted_quantile
from cosim.calibration.priors import Priors
from cosim.calibration.simulated_projects import bench_for, patched, run_on
from cosim.mechanisms import agenda
from cosim.meeting_logs.turn_statistics import Floats
from cosim.model.stages.project import WEIGHS
from cosim.observation.team_views import PUBLIC, TeamViews
from cosim.patterns.views import Views, asked_again
from cosim.scenario import Scenario
from cosim.scenario.plan import Plan, resolve

DRAWS: Final = 320
"""Draws that are simulated and weighted."""

MOVED: Final = 0.8
"""A number is moved by the team where its SD falls below this share of what it was."""

SUMMARIES: Final[Mapping[str, str]] = {
    "closed": "Spread closed",
    "shift": "Shift of the group's mean (in SDs of members)",
    "moved": "Size of a move (in SDs of members)",
    "same_order": "Same order of people before and after (r)",
    "apart": "Distance of public and professionals before (in SDs)",
    "drawn": "Group drawn toward the public",
}
"""Statistics that a real and a simulated survey share."""

_LEAST_ITEMS: Final = 5
_FAR: Final = 0.001
_ROOM: Final = 1 << 14
_RIDGE: Final = 1.0


@dataclass(frozen=True)
class Learned:
    """The packaged posterior, weighted by one team.

    Attributes
    ----------
    names : tuple of str
        Dotted keys: the floor's, then those of influence.
    theta : array of shape (M, k)
    weights : array of shape (M,)
        All alike where the team gave no views.
    observed : mapping of str to number
        The team's statistics; empty without views.
    simulated : DataFrame
        A row per draw, a column per statistic.
    far : bool
        Whether the statistics are further from all that the model gives than one team in a thousand.
    """

    names: tuple[str, ...]
    theta: Floats
    weights: Floats
    observed: Mapping[str, float]
    simulated: pd.DataFrame
    far: bool = False

    @property
    def effective_size(self) -> float:
        """Size of an unweighted sample that would be as precise (Kish)."""
        return float(1.0 / np.sum(self.weights**2))

    def draws(self, count: int, seed: int) -> list[dict[str, float]]:
        """Return parameter sets drawn by weight: systematic resampling, each as often as it counts."""
        rng = np.random.default_rng([seed, 43])
        at = (np.arange(count) + rng.random()) / count
        rows = np.minimum(np.searchsorted(np.cumsum(self.weights), at), len(self.weights) - 1)
        return [dict(zip(self.names, self.theta[i].tolist(), strict=True)) for i in rng.permutation(rows)]

    def summary(self) -> pd.DataFrame:
        """Return what views moved.

        Returns
        -------
        DataFrame
            A row per number of influence: parameter, sentence, prior_median, prior_low, prior_high, median,
            low, high (95 %), ratio (SD after over SD before), moved.
        """
        told = {one.prior.name: one.sentence for one in INFLUENCE}
        at = np.array([0.025, 0.5, 0.975])
        rows = []
        for place, name in enumerate(self.names):
            if name not in told:
                continue
            values = self.theta[:, place]
            before = np.quantile(values, at)
            after = weighted_quantile(values, self.weights, at)
            mean = self.weights @ values
            ratio = float(np.sqrt(self.weights @ (values - mean) ** 2) / max(values.std(), 1e-12))
            rows.append(
                (name, told[name], before[1], before[0], before[2], after[1], after[0], after[2], ratio)
            )
        columns = [
            "parameter",
            "sentence",
            "prior_median",
            "prior_low",
            "prior_high",
            "median",
            "low",
            "high",
        ]
        table = pd.DataFrame(rows, columns=[*columns, "ratio"])
        return table.assign(moved=table["ratio"] < MOVED)

    def check(self) -> pd.DataFrame:
        """Return posterior predictive checks: statistic, observed, simulated (mean), low, high, below."""
        rows = []
        for name, seen in self.observed.items():
            values = self.simulated[name].to_numpy(float)
            kept = np.isfinite(values)
            weights = self.weights[kept] / self.weights[kept].sum()
            low, high = weighted_quantile(values[kept], weights, np.array([0.025, 0.975]))
            below = min(float(weights @ (values[kept] < seen)), 1.0)  # weights add up to 1 but for rounding
            rows.append((name, seen, float(weights @ values[kept]), float(low), float(high), below))
        return pd.DataFrame(rows, columns=["statistic", "observed", "simulated", "low", "high", "below"])


def learn(
    scenario: Scenario,
    floor: Posterior,
    lengths: Mapping[str, float],
    views: TeamViews | None,
    *,
    changes: Mapping[str, float] | None = None,
    corpus: str = "icsi",
    seed: int = 1,
    draws: int = DRAWS,
) -> Learned:
    """Weight the packaged posterior by a team's views.

    Parameters
    ----------
    scenario : Scenario
        The team's project.
    floor : Posterior
        Of the team's log.
    lengths : mapping of dotted key to number
        Turn lengths, read off the log.
    views : TeamViews, optional
        Without them all draws count alike.
    changes : mapping of dotted key to number, optional
        Parameters that differ from the defaults and are not fitted.
    corpus : str
        Whose kind of meeting the team's are, for what of the floor its log does not tell.
    seed, draws : int
    """
    rows = [
        {**(changes or {}), **usual, **lengths, **dict(zip(floor.names, own, strict=True))}
        for usual, own in zip(
            fitted().sets(corpus, draws, seed + 1), floor.resample(draws, seed).tolist(), strict=True
        )
    ]
    names, theta = tuple(rows[0]), np.array([list(row.values()) for row in rows])
    alike = np.full(draws, 1.0 / draws)
    if views is None:
        return Learned(names, theta, alike, {}, pd.DataFrame())
    simulated = survey_table(scenario, names, theta, len(views.blocks.blocks), views.retest, seed)
    observed = observed_summaries(views)
    used = [name for name, value in observed.items() if np.isfinite(value) and simulated[name].notna().all()]
    seen = np.array([observed[name] for name in used])
    logs, far = _likelihood(simulated[used].to_numpy(float), theta, names, seen)
    weights = np.exp(logs - logs.max())
    shown = {name: observed[name] for name in used}
    return Learned(names, theta, weights / weights.sum(), shown, simulated, far)


def _likelihood(simulated: Floats, theta: Floats, names: Sequence[str], seen: Floats) -> tuple[Floats, bool]:
    """Return the log likelihood of the team under each draw, and whether it is far from all of them."""
    x = predictors(theta, names)
    fitted, rest = regressed(x, simulated)
    freedom = max(len(x) - x.shape[1], 1)
    covariance = rest.T @ rest / freedom
    covariance = covariance + 1e-9 * np.eye(len(covariance))
    apart = np.linalg.solve(np.linalg.cholesky(covariance), (seen - fitted).T)
    square = (apart**2).sum(axis=0)
    from scipy.stats import chi2

    return -0.5 * square, bool(square.min() > chi2.ppf(1.0 - _FAR, len(seen)))


def predictors(theta: Floats, names: Sequence[str]) -> Floats:
    """Return a constant, every number and the square of those of influence, in units of their priors."""
    priors = {one.prior.name: one.prior for one in INFLUENCE}
    columns = [np.ones(len(theta))]
    for place, name in enumerate(names):
        values = theta[:, place]
        if values.std() < 1e-12:
            continue
        if name in priors:
            z = Priors([priors[name]]).standard(values[:, None])[:, 0]
            columns += [z - z.mean(), (z - z.mean()) ** 2]
        else:
            columns.append((values - values.mean()) / values.std())
    return np.column_stack(columns)


def regressed(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Return fitted values and residuals of a slightly ridged regression of every column of `y`."""
    ridge = _RIDGE * np.eye(x.shape[1])
    ridge[0, 0] = 0.0
    beta = np.linalg.solve(x.T @ x + ridge, x.T @ y)
    fitted = x @ beta
    return np.asarray(fitted), np.asarray(y - fitted)


# ---------------------------------------------------------------- surveys


def observed_summaries(views: TeamViews) -> dict[str, float]:
    """Return the statistics of the team's own survey."""
    before, after = views.blocks.dense()
    groups = [_is_public(views, role) for role in views.blocks.roles]
    public = np.array([groups[one] for one in views.blocks.role_of], dtype=bool)
    return summaries(before, after, public)


def _is_public(views: TeamViews, role: str) -> bool:
    if not len(views.gaps):
        return False
    return bool((views.gaps[views.gaps["role"] == role]["group"] == PUBLIC).any())


def survey_table(
    scenario: Scenario, names: Sequence[str], theta: Floats, items: int, retest: float, seed: int
) -> pd.DataFrame:
    """Simulate a survey of so many items under each parameter set; a row each, a column per statistic."""
    plan = resolve(scenario)[0]
    rows = [
        _survey(plan, dict(zip(names, row, strict=True)), items, retest, seed + place)
        for place, row in enumerate(theta.tolist())
    ]
    return pd.DataFrame(rows)


def _survey(
    plan: Plan, changes: Mapping[str, float], items: int, retest: float, seed: int
) -> dict[str, float]:
    changed = patched(plan, changes)
    d, options = changed.meetings[0], int(changed.phases[0]["options"])
    kept = int(agenda.slots(d["talk_minutes"], d["agenda_minutes_per_item"], options))
    bench = bench_for(changed, _ROOM)
    parts = []
    for replicate in range(max(1, -(-items // max(kept, 1)))):
        one = run_on(bench, replicate, seed)
        at = np.sort(one.state.agenda[:kept])
        weighs = one.state.traits[:, WEIGHS : WEIGHS + 4]
        after = np.einsum("ik,oki->io", weighs, one.state.belief)[:, at]
        parts.append((one.state.views_before[:, at].copy(), after.copy()))
    before, after = (np.concatenate([part[side] for part in parts], axis=1)[None] for side in (0, 1))
    n = before.shape[1]
    views = Views(before, after, np.zeros(1, dtype=np.int64), np.ones((1, n)), np.zeros((1, n)))
    if retest < 1.0:
        views = asked_again(views, retest, np.random.default_rng([seed, 47]))
    public = np.asarray(changed.is_public, dtype=bool)
    return summaries(views.before[0].T[:items], views.after[0].T[:items], public)


def summaries(before: Floats, after: Floats, public: np.ndarray) -> dict[str, float]:
    """Return `SUMMARIES` of views, shape (items, people), NaN where there is no answer."""
    known = ~np.isnan(before) & ~np.isnan(after)
    first, last = (np.where(known, one, np.nan) for one in (before, after))
    rows = known.sum(axis=1) > 2
    first, last = first[rows], last[rows]
    if not len(first):
        return dict.fromkeys(SUMMARIES, float("nan"))
    spread = float(np.nanstd(first, axis=1, ddof=1).mean())
    mean = np.nanmean(first, axis=1)
    shift = np.nanmean(last, axis=1) - mean
    x, y = first - mean[:, None], last - np.nanmean(last, axis=1)[:, None]
    size = float(np.sqrt(np.nansum(x**2) * np.nansum(y**2)))
    found = {
        "closed": 1.0 - float(np.nanstd(last, axis=1, ddof=1).mean()) / max(spread, 1e-9),
        "shift": float(np.abs(shift).mean()) / max(spread, 1e-9),
        "moved": float(np.nanmean(np.abs(last - first))) / max(spread, 1e-9),
        "same_order": float(np.nansum(x * y)) / size if size > 1e-12 else float("nan"),
        "apart": float("nan"),
        "drawn": float("nan"),
    }
    here = known[rows]
    both = here[:, public].any(axis=1) & here[:, ~public].any(axis=1)
    if public.any() and not public.all() and both.sum() >= _LEAST_ITEMS:
        theirs = np.nanmean(first[both][:, public], axis=1)
        found["apart"] = float(np.abs(theirs - np.nanmean(first[both][:, ~public], axis=1)).mean()) / spread
        lean = theirs - mean[both]
        lean, to = lean - lean.mean(), shift[both] - shift[both].mean()
        square = float(lean @ lean)
        found["drawn"] = float(lean @ to) / square if square > 1e-12 else float("nan")
    return found
