"""Between two turns: tables, positions, tokens, the end of talk, a look at the shares."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from cosim.mechanisms import facilitation
from cosim.model.stages.project import WEIGHS
from cosim.model.stages.talk import (
    begin_voice,
    credit_holders,
    form_tables,
    item_wanted,
    look_at_shares,
    renew_tokens,
    speakers_of,
    take_positions,
    talk_goes_on,
)
from cosim.model.state import INVITATION, LAST_SPEAKER
from tests.model.stages.rooms import SEED, TEAM, in_meeting

ALL_COME = {"team.*.attendance": 1.0, "team.*.spread": 0.0}


def terms(rounds: float = 0.0, passing: float = 0.0) -> SimpleNamespace:
    return SimpleNamespace(talk_minutes=90.0, facilitation_rounds=rounds, facilitation_passing=passing)


@pytest.mark.parametrize(
    ("dials", "clock", "turn", "agreed", "goes_on"),
    [
        (terms(), 89.9, 17, False, True),
        (terms(), 90.0, 17, False, False),
        (terms(), 50.0, 17, True, False),
        (terms(rounds=1.0), 90.0, 17, False, True),  # a strict round of 12 is completed
        (terms(rounds=1.0), 50.0, 17, True, True),
        (terms(rounds=1.0), 90.0, 24, False, False),
        (terms(rounds=1.0), 50.0, 24, True, False),
        (terms(rounds=1.0, passing=0.5), 90.0, 17, False, False),
        (terms(rounds=0.9), 90.0, 17, False, False),
    ],
)
def test_talk_goes_on_until_time_or_consensus_and_a_strict_round_is_complete(
    dials, clock, turn, agreed, goes_on
):
    assert talk_goes_on(dials, clock, turn, 12, agreed) is goes_on


def test_speakers_are_those_present_who_may_speak():
    assert speakers_of(in_meeting(TEAM.replace(ALL_COME)).state) == 12
    assert speakers_of(in_meeting(TEAM.replace({**ALL_COME, "phases.*.level": "consult"})).state) == 8


def test_tables_in_plenary_and_in_groups():
    room = in_meeting(TEAM.replace({**ALL_COME, "facilitation.group_size": 4}))
    room.state.dials[LAST_SPEAKER] = 5.0
    assert form_tables(room.plan, room.state, 0, facilitation.PLENARY, SEED, 0) == 1
    assert (room.state.table == 0).all()
    assert room.state.last[0] == 5
    assert form_tables(room.plan, room.state, 0, 0, SEED, 0) == 3
    assert np.bincount(room.state.table).tolist() == [4, 4, 4]
    mine = room.state.table[5]
    assert room.state.last[mine] == 5
    assert [room.state.last[t] for t in range(3) if t != mine] == [-1, -1]
    first = room.state.table.copy()
    form_tables(room.plan, room.state, 0, 1, SEED, 0)
    assert (room.state.table != first).any()


def test_an_items_views_are_taken_as_it_comes_up():
    room = in_meeting(TEAM.replace({"team.*.mandate": 0.0, "team.*.spread": 0.0}))
    take_positions(room.plan, room.state, 0, 2, SEED, 0)
    judged = np.einsum("kn,nk->n", room.state.belief[2], room.state.traits[:, WEIGHS : WEIGHS + 4])
    assert room.state.mine == pytest.approx(judged, abs=1e-12)


def test_a_position_is_new_until_it_is_voiced():
    state = in_meeting(TEAM).state
    begin_voice(state, 1, 2, 3)
    assert (state.fresh[1, 2, 3] == 1.0).all()
    state.fresh[1, 2, 3] = 0.4
    begin_voice(state, 1, 2, 3)
    assert (state.fresh[1, 2, 3] == 0.4).all()


def test_an_argument_is_credited_to_those_who_held_it_alike():
    state = in_meeting(TEAM.replace(ALL_COME)).state
    state.met[1, 2], state.argued[:] = False, 0.0
    state.met[1, 2, [0, 4, 5]] = True
    state.argued[5] = 0.3  # has just been told
    credit_holders(state, 1, 2, 4)
    assert state.said[1, 2] == 4
    assert state.credited[1, 2, [0, 4]] == pytest.approx([0.5, 0.5])
    assert state.credited[1, 2].sum() == pytest.approx(1.0)


def test_tokens_are_renewed_when_all_who_could_speak_next_have_spent_theirs():
    room = in_meeting(TEAM.replace(ALL_COME))
    state = room.state
    state.table[:] = 0
    state.eligible[:] = True
    state.eligible[3] = False  # spoke last
    state.spent[:] = 3.0
    state.spent[3] = 1.0
    state.spent[7] = 2.0
    renew_tokens(state, 0, 3)
    assert state.spent[0] == 3.0
    state.spent[7] = 3.0
    renew_tokens(state, 0, 3)
    assert (state.spent == 0.0).all()


def test_people_write_about_the_item_they_rate_highest():
    room = in_meeting(TEAM)
    listed = room.state.agenda[: room.items]
    for i in range(12):
        wanted = item_wanted(room.state, i, room.items)
        assert wanted in listed
        assert room.state.views[i, wanted] == max(room.state.views[i, o] for o in listed)


@pytest.mark.parametrize(("turn", "looks"), [(39, False), (40, True), (80, True)])
def test_the_facilitator_looks_at_the_shares_every_so_many_turns(turn, looks):
    room = in_meeting(TEAM.replace({**ALL_COME, "facilitation.monitoring": 1.0, "facilitation.skill": 0.5}))
    room.state.heard[0] = 10.0
    room.state.gained[0] = 1.0
    look_at_shares(room.plan, room.state, 0, turn)
    assert room.state.dials[INVITATION] == pytest.approx(0.1 if looks else 0.0)


def test_equal_shares_let_the_facilitator_step_back():
    room = in_meeting(TEAM.replace({**ALL_COME, "facilitation.monitoring": 1.0, "facilitation.skill": 0.5}))
    room.state.heard[:] = 3.0
    room.state.gained[:] = 1.0
    room.state.dials[INVITATION] = 0.3
    look_at_shares(room.plan, room.state, 0, 40)
    assert room.state.dials[INVITATION] == pytest.approx(0.25)


def test_engagement_differs_from_item_to_item_and_day_to_day():
    spread = 0.6
    room = in_meeting(TEAM.replace({"floor.engagement_spread": spread, "floor.stake": 0.0}))
    drawn = []
    for replicate in range(200):
        for meeting, item in ((0, 0), (0, 1), (1, 1)):
            take_positions(room.plan, room.state, meeting, item, SEED, replicate)
            drawn.append(np.log(room.state.engaged))
    logs = np.array(drawn).reshape(200, 3, -1)
    assert logs.std() == pytest.approx(spread, rel=0.05)
    assert np.exp(logs).mean() == pytest.approx(1.0, rel=0.05)
    for one, other in ((0, 1), (1, 2)):
        assert abs(np.corrcoef(logs[:, one].ravel(), logs[:, other].ravel())[0, 1]) < 0.1
