"""A phase begins: options, constituencies, beliefs, reports, levels that slip, evidence that comes late."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosim.engine.batch import run_compiled
from cosim.mechanisms import decision
from cosim.model.stages.phase import begin_phase, enacted_level, late_evidence, reflect
from cosim.model.stages.project import EXPERIENTIAL, KNOWS, WEIGHS
from cosim.scenario.plan import resolve
from cosim.scenario.vocabulary import LEVELS
from tests.model.forward import Books
from tests.model.stages.rooms import NULL, SEED, TEAM, in_phase, many, started

WIDE = {"phases.*.options": 20}


def test_merits_have_the_spread_and_the_correlation_across_kinds():
    """n = 80 projects of 20 options."""
    scenario = TEAM.replace({**WIDE, "knowledge.merit_spread": 0.1, "knowledge.merit_correlation": 0.5})
    merit = many(in_phase, scenario, lambda room: room.state.merit.copy(), 80).reshape(-1, 4)
    assert merit.mean() == pytest.approx(0.5, abs=0.005)
    assert merit.std() == pytest.approx(0.1, rel=0.03)
    together = np.corrcoef(merit.T)[np.triu_indices(4, 1)]
    assert together == pytest.approx(np.full(6, 0.5), abs=0.08)


@pytest.mark.parametrize("dial", [0.0, 0.6, 1.0])
def test_what_an_option_turns_on_sums_to_1(dial):
    room = in_phase(TEAM.replace({**WIDE, "knowledge.technicality": dial}))
    turns_on = room.state.technicality
    assert turns_on.sum(axis=1) == pytest.approx(np.ones(20))
    if dial == 0.0:
        assert turns_on == pytest.approx(np.full((20, 4), 0.25))
    else:
        assert turns_on.max(axis=1).mean() > 0.25 + 0.3 * dial


def test_constituencies_hold_the_received_view_coloured_by_their_interests():
    """n = 100 projects: error SD is the root of received error and interests squared; the interest is one."""
    scenario = TEAM.replace({**WIDE, "knowledge.merit_spread": 0.05})
    received, interests = TEAM.knowledge.received_error, TEAM.knowledge.interests

    def errors(room):
        return room.state.group_view[:, :, 0] - room.state.merit

    found = many(in_phase, scenario, errors, 100).reshape(-1, 4)
    assert found.std() == pytest.approx(math.hypot(received, interests), rel=0.04)
    shared = np.corrcoef(found.T)[np.triu_indices(4, 1)].mean()
    assert shared == pytest.approx(interests**2 / (received**2 + interests**2), abs=0.05)


def test_the_received_view_misleads_all_constituencies_together():
    scenario = TEAM.replace({**WIDE, "knowledge.interests": 0.0, "knowledge.received_error": 0.15})
    views = in_phase(scenario).state.group_view
    assert (views == views[:, :, :1]).all()


ALONE = {"knowledge.interests": 0.0, "team.*.mandate": 0.0, "team.*.spread": 0.0, "arguments.held": 0.0}


@pytest.mark.parametrize("knows", [0.0, 0.5, 1.0])
def test_who_knows_sees_the_merit_and_who_does_not_the_received_view(knows):
    kinds = {f"team.*.knows_{kind}": knows for kind in ("empirical", "experiential", "practice", "policy")}
    quiet = {"knowledge.belief_noise": 0.0, "knowledge.merit_spread": 0.05}
    state = in_phase(TEAM.replace({**WIDE, **ALONE, **kinds, **quiet})).state
    received = state.group_view[:, :, 0]
    expected = knows * state.merit + (1.0 - knows) * received
    assert state.belief == pytest.approx(np.repeat(expected[:, :, None], 12, axis=2))


def test_own_deviations_are_as_large_as_said_and_shared_by_the_kinds():
    """n = 100 projects."""
    certain = {"knowledge.merit_spread": 0.05, "knowledge.received_error": 0.0}
    scenario = TEAM.replace({**WIDE, **ALONE, **certain})
    found = many(in_phase, scenario, lambda room: room.state.deviation[:, :, 5].copy(), 100).reshape(-1, 4)
    assert found.std() == pytest.approx(TEAM.knowledge.belief_noise, rel=0.04)
    shared = np.corrcoef(found.T)[np.triu_indices(4, 1)].mean()
    assert shared == pytest.approx(TEAM.knowledge.merit_correlation, abs=0.06)


def test_arguments_point_to_the_truth_on_average_and_are_held_by_those_who_know():
    """n = 100 projects of 20 options: the mean pole is the merit; the square of expertise holds it."""
    found = many(in_phase, TEAM.replace({**WIDE, "team.*.spread": 0.0}), told_of_arguments, 100)
    errors, held = found[:, 0], found[:, 1]
    assert errors.mean() == pytest.approx(0.0, abs=0.02)
    knows = in_phase(TEAM.replace({"team.*.spread": 0.0})).state.traits[:, KNOWS : KNOWS + 4]
    expected = TEAM.arguments.held * (knows**2).mean()
    assert held.mean() == pytest.approx(expected, rel=0.03)


def told_of_arguments(room) -> tuple[float, float]:
    state = room.state
    return float((state.pole - state.merit).mean()), float(state.met.mean())


def test_a_mandate_acts_on_what_one_comes_with_once():
    free = in_phase(TEAM.replace({"team.*.mandate": 0.0, "team.*.spread": 0.0}))
    half = in_phase(TEAM.replace({"team.*.mandate": 0.5, "team.*.spread": 0.0}))
    theirs = free.state.group_view[:, :, free.plan.constituency]
    assert half.state.belief == pytest.approx(0.5 * free.state.belief + 0.5 * theirs)


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
def test_reflection_keeps_the_spread_of_own_deviations(share):
    """n = 40 projects of 20 options, one day: the autoregression is stationary."""
    scenario = TEAM.replace({**WIDE, **ALONE, "uptake.reflection": share, "phases.*.meetings": 2})
    before, after, together = [], [], []
    for replicate in range(40):
        room = in_phase(scenario, replicate)
        first = room.state.deviation.copy()
        reflect(room.plan, room.state, 0, 90.0, SEED, replicate)
        before.append(first.std())
        after.append(room.state.deviation.std())
        together.append(np.corrcoef(first.ravel(), room.state.deviation.ravel())[0, 1])
    assert np.mean(after) == pytest.approx(np.mean(before), rel=0.02)
    assert np.mean(together) == pytest.approx(1.0 - share, abs=0.02)


def test_who_reflects_moves_by_their_own_part_and_within_0_to_1():
    room = in_phase(TEAM.replace({"uptake.reflection": 1.0, "team.*.mandate": 1.0, "team.*.spread": 0.0}))
    before = room.state.belief.copy()
    reflect(room.plan, room.state, 0, 270.0, SEED, 0)
    assert (room.state.belief == before).all()  # they came with nothing of their own
    room = in_phase(TEAM.replace({"uptake.reflection": 1.0}))
    before = room.state.belief.copy()
    reflect(room.plan, room.state, 0, 270.0, SEED, 0)
    assert (room.state.belief != before).mean() > 0.9
    assert room.state.belief.min() >= 0.0
    assert room.state.belief.max() <= 1.0


def test_views_before_are_judgements_of_own_first_beliefs():
    room = in_phase(TEAM)
    state = room.state
    expected = np.einsum("okn,nk->no", state.initial, state.traits[:, WEIGHS : WEIGHS + 4])
    assert state.views_before == pytest.approx(expected)


def test_redrawn_beliefs_are_others_with_all_else_alike():
    one = in_phase(TEAM)
    other = in_phase(TEAM)
    other.variation.redraw[2] = True
    begin_phase(other.plan, other.state, other.variation, 0, SEED, 0)
    same = np.arange(12) != 2
    assert (one.state.belief[:, :, same] == other.state.belief[:, :, same]).all()
    assert (one.state.belief[:, :, 2] != other.state.belief[:, :, 2]).mean() > 0.9  # but for those at 0 or 1
    assert (one.state.group_view == other.state.group_view).all()


def later_options(opens: float, chosen_at: int) -> np.ndarray:
    """Everything about the options of the second phase, (options, columns), after a choice in the first."""
    room = started(TEAM.replace({"knowledge.opens": opens}))
    room.state.chosen_at[0] = chosen_at
    begin_phase(room.plan, room.state, room.variation, 1, SEED, 0)
    state = room.state
    return np.hstack([state.merit, state.technicality, state.received, state.pole])


def test_the_same_choice_opens_the_same_options():
    assert (later_options(0.5, 3) == later_options(0.5, 3)).all()


def test_another_choice_opens_others_for_a_share_of_the_list():
    assert (later_options(0.0, 3) == later_options(0.0, 5)).all()
    assert (later_options(1.0, 3) != later_options(1.0, 5)).any(axis=1).all()
    differ = []
    for replicate in range(100):
        rooms = [started(TEAM.replace({"knowledge.opens": 0.25}), replicate) for _ in range(2)]
        for room, chosen in zip(rooms, (3, 5), strict=True):
            room.state.chosen_at[0] = chosen
            begin_phase(room.plan, room.state, room.variation, 1, SEED, replicate)
        differ.append((rooms[0].state.merit != rooms[1].state.merit).any(axis=1).mean())
    assert np.mean(differ) == pytest.approx(0.25, abs=4 * (0.25 * 0.75 / 800) ** 0.5)


def test_the_first_phase_hangs_on_nothing():
    first = in_phase(TEAM.replace({"knowledge.opens": 1.0})).state
    assert (first.merit == in_phase(TEAM.replace({"knowledge.opens": 0.0})).state.merit).all()


def test_an_earlier_choice_changes_later_decisions_as_far_as_it_opens_options():
    """Of the later decisions some change when the first one does; none where it opens nothing."""
    changed = {}
    for opens in (0.0, 0.5):
        here = {"knowledge.opens": opens, "phases.*.minutes": 2.0}
        shared = TEAM.replace(here)
        led = shared.replace({"phases.governance.rule": "lead_decides"})
        one, other = (
            run_compiled(resolve(s)[0], range(2000), SEED, people=False).choices for s in (shared, led)
        )
        differ = one[:, 0] != other[:, 0]
        assert differ.mean() > 0.1
        changed[opens] = (one != other)[differ, 1].mean()
    assert changed[0.0] < 0.03
    assert changed[0.5] > 0.2


@pytest.mark.parametrize("level", LEVELS)
def test_a_phase_slips_by_one_level_as_often_as_it_drifts(level):
    """n = 400; a phase without anyone to decide at the lower level stays where it is."""
    scenario = NULL.replace({"phases.*.level": level, "phases.*.options": 2, "system.drift": 0.3})
    room = in_phase(scenario)
    found = np.array([enacted_level(room.plan, room.state, 0, SEED, replicate) for replicate in range(400)])
    code = LEVELS.index(level)
    slipped = (found == code - 1).mean()
    assert set(found) <= {code, code - 1}
    if code == 0:
        assert slipped == 0.0
    else:
        assert slipped == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / 400))


def moved_by_report(changes) -> np.ndarray:
    state = in_phase(TEAM.replace(changes)).state
    return np.abs(state.belief - state.initial)


def test_consultation_moves_professionals_once_toward_the_public_and_nobody_else():
    moved = moved_by_report({"phases.*.level": "consult"})
    assert (moved[:, :, 8:] == 0.0).all()
    assert (moved[:, :, :8].max(axis=(0, 1)) > 0.0).all()
    assert (moved_by_report({"phases.*.level": "involve"}) == 0.0).all()


def test_a_report_that_is_right_moves_more_where_arguments_show_who_is_right():
    """Without noise and interests the public's mandate is the truth; few find the public wholly credible."""
    right = {"phases.*.level": "consult", "team.patients.mandate": 1.0, "team.patients.spread": 0.0}
    right |= {"knowledge.received_error": 0.0, "knowledge.interests": 0.0, "stance.latitude": 0.0}
    by_speaker, by_argument = (
        moved_by_report({**right, "phases.*.demonstrability": shown})[:, :, :8] for shown in (0.0, 1.0)
    )
    moves = by_speaker > 0.0
    assert moves.mean() > 0.9
    assert (by_argument[moves] > by_speaker[moves]).all()


def test_a_wider_consultation_brings_lived_experience_at_every_level_but_inform():
    for level in LEVELS:
        moved = moved_by_report({"phases.*.level": level, "facilitation.consultation": 1.0})
        assert (moved[:, EXPERIENTIAL, :8] > 0.0).any() == (level != "inform")
        if level != "consult":
            assert (moved[:, [0, 2, 3]] == 0.0).all()


def test_a_reports_sources_are_accounted_for():
    room = in_phase(TEAM.replace({"phases.*.level": "consult"}))
    weights = Books(room.state).belief
    assert weights.sum(axis=-1) == pytest.approx(1.0)
    assert (weights[:, :, :8, 8:12] > 0.0).any()
    assert (weights[:, :, :8, 20:24] > 0.0).any()


def test_late_evidence_moves_researchers_empirical_beliefs_toward_the_truth():
    room = in_phase(TEAM.replace({"system.late_evidence": 0.5}))
    before = room.state.belief.copy()
    late_evidence(room.plan, room.state, 0, 0)
    truth = room.state.merit[:, 0, None]
    assert room.state.belief[:, 0, :4] == pytest.approx((before[:, 0, :4] + truth) / 2.0)
    assert (room.state.belief[:, 0, 4:] == before[:, 0, 4:]).all()
    assert (room.state.belief[:, 1:] == before[:, 1:]).all()


def test_who_joins_later_is_not_a_member_yet():
    late = TEAM.replace({"team.patients.joins": "conducting", "team.providers.leaves": "priority_setting"})
    first, third = in_phase(late), in_phase(late, phase=2)
    assert first.state.member.tolist() == [True] * 8 + [False] * 4
    assert third.state.member.tolist() == [True] * 4 + [False] * 3 + [True] * 5
    assert first.state.vote.sum() == pytest.approx(1.0)
    assert first.level == decision.COLLABORATE
