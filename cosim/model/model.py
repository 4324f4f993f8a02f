"""The Mesa model: the readable reference.  One step is one speaking turn."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
import pandas as pd

from cosim.catalogue import ScenarioLike, as_scenario
from cosim.config import arguments
from cosim.errors import CosimError
from cosim.mechanisms import counters, decision, facilitation, random_streams, speech
from cosim.mechanisms.arithmetic import apart
from cosim.mechanisms.inequality import gini
from cosim.model.agents import Contribution, Facilitator, Participant, arranged, participant_classes
from cosim.model.stages import tape
from cosim.model.stages.ballot import consensus_in_sight, end_phase, settle_ballots
from cosim.model.stages.credit import find_sources, note_intakes
from cosim.model.stages.meeting import close_meeting, lead_of, open_meeting
from cosim.model.stages.phase import begin_phase, late_evidence, reflect
from cosim.model.stages.project import WEIGHS, begin_project, cross_role_ties, place_of
from cosim.model.stages.talk import (
    count_shown,
    form_tables,
    item_wanted,
    let_owner_open,
    speakers_of,
    take_positions,
    talk_goes_on,
)
from cosim.model.state import BY_BALLOTS, EVENTS, LAST_SPEAKER, WHAT, new_state, with_room
from cosim.model.turn_records import TURN, log_table
from cosim.outcomes import OUTCOME_NAMES, PERSON_COLUMNS, measure, measure_people
from cosim.scenario.plan import Plan, Variation, resolve, unchanged
from cosim.scenario.vocabulary import PHASES

NOWHERE = NOBODY = NOTHING = -1
SPEAKER = (TURN.names or ()).index("speaker")
LOOKED_AT = (
    *("views", "ballots", "order", "scratch", "vote", "carrying", "sources", "tape_used"),
    *("listed", "paper"),
)
"""What casting ballots changes of the state."""


class CoproductionModel(mesa.Model):
    """A co-produced project, one speaking turn a step.

    Parameters
    ----------
    scenario : Scenario, str, Path or mapping
        A scenario, or what `cosim.load_scenario` takes: a name of the catalogue, a file, a mapping.
    seed : int
        0..2^63-1.  With `replicate` it fixes every draw; the same pair gives the same random numbers in every
        scenario.
    replicate : int
        0..2^32-1.
    participants : mapping of role to class, optional
        Other classes than `cosim.model.agents.BY_ROLE` for some roles.
    facilitator : class, optional
    variation : Variation, optional
        Initial preferences drawn again (counterfactual influence).
    collect : bool
        Whether the data collector records every turn.

    Raises
    ------
    ConfigError
        For an argument that cannot be used; it is named, with what is allowed.

    Attributes
    ----------
    participants : list of Participant
        In canonical order: by role, the lead first.
    phase, meeting, turn : int
        Where the project stands; -1 before it begins.
    minute : float
        Minutes of talk used in this meeting.
    contribution : Contribution or None
        The last thing that a member said.
    chair_said : int
        What the chair said before it (`facilitation.MODES`); -1 for nothing.
    """

    def __init__(
        self,
        scenario: ScenarioLike,
        seed: int = 1,
        replicate: int = 0,
        *,
        participants: Mapping[str, type[Participant]] | None = None,
        facilitator: type[Facilitator] = Facilitator,
        variation: Variation | None = None,
        collect: bool = True,
    ) -> None:
        seed, replicate = arguments.seed(seed), arguments.replicate(replicate)
        collect = arguments.flag(collect, "collect")
        scenario = as_scenario(scenario)
        classes = participant_classes(participants)
        arguments.subclass(facilitator, Facilitator, "facilitator")
        if variation is not None:
            arguments.instance(variation, Variation, "variation", "a variation of first views")
        super().__init__(rng=seed % 2**32)
        self.project = scenario
        self.seed_number, self.replicate, self._collect = seed, replicate, collect
        compiled, self.members = resolve(scenario)
        self.plan = readable(compiled)
        self.size = len(self.members)
        self.variation = variation or unchanged(compiled)
        options = max(phase.options for phase in scenario.phases.values())
        self.state = new_state(self.size, compiled.base.shape[1], options, len(compiled.constituency_uid))
        self.participants = arranged(self, classes)
        self.facilitator = facilitator(self)
        self.log: list[tuple[Any, ...]] = []
        self.choices: list[int] = []
        self.contribution: Contribution | None = None
        self.chair_said = facilitation.SILENT
        self.phase = self.meeting = NOWHERE
        self.turn = 0
        self.minute = 0.0
        self.level = 0
        self.items = self.tables = 1
        self.lead = self.item = NOWHERE
        self._slot = self._stretch = NOWHERE
        self._talking = self._agreed = self._fresh = False
        begin_project(self.plan, self.state, seed, replicate)
        self.datacollector = mesa.DataCollector(
            model_reporters=MODEL_REPORTERS, agent_reporters=AGENT_REPORTERS
        )

    @property
    def terms(self) -> Any:
        """Every parameter as it holds in this meeting (`cosim.scenario.plan.MEETING`)."""
        return self.plan.meetings[max(self.meeting, 0)]

    @property
    def _draw(self) -> tuple[int, int]:
        return self.seed_number, self.replicate

    @property
    def phase_name(self) -> str:
        """Name of the phase."""
        name: str = PHASES[self.plan.phases[max(self.phase, 0)].code]
        return name

    @property
    def meeting_open(self) -> bool:
        """Whether a meeting has been opened and is not over; False before the first and after the last."""
        return self._talking

    def step(self) -> None:
        """Advance by one speaking turn; meetings and phases open and close as they come."""
        while self.running:
            if not self._talking:
                self._open_meeting()
                continue
            self._take_up_item()
            if self._agreed and not self._talk_goes_on():
                self._end_talk()
                continue
            self._take_turn()
            if not self._talk_goes_on():
                self._end_talk()
            break
        if self._collect:
            self.datacollector.collect(self)

    def run_model(self) -> CoproductionModel:
        """Run the project to its end and return the model."""
        while self.running:
            self.step()
        return self

    def outcomes(self) -> dict[str, float]:
        """Return every outcome of the finished project by name.

        Raises
        ------
        CosimError
            While the project is still running.
        """
        self._require_end()
        values = np.zeros(len(OUTCOME_NAMES))
        measure(self.plan, self.state, values)
        return dict(zip(OUTCOME_NAMES, values.tolist(), strict=True))

    def people(self) -> pd.DataFrame:
        """Return a row per member of the finished project (`cosim.outcomes.PERSON_COLUMNS`)."""
        self._require_end()
        values = np.zeros((self.size, len(PERSON_COLUMNS)))
        measure(self.plan, self.state, np.zeros(len(OUTCOME_NAMES)))
        measure_people(self.plan, self.state, values)
        table = pd.DataFrame(values, columns=list(PERSON_COLUMNS))
        for place, name in enumerate(("person", "role", "group", "constituency")):
            field = "name" if name == "person" else name
            table.insert(place, name, [getattr(member, field) for member in self.members])
        return table

    def parts(self) -> Any:
        """Return the parts of each phase's decision so far, (phases, N + 1, 3): own, carried, argued.

        The last row is what came from outside; each phase's parts sum to 1.
        """
        return self.state.parts[: len(self.choices)].copy()

    def turn_log(self) -> pd.DataFrame:
        """Return a row per contribution so far."""
        return log_table(self.raw_log(), [member.name for member in self.members])

    def raw_log(self) -> Any:
        """Return the log as an array of `cosim.model.turn_records.TURN` records."""
        return np.array(self.log, dtype=TURN)

    def influence_now(self) -> Any:
        """Return each member's share of influence, (N,), if the phase were decided by ballots now."""
        if self.phase < 0:
            return np.full(self.size, 1.0 / self.size)
        self.state = with_room(self.state)
        state = self.state
        # On copies: looking must not change what follows.
        kept = {name: getattr(state, name).copy() for name in LOOKED_AT}
        look = state._replace(**kept)
        meeting = max(self.meeting, 0)
        settle_ballots(self.plan, look, meeting, self.level, self.seed_number, self.replicate, final=True)
        find_sources(self.plan, look, meeting, BY_BALLOTS, self.lead, look.carrying)
        shares = look.sources[: 3 * self.size].reshape(3, self.size).sum(axis=0)
        return shares / shares.sum()

    def option_values(self) -> Any:
        """Return the members' judgement of every option now, (N, options), from their own beliefs."""
        options = self.plan.phases[max(self.phase, 0)].options
        weighs = self.state.traits[:, WEIGHS : WEIGHS + 4]
        return np.einsum("okn,nk->no", self.state.belief[:options], weighs)

    def _require_end(self) -> None:
        if self.running:
            raise CosimError("the project is still running: call run_model() first")

    def _open_meeting(self) -> None:
        """Open the next meeting, and its phase if it is the first; end the project when there is none."""
        self.meeting += 1
        if self.phase == NOWHERE or self.meeting >= self.plan.phases[self.phase].stop:
            self.phase += 1
            if self.phase >= len(self.plan.phases):
                self._end_project()
                return
            self.meeting = int(self.plan.phases[self.phase].start)
            self.state = with_room(self.state)
            self.level = begin_phase(
                self.plan, self.state, self.variation, self.phase, self.seed_number, self.replicate
            )
        if self.terms.last:
            self.state = with_room(self.state)
            late_evidence(self.plan, self.state, self.phase, self.meeting)
        self.items = open_meeting(
            self.plan, self.state, self.meeting, self.level, self.seed_number, self.replicate
        )
        self.turn, self.minute, self._slot, self._stretch, self.tables = 0, 0.0, NOWHERE, NOWHERE, 1
        self._agreed = False
        if speakers_of(self.state) < 2 or self.terms.talk_minutes <= 0.0:
            self._close_meeting(self.terms.talk_minutes)
            return
        self.lead = lead_of(self.plan, self.state.present, self.level)
        self._talking = True
        self._write()
        self._arrange()

    def _arrange(self) -> None:
        """Form tables and take up items as the clock says."""
        d = self.terms
        due = facilitation.segment(
            self.minute, d.facilitation_small_groups * d.talk_minutes, d.facilitation_remix
        )
        if due != self._stretch:
            self._stretch = due
            self.tables = form_tables(
                self.plan, self.state, self.meeting, due, self.seed_number, self.replicate
            )
            if self._slot != NOWHERE:
                count_shown(self.state, self.item)

    def _take_up_item(self) -> None:
        """Take up the item that is due, after a look whether consensus has been reached on the whole list."""
        d = self.terms
        self._arrange()
        slot = min(int(self.minute / d.talk_minutes * self.items), self.items - 1)
        if slot == self._slot:
            return
        self._slot = slot
        consensual = self.plan.phases[self.phase].rule == decision.CONSENSUS and not self._agreed
        if consensual and consensus_in_sight(self.plan, self.state, self.phase, self.level):
            _, reached = settle_ballots(
                self.plan, self.state, self.meeting, self.level, *self._draw, final=False
            )
            self._agreed = bool(reached)
            if self._agreed and not self._talk_goes_on():
                return
        self.item = int(self.state.agenda[slot])
        self._fresh = True
        take_positions(self.plan, self.state, self.meeting, self.item, self.seed_number, self.replicate)
        count_shown(self.state, self.item)
        let_owner_open(self.plan, self.state, self.phase, slot)

    def _talk_goes_on(self) -> bool:
        return talk_goes_on(self.terms, self.minute, self.turn, speakers_of(self.state), self._agreed)

    def _take_turn(self) -> None:
        state, d = self.state, self.terms
        mode, i, table = self.facilitator.give_floor()
        self.chair_said = self.facilitator.says(mode, self._fresh)
        self._fresh = False
        if self.chair_said != facilitation.SILENT:
            whom = NOBODY if self.chair_said == facilitation.CHAIR_OPENS else i
            self._let_chair_speak(self.chair_said, whom, table, self.tables)
        speaker = self.participants[i]
        said = speaker.speak(mode, table)
        self._hear(said)
        speaker.feel_heard(said)
        state.heard[i] += 1.0
        state.spent[i] += 1.0
        said.addressee = state.addressed[table] = speaker.address(said)
        state.last[table] = i
        state.dials[LAST_SPEAKER] = i
        person = state.people[i]
        person[counters.TURNS] += 1.0
        person[counters.WORDS] += said.words
        person[counters.CUT] += float(said.cut)
        person[counters.INVITED] += float(mode == facilitation.INVITED)
        state.totals[counters.T_TURNS] += 1.0
        state.totals[counters.T_WORDS] += said.words
        state.totals[counters.T_STEERED] += float(facilitation.is_steered(mode))
        state.totals[counters.T_OFF_REMIT] += float(said.off_remit)
        self._note(said, self.turn, self.minute)
        pause = d.speech_handover_seconds + facilitation.handling(
            mode, d.facilitation_handling_seconds, d.facilitation_chairing
        )
        self.minute += speech.minutes_of(said.words, d.speech_words_per_minute, pause) / self.tables
        self.turn += 1
        self.facilitator.look_round()

    def _let_chair_speak(self, what: int, whom: int, table: int, tables: int) -> None:
        """Let the chair take a turn: it takes time and is told in the log, and that is all it does."""
        d = self.terms
        minutes = d.facilitation_handling_seconds / 60.0
        words = minutes * d.speech_words_per_minute
        codes = (self.phase, self.meeting, self.turn, table, what, NOBODY, self.item, NOTHING)
        self.log.append((*codes, 0, 0, 0, whom, self.minute, words, 0.0, 0.0, 0.0, 0.0))
        self.minute += minutes / tables

    def _end_talk(self) -> None:
        """Close the meeting that has talked; a chair sums it up."""
        if self.terms.facilitation_chairing > 0.0 and self.turn > 0:
            self._let_chair_speak(facilitation.CHAIR_SUMS_UP, NOBODY, 0, 1)
        self._close_meeting(self.minute)

    def _write(self) -> None:
        """Let those who write before the talk contribute once each, unseen."""
        d, state = self.terms, self.state
        if d.facilitation_silent_writing <= 0.0:
            return
        tables, self.tables = self.tables, 1
        for writer in self.participants:
            i = writer.index
            place = place_of(int(self.plan.uid[i]), 0)
            words = random_streams.draws(
                self.seed_number, self.replicate, random_streams.WRITING, self.meeting, place
            )
            if not state.may[i] or random_streams.uniform(words[0]) >= d.facilitation_silent_writing:
                continue
            item = item_wanted(state, i, self.items)
            anonymous = random_streams.uniform(words[3]) < d.facilitation_anonymous_input
            argues = random_streams.uniform(words[2]) < d.arguments_voiced
            said = writer.write(item, writer.kind(item, words[1]), anonymous, argues)
            self._hear(said)
            state.people[i, counters.WRITTEN] += 1.0
            self._note(said, -1, 0.0)
        self.tables = tables

    def _hear(self, said: Contribution) -> None:
        """Let everyone at the table listen, and count what became of it."""
        self.state = with_room(self.state)
        state, i = self.state, said.speaker
        pulls = listeners = moved = 0.0
        for zero in (state.share, state.back, state.distance, state.argued, state.distance_to_pole):
            zero[:] = 0.0
        for listener in self.participants:
            if said.hears[listener.index]:
                listeners += 1.0
                pulls += listener.listen(said)
        if said.argues:
            for j in range(self.size):
                moved += state.argued[j] * state.distance_to_pole[j]
        taken = 0.0
        for j in range(self.size):
            taken += state.share[j] * state.distance[j]
        moved += taken
        said.uptake = float(moved)
        said.reach = pulls / listeners if listeners > 0.0 else 0.0
        self.participants[i].leave_trace(said)
        person = state.people[i]
        person[counters.UPTAKE] += moved
        person[counters.FRANKNESS] += said.frank
        theirs = state.group_view[said.item, said.kind, self.plan.constituency[i]]
        person[counters.MISVOICED] += apart(said.said, theirs)
        state.gained[i] += moved
        self.contribution = said

    def _note(self, said: Contribution, turn: int, minute: float) -> None:
        codes = (self.phase, self.meeting, turn, said.table, said.mode, said.speaker, said.item, said.kind)
        flags = (int(said.cut), int(said.anonymous), int(said.off_remit), said.addressee)
        self.log.append((*codes, *flags, minute, said.words, said.frank, said.said, said.uptake, 0.0))

    def _close_meeting(self, minutes: float) -> None:
        self._talking = False
        close_meeting(self.plan, self.state, self.meeting, minutes)
        reflect(self.plan, self.state, self.meeting, minutes, self.seed_number, self.replicate)
        stop = int(self.plan.phases[self.phase].stop)
        if self._agreed or self.meeting == stop - 1:
            choice = end_phase(
                self.plan, self.state, self.meeting, self.level, *self._draw, reached_early=self._agreed
            )
            self.choices.append(int(choice))
            self._log_intakes()
            self.meeting = stop - 1
            if self.phase == len(self.plan.phases) - 1:
                self._end_project()

    def _log_intakes(self) -> None:
        """Write into the phase's log how much of the decision was taken in at each turn."""
        state = self.state
        note_intakes(self.plan, state)
        events = state.tape_events[: state.tape_used[EVENTS]]
        taken = state.tape_taken[: len(events)][events[:, WHAT] == tape.TURN]
        said = [row for row, one in enumerate(self.log) if one[SPEAKER] != NOBODY]
        for row, intake in zip(said[len(said) - len(taken) :], taken.tolist(), strict=True):
            self.log[row] = (*self.log[row][:-1], intake)

    def _end_project(self) -> None:
        self.state.totals[counters.T_TIES_LAST] = cross_role_ties(self.plan, self.state)
        self.running = False


def readable(plan: Plan) -> Plan:
    """Return the plan with its records as objects with plain numbers, for use from Python."""

    def rows(records: Any) -> list[SimpleNamespace]:
        return [SimpleNamespace(**dict(zip(records.dtype.names, row.item(), strict=True))) for row in records]

    names = ("uid", "constituency_uid", "role")
    lists: dict[str, Any] = {name: [int(x) for x in getattr(plan, name)] for name in names}
    return plan._replace(meetings=rows(plan.meetings), phases=rows(plan.phases), **lists)


def _voice_gini(model: CoproductionModel) -> float:
    return float(gini(model.state.people[:, counters.TURNS], model.state.everyone))


MODEL_REPORTERS: dict[str, Any] = {
    "phase": lambda model: model.phase,
    "meeting": lambda model: model.meeting,
    "turn": lambda model: model.turn,
    "minute": lambda model: model.minute,
    "voice_gini": _voice_gini,
    "influence_gini": lambda model: float(gini(model.influence_now(), model.state.everyone)),
}
AGENT_REPORTERS: dict[str, Any] = {
    "person": lambda agent: getattr(agent, "name", "facilitator"),
    "turns": lambda agent: getattr(agent, "turns", 0),
    "words": lambda agent: getattr(agent, "words", 0.0),
    "uptake": lambda agent: getattr(agent, "uptake", 0.0),
}
