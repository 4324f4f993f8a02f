"""A set-up: one scenario, one seed, and what each of the two teams does differently."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qsl, quote

from cosim.catalogue import load_scenario, names
from cosim.errors import ConfigError, nearest_name
from cosim.interventions import Intervention
from cosim.scenario import Scenario

Value = bool | int | float | str | None | dict[str, Any]
MAX_SEED: Final = 2**31 - 1
DEFAULT_SCENARIO: Final = "research_team"
TEAMS: Final = ("A", "B")
LONGEST_LINK: Final = 8000
OWN_WAY: Final = "ways."
"""Before the name of a way of working that a file defines: a change that both teams have."""
_DEEPEST: Final = 6
"""Brackets within brackets that a value of a link may have: a new group has one."""

_KEYS: Final = {
    "scenario": "the scenario's name",
    "seed": "the seed",
    "lesson": "a lesson's name",
    "a": "interventions of team A",
    "b": "interventions of team B",
    "set_a": "parameters of team A",
    "set_b": "parameters of team B",
}
_WORD = re.compile(r"[A-Za-z_][A-Za-z_ ']*")


@dataclass(frozen=True)
class Way:
    """How one team works.

    Attributes
    ----------
    doses : mapping of str to float
        Interventions, on top of the scenario's own; a dose of 0 takes one of the scenario's away.
    changes : mapping of str to value
        Dotted keys of the scenario and their value; ``ways.NAME`` is a way of working that a file defines.
    """

    doses: Mapping[str, float] = field(default_factory=dict)
    changes: Mapping[str, Value] = field(default_factory=dict)

    def with_dose(self, name: str, dose: float, own: Mapping[str, float]) -> Way:
        """Return the way with an intervention at a dose; `own` are the scenario's interventions."""
        doses = {key: value for key, value in self.doses.items() if key != name}
        if dose != own.get(name, 0.0):
            doses[name] = dose
        return replace(self, doses=doses)

    @property
    def parameters(self) -> dict[str, Value]:
        """The changes without the ways of working that a file defines."""
        return {key: value for key, value in self.changes.items() if not key.startswith(OWN_WAY)}

    def with_change(self, key: str, value: Value, default: Value) -> Way:
        """Return the way with a parameter changed, or back at its default."""
        changes = {other: known for other, known in self.changes.items() if other != key}
        if value != default:
            changes[key] = value
        return replace(self, changes=changes)


@dataclass(frozen=True)
class Setup:
    """Two teams with the same people and the same random numbers.

    Attributes
    ----------
    scenario : str
        Name in the catalogue.
    seed : int
        1 .. 2^31 - 1.
    a, b : Way
    """

    scenario: str = DEFAULT_SCENARIO
    seed: int = 1
    a: Way = Way()
    b: Way = Way()

    @property
    def base(self) -> Scenario:
        """The scenario as it stands in the catalogue."""
        return base_scenario(self.scenario)

    def way(self, team: str) -> Way:
        """Return the way of team A or B."""
        return self.a if team == "A" else self.b

    def with_way(self, team: str, way: Way) -> Setup:
        """Return the set-up with another way of team A or B."""
        return replace(self, a=way) if team == "A" else replace(self, b=way)

    def team(self, team: str) -> Scenario:
        """Return the scenario of team A or B.

        Raises
        ------
        ConfigError
            When a key, value, intervention or combination is not allowed.
        """
        way = self.way(team)
        scenario = self.base
        if way.changes:
            scenario = scenario.replace(way.changes)
        return scenario.with_interventions(way.doses) if way.doses else scenario

    @property
    def ways(self) -> Mapping[str, Intervention]:
        """Every way of working that the teams may use: cosim's, then those that a file brought along."""
        own = {key: value for key, value in self.a.changes.items() if key.startswith(OWN_WAY)}
        return self.base.replace(own).known_interventions if own else self.base.known_interventions

    def doses(self, team: str) -> dict[str, float]:
        """Return every intervention of a team at a dose above 0, the scenario's own included."""
        doses = {**self.base.interventions, **self.way(team).doses}
        return {name: dose for name, dose in doses.items() if dose > 0.0}


@lru_cache(maxsize=64)
def base_scenario(name: str) -> Scenario:
    """Return a scenario of the catalogue.

    Raises
    ------
    ConfigError
        When there is none of this name.
    """
    if name not in names():  # a path in a link must never be opened
        raise ConfigError(
            "there is no such scenario in the catalogue",
            key="scenario",
            value=name,
            nearest=nearest_name(name, names()),
        )
    return load_scenario(name)


def check_seed(value: object) -> int:
    """Return a seed.

    Raises
    ------
    ConfigError
        When it is not a whole number from 1 to 2^31 - 1.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_SEED:
        return value
    raise ConfigError("not a seed", key="seed", value=value, allowed=f"a whole number from 1 to {MAX_SEED}")


# ---------------------------------------------------------------------- links


def to_link(setup: Setup) -> str:
    """Return a set-up as the query of a link; `from_link` reads it back."""
    parts = [("scenario", setup.scenario), ("seed", str(setup.seed))]
    for name, way in (("a", setup.a), ("b", setup.b)):
        if way.doses:
            parts.append((name, ";".join(f"{key}:{_number(dose)}" for key, dose in way.doses.items())))
        if way.changes:
            told = ";".join(f"{key}:{_written(value)}" for key, value in way.changes.items())
            parts.append((f"set_{name}", told))
    return "&".join(f"{key}={quote(value, safe=':;.,*_')}" for key, value in parts)


def from_link(query: str) -> Setup:
    """Return the set-up that a link's query describes, checked whole.

    Raises
    ------
    ConfigError
        In words for whoever opened the link.
    """
    if len(query) > LONGEST_LINK:
        raise ConfigError(
            "the link is too long", allowed=f"at most {LONGEST_LINK} letters; save a file instead"
        )
    given: dict[str, str] = {}
    for key, value in parse_qsl(query, keep_blank_values=True):
        if key not in _KEYS:
            raise ConfigError(
                "a link has no such part", key=key, allowed=", ".join(_KEYS), nearest=nearest_name(key, _KEYS)
            )
        given[key] = value
    setup = Setup(
        scenario=given.get("scenario", DEFAULT_SCENARIO),
        seed=check_seed(_read(given.get("seed", "1"))),
        a=Way(_doses(given.get("a", "")), dict(_pairs(given.get("set_a", "")))),
        b=Way(_doses(given.get("b", "")), dict(_pairs(given.get("set_b", "")))),
    )
    for team in TEAMS:
        setup.team(team)
    return setup


def _doses(text: str) -> dict[str, float]:
    doses = {}
    for name, value in _pairs(text):
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            raise ConfigError("not a dose", key=name, value=value, allowed="0 to 1")
        doses[name] = float(value)
    return doses


def _pairs(text: str) -> list[tuple[str, Value]]:
    pairs = []
    for part in text.split(";") if text else []:
        key, colon, value = part.partition(":")
        if not colon or not key:
            raise ConfigError("this part of the link cannot be read", value=part, allowed="name:value")
        pairs.append((key, _read(value)))
    return pairs


def _number(dose: float) -> str:
    short = f"{dose:g}"
    return short if float(short) == dose else repr(dose)


def _written(value: Value) -> str:
    import json

    if isinstance(value, str) and _WORD.fullmatch(value) and value not in ("true", "false", "null"):
        return value
    # A semicolon parts the values of a link.
    return json.dumps(value, separators=(",", ":")).replace(";", "\\u003b")


def _read(text: str) -> Value:
    import json

    if _depth(text) > _DEEPEST:
        told = "this part of the link is nested too deeply"
        raise ConfigError(told, value=text[:40], allowed=f"at most {_DEEPEST} brackets within brackets")
    try:
        value: Value = json.loads(text, parse_constant=_no_number)
    except ValueError:
        return text
    return value


def _depth(text: str) -> int:
    """Return how deeply brackets are nested; those within quotes count too."""
    depth = deepest = 0
    for letter in text:
        if letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _no_number(name: str) -> Value:
    raise ValueError(f"{name} is no number")
