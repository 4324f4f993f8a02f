"""Views before and after: statistics by hand, errors of answering, and the numbers of the shipped surveys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from cosim.errors import ConfigError
from cosim.patterns.bundled_surveys import FILES, expert_panels, forums, survey_table
from cosim.patterns.views import EXACT_REPEATS, OF_VIEWS, Views, asked_again, of_rankings, pull_by, weights


def made(before: object, after: object, question: object = None) -> Views:
    first, last = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
    groups = len(first)
    numbers = np.arange(groups) if question is None else np.asarray(question)
    return Views(first, last, numbers, np.ones(first.shape[:2]), np.zeros(first.shape[:2]))


def pulled(share: float, groups: int = 400, n: int = 5, seed: int = 1) -> Views:
    """Everybody moves the same share of the way to the mean of the others."""
    before = np.random.default_rng(seed).standard_normal((groups, n, 1))
    others = (before.sum(axis=1, keepdims=True) - before) / (n - 1)
    return made(before, before + share * (others - before), np.arange(groups) // 4)


def measured(name: str, views: Views, **at: float) -> float:
    return OF_VIEWS[name]([views], at)


def test_a_known_pull_is_found_again() -> None:
    views = pulled(0.3)
    assert weights(views) == pytest.approx((0.7, 0.3))
    assert measured("spread_closed", views) == pytest.approx(0.3 * 5 / 4)
    assert measured("group_shift", views, scale=1.0) == pytest.approx(0.0, abs=1e-12)


def test_a_shift_of_all_closes_nothing_and_is_told_on_the_real_scale() -> None:
    views = pulled(0.0)
    spread = views.before.std(axis=1, ddof=1).mean()
    moved = replace(views, after=views.after + 0.5 * spread)
    assert measured("spread_closed", moved) == pytest.approx(0.0)
    assert measured("group_shift", moved, scale=0.143) == pytest.approx(0.0715)


def test_who_talks_more_pulls_more_and_by_how_much_is_found() -> None:
    rng = np.random.default_rng(3)
    before = rng.standard_normal((300, 6, 1))
    talk = rng.dirichlet(np.ones(6), 300) * 6
    apart = before[:, None, :, 0] - before[:, :, None, 0]
    after = before[..., 0] + 0.1 * (apart * (1.0 + 0.5 * (talk - 1.0))[:, None, :]).sum(axis=2) / 5
    views = Views(before, after[..., None], np.arange(300), talk, talk - 1.0)
    assert pull_by(views, talk - 1.0) == pytest.approx(0.5)
    assert measured("pull_by_certainty", views) == pytest.approx(measured("pull_by_talk", views))


def test_panels_that_agree_inside_and_differ_have_all_the_variance() -> None:
    before = np.random.default_rng(2).standard_normal((300, 5, 1))
    after = np.repeat(np.repeat([[1.0], [2.0], [3.0]], 5, axis=1)[None], 100, axis=0).reshape(300, 5, 1)
    views = made(before, after, np.repeat(np.arange(100), 3))
    assert measured("panels_rise", views) == pytest.approx(1.0, abs=0.05)


def test_rankings_by_hand() -> None:
    before = [[[3.0, 2.0, 1.0], [3.0, 2.0, 1.0], [1.0, 2.0, 3.0]]]
    after = [[[3.0, 2.0, 1.0], [2.0, 3.0, 1.0], [3.0, 2.0, 1.0]]]
    found = {name: float(values[0]) for name, values in of_rankings(made(before, after)).items()}
    assert found["disagreement"] == pytest.approx(2 / 3)
    assert found["largest_camp"] == pytest.approx(2 / 3)
    assert found["first_choice_changed"] == pytest.approx(2 / 3)
    assert found["stay_large"] == pytest.approx(1 / 3)
    assert np.isnan(found["stay_small"]), "a third of three is one: nobody stands alone"
    assert found["rank_r"] == pytest.approx((1.0 + 0.5 - 1.0) / 3)
    assert found["rank_shift"] == pytest.approx((1 / 3 + 1 / 3 + 2 / 3) / 3 / 2)
    assert found["collective_first_kept"] == 1.0


@pytest.mark.parametrize("retest", [0.6, 0.87])
def test_asked_again_people_correlate_as_the_retest_says(retest: float) -> None:
    views = pulled(0.0, groups=4000)
    again = asked_again(views, retest, np.random.default_rng(99))
    assert measured("spread_closed", again) == pytest.approx(0.0, abs=0.02)
    inside = [one - one.mean(axis=1, keepdims=True) for one in (again.before, again.after)]
    assert np.corrcoef(inside[0].ravel(), inside[1].ravel())[0, 1] == pytest.approx(retest, abs=0.015)
    same = np.isclose(again.before, again.after).mean()
    assert same == pytest.approx(EXACT_REPEATS, abs=0.02)


def test_samples_keep_the_panels_of_a_question_together() -> None:
    views = expert_panels()
    drawn = views.resampled(np.random.default_rng(1), 40)
    assert drawn.questions() == 40
    assert drawn.groups == 120


def test_the_shipped_panels_say_what_is_known_of_them() -> None:
    """Mean move, distance, pull and unchanged answers of repliCATS, as computed once by other code."""
    views = expert_panels()
    assert views.before.shape == (75, 5, 1)
    before, after, _ = views.ratings()
    others = (before.sum(axis=1, keepdims=True) - before) / 4
    assert np.abs(after - before).mean() == pytest.approx(0.070, abs=5e-4)
    assert np.abs(others - before).mean() == pytest.approx(0.136, abs=5e-4)
    assert np.abs(after - before).mean() / np.abs(others - before).mean() == pytest.approx(0.514, abs=5e-4)
    assert np.isclose(after, before).mean() == pytest.approx(0.387, abs=5e-4)
    assert np.polyfit((others - before).ravel(), (after - before).ravel(), 1)[0] == pytest.approx(
        0.251, abs=5e-4
    )
    assert before.std(axis=1, ddof=1).mean() == pytest.approx(0.143, abs=5e-4)


def test_the_shipped_forums_say_what_is_known_of_them() -> None:
    every = forums()
    assert len(every) == 18
    assert sum(one.before.shape[1] for one in every) == 392
    later = [replace(one, before=one.after) for one in every]
    assert OF_VIEWS["largest_camp"](later, {}) == pytest.approx(0.455, abs=5e-4)
    assert OF_VIEWS["collective_first_kept"](every, {}) == pytest.approx(0.278, abs=5e-4)
    correlation = [float(of_rankings(one)["rank_r"][0]) for one in every]
    assert np.std(correlation, ddof=1) == pytest.approx(0.148, abs=5e-4)


def test_the_shipped_statements_say_what_is_known_of_them() -> None:
    table = survey_table("minipublics_statements")
    grouped = table.groupby(["group", "item"])
    closed = 1 - grouped["after"].std().mean() / grouped["before"].std().mean()
    assert (len(table), table["group"].nunique()) == (12_777, 18)
    assert closed == pytest.approx(0.044, abs=5e-4)
    assert (table["before"] == table["after"]).mean() == pytest.approx(0.326, abs=5e-4)
    assert (grouped["after"].mean() - grouped["before"].mean()).abs().mean() == pytest.approx(0.067, abs=5e-4)
    others = (grouped["before"].transform("sum") - table["before"]) / (
        grouped["before"].transform("size") - 1
    )
    slope = np.polyfit(others - table["before"], table["after"] - table["before"], 1)[0]
    assert slope == pytest.approx(0.553, abs=5e-4)


def test_tables_by_unknown_names_are_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'replicats_claims'"):
        survey_table("replicats_claim")
    assert all(len(survey_table(name)) > 300 for name in FILES)
