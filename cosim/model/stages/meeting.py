"""A meeting opens and closes: who came, what is on the agenda, who stands where, what stays afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosim.mechanisms import (
    accountability,
    addressing,
    agenda,
    comprehension,
    counters,
    decision,
    learning,
    random_streams,
    standing,
    turn_taking,
    workload,
)
from cosim.mechanisms.arithmetic import toward, unit_interval
from cosim.mechanisms.compiled import rule
from cosim.model.stages.phase import judge, public_and_others, view_of
from cosim.model.stages.project import (
    ATTENDANCE,
    EXPERIENTIAL,
    KNOWS,
    MANDATE,
    OPENNESS,
    PRESTIGE,
    place_of,
    take_traits,
)
from cosim.model.state import (
    ALIKE,
    APPRAISAL_ROW,
    EXPERTISE_ROW,
    INVITATION,
    LAST_SPEAKER,
    LAST_WORD,
    LEADERSHIP_ROW,
    OPENER,
    POINTER,
    PRESTIGE_ROW,
    QUEUE_CLOCK,
    QUOTA,
    VOTERS,
)

if TYPE_CHECKING:
    from cosim.model.state import State
    from cosim.scenario.plan import Bools, Floats, Plan


def open_meeting(plan: Plan, state: State, meeting: int, level: int, seed: int, replicate: int) -> int:
    """Set up a meeting and return the number of its agenda items."""
    d = plan.meetings[meeting]
    take_traits(plan, state, meeting)
    boost(plan, state, meeting)
    attend(plan, state, meeting, seed, replicate)
    for i in range(len(plan.uid)):
        state.may[i] = state.present[i] and decision.may_speak(level, plan.is_public[i])
    options = plan.phases[d.phase].options
    judge(plan, state, options)
    items = set_agenda(plan, state, meeting, options, seed, replicate)
    stand(plan, state, meeting, items)
    understand(plan, state, meeting)
    find_common(state)
    state.common_mandate[0] = common_mandate(state)
    take_seats(plan, state, meeting)
    weigh_consent(plan, state, meeting, level)
    drawn = random_streams.uniform(random_streams.draws(seed, replicate, random_streams.ORDER, meeting, 0)[0])
    for i in range(len(plan.uid)):
        state.openness[i] = state.traits[i, OPENNESS]
        state.ready[i] = turn_taking.readiness(state.confidence[i], d.system_role_clarity)
        state.heard[i] = 0.0
        state.gained[i] = 0.0
        state.spent[i] = 0.0
        state.raised[i] = 0
        state.middle[i] = 0.0
        for o in range(options):
            state.middle[i] += view_of(plan, state, i, o, d.stance_latitude) / options
    if d.first or d.facilitation_monitoring == 0.0 or d.facilitation_invitation > state.dials[INVITATION]:
        state.dials[INVITATION] = d.facilitation_invitation
    state.dials[POINTER] = int(drawn * len(plan.uid))
    state.dials[QUEUE_CLOCK] = 0.0
    state.dials[LAST_SPEAKER] = -1.0
    state.dials[OPENER] = -1.0
    return int(items)


@rule
def boost(plan: Plan, state: State, meeting: int) -> None:
    """Carry out what interventions do at the start of this meeting: confidence, credibility, ties."""
    count = len(plan.uid)
    for i in range(count):
        if plan.boost_confidence[meeting, i] > 0.0:
            state.confidence[i] = toward(state.confidence[i], 1.0, plan.boost_confidence[meeting, i])
        strength = plan.boost_credibility[meeting, i]
        if strength > 0.0:
            for k in range(4):
                for j in range(count):
                    state.credibility[i, k, j] = toward(
                        state.credibility[i, k, j], state.traits[i, KNOWS + k], strength
                    )
        for j in range(count):
            own = plan.role[i] == plan.role[j]
            strength = plan.boost_own_ties[meeting, i] if own else plan.boost_ties[meeting, i]
            if strength > 0.0:
                state.tie[i, j] = toward(state.tie[i, j], 1.0, strength)
                state.tie[j, i] = toward(state.tie[j, i], 1.0, strength)


@rule
def attend(plan: Plan, state: State, meeting: int, seed: int, replicate: int) -> None:
    """Draw who comes; the lead always does, and a meeting of fewer than two is held when all can come."""
    d = plan.meetings[meeting]
    came = 0
    share_work(plan, state, meeting)
    for i in range(len(plan.uid)):
        state.present[i] = False
        if not state.member[i]:
            continue
        odds = state.traits[i, ATTENDANCE]
        if plan.is_public[i]:
            odds += (1.0 - odds) * d.attendance_payment * d.attendance_payment_effect * d.system_support
        if state.satisfaction[i] < 0.5:
            odds *= 1.0 - d.attendance_dissatisfaction * (1.0 - 2.0 * state.satisfaction[i])
        if plan.is_public[i]:  # professionals are salaried
            paid = unit_interval(d.attendance_payment * d.system_support)
            odds = workload.odds_under(odds, state.load[i], d.attendance_overload, paid)
        word = random_streams.draws(
            seed, replicate, random_streams.ATTEND, meeting, place_of(plan.uid[i], 0)
        )[0]
        state.present[i] = plan.is_lead[i] or random_streams.uniform(word) < odds
        if state.present[i]:
            came += 1
    if came < 2:
        for i in range(len(plan.uid)):
            state.present[i] = state.member[i]


@rule
def share_work(plan: Plan, state: State, meeting: int) -> None:
    """Fill `state.load` (N,): what this meeting asks of each member, as a share of what they can give.

    Who sets the agenda prepares its items, as they would if all came.
    """
    d = plan.meetings[meeting]
    share_agenda(plan, meeting, state.member, state.load)
    items = agenda.slots(d.talk_minutes, d.agenda_minutes_per_item, plan.phases[d.phase].options)
    for i in range(len(plan.uid)):
        owned = items * state.load[i]
        state.load[i] = workload.load(
            plan.hours[meeting, i], owned, d.attendance_hours_per_item, d.attendance_capacity
        )
        if state.member[i]:
            state.people[i, counters.LOAD] += state.load[i]


@rule
def share_agenda(plan: Plan, meeting: int, here: Bools, share: Floats) -> None:
    """Fill `share` (N,): each one's part in setting the agenda among those who are `here` (N,); else 0."""
    d = plan.meetings[meeting]
    co_chair = co_chair_of(plan, here) if d.facilitation_co_chair > 0.0 else -1
    count = 0.0
    public = 0.0
    led = False
    for i in range(len(plan.uid)):
        if here[i]:
            count += 1.0
            public += 1.0 if plan.is_public[i] else 0.0
            led = led or plan.is_lead[i]
    co_chaired = d.facilitation_co_chair if co_chair >= 0 else 0.0
    for i in range(len(plan.uid)):
        share[i] = 0.0
        if here[i]:
            share[i] = agenda.power(
                plan.is_lead[i],
                plan.is_public[i],
                i == co_chair,
                led,
                d.agenda_shared,
                d.agenda_public_slot,
                co_chaired,
                present=count,
                public=public,
            )


@rule
def co_chair_of(plan: Plan, present: Bools) -> int:
    """Return the public member who would co-chair: the first present in canonical order; -1 for none."""
    for i in range(len(plan.uid)):
        if plan.is_public[i] and present[i] and not plan.is_lead[i]:
            return i
    return -1


@rule
def lead_of(plan: Plan, member: Bools, level: int) -> int:
    """Return the lead who counts in this phase: on the team, with a vote at this level; -1 for none."""
    for i in range(len(plan.uid)):
        if plan.is_lead[i] and member[i] and decision.has_vote(level, plan.is_public[i]):
            return i
    return -1


@rule
def set_agenda(plan: Plan, state: State, meeting: int, options: int, seed: int, replicate: int) -> int:
    """Draw the items of the meeting from the agenda-setters' wishes; return how many there are."""
    d = plan.meetings[meeting]
    share_agenda(plan, meeting, state.present, state.agenda_share)
    for i in range(len(plan.uid)):
        if state.present[i]:
            state.people[i, counters.AGENDA] += state.agenda_share[i]
            if plan.is_public[i]:
                state.totals[counters.T_AGENDA_SHARE_PUBLIC] += state.agenda_share[i]
    agenda.wanted(state.views, state.agenda_share, d.agenda_self_interest, options, state.agenda_wish)
    items = 0
    for slot in range(agenda.slots(d.talk_minutes, d.agenda_minutes_per_item, options)):
        word = random_streams.draws(seed, replicate, random_streams.AGENDA, meeting, slot)[0]
        drawn = random_streams.chosen(state.agenda_wish, options, word)
        if drawn < 0:  # whoever sets the agenda wants nothing more on it
            break
        state.agenda[slot] = drawn
        state.agenda_wish[drawn] = 0.0
        state.tabled[drawn] = True
        items += 1
    note_public_items(plan, state, items, options)
    return int(items)


@rule
def note_public_items(plan: Plan, state: State, items: int, options: int) -> None:
    """Tally which share of the discussed items the public would itself have put on the agenda."""
    public = 0.0
    wishes = state.scratch[0]
    for o in range(options):
        wishes[o] = 0.0
    for i in range(len(plan.uid)):
        if plan.is_public[i] and state.member[i]:
            public += 1.0
            for o in range(options):
                wishes[o] += state.views_before[i, o]
    if public == 0.0:
        return
    wished = 0.0
    for slot in range(items):
        better = 0
        for o in range(options):
            if wishes[o] > wishes[state.agenda[slot]]:
                better += 1
        if better < items:
            wished += 1.0
    state.totals[counters.T_AGENDA_PUBLIC] += wished / items


@rule
def stand(plan: Plan, state: State, meeting: int, items: int) -> None:
    """Work out expectation standing from prestige, recognised expertise, leadership and past performance."""
    d = plan.meetings[meeting]
    count = len(plan.uid)
    co_chair = co_chair_of(plan, state.present) if d.facilitation_co_chair > 0.0 else -1
    for i in range(count):
        recognised = 0.0
        for k in range(4):
            relevance = 0.0
            for slot in range(items):
                relevance += state.technicality[state.agenda[slot], k] / items
            seen = 0.0
            for j in range(count):
                if j != i and state.present[j]:
                    seen += state.credibility[i, k, j]
            recognised += relevance * seen
        others = 0.0
        for j in range(count):
            others += 1.0 if state.present[j] and j != i else 0.0
        state.states[PRESTIGE_ROW, i] = state.traits[i, PRESTIGE]
        state.states[EXPERTISE_ROW, i] = recognised / others
        state.states[LEADERSHIP_ROW, i] = standing.leadership(
            plan.is_lead[i], i == co_chair, d.facilitation_co_chair if co_chair >= 0 else 0.0
        )
        state.states[APPRAISAL_ROW, i] = state.appraisal[i]
    shown = 1.0 - d.facilitation_titles_hidden
    salience = state.scratch[0, :4]
    salience[PRESTIGE_ROW] = d.standing_title_salience * shown * standing.DIFFUSE
    salience[EXPERTISE_ROW] = d.standing_expertise_salience * standing.RELEVANT
    salience[LEADERSHIP_ROW] = d.standing_leadership_salience * standing.DIFFUSE
    salience[APPRAISAL_ROW] = d.standing_appraisal_salience * standing.RELEVANT
    standing.standings(state.states, salience, state.present, state.standing)


@rule
def understand(plan: Plan, state: State, meeting: int) -> None:
    """Work out how much of whose turns each listener understands, kind by kind."""
    d = plan.meetings[meeting]
    count = len(plan.uid)
    for k in range(4):
        experiential = k == EXPERIENTIAL
        eased = d.facilitation_mutual_learning if experiential else d.facilitation_plain_language
        loss = comprehension.loss_of(
            experiential, d.uptake_jargon, d.uptake_unfamiliarity, eased, d.facilitation_assumptions_round
        )
        for i in range(count):
            for j in range(count):
                state.understood[i, k, j] = comprehension.comprehension(
                    state.traits[i, KNOWS + k], state.traits[j, KNOWS + k], loss
                )


@rule
def find_common(state: State) -> None:
    """Work out the common credibility of contributions whose contributor is not known, kind by kind."""
    count = len(state.present)
    for k in range(4):
        total = 0.0
        pairs = 0.0
        for i in range(count):
            for j in range(count):
                if i != j and state.present[i] and state.present[j]:
                    total += state.credibility[i, k, j]
                    pairs += 1.0
        state.common[k] = total / pairs


@rule
def common_mandate(state: State) -> float:
    """Return the mean mandate of those who may speak: what an unnamed contributor is taken to have."""
    total = 0.0
    count = 0.0
    for i in range(len(state.may)):
        if state.may[i]:
            total += state.traits[i, MANDATE]
            count += 1.0
    return total / count if count > 0.0 else 0.0


@rule
def take_seats(plan: Plan, state: State, meeting: int) -> None:
    """Work out the pull of every seat after every speaker."""
    d = plan.meetings[meeting]
    head_pull = d.floor_head_seat * (1.0 - d.facilitation_level_table)
    for last in range(len(plan.uid)):
        for i in range(len(plan.uid)):
            faces = toward(plan.opposite[last, i], plan.opposite_mixed[last, i], d.facilitation_mixed_seating)
            state.seat[last, i] = turn_taking.seat(plan.head[i], faces, head_pull, d.floor_opposite_seat)


@rule
def weigh_consent(plan: Plan, state: State, meeting: int, level: int) -> None:
    """Note who has a vote here, how many votes a decision needs, and how likely the lead alone decides."""
    d = plan.meetings[meeting]
    terms = plan.phases[d.phase]
    voters = 0.0
    by_quota = addressing.by_quota(terms.rule)
    alike = not by_quota
    for i in range(len(plan.uid)):
        has_vote = decision.has_vote(level, plan.is_public[i])
        state.voter[i] = state.present[i] and has_vote
        voters += 1.0 if state.voter[i] else 0.0
        alike = alike and (has_vote or not state.may[i])
    last_word = 0.0
    if lead_of(plan, state.present, level) >= 0:
        last_word = 1.0
        if terms.rule != decision.LEAD_DECIDES:
            last_word = accountability.override_chance(
                d.accountability_form,
                d.accountability_pressure,
                d.accountability_explain_cost,
                terms.delegated == 1,
                d.accountability_delegation,
            )
    state.dials[VOTERS] = voters
    state.dials[QUOTA] = addressing.needed(terms.rule, voters, terms.quorum) if by_quota else 0.0
    state.dials[LAST_WORD] = last_word
    state.dials[ALIKE] = 1.0 if alike else 0.0


def close_meeting(plan: Plan, state: State, meeting: int, minutes: float) -> None:
    """Count what the meeting took; keep what people learned of one another, less what they forget."""
    d = plan.meetings[meeting]
    count_shares(plan, state)
    count_costs(plan, state, meeting, minutes)
    present = 0.0
    gained = 0.0
    for i in range(len(plan.uid)):
        if state.present[i]:
            present += 1.0
            gained += state.gained[i]
    for i in range(len(plan.uid)):
        if state.present[i]:
            share = state.gained[i] / gained if gained > 0.0 else 1.0 / present
            state.appraisal[i] = learning.appraisal(
                share, 1.0 / present, state.appraisal[i], d.learning_appraisal_memory
            )
        for k in range(4):
            for j in range(len(plan.uid)):
                seen = toward(
                    state.credibility[i, k, j], state.traits[i, KNOWS + k], d.facilitation_power_audit
                )
                state.credibility[i, k, j] = toward(
                    seen, state.first_impression[i, k, j], d.learning_forgetting
                )
        for j in range(len(plan.uid)):
            state.tie[i, j] = unit_interval(state.tie[i, j] * (1.0 - d.learning_tie_decay))


@rule
def count_shares(plan: Plan, state: State) -> None:
    """Tally equal shares: what each member and the public would have had of this meeting's talk."""
    present = 0.0
    public = 0.0
    turns = 0.0
    for i in range(len(plan.uid)):
        turns += state.heard[i]
        if state.member[i]:
            state.people[i, counters.MEETINGS] += 1.0
        if state.present[i]:
            state.people[i, counters.ATTENDED] += 1.0
            present += 1.0
            public += 1.0 if plan.is_public[i] else 0.0
    for i in range(len(plan.uid)):
        if state.present[i]:
            state.people[i, counters.EXPECTED] += turns / present
    state.totals[counters.T_EXPECTED_TURNS_PUBLIC] += turns * public / present
    state.totals[counters.T_MEETINGS] += 1.0


@rule
def count_costs(plan: Plan, state: State, meeting: int, minutes: float) -> None:
    """Tally minutes, person-hours and money of one meeting that talked for `minutes`."""
    d = plan.meetings[meeting]
    public, staff = public_and_others(plan, state.present)
    inside = d.planned_minutes * d.system_deadline - d.talk_minutes
    held = minutes + (inside if inside > 0.0 else 0.0)
    public_hours = held / 60.0 * public + d.public_hours
    staff_hours = held / 60.0 * staff + d.staff_hours
    state.totals[counters.T_TALK_MINUTES] += minutes
    state.totals[counters.T_MINUTES] += held + d.outside_minutes
    state.totals[counters.T_HOURS_PUBLIC] += public_hours
    state.totals[counters.T_HOURS_STAFF] += staff_hours
    state.totals[counters.T_MONEY] += (
        d.money
        + d.attendance_payment * (d.costs_public_hour * public_hours + d.costs_public_expenses * public)
        + d.costs_staff_hour * staff_hours
        + d.facilitated * d.costs_facilitator_hour * held / 60.0
    )
