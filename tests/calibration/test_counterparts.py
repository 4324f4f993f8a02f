"""Simulated counterparts: the same people by role, as many floor turns, and the model's own numbers."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.calibration.counterparts import Counterparts, teams_of
from cosim.calibration.simulated_projects import patched, projects, simulated_log
from cosim.engine.batch import compiled_log
from cosim.errors import ConfigError
from cosim.meeting_logs.corpora import CORPORA, corpora, corpus
from cosim.scenario.plan import resolve


def test_a_corpus_team_has_the_real_people_and_one_lead() -> None:
    scenario = corpus("icsi").scenario({"Professor": 2, "PhD": 3}, sessions=2)
    plan, members = resolve(scenario)
    assert [member.group for member in members].count("professor") == 1
    assert [member.group for member in members].count("phd") == 3
    assert int(plan.is_lead.sum()) == 1
    assert len(plan.meetings) == 2
    with pytest.raises(ConfigError, match="nobody in icsi has this role") as caught:
        corpus("icsi").scenario({"Profesor": 1})
    assert "Professor" in str(caught.value)
    with pytest.raises(ConfigError, match="delidata"):
        corpus("delidat")


@pytest.mark.parametrize("name", CORPORA)
def test_every_role_in_a_log_is_someone_in_the_model(name: str) -> None:
    assert set(corpora()[name].read().frame["role"]) <= set(corpora()[name].people)


def test_teams_have_the_people_and_the_turns_of_their_meetings() -> None:
    ami = teams_of(corpus("ami"))
    assert sum(len(team.turns) for team in ami) == 97
    assert {team.size for team in ami} == {4}
    sizes = [team.size for team in teams_of(corpus("icsi"), (5, 6, 7, 8))]
    assert [sizes.count(n) for n in (5, 6, 7, 8)] == [13, 18, 9, 7]


def test_a_counterpart_is_as_large_and_as_long_as_the_real_meeting() -> None:
    counterparts = Counterparts(corpus("icsi"), (6,), repeats=2)
    found = counterparts.simulate({}, seed=3)
    wanted = np.concatenate([np.tile(team.turns, 2) for team in counterparts.teams])
    counted = found.turns.sum(axis=1)
    assert np.array_equal(counted, wanted)
    assert (found.n <= 6).all()
    assert (found.n >= 5).all()  # hardly anyone stays silent for 300 turns
    assert np.array_equal(np.unique(found.roles), np.unique(found.roles[found.spoke]))


def test_a_team_that_talks_at_length_is_given_the_time_for_it() -> None:
    """With turns of very uneven length, time runs out in the first attempt now and then."""
    counterparts = Counterparts(corpus("ami"))
    found = counterparts.simulate({"speech.length_spread": 0.5, "speech.length_by_standing": 1.0}, seed=3)
    wanted = np.concatenate([team.turns for team in counterparts.teams])
    assert np.array_equal(found.turns.sum(axis=1), wanted)


def test_counterparts_repeat_with_their_seed_and_differ_with_another() -> None:
    counterparts = Counterparts(corpus("icsi"), (8,))
    one, again, other = (counterparts.simulate({}, seed) for seed in (5, 5, 6))
    assert np.array_equal(one.words, again.words)
    assert not np.array_equal(one.words, other.words)


def test_what_a_parameter_does_is_seen_in_the_counts() -> None:
    counterparts = Counterparts(corpus("delidata"), (5,))
    alike = {"floor.engagement_spread": 0.0, "speech.length_spread": 0.0}
    even = counterparts.simulate({**alike, "floor.talkativeness_spread": 0.0, "floor.returning": 0.0})
    uneven = counterparts.simulate({**alike, "floor.talkativeness_spread": 1.2, "floor.returning": 0.0})
    returning = counterparts.simulate({**alike, "floor.talkativeness_spread": 0.0, "floor.returning": 6.0})
    assert uneven.statistic("gini_turns") > even.statistic("gini_turns") + 0.15  # type: ignore[operator]
    assert even.statistic("aba") == pytest.approx(0.25, abs=0.04)  # one of the four who may go on
    assert returning.statistic("aba") == pytest.approx(7 / 10, abs=0.05)  # 7 to 1, 1, 1


def test_a_patched_plan_is_the_plan_of_the_changed_scenario() -> None:
    scenario = corpus("ami").scenario({"Project Manager": 1, "Marketing": 2}, minutes=10.0)
    changes = {"floor.returning": 3.0, "speech.words_log_mean": 2.0, "standing.leadership_salience": 0.4}
    quick = compiled_log(patched(resolve(scenario)[0], changes), 4, 2)
    slow = compiled_log(resolve(scenario.replace(changes))[0], 4, 2)
    assert quick.tobytes() == slow.tobytes()
    with pytest.raises(ConfigError, match="no parameter of a meeting") as caught:
        patched(resolve(scenario)[0], {"floor.returnin": 1.0})
    assert "floor.returning" in str(caught.value)


def test_projects_are_those_of_the_engine() -> None:
    plan, _ = resolve(corpus("ami").scenario({"Project Manager": 1, "Marketing": 3}, minutes=60.0))
    for one in projects(plan, (0, 7), 2, room=50):
        assert one.log.tobytes() == compiled_log(plan, one.replicate, 2)[:50].tobytes()
    whole = next(projects(plan, (7,), 2))
    assert len(whole.log) == len(compiled_log(plan, 7, 2))


def test_a_simulated_log_reads_like_a_real_one() -> None:
    scenario = corpus("ami").scenario({"Project Manager": 1, "Marketing": 3}, sessions=2, minutes=5.0)
    labels = {group: role for group, role in corpus("ami").labels().items() if group in scenario.team}
    log = simulated_log(scenario, range(3), 1, labels=labels)
    assert log.meetings == ("0a", "0b", "1a", "1b", "2a", "2b")
    assert set(log.frame["role"]) == {"Project Manager", "Marketing"}
    assert (log.frame["words"] >= 1).all()
    with pytest.raises(ConfigError, match="no such group"):
        simulated_log(scenario, range(1), 1, labels={"leed": "Boss"})


def test_the_facilitators_turns_can_be_told_too() -> None:
    scenario = corpus("ami").scenario({"Project Manager": 1, "Marketing": 3}, minutes=20.0)
    invited = scenario.replace({"facilitation.invitation": 1.0, "facilitation.skill": 1.0})
    log = simulated_log(invited, range(2), 1, facilitator=True)
    chair = log.frame["role"] == "Chair"
    assert 0.3 < chair.mean() <= 0.5
    assert not (chair & chair.shift(1, fill_value=False)).any()
