"""Random valid scenarios over the whole configuration space, small enough for the readable reference.

`scenarios()` draws any team, phases, level, rule, dial, rule of the floor and of uptake, accountability and
intervention that a config could ask for, with meetings of a minute or two.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from cosim.errors import ConfigError
from cosim.interventions import INTERVENTIONS
from cosim.interventions.intervention import Composition
from cosim.parameters import Parameter
from cosim.scenario import ATTRIBUTES, Scenario, members_of_phase, parameters
from cosim.scenario.vocabulary import LEVELS, PHASES, PUBLIC, ROLES, Accountability, Rule

RULES: tuple[str, ...] = Rule.__args__  # type: ignore[attr-defined]
FORMS: tuple[str, ...] = Accountability.__args__  # type: ignore[attr-defined]
DIALS: dict[str, Parameter] = {
    record.key: record for record in parameters() if not record.key.startswith("roles.")
}
MOST_PEOPLE = 9
# Many words a minute and short turns would make a meeting of thousands of turns.
SHORTEST = {"speech.words_log_mean": 1.5, "speech.handover_seconds": 0.5}
SEEDS = st.sampled_from([0, 1, 20_241, 2**32 + 5, 2**63 - 1])
REPLICATES = st.sampled_from([0, 1, 977, 2**32 - 1])


def value_of(record: Parameter) -> SearchStrategy[Any]:
    """Values that a parameter may take: its default, its ends, anything between; every word of a choice."""
    if not record.numeric:
        return st.sampled_from(record.allowed)
    low, high = record.allowed
    low = max(low, SHORTEST.get(record.key, low))
    if isinstance(record.default, int):
        return st.integers(low, min(high, 60))
    ends = [float(low), float(high), *(record.plausible or ())]
    return st.sampled_from(ends) | st.floats(low, high, allow_nan=False).map(lambda x: round(x, 4))


@st.composite
def dials(draw: DrawFn, most: int = 14) -> dict[str, Any]:
    """Some parameters outside people and phases, set to some allowed value."""
    keys = draw(st.lists(st.sampled_from(sorted(DIALS)), max_size=most, unique=True))
    return {key: draw(value_of(DIALS[key])) for key in keys}


@st.composite
def groups(draw: DrawFn, role: str, count: int, *, lead: bool, constant: bool = False) -> dict[str, Any]:
    """One group of a team, as a config has it."""
    own = draw(st.lists(st.sampled_from([a.name for a in ATTRIBUTES]), max_size=4, unique=True))
    group: dict[str, Any] = {"role": role, "count": count, "lead": lead}
    for name in own:
        group[name] = draw(st.sampled_from([0.0, 1.0, 0.5]) | st.floats(0.0, 1.0).map(lambda x: round(x, 4)))
    group["spread"] = draw(st.sampled_from([0.0, 0.08, 0.5]))
    if draw(st.booleans()):
        group["constituency"] = draw(st.sampled_from(["the town", "the ward", "members"]))
    if not lead and not constant and draw(st.integers(0, 3)) == 0:
        first, last = sorted(draw(st.tuples(st.integers(0, 3), st.integers(0, 3))))
        group["joins"], group["leaves"] = PHASES[first], PHASES[last]
    return group


@st.composite
def teams(draw: DrawFn) -> dict[str, Any]:
    """A team of two to nine people in one to five groups; most have a lead, of any role."""
    team: dict[str, Any] = {}
    left = MOST_PEOPLE
    for n in range(draw(st.integers(1, 5))):
        lead = n == 0 and draw(st.integers(0, 4)) > 0
        low = 0 if n > 1 else 1
        count = 1 if lead else draw(st.integers(low, 3))
        if count > left:
            break
        left -= count
        role = draw(st.sampled_from(ROLES))
        team[f"g{n}"] = draw(groups(role, count, lead=lead, constant=n < 2))
    if sum(group["count"] for group in team.values()) < 2:
        team["more"] = draw(groups(draw(st.sampled_from(ROLES)), 2, lead=False, constant=True))
    return team


@st.composite
def phases(draw: DrawFn) -> dict[str, Any]:
    """One to three phases of one or two short meetings, with any level and rule."""
    names = draw(st.lists(st.sampled_from(PHASES), min_size=1, max_size=3, unique=True))
    return {
        name: {
            "level": draw(st.sampled_from(LEVELS)),
            "declared": draw(st.none() | st.sampled_from(LEVELS)),
            "meetings": draw(st.sampled_from([1, 1, 2])),
            "minutes": draw(st.sampled_from([1.0, 3.0, 6.0])),
            "options": draw(st.integers(2, 5)),
            "rule": draw(st.sampled_from(RULES)),
            "quorum": draw(st.sampled_from([0.5, 0.6, 0.75, 1.0])),
            "importance": draw(st.sampled_from([0.0, 1.0, 3.0])),
            "delegated": draw(st.booleans()),
        }
        for name in names
    }


@st.composite
def doses(draw: DrawFn, team: Mapping[str, Any]) -> dict[str, float]:
    """Up to four interventions that can be combined, with doses."""
    can_grow = any(g["role"] == PUBLIC and g["count"] and not g["lead"] for g in team.values())
    chosen: list[str] = []
    for name in draw(st.lists(st.sampled_from(sorted(INTERVENTIONS)), max_size=4, unique=True)):
        one = INTERVENTIONS[name]
        if any(name in INTERVENTIONS[other].conflicts or other in one.conflicts for other in chosen):
            continue
        if not can_grow and any(isinstance(effect, Composition) for effect in one.effects):
            continue
        chosen.append(name)
    return {name: draw(st.sampled_from([0.0, 0.5, 1.0])) for name in chosen}


@st.composite
def scenarios(draw: DrawFn) -> Scenario:
    """A valid scenario from anywhere in the configuration space, with short meetings."""
    team = draw(teams())
    data: dict[str, Any] = {"name": "random", "team": team, "phases": draw(phases())}
    data["interventions"] = draw(doses(team))
    data["agenda"] = {"minutes_per_item": draw(st.sampled_from([1.0, 1.0, 15.0]))}
    if draw(st.booleans()):
        data["accountability"] = {"form": draw(st.sampled_from(FORMS))}
    if draw(st.integers(0, 3)) == 0:
        data["system"] = {"required_level": draw(st.sampled_from(LEVELS))}
    for key, value in draw(dials()).items():
        section, name = key.split(".")
        data.setdefault(section, {})[name] = value
    _make_possible(data)
    return Scenario.from_dict(data)


def _make_possible(data: dict[str, Any]) -> None:
    """Mend what no config may ask for: nobody to decide, nobody there, a rule without its lead."""
    phases = data["phases"]
    if not any(phase["importance"] for phase in phases.values()):
        for phase in phases.values():
            phase["importance"] = 1.0
    weights = data.get("knowledge", {})
    if weights.get("society_empirical") == 0.0:
        weights["society_empirical"] = 0.5
    for group in data["team"].values():
        if sum(_there(data, name) < 2 for name in phases):
            group.pop("joins", None)
            group.pop("leaves", None)
    for name, phase in phases.items():
        public = _there(data, name, public=True)
        if phase["level"] == "empower" and public == 0:
            phase["level"] = "collaborate"
        if phase["level"] in LEVELS[:3] and public == _there(data, name):
            phase["level"] = "collaborate"
        if phase["rule"] == "lead_decides" and not any(g["lead"] for g in data["team"].values()):
            phase["rule"] = "mean_score"


def _there(data: Mapping[str, Any], phase: str, *, public: bool = False) -> int:
    when = PHASES.index(phase)  # type: ignore[arg-type]
    return sum(
        group["count"]
        for group in data["team"].values()
        if PHASES.index(group.get("joins", PHASES[0])) <= when
        and PHASES.index(group.get("leaves", PHASES[-1])) >= when
        and (group["role"] == PUBLIC or not public)
    )


def publics(scenario: Scenario) -> dict[str, int]:
    """How many public members take part in each phase."""
    return {
        name: sum(group.count for group in members_of_phase(scenario, name).values() if group.role == PUBLIC)
        for name in scenario.phases
    }


def with_changes(changes: Mapping[str, Any]) -> SearchStrategy[Scenario]:
    """Random scenarios with some keys set to given values; impossible combinations are left out."""

    def changed(scenario: Scenario) -> Scenario | None:
        try:
            return scenario.replace(changes)
        except ConfigError:
            return None

    found: SearchStrategy[Any] = scenarios().map(changed).filter(lambda scenario: scenario is not None)
    return found
