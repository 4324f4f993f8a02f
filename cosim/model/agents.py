"""The people round the table, and whoever runs the meeting.

Participants look at their own slices of the project's state and act by the rules in
`cosim.mechanisms`.  Override a method to try another behaviour: such a model runs on the reference engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import mesa

from cosim.config import arguments
from cosim.mechanisms import (
    addressing,
    comprehension,
    counters,
    decision,
    facilitation,
    learning,
    random_streams,
    speech,
    stance,
    turn_taking,
    uptake,
)
from cosim.mechanisms.arithmetic import apart, toward
from cosim.mechanisms.stance import UNBENT, Bends
from cosim.model.stages import tape
from cosim.model.stages.project import KNOWS, LOYALTY, MANDATE, OPENNESS, WEIGHS
from cosim.model.stages.talk import (
    addressee,
    begin_voice,
    credit_holders,
    look_at_shares,
    opener_at,
    others_shown,
    renew_tokens,
    show,
)
from cosim.model.state import (
    ARGUED,
    BACK,
    INVITATION,
    KNOWN_THERE,
    OPENER,
    OTHERS,
    POINTER,
    QUEUE_CLOCK,
    SHARES,
    SUM_THERE,
)
from cosim.scenario.vocabulary import ROLES

if TYPE_CHECKING:
    from cosim.model.model import CoproductionModel


@dataclass(slots=True)
class Contribution:
    """One thing said (or written): by whom, about what, and what became of it.

    Attributes
    ----------
    speaker : int
        Place of the speaker in canonical order.
    mode, kind, item, table : int
        How the floor was given (`facilitation.MODES`), kind of knowledge, option, table.
    words : float
    cut, anonymous, off_remit : bool
    frank : float
        Share that is not bent to the lead or the others, 0..1.
    said : float
        The merit voiced, 0..1.
    attention : float
        Share of a full hearing that it gets from everyone.
    movement : dict of int to float
        How far each listener's belief moved, signed, in units of merit.
    heard : float
        Share of it that is heard at all.
    shows : bool
        Whether it shows where the speaker stands.
    stance : float
        Where it shows the speaker to stand on the whole option, 0..1.
    bends : Bends
        How far that is bent to the lead, and to the others.
    bound : float
        Share of the rest that is the constituency's view.
    hears : list of bool
        Who hears it.
    loud : float
        Weight of the voice for each listener.
    argues : bool
        Whether it says the argument of this option and kind of knowledge.
    addressee : int
        To whom it is said; -1 for nobody.
    reach : float
        Mean pull on the listeners, 0..1.
    uptake : float
        Summed movement of the listeners, in units of merit.
    """

    speaker: int
    mode: int
    item: int
    kind: int
    table: int
    words: float
    cut: bool
    anonymous: bool
    off_remit: bool
    frank: float
    said: float
    attention: float
    movement: dict[int, float]
    heard: float
    shows: bool
    stance: float
    bends: Bends
    bound: float
    hears: list[bool]
    loud: float
    argues: bool
    addressee: int = -1
    reach: float = 0.0
    uptake: float = 0.0


class Participant(mesa.Agent):
    """A member of the team.

    Attributes
    ----------
    index : int
        Place in canonical order, and in every array over members.
    name, role, group : str
    """

    model: CoproductionModel

    def __init__(self, model: CoproductionModel, index: int) -> None:
        super().__init__(model)
        member = model.members[index]
        self.index = index
        self.name, self.role, self.group = member.name, member.role, member.group

    @property
    def confidence(self) -> float:
        """Readiness to claim the floor and say what one thinks, 0..1."""
        return float(self.model.state.confidence[self.index])

    @property
    def standing(self) -> float:
        """Expectation standing in this meeting, -1..1."""
        return float(self.model.state.standing[self.index])

    @property
    def turns(self) -> int:
        """Spoken turns so far."""
        return int(self.model.state.people[self.index, counters.TURNS])

    @property
    def words(self) -> float:
        """Words spoken so far."""
        return float(self.model.state.people[self.index, counters.WORDS])

    @property
    def uptake(self) -> float:
        """How far this member's contributions moved others so far, in units of merit."""
        return float(self.model.state.people[self.index, counters.UPTAKE])

    def claim(self, last: int, addressed: int) -> float:
        """Return this member's claim to the open floor after the last turn at the table: whose, to whom."""
        state, d, i = self.model.state, self.model.terms, self.index
        base = turn_taking.base_claim(state.standing[i], state.talkative[i], d.floor_rule == turn_taking.LUCE)
        place = state.seat[last, i] if last >= 0 else 1.0
        weight = turn_taking.claim(base, state.ready[i], self.stake(), place)
        weight = addressing.claim_of(weight, i == addressed, d.floor_returning)
        return float(
            turn_taking.capped(weight, state.spent[i], d.facilitation_tokens, d.facilitation_talk_cap)
        )

    def stake(self) -> float:
        """Return this member's stake in the item on the table, by what all there have shown."""
        state, d, i = self.model.state, self.model.terms, self.index
        there = state.at_table[state.table[i]]
        known, total = float(there[KNOWN_THERE]), float(there[SUM_THERE])
        weight = d.floor_stake if known > 0.0 else 0.0
        mean = total / known if known > 0.0 else 0.0
        return float(state.engaged[i] * turn_taking.stake(state.mine[i], mean, weight))

    def bend(self, item: int, known: float, opposed: float) -> tuple[float, float]:
        """Return how far what this member shows bends to the lead's stance, and to the others'.

        `known` others at the table have shown a stance on the item, `opposed` of them one on the other side.
        """
        state, d, i, lead = self.model.state, self.model.terms, self.index, self.model.lead
        to_lead = 0.0
        here = lead >= 0 and lead != i and state.table[lead] == state.table[i]
        if here and state.shown[item, lead] > 0.0:
            to_lead = stance.bend_to_lead(
                state.standing[lead] - state.standing[i],
                state.confidence[i],
                speech.safety(d.speech_safety, d.facilitation_ground_rules),
                d.stance_deference,
                state.traits[i, LOYALTY],
            )
        minority = stance.bend_to_majority(known - opposed, opposed, d.stance_conformity)
        return float(to_lead), float((1.0 - to_lead) * minority)

    def kind(self, item: int, word: int) -> int:
        """Return the kind of knowledge this member speaks from on an item."""
        state = self.model.state
        return int(
            speech.kind_spoken(state.traits[self.index, KNOWS : KNOWS + 4], state.technicality[item], word)
        )

    def speak(self, mode: int, table: int) -> Contribution:
        """Take the floor: say something about the item on the table."""
        model, d, i = self.model, self.model.terms, self.index
        words = random_streams.draws(
            model.seed_number, model.replicate, random_streams.SPEECH, model.meeting, model.turn
        )
        kind = self.kind(model.item, words[0])
        standing = model.state.standing[i]
        cut = mode != facilitation.ROUND and random_streams.uniform(words[2]) < speech.cut_chance(
            standing, d.speech_interruption, d.facilitation_ground_rules
        )
        strays = random_streams.draws(
            model.seed_number, model.replicate, random_streams.REMIT, model.meeting, model.turn
        )
        off_remit = i != model.lead and random_streams.uniform(strays[0]) < speech.off_remit_chance(
            d.speech_off_remit, d.system_role_clarity
        )
        length = random_streams.interpolated(model.plan.words, words[1])
        length = length * turn_taking.words_factor(
            standing, d.speech_length_by_standing, model.state.verbosity[i]
        )
        length = length * d.speech_cut_words if cut else length
        anonymous = random_streams.uniform(words[3]) < d.facilitation_anonymous_input
        heard = speech.heard_share(cut, off_remit, d.speech_cut_heard)
        argues = random_streams.uniform(strays[1]) < d.arguments_voiced
        said = self.voice(
            model.item, kind, mode, anonymous=anonymous, argues=argues, heard=heard, table=table
        )
        said.table, said.words, said.cut, said.off_remit = table, float(length), bool(cut), bool(off_remit)
        return said

    def address(self, said: Contribution) -> int:
        """Return to whom this member says what has just been said; -1 for nobody."""
        model = self.model
        word = random_streams.draws(
            model.seed_number, model.replicate, random_streams.REMIT, model.meeting, model.turn
        )[2]
        return addressee(
            model.plan, model.state, model.meeting, self.index, model.lead, said.item, said.table, word
        )

    def write(self, item: int, kind: int, anonymous: bool, argues: bool) -> Contribution:
        """Write a contribution before the talk, unseen by the others."""
        return self.voice(
            item, kind, facilitation.WRITTEN, anonymous=anonymous, argues=argues, heard=1.0, table=0
        )

    def hearers(self, table: int) -> list[bool]:
        """Return who hears what this member says at a table."""
        state, split = self.model.state, self.model.tables > 1
        return [
            j != self.index and bool(state.present[j]) and (not split or state.table[j] == table)
            for j in range(self.model.size)
        ]

    def voice(
        self, item: int, kind: int, mode: int, *, anonymous: bool, argues: bool, heard: float, table: int
    ) -> Contribution:
        """Compose what is voiced; its argument would be said if it `argues`, and a share of it is `heard`."""
        model, state, d, i = self.model, self.model.state, self.model.terms, self.index
        hidden = anonymous or mode == facilitation.WRITTEN
        limit = stance.bound(state.traits[i, MANDATE], d.stance_latitude)
        weighs = state.traits[i, WEIGHS : WEIGHS + 4]
        views = state.group_view[item, :, model.plan.constituency[i]]
        own = decision.judgement(state.belief[item, :, i], weighs)
        carried = decision.judgement(views, weighs)
        plain = stance.shown(own, carried, limit, UNBENT, 0.0, 0.0)
        hears = self.hearers(table)
        known, above, mean = others_shown(state, item, i)
        bends = UNBENT
        if not hidden and known > 0.0:
            opposed = known - above if plain > state.middle[i] else above
            bends = Bends(*self.bend(item, known, opposed))
        leads = state.stances[item, model.lead] if bends.to_lead > 0.0 else 0.0
        merit = stance.shown(state.belief[item, kind, i], views[kind], limit, bends, leads, mean)
        mandate = state.common_mandate[0] if anonymous else state.traits[i, MANDATE]
        attention = heard * comprehension.hearing(mandate, d.uptake_legitimacy)
        listeners = float(sum(hears))
        sure = 1.0 if mode == facilitation.WRITTEN else state.sure[i]
        voices = model.plan.phases[model.phase].voices
        begin_voice(state, item, kind, i)
        return Contribution(
            speaker=i,
            mode=mode,
            item=item,
            kind=kind,
            table=table,
            words=0.0,
            cut=False,
            anonymous=bool(anonymous),
            off_remit=False,
            frank=float(1.0 - bends.to_lead - bends.to_others),
            said=float(merit),
            attention=float(attention),
            movement={},
            heard=heard,
            shows=not hidden and heard > 0.0,
            stance=float(stance.shown(own, carried, limit, bends, leads, mean)),
            bends=bends,
            bound=float(limit),
            hears=hears,
            loud=float(voices * sure / listeners) if listeners > 0.0 else 0.0,
            argues=bool(argues and heard > 0.0 and state.met[item, kind, i]),
        )

    def listen(self, said: Contribution) -> float:
        """Take up what was said; return its pull on this member, 0..1, before distance."""
        state, d, j = self.model.state, self.model.terms, self.index
        i, item, kind = said.speaker, said.item, said.kind
        seen = state.common[kind] if said.anonymous else state.credibility[i, kind, j]
        understood = state.understood[i, kind, j]
        openness = state.traits[j, OPENNESS]
        belief, truth = state.belief[item, kind, j], state.merit[item, kind]
        shows_itself = self.model.plan.phases[self.model.phase].demonstrability
        convincing = uptake.convincing(seen, said.said, belief, truth, shows_itself)
        weight = uptake.pull(openness, convincing, understood, said.attention)
        distance = apart(said.said, belief)
        fresh = state.fresh[item, kind, i, j]
        share = uptake.step(
            d.uptake_rule,
            weight * uptake.voice(d.uptake_rule, said.loud, fresh),
            d.uptake_rate,
            distance,
            d.uptake_confirmation,
            d.uptake_bound,
            state.known[item, kind, j],
        )
        anchor = 0.0 if d.uptake_rule == uptake.SHARED_ATTENTION else d.uptake_anchor
        back = uptake.anchoring(openness, anchor)
        state.belief[item, kind, j] = uptake.moved(
            belief, said.said, state.initial[item, kind, j], share, back
        )
        state.share[j], state.back[j], state.distance[j] = share, back, distance
        if d.uptake_rule == uptake.BAYESIAN:
            state.known[item, kind, j] += uptake.evidence(weight, distance, d.uptake_confirmation)
        state.own_part[item, kind, j] = state.own_part[item, kind, j] * (1.0 - share)
        state.fresh[item, kind, i, j] = uptake.worn(fresh, d.uptake_fading, said.heard)
        said.movement[j] = float(share * distance if said.said > belief else -(share * distance))
        if said.argues:
            before = float(state.belief[item, kind, j])
            self.be_argued(item, kind, uptake.argued(weight, d.arguments_step))
            said.movement[j] += float(state.belief[item, kind, j]) - before
        if not said.anonymous:
            self.learn(said, seen, understood)
        return float(weight)

    def be_argued(self, item: int, kind: int, moved: float) -> None:
        """Take in an argument, if it is new to this member."""
        state, j = self.model.state, self.index
        pole = state.pole[item, kind]
        state.distance_to_pole[j] = apart(pole, state.belief[item, kind, j])
        moved = 0.0 if state.met[item, kind, j] else moved
        state.met[item, kind, j] = state.met[item, kind, j] or moved > 0.0
        for place in (state.belief, state.initial):
            place[item, kind, j] = toward(place[item, kind, j], pole, moved)
        state.own_part[item, kind, j] = state.own_part[item, kind, j] * (1.0 - moved)
        state.argued[j] = moved

    def learn(self, said: Contribution, seen: float, understood: float) -> None:
        """Learn about the speaker: their credibility, and a working relationship."""
        state, d, i, j = self.model.state, self.model.terms, said.speaker, self.index
        calm = learning.climate(d.learning_climate, d.facilitation_ground_rules)
        tie = state.tie[i, j]
        learned = learning.credibility_step(
            d.learning_credibility_rate, calm, understood * said.attention, tie, d.learning_tie_bonus
        )
        state.credibility[i, said.kind, j] = toward(seen, state.traits[i, KNOWS + said.kind], learned)
        state.tie[i, j] = toward(tie, 1.0, d.learning_tie_gain * understood * said.attention)

    def leave_trace(self, said: Contribution) -> None:
        """Write on the tape by how much this contribution moved each listener, and show the stance in it."""
        state, d, i = self.model.state, self.model.terms, self.index
        lead = self.model.lead if said.bends.to_lead > 0.0 else -1
        anchored = d.uptake_rule != uptake.SHARED_ATTENTION
        turn = tape.Event(tape.TURN, said.item, said.kind, i, lead)
        bent = said.bends.to_others > 0.0
        at, _ = tape.record(state, turn, shares=True, argued=said.argues, others=bent, back=anchored)
        event, weighs = state.tape_events[at], state.traits[i, WEIGHS : WEIGHS + 4]
        tape.set_terms(state.tape_terms[at], said.bends, said.bound, weighs, said.shows)
        state.tape_rows[event[SHARES]] = state.share
        if said.argues:
            state.tape_rows[event[ARGUED]] = state.argued
        if bent:
            parts = [float(state.shown[said.item, j]) if here else 0.0 for j, here in enumerate(said.hears)]
            state.tape_rows[event[OTHERS]] = [part / sum(parts) for part in parts]
        if anchored:
            state.tape_rows[event[BACK]] = state.back
        if said.argues and state.said[said.item, said.kind] < 0:
            credit_holders(state, said.item, said.kind, i)
        if said.shows:
            show(state, said.item, i, said.stance)

    def feel_heard(self, said: Contribution) -> None:
        """Gain confidence from being taken up, lose it when cut."""
        state, d, i = self.model.state, self.model.terms, self.index
        state.confidence[i] = learning.confidence_after(
            state.confidence[i], said.reach, said.cut, d.learning_confidence_gain
        )
        state.ready[i] = turn_taking.readiness(state.confidence[i], d.system_role_clarity)


class Researcher(Participant):
    """Brings research evidence; one of them may be the accountable lead."""


class Patient(Participant):
    """A public contributor: patient, carer or citizen; brings lived experience."""


class Provider(Participant):
    """A provider of care; brings practice."""


class Policymaker(Participant):
    """Brings policy and the organisation of care."""


BY_ROLE: dict[str, type[Participant]] = dict(
    zip(ROLES, (Researcher, Provider, Policymaker, Patient), strict=True)
)
"""The participant class of each role."""


class Facilitator(mesa.Agent):
    """Holds the rules of the meeting; with every dial at 0 this is nobody, and the floor is open."""

    model: CoproductionModel

    def give_floor(self) -> tuple[int, int, int]:
        """Return how the next turn is given (`facilitation.MODES`), to whom, and at which table."""
        model, state, d = self.model, self.model.state, self.model.terms
        words = random_streams.draws(
            model.seed_number, model.replicate, random_streams.FLOOR, model.meeting, model.turn
        )
        pointer = facilitation.next_in_order(state.may, int(state.dials[POINTER]))
        state.dials[POINTER] = pointer
        table = int(state.table[pointer])
        last = int(state.last[table])
        state.eligible[:] = state.table == table
        if last >= 0:
            state.eligible[last] = False
        mode = facilitation.mode(
            words[0],
            d.facilitation_rounds,
            state.dials[INVITATION],
            d.facilitation_queue,
            d.facilitation_skill,
        )
        if mode == facilitation.OPEN and d.floor_rule == turn_taking.QUEUE:
            mode = facilitation.QUEUED
        opener = opener_at(state)
        if opener >= 0 and mode != facilitation.ROUND:
            mode, speaker = facilitation.OPENING, opener
            state.dials[OPENER] = -1.0
        elif mode == facilitation.ROUND:
            speaker = self.next_in_round(pointer, words[2])
        elif mode == facilitation.INVITED:
            speaker = facilitation.least_heard(state.heard, state.eligible, pointer)
        else:
            speaker = self.hear_claims(table, words[1])
            if mode == facilitation.QUEUED:
                self.raise_hand(speaker)
                self.raise_hand(random_streams.chosen(state.claims, model.size, words[3]))
                speaker = facilitation.first_hand(state.raised, state.eligible)
                state.raised[speaker] = 0
        return mode, int(speaker), table

    def says(self, mode: int, fresh: bool) -> int:
        """Return what a chair says in their own turn before a member's (`facilitation.MODES`); -1: nothing.

        `mode` is how the member's turn is given, `fresh` whether the item has just come up.
        """
        model, chairing = self.model, self.model.terms.facilitation_chairing
        if chairing == 0.0:
            return facilitation.SILENT
        word = random_streams.draws(
            model.seed_number, model.replicate, random_streams.CHAIRING, model.meeting, model.turn
        )[0]
        return int(facilitation.chair_says(mode, fresh, chairing, word))

    def next_in_round(self, pointer: int, word: int) -> int:
        """Return whose turn it is in the round; an unconfident member may pass to the next."""
        state = self.model.state
        speaker = pointer if state.eligible[pointer] else facilitation.next_in_order(state.eligible, pointer)
        if facilitation.passes(word, state.confidence[speaker], self.model.terms.facilitation_passing):
            state.eligible[speaker] = False
            other = facilitation.next_in_order(state.eligible, speaker)
            return other if other >= 0 else speaker
        return speaker

    def hear_claims(self, table: int, word: int) -> int:
        """Return who takes the open floor: Luce choice over claims; tokens are renewed when all are spent."""
        state, model = self.model.state, self.model
        renew_tokens(state, table, model.terms.facilitation_tokens)
        for member in model.participants:
            state.claims[member.index] = 0.0
            if state.eligible[member.index]:
                state.claims[member.index] = member.claim(int(state.last[table]), int(state.addressed[table]))
        return int(random_streams.chosen(state.claims, model.size, word))

    def raise_hand(self, i: int) -> None:
        """Put a member's hand up, behind the hands that are up already."""
        state = self.model.state
        if state.raised[i] == 0:
            state.dials[QUEUE_CLOCK] += 1.0
            state.raised[i] = int(state.dials[QUEUE_CLOCK])

    def look_round(self) -> None:
        """Compare the shares with the aim, every so many turns, and correct the invitation dial."""
        look_at_shares(self.model.plan, self.model.state, self.model.meeting, self.model.turn)

    @property
    def invitation(self) -> float:
        """The invitation dial as it stands."""
        return float(self.model.state.dials[INVITATION])


def participant_classes(given: object) -> Mapping[str, type[Participant]]:
    """Return the classes that a user gives for some roles, checked.

    Raises
    ------
    ConfigError
        When it is no mapping of roles to subclasses of `Participant`.
    """
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        told = "{ROLE: a subclass of Participant}"
        raise arguments.refused("not a mapping of roles to classes", "participants", given, told)
    return {
        arguments.one_of(role, ROLES, "participants", "role"): arguments.subclass(
            kind, Participant, f"participants.{role}"
        )
        for role, kind in given.items()
    }


def arranged(model: CoproductionModel, classes: Any) -> list[Participant]:
    """Return one participant per member, of the class that `classes` (or `BY_ROLE`) names for the role."""
    return [(classes or {}).get(m.role, BY_ROLE[m.role])(model, i) for i, m in enumerate(model.members)]
