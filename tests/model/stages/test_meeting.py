"""A meeting opens and closes: attendance, agenda, standing, understanding, seats, costs, what is kept."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosim.mechanisms import counters
from cosim.model.stages.meeting import attend, close_meeting, co_chair_of, lead_of, set_agenda
from cosim.model.stages.project import EXPERIENTIAL, KNOWS
from tests.model.stages.rooms import NULL, SEED, TEAM, in_meeting

NO_SPREAD = {"team.*.spread": 0.0, "phases.*.options": 2}


def rate(scenario, names: tuple[str, ...], count: int = 400) -> float:
    room, came = in_meeting(scenario), []
    places = [room.at(name) for name in names]
    for replicate in range(count):
        attend(room.plan, room.state, 0, SEED, replicate)
        came.append(room.state.present[places].copy())
    return float(np.mean(came))


@pytest.mark.parametrize(
    ("payment", "support", "chance"), [(0.0, 1.0, 0.5), (1.0, 1.0, 0.8), (1.0, 0.5, 0.65)]
)
def test_payment_prevents_absences_as_far_as_it_is_delivered(payment, support, chance):
    """n = 400 x 4 public members whose chance is one half unpaid; payment prevents 60 % of absences."""
    scenario = TEAM.replace(
        {
            **NO_SPREAD,
            "team.patients.attendance": 0.5,
            "attendance.payment": payment,
            "system.support": support,
        }
    )
    names = ("patients-1", "patients-2", "patients-3", "patients-4")
    found = rate(scenario, names)
    assert found == pytest.approx(chance, abs=4 * math.sqrt(0.25 / 1600))


def test_the_lead_always_comes_and_a_meeting_of_one_is_held_when_all_can_come():
    nobody = TEAM.replace({**NO_SPREAD, "team.*.attendance": 0.0, "attendance.payment": 0.0})
    assert in_meeting(nobody).state.present.all()
    few = TEAM.replace({**NO_SPREAD, "team.*.attendance": 0.5})
    assert rate(few, ("lead",), 50) == 1.0


def test_the_dissatisfied_stay_away():
    scenario = TEAM.replace({**NO_SPREAD, "attendance.dissatisfaction": 1.0, "attendance.payment": 0.0})
    came = []
    for replicate in range(60):
        room = in_meeting(scenario, replicate)
        room.state.satisfaction[:] = 0.0
        attend(room.plan, room.state, 0, SEED, replicate)
        came.append(room.state.present.sum())
    assert set(came) == {12}  # only the lead would come: the meeting is held when all can
    room.state.satisfaction[:6] = 1.0
    attend(room.plan, room.state, 0, SEED, 1)
    assert not room.state.present[6:].any()


def test_an_agenda_names_each_item_once():
    for replicate in range(30):
        room = in_meeting(TEAM, replicate)
        items = room.state.agenda[: room.items]
        assert room.items == 6
        assert len(set(items.tolist())) == 6
        assert items.min() >= 0


def test_what_nobody_who_sets_the_agenda_wants_is_left_off():
    """A lead who sets it alone and for themselves never puts on the option that they rate lowest."""
    scenario = TEAM.replace({"agenda.self_interest": 1.0, "phases.*.options": 3, "agenda.shared": 0.0})
    for replicate in range(30):
        room = in_meeting(scenario, replicate)
        lowest = int(np.argmin(room.state.views_before[0, :3]))
        assert room.items == 2
        assert lowest not in room.state.agenda[:2].tolist()


def test_agenda_follows_the_wishes_of_whoever_sets_it():
    """The lead's favourite is first far more often than 1 in 8 when they set it alone, less when all do."""
    first = {}
    for shared in (0.0, 1.0):
        changes = {"agenda.self_interest": 1.0, "agenda.shared": shared, "agenda.minutes_per_item": 90.0}
        room = in_meeting(TEAM.replace(changes))
        favourite, found = int(np.argmax(room.state.views_before[0])), []
        for replicate in range(600):
            set_agenda(room.plan, room.state, 0, 8, SEED, replicate)
            found.append(room.state.agenda[0] == favourite)
        first[shared] = np.mean(found)
    assert first[0.0] > first[1.0] + 0.05
    assert first[0.0] > 0.25


def test_standing_is_0_among_equals_and_highest_for_the_lead():
    assert in_meeting(NULL).state.standing == pytest.approx(np.zeros(12), abs=1e-12)
    room = in_meeting(TEAM)
    assert room.state.standing.argmax() == room.at("lead")
    assert room.state.standing[8:].mean() < 0.0 < room.state.standing[:4].mean()


def test_hidden_titles_narrow_standing():
    shown = in_meeting(TEAM.replace({"standing.leadership_salience": 0.0})).state.standing
    hidden = in_meeting(
        TEAM.replace({"standing.leadership_salience": 0.0, "facilitation.titles_hidden": 1.0})
    ).state.standing
    assert np.ptp(hidden) < np.ptp(shown)


def test_jargon_deafens_patients_and_unfamiliarity_deafens_professionals():
    room = in_meeting(TEAM.replace(NO_SPREAD))
    researcher, patient = room.at("researchers-1"), room.at("patients-1")
    heard = room.state.understood
    assert heard[researcher, 0, patient] == pytest.approx(1.0 - 0.8 * (0.85 - 0.2))
    assert heard[patient, EXPERIENTIAL, researcher] == pytest.approx(1.0 - 0.8 * (0.85 - 0.2))
    assert heard[patient, 0, researcher] == 1.0
    cured = in_meeting(TEAM.replace({**NO_SPREAD, "facilitation.mutual_learning": 1.0})).state.understood
    assert cured[patient, EXPERIENTIAL, researcher] == 1.0
    assert cured[researcher, 0, patient] == heard[researcher, 0, patient]


def test_common_credibility_is_the_mean_over_those_present():
    room = in_meeting(TEAM)
    present = np.flatnonzero(room.state.present)
    for k in range(4):
        pairs = [room.state.credibility[i, k, j] for i in present for j in present if i != j]
        assert room.state.common[k] == pytest.approx(np.mean(pairs))


def test_the_head_of_the_table_pulls_until_it_is_round():
    lead = in_meeting(TEAM).at("lead")
    shapes = {
        name: in_meeting(TEAM.replace(changes)).state.seat
        for name, changes in {
            "long": {},
            "u": {"facilitation.seating": "u_shape"},
            "round": {"facilitation.seating": "round"},
            "levelled": {"facilitation.level_table": 1.0},
        }.items()
    }
    others = [i for i in range(12) if i != lead]
    pull = {name: seat[others, lead].mean() for name, seat in shapes.items()}
    assert pull["long"] > pull["u"] > pull["round"]
    assert pull["round"] == pull["levelled"]
    assert shapes["long"][others][:, others] == pytest.approx(shapes["round"][others][:, others])


def test_lead_and_co_chair():
    room = in_meeting(TEAM)
    everyone = room.state.everyone
    assert lead_of(room.plan, everyone, 3) == room.at("lead")
    assert lead_of(room.plan, everyone, 4) == -1  # a professional lead has no part in what the public decides
    assert co_chair_of(room.plan, everyone) == room.at("patients-1")
    assert co_chair_of(room.plan, room.plan.role == np.array(0)) == -1


def closed(changes, minutes: float = 60.0):
    room = in_meeting(TEAM.replace({**NO_SPREAD, **changes}))
    room.state.present[:] = True
    room.state.credibility[8, 0, 0] = 0.9
    room.state.tie[0, 8] = 0.5
    room.state.heard[:] = 2.0
    close_meeting(room.plan, room.state, 0, minutes)
    return room


def test_without_contact_people_forget():
    room = closed({"learning.forgetting": 0.25, "learning.tie_decay": 0.2})
    first = room.state.first_impression[8, 0, 0]
    assert room.state.credibility[8, 0, 0] == pytest.approx(0.75 * 0.9 + 0.25 * first)
    assert room.state.tie[0, 8] == pytest.approx(0.4)


def test_a_power_audit_corrects_credibility_toward_what_people_know():
    room = closed({"facilitation.power_audit": 1.0, "learning.forgetting": 0.0})
    knows = room.state.traits[:, KNOWS : KNOWS + 4]
    assert room.state.credibility == pytest.approx(np.repeat(knows[:, :, None], 12, axis=2))


def test_costs_by_hand():
    """One hour of twelve, four of them public and fully paid, staff at 50, with a facilitator."""
    prices = {
        "attendance.payment": 1.0,
        "costs.public_hour": 25.0,
        "costs.public_expenses": 15.0,
        "costs.staff_hour": 50.0,
        "costs.facilitator_hour": 60.0,
    }
    totals = closed(prices).state.totals
    assert totals[counters.T_MINUTES] == 60.0
    assert totals[counters.T_HOURS_PUBLIC] == 4.0
    assert totals[counters.T_HOURS_STAFF] == 8.0
    assert totals[counters.T_MONEY] == pytest.approx(4 * 25 + 4 * 15 + 8 * 50)
    assert totals[counters.T_EXPECTED_TURNS_PUBLIC] == pytest.approx(24.0 * 4 / 12)


def test_appraisal_follows_the_share_of_uptake_among_those_present():
    room = in_meeting(TEAM.replace({**NO_SPREAD, "learning.appraisal_memory": 0.0}))
    room.state.present[:] = True
    room.state.gained[:] = 0.0
    room.state.gained[0], room.state.gained[8] = 9.0, 3.0
    close_meeting(room.plan, room.state, 0, 60.0)
    assert room.state.appraisal[0] == 1.0
    assert room.state.appraisal[8] == 1.0  # three times an equal share: as much as can be expected
    assert room.state.appraisal[1] == 0.0
