"""The scenarios that come with cosim: valid, described, citable, and different in what they say they are."""

from __future__ import annotations

import json
import pickle
import re

import pytest

from cosim.catalogue import entry, load_scenario, names, table, text
from cosim.catalogue.bundled import catalogue_source
from cosim.errors import ConfigError
from cosim.interventions import INTERVENTIONS
from cosim.scenario import Scenario, SourceRecord
from cosim.scenario.vocabulary import LEVELS, PHASES, ROLES

WANTED = {
    *("symmetric_null", "research_team", "token_seat", "rhetoric_only"),
    *("priority_setting_trial", "priority_setting_trial_control", "priority_setting_trial_bare"),
    *(
        "priority_setting_trial_credibility",
        "priority_setting_trial_legitimacy",
        "priority_setting_trial_power",
    ),
    *("priority_setting_partnership", "employed_public", "co_chaired", "user_controlled", "dance"),
    *("accountable_lead", "accountable_lead_comply_or_explain", "accountable_lead_full_veto"),
    *("accountable_lead_delegated", "hostile_system", "bench_topic", "social_topic"),
}
CONSTRUCTIONS = {"changing_team"}
"""Scenarios for which nothing was found that was published."""
EACH = pytest.mark.parametrize("name", names())


def differing(a: Scenario, b: Scenario) -> set[str]:
    """Dotted keys whose values differ, apart from the words about the scenario."""
    one, other = flat(a.to_dict()), flat(b.to_dict())
    told = ("name", "title", "question", "description", "sources", "assumed", "discrepancies")
    keys = [key for key in {**one, **other} if key.split(".")[0] not in told]
    return {key for key in keys if one.get(key) != other.get(key)}


def flat(data: dict, prefix: str = "") -> dict:
    found = {}
    for key, value in data.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[prefix + key] = value
    return found


def test_every_wanted_scenario_is_there():
    assert set(names()) >= WANTED
    assert list(names()) == sorted(names())


@EACH
def test_is_described(name):
    one = entry(name)
    assert one.name == one.scenario.name == name
    assert re.fullmatch(r"[a-z][a-z_]*", name)
    assert one.title
    assert one.question.endswith("?")
    assert len(one.description) > 60
    assert one.sources
    head = [line for line in one.text.splitlines() if line.startswith("#")]
    assert len(head) >= 2
    assert name == "research_team" or any("Differs from" in line for line in head)
    assert not re.search(r"\blay\b", one.title + one.question + one.description), "say 'public contributor'"


@EACH
def test_sources_are_records_and_what_is_assumed_stands_apart(name):
    one = entry(name)
    assert one.assumed
    assert any(source.status != "construction" for source in one.sources) or name in CONSTRUCTIONS
    for source in one.sources:
        assert isinstance(source, SourceRecord), f"a line of text: {source}"
        assert all((source.authors, source.year, source.title, source.taken, source.why))
        assert source.link or source.status == "construction"
        assert not re.search(r"assum|planning default", str(source), re.IGNORECASE), (
            "this belongs into `assumed`"
        )


def test_a_publication_is_described_in_the_same_way_wherever_it_is_a_source():
    found: dict[str, set[tuple]] = {}
    for name in names():
        for source in entry(name).sources:
            if source.link:
                told = (
                    source.authors,
                    source.year,
                    source.title,
                    source.journal,
                    source.volume,
                    source.pages,
                    source.status,
                )
                found.setdefault(source.link, set()).add((*told, source.url))
    assert len(found) >= 15
    assert not [link for link, told in found.items() if len(told) > 1]


@EACH
@pytest.mark.parametrize("level", LEVELS)
def test_is_valid_at_every_level(name, level):
    scenario = load_scenario(name).replace({"phases.*.level": level})
    assert {phase.level for phase in scenario.phases.values()} == {level}
    assert scenario.count("patient") > 0


@EACH
def test_survives_a_round_trip(name):
    scenario = load_scenario(name)
    assert Scenario.from_dict(scenario.to_dict()) == scenario
    assert Scenario.from_dict(json.loads(json.dumps(scenario.to_dict()))).identity == scenario.identity
    assert pickle.loads(pickle.dumps(scenario)).identity == scenario.identity


def test_identities_do_not_move_unnoticed(reference):
    """Protocols cite these; `--update-reference` says that a scenario is meant to have changed."""
    reference("catalogue_identities", {name: entry(name).identity for name in names()})


def test_identities_are_distinct():
    assert len({entry(name).identity.rsplit("-", 1)[1] for name in names()}) == len(names())


@EACH
def test_loads_from_any_folder(name, tmp_path, monkeypatch):
    before = load_scenario(name).identity
    monkeypatch.chdir(tmp_path)
    assert load_scenario(name).identity == before


@EACH
def test_takes_every_intervention_alone(name):
    bare = load_scenario(name).replace({"interventions": {}})
    for other in INTERVENTIONS:
        assert bare.with_interventions(other).interventions == {other: 1.0}


def test_default_team():
    team = load_scenario("research_team")
    counts = {role: team.count(role) for role in ROLES}
    assert counts == {"researcher": 4, "provider": 3, "policymaker": 1, "patient": 4}
    assert [group.count for group in team.team.values() if group.lead] == [1]
    assert tuple(team.phases) == PHASES
    for phase in team.phases.values():
        assert (phase.level, phase.meetings, phase.minutes) == ("collaborate", 1, 90.0)
        assert phase.rule == "mean_score"
    assert team.accountability.form == "sign_off"
    assert not team.interventions


def test_symmetric_null_tells_nobody_apart():
    null = load_scenario("symmetric_null")
    groups = [group.model_dump(exclude={"role"}) for group in null.team.values()]
    assert {group.role for group in null.team.values()} == set(ROLES)
    assert all(group == groups[0] for group in groups)
    first = groups[0]
    assert (first["prestige"], first["spread"], first["attendance"], first["lead"]) == (0.5, 0.0, 1.0, False)
    assert None not in {
        value for key, value in first.items() if key not in ("constituency", "joins", "leaves")
    }
    assert (null.agenda.shared, null.facilitation.level_table, null.accountability.form) == (1.0, 1.0, "none")
    assert null.learning.experiential_discount == 0.0


def test_token_seat_is_below_15_percent():
    team = load_scenario("token_seat")
    assert team.count("patient") in (1, 2)
    assert 8 <= team.size <= 10
    assert team.count("patient") / team.size < 0.15


def test_rhetoric_declares_what_it_does_not_do():
    for phase in load_scenario("rhetoric_only").phases.values():
        assert (phase.declared, phase.level) == ("collaborate", "involve")
    assert not load_scenario("rhetoric_only").interventions


def test_forms_of_accountability_differ_in_the_form_alone():
    base = load_scenario("accountable_lead")
    forms = {base.accountability.form}
    for form in ("comply_or_explain", "full_veto", "delegated"):
        other = load_scenario(f"accountable_lead_{form}")
        assert differing(base, other) <= {"accountability.form"} | {f"phases.{p}.delegated" for p in PHASES}
        forms.add(other.accountability.form)
    assert forms == {"sign_off", "comply_or_explain", "full_veto", "delegated"}


def test_trial_has_the_published_set_up():
    trial = load_scenario("priority_setting_trial")
    assert (trial.count("patient"), trial.size - trial.count("patient")) == (6, 9)
    counts = {name: group.count for name, group in trial.team.items()}
    assert counts == {"managers": 3, "physicians": 2, "nurses": 2, "allied": 2, "public": 6}
    assert [phase.options for phase in trial.phases.values()] == [37]
    assert not any(group.lead for group in trial.team.values())


def test_trial_variants_split_the_bundle():
    bundle = dict(load_scenario("priority_setting_trial").interventions)
    parts = [
        load_scenario(f"priority_setting_trial_{part}") for part in ("credibility", "legitimacy", "power")
    ]
    together = [name for part in parts for name in part.interventions]
    assert sorted(together) == sorted(bundle), "each ingredient stands in exactly one variant"
    assert not load_scenario("priority_setting_trial_bare").interventions
    for part in [*parts, load_scenario("priority_setting_trial_bare")]:
        changed = differing(load_scenario("priority_setting_trial"), part)
        assert all(key.startswith("interventions") for key in changed)
    control = load_scenario("priority_setting_trial_control")
    assert control.phases["priority_setting"].level == "inform"
    assert (control.team["public"].attendance, control.team["public"].spread) == (0.0, 0.0)
    assert control.size == 15


def test_partnership_is_a_workshop_of_mixed_groups():
    day = load_scenario("priority_setting_partnership")
    assert day.size == 21
    assert abs(day.count("patient") - day.count("provider")) <= 1
    phase = day.phases["priority_setting"]
    assert 25 <= phase.options <= 30
    assert (phase.rule, day.facilitation.group_mix, day.facilitation.group_size) == ("rank_sum", "mixed", 7)
    assert day.facilitation.remix > 1


def test_user_controlled_has_a_public_lead():
    own = load_scenario("user_controlled")
    assert [group.role for group in own.team.values() if group.lead] == ["patient"]
    assert {phase.level for phase in own.phases.values()} == {"empower"}


def test_dance_changes_levels():
    assert len({phase.level for phase in load_scenario("dance").phases.values()}) >= 3


def test_table_has_a_plain_row_for_each():
    rows = table()
    assert [row["name"] for row in rows] == list(names())
    json.dumps(rows)
    team = next(row for row in rows if row["name"] == "research_team")
    assert (team["people"], team["public"], team["meetings"], team["minutes"]) == (12, 4, 4, 360.0)
    assert next(row for row in rows if row["name"] == "co_chaired")["extends"] == "research_team"


def test_an_unknown_entry_gets_the_nearest():
    for look_up in (entry, text, load_scenario):
        with pytest.raises(ConfigError) as caught:
            look_up("research_teem")
        assert caught.value.nearest == "research_team"


def test_what_one_reader_changes_others_do_not_see():
    catalogue_source("research_team").data["team"].clear()
    catalogue_source("research_team").places.clear()
    again = catalogue_source("research_team")
    assert again.data["team"]
    assert again.places
