"""The influence half of the fit: its targets, the floor under it, and that it finds its way."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.calibration.abc_smc import Settings
from cosim.calibration.agreement import view_agreement
from cosim.calibration.influence import INFLUENCE, ViewLikeness, view_aims
from cosim.calibration.refit import refit_influence
from cosim.patterns.surveys import SURVEYS
from cosim.scenario import parameters

VALUES = {
    "knowledge.belief_noise": 0.21,
    "arguments.step": 0.9,
    "arguments.held": 0.4,
    "arguments.voiced": 0.08,
    "uptake.rate": 0.35,
    "uptake.voices": 9.0,
    "uptake.fading": 0.13,
    "uptake.certainty": 0.9,
    "uptake.reflection": 0.18,
}


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
    found = likeness(np.array([list(VALUES.values())]), np.array([3]))
    assert found.shape == (1, len(likeness.observed)) == (1, 2)
    assert found[0].tolist() == likeness.summaries(VALUES, 3).tolist()


def test_every_simulation_has_a_floor_of_its_own() -> None:
    aims = view_aims(("forums", "experts", "facts_chat", "scores"))
    own, usual = ViewLikeness(aims), ViewLikeness(aims, floor=False)
    assert own.summaries(VALUES, 1).tolist() != usual.summaries(VALUES, 1).tolist()


def test_more_voices_close_more_where_one_answer_must_come_out() -> None:
    likeness = ViewLikeness(view_aims(("forums", "experts", "facts_chat")), floor=False)
    few, many = (likeness.summaries({**VALUES, "uptake.voices": v}, 1) for v in (1.5, 9.0))
    assert (many > few).all()


@pytest.mark.slow
def test_the_fit_finds_its_way_from_the_prior() -> None:
    aims = view_aims(("forums", "experts"))
    settings = Settings(particles=20, generations=3, simulations=150, block=10)
    found = refit_influence(aims, settings)
    tolerance = found.history["tolerance"].to_list()
    assert tolerance[-1] < tolerance[1]
    assert found.posterior.names == tuple(one.prior.name for one in INFLUENCE)


def test_agreement_says_of_every_target_whether_it_is_met() -> None:
    table = view_agreement(VALUES, times=1)
    assert len(table) == 20
    inside = (table["simulated"] >= table["tolerance_low"]) & (table["simulated"] <= table["tolerance_high"])
    assert (inside == table["met"]).mean() > 0.9, "but for rounding"
