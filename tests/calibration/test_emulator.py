"""The emulator after the fit, held against a posterior that is known in closed form."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import truncnorm

from cosim.calibration.abc_smc import Settings, fit
from cosim.calibration.emulator import adjusted, learned
from cosim.calibration.priors import Floats, Prior, Priors
from cosim.errors import ConfigError

Z = 1.959963984540054
PRIORS = Priors([Prior("a", -Z, Z, "normal"), Prior("b", -Z, Z, "normal")])  # both standard normal
NOISE = 0.5


def line(theta: Floats, seeds: NDArray[np.int64]) -> Floats:
    """Tell each parameter twice, with independent noise, and six summaries that say nothing."""
    noise = np.array([np.random.default_rng(int(seed)).standard_normal(10) for seed in seeds])
    told = np.column_stack([theta[:, 0], theta[:, 0], theta[:, 1], theta[:, 1]])
    return np.column_stack([told + NOISE * noise[:, :4], noise[:, 4:]])


def test_it_finds_the_posterior_of_a_normal_model() -> None:
    observed = np.array([1.0, 0.6, -0.5, -0.7, *[0.0] * 6])
    scale = np.array([NOISE] * 4 + [1.0] * 6)
    found = fit(line, PRIORS, observed, Settings(particles=200, generations=3, block=100), scale=scale)
    sharper = adjusted(found, line, 3000, seed=1)
    sample = sharper.posterior
    precision = 1.0 + 2.0 / NOISE**2
    for name, mean in (("a", 0.8), ("b", -0.6)):
        exact = mean * 2.0 / NOISE**2 / precision
        sd = 1.0 / math.sqrt(precision)
        low, high = sample.interval(name)
        assert sample.median(name) == pytest.approx(exact, abs=0.3 * sd)
        assert high - low == pytest.approx(2.0 * Z * sd, rel=0.25)
        wide = found.posterior.interval(name)
        assert high - low < wide[1] - wide[0]  # sharper than the tolerance left it
    few = [adjusted(found, line, 100, seed, keep=60) for seed in range(1, 10)]
    others, error = [one.posterior.median("a") for one in few], few[0].error
    assert error is not None
    assert 0.5 < error[0] / np.std(others, ddof=1) < 2.0, "the error told is that of fitting again"


def test_near_a_bound_it_finds_the_truncated_posterior() -> None:
    """Two summaries of a parameter that cannot exceed 1, both above it; one of another in its middle."""
    priors = Priors([Prior("a", 0.0, 1.0), Prior("b", 0.0, 1.0)])
    noise, observed = 0.2, np.array([1.05, 1.0, 0.5, 0.5])

    def told(theta: Floats, seeds: NDArray[np.int64]) -> Floats:
        drawn = np.array([np.random.default_rng(int(seed)).standard_normal(4) for seed in seeds])
        return theta[:, [0, 0, 1, 1]] + noise * drawn

    small = Settings(particles=200, generations=3, block=100)
    found = fit(told, priors, observed, small, scale=np.full(4, noise))
    sample = adjusted(found, told, 1500, seed=1).posterior
    for name, mean in (("a", 1.025), ("b", 0.5)):
        sd = noise / math.sqrt(2.0)
        exact = truncnorm(-mean / sd, (1.0 - mean) / sd, mean, sd)
        assert sample.median(name) == pytest.approx(exact.median(), abs=0.3 * exact.std())
        low, high = sample.interval(name)
        assert high - low == pytest.approx(np.ptp(exact.ppf([0.025, 0.975])), rel=0.25)


def test_what_goes_straight_is_learned_straight_to_the_bound() -> None:
    """A parameter's bound lies at infinity in standard values; a square in these would run past it."""
    priors = Priors([Prior("a", 0.0, 1.0), Prior("b", 1.0, 10.0, "log_uniform"), Prior("c", -Z, Z, "normal")])
    rng = np.random.default_rng(1)
    standard = 1.5 * rng.standard_normal((200, 3))

    def summaries(at: Floats) -> Floats:
        theta = priors.values(at)
        return np.column_stack([theta[:, 0], np.log(theta[:, 1]), theta[:, 2]])

    emulator = learned(standard, summaries(standard) + 1e-9 * rng.standard_normal((200, 3)), priors)
    ends = np.array([[4.0, 4.0, 0.0], [-4.0, -4.0, 0.0]])
    assert emulator.mean(ends) == pytest.approx(summaries(ends), abs=1e-6)


def test_it_repeats_with_its_seed_and_refuses_too_few_draws() -> None:
    small = Settings(particles=50, generations=2, block=50)
    found = fit(line, PRIORS, np.zeros(10), small, scale=np.ones(10))
    one, again, other = (adjusted(found, line, 200, seed, keep=40).posterior for seed in (1, 1, 2))
    assert np.array_equal(one.theta, again.theta)
    assert not np.array_equal(one.theta, other.theta)
    assert len(one.weights) == 40
    with pytest.raises(ConfigError, match="draws"):
        adjusted(found, line, 10, 1)
