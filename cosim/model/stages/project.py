"""A project begins: people are drawn, and form first impressions of one another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from cosim.mechanisms import counters, learning, random_streams
from cosim.mechanisms.arithmetic import lognormal, unit_interval
from cosim.mechanisms.compiled import rule

if TYPE_CHECKING:
    from cosim.model.state import State
    from cosim.scenario.plan import Floats, Plan

PRESTIGE: Final = 0
CONFIDENCE: Final = 1
OPENNESS: Final = 2
MANDATE: Final = 3
LOYALTY: Final = 4
ATTENDANCE: Final = 5
KNOWS: Final = 6
WEIGHS: Final = 10
ATTRIBUTES: Final = 14
"""Columns of `State.traits`; four each for what members know and weigh, a kind of knowledge each."""

EMPIRICAL: Final = 0
EXPERIENTIAL: Final = 1
"""Kinds of knowledge that have rules of their own."""

RESEARCHER: Final = 0
"""Role that brings new evidence (`cosim.scenario.vocabulary.ROLES`)."""

TIE_OWN_ROLE: Final = 0.3
TIE_OTHER_ROLE: Final = 0.1


@rule
def place_of(uid: int, option: int) -> int:
    """Return the place in a stream that belongs to a member (or constituency) and an option."""
    return uid * 256 + option


def begin_project(plan: Plan, state: State, seed: int, replicate: int) -> None:
    """Draw the people and what they first see in one another; empty the tally."""
    count = len(plan.uid)
    state.people[:, :] = 0.0
    state.totals[:] = 0.0
    state.chosen_at[0] = 0
    for i in range(count):
        draw_member(plan, state, i, seed, replicate)
        state.satisfaction[i] = 0.5
        state.appraisal[i] = 0.5
        state.member[i] = True
    take_traits(plan, state, 0)
    first_impressions(plan, state)
    for i in range(count):
        state.people[i, counters.CONFIDENCE_FIRST] = state.confidence[i]
        state.people[i, counters.CREDIBILITY_FIRST] = mean_credibility(state.credibility, i)
    state.totals[counters.T_TIES_FIRST] = cross_role_ties(plan, state)


@rule
def draw_member(plan: Plan, state: State, i: int, seed: int, replicate: int) -> None:
    """Draw one member's attributes, and how readily and at what length they speak.

    An attribute that is 0 or 1 for a group is so for each of its members.
    """
    place = place_of(plan.uid[i], 0)
    for block in range(4):
        words = random_streams.draws(seed, replicate, random_streams.PERSON + block, 0, place)
        for lane in range(4):
            a = 4 * block + lane
            if a < ATTRIBUTES:
                z = random_streams.interpolated(plan.normal, words[lane])
                base = plan.base[i, a]
                spread = plan.spread[i] if 0.0 < base < 1.0 else 0.0
                state.drawn[i, a] = unit_interval(base + spread * z)
    d = plan.meetings[0]
    words = random_streams.draws(seed, replicate, random_streams.TALKATIVENESS, 0, place)
    z = random_streams.interpolated(plan.normal, words[0])
    state.talkative[i] = lognormal(d.floor_talkativeness_spread, z)
    z = random_streams.interpolated(plan.normal, words[1])
    state.verbosity[i] = lognormal(d.speech_length_spread, z)
    state.confidence[i] = state.drawn[i, CONFIDENCE]


@rule
def take_traits(plan: Plan, state: State, meeting: int) -> None:
    """Set the attributes as they hold in a meeting; what people weigh sums to 1."""
    for i in range(len(plan.uid)):
        for a in range(ATTRIBUTES):
            state.traits[i, a] = unit_interval(
                state.drawn[i, a] * plan.scale[meeting, i, a] + plan.shift[meeting, i, a]
            )
        total = 0.0
        for k in range(4):
            total += state.traits[i, WEIGHS + k]
        for k in range(4):
            state.traits[i, WEIGHS + k] = state.traits[i, WEIGHS + k] / total if total > 0.0 else 0.25


@rule
def first_impressions(plan: Plan, state: State) -> None:
    """Set credibility and ties as strangers have them."""
    d = plan.meetings[0]
    count = len(plan.uid)
    reliance = d.learning_title_reliance * d.standing_title_salience * (1.0 - d.facilitation_titles_hidden)
    for i in range(count):
        for j in range(count):
            same = plan.role[i] == plan.role[j]
            state.tie[i, j] = TIE_OWN_ROLE if same else TIE_OTHER_ROLE
            for k in range(4):
                seen = learning.first_impression(
                    state.traits[i, KNOWS + k],
                    state.traits[i, PRESTIGE],
                    reliance,
                    same,
                    d.learning_own_role_trust,
                )
                if k == EXPERIENTIAL and not plan.is_public[j]:
                    seen = learning.discounted(seen, d.learning_experiential_discount)
                state.first_impression[i, k, j] = seen
                state.credibility[i, k, j] = seen


@rule
def mean_credibility(credibility: Floats, speaker: int) -> float:
    """Return how credible the others find a member, over kinds of knowledge."""
    count = credibility.shape[2]
    total = 0.0
    for k in range(4):
        for j in range(count):
            if j != speaker:
                total += credibility[speaker, k, j]
    return float(total / (4.0 * (count - 1.0)))


@rule
def cross_role_ties(plan: Plan, state: State) -> float:
    """Return the mean working relationship between members of different roles (0 when there are none)."""
    total = 0.0
    pairs = 0.0
    for i in range(len(plan.uid)):
        for j in range(len(plan.uid)):
            if plan.role[i] != plan.role[j]:
                total += state.tie[i, j]
                pairs += 1.0
    return total / pairs if pairs > 0.0 else 0.0


@rule
def correlated(common: float, own: float, correlation: float) -> float:
    """Return a standard normal deviate that shares `common` with others to the given correlation."""
    return math.sqrt(correlation) * common + math.sqrt(1.0 - correlation) * own
