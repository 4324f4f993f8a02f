"""Surveys and their simulated counterparts: equals, tables that do not hear each other, what moves them."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.calibration.simulated_projects import patched
from cosim.calibration.simulated_views import SimulatedSurvey
from cosim.errors import ConfigError
from cosim.patterns.surveys import SURVEYS, survey
from cosim.patterns.views import OF_VIEWS
from cosim.scenario.plan import resolve

NOBODY = {"uptake.rate": 0.0, "arguments.voiced": 0.0, "uptake.reflection": 0.0}


@pytest.mark.parametrize("name", SURVEYS)
def test_everybody_in_a_survey_is_of_equal_standing(name: str) -> None:
    scenario = survey(name).build()
    assert len(scenario.team) == 1
    group = next(iter(scenario.team.values()))
    assert (group.spread, group.mandate, group.attendance, group.lead) == (0.0, 0.0, 1.0, False)


@pytest.mark.parametrize("name", SURVEYS)
def test_where_nobody_can_move_nobody_moves(name: str) -> None:
    views = SimulatedSurvey(name).views(NOBODY, range(3), 1)
    assert views.after == pytest.approx(views.before, abs=1e-12)
    assert (views.before.std(axis=1) > 0.0).all()
    assert views.talk.sum(axis=1) == pytest.approx(views.talk.shape[1])


def test_panels_are_tables_of_one_project_on_the_same_claims() -> None:
    views = SimulatedSurvey("experts").views({}, range(4), 1)
    assert views.before.shape == (12, 5, 2)
    assert views.question.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3]


def test_tables_do_not_hear_each_other() -> None:
    """With voices that take all of the distance, each table comes to agree, and the tables differ."""
    strong = {"uptake.rate": 1.0, "uptake.fading": 1.0, "arguments.voiced": 0.0, "uptake.reflection": 0.0}
    views = SimulatedSurvey("experts").views(strong, range(20), 1)
    before, after, question = views.ratings()
    assert after.std(axis=1).mean() < 0.2 * before.std(axis=1).mean()
    apart = [after[question == one].mean(axis=1).std() for one in np.unique(question)]
    assert np.mean(apart) > 0.3 * before.std(axis=1).mean()


def test_only_what_was_talked_about_counts() -> None:
    assert SimulatedSurvey("facts_chat").views({}, range(2), 1).before.shape == (2, 9, 1)
    assert SimulatedSurvey("forums").views({}, range(2), 1).before.shape == (2, 20, 7)


def test_others_voices_weigh_more_only_where_one_answer_must_come_out() -> None:
    loud = {"uptake.voices": 12.0}
    for name, moves in (("facts", True), ("experts", False)):
        simulated = SimulatedSurvey(name)
        usual, louder = (simulated.views(changes, range(10), 1) for changes in ({}, loud))
        assert bool((usual.after != louder.after).any()) == moves


def test_the_weight_of_voices_can_be_patched_like_any_other() -> None:
    scenario = survey("facts").build()
    plan = patched(resolve(scenario)[0], {"uptake.voices": 7.0})
    again = resolve(scenario.replace({"uptake.voices": 7.0}))[0]
    assert plan.phases.tolist() == again.phases.tolist()
    alike = resolve(scenario.replace({"uptake.voices": 1.0}))[0]
    with pytest.raises(ConfigError, match=r"uptake\.voices"):
        patched(alike, {"uptake.voices": 2.0})


def test_how_far_arguments_show_who_is_right_can_be_patched_by_phase() -> None:
    scenario = survey("facts").build()
    key = "phases.priority_setting.demonstrability"
    plan = patched(resolve(scenario)[0], {key: 0.6})
    assert plan.phases.tolist() == resolve(scenario.replace({key: 0.6}))[0].phases.tolist()
    other = patched(resolve(scenario)[0], {"phases.governance.demonstrability": 0.6})
    assert other.phases.tolist() == resolve(scenario)[0].phases.tolist()
    with pytest.raises(ConfigError, match="cannot be changed in a plan"):
        patched(resolve(scenario)[0], {"phases.priority_setting.quorum": 0.6})


def test_errors_of_answering_are_put_in_where_the_survey_has_them() -> None:
    for name in SURVEYS:
        simulated = SimulatedSurvey(name)
        same = (simulated.views({}, range(2), 1).before == simulated.surveyed({}, range(2), 1).before).all()
        assert same == (survey(name).retest is None)


def test_noise_alone_changes_first_choices_and_closes_nothing() -> None:
    views = SimulatedSurvey("forums").surveyed(NOBODY, range(40), 1)
    assert OF_VIEWS["first_choice_changed"]([views], {}) > 0.15
    assert OF_VIEWS["disagreement_closed"]([views], {}) == pytest.approx(0.0, abs=0.03)


def test_unknown_surveys_are_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigError, match="did you mean 'forums'"):
        survey("forum")
