"""Random valid scenarios over the whole configuration space, small enough for the readable reference.

`scenario_of(number)` is any team, phases, level, rule, dial, rule of the floor and of uptake, accountability
and intervention that a config could ask for, with meetings of a few minutes; `scenarios()` draws numbers.
(Drawing each part with Hypothesis would explore few of the some 150 parameters: its examples resemble one
another.)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args

import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from cosim.config.parameter import Parameter
from cosim.errors import ConfigError
from cosim.interventions import INTERVENTIONS
from cosim.interventions.effects import Composition
from cosim.scenario import ATTRIBUTES, SECTIONS, Scenario, parameters
from cosim.scenario.vocabulary import LEVELS, PHASES, PUBLIC, ROLES, Rule

T = TypeVar("T")
DIALS: dict[str, Parameter] = {
    record.key: record for record in parameters() if not record.key.startswith("roles.")
}
MOST_PEOPLE = 9
# Short turns by the hundred would make the readable model slow.
SHORTEST = {"speech.words_log_mean": 1.5, "speech.handover_seconds": 0.5}
SEEDS = st.sampled_from([0, 1, 20_241, 2**32 + 5, 2**63 - 1])
REPLICATES = st.sampled_from([0, 1, 977, 2**32 - 1])


@dataclass(frozen=True)
class Draws:
    """Draws for one scenario."""

    generator: np.random.Generator

    def odds(self, chance: float) -> bool:
        return bool(self.generator.random() < chance)

    def pick(self, values: Sequence[T]) -> T:
        return values[int(self.generator.integers(len(values)))]

    def some(self, values: Sequence[T], most: int) -> list[T]:
        count = int(self.generator.integers(min(most, len(values)) + 1))
        places = self.generator.choice(len(values), size=count, replace=False)
        return [values[int(place)] for place in places]

    def number(self, low: float, high: float) -> float:
        return round(float(self.generator.uniform(low, high)), 4)


def value_of(draws: Draws, record: Parameter) -> Any:
    """Any value that a parameter may take, often an end of its range."""
    if not record.numeric:
        return draws.pick(record.allowed)
    low, high = record.allowed
    low = max(low, SHORTEST.get(record.key, low))
    if isinstance(record.default, int):
        return int(draws.generator.integers(low, min(high, 60), endpoint=True))
    if draws.odds(0.5):
        return draws.pick([float(low), float(high), *(record.plausible or ())])
    return draws.number(low, high)


def group(draws: Draws, role: str, count: int, *, lead: bool, stays: bool) -> dict[str, Any]:
    """One group of a team, as a config has it."""
    made: dict[str, Any] = {
        "role": role,
        "count": count,
        "lead": lead,
        "spread": draws.pick([0.0, 0.08, 0.5]),
    }
    for attribute in draws.some(ATTRIBUTES, 4):
        made[attribute.name] = draws.pick([0.0, 1.0]) if draws.odds(0.4) else draws.number(0.0, 1.0)
    if draws.odds(0.4):
        made["constituency"] = draws.pick(["the town", "the ward", "members"])
    if not stays and draws.odds(0.3):
        first, last = sorted(draws.generator.integers(0, 4, size=2))
        made["joins"], made["leaves"] = PHASES[first], PHASES[last]
    return made


def team(draws: Draws) -> dict[str, Any]:
    """A team of two to nine people in one to five groups; most have a lead, of any role."""
    made: dict[str, Any] = {}
    left = MOST_PEOPLE
    for n in range(draws.pick([1, 2, 3, 4, 5])):
        lead = n == 0 and draws.odds(0.8)
        count = 1 if lead else draws.pick([1, 2, 3] if n < 2 else [0, 1, 2, 3])
        if count > left:
            break
        left -= count
        made[f"g{n}"] = group(draws, draws.pick(ROLES), count, lead=lead, stays=lead or n < 2)
    if sum(one["count"] for one in made.values()) < 2:
        made["more"] = group(draws, draws.pick(ROLES), 2, lead=False, stays=True)
    return made


def phase(draws: Draws) -> dict[str, Any]:
    """A phase of one or two short meetings, with any level and rule."""
    return {
        "level": draws.pick(LEVELS),
        "declared": draws.pick([None, *LEVELS]),
        "meetings": draws.pick([1, 1, 2]),
        "minutes": draws.pick([1.0, 3.0, 6.0]),
        "options": draws.pick([2, 3, 4, 5]),
        "rule": draws.pick(get_args(Rule)),
        "quorum": draws.pick([0.5, 0.6, 0.75, 1.0]),
        "importance": draws.pick([0.0, 1.0, 3.0]),
        "delegated": draws.odds(0.5),
    }


def doses(draws: Draws, people: Mapping[str, Any]) -> dict[str, float]:
    """Up to four interventions that can be combined, with doses."""
    can_grow = any(g["role"] == PUBLIC and g["count"] and not g["lead"] for g in people.values())
    chosen: list[str] = []
    for name in draws.some(list(INTERVENTIONS), 4):
        one = INTERVENTIONS[name]
        if any(name in INTERVENTIONS[other].conflicts or other in one.conflicts for other in chosen):
            continue
        if can_grow or not any(isinstance(effect, Composition) for effect in one.effects):
            chosen.append(name)
    return {name: draws.pick([0.0, 0.5, 1.0]) for name in chosen}


def scenario_of(number: int) -> Scenario:
    """The random scenario with this number."""
    draws = Draws(np.random.default_rng(number + 1))
    people = team(draws)
    names = draws.some(PHASES, 2) or ["conducting"]
    data: dict[str, Any] = {
        "name": f"random {number}",
        "team": people,
        "phases": {name: phase(draws) for name in names},
        "interventions": doses(draws, people),
        "agenda": {"minutes_per_item": draws.pick([1.0, 1.0, 15.0])},
        "facilitation": {"monitoring_every": draws.pick([5, 40])},
    }
    steering = [key for key in DIALS if key.startswith("facilitation.")]
    words = [key for key, record in DIALS.items() if not record.numeric]
    keys = [*draws.some(list(DIALS), 25), *draws.some(steering, 8), *draws.some(words, 4)]
    for key in dict.fromkeys(keys):
        section, name = key.split(".")
        data.setdefault(section, {})[name] = value_of(draws, DIALS[key])
    if draws.odds(0.25):
        data.setdefault("system", {})["required_level"] = draws.pick(LEVELS)
    for one in data["phases"].values():
        stays = [name for name, of in people.items() if of["count"] and "joins" not in of]
        speak = [name for name in stays if people[name]["role"] != PUBLIC or one["level"] not in LEVELS[:2]]
        if speak and draws.odds(0.3):
            one["owner"] = draws.pick(speak)
    _make_possible(data)
    return Scenario.from_dict(data)


def _make_possible(data: dict[str, Any]) -> None:
    """Mend what no config may ask for: nobody to decide, nobody there, a rule without its lead."""
    phases = data["phases"]
    if not any(one["importance"] for one in phases.values()):
        next(iter(phases.values()))["importance"] = 1.0
    weights = data.get("knowledge", {})
    if weights.get("society_empirical") == 0.0:
        weights["society_empirical"] = 0.5
    for one in data["team"].values():
        if any(_there(data, name) < 2 for name in phases):
            one.pop("joins", None)
            one.pop("leaves", None)
    for name, one in phases.items():
        public = _there(data, name, public=True)
        if one["level"] == "empower" and public == 0:
            one["level"] = "collaborate"
        if one["level"] in LEVELS[:3] and public == _there(data, name):
            one["level"] = "collaborate"
        if one["rule"] == "lead_decides" and not any(g["lead"] for g in data["team"].values()):
            one["rule"] = "mean_score"


def _there(data: Mapping[str, Any], name: str, *, public: bool = False) -> int:
    when = PHASES.index(name)  # type: ignore[arg-type]
    return sum(
        one["count"]
        for one in data["team"].values()
        if PHASES.index(one.get("joins", PHASES[0])) <= when <= PHASES.index(one.get("leaves", PHASES[-1]))
        and (one["role"] == PUBLIC or not public)
    )


def scenarios() -> SearchStrategy[Scenario]:
    """A valid scenario from anywhere in the configuration space, with short meetings."""
    return st.integers(0, 2**31 - 1).map(scenario_of)


def with_changes(changes: Mapping[str, Any]) -> SearchStrategy[Scenario]:
    """Random scenarios with some keys set to given values; impossible combinations are left out."""
    found: SearchStrategy[Any] = scenarios().map(lambda one: _changed(one, changes))
    return found.filter(lambda scenario: scenario is not None)


def _changed(scenario: Scenario, changes: Mapping[str, Any]) -> Scenario | None:
    absent = {f"interventions.{name}" for name in INTERVENTIONS} - {
        f"interventions.{name}" for name in scenario.interventions
    }
    wanted = {key: value for key, value in changes.items() if value is not None or key not in absent}
    try:
        return scenario.replace(wanted)
    except ConfigError:
        return None


def simplest(scenario: Scenario, fails: Callable[[Scenario], bool]) -> Scenario:
    """Undo what can be undone of a scenario while it still fails: interventions, dials, groups, phases."""
    usual: dict[str, Any] = {f"interventions.{name}": None for name in scenario.interventions}
    usual |= {key: record.default for key, record in DIALS.items()} | {"system.required_level": None}
    for key, value in usual.items():
        scenario = _if_failing(scenario, {key: value}, fails)
    for part in ("phases", "team"):
        for name in list(getattr(scenario, part)):
            scenario = _if_failing(scenario, {f"{part}.{name}": None}, fails)
    return scenario


def _if_failing(
    scenario: Scenario, changes: Mapping[str, Any], fails: Callable[[Scenario], bool]
) -> Scenario:
    other = _changed(scenario, changes)
    return other if other is not None and other != scenario and fails(other) else scenario


def told(scenario: Scenario) -> dict[str, Any]:
    """What of a scenario is not default, as a config would say it."""
    data = scenario.to_dict()
    said = {name: data[name] for name in ("phases", "interventions") if data[name]}
    said["team"] = {
        name: {key: value for key, value in one.items() if value is not None}
        for name, one in data["team"].items()
    }
    for name, section in SECTIONS.items():
        usual = section().model_dump(mode="json")
        own = {key: value for key, value in data[name].items() if value != usual[key]}
        said |= {name: own} if own else {}
    return said
