"""A running team and its observer, who keeps what there is to be seen: scene, curves and captions."""

from __future__ import annotations

from array import array
from collections import deque
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from cosim.browser.captions import (
    Caption,
    Tone,
    Turn,
    decision_caption,
    lead_change_caption,
    opening_caption,
    scene_caption,
    turn_caption,
)
from cosim.browser.measures import (
    Floats,
    Standing,
    inequality,
    influence_shares,
    standing_of_options,
    voice_shares,
    wishes_of_members,
)
from cosim.browser.naming import namings
from cosim.browser.scene import Person, Saying, Scene
from cosim.browser.story import option_told
from cosim.formatting.titles import KIND_WORDS, ROLE_WORDS, option_letter, outside_name
from cosim.formatting.words import counted
from cosim.mechanisms import counters
from cosim.mechanisms.facilitation import MODES
from cosim.model.model import SPEAKER, CoproductionModel
from cosim.model.stages.project import MANDATE
from cosim.scenario import Scenario
from cosim.scenario.seating import block_order, mixed_order
from cosim.scenario.vocabulary import KINDS, PHASES, ROLES, Role, Seating

SEATINGS = get_args(Seating)
KEPT_CAPTIONS = 60
MANY = 150
"""Members times options above which the ballots are counted every fifth turn only."""

EVERY = 60
"""Turns after which influence is counted also while nobody looks, about a scene's."""

WORN = 0.2
"""A position that is less new than this to its listeners, after it was said, has been heard before."""


@dataclass(frozen=True, slots=True)
class Decision:
    """How a phase ended.

    Attributes
    ----------
    phase, meeting : int
    choice, leading : int
        The option decided on, and the one that the ballots were for.
    overridden, settled, reached : bool
        By the lead; by the protocol, before the team met; with the agreement that the rule asks for.
    scores : tuple of float
        Mean score of each option on the ballots, by weight of vote.
    public, professionals, lead : int
        The favourite of each; -1 where there is nobody.
    parts : tuple of (role, own, carried, argued)
        Who made up the decision, in shares of it: by their own views, by those of the people they speak for,
        by arguments that they brought. The role is "lead", one of `ROLES` without the lead, or "outside".
    wishes : tuple of int
        The favourite of each member; -1 for those who are not on the team.
    """

    phase: int
    choice: int
    overridden: bool
    settled: bool
    reached: bool
    meeting: int = 0
    leading: int = -1
    scores: tuple[float, ...] = ()
    public: int = -1
    professionals: int = -1
    lead: int = -1
    parts: tuple[tuple[str, float, float, float], ...] = ()
    wishes: tuple[int, ...] = ()


class Watch:
    """A team at work, one speaking turn a step, and what an observer sees.

    Parameters
    ----------
    scenario : Scenario
    seed : int
        Same seed, same random numbers, in every scenario.

    Attributes
    ----------
    model : CoproductionModel
    turns : int
        Turns taken in the whole project.
    curves : dict of str to array
        ``voice`` and ``influence``: Gini after each turn; ``meeting``: the meeting it belonged to.
    counted : list of int
        The turns after which influence was counted; between them its curve holds the last count.
    captions : deque of Caption
        The last events, the newest first.
    decisions : list of Decision
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self.look_at(CoproductionModel(scenario, seed, collect=False))

    def look_at(self, model: CoproductionModel) -> None:
        """Watch a model that somebody else steps, from its present moment on."""
        self.model = model
        self.turns = 0
        self.curves: dict[str, array[float]] = {
            name: array("f") for name in ("voice", "influence", "meeting")
        }
        self.counted: list[int] = []
        self.captions: deque[Caption] = deque(maxlen=KEPT_CAPTIONS)
        self.decisions: list[Decision] = []
        self.naming = namings(self.model.members)
        self._standing: Standing | None = None
        self._standing_of = -1
        self._counted: tuple[tuple[int, int, int], Floats, Floats] | None = None

    @property
    def running(self) -> bool:
        """Whether there are turns left."""
        return bool(self.model.running)

    @property
    def meetings(self) -> int:
        """Number of meetings of the whole project."""
        return len(self.model.plan.meetings)

    @property
    def place(self) -> int:
        """Meetings that are over: the meeting in which the next turn falls, counted from 0."""
        model = self.model
        if model.meeting < 0:
            return 0
        return int(model.meeting) + (0 if model.meeting_open else 1)

    @property
    def standing(self) -> Standing | None:
        """Where the options stand; None before the first turn."""
        return self._standing

    def step(self, *, look: bool = True, count: bool = True) -> None:
        """Take one turn and note what came of it.

        Parameters
        ----------
        look : bool
            Whether to count the ballots too; the end of a phase is never missed.
        count : bool
            Whether to count influence as well, the dearest part; without it that is done every `EVERY`
            turns, at a decision, and by `count_now`.
        """
        model = self.model
        if not model.running:
            return
        before = (model.meeting, len(model.choices), model.state.totals.copy())
        logged = len(model.log)
        model.step()
        if model.meeting != before[0]:
            self._note_opening(logged)
        if any(row[SPEAKER] >= 0 for row in model.log[logged:]):
            self.turns += 1
            self._note_turn()
        self._note_standing(look)
        if len(model.choices) > before[1]:
            self._note_decision(before[2])
        influence = self.curves["influence"]
        self.curves["voice"].append(inequality(voice_shares(model)))
        influence.append(influence[-1] if influence else 0.0)
        self.curves["meeting"].append(model.meeting)
        if count or len(model.choices) > before[1] or len(influence) % EVERY == 0:
            self.count_now()

    def count_now(self) -> None:
        """Count influence as it is, where its curve ends."""
        curve = self.curves["influence"]
        if curve:
            curve[-1] = inequality(self.shares()[1])
        if curve and self.counted[-1:] != [len(curve) - 1]:
            self.counted.append(len(curve) - 1)

    @property
    def progress(self) -> float:
        """How much of the meeting's talk is over, 0..1."""
        model = self.model
        if model.meeting < 0 or not model.meeting_open:
            return 0.0
        return min(float(model.minute / max(model.terms.talk_minutes, 1e-9)), 1.0)

    @property
    def decided(self) -> Decision | None:
        """The decision that ended the meeting just over; None during a meeting."""
        model = self.model
        if not self.decisions or (model.meeting_open and model.running):
            return None
        last = self.decisions[-1]
        return last if last.meeting == model.meeting else None

    def scene_over(self, logged: int) -> None:
        """Say in a line what a scene of several turns was: who spoke, and about what.

        Parameters
        ----------
        logged : int
            Length of the model's log when the scene began.
        """
        turns = [row for row in self.model.log[logged:] if row[2] >= 0 and row[SPEAKER] >= 0]
        if not turns or (self.captions and self.captions[0].tone == "decision"):
            return
        speakers = [int(row[SPEAKER]) for row in turns]
        most = max(dict.fromkeys(speakers), key=speakers.count)
        public = sum(bool(self.model.plan.is_public[one]) for one in speakers)
        items = dict.fromkeys(int(row[6]) for row in turns)
        phase = PHASES[self.model.plan.phases[self.model.phase].code]
        about = [option_told(phase, one) for one in items]
        told = scene_caption(about, len(turns), self.naming[most].name, speakers.count(most), public)
        self._note("turn", told)

    # ------------------------------------------------------------------ what is to be drawn

    def scene(self) -> Scene:
        """Return what there is to be drawn now."""
        model, state = self.model, self.model.state
        begun = model.meeting >= 0
        voice, influence = self.shares()
        moved = {} if model.contribution is None else model.contribution.movement
        queue = bool(model.terms.facilitation_queue > 0.0)
        people = tuple(
            Person(
                name=self.naming[i].name,
                short=self.naming[i].short,
                role=ROLES[model.plan.role[i]],
                lead=bool(model.plan.is_lead[i]),
                member=bool(state.member[i]),
                present=bool(state.present[i]) if begun else True,
                speaks=bool(state.may[i]) if begun else True,
                table=int(state.table[i]) if model.tables > 1 else 0,
                voice=float(voice[i]),
                influence=float(influence[i]),
                hand=queue and bool(state.raised[i] > 0),
                constituency=int(model.plan.constituency[i]),
                mandate=float(state.traits[i, MANDATE]),
                moved=abs(moved.get(i, 0.0)),
                id=model.members[i].name,
            )
            for i in range(model.size)
        )
        return Scene(
            people=people,
            order=tuple(i for i in self._seats() if people[i].member),
            form=self._form(),
            tables=int(model.tables),
            saying=self._saying(),
            facilitated=self._facilitated(),
            outside=tuple(outside_name(name) for name in self._constituencies()),
        )

    def shares(self) -> tuple[Floats, Floats]:
        """Return voice and influence of each member so far, (N,) each, counted once a turn."""
        model = self.model
        moment = (len(model.log), model.meeting, len(model.choices))
        if self._counted is None or self._counted[0] != moment:
            self._counted = (moment, voice_shares(model), influence_shares(model))
        return self._counted[1], self._counted[2]

    def by_role(self) -> dict[Role, tuple[float, float]]:
        """Return voice and influence of each role on the team, in equal shares (1: equal)."""
        model = self.model
        voice, influence = self.shares()
        found = {}
        for code, role in enumerate(ROLES):
            mine = np.array([r == code for r in model.plan.role])
            if mine.any():
                seats = mine.sum() / model.size
                found[role] = (float(voice[mine].sum() / seats), float(influence[mine].sum() / seats))
        return found

    def by_person(self) -> list[tuple[str, Role, float, float]]:
        """Return (name, role, voice, influence) of each member, in equal shares."""
        model = self.model
        voice, influence = (shares * model.size for shares in self.shares())
        roles = [ROLES[code] for code in model.plan.role]
        return [
            (self.naming[i].name, roles[i], float(voice[i]), float(influence[i])) for i in range(model.size)
        ]

    def agenda(self) -> tuple[int, ...]:
        """Return the options on the agenda of this meeting, in order."""
        model = self.model
        if model.meeting < 0:
            return ()
        return tuple(int(option) for option in model.state.agenda[: model.items])

    def _seats(self) -> list[int]:
        plan = self.model.plan
        leads = [bool(lead) for lead in plan.is_lead]
        if self.model.terms.facilitation_mixed_seating >= 0.5:
            return mixed_order(list(plan.role), leads)
        return block_order(leads)

    def _form(self) -> Seating:
        terms = self.model.terms
        if terms.facilitation_level_table >= 0.5:
            return "round"
        form: Seating = SEATINGS[int(terms.facilitation_seating)]
        return form

    def _facilitated(self) -> bool:
        terms = self.model.terms
        dials = ("invitation", "rounds", "talk_cap", "queue", "monitoring", "silent_writing", "chairing")
        return bool(terms.facilitated) or any(getattr(terms, f"facilitation_{dial}") > 0.0 for dial in dials)

    def _constituencies(self) -> list[str]:
        return sorted({member.constituency for member in self.model.members})

    def _saying(self) -> Saying | None:
        said = self.model.contribution
        if said is None or self.model.meeting < 0:
            return None
        floor: Any = MODES[said.mode]
        return Saying(
            speaker=said.speaker,
            about=f"Option {option_letter(said.item)}",
            knowledge=KIND_WORDS[KINDS[said.kind]],
            floor=floor,
            cut=said.cut,
            anonymous=said.anonymous,
            off_remit=said.off_remit,
        )

    # ------------------------------------------------------------------ what happened

    def _note(self, tone: Tone, words: str) -> None:
        self.captions.appendleft(Caption(max(self.model.meeting, 0), self.model.turn, tone, words))

    def _note_opening(self, logged: int) -> None:
        model = self.model
        missing = np.flatnonzero(model.state.member & ~model.state.present)
        away = [self.naming[i].name for i in missing]
        if len(away) > 4:
            roles = [ROLE_WORDS[ROLES[model.plan.role[i]]] for i in missing]
            away = [counted(roles.count(role), role, spelled=True) for role in dict.fromkeys(roles)]
        phase = model.plan.phases[model.phase]
        name = PHASES[phase.code]
        told = opening_caption(name, model.meeting, self.meetings, away, self.agenda(), int(phase.options))
        self._note("meeting", told)
        written = sum(row[2] < 0 for row in model.log[logged:])
        if written:
            self._note(
                "meeting", f"Before the talk, {written} wrote down one thing each, unseen by the others."
            )

    def _note_turn(self) -> None:
        said = self.model.contribution
        if said is None:
            return
        state = self.model.state
        heard = sorted(said.movement)
        understood = state.understood[said.speaker, said.kind]
        seen = (
            state.common[[said.kind] * len(heard)]
            if said.anonymous
            else (state.credibility[said.speaker, said.kind, heard])
        )
        now = state.belief[said.item, said.kind, heard] if heard else np.zeros(0)
        deaf, share = self._deafest(heard, understood)
        facts = Turn(
            speaker=self.naming[said.speaker].name,
            kind=KIND_WORDS[KINDS[said.kind]],
            option=said.item,
            floor=MODES[said.mode],
            cut=said.cut,
            anonymous=said.anonymous,
            off_remit=said.off_remit,
            to_lead=float(said.bends[0]),
            to_others=float(said.bends[1]),
            argued=int((state.argued[heard] > 0.0).sum()) if said.argues else 0,
            worn=bool(_mean(state.fresh[said.item, said.kind, said.speaker, heard]) < WORN),
            moved=[(self.naming[j].name, said.movement[j]) for j in heard],
            distance=_mean(np.abs(now - said.said)),
            understood=_mean(understood[heard]),
            trusted=_mean(seen),
            deaf=deaf,
            deaf_share=share,
            chair=MODES[self.model.chair_said] if self.model.chair_said >= 0 else "",
        )
        self._note("turn", turn_caption(facts))

    def _deafest(self, heard: list[int], understood: Floats) -> tuple[str, float]:
        """Return the role, among listeners, that understood least, and how much."""
        roles = self.model.plan.role
        worst, least = "", 1.0
        for code, role in enumerate(ROLES):
            theirs = [float(understood[j]) for j in heard if roles[j] == code]
            if theirs and sum(theirs) / len(theirs) < least:
                worst, least = ROLE_WORDS[role], sum(theirs) / len(theirs)
        return worst, least

    def _note_standing(self, look: bool) -> None:
        model = self.model
        due = look and (
            self.turns % 5 == 0 or model.size * int(model.plan.phases[model.phase].options) <= MANY
        )
        decided = len(model.choices) > model.phase
        if not due and not decided and model.turn > 1 and self._standing is not None:
            return
        before, self._standing = self._standing, standing_of_options(model)
        self._standing_of = model.phase
        # A new phase has new options: its first favourite replaces nobody.
        same = model.turn > 1 and before is not None
        if same and before is not None and before.leading != self._standing.leading:
            self._note("difference", lead_change_caption(before.leading, self._standing.leading))

    def _note_decision(self, totals: Any) -> None:
        model = self.model
        now = model.state.totals
        phase = len(model.choices) - 1
        leading = -1 if self._standing is None else self._standing.leading
        made = Decision(
            phase=phase,
            choice=int(model.choices[-1]),
            overridden=bool(now[counters.T_OVERRIDDEN] > totals[counters.T_OVERRIDDEN]),
            settled=bool(now[counters.T_SETTLED] > totals[counters.T_SETTLED]),
            reached=not now[counters.T_UNDECIDED] > totals[counters.T_UNDECIDED],
            meeting=int(model.meeting),
            leading=leading,
            scores=() if self._standing is None else self._standing.scores,
            public=-1 if self._standing is None else self._standing.public,
            professionals=-1 if self._standing is None else self._standing.professionals,
            lead=-1 if self._standing is None else self._standing.lead,
            parts=self._parts(phase),
            wishes=wishes_of_members(model),
        )
        self.decisions.append(made)
        told = decision_caption(
            PHASES[model.plan.phases[phase].code],
            made.choice,
            leading,
            made.overridden,
            made.settled,
            made.reached,
        )
        self._note("decision", told)

    def _parts(self, phase: int) -> tuple[tuple[str, float, float, float], ...]:
        """Return who made up a decision, by lead, role and what came from outside."""
        model = self.model
        rows = model.parts()[phase]
        found: dict[str, Floats] = {}
        for i in range(model.size):
            who = "lead" if model.plan.is_lead[i] else ROLES[model.plan.role[i]]
            found[who] = found.get(who, np.zeros(3)) + rows[i]
        found["outside"] = rows[model.size]
        return tuple(
            (who, float(own), float(carried), float(argued)) for who, (own, carried, argued) in found.items()
        )


def _mean(values: Any) -> float:
    return float(np.mean(values)) if len(values) else 0.0
