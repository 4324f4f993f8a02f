"""The team of a user's own log: who sits for whom, who leads, and what simulated logs are like."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from cosim.calibration.counterparts import Counterparts
from cosim.errors import ConfigError
from cosim.meeting_logs.bundled_logs import shipped_log
from cosim.meeting_logs.turn_log import TurnLog, turn_log
from cosim.meeting_logs.turn_statistics import meetings
from cosim.observation.matched_simulations import LEAD_TURNS, LEAD_WORDS, AlikeLogs, by_meeting
from cosim.observation.own_team import own_teams, work
from cosim.patterns.array_statistics import tally, utterances_of
from cosim.simulation.simulation import simulate

ROLES = {"Ann": "Principal investigator", "Ben": "Research nurse", "Cat": "Public contributor", "Dan": "PPI"}


def invented(roles: dict[str, str], turns: int = 40, meeting: str = "m") -> TurnLog:
    speakers = [list(roles)[i % len(roles)] for i in range(turns)]
    return turn_log(
        pd.DataFrame(
            {"meeting": meeting, "speaker": speakers, "role": [roles[s] for s in speakers], "words": 10.0}
        )
    )


def test_roles_of_the_field_become_the_models_and_the_investigator_leads() -> None:
    teams = own_teams(invented(ROLES))
    scenario = teams.scenario(dict(teams.usual().who))
    groups = list(scenario.team.values())
    assert {(g.role, g.count, g.lead) for g in groups if g.count} == {
        *(("researcher", 1, True), ("provider", 1, False), ("patient", 1, False))
    }
    assert scenario.size == 4
    assert scenario.count("patient") == 2
    lead, patient = (next(g for g in groups if g.role == role) for role in ("researcher", "patient"))
    assert (lead.prestige or 0.0) > (patient.prestige or 1.0)
    assert teams.told == (
        "Roles were understood as Principal investigator: researcher, Research nurse: provider, "
        "Public contributor: public contributor, PPI: public contributor.",
    )
    assert teams.mapped


def test_one_unknown_role_makes_everyone_alike_and_says_so() -> None:
    teams = own_teams(invented({**ROLES, "Eve": "Wizard"}))
    assert "none that the model knows: 'Wizard'; all people are simulated alike." in teams.told[0]
    assert list(teams.people) == ["member"]
    assert teams.lead is None
    assert not teams.mapped


def test_the_lead_can_be_named() -> None:
    unnamed = own_teams(invented(dict.fromkeys("ABC", "unknown")), lead="B")
    assert unnamed.lead == "lead"
    assert set(unnamed.read().frame.loc[unnamed.read().frame["role"] == "lead", "speaker"]) == {"B"}
    public = own_teams(invented(ROLES), lead="Cat")
    leads = [g for g in public.scenario(dict(public.usual().who)).team.values() if g.lead]
    assert [g.role for g in leads] == ["patient"]
    with pytest.raises(ConfigError, match=r"lead: nobody of this name.*did you mean 'Cat'"):
        own_teams(invented(ROLES), lead="Catt")


def test_roles_of_the_corpora_are_simulated_as_there() -> None:
    teams = own_teams(shipped_log("example_icsi"))
    assert teams.lead == "Professor"
    assert teams.people["Professor"].prestige > teams.people["Grad"].prestige


def test_meetings_of_the_same_people_are_one_teams() -> None:
    log = shipped_log("ami")
    teams = own_teams(log.only(log.meetings[:8]))
    assert [len(team.turns) for team in Counterparts(teams).teams] == [4, 4]
    assert "2 sets of people spoke" in teams.told[1]
    one = own_teams(log.only(log.meetings[:4]))
    assert "the same people spoke in all meetings" in one.told[1].lower()


def test_a_series_longer_than_a_project_is_cut_into_several() -> None:
    log = turn_log(pd.concat([invented(ROLES, 12, f"m{i}").frame for i in range(45)]))
    teams = own_teams(log)
    assert [len(team.turns) for team in Counterparts(teams).teams] == [20, 20, 5]
    assert teams.told[1] == "The same people spoke in all meetings: they are simulated as one team."
    assert teams.told[2].startswith("Of more than 20 meetings")
    assert len(AlikeLogs(teams).table(3, 1)) == 3


def test_a_project_of_the_team_has_powers_only_where_somebody_leads() -> None:
    led = own_teams(invented(ROLES))
    project = led.project(led.usual(), 50.0)
    assert project.accountability.form == "sign_off"
    assert project.agenda.shared == 0.0
    flat = own_teams(invented(dict.fromkeys("ABCD", "unknown")))
    alone = flat.project(flat.usual(), 50.0)
    assert (alone.accountability.form, alone.agenda.shared) == ("none", 1.0)
    assert alone.size == 4
    runs = simulate(project, 3, 1).runs
    assert runs["influence_gini"].between(0, 1).all()


def test_what_does_not_fit_is_left_out_or_refused() -> None:
    many = invented({f"P{i}": "unknown" for i in range(61)}, 120)
    with pytest.raises(ConfigError, match=r"no meeting of the log .* can be simulated"):
        own_teams(many)
    both = pd.concat([many.frame.assign(meeting="big"), invented(ROLES).frame.assign(meeting="small")])
    teams = own_teams(turn_log(both))
    assert teams.read().meetings == ("small",)
    assert "1 of 2 meetings cannot be simulated" in teams.told[-1]
    part = own_teams(shipped_log("icsi"), most=8_000)
    alike = AlikeLogs(part)
    assert 4_000 < work(alike.turns, alike.meetings) < 12_000
    assert f"{alike.meetings} of its 51 meetings, evenly spread, are simulated." in part.told[-1]


def test_statistics_on_arrays_are_those_on_tables() -> None:
    log = shipped_log("icsi").only(shipped_log("icsi").meetings[:6])
    found = by_meeting(tally(utterances_of(log)), "Professor")
    table = meetings(log)
    for name in ("gini_words", "gini_turns", "top_share", "aba", "aba_expected", "aba_lift"):
        assert found[name] == pytest.approx(table[name].to_numpy(float)), name


def test_a_leads_share_counts_silence_and_absence() -> None:
    frame = pd.DataFrame(
        {
            "meeting": ["a"] * 4 + ["b"] * 3,
            "speaker": ["L", "X", "L", "Y", "X", "Y", "X"],
            "role": ["lead", "m", "lead", "m", "m", "m", "m"],
            "words": 10.0,
        }
    )
    found = by_meeting(tally(utterances_of(turn_log(frame))), "lead")
    assert found[LEAD_TURNS][0] == pytest.approx(3 * 0.5)
    assert math.isnan(found[LEAD_TURNS][1]), "a meeting without a lead says nothing about leads"


def test_simulated_logs_have_the_real_ones_people_and_turns() -> None:
    teams = own_teams(shipped_log("example_icsi"))
    alike = AlikeLogs(teams)
    simulated = Counterparts(teams, repeats=5).simulate({})
    counted = simulated.turns.sum(axis=1)
    assert (counted == alike.turns).all()
    assert [sorted(row) for row in simulated.roles.tolist()] == [
        ["Grad"] * 2 + ["PhD"] * 3 + ["Professor"]
    ] * 5
    table = alike.table(30, seed=1)
    assert set(alike.observed()) == set(table.columns)
    assert table.equals(alike.table(30, seed=1))
    assert not table.equals(alike.table(30, seed=2))
    once = alike.once({}, 1)
    assert once["gini_words"] == table["gini_words"].iloc[0], "the first of them is one of them"


def test_means_are_over_the_meetings_of_one_simulation() -> None:
    log = shipped_log("ami")
    teams = own_teams(log.only(log.meetings[:6]))
    alike = AlikeLogs(teams)
    table = alike.table(7, seed=3)
    whole = Counterparts(teams, repeats=7).simulate({}, (3 - 1) * (1 << 32) + 1)
    each = by_meeting(whole, "Project Manager")["gini_turns"]
    first, second = each[: 7 * 4].reshape(7, 4), each[7 * 4 :].reshape(7, 2)
    expected = np.concatenate([first, second], axis=1).mean(axis=1)
    assert table["gini_turns"].to_numpy() == pytest.approx(expected)
    assert LEAD_WORDS in table


def test_a_tally_is_compared_by_what_it_knows() -> None:
    frame = pd.DataFrame(
        {"meeting": "m", "turn": [1, 2, 3], "speaker": list("ABC"), "role": "unknown",
         "words": [300.0, 90, 10], "start_s": math.nan, "end_s": math.nan, "turns": [20.0, 9, 1]}
    )  # fmt: skip
    alike = AlikeLogs(own_teams(TurnLog(frame, "t", tally=True)))
    assert set(alike.observed()) == {"gini_words", "top_share"}, "its turns are no floor turns"
    assert alike.turns == 30
    assert len(alike.table(10, 1)) == 10
