"""The published fit of influence: a weighted sample, how it came about, and both halves together."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from pydantic import ValidationError

from cosim.calibration.abc_smc import Fit, Settings
from cosim.calibration.fitted import About, fitted
from cosim.calibration.fitted.fitted import about_sample, rounded, written
from cosim.calibration.influence import INFLUENCE, view_aims
from cosim.calibration.posterior import Posterior, read_posterior
from cosim.calibration.priors import Priors
from cosim.calibration.refit import INFLUENCE_ROUNDS
from cosim.config.error_messages import config_errors_from_pydantic
from cosim.config.yaml_source import read_yaml
from cosim.errors import ConfigError

_SAMPLE, _ABOUT = "influence.csv", "influence.yaml"
MOVED: Final = 0.7
"""A number is moved by the evidence where its posterior SD is below this share of its prior's."""


@dataclass(frozen=True)
class FittedInfluence:
    """A fit of influence that was published.

    Attributes
    ----------
    posterior : Posterior
        A column for each of `influence.INFLUENCE`.
    about : About
        Its corpora are the surveys.
    """

    posterior: Posterior
    about: About

    def medians(self) -> dict[str, float]:
        """Return the median of every free number."""
        return {name: self.posterior.median(name) for name in self.posterior.names}

    def learned(self) -> pd.DataFrame:
        """Return how far the evidence has narrowed each number.

        Returns
        -------
        DataFrame
            A row per number: parameter, median, low, high (95 %), ratio (SD of the posterior over that of the
            prior, both where the prior is standard normal), moved.
        """
        priors = Priors([one.prior for one in INFLUENCE])
        standard = priors.standard(self.posterior.theta)
        mean = self.posterior.weights @ standard
        spread = np.sqrt(self.posterior.weights @ (standard - mean) ** 2)
        table = self.posterior.summary()[["parameter", "median", "low", "high"]]
        return table.assign(ratio=spread, moved=spread < MOVED)

    def joint(self, draws: int, seed: int) -> pd.DataFrame:
        """Return parameter sets of floor and influence together, a column per number.

        The floor's rows are drawn from its own posterior: views before and after have not changed it.
        """
        floor = fitted().posterior
        both = np.column_stack([floor.resample(draws, seed), self.posterior.resample(draws, seed + 1)])
        return pd.DataFrame(both, columns=[*floor.names, *self.posterior.names])


def about_influence(fit: Fit, settings: Settings, draws: int, date: datetime.date) -> About:
    """Return how a fit of influence came about."""
    every = view_aims()
    surveys = list(dict.fromkeys(aim.survey for aim in every))
    names = list(dict.fromkeys(aim.pattern.id for aim in every))
    return about_sample(fit, settings, draws, date, (surveys, names), INFLUENCE_ROUNDS)


def write_influence(posterior: Posterior, about: About, folder: Path) -> None:
    """Write a fit of influence into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rounded(posterior).write(folder / _SAMPLE)
    (folder / _ABOUT).write_text(written(about, _SAMPLE), encoding="utf-8")


def fitted_influence(folder: Path | None = None) -> FittedInfluence:
    """Return the fit of influence that comes with cosim, or one that was written elsewhere.

    Raises
    ------
    ConfigError
        When a file is missing, broken, or about other numbers than those that are free.
    """
    return _shipped() if folder is None else _read(folder)


@cache
def _shipped() -> FittedInfluence:
    return _read(Path(__file__).parent / "fitted")


def _read(folder: Path) -> FittedInfluence:
    posterior = read_posterior(folder / _SAMPLE)
    source = read_yaml(folder / _ABOUT)
    try:
        about = About.model_validate(source.data)
    except ValidationError as error:
        raise config_errors_from_pydantic(error, source, About) from error
    names = [one.prior.name for one in INFLUENCE]
    if list(posterior.names) != names:
        told = "the fit is about other parameters than those that are free"
        raise ConfigError(told, file=folder / _SAMPLE, value=list(posterior.names), allowed=", ".join(names))
    return FittedInfluence(posterior, about)
