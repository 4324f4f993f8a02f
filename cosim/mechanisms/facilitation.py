"""Facilitation: how the floor is given when somebody steers, what a chair says, how tables are formed."""

from __future__ import annotations

from typing import Any, Final

from cosim.mechanisms import random_streams
from cosim.mechanisms.arithmetic import unit_interval
from cosim.mechanisms.compiled import rule

OPEN: Final = 0
ROUND: Final = 1
INVITED: Final = 2
QUEUED: Final = 3
WRITTEN: Final = 4
OPENING: Final = 5
CHAIR_OPENS: Final = 6
CHAIR_INVITES: Final = 7
CHAIR_HANDS_OVER: Final = 8
CHAIR_SUMS_UP: Final = 9
MODES: Final = (
    *("open", "round", "invited", "queue", "written", "opening"),
    *("chair opens", "chair invites", "chair hands over", "chair sums up"),
)
"""How a member's floor is given, then what a turn of the chair is for."""
SILENT: Final = -1
CHAIR: Final = "chair"
"""Whoever chairs, in the log: a facilitator, or a chair without a view, who is no member."""

MIXED: Final = 0
BY_ROLE: Final = 1
RANDOM: Final = 2


@rule
def mode(word: int, rounds: float, invitation: float, queue: float, skill: float) -> int:
    """Return how this turn's floor is given: the dials take their shares one after another.

    A round is a rule that needs no skill; inviting the least heard takes as much as the facilitator has.
    """
    mark = random_streams.uniform(word)
    reached = rounds
    if mark < reached:
        return ROUND
    reached += (1.0 - reached) * invitation * skill
    if mark < reached:
        return INVITED
    reached += (1.0 - reached) * queue
    if mark < reached:
        return QUEUED
    return OPEN


@rule
def least_heard(heard: Any, eligible: Any, start: int) -> int:
    """Return the eligible member with the least `heard`; ties go to the next in order from `start`."""
    count = len(heard)
    found = -1
    for step in range(count):
        i = (start + step) % count
        if eligible[i] and (found < 0 or heard[i] < heard[found]):
            found = i
    return found


@rule
def next_in_order(may: Any, pointer: int) -> int:
    """Return the next member after `pointer`, going round, who may speak; -1 when nobody may."""
    count = len(may)
    for step in range(1, count + 1):
        i = (pointer + step) % count
        if may[i]:
            return i
    return -1


@rule
def first_hand(raised: Any, eligible: Any) -> int:
    """Return the eligible member whose hand has been up longest (`raised` > 0 is when); -1 for none."""
    found = -1
    for i in range(len(raised)):
        if eligible[i] and raised[i] > 0 and (found < 0 or raised[i] < raised[found]):
            found = i
    return found


@rule
def passes(word: int, confidence: float, passing: float) -> bool:
    """Return whether a member passes in a round."""
    return random_streams.uniform(word) < passing * (1.0 - confidence)


@rule
def monitored(invitation: float, drift: float, aim: float, strength: float) -> float:
    """Return the invitation dial after a look at the shares: up when they drift above the aim, else down."""
    if drift > aim:
        return unit_interval(invitation + 0.2 * strength)
    return unit_interval(invitation - 0.1 * strength)


@rule
def table_count(people: int, group_size: int) -> int:
    """Return the number of small groups: each has at least two members."""
    tables = (people + group_size - 1) // group_size
    while tables > 1 and people // tables < 2:
        tables -= 1
    return tables if tables > 0 else 1


@rule
def deal_tables(may: Any, is_public: Any, role: Any, mix: int, group_size: int, key: Any, table: Any) -> int:
    """Seat those who may speak at small tables and return the number of tables.

    Parameters
    ----------
    may, is_public : arrays (N,) of bool
    role : array (N,)
        Role codes.
    mix : int
        MIXED deals round the tables role by role, RANDOM without regard to role; BY_ROLE gives public
        members tables of their own (if there are two or more of each side).
    key : array (N,)
        Drawn for each member: the order of dealing, within a role where roles count.
    table : array (N,)
        Filled with each member's table; -1 for those who may not speak.
    """
    count = len(may)
    people = 0
    public = 0
    for i in range(count):
        table[i] = -1
        if may[i]:
            people += 1
            if is_public[i]:
                public += 1
    if mix == BY_ROLE and public >= 2 and people - public >= 2:
        first = table_count(people - public, group_size)
        second = table_count(public, group_size)
        _deal(may, is_public, False, 0, first, key, table)
        _deal(may, is_public, True, first, second, key, table)
        return first + second
    tables = table_count(people, group_size)
    for i in range(count):
        if may[i]:
            place = 0
            for j in range(count):
                if not may[j]:
                    continue
                if mix == MIXED and role[j] != role[i]:
                    place += 1 if role[j] < role[i] else 0
                elif key[j] < key[i] or (key[j] == key[i] and j < i):
                    place += 1
            table[i] = place % tables
    return tables


@rule
def _deal(may: Any, is_public: Any, side: bool, first: int, tables: int, key: Any, table: Any) -> None:
    """Deal one side to `tables` tables from number `first` on, in drawn order."""
    count = len(may)
    for i in range(count):
        if may[i] and is_public[i] == side:
            place = 0
            for j in range(count):
                if may[j] and is_public[j] == side and (key[j] < key[i] or (key[j] == key[i] and j < i)):
                    place += 1
            table[i] = first + place % tables


PLENARY: Final = -2


@rule
def segment(clock: float, in_groups: float, remix: int) -> int:
    """Return which stretch of the meeting the clock is in: one of `remix` in small groups, then PLENARY."""
    if clock >= in_groups:
        return PLENARY
    return int(clock / in_groups * remix)


@rule
def is_steered(how: int) -> bool:
    """Return whether the facilitator gave the turn: by invitation or from the queue (a round runs itself)."""
    return how in (INVITED, QUEUED)


@rule
def handling(how: int, seconds: float, chairing: float) -> float:
    """Return the facilitator's seconds around a turn: inviting and calling a queue take words.

    Where somebody chairs, these words are a turn of theirs, which takes its own time.
    """
    return seconds if chairing == 0.0 and how in (INVITED, QUEUED) else 0.0


@rule
def chair_says(how: int, fresh: bool, chairing: float, word: int) -> int:
    """Return what the chair says before a member's turn; SILENT for nothing.

    A chair opens each item, gives every invited or queued turn in words and hands over before a share
    `chairing` of the others; a round runs itself.

    Parameters
    ----------
    how : int
        How the member's floor is given.
    fresh : bool
        Whether the item has just come up.
    chairing : float
        0 where nobody chairs.
    word : int
        Random word of this turn.
    """
    if chairing == 0.0:
        return SILENT
    if fresh:
        return CHAIR_OPENS
    if how in (INVITED, QUEUED):
        return CHAIR_INVITES
    if how != ROUND and random_streams.uniform(word) < chairing:
        return CHAIR_HANDS_OVER
    return SILENT
