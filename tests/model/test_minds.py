"""What people think, show and take in: each rule where it would show if it were wrong."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings

from cosim.mechanisms import uptake
from cosim.model.model import CoproductionModel
from cosim.model.stages.ballot import consensus_in_sight, settle_ballots
from cosim.model.stages.phase import begin_phase
from cosim.model.stages.project import LOYALTY
from cosim.model.stages.talk import show, take_positions
from cosim.outcomes import OUTCOME_NAMES, PERSON_COLUMNS
from cosim.scenario import ATTRIBUTES, parameters
from cosim.scenario.plan import resolve
from cosim.simulation.simulation import compiled_log, run_compiled
from tests.model.stages.rooms import NULL, SEED, TEAM, in_meeting
from tests.paired import change, mean, outcomes
from tests.strategies import with_changes

ALL_COME = {"team.*.attendance": 1.0, "team.*.spread": 0.0}
ONE_PHASE = {f"phases.{name}": None for name in list(TEAM.phases)[1:]}
SHORT = TEAM.replace({**ONE_PHASE, "phases.*.minutes": 20.0, "agenda.minutes_per_item": 4.0})


def played(scenario, replicate: int = 0) -> CoproductionModel:
    return CoproductionModel(scenario, SEED, replicate, collect=False).run_model()


def settled(room, *, final: bool = False):
    return settle_ballots(room.plan, room.state, 0, room.level, SEED, 0, final)


# ---------------------------------------------------------------- what is shown


def room_with_lead(changes=None):
    """A meeting in which everybody is unconfident and defers as far as one can."""
    deferent = {"stance.deference": 1.0, "stance.conformity": 0.0, "speech.safety": 0.0}
    room = in_meeting(TEAM.replace({**ALL_COME, **deferent, **(changes or {})}))
    room.state.confidence[:] = 0.0
    return room


def test_a_lead_who_has_shown_nothing_pulls_nobody_and_later_ballots_only():
    room = room_with_lead()
    state, lead = room.state, room.at("lead")
    settled(room)
    place = {int(i): at for at, i in enumerate(state.order)}
    for i in range(12):
        bent = np.abs(state.ballots[i, :8] - state.views[i, :8]).max() > 1e-9
        assert bent == (place[i] > place[lead])


def test_a_lead_of_lower_standing_is_deferred_to_by_nobody():
    room = room_with_lead()
    room.state.standing[room.at("lead")] = -0.9
    for o in range(8):
        show(room.state, o, room.at("lead"), 1.0)
    settled(room)
    assert room.state.ballots[:, :8] == pytest.approx(room.state.views[:, :8])


def test_a_stance_that_the_lead_has_shown_pulls_those_who_vote_before_the_lead():
    """The lead stands high enough to be deferred to, and second so that one ballot comes first."""
    room = room_with_lead()
    state, lead = room.state, room.at("lead")
    state.standing[:] = 0.0
    state.standing[lead], state.standing[5] = 0.6, 0.7
    state.traits[5, LOYALTY] = 0.5
    show(state, 3, lead, 1.0)
    settled(room)
    assert state.order[:2].tolist() == [5, lead]
    assert state.ballots[5, 3] == pytest.approx(0.5 * state.views[5, 3] + 0.5)
    others = [o for o in range(8) if o != 3]
    assert state.ballots[5, others] == pytest.approx(state.views[5, others])


def test_a_lead_at_another_table_pulls_nobody():
    """Break-outs that last the whole meeting: only who sits with the lead bends to them."""
    changes = {"stance.deference": 1.0, "stance.conformity": 0.0, "speech.safety": 0.0}
    changes |= {"facilitation.small_groups": 1.0, "facilitation.group_size": 4, "facilitation.remix": 1}
    model = played(SHORT.replace({**ALL_COME, **changes, "team.*.confidence": 0.1}))
    log = model.raw_log()
    tables = {int(turn["speaker"]): int(turn["table"]) for turn in log}
    lead = tables[0]
    elsewhere = log[log["table"] != lead]
    assert len(elsewhere) > 20
    assert (elsewhere["frank"] == 1.0).all()
    assert (log[log["table"] == lead]["frank"] < 1.0).any()


def test_nothing_anonymous_or_written_unseen_is_bent_or_shown():
    hidden = {"facilitation.anonymous_input": 1.0, "facilitation.silent_writing": 1.0}
    model = played(SHORT.replace({**hidden, "stance.deference": 1.0, "stance.conformity": 1.0}))
    assert (model.raw_log()["frank"] == 1.0).all()
    assert (model.state.shown == 0.0).all()


def test_a_secret_ballot_is_what_one_thinks_and_is_bound_to():
    room = room_with_lead({"decision.secret_ballot": 1.0, "stance.conformity": 1.0})
    for o in range(8):
        show(room.state, o, room.at("lead"), 1.0)
    settled(room)
    assert room.state.ballots[:, :8] == pytest.approx(room.state.views[:, :8], abs=1e-15)


@settings(max_examples=15)
@given(with_changes({"phases.*.rule": "mean_score", "phases.*.meetings": 1}))
def test_secrecy_of_the_ballot_does_not_change_the_talk_before_it(scenario):
    first = {f"phases.{name}": None for name in list(scenario.phases)[1:]} | {"phases.*.importance": 1.0}
    logs = [
        compiled_log(resolve(scenario.replace({**first, "decision.secret_ballot": secret}))[0], 0, SEED)
        for secret in (0.0, 1.0)
    ]
    for name in logs[0].dtype.names:
        if name != "intake":  # what a turn brought is known from the ballots on
            assert np.array_equal(logs[0][name], logs[1][name]), name


def test_ground_rules_act_in_the_talk_and_on_no_ballot():
    ballots = []
    for kept in (0.0, 1.0):
        room = room_with_lead({"facilitation.ground_rules": kept, "stance.conformity": 0.5})
        show(room.state, 2, room.at("lead"), 1.0)
        settled(room)
        ballots.append(room.state.ballots.copy())
    assert np.array_equal(*ballots)
    frank = [
        played(SHORT.replace({"stance.deference": 1.0, "facilitation.ground_rules": kept}))
        .raw_log()["frank"]
        .mean()
        for kept in (0.0, 1.0)
    ]
    assert frank[1] > frank[0]


def test_where_all_think_alike_nobody_bends_or_dissents():
    alike = {"knowledge.belief_noise": 0.0, "knowledge.interests": 0.0, "knowledge.received_error": 0.0}
    alike |= {"arguments.held": 0.0, "stance.conformity": 1.0, "team.*.mandate": 0.0}
    model = played(NULL.replace({**alike, "phases.*.minutes": 20.0, "agenda.minutes_per_item": 4.0}))
    assert (model.raw_log()["frank"] == 1.0).all()
    assert model.outcomes()["private_dissent"] == 0.0


# ---------------------------------------------------------------- the mandate


@pytest.mark.parametrize(("latitude", "bound"), [(0.0, True), (1.0, False)])
def test_delegates_vote_for_their_constituency_whatever_is_said_and_trustees_need_not(latitude, bound):
    secret = {"decision.secret_ballot": 1.0, "team.*.mandate": 1.0, "stance.latitude": latitude}
    model = played(SHORT.replace({**ALL_COME, **secret, "team.*.mandate": 1.0}))
    state = model.state
    theirs = np.einsum("okn,nk->no", state.group_view[:, :, model.plan.constituency], state.traits[:, 10:14])
    apart = np.abs(state.ballots[:, :8] - theirs[:, :8]).max(axis=1)
    assert (apart < 1e-12).all() == bound
    assert (apart > 1e-4).any() == (not bound)


def test_with_legitimacy_0_and_no_talk_links_to_groups_change_start_and_bound_part_alone():
    quiet = SHORT.replace({"uptake.legitimacy": 0.0, "uptake.rate": 0.0, "arguments.step": 0.0})
    quiet = quiet.replace({"stance.deference": 0.0, "stance.conformity": 0.0, "accountability.form": "none"})
    moved = change(quiet, quiet.with_interventions("community_links"), "influence_parity_public", 60)
    assert moved.mean == pytest.approx(0.0, abs=1e-12)
    carried = change(quiet, quiet.with_interventions("community_links"), "influence_carried_public", 60)
    assert carried.low > 0.1


def test_an_unnamed_contribution_is_heard_as_by_the_mean_of_those_who_may_speak():
    room = in_meeting(TEAM.replace({**ALL_COME, "team.patients.mandate": 0.9}))
    mandates = room.state.traits[room.state.may, 3]
    assert room.state.common_mandate[0] == pytest.approx(mandates.mean())


# ---------------------------------------------------------------- arguments and voices


def test_an_argument_told_again_moves_nobody_and_the_first_time_all_the_same_way():
    model = CoproductionModel(
        SHORT.replace({**ALL_COME, "arguments.voiced": 1.0, "uptake.rate": 0.0, "uptake.reflection": 0.0}),
        SEED,
        0,
        collect=False,
    )
    model.step()
    moves = 0
    while model.running:
        before = model.state.belief.copy()
        met = model.state.met.copy()
        model.step()
        said = model.contribution
        if said is None or not model.meeting_open or before.shape != model.state.belief.shape:
            continue
        o, k = said.item, said.kind
        change_of = model.state.belief[o, k] - before[o, k]
        assert (change_of[met[o, k]] == 0.0).all()
        moved = change_of[change_of != 0.0]
        if len(moved):
            moves += 1
            up = model.state.pole[o, k] == 1.0
            assert (moved > 0.0).all() if up else (moved < 0.0).all()
    assert moves > 5


def test_one_voice_repeated_closes_what_one_voice_can():
    """Closed form: steps r, r f, r f^2 ... of the distance that is left."""
    rate, fading, left = 0.3, 0.5, 1.0
    fresh = 1.0
    for _ in range(40):
        share = uptake.step(uptake.SHARED_ATTENTION, uptake.voice(3, 1.0, fresh), rate, 0.0, 0.0, 0.3, 0.0)
        left *= 1.0 - share
        fresh = uptake.worn(fresh, fading, 1.0)
    expected = np.prod([1.0 - rate * fading**m for m in range(40)])
    assert left == pytest.approx(expected)
    assert left > 1.0 - rate / (1.0 - fading)


def test_twice_the_minutes_close_hardly_more():
    """Once everybody has said something, more talk closes little: within .05 (n = 150)."""
    long = TEAM.replace({**ONE_PHASE, "phases.*.minutes": 90.0})
    closed = [mean(one, "closure", 150) for one in (long, long.replace({"phases.*.minutes": 180.0}))]
    assert 0.02 < closed[0].mean < 0.25, closed[0]
    assert abs(closed[1].mean - closed[0].mean) < 0.05, closed


def test_more_is_closed_where_one_answer_must_come_out():
    values, agreement = (
        TEAM.replace({**ONE_PHASE, "phases.*.task": task}) for task in ("values", "agreement")
    )
    assert change(values, agreement, "closure", 150).low > 0.02


def test_an_argument_whose_only_holder_never_speaks_of_it_has_no_part():
    nobody = SHORT.replace({"arguments.held": 0.0})
    assert (outcomes(nobody, 40)["parts_argued"] == 0.0).all()
    unsaid = SHORT.replace({"arguments.voiced": 0.0})
    assert (outcomes(unsaid, 40)["parts_argued"] == 0.0).all()
    assert outcomes(SHORT, 40)["parts_argued"].mean() > 0.3


def test_own_views_stay_bit_for_bit_without_talk_arguments_and_reflection():
    still = {"uptake.rate": 0.0, "arguments.step": 0.0, "uptake.reflection": 0.0}
    model = played(SHORT.replace(still))
    assert np.array_equal(model.state.belief, model.state.initial)
    assert (outcomes(SHORT.replace(still), 20)["movement"] == 0.0).all()


# ---------------------------------------------------------------- who decides


def test_the_absent_cast_no_ballot_unless_in_writing():
    away = SHORT.replace({"team.patients.attendance": 0.0, "attendance.payment": 0.0})
    away = away.replace({"accountability.form": "none"})
    for written, expected in ((0.0, 0.0), (1.0, 1.0)):
        plan, _ = resolve(away.replace({"decision.written_ballots": written}))
        people = run_compiled(plan, range(20), SEED).people
        weight = people[:, plan.is_public, PERSON_COLUMNS.index("decision_weight")].sum(axis=1)
        assert (weight > 0.0).all() == bool(expected)
        if expected == 0.0:
            share = people[:, plan.is_public, PERSON_COLUMNS.index("influence_share")]
            assert (share == 0.0).all()


@pytest.mark.parametrize("rule", ["mean_score", "majority", "consensus"])
def test_influence_does_not_rise_as_attendance_falls(rule):
    """Public attendance 1, 2/3, 1/3, 0: no interval of a step shows a rise (n = 150)."""
    steps = [
        SHORT.replace({"team.patients.attendance": a, "attendance.payment": 0.0, "phases.*.rule": rule})
        for a in (1.0, 0.667, 0.333, 0.0)
    ]
    for more, less in itertools.pairwise(steps):
        assert change(more, less, "parts_public", 150).low <= 0.0
    assert change(steps[0], steps[2], "parts_public", 150).high < 0.0


def test_where_nobody_with_a_vote_comes_all_vote_in_writing_and_it_is_not_reached():
    levels = {"phases.*.level": "empower", "team.patients.attendance": 0.0, "attendance.payment": 0.0}
    scenario = SHORT.replace({**levels, "team.*.spread": 0.0})
    runs = run_compiled(resolve(scenario)[0], range(10), SEED, people=False).runs
    assert (runs[:, OUTCOME_NAMES.index("non_decision_rate")] == 1.0).all()


def test_consensus_is_in_sight_when_half_have_shown_a_stance_and_none_is_against():
    room = in_meeting(TEAM.replace({**ALL_COME, "phases.*.quorum": 1.0}))
    args = (room.plan, room.state, 0, room.level)
    assert not consensus_in_sight(*args)
    for i in range(5):
        show(room.state, 2, i, 0.8)
    assert not consensus_in_sight(*args)
    show(room.state, 2, 5, 0.8)
    assert consensus_in_sight(*args)
    show(room.state, 4, 5, 0.9)  # thinks more of another option
    assert not consensus_in_sight(*args)


def test_under_a_majority_those_who_lost_have_carried_nothing():
    found = played(SHORT.replace({"phases.*.rule": "majority", "accountability.form": "none"}))
    state = found.state
    assert state.carrying.sum() == pytest.approx(1.0)
    losers = [i for i in range(12) if state.vote[i] > 0.0 and state.carrying[i] == 0.0]
    assert losers
    say, influence = (found.people()[name].to_numpy() for name in ("say", "influence_share"))
    assert not np.allclose(say, influence)


# ---------------------------------------------------------------- stakes read what is shown


def test_no_private_view_of_others_moves_anybodys_claim():
    """Changing what somebody silent thinks changes nobody else's stake."""
    model = CoproductionModel(TEAM, SEED, 0, collect=False)
    for _ in range(30):
        model.step()
    quiet = int(np.argmin(model.state.shown[model.item]))
    assert model.state.shown[model.item, quiet] == 0.0
    before = [member.stake() for member in model.participants if member.index != quiet]
    model.state.belief[:, :, quiet] = 1.0 - model.state.belief[:, :, quiet]
    assert [member.stake() for member in model.participants if member.index != quiet] == before
    take_positions(model.plan, model.state, model.meeting, model.item, SEED, 0)


def test_status_is_no_matter_of_confidence():
    """Roles differ in prestige, not in how ready to speak they are: status counts in standing alone."""
    by_name = {one.name: one for one in ATTRIBUTES}
    assert len(set(by_name["confidence"].by_role.values())) == 1
    assert len(set(by_name["prestige"].by_role.values())) > 1


def test_there_are_no_more_uncertain_numbers_than_the_first_edition_had():
    ranged = [one for one in parameters() if one.plausible and one.plausible[0] < one.plausible[1]]
    uncertain = [one for one in ranged if not one.key.startswith("costs.")]  # prices move no decision
    assert len(uncertain) <= 121
    assert all(one.source for one in uncertain)


# ---------------------------------------------------------------- whole runs, changed in one thing


def played_from(scenario, change_start, monkeypatch) -> CoproductionModel:
    """A project whose minds are changed once they are drawn."""

    def begun(plan, state, variation, phase, seed, replicate):
        level = begin_phase(plan, state, variation, phase, seed, replicate)
        change_start(state)
        return level

    monkeypatch.setattr("cosim.model.model.begin_phase", begun)
    return played(scenario)


SAID = SHORT.replace(
    {"arguments.held": 0.0, "arguments.voiced": 1.0, "accountability.form": "none", **ALL_COME}
)


@pytest.mark.parametrize("holders", [(), (10,), (10, 11), (2, 5, 11)])
def test_an_arguments_part_is_split_alike_between_those_who_held_it(holders, monkeypatch):
    def hold(state):
        state.met[:] = False
        state.met[:, :, list(holders)] = True

    model = played_from(SAID, hold, monkeypatch)
    argued = model.people()["influence_argued"].to_numpy()
    others = [i for i in range(12) if i not in holders]
    assert (argued[others] == 0.0).all()
    assert argued[list(holders)] == pytest.approx(argued.sum() / max(len(holders), 1))
    assert (argued.sum() > 0.01) == bool(holders)


def test_influence_is_the_same_in_the_mirror(monkeypatch):
    """Merits, views and arguments turned round, x to 1 - x: nobody gains or loses by it."""
    scenario = SHORT.replace(
        {"agenda.self_interest": 0.0, "uptake.reflection": 0.0, "accountability.form": "none", **ALL_COME}
    )

    def turn_round(state):
        for part in ("merit", "received", "group_view", "belief", "initial", "pole", "views_before"):
            getattr(state, part)[:] = 1.0 - getattr(state, part)

    usual = played(scenario)
    mirrored = played_from(scenario, turn_round, monkeypatch)
    assert len(usual.log) == len(mirrored.log) > 50
    assert mirrored.state.belief[:8] == pytest.approx(1.0 - usual.state.belief[:8], abs=1e-9)
    for column in ("influence_share", "influence_argued", "say", "turns"):
        assert mirrored.people()[column].to_numpy() == pytest.approx(
            usual.people()[column].to_numpy(), abs=1e-9
        )


def test_thinking_alone_brings_no_agreement():
    alone = TEAM.replace({**ONE_PHASE, "uptake.rate": 0.0, "arguments.step": 0.0, "uptake.reflection": 1.0})
    closed = mean(alone, "closure", 200)
    assert -0.1 < closed.low < closed.high < 0.1, closed
    assert outcomes(alone, 200)["movement"].mean() > 0.02
