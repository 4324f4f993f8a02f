"""How a way of working is delivered: five numbers of each that nobody has measured, with plausible ranges.

How much of it is carried out (compliance), how fast it wears off (decay), how far it moves what it moves
(share), and what it takes (minutes, money).  The first two are numbers of their own; the other three are
multiples of what the intervention's record says, since one way may move several dials and cost at several
times.  A scenario says under ``delivery`` what it knows better; a study draws the rest in its worlds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from cosim.errors import ConfigError, nearest_name
from cosim.interventions.intervention import Intervention, Quantity

Shape = Literal["uniform", "lognormal"]
QUANTITIES: Final[tuple[Quantity, ...]] = get_args(Quantity)
MOST: Final = 10.0
"""Largest multiple of minutes or money, or of a share, that anybody may give."""

# The rules by which a number without a source of its own gets its range. All assumed.
_CARRIED_OUT: Final = (0.6, 1.2)
_WEARS_OFF: Final = 0.1
_MOVES: Final = (0.5, 1.5)
_TAKES: Final = (0.5, 2.0)
_FIDELITY: Final = (
    "assumed; good results of programmes came with some 60 % carried out, and few reached more than 80 % "
    "(Durlak & DuPre 2008, doi 10.1007/s10464-008-9165-0; recalled, unchecked)"
)
_SENTENCES: Final[Mapping[Quantity, str]] = {
    "compliance": "Share of the intention that is carried out.",
    "decay": "Share of the effect lost from one meeting to the next.",
    "share": "How far it moves what it moves, in multiples of its record.",
    "minutes": "Minutes in and outside the meetings, in multiples of its record.",
    "money": "Money beside people's time, in multiples of its record.",
}
_UNITS: Final[Mapping[Quantity, str]] = {
    "compliance": "share",
    "decay": "share a meeting",
    "share": "multiple",
    "minutes": "multiple",
    "money": "multiple",
}


@dataclass(frozen=True, slots=True)
class DeliveryNumber:
    """One number of one intervention's delivery.

    Attributes
    ----------
    intervention : str
    quantity : str
        One of `QUANTITIES`.
    value : float
        As the intervention's record has it; 1 for a multiple.
    low, high : float
        Plausible range.
    shape : {"uniform", "lognormal"}
        How the range is drawn from: evenly, or, for what is used up, evenly in proportion about its middle.
    allowed : (low, high)
        What a scenario may give.
    status : {"assumption", "expert", "empirical"}
    source, sentence, unit : str
    """

    intervention: str
    quantity: Quantity
    value: float
    low: float
    high: float
    shape: Shape
    allowed: tuple[float, float]
    status: str
    source: str
    sentence: str
    unit: str

    @property
    def key(self) -> str:
        """The number's place in a scenario: ``delivery.NAME.QUANTITY``."""
        return f"delivery.{self.intervention}.{self.quantity}"


def numbers_of(one: Intervention) -> tuple[DeliveryNumber, ...]:
    """Return the numbers of an intervention's delivery that do anything: what is free has no money."""
    return tuple(found for found in (_number(one, quantity) for quantity in QUANTITIES) if found is not None)


def delivered(one: Intervention, numbers: Mapping[str, float]) -> Intervention:
    """Return an intervention as it is delivered: some of its five numbers given, the others as they are.

    Parameters
    ----------
    one : Intervention
    numbers : mapping of quantity to float
    """
    if not numbers:
        return one
    minutes, money = numbers.get("minutes", 1.0), numbers.get("money", 1.0)
    share = numbers.get("share", 1.0)
    return replace(
        one,
        compliance=numbers.get("compliance", one.compliance),
        decay=numbers.get("decay", one.decay),
        effects=one.effects if share == 1.0 else tuple(effect.times(share) for effect in one.effects),
        effort=tuple(part.times(minutes, money) for part in one.effort),
    )


def check(delivery: Mapping[str, Mapping[str, float]], known: Mapping[str, Intervention]) -> None:
    """Refuse unknown interventions and quantities, and numbers that cannot be.

    Raises
    ------
    ConfigError
        Naming the key, what is allowed and the nearest valid name.
    """
    for name, numbers in delivery.items():
        if name not in known:
            near = nearest_name(name, known)
            raise ConfigError("there is no such intervention", key=f"delivery.{name}", nearest=near)
        for quantity, value in numbers.items():
            key = f"delivery.{name}.{quantity}"
            if quantity not in QUANTITIES:
                allowed, near = ", ".join(QUANTITIES), nearest_name(quantity, QUANTITIES)
                raise ConfigError("there is no such number", key=key, allowed=allowed, nearest=near)
            low, high = _allowed(quantity)
            if not low <= value <= high:
                raise ConfigError("out of range", key=key, value=value, allowed=f"{low:g} to {high:g}")


def _allowed(quantity: Quantity) -> tuple[float, float]:
    return (0.0, 1.0) if quantity in ("compliance", "decay") else (0.0, MOST)


def _number(one: Intervention, quantity: Quantity) -> DeliveryNumber | None:
    found = _assumed(one, quantity)
    if found is None:
        return None
    value, low, high, shape, source = found
    status = "assumption"
    for known in one.ranges:
        if known.quantity == quantity:
            low, high, status, source = known.low, known.high, known.status, known.source
    about = (_allowed(quantity), status, source, _SENTENCES[quantity], _UNITS[quantity])
    return DeliveryNumber(one.name, quantity, value, low, high, shape, *about)


def _assumed(one: Intervention, quantity: Quantity) -> tuple[float, float, float, Shape, str] | None:
    """Return value, low, high, shape and source by the rules; None where there is no such number."""
    if quantity == "compliance":
        low, high = (one.compliance * end for end in _CARRIED_OUT)
        return one.compliance, low, min(high, 1.0), "uniform", _FIDELITY
    if quantity == "decay":
        high = max(_WEARS_OFF, min(2.0 * one.decay, 1.0))
        return (
            one.decay,
            0.0,
            high,
            "uniform",
            "assumed: from lasting to twice its record, or a tenth a meeting",
        )
    if quantity == "share":
        most = max((effect.most() for effect in one.effects), default=0.0)
        if most <= 0.0:
            return None
        return (
            1.0,
            _MOVES[0],
            min(_MOVES[1], 1.0 / most),
            "uniform",
            "assumed: half to half as much again, at most all",
        )
    used = [part for part in one.effort if _uses(part, quantity)]
    if not used:
        return None
    return 1.0, *_TAKES, "lognormal", "assumed: half to twice the planning default"


def _uses(part: object, quantity: Quantity) -> bool:
    names = {
        "minutes": ("inside_minutes", "outside_minutes"),
        "money": ("money", "money_per_person"),
    }
    return any(getattr(part, name) for name in names[quantity])
