"""What an intervention does, one class per kind of effect: each applies itself to the plan.

A new kind of effect is one class here.  It says what it moves (`key`), what that is in a few words (`words`),
and does it: `reshape` before the members are known, or `apply` at each meeting.  Neither the plan nor any
page asks which kind an effect is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from cosim.errors import ConfigError

if TYPE_CHECKING:  # commands that only list interventions do not load NumPy
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

When = Literal["once", "every_meeting"]
Who = Literal[
    ("public"), "professionals", "everyone", "lead", "researcher", "provider", "policymaker", "patient"
]


class Team(Protocol):
    """What an effect can ask of a scenario before its members are known."""

    @property
    def size(self) -> int:
        """Return how many members there are."""

    def count(self, role: Literal["patient"]) -> int:
        """Return how many members are of the public."""

    def public_groups(self) -> Mapping[str, int]:
        """Return the size of each group of public members, without the lead and without empty ones."""


class Builder(Protocol):
    """One meeting of the plan while it is built; an effect changes its numbers in place.

    Attributes
    ----------
    meeting : int
        Counted from 0 over the whole project.
    terms : record of `cosim.scenario.plan.MEETING`
    scale, shift : (N, A)
        What is done to each attribute of each member: ``x * scale + shift``.
    boosts : mapping of (N,)
        By state, how strongly it is raised at the start of the meeting, 0..1.
    inside_minutes : float
        Minutes that interventions take from the meeting's talk.
    hours : (N,)
        Hours that interventions ask of each member outside of the meeting.
    attributes : sequence of str
        Names of the A attributes.
    is_public : (N,) of bool
    """

    meeting: int
    terms: Any  # a record of MEETING: numpy has no type for its fields
    scale: Floats
    shift: Floats
    boosts: Mapping[str, Floats]
    inside_minutes: float
    hours: Floats
    attributes: Sequence[str]
    is_public: Bools

    def meant(self, who: Who) -> Bools:
        """Return (N,) which members are meant."""

    def records(self, key: str) -> Iterable[tuple[Any, str]]:
        """Return each record that holds a parameter, with the parameter's field in it."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Base of every kind: does nothing until a kind says otherwise."""

    def reshape(self, team: Team, strength: float) -> Mapping[str, Any]:
        """Return what becomes of the scenario, by dotted key, before its members are known.

        Raises
        ------
        ConfigError
            When it cannot be carried out on this team.
        """
        return {}

    def apply(self, builder: Builder, strength: float) -> None:
        """Change a meeting of the plan; `strength` in 0..1 is the dose after compliance and decay."""

    def moves(self) -> str:
        """Return the dotted key of what it moves."""
        raise NotImplementedError

    def words(self) -> str:
        """Say in a few words what it does at full dose."""
        raise NotImplementedError

    def needs_public(self) -> bool:
        """Return whether it does nothing in a team without public members."""
        return False

    def most(self) -> float:
        """Return how much of the way it goes, 0..1; 0 for what is done or not, without a size."""
        return 0.0

    def times(self, multiple: float) -> Effect:
        """Return the effect going so many times as far, at most all the way."""
        return self


@dataclass(frozen=True, slots=True)
class Dial(Effect):
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

    def apply(self, builder: Builder, strength: float) -> None:
        """Move the number in the meeting's terms, or in those of every phase."""
        for record, field in builder.records(self.key):
            record[field] = self.moved(record[field], strength)

    def moves(self) -> str:
        """Return the key itself."""
        return self.key

    def words(self) -> str:
        """Say how far it goes."""
        return f"{self.key} {_way(self.share)} to {self.toward:g}"

    def most(self) -> float:
        """Return the share of the way."""
        return self.share

    def times(self, multiple: float) -> Dial:
        """Return the dial going so many times as far, at most all the way."""
        return replace(self, share=min(self.share * multiple, 1.0))


@dataclass(frozen=True, slots=True)
class Trait(Effect):
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

    def apply(self, builder: Builder, strength: float) -> None:
        """Chain ``x -> x + pull * (toward - x)`` to what others do to the attribute."""
        meant, pull = builder.meant(self.who), self.share * strength
        a = builder.attributes.index(self.attribute)
        builder.scale[meant, a] *= 1.0 - pull
        builder.shift[meant, a] = builder.shift[meant, a] * (1.0 - pull) + pull * self.toward

    def moves(self) -> str:
        """Return ``team.WHO.ATTRIBUTE``."""
        return f"team.{self.who}.{self.attribute}"

    def words(self) -> str:
        """Say whose attribute goes how far."""
        return f"{self.attribute} of {people(self.who)} {_way(self.share)} to {self.toward:g}"

    def most(self) -> float:
        """Return the share of the way."""
        return self.share

    def times(self, multiple: float) -> Trait:
        """Return the trait going so many times as far, at most all the way."""
        return replace(self, share=min(self.share * multiple, 1.0))

    def needs_public(self) -> bool:
        """Return whether only the public is meant."""
        return self.who in _THE_PUBLIC


@dataclass(frozen=True, slots=True)
class Boost(Effect):
    """Moves a state of some members at the start of a meeting; the dynamics take it from there.

    `state` is ``confidence`` (own readiness, toward 1), ``credibility`` (how others see them, toward what
    they actually know), ``ties`` (their working relationships with members of other roles, toward 1) or
    ``own_ties`` (with members of their own role).
    """

    who: Who
    state: Literal["confidence", "credibility", "ties", "own_ties"]
    amount: float
    when: When = "once"

    def apply(self, builder: Builder, strength: float) -> None:
        """Raise the state at the first meeting, or at each, on top of what others raise."""
        if self.when == "once" and builder.meeting > 0:
            return
        meant, raised = builder.meant(self.who), builder.boosts[self.state]
        raised[meant] = 1.0 - (1.0 - raised[meant]) * (1.0 - self.amount * strength)

    def moves(self) -> str:
        """Return ``WHO.STATE``."""
        return f"{self.who}.{self.state}"

    def words(self) -> str:
        """Say whose state is raised how far, and when."""
        often = WHEN_WORDS[self.when]
        return f"{_STATES[self.state]} of {people(self.who)} {_way(self.amount)} to its most, {often}"

    def most(self) -> float:
        """Return the amount."""
        return self.amount

    def times(self, multiple: float) -> Boost:
        """Return the boost so many times as strong, at most all the way."""
        return replace(self, amount=min(self.amount * multiple, 1.0))

    def needs_public(self) -> bool:
        """Return whether only the public is meant."""
        return self.who in _THE_PUBLIC


@dataclass(frozen=True, slots=True)
class Composition(Effect):
    """Adds public members, copies of the largest public group, until their share of the team is reached."""

    public_share: float

    def reshape(self, team: Team, strength: float) -> Mapping[str, Any]:
        """Return the new size of the largest public group; at part of a dose, part of the way."""
        public = team.public_groups()
        if not public:
            raise ConfigError("the team has no public group that could grow")
        largest = max(sorted(public), key=lambda name: public[name])
        have, size = team.count("patient"), team.size
        aim = have / size + strength * max(0.0, self.public_share - have / size)
        while have / size < aim - 1e-9 and aim < 1.0:
            have, size = have + 1, size + 1
        return {f"team.{largest}.count": public[largest] + have - team.count("patient")}

    def moves(self) -> str:
        """Return ``team``."""
        return "team"

    def words(self) -> str:
        """Say up to which share."""
        return f"public members added until they are {100.0 * self.public_share:g} % of the team"

    def needs_public(self) -> bool:
        """Return true: it is a public group that grows."""
        return True


@dataclass(frozen=True, slots=True)
class Fix(Effect):
    """Sets a word of the scenario (``phases.*.rule``, ``facilitation.group_mix``) at any dose above 0."""

    key: str
    value: str

    def reshape(self, team: Team, strength: float) -> Mapping[str, Any]:
        """Return the word by its key."""
        return {self.key: self.value}

    def moves(self) -> str:
        """Return the key itself."""
        return self.key

    def words(self) -> str:
        """Say which word it becomes."""
        return f"{self.key} is {self.value}"


_THE_PUBLIC = ("public", "patient")
_STATES = {
    "confidence": "confidence",
    "credibility": "credibility in the eyes of others",
    "ties": "ties with other roles",
    "own_ties": "ties within their role",
}
WHEN_WORDS = {"once": "once", "every_meeting": "each meeting"}
"""How often, in words."""


def people(who: Who) -> str:
    """Return those who are meant, in words."""
    named = {"public": "the public members", "professionals": "the professionals", "lead": "the lead"}
    return named.get(who, who if who == "everyone" else f"the {who}s")


def _way(share: float) -> str:
    return "all the way" if share == 1.0 else f"{100.0 * share:g} % of the way"
