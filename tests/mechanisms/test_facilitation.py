"""Facilitation: how the dials share out the turns, whom they name, how tables are dealt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cosim.mechanisms import facilitation, random_streams
from cosim.mechanisms.facilitation import BY_ROLE, INVITED, MIXED, OPEN, PLENARY, QUEUED, RANDOM, ROUND

SHARE = st.floats(0.0, 1.0)
FLAGS = st.lists(st.booleans(), min_size=2, max_size=12)
PUBLIC = 3


def shares_of_modes(rounds: float, invitation: float, queue: float, skill: float) -> list[float]:
    count = 4000
    words = [(2 * n + 1) * 2**32 // (2 * count) for n in range(count)]  # every draw, evenly
    modes = [facilitation.mode(word, rounds, invitation, queue, skill) for word in words]
    return [modes.count(mode) / count for mode in (ROUND, INVITED, QUEUED, OPEN)]


@pytest.mark.parametrize(
    ("dials", "shares"),
    [
        ((0.0, 0.0, 0.0, 1.0), [0.0, 0.0, 0.0, 1.0]),
        ((1.0, 0.7, 0.7, 1.0), [1.0, 0.0, 0.0, 0.0]),
        ((0.3, 0.0, 0.0, 0.0), [0.3, 0.0, 0.0, 0.7]),  # a round needs no skill
        ((0.0, 0.8, 0.0, 0.5), [0.0, 0.4, 0.0, 0.6]),  # inviting does
        ((0.0, 0.8, 0.0, 0.0), [0.0, 0.0, 0.0, 1.0]),
        ((0.5, 0.5, 0.5, 1.0), [0.5, 0.25, 0.125, 0.125]),
    ],
)
def test_dials_share_out_the_turns_one_after_another(dials, shares):
    assert shares_of_modes(*dials) == pytest.approx(shares, abs=1e-3)


@given(FLAGS, st.data())
def test_next_in_order_is_the_next_who_may(may, data):
    pointer = data.draw(st.integers(0, len(may) - 1))
    following = [(pointer + step) % len(may) for step in range(1, len(may) + 1)]
    expected = next((i for i in following if may[i]), -1)
    assert facilitation.next_in_order(np.array(may), pointer) == expected


@given(FLAGS, st.data())
def test_least_heard_is_least_heard(eligible, data):
    heard = data.draw(st.lists(st.integers(0, 3), min_size=len(eligible), max_size=len(eligible)))
    start = data.draw(st.integers(0, len(eligible) - 1))
    found = facilitation.least_heard(np.array(heard, dtype=float), np.array(eligible), start)
    if not any(eligible):
        assert found == -1
        return
    least = min(h for h, able in zip(heard, eligible, strict=True) if able)
    order = [(start + step) % len(eligible) for step in range(len(eligible))]
    assert found == next(i for i in order if eligible[i] and heard[i] == least)


@given(FLAGS, st.data())
def test_first_hand_is_the_one_up_longest(eligible, data):
    raised = data.draw(st.lists(st.integers(0, 20), min_size=len(eligible), max_size=len(eligible)))
    assume(len({r for r in raised if r}) == sum(r > 0 for r in raised))
    found = facilitation.first_hand(np.array(raised), np.array(eligible))
    waiting = [(r, i) for i, r in enumerate(raised) if r and eligible[i]]
    assert found == (min(waiting)[1] if waiting else -1)


def test_only_the_unconfident_pass():
    assert not facilitation.passes(0, 1.0, 1.0)
    assert facilitation.passes(0, 0.0, 0.5)
    assert not facilitation.passes(2**31 + 1, 0.0, 0.5)


@given(SHARE, SHARE, SHARE, SHARE)
def test_monitoring_moves_the_dial_the_right_way_and_keeps_it_a_share(invitation, drift, aim, strength):
    after = facilitation.monitored(invitation, drift, aim, strength)
    assert 0.0 <= after <= 1.0
    assert after >= invitation if drift > aim else after <= invitation


@given(st.integers(2, 60), st.integers(2, 20))
def test_small_groups_have_at_least_two_and_at_most_the_aimed_size(people, size):
    tables = facilitation.table_count(people, size)
    assert people // tables >= 2
    if people >= 2 * size:
        assert -(-people // tables) <= size + 1


@st.composite
def rooms(draw):
    """(who may speak, roles in canonical order, luck of each member) with at least two who may."""
    role = sorted(draw(st.lists(st.integers(0, 3), min_size=2, max_size=14)))
    may = draw(st.lists(st.booleans(), min_size=len(role), max_size=len(role)))
    assume(sum(may) >= 2)
    key = draw(st.lists(SHARE, min_size=len(role), max_size=len(role), unique=True))
    return np.array(may), np.array(role), np.array(key)


def dealt(room, mix: int, size: int) -> tuple[int, np.ndarray]:
    may, role, key = room
    table = np.full(len(may), 99)
    tables = facilitation.deal_tables(may, role == PUBLIC, role, mix, size, key, table)
    return tables, table


@pytest.mark.parametrize("mix", [MIXED, BY_ROLE, RANDOM])
@given(room=rooms(), size=st.integers(2, 6))
def test_everyone_who_may_speak_sits_at_one_table_with_another(mix, room, size):
    may = room[0]
    tables, table = dealt(room, mix, size)
    assert (table[~may] == -1).all()
    assert set(table[may]) == set(range(tables))
    sizes = np.bincount(table[may], minlength=tables)
    assert sizes.min() >= 2
    if mix != BY_ROLE:
        assert sizes.max() - sizes.min() <= 1


@given(room=rooms(), size=st.integers(2, 6))
def test_mixed_tables_share_out_each_role_evenly(room, size):
    may, role, _ = room
    tables, table = dealt(room, MIXED, size)
    for one in range(4):
        at = np.bincount(table[may & (role == one)], minlength=tables)
        assert at.max() - at.min() <= 1


@given(room=rooms(), size=st.integers(2, 6))
def test_tables_by_role_keep_the_public_apart(room, size):
    may, role, _ = room
    _, table = dealt(room, BY_ROLE, size)
    sides = [may & (role == PUBLIC), may & (role != PUBLIC)]
    if min(side.sum() for side in sides) >= 2:
        assert not set(table[sides[0]]) & set(table[sides[1]])


@pytest.mark.parametrize("mix", [MIXED, BY_ROLE, RANDOM])
def test_dealing_anew_changes_who_sits_with_whom(mix):
    role = np.array([0] * 4 + [1] * 4 + [3] * 4)
    may = np.ones(12, dtype=bool)
    met = set()
    for stretch in range(20):
        key = np.array(
            [
                random_streams.uniform(random_streams.draws(1, 0, random_streams.TABLES, stretch, i)[0])
                for i in range(12)
            ]
        )
        _, table = dealt((may, role, key), mix, 4)
        met |= {(i, j) for i in range(12) for j in range(12) if table[i] == table[j]}
    side = role == PUBLIC
    reachable = {(i, j) for i in range(12) for j in range(12) if mix != BY_ROLE or side[i] == side[j]}
    if mix == MIXED:  # three of a role are dealt to three tables, the fourth joins one of them
        assert len(met) > 0.9 * len(reachable)
    else:
        assert met == reachable


@given(st.floats(0.01, 90.0), st.integers(1, 10), st.floats(0.0, 120.0))
def test_stretches_in_small_groups_and_then_all_together(in_groups, remix, clock):
    found = facilitation.segment(clock, in_groups, remix)
    if clock >= in_groups:
        assert found == PLENARY
    else:
        assert 0 <= found < remix


def test_without_small_groups_the_meeting_is_a_plenary():
    assert facilitation.segment(0.0, 0.0, 3) == PLENARY


def test_what_counts_as_steered_and_what_it_takes():
    assert [facilitation.is_steered(mode) for mode in (OPEN, ROUND, INVITED, QUEUED)] == [
        False,
        False,
        True,
        True,
    ]
    assert [facilitation.handling(mode, 3.0, 0.0) for mode in (OPEN, ROUND, INVITED, QUEUED)] == [0, 0, 3, 3]
    assert facilitation.handling(INVITED, 3.0, 0.2) == 0.0, "it is a turn of the chair"
