"""Names, files and mappings; what `extends` keeps, changes and removes."""

from __future__ import annotations

import pytest

from cosim.catalogue import load_scenario
from cosim.errors import ConfigError


@pytest.fixture
def write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def file(name: str, content: str):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return file


WHOLE = """\
team:
  researchers: {role: researcher, count: 2}
  patients: {role: patient, count: 2}
phases:
  conducting: {level: involve}
"""


def test_a_file_that_extends_nothing(write):
    scenario = load_scenario(write("my_team.yaml", WHOLE))
    assert (scenario.name, scenario.size) == ("my_team", 4)
    assert scenario.identity.startswith("my_team-")


def test_a_file_changes_only_what_differs(write):
    path = write("more.yaml", "extends: research_team\nteam:\n  patients:\n    count: 6\n")
    base, scenario = load_scenario("research_team"), load_scenario(str(path))
    assert scenario.count("patient") == 6
    assert scenario == base.replace(
        {"team.patients.count": 6, "name": "more", "title": "", "question": "", "description": ""}
    )


def test_what_tells_a_scenario_apart_is_not_inherited_but_sources_are(write):
    scenario = load_scenario(write("mine.yaml", "extends: token_seat\ntitle: Mine\n"))
    base = load_scenario("token_seat")
    assert (scenario.name, scenario.title, scenario.question, scenario.description) == (
        "mine",
        "Mine",
        "",
        "",
    )
    assert scenario.sources == base.sources
    assert load_scenario(write("own.yaml", "extends: token_seat\nsources: [me]\n")).sources == ("me",)
    assert load_scenario({"extends": "token_seat"}).name == "unnamed"
    assert load_scenario({"extends": "token_seat", "name": "named"}).name == "named"


def test_null_removes_groups_phases_roles_and_interventions(write):
    path = write(
        "less.yaml",
        "extends: co_chaired\n"
        "team: {policymakers: null}\n"
        "phases: {governance: null, conducting: ~}\n"
        "interventions: {co_chairing: null}\n",
    )
    scenario = load_scenario(path)
    assert sorted(scenario.team) == ["lead", "patients", "providers", "researchers"]
    assert list(scenario.phases) == ["priority_setting", "knowledge_translation"]
    assert dict(scenario.interventions) == {"public_premeeting": 1.0}
    no_shift = load_scenario({"extends": "rigour_or_relevance", "roles": {"patient": None}})
    assert list(no_shift.roles) == ["researcher"]


def test_null_gives_an_attribute_back_to_its_role():
    assert load_scenario("research_team").team["lead"].prestige == 0.9
    back = load_scenario({"extends": "research_team", "team": {"lead": {"prestige": None}}})
    assert back.team["lead"].prestige is None


def test_a_chain_of_files_counts_paths_from_each_file(write, monkeypatch, tmp_path):
    write("base/team.yaml", "extends: research_team\nfacilitation:\n  invitation: 0.2\n  queue: 0.1\n")
    write("base/quiet.yaml", "extends: team.yaml\nfacilitation:\n  invitation: 0.4\n")
    top = write("study/top.yaml", "extends: ../base/quiet.yaml\nagenda:\n  shared: 0.5\n")
    monkeypatch.chdir(tmp_path.parent)
    scenario = load_scenario(top)
    assert scenario.name == "top"
    assert (scenario.facilitation.invitation, scenario.facilitation.queue) == (0.4, 0.1)
    assert scenario.agenda.shared == 0.5


def test_a_mapping_extends_a_file_and_is_left_alone(write):
    write("team.yaml", WHOLE)
    given = {"extends": "team.yaml", "team": {"patients": {"count": 5}, "researchers": {"count": 1}}}
    before = repr(given)
    assert load_scenario(given).size == 6
    assert repr(given) == before


def test_a_file_may_have_the_name_of_the_scenario_it_extends(write):
    path = write("research_team.yaml", "extends: research_team\nagenda: {shared: 1.0}\n")
    assert load_scenario(path).agenda.shared == 1.0
    assert load_scenario("research_team").agenda.shared == 0.0, "a bare name is the catalogue's"


def test_order_of_phases_in_a_file_does_not_matter(write):
    lines = "phases:\n  knowledge_translation: {level: inform}\n  governance: {level: consult}\n"
    scenario = load_scenario(write("late.yaml", WHOLE.split("phases:", maxsplit=1)[0] + lines))
    assert list(scenario.phases) == ["governance", "knowledge_translation"]


def test_the_same_content_has_the_same_identity_however_it_is_written(write):
    block = write("one.yaml", "name: same\nextends: research_team\nteam:\n  patients:\n    count: 6\n")
    flow = write("two.yaml", "{team: {patients: {count: 6}}, extends: research_team, name: same}")
    assert load_scenario(block).identity == load_scenario(flow).identity


@pytest.mark.parametrize("given", [None, 3, ["research_team"]])
def test_something_else_altogether(given):
    with pytest.raises(ConfigError, match="the path of a file, or a mapping"):
        load_scenario(given)
