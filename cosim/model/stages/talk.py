"""The talk between two turns: tables are formed, an item comes up, the facilitator looks at shares."""

from __future__ import annotations

from typing import Any

from cosim.mechanisms import decision, facilitation, random_streams, turn_taking
from cosim.mechanisms.arithmetic import lognormal
from cosim.mechanisms.compiled import rule, turn_rule
from cosim.mechanisms.inequality import gini
from cosim.model.stages.project import WEIGHS, place_of
from cosim.model.state import INVITATION, LAST_SPEAKER


@rule
def speakers_of(state: Any) -> int:
    """Return how many may speak."""
    count = 0
    for i in range(len(state.may)):
        count += 1 if state.may[i] else 0
    return count


@turn_rule
def talk_goes_on(d: Any, clock: float, turn: int, speakers: int, agreed: bool) -> bool:
    """Return whether there is another turn: until consensus or time's end, and a strict round is complete."""
    if clock < d.talk_minutes and not agreed:
        return True
    return d.facilitation_rounds >= 1.0 and d.facilitation_passing == 0.0 and turn % speakers != 0


def form_tables(plan: Any, state: Any, meeting: int, segment: int, seed: int, replicate: int) -> int:
    """Seat people for a stretch of the meeting and return the number of tables (1: all at one)."""
    d = plan.meetings[meeting]
    tables = 1
    if segment == facilitation.PLENARY:
        for i in range(len(plan.uid)):
            state.table[i] = 0 if state.may[i] else -1
    else:
        for i in range(len(plan.uid)):
            place = place_of(plan.uid[i], segment)
            state.scratch[0, i] = random_streams.uniform(
                random_streams.draws(seed, replicate, random_streams.TABLES, meeting, place)[0]
            )
        tables = facilitation.deal_tables(
            state.may,
            plan.is_public,
            plan.role,
            d.facilitation_group_mix,
            d.facilitation_group_size,
            state.scratch[0],
            state.table,
        )
    for table in range(len(plan.uid)):
        state.last[table] = -1
        state.before_last[table] = -1
    final = int(state.dials[LAST_SPEAKER])
    if final >= 0 and state.table[final] >= 0:
        state.last[state.table[final]] = final
    return int(tables)


def take_positions(plan: Any, state: Any, meeting: int, item: int, seed: int, replicate: int) -> None:
    """Set everyone's stake as an item comes up: how far the group's view is from their own.

    On top comes engagement: some items are somebody's own, and some days are better than others.
    """
    d = plan.meetings[meeting]
    present = 0.0
    mean = 0.0
    for i in range(len(plan.uid)):
        state.scratch[0, i] = decision.judgement(
            state.belief[item, :, i], state.traits[i, WEIGHS : WEIGHS + 4]
        )
        if state.present[i]:
            present += 1.0
            mean += state.scratch[0, i]
    mean = mean / present
    dissent = d.floor_dissent if plan.phases[d.phase].rule == decision.CONSENSUS else 0.0
    for i in range(len(plan.uid)):
        place = place_of(plan.uid[i], item)
        word = random_streams.draws(seed, replicate, random_streams.ENGAGEMENT, meeting, place)[0]
        engaged = lognormal(d.floor_engagement_spread, random_streams.interpolated(plan.normal, word))
        state.stake[i] = turn_taking.stake(state.scratch[0, i], mean, d.floor_stake, dissent) * engaged


@turn_rule
def renew_tokens(state: Any, table: int, tokens: float) -> None:
    """Hand out a table's talking tokens anew once everyone who could speak next has spent theirs."""
    for i in range(len(state.spent)):
        if state.eligible[i] and state.spent[i] < tokens:
            return
    for i in range(len(state.spent)):
        if state.table[i] == table:
            state.spent[i] = 0.0


@rule
def item_wanted(state: Any, i: int, items: int) -> int:
    """Return the agenda item that a member rates highest, for what they write before the talk."""
    best = state.agenda[0]
    for slot in range(1, items):
        if state.views[i, state.agenda[slot]] > state.views[i, best]:
            best = state.agenda[slot]
    return int(best)


@rule
def look_at_shares(plan: Any, state: Any, meeting: int, turn: int) -> None:
    """Let the facilitator correct the invitation dial, every so many turns, if monitoring is on."""
    d = plan.meetings[meeting]
    if d.facilitation_monitoring <= 0.0 or turn % d.facilitation_monitoring_every != 0:
        return
    drift = 0.5 * (gini(state.heard, state.may) + gini(state.gained, state.may))
    strength = d.facilitation_monitoring * d.facilitation_skill
    state.dials[INVITATION] = facilitation.monitored(
        state.dials[INVITATION], drift, d.facilitation_monitoring_aim, strength
    )
