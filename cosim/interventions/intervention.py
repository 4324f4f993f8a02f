"""What an intervention is: a named, citable change with a mechanism, a dose, a decay and a cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Family = Literal["credibility", "legitimacy", "power", "facilitation", "system"]
When = Literal["once", "every_meeting"]
Who = Literal[
    ("public"), "professionals", "everyone", "lead", "researcher", "provider", "policymaker", "patient"
]
Grade = Literal[
    ("trial of a bundle"), "controlled study elsewhere", "observational", "practice literature", "none found"
]


@dataclass(frozen=True, slots=True)
class Dial:
    """Moves a number of the scenario a share of the way to a value.

    The move lasts and decays with the intervention.  `key` is a numeric parameter of a section
    (``facilitation.rounds``).  All interventions that move a key move it toward the same end of its range,
    so that several add up, in any order, and none undoes another.
    """

    key: str
    toward: float
    share: float = 1.0

    def moved(self, value: float, strength: float) -> float:
        """Return the number after the move: ``value + strength * share * (toward - value)``."""
        return value + strength * self.share * (self.toward - value)


@dataclass(frozen=True, slots=True)
class Trait:
    """Moves an attribute of some members a share of the way to a value, lasting and decaying like a `Dial`.

    `attribute` is a name in `cosim.scenario.ATTRIBUTES` except confidence, which is a state: use `Boost`.
    """

    who: Who
    attribute: str
    toward: float
    share: float = 1.0

    def moved(self, value: float, strength: float) -> float:
        """Return the attribute after the move: ``value + strength * share * (toward - value)``."""
        return value + strength * self.share * (self.toward - value)


@dataclass(frozen=True, slots=True)
class Boost:
    """Moves a state of some members at the start of a meeting; the dynamics take it from there.

    `state` is ``confidence`` (own readiness, toward 1), ``credibility`` (how others see them, toward what
    they actually know), ``ties`` (their working relationships with members of other roles, toward 1) or
    ``own_ties`` (with members of their own role).
    """

    who: Who
    state: Literal["confidence", "credibility", "ties", "own_ties"]
    amount: float
    when: When = "once"


@dataclass(frozen=True, slots=True)
class Composition:
    """Adds public members, copies of the largest public group, until their share of the team is reached."""

    public_share: float


@dataclass(frozen=True, slots=True)
class Fix:
    """Sets a word of the scenario (``phases.*.rule``, ``facilitation.group_mix``) at any dose above 0."""

    key: str
    value: str


Effect = Dial | Trait | Boost | Composition | Fix


def key_of(effect: Effect) -> str:
    """Return the dotted key of what an effect moves."""
    match effect:
        case Dial(key, _, _) | Fix(key, _):
            return key
        case Trait(who, attribute, _, _):
            return f"team.{who}.{attribute}"
        case Boost(who, state, _, _):
            return f"{who}.{state}"
        case Composition(_):
            return "team"


@dataclass(frozen=True, slots=True)
class Effort:
    """What the intervention takes at full dose; planning defaults unless a source says otherwise.

    Attributes
    ----------
    inside_minutes : float
        Minutes taken out of the meeting itself, once or at every meeting.
    outside_minutes : float
        Minutes outside the meeting for each of `who`.
    money : float
        Money each time, in the scenario's currency (planning default, not an estimate).
    money_per_person : float
        Money each time for each of `who` (materials, a buddy's time).
    facilitator : bool
        Whether an independent facilitator is paid for the meetings.
    """

    when: When = "once"
    who: Who = "everyone"
    inside_minutes: float = 0.0
    outside_minutes: float = 0.0
    money: float = 0.0
    money_per_person: float = 0.0
    facilitator: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known, how well, and where it is said."""

    grade: Grade
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intervention:
    """One way of working that a team can adopt.

    Attributes
    ----------
    name, title, sentence : str
        Name in configs, title for people, and one plain sentence.
    family : str
        What it mainly works on.
    effects : tuple of Effect
        Its mechanism.
    effort : tuple of Effort
        Its cost at full dose (minutes and money scale with the dose).
    evidence : Evidence
    compliance : float
        Share of the intention that is carried out, 0..1.
    decay : float
        Share of the effect lost from one meeting to the next, 0..1.
    needs_support : bool
        Whether organisational support limits how fully it is delivered.
    built_in : tuple of str
        Outcomes that it moves by construction of the rule; all others emerge from the dynamics.
    conflicts : tuple of str
        Interventions that cannot be combined with it.
    """

    name: str
    title: str
    sentence: str
    family: Family
    effects: tuple[Effect, ...]
    effort: tuple[Effort, ...]
    evidence: Evidence
    compliance: float = 1.0
    decay: float = 0.0
    needs_support: bool = False
    built_in: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = field(default=())

    def strength(self, dose: float, meeting: int, support: float) -> float:
        """Return how strongly the effects hold in a meeting (counted from 0), between 0 and 1."""
        delivered = support if self.needs_support else 1.0
        return float(dose * self.compliance * delivered * (1.0 - self.decay) ** meeting)
