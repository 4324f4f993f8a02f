"""The published fit: a weighted sample (posterior.csv), and how it came about (fit.yaml)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cosim.calibration.abc_smc import Fit, Settings
from cosim.calibration.calibration import FREE, aims, changes_for
from cosim.calibration.emulator import ROUNDS
from cosim.calibration.posterior import Posterior, read_posterior
from cosim.config.error_messages import config_errors_from_pydantic
from cosim.config.yaml_source import read_yaml
from cosim.errors import ConfigError
from cosim.version import __version__

_SAMPLE, _ABOUT = "posterior.csv", "fit.yaml"


class Estimate(BaseModel):
    """What is believed of one parameter: median and 95 % interval."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    median: float
    low: float
    high: float


class About(BaseModel):
    """How a fit came about.

    Attributes
    ----------
    date : date
    version : str
        Of cosim.
    corpora, patterns : list of str
        Of the targets.
    targets : int
        Numbers that were to be met, shares by rank each counted.
    seed, particles, generations, simulations : int
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


def about_fit(fit: Fit, settings: Settings, draws: int, date: datetime.date) -> About:
    """Return how a fit of all targets came about."""
    every = aims()
    corpora = list(dict.fromkeys(aim.corpus for aim in every))
    names = list(dict.fromkeys(aim.pattern.id for aim in every))
    return about_sample(fit, settings, draws, date, (corpora, names))


def about_sample(
    fit: Fit,
    settings: Settings,
    draws: int,
    date: datetime.date,
    told: tuple[list[str], list[str]],
    rounds: int = ROUNDS,
) -> About:
    """Return how a fit came about; `told` are the corpora (or surveys) and patterns of its targets."""
    posterior = rounded(fit.posterior)
    table = posterior.summary().set_index("parameter").round(4)
    return About(
        date=date,
        version=__version__,
        corpora=told[0],
        patterns=told[1],
        targets=len(fit.observed),
        seed=settings.seed,
        particles=len(posterior.weights),
        generations=len(fit.history),
        simulations=int(fit.history["simulations"].sum()) + rounds * draws,
        emulator=draws,
        tolerance=round(float(fit.distances.max()), 4),
        effective_size=round(posterior.effective_size, 1),
        effective_parameters=round(posterior.effective_parameters(fit.priors), 2),
        stopped=fit.stopped,
        estimates={
            str(name): Estimate(median=float(row["median"]), low=float(row["low"]), high=float(row["high"]))
            for name, row in table.iterrows()
        },
    )


def rounded(posterior: Posterior) -> Posterior:
    """Return a sample as it is published: parameters to six digits, weights to seven, adding up to 1."""
    weights = np.round(posterior.weights, 7)
    weights[int(weights.argmax())] += 1.0 - weights.sum()
    return Posterior(posterior.names, np.round(posterior.theta, 6), weights)


def write_fitted(posterior: Posterior, about: About, folder: Path) -> None:
    """Write a fit into a folder: the sample, rounded, and how it came about."""
    folder.mkdir(parents=True, exist_ok=True)
    rounded(posterior).write(folder / _SAMPLE)
    (folder / _ABOUT).write_text(written(about, _SAMPLE), encoding="utf-8")


def written(about: About, sample: str) -> str:
    """Return how a fit came about as YAML; `sample` is the file beside it."""
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
    return _shipped() if folder is None else _read(folder)


@cache
def _shipped() -> Fitted:
    return _read(Path(__file__).parent)


def _read(folder: Path) -> Fitted:
    posterior = read_posterior(folder / _SAMPLE)
    source = read_yaml(folder / _ABOUT)
    try:
        about = About.model_validate(source.data)
    except ValidationError as error:
        raise config_errors_from_pydantic(error, source, About) from error
    names: list[Any] = [one.prior.name for one in FREE]
    if list(posterior.names) != names:
        told = "the fit is about other parameters than those that are free"
        raise ConfigError(told, file=folder / _SAMPLE, value=list(posterior.names), allowed=", ".join(names))
    return Fitted(posterior, about)
