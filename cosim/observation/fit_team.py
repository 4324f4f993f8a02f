"""A team's own floor parameters, estimated from its meeting log by approximate Bayesian computation.

Few are free: how much people differ in how readily they speak, how readily the floor returns, and, where
somebody leads, how much leading counts. Everything else stays at its default. Turn lengths are read off the
log. The priors are wide on purpose, wider than the calibration's: a team may be unlike the meetings that the
defaults were found on, and what a short meeting cannot tell should stay open.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.calibration.abc_smc import Fit, Settings, fit
from cosim.calibration.posterior import Posterior
from cosim.calibration.priors import Prior, Priors
from cosim.errors import ConfigError
from cosim.meeting_logs.summaries import turn_lengths
from cosim.meeting_logs.turn_statistics import Floats
from cosim.observation.matched_simulations import LEAD_TURNS, AlikeLogs
from cosim.observation.own_team import OwnTeams
from cosim.scenario import parameters

SPREAD: Final = "floor.talkativeness_spread"
RETURNING: Final = "floor.returning"
LEADING: Final = "standing.leadership_salience"

PRIORS: Final = (Prior(SPREAD, 0.1, 1.5), Prior(RETURNING, -0.8, 7.0), Prior(LEADING, 0.0, 1.0))
"""What is believed before the log speaks. A return factor below 0 is met in written chat."""

LEAST_TURNS: Final = 30
"""Floor turns below which a log is too short to fit anything."""

SUMMARIES: Final = ("gini_turns", "top_turn_share", "aba", "aba_expected")
"""What simulated logs must share with the real one; also the lead's relative turns, where one leads."""

_LENGTHS: Final = ("speech.words_log_mean", "speech.words_log_sd")
_STEPS: Final = 300
_PARTICLES: Final = 400
MOST_WORK: Final = 12_000
"""Of a log that is longer than this, a part of its meetings is fitted."""

_WORK_IN_ALL: Final = 24_000_000
_LEAST_SIMULATIONS, _MOST_SIMULATIONS = 2_000, 8_000


@dataclass(frozen=True)
class TeamFit:
    """What a log says of its team's floor.

    Attributes
    ----------
    posterior : Posterior
        Corrected for the distance that is left.
    fit : Fit
        The sampler's own result, with its history.
    priors : Priors
    lengths : mapping of dotted key to number
        Turn lengths, read off the log.
    observed : mapping of str to number
        The summaries that were fitted.
    simulations : int
    meetings : int
        How many were fitted.
    usual : mapping of str to number
        What the model takes for each fitted parameter where nothing is fitted.
    """

    posterior: Posterior
    fit: Fit
    priors: Priors
    lengths: Mapping[str, float]
    observed: Mapping[str, float]
    simulations: int
    meetings: int
    usual: Mapping[str, float]

    def summary(self) -> pd.DataFrame:
        """Return a row per parameter: parameter, median, low, high (95 %), prior_low, prior_high, default."""
        table = self.posterior.summary()[["parameter", "median", "low", "high"]]
        held = {prior.name: prior for prior in self.priors.priors}
        table["prior_low"] = [held[str(name)].low for name in table["parameter"]]
        table["prior_high"] = [held[str(name)].high for name in table["parameter"]]
        table["default"] = [self.usual[str(name)] for name in table["parameter"]]
        return table

    def draws(self, count: int, seed: int) -> list[dict[str, float]]:
        """Return parameter sets drawn from the posterior, turn lengths with each."""
        drawn = self.posterior.resample(count, seed)
        return [
            {**self.lengths, **dict(zip(self.posterior.names, row, strict=True))} for row in drawn.tolist()
        ]


def fit_team(
    teams: OwnTeams,
    *,
    changes: Mapping[str, float] | None = None,
    seed: int = 1,
    simulations: int | None = None,
    report: Callable[[dict[str, float]], None] | None = None,
) -> TeamFit:
    """Estimate the floor parameters of a log's team (of all its teams together, if there are several).

    Parameters
    ----------
    teams : OwnTeams
    changes : mapping of dotted key to number, optional
        Parameters that differ from the defaults and are not fitted.
    seed : int
    simulations : int, optional
        At most so many; by default as many as take half a minute or so.
    report : callable, optional
        Told each generation's row of the sampler's history.

    Raises
    ------
    ConfigError
        When the log is a tally, or has fewer than 30 floor turns, or no meeting of 11.
    """
    seen = check_fit(teams)
    lengths = _lengths(teams)
    alike = AlikeLogs(teams, {**(changes or {}), **lengths})
    priors = Priors([prior for prior in PRIORS if prior.name != LEADING or teams.lead is not None])
    found = fit(
        _Simulator(alike, priors, tuple(seen)),
        priors,
        np.array(list(seen.values())),
        Settings(
            particles=_PARTICLES,
            quantile=0.5,
            generations=8,
            simulations=simulations or _budget(alike.work),
            acceptance=0.02,
            block=100,
            seed=seed,
        ),
        report=report,
    )
    used = int(found.history["simulations"].sum())
    usual = {name: (changes or {}).get(name, _default(name)) for name in priors.names}
    return TeamFit(found.adjusted(), found, priors, lengths, seen, used, alike.meetings, usual)


def check_fit(teams: OwnTeams) -> dict[str, float]:
    """Return what is fitted of a log: its summaries by name.

    Raises
    ------
    ConfigError
        When the log is a tally, or has fewer than 30 floor turns, or no meeting of 11.
    """
    log, alike = teams.read(), AlikeLogs(teams)
    log.require_order("fitting a team's floor")
    if alike.turns < LEAST_TURNS:
        told = f"the log {log.name} is too short to fit: it has {alike.turns} floor turns"
        raise ConfigError(told, key="--fit", allowed=f"{LEAST_TURNS} or more")
    names = [*SUMMARIES, *([LEAD_TURNS] if teams.lead is not None else [])]
    seen = {name: value for name, value in alike.observed().items() if name in names}
    if any(math.isnan(value) for value in seen.values()):
        told = f"the log {log.name} is too short to fit: no meeting says who follows whom"
        raise ConfigError(told, key="--fit", allowed="a meeting of 11 floor turns or more")
    return seen


@dataclass(frozen=True)
class _Simulator:
    alike: AlikeLogs
    priors: Priors
    names: tuple[str, ...]

    def __call__(self, theta: Floats, seeds: NDArray[np.int64], /) -> Floats:
        rows = []
        for values, seed in zip(theta.tolist(), seeds.tolist(), strict=True):
            found = self.alike.once(dict(zip(self.priors.names, values, strict=True)), seed)
            rows.append([found[name] for name in self.names])
        return np.array(rows)


def _budget(work: float) -> int:
    return int(np.clip(_WORK_IN_ALL // work, _LEAST_SIMULATIONS, _MOST_SIMULATIONS))


def _default(key: str) -> float:
    return float(next(record.default for record in parameters() if record.key == key))


def _lengths(teams: OwnTeams) -> dict[str, float]:
    """Return mean and SD of the log words of a turn, within what the model allows."""
    found = turn_lengths(teams.read(), teams.least)
    records = {record.key: record for record in parameters() if record.key in _LENGTHS}
    mean, sd = untruncated(found.log_mean, found.log_sd, math.log(max(teams.least - 0.5, 0.5)))
    kept = {}
    for key, value in zip(_LENGTHS, (mean, sd), strict=True):
        low, high = records[key].allowed
        kept[key] = float(np.clip(value, low, high)) if math.isfinite(value) else float(records[key].default)
    return kept


def untruncated(mean: float, sd: float, cut: float) -> tuple[float, float]:
    """Return mean and SD of a normal distribution of which only what lies above `cut` was seen.

    Short utterances are dropped from a log, and so are a simulated log's; the model's own lengths are those
    before. Moments of the truncated normal distribution are matched by fixed-point iteration.

    Parameters
    ----------
    mean, sd : float
        Of what was seen.
    cut : float

    Returns
    -------
    tuple of float
        NaN where the SD is not known.
    """
    from scipy.special import log_ndtr

    if not (math.isfinite(sd) and sd > 0.0):
        return mean, math.nan
    mu, sigma = mean, sd
    for _ in range(_STEPS):
        at = (cut - mu) / sigma
        hazard = math.exp(-at * at / 2.0 - float(log_ndtr(-at))) / math.sqrt(2.0 * math.pi)
        spread = max(1.0 + at * hazard - hazard * hazard, 0.01)
        mu = float(np.clip(mu + mean - (mu + sigma * hazard), mean - 2.0 * sd, mean))
        sigma = float(np.clip(sigma * sd / (sigma * math.sqrt(spread)), sd, 2.0 * sd))
    return mu, sigma
