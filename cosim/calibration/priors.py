"""What is believed of a parameter before the data speak."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cosim.errors import ConfigError

Floats = NDArray[np.float64]

_END = 8.0  # standard values beyond this do not occur


@dataclass(frozen=True, slots=True)
class Prior:
    """The prior of one parameter.

    Attributes
    ----------
    name : str
        For calibration, the dotted key of a scenario's parameter.
    low, high : float
        Uniform between these; log-uniform (both above 0) if `kind` says so. For a normal prior `low` and
        `high` are its 2.5 % and 97.5 % points, and it has no bounds.
    kind : {"uniform", "log_uniform", "normal"}
    """

    name: str
    low: float
    high: float
    kind: Literal["uniform", "log_uniform", "normal"] = "uniform"

    def __post_init__(self) -> None:
        if self.kind not in ("uniform", "log_uniform", "normal"):
            allowed = "uniform, log_uniform, normal"
            raise ConfigError("not a kind of prior", key=self.name, value=self.kind, allowed=allowed)
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ConfigError(
                "a prior needs two numbers, the lower first", key=self.name, value=[self.low, self.high]
            )
        if self.kind == "log_uniform" and self.low <= 0.0:
            raise ConfigError("a log-uniform prior lies above 0", key=self.name, value=self.low)


class Priors:
    """Independent priors, and the space in which each of them is a standard normal distribution.

    Samplers and regressions work in that space (`standard`), where nothing has bounds.

    Parameters
    ----------
    priors : sequence of Prior
        At least one, names unlike.
    """

    def __init__(self, priors: Sequence[Prior]) -> None:
        self.priors = tuple(priors)
        self.names = tuple(prior.name for prior in self.priors)
        self.updated = 0
        """How many of them, the first, other data have updated; see `UpdatedPriors`."""
        if not self.priors:
            raise ConfigError("there is no parameter to fit")
        for name in self.names:
            if self.names.count(name) > 1:
                raise ConfigError("two priors are about one parameter", key=name)

    def __len__(self) -> int:
        return len(self.priors)

    def values(self, standard: Floats) -> Floats:
        """Return parameter values from standard ones; shape (m, k) gives (m, k)."""
        from scipy.special import ndtr

        theta = np.empty_like(standard)
        for column, prior in enumerate(self.priors):
            z = standard[:, column]
            if prior.kind == "normal":
                theta[:, column] = (prior.low + prior.high) / 2.0 + z * _sd(prior)
                continue
            low, high = _ends(prior)
            between = low + (high - low) * ndtr(z)
            theta[:, column] = np.exp(between) if prior.kind == "log_uniform" else between
        return theta

    def standard(self, theta: Floats) -> Floats:
        """Return standard values from parameter values, inverse to `values`; within `_END` of 0."""
        from scipy.special import ndtri

        z = np.empty_like(theta)
        for column, prior in enumerate(self.priors):
            x = theta[:, column]
            if prior.kind == "normal":
                z[:, column] = (x - (prior.low + prior.high) / 2.0) / _sd(prior)
                continue
            low, high = _ends(prior)
            between = np.log(x) if prior.kind == "log_uniform" else x
            z[:, column] = np.clip(ndtri((between - low) / (high - low)), -_END, _END)
        return z

    def scaled(self, standard: Floats) -> Floats:
        """Return the parameters in units of their prior SD, 0 in its middle: bounded where the prior is.

        A model's response to a parameter that nears its bound levels off in `standard`, where the bound is
        at infinity, but not here: regressions on these values extrapolate less.
        """
        from scipy.special import ndtr

        found = standard.copy()
        for column, prior in enumerate(self.priors):
            if prior.kind != "normal":
                found[:, column] = math.sqrt(12.0) * (ndtr(standard[:, column]) - 0.5)
        return found


class UpdatedPriors(Priors):
    """Priors of which the first were updated by other data, so that these numbers depend on one another.

    What is believed of them since is a weighted sample: each keeps its distribution there, with tails that
    thin out to the ends of its prior, and they depend on one another as normal scores with the sample's
    correlations do. In the standard space of this class these scores are whitened, so that all numbers are
    independent again.

    Parameters
    ----------
    priors : sequence of Prior
        Those that were updated first.
    theta, weights : arrays of shape (m, u) and (m,)
        The sample of the updated ones.
    """

    def __init__(self, priors: Sequence[Prior], theta: Floats, weights: Floats) -> None:
        from scipy.special import ndtri

        super().__init__(priors)
        self.updated = theta.shape[1]
        if not 0 < self.updated < len(self):
            raise ConfigError("some priors are updated, and some are not", value=[self.updated, len(self)])
        order = np.argsort(theta, axis=0, kind="stable")
        held = weights[order]
        scores = np.asarray(ndtri(np.cumsum(held, axis=0) - held / 2.0))
        self._ends = super().values(np.full((2, len(self)), [[-_END], [_END]]))[:, : self.updated]
        beyond = 1e-9 * (self._ends[1] - self._ends[0])  # a rounded sample may reach the very end
        low, high = self._ends[0] - beyond, self._ends[1] + beyond
        far = np.full(self.updated, 2.0 * _END)  # no design wider than the sample has such scores
        self._values = np.vstack([low, np.take_along_axis(theta, order, axis=0), high])
        self._scores = np.vstack([-far, scores, far])
        by_row = np.empty_like(scores)
        np.put_along_axis(by_row, order, scores, axis=0)
        covariance = np.cov(by_row, rowvar=False, aweights=weights)
        self._root = np.linalg.cholesky(np.reshape(covariance, (self.updated, self.updated)))

    def values(self, standard: Floats) -> Floats:
        """Return parameter values from standard ones; shape (m, k) gives (m, k)."""
        theta = super().values(standard)
        scores = standard[:, : self.updated] @ self._root.T
        theta[:, : self.updated] = np.clip(self._of(scores, self._scores, self._values), *self._ends)
        return theta

    def standard(self, theta: Floats) -> Floats:
        """Return standard values from parameter values, inverse to `values`."""
        z = super().standard(theta)
        scores = self._of(theta[:, : self.updated], self._values, self._scores)
        z[:, : self.updated] = np.linalg.solve(self._root, scores.T).T
        return z

    def scaled(self, standard: Floats) -> Floats:
        """Return the parameters in units of their prior SD; the updated ones as they are in `standard`."""
        found = super().scaled(standard)
        found[:, : self.updated] = standard[:, : self.updated]
        return found

    def _of(self, x: Floats, known: Floats, wanted: Floats) -> Floats:
        """Return each updated number's values at `x`, read off the sample with straight lines between."""
        columns = [np.interp(x[:, k], known[:, k], wanted[:, k]) for k in range(self.updated)]
        return np.column_stack(columns)


def _sd(prior: Prior) -> float:
    return (prior.high - prior.low) / (2.0 * 1.959963984540054)


def _ends(prior: Prior) -> tuple[float, float]:
    if prior.kind == "log_uniform":
        return math.log(prior.low), math.log(prior.high)
    return prior.low, prior.high
