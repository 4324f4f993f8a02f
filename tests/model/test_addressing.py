"""Whom a turn is said to, and what that does to the talk under each decision rule; who opens an item."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.calibration.simulated_projects import projects
from cosim.catalogue import load_scenario
from cosim.errors import ConfigError
from cosim.mechanisms.facilitation import OPENING
from cosim.model.model import CoproductionModel
from cosim.model.stages.talk import addressee, count_shown, form_tables, let_owner_open, show
from cosim.model.state import OPENER
from cosim.scenario import Scenario
from cosim.scenario.plan import resolve
from cosim.simulation.simulation import compiled_log
from tests.model.stages.rooms import SEED, in_meeting
from tests.paired import change, mean

NULL = load_scenario("symmetric_null")
TEAM = load_scenario("research_team")
PUBLIC = range(9, 12)  # of the twelve equals, those of the public
LOWEST, HIGHEST = 0, 2**32 - 1


def ruled(rule: str, *, aim: float = 1.0, quorum: float = 1.0, base: Scenario = NULL) -> Scenario:
    """One phase under a decision rule."""
    one = {f"phases.{name}": None for name in list(base.phases)[1:]}
    changes = {"phases.*.rule": rule, "phases.*.quorum": quorum, "floor.aim": aim, **one}
    return base.replace(changes)


def table_of_equals(scenario: Scenario):
    """A meeting whose twelve members sit at one table."""
    room = in_meeting(scenario)
    form_tables(room.plan, room.state, 0, -2, SEED, 0)
    count_shown(room.state, 0)
    return room


def said_to(room, speaker: int, *, lead: int = -1, word: int = HIGHEST) -> int:
    return addressee(room.plan, room.state, 0, speaker, lead, 0, 0, word)


# ---------------------------------------------------------------- whose consent matters


def test_a_turn_answers_the_one_before_it_where_all_count_alike():
    for rule in ("mean_score", "approval", "rank_sum", "majority"):
        room = table_of_equals(ruled(rule))
        assert said_to(room, 3) == -1
        room.state.last[0] = 7
        assert {said_to(room, 3, word=word) for word in (LOWEST, HIGHEST)} == {7}


def test_under_consensus_the_last_dissenter_is_asked():
    room = table_of_equals(ruled("consensus"))
    for i in range(12):
        show(room.state, 0, i, 0.1 if i == 9 else 0.9)
    room.state.last[0] = 7
    assert said_to(room, 3, word=LOWEST) == 7
    assert said_to(room, 3) == 9
    assert room.state.pivotal[9] == 1.0
    assert (np.delete(room.state.pivotal[:12], [3, 9]) == 0.0).all()
    assert said_to(room, 9) in range(12)  # the dissenter needs everybody, and so answers who spoke before
    assert said_to(room, 9) == 7


def test_once_a_majority_stands_nobody_is_asked():
    room = table_of_equals(ruled("majority"))
    for i in range(12):
        show(room.state, 0, i, 0.1 if i > 6 else 0.9)
    room.state.last[0] = 7
    assert said_to(room, 3) == 7  # seven of twelve agree
    assert said_to(room, 8) != 7  # the five others need two of the seven
    assert said_to(room, 8) < 7


def test_a_lead_with_the_last_word_is_asked_by_all_and_asks_nobody():
    for rule, form in (("lead_decides", "none"), ("mean_score", "full_veto")):
        changes = {"accountability.form": form, "team.*.attendance": 1.0, "floor.aim": 20.0}
        room = table_of_equals(ruled(rule, base=TEAM).replace(changes))
        lead = room.at("lead")
        room.state.last[0] = 7
        assert said_to(room, 3, lead=lead) == lead
        assert said_to(room, lead, lead=lead) == 7


def test_who_has_no_vote_is_asked_less():
    room = table_of_equals(ruled("mean_score").replace({"phases.*.level": "involve"}))
    room.level = 2
    room.state.last[0] = 10
    asked = {said_to(room, 3, word=int(u * HIGHEST)) for u in np.linspace(0.0, 1.0, 200)}
    assert asked == {10, *range(9)} - {3}


@pytest.mark.parametrize("rule", ["mean_score", "majority", "supermajority", "approval", "lead_decides"])
def test_without_aim_the_talk_does_not_depend_on_the_rule(rule):
    """In bits, in a phase that no early consensus ends; the team has a lead with a last word."""
    short = {"phases.*.minutes": 20.0, "agenda.minutes_per_item": 5.0}
    logs = []
    for one in ("rank_sum", rule):
        scenario = ruled(one, aim=0.0, base=TEAM).replace(short)
        logs.append(compiled_log(resolve(scenario)[0], 0, SEED))
    for name in set(logs[0].dtype.names or ()) - {"intake"}:
        assert np.array_equal(logs[0][name], logs[1][name]), name


def test_a_supermajority_of_all_is_a_consensus_without_the_clock():
    """Same talk, in bits, until the consensus is reached."""
    apart = {"knowledge.interests": 0.3, "phases.*.minutes": 15.0, "floor.aim": 5.0}
    one, other = (ruled(rule).replace(apart) for rule in ("supermajority", "consensus"))
    logs = [compiled_log(resolve(scenario)[0], 0, SEED) for scenario in (one, other)]
    length = min(len(log) for log in logs)
    assert length > 50
    for name in ("speaker", "addressee", "words", "said"):
        assert np.array_equal(logs[0][name][:length], logs[1][name][:length])


def test_without_returning_nobody_comes_back_more_often_than_by_chance():
    """The share of turns taken by the one before last: 1 in 11 among equals who never speak twice running."""
    flat = {"floor.talkativeness_spread": 0.0, "floor.engagement_spread": 0.0, "floor.stake": 0.0}
    flat |= {"floor.head_seat": 0.0, "floor.opposite_seat": 0.0, "phases.*.minutes": 60.0}
    flat |= {"team.*.confidence": 1.0, "learning.confidence_gain": 0.0, "standing.appraisal_salience": 0.0}
    shares = {}
    for returning in (0.0, 2.26):
        plan, _ = resolve(ruled("consensus", aim=5.0).replace({**flat, "floor.returning": returning}))
        back = [
            float(np.mean(one.log["speaker"][2:] == one.log["speaker"][:-2]))
            for one in projects(plan, range(20), 1)
        ]
        shares[returning] = float(np.mean(back)), float(np.std(back, ddof=1) / np.sqrt(20))
    at, error = shares[0.0]
    assert abs(at - 1 / 11) < 4.0 * error + 0.004
    assert shares[2.26][0] > 1.5 * at


def test_a_lone_dissenter_speaks_more_the_more_consent_is_sought():
    """Under consensus the few who differ are asked; under a majority they are not (n = 150, 95 %)."""
    camps = {"knowledge.interests": 0.4, "knowledge.belief_noise": 0.05, "phases.*.minutes": 30.0}
    camps |= {f"team.{name}.constituency": "staff" for name in ("researchers", "providers", "policymakers")}
    team = NULL.replace({"phases.*.meetings": 1, **camps})
    still, keen = (ruled("consensus", aim=aim, base=team) for aim in (0.0, 5.0))
    assert change(still, keen, "voice_parity_public", 150).low > 0.01
    votes = [ruled("majority", aim=aim, base=team) for aim in (0.0, 5.0)]
    assert (
        abs(change(*votes, "voice_parity_public", 150).mean)
        < change(still, keen, "voice_parity_public", 150).mean
    )


def test_among_equals_aim_favours_nobody():
    for rule in ("majority", "consensus"):
        parity = mean(ruled(rule, aim=5.0).replace({"phases.*.minutes": 30.0}), "voice_parity_public", 300)
        assert parity.low < 1.0 < parity.high, f"{rule}: {parity}"


# ---------------------------------------------------------------- who opens an item


def test_owners_open_the_items_by_turns():
    scenario = ruled("mean_score", base=TEAM).replace(
        {"phases.governance.owner": "patients", "team.*.attendance": 1.0}
    )
    model = CoproductionModel(scenario, SEED, 0, collect=False).run_model()
    log = model.turn_log()
    opening = log[log["mode"] == "opening"]
    public = [member.name for member in model.members if member.group == "patients"]
    items = log["item"].ne(log["item"].shift()).sum()
    assert len(opening) == items > 3
    assert list(opening["person"]) == [public[n % len(public)] for n in range(items)]
    raw = compiled_log(resolve(scenario)[0], 0, SEED)
    assert (raw["mode"] == OPENING).sum() == items


def test_an_item_without_owner_or_in_a_strict_round_is_opened_by_nobody():
    owned = ruled("mean_score", base=TEAM).replace({"phases.governance.owner": "patients"})
    for scenario in (ruled("mean_score", base=TEAM), owned.replace({"facilitation.rounds": 1.0})):
        log = compiled_log(resolve(scenario)[0], 0, SEED)
        assert (log["mode"] != OPENING).all()


def test_owners_who_are_away_open_nothing():
    room = table_of_equals(ruled("mean_score").replace({"phases.priority_setting.owner": "patients"}))
    let_owner_open(room.plan, room.state, 0, 4)
    assert room.state.dials[OPENER] == PUBLIC[1]
    for i in PUBLIC:
        room.state.may[i] = False
    let_owner_open(room.plan, room.state, 0, 4)
    assert room.state.dials[OPENER] == -1.0


def test_an_owner_must_be_a_group_of_the_phase():
    with pytest.raises(ConfigError, match="no group of this name") as caught:
        TEAM.replace({"phases.governance.owner": "patient"})
    assert "patients" in str(caught.value)


@pytest.mark.parametrize("level", ["inform", "consult"])
def test_owners_without_a_voice_open_nothing(level):
    own = ruled("mean_score").replace({"phases.priority_setting.owner": "patients"})
    room = table_of_equals(own.replace({"phases.priority_setting.level": level}))
    let_owner_open(room.plan, room.state, 0, 4)
    assert room.state.dials[OPENER] == -1.0
