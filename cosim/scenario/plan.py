"""The plan: a scenario resolved to numbers per meeting and member, after its interventions.

Both engines read the same plan and nothing else of the scenario, so an intervention's dose, compliance,
support and decay are worked out in exactly one place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import Any, Final, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from cosim.config.parameter import records_in
from cosim.errors import ConfigError
from cosim.interventions.delivery import delivered
from cosim.interventions.effects import Who
from cosim.interventions.intervention import Intervention
from cosim.mechanisms.arithmetic import exponential
from cosim.scenario import ATTRIBUTES, SECTIONS, Group, Scenario
from cosim.scenario.seating import seats
from cosim.scenario.team import ATTRIBUTE_NAMES
from cosim.scenario.vocabulary import (
    DEMONSTRABILITY,
    LEVELS,
    ONE_ANSWER,
    PHASES,
    PUBLIC,
    ROLES,
    TASK_OF_PHASE,
    Role,
    Rule,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Terms = Any
"""The terms of a meeting or a phase: a record of `Plan.meetings` or `Plan.phases`, or all of them.

Any, because no type checker knows the fields of NumPy's records.
"""

_BOOSTED: Final = ("confidence", "credibility", "ties", "own_ties")
_OF_PHASES: Final = "phases.*."
_NORMAL_POINTS: Final = 4097
_WORDS_POINTS: Final = 513


@dataclass(frozen=True, slots=True)
class Member:
    """One member of the team, by name; the plan holds their numbers."""

    name: str
    group: str
    role: Role
    constituency: str
    lead: bool
    label: str = ""
    """What the group is called for people, where the scenario says so."""


class Plan(NamedTuple):
    """A scenario in numbers.  N members, A attributes, M meetings, P phases, C constituencies.

    Attributes
    ----------
    uid, constituency_uid : (N,), (C,)
        Stable ids: the random numbers of a member do not depend on who else is there or how they are listed.
    role, constituency, joins, leaves : (N,)
        Codes; joins and leaves are phase codes.
    is_public, is_lead : (N,)
    owns : (P, N)
        Whether the member is of the group that owns a phase's items.
    base, spread : (N, A), (N,)
        Mean of each attribute for the member's group, and its SD between members.
    scale, shift : (M, N, A)
        What traits do to an attribute in a meeting: ``x * scale + shift``.
    boost_confidence, boost_credibility, boost_ties, boost_own_ties : (M, N)
        Strengths of the moves at the start of a meeting, 0..1.
    hours : (M, N)
        Hours that a meeting, and what ways of working add to it, ask of each member.
    meetings, phases : records (M,), (P,)
        Every dial and parameter that holds in a meeting; the terms of a phase.
    head : (N,)
        Whether the member sits at the head of the table (0..1).
    opposite, opposite_mixed : (N, N)
        How far two seats face one another (0 neighbours, 1 opposite), in role blocks and mixed.
    normal, words : tables
        Quantiles of the standard normal and of words in a turn, at equally spaced probabilities.
    """

    uid: Ints
    constituency_uid: Ints
    role: Ints
    constituency: Ints
    joins: Ints
    leaves: Ints
    is_public: Bools
    is_lead: Bools
    owns: Bools
    base: Floats
    spread: Floats
    scale: Floats
    shift: Floats
    boost_confidence: Floats
    boost_credibility: Floats
    boost_ties: Floats
    boost_own_ties: Floats
    hours: Floats
    meetings: Terms
    phases: Terms
    head: Floats
    opposite: Floats
    opposite_mixed: Floats
    normal: Floats
    words: Floats


class Variation(NamedTuple):
    """What a run changes of the initial preferences, everything else equal (counterfactual influence).

    Attributes
    ----------
    redraw, redraw_constituency : (N,), (C,) of bool
        Whose initial beliefs are drawn again.
    nudge, nudge_constituency : (N,), (C,)
        Added to every initial belief of a member or a constituency (may leave 0..1; for derivatives).
    """

    redraw: Bools
    nudge: Floats
    redraw_constituency: Bools
    nudge_constituency: Floats


def unchanged(plan: Plan) -> Variation:
    """Return the variation that changes nothing."""
    n, c = len(plan.uid), len(plan.constituency_uid)
    return Variation(np.zeros(n, dtype=np.bool_), np.zeros(n), np.zeros(c, dtype=np.bool_), np.zeros(c))


def _meeting_dtype() -> np.dtype[Any]:
    fields: list[tuple[str, Any]] = []
    for name, section in SECTIONS.items():
        for record in records_in(name, section):
            whole = isinstance(record.default, (int, str)) and not isinstance(record.default, bool)
            fields.append((record.key.replace(".", "_"), np.int64 if whole else np.float64))
    fields += [(name, np.int64) for name in ("phase", "first", "last", "facilitated")]
    fields += [
        (name, np.float64)
        for name in (
            "planned_minutes",
            "talk_minutes",
            "outside_minutes",
            "public_hours",
            "staff_hours",
            "money",
        )
    ]
    return np.dtype(fields, align=True)


MEETING: Final = _meeting_dtype()
"""Record of a meeting: its time and cost, and every parameter (dots become underscores, words codes)."""

PHASE: Final = np.dtype(
    [
        *(
            (name, np.int64)
            for name in ("code", "level", "declared", "rule", "options", "delegated", "start", "stop")
        ),
        ("quorum", np.float64),
        ("importance", np.float64),
        ("voices", np.float64),
        ("demonstrability", np.float64),
    ],
    align=True,
)
"""Record of a phase; meetings ``start .. stop - 1`` belong to it.

``voices`` and ``demonstrability`` are those of its task.
"""


def resolve(scenario: Scenario) -> tuple[Plan, tuple[Member, ...]]:
    """Return the plan of a scenario and its members in canonical order.

    Raises
    ------
    ConfigError
        When an intervention cannot be carried out on this team.
    """
    scenario, active = in_effect(scenario)
    members = roster(scenario)
    phases = _phases(scenario)
    built = _Built(scenario, phases, members)
    for meeting in built.each():
        meeting.carry_out(active)
    phases["importance"] /= phases["importance"].sum()
    base, spread = _attributes(scenario, members)
    words = sorted({member.constituency for member in members})
    head, opposite, opposite_mixed = seats(
        [ROLES.index(m.role) for m in members], [m.lead for m in members], scenario.facilitation.seating
    )
    plan = Plan(
        uid=_uids([m.name for m in members]),
        constituency_uid=_uids(words),
        role=np.array([ROLES.index(m.role) for m in members], dtype=np.int64),
        constituency=np.array([words.index(m.constituency) for m in members], dtype=np.int64),
        joins=_phase_codes(scenario, members, first=True),
        leaves=_phase_codes(scenario, members, first=False),
        is_public=np.array([m.role == PUBLIC for m in members]),
        is_lead=np.array([m.lead for m in members]),
        owns=np.array([[m.group == one.owner for m in members] for one in scenario.phases.values()]),
        base=base,
        spread=spread,
        scale=built.scale,
        shift=built.shift,
        boost_confidence=built.boosts["confidence"],
        boost_credibility=built.boosts["credibility"],
        boost_ties=built.boosts["ties"],
        boost_own_ties=built.boosts["own_ties"],
        hours=built.hours,
        meetings=built.meetings,
        phases=phases,
        head=head,
        opposite=opposite,
        opposite_mixed=opposite_mixed,
        normal=normal_table(),
        words=words_table(scenario.speech.words_log_mean, scenario.speech.words_log_sd),
    )
    return plan, members


def in_effect(scenario: Scenario) -> tuple[Scenario, list[tuple[Intervention, float]]]:
    """Return a scenario as its interventions leave it, and those in use with their dose.

    Raises
    ------
    ConfigError
        When an intervention cannot be carried out on this team.
    """
    doses = scenario.interventions
    known = scenario.known_interventions
    active = [
        (delivered(one, scenario.delivery.get(name, {})), doses[name])
        for name, one in known.items()
        if doses.get(name, 0.0) > 0.0
    ]
    for one, dose in active:
        strength = one.strength(dose, 0, scenario.system.support)
        for effect in one.effects:
            try:
                changes = effect.reshape(scenario, strength)
            except ConfigError as error:
                raise ConfigError(error.message, key=f"interventions.{one.name}") from None
            scenario = scenario.replace(changes) if changes else scenario
    return scenario, active


def normal_table() -> Floats:
    """Return standard normal quantiles at equally spaced probabilities; the ends stand for the tails."""
    return _normal_quantiles(_NORMAL_POINTS)


@cache
def _normal_quantiles(points: int) -> Floats:
    """Return so many quantiles, to 12 digits: no two mathematical libraries differ in those.

    Notes
    -----
    By Python's own quantile function (Wichura's algorithm AS 241), which needs no library to be loaded.
    """
    step = 1.0 / (points - 1)
    at = np.clip(np.arange(points) * step, step / 4, 1.0 - step / 4)
    table: Floats = np.round([NormalDist().inv_cdf(p) for p in at.tolist()], 12)
    table.setflags(write=False)
    return table


def words_table(log_mean: float, log_sd: float) -> Floats:
    """Return quantiles of the lognormal number of words in a turn, at equally spaced probabilities."""
    # Any: the rule is typed for a number; in Python it takes an array as well.
    logs: Any = np.clip(log_mean + log_sd * _normal_quantiles(_WORDS_POINTS), -20.0, 20.0)
    return np.maximum(np.asarray(exponential(logs), dtype=np.float64), 1.0)


def roster(scenario: Scenario) -> tuple[Member, ...]:
    """Return the members in canonical order: by role, the lead first, then by group name and number."""

    def place(item: tuple[str, Group]) -> tuple[int, bool, str]:
        name, group = item
        return ROLES.index(group.role), not group.lead, name

    return tuple(
        Member(
            f"{name}-{i + 1}" if group.count > 1 else name,
            name,
            group.role,
            group.constituency or group.role,
            group.lead,
            group.label or "",
        )
        for name, group in sorted(scenario.team.items(), key=place)
        for i in range(group.count)
    )


def _uids(names: list[str]) -> Ints:
    """Return distinct 24-bit ids that depend on the names alone."""
    taken: dict[int, str] = {}
    for name in names:
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:3], "big")
        while number in taken:
            number = (number + 1) % 2**24
        taken[number] = name
    return np.array(list(taken), dtype=np.int64)


def _phase_codes(scenario: Scenario, members: tuple[Member, ...], *, first: bool) -> Ints:
    codes = []
    for member in members:
        group = scenario.team[member.group]
        name = group.joins if first else group.leaves
        codes.append(PHASES.index(name) if name else (0 if first else len(PHASES) - 1))
    return np.array(codes, dtype=np.int64)


def _attributes(scenario: Scenario, members: tuple[Member, ...]) -> tuple[Floats, Floats]:
    base = np.empty((len(members), len(ATTRIBUTES)))
    for i, member in enumerate(members):
        group = scenario.team[member.group]
        shifts = scenario.roles.get(member.role, {})
        for a, attribute in enumerate(ATTRIBUTES):
            own = getattr(group, attribute.name)
            base[i, a] = (
                own if own is not None else shifts.get(attribute.name, attribute.by_role[member.role])
            )
    return base, np.array([scenario.team[member.group].spread for member in members])


def _phases(scenario: Scenario) -> NDArray[np.void]:
    required = scenario.system.required_level
    rows = np.zeros(len(scenario.phases), dtype=PHASE)
    start = 0
    for row, (name, phase) in zip(rows, scenario.phases.items(), strict=True):
        declared = LEVELS.index(phase.declared or phase.level)
        row["code"] = PHASES.index(name)
        row["level"] = LEVELS.index(phase.level)
        row["declared"] = max(declared, LEVELS.index(required)) if required else declared
        row["rule"] = get_args(Rule).index(phase.rule)
        row["options"], row["delegated"] = phase.options, phase.delegated
        row["start"], row["stop"] = start, start + phase.meetings
        row["quorum"], row["importance"] = phase.quorum, phase.importance
        task = phase.task or TASK_OF_PHASE[name]
        row["voices"] = scenario.uptake.voices if task in ONE_ANSWER else 1.0
        own = phase.demonstrability
        row["demonstrability"] = DEMONSTRABILITY[task] if own is None else own
        start += phase.meetings
    return rows


def _base_row(scenario: Scenario) -> NDArray[np.void]:
    row = np.zeros((), dtype=MEETING)
    for name, section in SECTIONS.items():
        for record in records_in(name, section):
            value = getattr(getattr(scenario, name), record.key.split(".", 1)[1])
            row[record.key.replace(".", "_")] = value if record.numeric else record.allowed.index(value)
    return row


class _Built:
    """What is built meeting by meeting: M records, and what is done to N members."""

    def __init__(self, scenario: Scenario, phases: NDArray[np.void], members: tuple[Member, ...]) -> None:
        count, size = int(phases["stop"][-1]), len(members)
        self.scenario, self.phases, self.members = scenario, phases, members
        self.meetings = np.full(count, _base_row(scenario), dtype=MEETING)
        self.scale = np.ones((count, size, len(ATTRIBUTES)))
        self.shift = np.zeros_like(self.scale)
        self.boosts = {state: np.zeros((count, size)) for state in _BOOSTED}
        self.hours = np.zeros((count, size))
        self.is_public = np.array([member.role == PUBLIC for member in members])
        self.meant = cache(self._meant)

    def each(self) -> Iterator[MeetingBuilder]:
        """Yield a builder for every meeting, in order."""
        for m in range(len(self.meetings)):
            yield MeetingBuilder(self, m)

    def _meant(self, who: Who) -> Bools:
        return np.array([_is_meant(member, who) for member in self.members])


class MeetingBuilder:
    """One meeting while interventions are applied to it; see `cosim.interventions.effects.Builder`."""

    def __init__(self, built: _Built, meeting: int) -> None:
        self.meeting, self.terms = meeting, built.meetings[meeting]
        self.scale, self.shift = built.scale[meeting], built.shift[meeting]
        self.boosts: Mapping[str, Floats] = {state: rows[meeting] for state, rows in built.boosts.items()}
        self.attributes: Sequence[str] = ATTRIBUTE_NAMES
        self.hours = built.hours[meeting]
        self.inside_minutes, self.is_public = 0.0, built.is_public
        self._built = built
        phases, terms = built.phases, self.terms
        p = int(np.searchsorted(phases["stop"], meeting, side="right"))
        terms["phase"], terms["first"] = p, meeting == phases["start"][p]
        terms["last"] = meeting == phases["stop"][p] - 1
        terms["planned_minutes"] = list(built.scenario.phases.values())[p].minutes

    def meant(self, who: Who) -> Bools:
        """Return (N,) which members are meant."""
        return self._built.meant(who)

    def records(self, key: str) -> Iterator[tuple[Terms, str]]:
        """Yield this meeting's record; for ``phases.*.FIELD``, at the first meeting, every phase's."""
        if not key.startswith(_OF_PHASES):
            yield self.terms, key.replace(".", "_")
        elif self.meeting == 0:
            for row in self._built.phases:
                yield row, key.removeprefix(_OF_PHASES)

    def carry_out(self, active: list[tuple[Intervention, float]]) -> None:
        """Apply what is in use, and take the minutes that it needs from the talk."""
        for one, dose in active:
            strength = one.strength(dose, self.meeting, self._built.scenario.system.support)
            for effect in one.effects:
                effect.apply(self, strength)
            for effort in one.effort:
                effort.apply(self, dose)
        # Only now: the deadline is a dial, which the last intervention may still have moved.
        planned = self.terms["planned_minutes"] * self.terms["system_deadline"]
        self.terms["talk_minutes"] = max(planned - self.inside_minutes, 0.0)
        self.hours += planned / 60.0


def _is_meant(member: Member, who: Who) -> bool:
    if who == "everyone":
        return True
    if who == "lead":
        return member.lead
    if who == "public":
        return member.role == PUBLIC
    if who == "professionals":
        return member.role != PUBLIC
    return member.role == who
