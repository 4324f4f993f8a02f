"""Chance: a counter-based generator, a pure function of where in the model a draw is made.

Philox 4x32-10 (Salmon et al. 2011, doi 10.1145/2063384.2063405).  The key is the seed; the counter is
(turn or entity, stream, meeting or phase, replicate).  One named stream serves one kind of decision, so the
same turn of the same replicate has common random numbers under every intervention, a new stream disturbs no
other, and neither order nor workers nor batches matter.
"""

from __future__ import annotations

from typing import Any, Final

from cosim.mechanisms.compiled import rule, turn_rule

Words = tuple[int, int, int, int]

# Streams.  Each gives four draws (lanes) at each place; what the lanes are for stands beside it.
FLOOR: Final = 1  # 0 how the floor is given, 1 who claims it, 2 passing, 3 raised hand
SPEECH: Final = 2  # 0 kind of knowledge, 1 length, 2 interruption, 3 named or anonymous
REMIT: Final = 3  # 0 off remit, 1 says the argument, 2 to whom it is said
AGENDA: Final = 4  # 0 item drawn for a slot, 1 (a phase's first) whether only what is tabled can be chosen
ATTEND: Final = 5  # 0 comes or not
TABLES: Final = 6  # 0 place in the dealing of small groups
ORDER: Final = 7  # 0 where the round starts
VOTING: Final = 9  # 0 a member's place among equals when open ballots are cast
WRITING: Final = 8  # 0 writes or not, 1 kind of knowledge, 2 says the argument, 3 named or anonymous
CHAIRING: Final = 10  # 0 whether the chair hands over before a turn
PERSON: Final = 16  # attributes of a member, four to a block
TALKATIVENESS: Final = 24  # 0 lasting propensity to speak, 1 lasting length of turns
ENGAGEMENT: Final = 25  # a member and an item of a meeting: 0 engagement, 1 certainty
MERIT: Final = 32  # merits of an option on the four kinds
COMMON_MERIT: Final = (
    33  # 0 merit shared by the kinds, 1 (at the place on the list) whether opened by a choice
)
TECHNICALITY: Final = 34  # what an option turns on, by kind
RECEIVED: Final = 40  # the received view's error about an option, by kind
INTEREST: Final = 41  # 0 a constituency's interest in an option
BELIEF: Final = 48  # a member's own deviation about an option, by kind
BELIEF_AGAIN: Final = 49  # the same, drawn again (counterfactual influence)
INTEREST_AGAIN: Final = 51
LEANING: Final = 52  # a member's own deviation shared by the kinds, of four options
LEANING_AGAIN: Final = 53
POLE: Final = 54  # whether the argument of an option and kind speaks for it
HOLDS: Final = 57  # whether a member holds the argument of an option, by kind
HOLDS_AGAIN: Final = 58
REFLECTION: Final = 59  # what thinking by themselves draws again for a member and an option, by kind
REFLECTION_LEANING: Final = 60  # the same, shared by the kinds, of four options
CONTEXT: Final = 61  # what the context counts in which a member or a constituency uses the result, by kind
OVERRIDE: Final = 56  # 0 the lead overrides, 1 carried out, 2 settled beforehand, 3 level slips

_MASK: Final = 0xFFFFFFFF
_M0: Final = 0xD2511F53
_M1: Final = 0xCD9E8D57
_W0: Final = 0x9E3779B9
_W1: Final = 0xBB67AE85


@rule
def philox(c0: int, c1: int, c2: int, c3: int, k0: int, k1: int) -> Words:
    """Return the four 32-bit words of Philox 4x32-10 for a counter and a key (each 0..2^32-1).

    Written with signed 64-bit products: the wrapped product has the right low and high words, and
    Python's unbounded integers give the same ones.
    """
    for _ in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        high0 = (p0 >> 32) & _MASK
        high1 = (p1 >> 32) & _MASK
        c0, c1, c2, c3 = high1 ^ c1 ^ k0, p1 & _MASK, high0 ^ c3 ^ k1, p0 & _MASK
        k0 = (k0 + _W0) & _MASK
        k1 = (k1 + _W1) & _MASK
    return c0, c1, c2, c3


@rule
def draws(seed: int, replicate: int, stream: int, meeting: int, place: int) -> Words:
    """Return the four draws of a stream at one place (a turn, a member, an option) of one meeting or phase.

    Parameters
    ----------
    seed : int
        0..2^63-1.
    replicate : int
        0..2^32-1.
    stream : int
        One of this module's streams.
    meeting : int
        Meeting or phase, counted from 0 over the project.
    place : int
        Turn, member or option, 0..2^32-1.
    """
    return philox(place & _MASK, stream, meeting, replicate & _MASK, seed & _MASK, (seed >> 32) & _MASK)


@turn_rule
def uniform(word: int) -> float:
    """Return a 32-bit word as a number strictly between 0 and 1."""
    return (word + 0.5) / 4294967296.0


@turn_rule
def interpolated(table: Any, word: int) -> float:
    """Return the quantile of a tabulated distribution that a word stands for.

    `table` holds the quantiles at equally spaced probabilities; between them it is read linearly.
    """
    position = uniform(word) * (len(table) - 1)
    index = int(position)
    share = position - index
    return float(table[index]) + share * (float(table[index + 1]) - float(table[index]))


@rule
def chosen(weights: Any, count: int, word: int) -> int:
    """Return an index 0..count-1 with chance proportional to its weight; -1 when all weights are 0."""
    total = 0.0
    for i in range(count):
        total += weights[i]
    if total <= 0.0:
        return -1
    mark = uniform(word) * total
    reached = 0.0
    last = -1
    for i in range(count):
        if weights[i] > 0.0:
            last = i
            reached += weights[i]
            if mark < reached:
                return i
    return last
