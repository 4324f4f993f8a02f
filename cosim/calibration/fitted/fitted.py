"""The published fit: a weighted sample of all its numbers (posterior.csv), and how it came about (fit.yaml).

Beside it lies what was believed of the floor once it was fitted to turn logs, before views were looked at
(logs.csv, logs.yaml): the prior of the second step.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cosim.calibration.abc_smc import Fit, Settings
from cosim.calibration.calibration import FREE, Free, aims, changes_for
from cosim.calibration.influence import EVERY, INFLUENCE, view_aims
from cosim.calibration.posterior import Posterior, read_posterior
from cosim.calibration.priors import Priors
from cosim.config.error_messages import config_errors_from_pydantic
from cosim.config.yaml_source import read_yaml
from cosim.errors import ConfigError
from cosim.version import __version__

_JOINT: Final = ("posterior.csv", "fit.yaml")
_LOGS: Final = ("logs.csv", "logs.yaml")
MOVED: Final = 0.7
"""A number is moved by the evidence where its posterior SD is below this share of its prior's."""


class Estimate(BaseModel):
    """What is believed of one parameter: median with its Monte Carlo error, and 95 % interval."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    median: float
    low: float
    high: float
    error: float = Field(0.0, ge=0.0)


class About(BaseModel):
    """How a fit came about.

    Attributes
    ----------
    date : date
    version : str
        Of cosim.
    corpora, patterns : list of str
        Of the targets; surveys, too, are told as corpora.
    targets : int
        Numbers that were to be met, shares by rank each counted.
    seed, particles, generations, simulations : int
        Of the last step; the simulations are those of all steps.
    emulator : int
        Simulations of each round in which an emulator was learned that sharpened the sample; 0 for none.
    tolerance : float
        Largest distance of an accepted simulation: root mean square over the targets, each in units of its
        tolerance. A perfect model would not reach 0, since the real corpora are small.
    effective_size, effective_parameters : float
        See `Posterior`.
    stopped : str
    estimates : mapping of parameter to Estimate
        The sample's, for readers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    date: datetime.date
    version: str
    corpora: list[str]
    patterns: list[str]
    targets: int = Field(ge=1)
    seed: int = Field(ge=1)
    particles: int
    generations: int
    simulations: int
    emulator: int = 0
    tolerance: float
    effective_size: float
    effective_parameters: float
    stopped: str
    estimates: dict[str, Estimate]


@dataclass(frozen=True)
class Fitted:
    """A fit that was published.

    Attributes
    ----------
    posterior : Posterior
        A row holds numbers that are believed together: none is ever taken from another row.
    about : About
    """

    posterior: Posterior
    about: About

    def medians(self) -> dict[str, float]:
        """Return the median of every free parameter, by the fit's names."""
        return {name: self.posterior.median(name) for name in self.posterior.names}

    def changes(self, corpus: str, values: Mapping[str, float] | None = None) -> dict[str, float]:
        """Return the scenario's parameters for a corpus, by default at the medians."""
        return changes_for(corpus, self.medians() if values is None else values)

    def draws(self, count: int, seed: int = 1) -> list[dict[str, float]]:
        """Return parameter sets drawn from the posterior."""
        rows = self.posterior.resample(count, seed)
        return [dict(zip(self.posterior.names, row.tolist(), strict=True)) for row in rows]

    def sets(self, corpus: str, count: int, seed: int = 1) -> list[dict[str, float]]:
        """Return what rows drawn from the posterior change in scenarios like a corpus's, by dotted keys."""
        return [changes_for(corpus, row, EVERY) for row in self.draws(count, seed)]

    def learned(self) -> pd.DataFrame:
        """Return how far the evidence has narrowed each number.

        Returns
        -------
        DataFrame
            A row per number: parameter, median, low, high (95 %), ratio (SD of the posterior over that of the
            prior, both where the prior is standard normal), moved.
        """
        free = {one.prior.name: one.prior for one in EVERY}
        priors = Priors([free[name] for name in self.posterior.names])
        standard = priors.standard(self.posterior.theta)
        mean = self.posterior.weights @ standard
        spread = np.sqrt(self.posterior.weights @ (standard - mean) ** 2)
        table = self.posterior.summary()[["parameter", "median", "low", "high"]]
        return table.assign(ratio=spread, moved=spread < MOVED)

    def since(self, logs: Posterior) -> pd.DataFrame:
        """Return what views before and after have changed of what turn logs had said of the floor.

        Returns
        -------
        DataFrame
            A row per number of the floor: parameter, logs (median), both (median), shift (of the mean, in SDs
            of what logs say), ratio (of the SDs).
        """
        rows = []
        for one, name in enumerate(logs.names):
            place = self.posterior.names.index(name)
            before, after = (
                float(np.sqrt(each.covariance()[at, at]))
                for each, at in ((logs, one), (self.posterior, place))
            )
            rows.append(
                {
                    "parameter": name,
                    "logs": logs.median(name),
                    "both": self.posterior.median(name),
                    "shift": float(self.posterior.mean()[place] - logs.mean()[one]) / before,
                    "ratio": after / before,
                }
            )
        return pd.DataFrame(rows)

    def between(self) -> pd.DataFrame:
        """Return the correlations of the floor's numbers (rows) with those of influence (columns)."""
        whole = self.posterior.correlation()
        return whole.loc[[one.prior.name for one in FREE], [one.prior.name for one in INFLUENCE]]


def about_logs(fit: Fit, settings: Settings, draws: int, date: datetime.date) -> About:
    """Return how the fit of the floor to turn logs came about."""
    every = aims()
    corpora = list(dict.fromkeys(aim.corpus for aim in every))
    names = list(dict.fromkeys(aim.pattern.id for aim in every))
    return _about(fit, settings, draws, date, (corpora, names))


def about_joint(fit: Fit, settings: Settings, draws: int, date: datetime.date, logs: About) -> About:
    """Return how the fit of all numbers came about; `logs` is how its first step did."""
    every = view_aims()
    surveys = list(dict.fromkeys(aim.survey for aim in every))
    names = list(dict.fromkeys(aim.pattern.id for aim in every))
    found = _about(fit, settings, draws, date, (logs.corpora + surveys, logs.patterns + names))
    more = {"targets": logs.targets + found.targets, "simulations": logs.simulations + found.simulations}
    return found.model_copy(update=more)


def _about(
    fit: Fit,
    settings: Settings,
    draws: int,
    date: datetime.date,
    told: tuple[list[str], list[str]],
) -> About:
    posterior = rounded(fit.posterior)
    table = posterior.summary().set_index("parameter")
    table = table.assign(error=0.0 if fit.error is None else fit.error).round(4)
    return About(
        date=date,
        version=__version__,
        corpora=told[0],
        patterns=told[1],
        targets=len(fit.observed),
        seed=settings.seed,
        particles=len(posterior.weights),
        generations=len(fit.history),
        simulations=int(fit.history["simulations"].sum()) + fit.emulated,
        emulator=draws,
        tolerance=round(float(fit.distances.max()), 4),
        effective_size=round(posterior.effective_size, 1),
        effective_parameters=round(posterior.effective_parameters(Priors(fit.priors.priors)), 2),
        stopped=fit.stopped,
        estimates={
            str(name): Estimate(**{key: float(row[key]) for key in ("median", "low", "high", "error")})
            for name, row in table.iterrows()
        },
    )


def rounded(posterior: Posterior) -> Posterior:
    """Return a sample as it is published: parameters to six digits, weights to seven, adding up to 1."""
    weights = np.round(posterior.weights, 7)
    weights[int(weights.argmax())] += 1.0 - weights.sum()
    return Posterior(posterior.names, np.round(posterior.theta, 6), weights)


def write_fitted(posterior: Posterior, about: About, folder: Path) -> None:
    """Write a fit of all numbers into a folder: the sample, rounded, and how it came about."""
    _write(posterior, about, folder, _JOINT)


def write_logs_alone(posterior: Posterior, about: About, folder: Path) -> None:
    """Write a fit of the floor to turn logs."""
    _write(posterior, about, folder, _LOGS)


def _write(posterior: Posterior, about: About, folder: Path, names: tuple[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rounded(posterior).write(folder / names[0])
    (folder / names[1]).write_text(_written(about, names[0]), encoding="utf-8")


def _written(about: About, sample: str) -> str:
    told = about.model_dump(mode="json")
    lines = [
        f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in told.items() if key != "estimates"
    ]
    lines += ["estimates:"]
    lines += [f"  {name}: {json.dumps(one)}" for name, one in told["estimates"].items()]
    return f"# Written by experiments/calibrate.py; the sample is in {sample}.\n" + "\n".join(lines) + "\n"


def fitted(folder: Path | None = None) -> Fitted:
    """Return the fit that comes with cosim, or one that was written elsewhere.

    Raises
    ------
    ConfigError
        When a file is missing, broken, or about other parameters than those that are free.
    """
    return _shipped(_JOINT, EVERY) if folder is None else _read(folder, _JOINT, EVERY)


def logs_alone(folder: Path | None = None) -> Fitted:
    """Return what was believed of the floor once it was fitted to turn logs, before the views were looked at.

    Raises
    ------
    ConfigError
        As of `fitted`.
    """
    return _shipped(_LOGS, FREE) if folder is None else _read(folder, _LOGS, FREE)


@cache
def _shipped(names: tuple[str, str], free: tuple[Free, ...]) -> Fitted:
    return _read(Path(__file__).parent, names, free)


def _read(folder: Path, names: tuple[str, str], free: Sequence[Free]) -> Fitted:
    posterior = read_posterior(folder / names[0])
    source = read_yaml(folder / names[1])
    try:
        about = About.model_validate(source.data)
    except ValidationError as error:
        raise config_errors_from_pydantic(error, source, About) from error
    wanted = [one.prior.name for one in free]
    if list(posterior.names) != wanted:
        told = "the fit is about other parameters than those that are free"
        allowed = ", ".join(wanted)
        raise ConfigError(told, file=folder / names[0], value=list(posterior.names), allowed=allowed)
    return Fitted(posterior, about)
