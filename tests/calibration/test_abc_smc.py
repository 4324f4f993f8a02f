"""The sampler against posteriors that are known exactly."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.special import ndtri

from cosim.calibration.abc_smc import Fit, Settings, Simulator, fit
from cosim.calibration.posterior import Posterior
from cosim.calibration.priors import Floats, Prior, Priors
from cosim.errors import ConfigError, CosimError

Z = 1.959963984540054
STANDARD = [Prior("a", -Z, Z, "normal"), Prior("b", -Z, Z, "normal")]


def uniform(seeds: np.ndarray[Any, np.dtype[np.int64]], columns: int) -> Floats:
    """Return numbers in 0..1 that depend on the seed alone (splitmix64), shape (m, columns)."""
    x = seeds.astype(np.uint64)[:, None] * np.uint64(columns) + np.arange(columns, dtype=np.uint64)
    x = x * np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        x = (x ^ (x >> np.uint64(shift))) * np.uint64(factor)
    return ((x ^ (x >> np.uint64(31))) >> np.uint64(11)).astype(float) / 2.0**53 + 2.0**-54


def noisy(matrix: Floats, sd: float) -> Simulator:
    """Simulate summaries ``matrix @ theta + noise``, each row from its own seed."""

    def simulate(theta: Floats, seeds: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        return theta @ matrix.T + sd * ndtri(uniform(seeds, len(matrix)))

    return simulate


def distance_to(posterior: Posterior, name: str, cdf: Any) -> float:
    """Return the largest gap between the weighted sample's distribution and an exact one (Kolmogorov)."""
    x = posterior.column(name)
    order = np.argsort(x)
    reached = np.cumsum(posterior.weights[order])
    exact = cdf(x[order])
    return float(
        np.max(np.maximum(np.abs(reached - exact), np.abs(reached - posterior.weights[order] - exact)))
    )


def test_normal_mean_with_known_spread() -> None:
    observed, sd = np.array([1.3]), 0.5  # prior N(0, 1): posterior N(1.04, 0.2), for s | a ~ N(a, 0.25)
    exact = stats.norm(1.3 / 1.25, math.sqrt(0.2))
    settings = Settings(particles=1000, simulations=120_000, tolerance=0.08, seed=3)
    found = fit(noisy(np.eye(1), sd), Priors(STANDARD[:1]), observed, settings, scale=np.ones(1))
    posterior = found.posterior
    assert posterior.mean()[0] == pytest.approx(exact.mean(), abs=0.05)
    assert math.sqrt(posterior.covariance()[0, 0]) == pytest.approx(exact.std(), abs=0.04)
    assert distance_to(posterior, "a", exact.cdf) < 0.06
    low, high = posterior.interval("a")
    assert (low, high) == (
        pytest.approx(exact.ppf(0.025), abs=0.12),
        pytest.approx(exact.ppf(0.975), abs=0.12),
    )
    assert found.stopped == "the tolerance 0.08 was reached"
    assert found.history["tolerance"].is_monotonic_decreasing


def test_two_correlated_parameters() -> None:
    matrix, sd, observed = np.array([[1.0, 1.0], [1.0, -0.5]]), 0.6, np.array([1.0, 0.3])
    exact = np.linalg.inv(np.eye(2) + matrix.T @ matrix / sd**2)
    mean = exact @ matrix.T @ observed / sd**2
    settings = Settings(particles=1200, simulations=300_000, tolerance=0.12, seed=1)
    found = fit(noisy(matrix, sd), Priors(STANDARD), observed, settings, scale=np.ones(2))
    adjusted = found.adjusted()
    for posterior, slack in ((found.posterior, 0.05), (adjusted, 0.04)):
        assert posterior.mean() == pytest.approx(mean, abs=slack)
        assert posterior.covariance() == pytest.approx(exact, abs=slack)
    correlation = exact[0, 1] / math.sqrt(exact[0, 0] * exact[1, 1])
    assert adjusted.correlation().loc["a", "b"] == pytest.approx(correlation, abs=0.1)
    learned = np.clip(1.0 - np.linalg.eigvalsh(exact), 0, 1).sum()
    assert adjusted.effective_parameters(Priors(STANDARD)) == pytest.approx(learned, abs=0.08)


@pytest.mark.parametrize(("successes", "trials"), [(7, 10), (0, 10)])
def test_a_discrete_posterior_is_exact_even_at_the_edge_of_the_prior(successes: int, trials: int) -> None:
    def simulate(theta: Floats, seeds: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        return stats.binom(trials, theta).ppf(uniform(seeds, 1))

    settings = Settings(particles=1000, tolerance=0.0, simulations=60_000, seed=2)
    found = fit(simulate, Priors([Prior("p", 0.0, 1.0)]), np.array([float(successes)]), settings)
    assert found.distances.max() == 0.0
    exact = stats.beta(1 + successes, 1 + trials - successes)
    assert distance_to(found.posterior, "p", exact.cdf) < 0.06
    assert found.posterior.mean()[0] == pytest.approx(exact.mean(), abs=0.02)


def test_summaries_that_know_nothing_leave_the_prior_as_it_was() -> None:
    def simulate(theta: Floats, seeds: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        return ndtri(uniform(seeds, 1))

    priors = Priors([Prior("flat", 2.0, 6.0), Prior("scale", 0.01, 100.0, "log_uniform")])
    found = fit(simulate, priors, np.zeros(1), Settings(particles=1000, generations=6, seed=5))
    assert len(found.history) == 6
    assert distance_to(found.posterior, "flat", stats.uniform(2, 4).cdf) < 0.07
    assert distance_to(found.posterior, "scale", stats.loguniform(0.01, 100.0).cdf) < 0.07
    assert found.posterior.effective_parameters(priors) < 0.2


def test_both_modes_of_a_posterior_are_kept() -> None:
    def simulate(theta: Floats, seeds: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        return theta**2 + 0.1 * ndtri(uniform(seeds, 1))

    settings = Settings(particles=800, tolerance=0.1, seed=1)
    found = fit(simulate, Priors([Prior("x", -2.0, 2.0)]), np.array([1.0]), settings, scale=np.ones(1))
    left = found.posterior.weights[found.posterior.column("x") < 0.0].sum()
    assert left == pytest.approx(0.5, abs=0.12)
    assert np.abs(found.posterior.column("x")).min() > 0.5


def test_regression_adjustment_recovers_a_posterior_that_a_wide_tolerance_blurs() -> None:
    observed, sd = np.array([1.0]), 0.3
    exact = stats.norm(1.0 / (1.0 + sd**2), sd / math.sqrt(1.0 + sd**2))
    settings = Settings(particles=1500, tolerance=0.8, generations=4, seed=4)
    found = fit(noisy(np.eye(1), sd), Priors(STANDARD[:1]), observed, settings, scale=np.ones(1))
    blurred, sharp = (math.sqrt(one.covariance()[0, 0]) for one in (found.posterior, found.adjusted()))
    assert blurred > 1.3 * exact.std()
    assert sharp == pytest.approx(exact.std(), abs=0.03)
    assert found.adjusted().mean()[0] == pytest.approx(exact.mean(), abs=0.04)


def quick(**changes: object) -> Fit:
    settings = Settings(**({"particles": 50, "generations": 3, "block": 32} | changes))  # type: ignore[arg-type]
    return fit(noisy(np.eye(1), 0.5), Priors(STANDARD[:1]), np.array([1.0]), settings)


def test_same_seed_same_numbers_whoever_divides_the_block() -> None:
    first, again, other = quick(), quick(), quick(seed=2)
    assert np.array_equal(first.posterior.theta, again.posterior.theta)
    assert not np.array_equal(first.posterior.theta, other.posterior.theta)
    whole = noisy(np.eye(1), 0.5)

    def in_halves(theta: Floats, seeds: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        return np.concatenate([whole(theta[i::2], seeds[i::2]) for i in (0, 1)])[
            np.argsort(np.r_[0:32:2, 1:32:2])
        ]

    settings = Settings(particles=50, generations=3, block=32)
    halves = fit(in_halves, Priors(STANDARD[:1]), np.array([1.0]), settings)
    assert np.array_equal(first.posterior.theta, halves.posterior.theta)


def test_distances_that_are_all_the_same_end_the_fit() -> None:
    found = fit(lambda theta, _: np.zeros((len(theta), 1)), Priors(STANDARD[:1]), np.ones(1))
    assert found.stopped == "all distances are the same"
    assert len(found.history) == 1


def test_every_simulation_has_a_seed_of_its_own() -> None:
    seen: list[int] = []

    def simulate(theta: Floats, seeds: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        seen.extend(seeds.tolist())
        return theta[:, :1]

    for seed in (1, 2):
        settings = Settings(particles=20, generations=2, block=16, seed=seed)
        fit(simulate, Priors(STANDARD[:1]), np.array([0.5]), settings)
    assert len(seen) == len(set(seen))
    assert min(seen) == 1


def test_why_it_stopped_and_what_it_used() -> None:
    assert quick().stopped == "3 generations were done"
    few = quick(simulations=200, generations=20)
    assert few.stopped == "the 200 simulations were used up"
    assert few.history["simulations"].sum() <= 200
    rare = quick(acceptance=0.9)
    assert rare.stopped == "fewer than 90.0% were accepted"
    rows: list[dict[str, float]] = []
    fit(
        noisy(np.eye(1), 0.5),
        Priors(STANDARD[:1]),
        np.ones(1),
        Settings(particles=50, generations=2),
        report=rows.append,
    )
    assert [row["generation"] for row in rows] == [0, 1]


def test_failed_simulations_are_left_out_and_counted_and_too_many_are_an_error() -> None:
    plain = noisy(np.eye(1), 0.3)

    def sometimes(theta: Floats, seeds: np.ndarray[Any, np.dtype[np.int64]]) -> Floats:
        return np.where(seeds[:, None] % 5 == 0, np.nan, plain(theta, seeds))

    found = fit(sometimes, Priors(STANDARD[:1]), np.ones(1), Settings(particles=100, generations=3))
    assert found.history["failed"].sum() > 20
    assert np.isfinite(found.summaries).all()
    with pytest.raises(CosimError, match=r"256 of 256 simulations failed .*such as a "):
        fit(lambda theta, _: theta * np.nan, Priors(STANDARD[:1]), np.ones(1))
    with pytest.raises(CosimError, match=r"returned shape \(128, 2\), not \(128, 1\)"):
        fit(lambda theta, _: np.ones((len(theta), 2)), Priors(STANDARD[:1]), np.ones(1))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"particles": 5}, "particles: too small"),
        ({"seed": 0}, "seed: too small"),
        ({"quantile": 1.0}, "quantile: must lie between 0 and 1"),
        ({"acceptance": 1.0}, "acceptance lies in 0..1"),
        ({"simulations": 20}, "simulations: too few to simulate the first generation"),
    ],
)
def test_settings_out_of_range(changes: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        quick(**changes)


def test_observed_and_scale_are_checked() -> None:
    simulate, priors = noisy(np.eye(1), 0.5), Priors(STANDARD[:1])
    with pytest.raises(ConfigError, match="finite"):
        fit(simulate, priors, np.array([math.nan]))
    with pytest.raises(ConfigError, match="one number above 0"):
        fit(simulate, priors, np.ones(1), scale=np.zeros(1))


# ---------------------------------------------------------------- priors and posteriors


def test_priors_are_standard_normal_in_their_own_space() -> None:
    priors = Priors(
        [Prior("u", 1.0, 3.0), Prior("l", 0.1, 10.0, "log_uniform"), Prior("n", 2.0, 4.0, "normal")]
    )
    z = np.random.default_rng(1).normal(size=(4000, 3))
    theta = priors.values(z)
    assert priors.standard(theta) == pytest.approx(z, abs=1e-6)
    for column, exact in enumerate((stats.uniform(1, 2), stats.loguniform(0.1, 10.0), stats.norm(3, 1 / Z))):
        assert stats.kstest(theta[:, column], exact.cdf).pvalue > 0.01
    assert np.isfinite(priors.standard(np.array([[1.0, 10.0, 3.0]]))).all()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("a", 2.0, 1.0), "the lower first"),
        (("a", 0.0, 1.0, "log_uniform"), "lies above 0"),
        (("a", 0.0, 1.0, "beta"), "allowed: uniform, log_uniform, normal"),
    ],
)
def test_impossible_priors(arguments: tuple[Any, ...], told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        Prior(*arguments)
    with pytest.raises(ConfigError, match="two priors"):
        Priors([Prior("a", 0.0, 1.0), Prior("a", 0.0, 2.0)])


def test_a_posterior_reads_back_to_the_same_bits(tmp_path: Any) -> None:
    from cosim.calibration.posterior import read_posterior

    posterior = quick().adjusted()
    path = tmp_path / "posterior.csv"
    posterior.write(path)
    again = read_posterior(path)
    assert again.names == posterior.names
    assert np.array_equal(again.theta, posterior.theta)
    assert np.array_equal(again.weights, posterior.weights)
    path.write_text("a,weight\n1,0.4\n2,0.4\n")
    with pytest.raises(ConfigError, match=r"posterior\.csv: weights must sum to 1"):
        read_posterior(path)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(ConfigError, match="column per parameter"):
        read_posterior(path)
    path.write_text("a,weight\nx,1\n")
    with pytest.raises(ConfigError, match="must be a number"):
        read_posterior(path)
    with pytest.raises(ConfigError, match="no such file"):
        read_posterior(tmp_path / "gone.csv")


def test_quantiles_and_draws_go_by_weight() -> None:
    posterior = Posterior(("x",), np.array([[1.0], [2.0], [9.0]]), np.array([0.1, 0.8, 0.1]))
    assert posterior.median("x") == 2.0
    assert posterior.effective_size == pytest.approx(1 / 0.66)
    draws = posterior.resample(2000, seed=1)
    assert np.mean(draws == 2.0) == pytest.approx(0.8, abs=0.03)
    summary = posterior.summary()
    assert isinstance(summary, pd.DataFrame)
    assert summary.loc[0, "mean"] == pytest.approx(2.6)
    with pytest.raises(ConfigError, match="was not fitted"):
        posterior.median("y")
    with pytest.raises(ConfigError, match="1 or more"):
        posterior.resample(5, seed=0)


@pytest.mark.slow
def test_posteriors_are_calibrated() -> None:
    """Truths drawn from the prior fall uniformly among the posterior's quantiles (arXiv 1804.06788)."""
    matrix, sd = np.array([[1.0, 0.6], [0.0, 1.0]]), 0.5
    rng, priors = np.random.default_rng(1), Priors(STANDARD)
    ranks = []
    for repeat in range(120):
        truth = rng.standard_normal(2)
        observed = matrix @ truth + rng.normal(0.0, sd, 2)
        settings = Settings(particles=300, tolerance=0.2, simulations=20_000, seed=repeat + 1)
        posterior = fit(noisy(matrix, sd), priors, observed, settings, scale=np.ones(2)).adjusted()
        ranks.append([posterior.weights[posterior.theta[:, i] < truth[i]].sum() for i in range(2)])
    for column in np.array(ranks).T:
        assert stats.kstest(column, "uniform").pvalue > 0.01
