"""The fit: what is free, what it aims at, what was published, and the model's defaults that came of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from cosim.calibration.abc_smc import Settings
from cosim.calibration.agreement import agreement, view_agreement
from cosim.calibration.calibration import CHAT_LENGTH, FREE, Likeness, aims, changes_for
from cosim.calibration.fitted import fitted
from cosim.calibration.fitted_influence import fitted_influence, write_influence
from cosim.calibration.influence import INFLUENCE
from cosim.calibration.priors import Priors
from cosim.calibration.refit import FULL, refit
from cosim.errors import ConfigError
from cosim.meeting_logs.corpora import CORPORA
from cosim.scenario import parameters

VALUES = {
    "floor.talkativeness_spread": 0.8,
    "floor.engagement_spread": 0.6,
    "strangers.spread_factor": 0.5,
    "floor.returning": 3.0,
    "chat.returning": -0.2,
    "standing.leadership_salience": 0.8,
    "standing.rank_salience": 0.5,
    "speech.length_by_standing": 0.7,
    "speech.words_log_mean": 2.2,
    "speech.words_log_sd": 1.1,
}


def test_each_kind_of_meeting_gets_its_own_differences_and_no_others() -> None:
    groups, design, chat = (changes_for(name, VALUES) for name in ("icsi", "ami", "delidata"))
    assert groups["floor.talkativeness_spread"] == 0.8
    assert design["floor.talkativeness_spread"] == chat["floor.talkativeness_spread"] == 0.4
    assert design["floor.engagement_spread"] == chat["floor.engagement_spread"] == 0.3
    assert groups["floor.returning"] == design["floor.returning"] == 3.0
    assert chat["floor.returning"] == -0.2
    assert chat["speech.words_log_mean"] == CHAT_LENGTH["speech.words_log_mean"]
    assert groups["standing.title_salience"] == groups["standing.expertise_salience"] == 0.5
    assert "speech.interruption" not in groups


def test_only_gates_on_the_corpora_are_aimed_at() -> None:
    every = aims()
    assert {aim.corpus for aim in every} == set(CORPORA)
    assert all(aim.pattern.gates(aim.target) for aim in every)
    assert {aim.corpus for aim in aims(("ami",))} == {"ami"}
    without = aims(without=[("icsi", 8)])
    assert {aim.target.at.get("n") for aim in without if aim.corpus == "icsi"} == {5, 6, 7, None}


def test_a_target_of_many_numbers_counts_as_one() -> None:
    for aim in aims():
        in_units = 1.0 / aim.scale() ** 2
        width = np.subtract(*np.array(aim.target.accepted()).T[::-1]) / 2.0
        assert np.sum(in_units * width**2) == pytest.approx(1.0)


def test_simulated_summaries_answer_to_the_targets_in_their_order() -> None:
    likeness = Likeness(aims(("ami",)))
    found = likeness(np.array([list(VALUES.values())]), np.array([2]))
    assert found.shape == (1, len(likeness.observed)) == (1, len(likeness.scale))
    tallies = likeness.tallies(VALUES, 2)["ami"]
    at = 0
    for aim in likeness.aims:
        by_name = np.atleast_1d(tallies.statistic(aim.target.statistic, aim.target.at))
        assert found[0, at : at + len(by_name)] == pytest.approx(by_name)
        at += len(by_name)


def test_the_distance_is_least_near_the_numbers_that_made_the_data() -> None:
    likeness = Likeness(aims(("delidata",)))
    made = likeness.summaries(VALUES, 77)

    def apart(**change: float) -> float:
        values = {**VALUES, **{name.replace("__", "."): value for name, value in change.items()}}
        return float(np.mean(((likeness.summaries(values, 5) - made) / likeness.scale) ** 2))

    same = apart()
    for name, value in {"chat__returning": 0.6, "strangers__spread_factor": 1.0}.items():
        assert apart(**{name: value}) > 2.0 * same


@pytest.mark.slow
def test_the_fit_does_not_depend_on_the_number_of_processes() -> None:
    targets, small = aims(("ami",)), Settings(particles=10, generations=2, block=10, simulations=30)
    one, two = (refit(targets, small, workers=workers) for workers in (1, 2))
    assert np.array_equal(one.posterior.theta, two.posterior.theta)
    assert np.array_equal(one.summaries, two.summaries)
    with pytest.raises(ConfigError, match="workers"):
        refit(targets, small, workers=0)


def test_the_published_fit_says_how_it_came_about() -> None:
    one = fitted()
    assert one.about.particles == len(one.posterior.weights)
    assert one.about.seed == FULL.seed >= 1
    assert one.about.emulator < one.about.simulations
    assert one.about.corpora == list(CORPORA)
    assert 1.0 <= one.about.effective_parameters <= len(FREE)
    priors = Priors([free.prior for free in FREE])
    assert one.posterior.effective_parameters(priors) == pytest.approx(
        one.about.effective_parameters, abs=0.01
    )
    for name, told in one.about.estimates.items():
        assert told.median == pytest.approx(one.posterior.median(name), abs=1e-3)
        assert (told.low, told.high) == pytest.approx(one.posterior.interval(name), abs=1e-3)


def test_the_models_defaults_are_the_published_medians_and_its_ranges_the_intervals() -> None:
    records = {one.key: one for one in parameters()}
    posterior, checked = fitted().posterior, set()
    for one in FREE:
        if one.prior.name.split(".")[0] in ("chat", "strangers"):
            continue  # a difference of one kind of meeting: not the model's default
        low, high = posterior.interval(one.prior.name)
        for key in one.keys:
            record = records[key]
            assert record.default == round(posterior.median(one.prior.name), 2), key
            assert record.plausible == (round(low, 2), round(high, 2)), key
            assert record.status == "empirical", key
            assert "fitted" in record.source, key
            checked.add(key)
    assert len(checked) == 9


def test_the_defaults_of_influence_are_the_medians_and_what_was_learned_has_the_intervals() -> None:
    """A number that the evidence does not move keeps a range of ours, at least as wide, and stays assumed."""
    records = {one.key: one for one in parameters()}
    table = fitted_influence().learned().set_index("parameter")
    assert set(table.index) == {one.prior.name for one in INFLUENCE}
    assert 4 <= table["moved"].sum() <= 9
    for key, row in table.iterrows():
        record, ends = records[str(key)], (round(row["low"], 2), round(row["high"], 2))
        assert record.default == round(row["median"], 2), key
        assert record.status == ("empirical" if row["moved"] else "assumption"), key
        assert record.plausible is not None
        if row["moved"]:
            assert record.plausible == ends, key
        else:
            assert record.plausible[0] <= ends[0] < ends[1] <= record.plausible[1], key


def test_both_halves_of_the_fit_are_drawn_together() -> None:
    table = fitted_influence().joint(400, 3)
    assert list(table.columns) == [one.prior.name for one in (*FREE, *INFLUENCE)]
    assert table["uptake.rate"].median() == pytest.approx(
        fitted_influence().medians()["uptake.rate"], abs=0.03
    )
    assert table.equals(fitted_influence().joint(400, 3))


def test_a_fit_of_influence_is_read_back_and_a_wrong_one_refused(tmp_path: Path) -> None:
    one = fitted_influence()
    write_influence(one.posterior, one.about, tmp_path)
    assert fitted_influence(tmp_path).about == one.about
    assert 4.0 < one.about.effective_parameters < 9.0
    text = (tmp_path / "influence.csv").read_text(encoding="utf-8")
    (tmp_path / "influence.csv").write_text(text.replace("uptake.rate", "uptake.rat", 1), encoding="utf-8")
    with pytest.raises(ConfigError, match="other parameters"):
        fitted_influence(tmp_path)


@pytest.mark.slow
def test_with_one_set_of_numbers_the_model_meets_most_of_what_views_did() -> None:
    table = view_agreement(fitted_influence().medians(), times=2)
    assert table["met"].sum() >= 16


def test_draws_and_changes_come_from_the_sample() -> None:
    one = fitted()
    drawn = one.draws(5, seed=3)
    assert drawn == one.draws(5, seed=3) != one.draws(5, seed=4)
    rows = {tuple(row) for row in one.posterior.theta.tolist()}
    assert {tuple(draw[free.prior.name] for free in FREE) for draw in drawn} <= rows
    assert one.changes("icsi") == changes_for("icsi", one.medians())


def test_a_broken_fit_is_refused(tmp_path: Path) -> None:
    import cosim.calibration.fitted as home

    for file in ("posterior.csv", "fit.yaml"):
        shutil.copy(Path(home.__file__).parent / file, tmp_path / file)
    assert fitted(tmp_path).about == fitted().about
    text = (tmp_path / "posterior.csv").read_text().replace("floor.returning", "floor.returned")
    (tmp_path / "posterior.csv").write_text(text)
    with pytest.raises(ConfigError, match="other parameters"):
        fitted(tmp_path)


def test_agreement_tells_every_target_once() -> None:
    table = agreement(VALUES, aims(("ami",)), repeats=2)
    assert not table[["statistic"]].duplicated().any()
    within = table["simulated"].between(table["tolerance_low"], table["tolerance_high"])
    assert (within == table["met"]).all()
