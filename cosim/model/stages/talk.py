"""The talk between two turns: tables are formed, an item comes up, the facilitator looks at shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosim.mechanisms import addressing, facilitation, random_streams, uptake
from cosim.mechanisms.arithmetic import lognormal
from cosim.mechanisms.compiled import rule, turn_rule
from cosim.mechanisms.inequality import gini
from cosim.model.stages.phase import view_of
from cosim.model.stages.project import place_of
from cosim.model.state import (
    ABOVE_THERE,
    ALIKE,
    INVITATION,
    KNOWN_THERE,
    LAST_SPEAKER,
    LAST_WORD,
    OPENER,
    QUOTA,
    SEATED_THERE,
    SUM_THERE,
    VOTERS,
)

if TYPE_CHECKING:
    from cosim.model.state import State
    from cosim.scenario.plan import Plan, Terms


@rule
def speakers_of(state: State) -> int:
    """Return how many may speak."""
    count = 0
    for i in range(len(state.may)):
        count += 1 if state.may[i] else 0
    return count


@turn_rule
def talk_goes_on(d: Terms, clock: float, turn: int, speakers: int, agreed: bool) -> bool:
    """Return whether there is another turn: until consensus or time's end, and a strict round is complete."""
    if clock < d.talk_minutes and not agreed:
        return True
    return d.facilitation_rounds >= 1.0 and d.facilitation_passing == 0.0 and turn % speakers != 0


def form_tables(plan: Plan, state: State, meeting: int, segment: int, seed: int, replicate: int) -> int:
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
        state.addressed[table] = -1
    final = int(state.dials[LAST_SPEAKER])
    if final >= 0 and state.table[final] >= 0:
        state.last[state.table[final]] = final
    return int(tables)


def take_positions(plan: Plan, state: State, meeting: int, item: int, seed: int, replicate: int) -> None:
    """Set what everyone thinks of an item as it comes up, how engaged with it they are, and how certain.

    Some items are somebody's own, and some days are better than others.
    """
    d = plan.meetings[meeting]
    for i in range(len(plan.uid)):
        words = random_streams.draws(
            seed, replicate, random_streams.ENGAGEMENT, meeting, place_of(plan.uid[i], item)
        )
        state.mine[i] = view_of(plan, state, i, item, d.stance_latitude)
        state.engaged[i] = lognormal(
            d.floor_engagement_spread, random_streams.interpolated(plan.normal, words[0])
        )
        state.sure[i] = uptake.certain(random_streams.interpolated(plan.normal, words[1]), d.uptake_certainty)


@turn_rule
def begin_voice(state: State, item: int, kind: int, i: int) -> None:
    """Make a member's position on an item and kind new to everyone, before it is first voiced."""
    if not state.begun[item, kind, i]:
        state.begun[item, kind, i] = True
        for j in range(len(state.vote)):
            state.fresh[item, kind, i, j] = 1.0


@rule
def count_shown(state: State, item: int) -> None:
    """Count what those at each table have shown of an item, as it comes up or as people sit down."""
    for table in range(len(state.vote)):
        for n in range(4):
            state.at_table[table, n] = 0.0
    for j in range(len(state.vote)):
        table = state.table[j]
        if table >= 0:
            state.at_table[table, SEATED_THERE] += 1.0
        if table >= 0 and state.shown[item, j] > 0.0:
            state.at_table[table, KNOWN_THERE] += 1.0
            state.at_table[table, ABOVE_THERE] += state.sides[item, j]
            state.at_table[table, SUM_THERE] += state.stances[item, j]


@turn_rule
def others_shown(state: State, item: int, i: int) -> tuple[float, float, float]:
    """Return how many others at a member's table have shown a stance, how many above, and the mean stance."""
    table = state.at_table[state.table[i]]
    mine = state.shown[item, i]
    known = table[KNOWN_THERE] - mine
    if known <= 0.0:
        return 0.0, 0.0, 0.0
    above = table[ABOVE_THERE] - mine * state.sides[item, i]
    return known, above, (table[SUM_THERE] - mine * state.stances[item, i]) / known


@turn_rule
def show(state: State, item: int, i: int, shown: float) -> None:
    """Let a member at a table have shown a stance on the item there."""
    table = state.at_table[state.table[i]]
    before = state.shown[item, i]
    above = 1.0 if shown > state.middle[i] else 0.0
    table[KNOWN_THERE] += 1.0 - before
    table[ABOVE_THERE] += above - before * state.sides[item, i]
    table[SUM_THERE] += shown - before * state.stances[item, i]
    state.shown[item, i] = 1.0
    state.stances[item, i] = shown
    state.sides[item, i] = above


@turn_rule
def credit_holders(state: State, item: int, kind: int, speaker: int) -> None:
    """Credit an argument that is said for the first time to those present who held it before, alike.

    It is to be called before listeners who now hold it are told apart from those who held it: they are those
    whom it did not move.
    """
    state.said[item, kind] = speaker
    holders = 0.0
    for j in range(len(state.vote)):
        held = state.may[j] and state.met[item, kind, j] and state.argued[j] == 0.0
        state.credited[item, kind, j] = 1.0 if held else 0.0
        holders += state.credited[item, kind, j]
    for j in range(len(state.vote)):
        state.credited[item, kind, j] = state.credited[item, kind, j] / holders


def let_owner_open(plan: Plan, state: State, phase: int, slot: int) -> None:
    """Let a member of the group that owns a phase's items open one as it comes up: by turns, slot by slot."""
    owners = 0
    for i in range(len(plan.uid)):
        owners += 1 if plan.owns[phase, i] and state.may[i] else 0
    state.dials[OPENER] = -1.0
    turn = slot % owners if owners > 0 else 0
    for i in range(len(plan.uid)):
        if plan.owns[phase, i] and state.may[i]:
            if turn == 0:
                state.dials[OPENER] = float(i)
            turn -= 1


@turn_rule
def opener_at(state: State) -> int:
    """Return who has yet to open the item and may have the next turn; -1 for nobody."""
    opener = int(state.dials[OPENER])
    return opener if opener >= 0 and state.eligible[opener] else -1


@turn_rule
def addressee(
    plan: Plan, state: State, meeting: int, i: int, lead: int, item: int, table: int, word: int
) -> int:
    """Return to whom member `i` says a turn; -1 for nobody.  To be called before they count as the last.

    It is said to whoever spoke before, with a weight of 1; or to somebody whose consent matters more than
    that of the one at the table whose consent matters least, by `floor.aim` times the mean difference.
    """
    d = plan.meetings[meeting]
    answered = state.last[table]
    there = answered >= 0 and answered != i and state.table[answered] == table
    answered = answered if there else -1
    if d.floor_aim <= 0.0:
        return int(answered)
    last_word = state.dials[LAST_WORD]
    lead_here = lead >= 0 and lead != i and state.table[lead] == table
    if state.dials[ALIKE] > 0.0 and (answered >= 0 or not lead_here):
        if not lead_here or answered == lead:
            return int(answered)
        away = d.floor_aim * last_word / (state.at_table[table, SEATED_THERE] - 1.0)
        return int(answered if random_streams.uniform(word) * (1.0 + away) < 1.0 else lead)
    others, least = matter(plan, state, i, lead if lead_here else -1, item, table)
    total = 0.0
    for j in range(len(plan.uid)):
        if state.table[j] == table and j != i:
            total += state.pivotal[j] - least
    mark = random_streams.uniform(word) * ((1.0 if answered >= 0 else 0.0) + d.floor_aim * total / others)
    if answered >= 0:
        if mark < 1.0 or total <= 0.0:
            return int(answered)
        mark -= 1.0
    reached = 0.0
    found = -1
    for j in range(len(plan.uid)):
        if state.table[j] == table and j != i and state.pivotal[j] > least:
            found = j
            reached += d.floor_aim * (state.pivotal[j] - least) / others
            if mark < reached:
                break
    return int(found)


@turn_rule
def matter(plan: Plan, state: State, i: int, lead: int, item: int, table: int) -> tuple[float, float]:
    """Fill `state.pivotal` with how much the consent of each of the others at a table matters to member `i`.

    `lead` is -1 where no other lead sits there.  Returns how many others there are, and the least.
    """
    last_word = state.dials[LAST_WORD]
    by_quota = state.dials[QUOTA] > 0.0
    side = state.sides[item, i] if state.shown[item, i] > 0.0 else -1.0
    allies = 1.0 if state.voter[i] else 0.0
    if by_quota and side >= 0.0:
        for j in range(len(plan.uid)):
            if state.table[j] == table and j != i and state.voter[j] and state.shown[item, j] > 0.0:
                allies += 1.0 if state.sides[item, j] == side else 0.0
    others = 0.0
    least = 1.0
    for j in range(len(plan.uid)):
        if state.table[j] != table or j == i:
            continue
        others += 1.0
        pivotal = 1.0 if state.voter[j] else 0.0
        if by_quota and state.voter[j]:
            ally = state.shown[item, j] > 0.0 and state.sides[item, j] == side
            pivotal = addressing.pivotality(state.dials[QUOTA], state.dials[VOTERS], allies, ally)
        pivotal = addressing.with_last_word(pivotal, j == lead, last_word if lead >= 0 else 0.0)
        state.pivotal[j] = pivotal
        least = pivotal if pivotal < least else least
    return others, least


@turn_rule
def renew_tokens(state: State, table: int, tokens: float) -> None:
    """Hand out a table's talking tokens again once everyone who could speak next has spent theirs."""
    for i in range(len(state.spent)):
        if state.eligible[i] and state.spent[i] < tokens:
            return
    for i in range(len(state.spent)):
        if state.table[i] == table:
            state.spent[i] = 0.0


@rule
def item_wanted(state: State, i: int, items: int) -> int:
    """Return the agenda item that a member rates highest, for what they write before the talk."""
    best = state.agenda[0]
    for slot in range(1, items):
        if state.views[i, state.agenda[slot]] > state.views[i, best]:
            best = state.agenda[slot]
    return int(best)


@rule
def look_at_shares(plan: Plan, state: State, meeting: int, turn: int) -> None:
    """Let the facilitator correct the invitation dial, every so many turns, if monitoring is on."""
    d = plan.meetings[meeting]
    if d.facilitation_monitoring <= 0.0 or turn % d.facilitation_monitoring_every != 0:
        return
    drift = 0.5 * (gini(state.heard, state.may) + gini(state.gained, state.may))
    strength = d.facilitation_monitoring * d.facilitation_skill
    state.dials[INVITATION] = facilitation.monitored(
        state.dials[INVITATION], drift, d.facilitation_monitoring_aim, strength
    )
