"""A second encoding of scenarios, made from their sources by someone who had not seen the first.

`blind/NAME.yaml` says what the sources say, fact by fact; a fact without a value is one they do not state.
Every stated fact must agree with the catalogue's scenario, or stand among the scenario's own
`discrepancies` with why it does not; those say, too, what was corrected.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from cosim import Scenario, load_scenario
from cosim.catalogue import names
from cosim.interventions import INTERVENTIONS
from cosim.scenario.discrepancy import Discrepancy, in_words
from cosim.scenario.plan import in_effect, resolve
from cosim.scenario.vocabulary import PUBLIC

FOLDER = Path(__file__).parent / "blind"
ONE_DAY = (300.0, 480.0)
"""Minutes that count as a meeting of one day."""
NO_COUNTERPART = {"public_role_weight"}
"""Facts of a source that a scenario has no number for."""


def encodings() -> dict[str, dict[str, Any]]:
    """Every second encoding by the name of its scenario."""
    read = [YAML(typ="safe").load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.yaml"))]
    return {one["scenario"]: one for one in read}


def stated() -> list[tuple[str, str, Any, str]]:
    """Every fact with a value that a scenario can be held against: scenario, fact, value, unit."""
    return [
        (name, fact["fact"], fact["value"], fact["unit"])
        for name, one in encodings().items()
        for fact in one["facts"]
        if fact["value"] is not None and fact["fact"] not in NO_COUNTERPART
    ]


@cache
def loaded(name: str) -> tuple[Scenario, Scenario, Any]:
    """A scenario as written, as its interventions leave it, and the dials of its meetings."""
    scenario = load_scenario(name)
    plan, _ = resolve(scenario)
    return scenario, in_effect(scenario)[0], plan.meetings


def dial(name: str, key: str) -> float:
    return float(loaded(name)[2][key].max())


def uses(name: str, *ways: str) -> bool:
    return any(loaded(name)[0].interventions.get(way, 0.0) > 0.0 for way in ways)


def team(name: str) -> Scenario:
    return loaded(name)[1]


def each(name: str, key: str) -> Any:
    """The value of a key if all phases share it, else the values."""
    values = [getattr(phase, key) for phase in team(name).phases.values()]
    return values[0] if len(set(values)) == 1 else values


def lead_role(name: str) -> str | None:
    roles = [group.role for group in team(name).team.values() if group.lead and group.count]
    return roles[0] if roles else None


def premeeting_minutes(name: str) -> float:
    """What the way of working asks of each public member, for a scenario that uses it."""
    way = INTERVENTIONS["public_premeeting"]
    return sum(one.outside_minutes for one in way.effort) if uses(name, way.name) else 0.0


def ballot(name: str) -> str:
    """How ballots are cast: a paper of one's own is cast unseen and at once, as secret ballots are."""
    return "individual" if dial(name, "decision_secret_ballot") >= 0.5 else "open"


FOUND: dict[str, Callable[[str], Any]] = {
    "phases": lambda name: list(team(name).phases),
    "public_members": lambda name: team(name).count(PUBLIC),
    "professionals": lambda name: team(name).size - team(name).count(PUBLIC),
    "researchers": lambda name: team(name).count("researcher"),
    "size": lambda name: team(name).size,
    "public_share": lambda name: team(name).count(PUBLIC) / team(name).size,
    "level": lambda name: each(name, "level"),
    "meetings": lambda name: sum(phase.meetings for phase in team(name).phases.values()),
    "minutes_per_meeting": lambda name: each(name, "minutes"),
    "options": lambda name: each(name, "options"),
    "rule": lambda name: each(name, "rule"),
    "ballot": ballot,
    "small_groups": lambda name: dial(name, "facilitation_small_groups") > 0.0,
    "group_size": lambda name: team(name).facilitation.group_size,
    "group_mix": lambda name: team(name).facilitation.group_mix,
    "rounds": lambda name: dial(name, "facilitation_rounds") > 0.0,
    "facilitator": lambda name: (
        uses(name, "process_facilitator") or dial(name, "facilitation_invitation") > 0.0
    ),
    "preparation_meeting": lambda name: uses(name, "preparation_meeting", "public_premeeting"),
    "premeeting_minutes": premeeting_minutes,
    "population_data": lambda name: uses(name, "population_data"),
    "community_links": lambda name: uses(name, "community_links"),
    "wider_consultation": lambda name: dial(name, "facilitation_consultation") > 0.0,
    "ground_rules": lambda name: dial(name, "facilitation_ground_rules") > 0.0,
    "public_slot": lambda name: dial(name, "agenda_public_slot") > 0.0,
    "plain_language": lambda name: dial(name, "facilitation_plain_language") > 0.0,
    "paid": lambda name: dial(name, "attendance_payment") > 0.0,
    "plan_flexibility": lambda name: team(name).system.plan_flexibility,
    "accountability": lambda name: team(name).accountability.form,
    "lead_role": lead_role,
    "co_chair": lambda name: uses(name, "co_chairing"),
}
"""What the catalogue's scenario says of a fact."""


def agrees(fact: str, value: Any, unit: str, found: Any) -> bool:
    """Whether what a scenario says of a fact is what its source says."""
    if value == "one_day":
        value = list(ONE_DAY)
    if fact == "phases" and "at least" in unit:
        return set(value) <= set(found)
    if isinstance(value, list) and not isinstance(value[0], str):
        return not isinstance(found, list) and value[0] <= found <= value[1]
    if isinstance(value, float):
        return found == pytest.approx(value)
    return bool(found == value)


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def noted(name: str) -> dict[str, Discrepancy]:
    """What the scenario itself says of where the two encodings differed, by fact."""
    return {one.fact: one for one in loaded(name)[0].discrepancies}


@pytest.mark.parametrize(("name", "fact", "value", "unit"), stated())
def test_a_stated_fact_is_in_the_scenario_or_noted_there(name: str, fact: str, value: Any, unit: str):
    found = FOUND[fact](name)
    note = noted(name).get(fact)
    if note is not None and note.settled == "first":
        assert not agrees(fact, value, unit, found), "noted as different, but the two agree"
    else:
        assert agrees(fact, value, unit, found), f"the source says {value}, the scenario {found}"


@pytest.mark.parametrize("name", names())
def test_what_a_scenario_notes_is_what_the_two_encodings_say(name: str):
    notes = load_scenario(name).discrepancies
    assert len({note.fact for note in notes}) == len(notes)
    second = {fact["fact"]: fact["value"] for fact in encodings().get(name, {"facts": []})["facts"]}
    for note in notes:
        assert plain(note.second) == second[note.fact]
        scenario = plain(note.first if note.settled == "first" else note.second)
        found = FOUND[note.fact](name)
        assert scenario == (pytest.approx(found, abs=0.001) if isinstance(found, float) else found)
        assert note.first != note.second


def test_discrepancies_are_not_in_the_id_and_not_inherited():
    scenario = load_scenario("co_chaired")
    assert scenario.discrepancies
    assert scenario.replace({"discrepancies": []}).identity == scenario.identity
    assert "discrepancies" not in scenario.replace({"discrepancies": []}).to_dict()
    assert load_scenario({"extends": "co_chaired"}).discrepancies == ()


def test_discrepancies_are_told_once_for_each_reason():
    lines = in_words(load_scenario("priority_setting_trial").discrepancies)
    assert len(lines) == 2
    assert "public members: first 14, second 6" in lines[0].casefold()
    assert "The scenario was corrected." in lines[0]
    assert "The scenario stays as it was." in lines[1]


def test_encodings_are_of_scenarios_in_the_catalogue():
    assert set(encodings()) <= set(names())


@pytest.mark.parametrize("name", encodings())
def test_every_fact_says_where_it_comes_from(name: str):
    one = encodings()[name]
    assert all({"source", "read"} <= set(source) for source in one["read"])
    for fact in one["facts"]:
        assert set(fact) == {"fact", "value", "unit", "quote", "status"}
        assert fact["status"] in ("seen", "recalled")
        assert fact["quote"]
    told = [fact["fact"] for fact in one["facts"]]
    assert len(told) == len(set(told))
