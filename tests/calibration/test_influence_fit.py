"""The second step of the fit: its targets, the floor that it begins with, and that it finds its way."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.calibration.abc_smc import Settings, fit
from cosim.calibration.agreement import view_agreement
from cosim.calibration.calibration import FREE
from cosim.calibration.emulator import adjusted
from cosim.calibration.fitted import logs_alone
from cosim.calibration.influence import (
    EVERY,
    INFLUENCE,
    ViewLikeness,
    changes_in_views,
    joint_priors,
    view_aims,
)
from cosim.calibration.posterior import Posterior
from cosim.calibration.priors import Priors
from cosim.calibration.refit import refit_joint
from cosim.patterns.surveys import SURVEYS
from cosim.scenario import parameters
from tests.calibration.values import FLOOR, MINDS


def test_at_most_ten_numbers_are_free_and_all_are_uncertainties_of_the_model() -> None:
    records = {one.key: one for one in parameters()}
    assert len(INFLUENCE) <= 10
    for one in INFLUENCE:
        (key,) = one.keys
        low, high = records[key].allowed
        assert low <= one.prior.low < one.prior.high <= high


def test_every_target_about_views_is_aimed_at() -> None:
    every = view_aims()
    assert len(every) == 20
    assert {aim.survey for aim in every} == set(SURVEYS)
    assert {aim.survey for aim in view_aims(("experts",))} == set(SURVEYS) - {"experts"}


def test_summaries_stand_in_the_order_of_the_targets() -> None:
    likeness = ViewLikeness(view_aims(("forums", "experts", "facts_chat")))
    row = {**FLOOR, **MINDS}
    found = likeness(np.array([[row[one.prior.name] for one in EVERY]]), np.array([3]))
    assert found.shape == (1, len(likeness.observed)) == (1, 2)
    assert found[0].tolist() == likeness.summaries(row, 3).tolist()


def test_the_floor_reaches_what_people_think_but_for_what_is_a_chats_own() -> None:
    likeness = ViewLikeness(view_aims(("forums", "experts", "facts_chat", "scores")))
    usual = likeness.summaries(MINDS, 1).tolist()
    assert likeness.summaries({**FLOOR, **MINDS}, 1).tolist() != usual
    group, chat = (changes_in_views(name, {**FLOOR, **MINDS}) for name in ("facts", "facts_chat"))
    assert group["floor.returning"] == 3.0
    assert group["standing.title_salience"] == group["standing.expertise_salience"] == 0.5
    assert set(group) - set(chat) == {"floor.returning", "speech.words_log_mean"}
    assert "chat.returning" not in group
    assert "strangers.spread_factor" not in group


def test_more_voices_close_more_where_one_answer_must_come_out() -> None:
    likeness = ViewLikeness(view_aims(("forums", "experts", "facts_chat")))
    few, many = (likeness.summaries({**MINDS, "uptake.voices": v}, 1) for v in (1.5, 9.0))
    assert (many > few).all()


def floor(rng: np.random.Generator) -> Posterior:
    """What might be believed of the floor: two of its numbers together, the others apart."""
    priors = Priors([one.prior for one in FREE])
    z = 0.3 * rng.standard_normal((400, len(FREE)))
    z[:, 1] = 0.8 * z[:, 0] + 0.6 * z[:, 1]
    return Posterior(priors.names, priors.values(z), np.full(400, 1.0 / 400.0))


def test_the_floor_s_posterior_is_the_prior_of_the_second_step() -> None:
    before = floor(np.random.default_rng(3))
    priors = joint_priors(before)
    drawn = priors.values(np.random.default_rng(4).standard_normal((4000, len(EVERY))))
    assert priors.names == tuple(one.prior.name for one in EVERY)
    at = np.array([0.05, 0.25, 0.5, 0.75, 0.95])
    for place in range(len(FREE)):
        apart = np.quantile(drawn[:, place], at) - np.quantile(before.theta[:, place], at)
        assert np.abs(apart).max() < 0.15 * before.theta[:, place].std()
    assert np.corrcoef(drawn[:, :2].T)[0, 1] == pytest.approx(
        np.corrcoef(before.theta[:, :2].T)[0, 1], abs=0.05
    )
    assert np.abs(np.corrcoef(drawn[:, 0], drawn[:, -1])[0, 1]) < 0.05
    z = priors.standard(drawn)
    assert priors.values(z) == pytest.approx(drawn, abs=1e-6)


def test_views_move_the_floor_and_tie_it_to_influence_as_bayes_rule_says() -> None:
    """Two sums of a floor number and one of influence are observed; weighted draws are the exact answer."""
    before, noise, observed = floor(np.random.default_rng(3)), 0.2, np.array([1.4, 1.0])
    priors = joint_priors(before)
    names = [one.prior.name for one in EVERY]
    tied = [names.index("floor.returning"), names.index("uptake.rate")]

    def sums(theta: np.ndarray) -> np.ndarray:
        x = priors.scaled(priors.standard(theta))[:, tied]
        return x @ np.array([[1.0, 1.0], [1.0, 0.5]])

    def simulate(theta: np.ndarray, seeds: np.ndarray) -> np.ndarray:
        luck = np.array([np.random.default_rng(int(seed)).standard_normal(2) for seed in seeds])
        return sums(theta) + noise * luck

    settings = Settings(100, generations=3, block=100)
    found = fit(simulate, priors, observed, settings, scale=np.full(2, noise))
    sample = adjusted(found, simulate, 400, 1).posterior
    drawn = priors.values(np.random.default_rng(5).standard_normal((100_000, len(EVERY))))
    weights = np.exp(-0.5 * (((sums(drawn) - observed) / noise) ** 2).sum(axis=1))
    exact = Posterior(priors.names, drawn, weights / weights.sum())
    sd = np.sqrt(np.diag(exact.covariance()))
    assert np.abs((sample.mean() - exact.mean()) / sd).max() < 0.25
    assert np.sqrt(np.diag(sample.covariance())) == pytest.approx(sd, rel=0.2)
    one, other = tied
    correlation = exact.correlation().to_numpy()[one, other]
    assert correlation < -0.6
    assert sample.correlation().to_numpy()[one, other] == pytest.approx(correlation, abs=0.12)
    shift = exact.mean()[one] - before.mean()[one]
    assert abs(shift) > 0.5 * np.sqrt(before.covariance()[one, one]), "views have moved the floor"


@pytest.mark.slow
def test_the_fit_finds_its_way_from_the_prior() -> None:
    few = view_aims(("forums", "experts"))
    settings = Settings(particles=20, generations=3, simulations=400, block=10)
    found = refit_joint(logs_alone().posterior, few, settings)
    tolerance = found.history["tolerance"].to_list()
    assert tolerance[-1] < tolerance[1]
    assert found.posterior.names == tuple(one.prior.name for one in EVERY)


def test_agreement_says_of_every_target_whether_it_is_met() -> None:
    table = view_agreement(MINDS, times=1)
    assert len(table) == 20
    inside = (table["simulated"] >= table["tolerance_low"]) & (table["simulated"] <= table["tolerance_high"])
    assert (inside == table["met"]).mean() > 0.9, "but for rounding"
