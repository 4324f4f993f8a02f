"""A scenario of one's own, written by `cosim new`: valid as it stands, whoever is on the team."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosim.catalogue import load_scenario
from cosim.catalogue.new_team import read_roles, write_new
from cosim.errors import ConfigError
from cosim.scenario.role_words import PHRASES, WORDS, is_lead, meant_role
from cosim.scenario.vocabulary import ROLES
from tests.cli.terminal import cosim

LINE = "2 patient, 1 carer, 3 clinician, 1 lead researcher, 1 commissioner"
PAGE = Path(__file__).parents[2] / "docs" / "how_to" / "own_team.md"


def test_a_line_of_titles_becomes_groups_with_their_own_names() -> None:
    found = [(one.label, one.key, one.role, one.count, one.lead) for one in read_roles(LINE)]
    assert found == [
        ("Patients", "patients", "patient", 2, False),
        ("Carer", "carer", "patient", 1, False),
        ("Clinicians", "clinicians", "provider", 3, False),
        ("Lead researcher", "lead_researcher", "researcher", 1, True),
        ("Commissioner", "commissioner", "policymaker", 1, False),
    ]


def test_plurals_and_titles_that_nobody_could_guess() -> None:
    found = read_roles(
        "2 member of the public; 3 people with asthma = patient; 2 x GP; 4 funding body = funder"
    )
    labels = ["Members of the public", "People with asthma", "GPs", "Funding bodies"]
    assert [one.label for one in found] == labels
    assert [one.role for one in found] == ["patient", "patient", "provider", "policymaker"]


def test_numbers_may_be_words_and_titles_may_hold_numbers() -> None:
    found = read_roles(
        "Two patient, a carer, twenty GPs, nurse, 3 patients with type 2 diabetes, 1 lay person 2"
    )
    told = [(one.label, one.count) for one in found]
    assert told == [
        ("Patients", 2),
        ("Carer", 1),
        ("GPs", 20),
        ("Nurse", 1),
        ("Patients with type 2 diabetes", 3),
        ("Lay person 2", 1),
    ]


def test_a_deputy_does_not_take_the_lead() -> None:
    leads = [
        one.lead for one in read_roles("1 deputy lead researcher, 1 lead nurse, 1 lead researcher, 1 PI")
    ]
    assert leads == [False, False, True, False]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("3 astronauts, 2 nurses", "which role"),
        ("1 patient", "2 to 60"),
        ("", "2 to 60"),
        ("61 patients", "out of range"),
        ("0 patients, 2 nurses", "out of range"),
        ("40 patients, 40 nurses", "2 to 60"),
        ("2 patients, 1 patients", "twice"),
        ("2 carers, -1 GP", "no number of people"),
        ("2 carers, 1 = GP", "no number of people"),
        ("1 patient safety manager, 2 nurses", "which role"),
        ("2 carers = wizard, 2 nurses", "which role"),
        ("2 patient 3 nurse", "comma"),
        ("2 patients and 3 nurses", "comma"),
        ("a few patients, 2 nurses", "how many"),
        ("no patients, 2 nurses", "how many"),
        ("a dozen nurses, 1 PI", "how many"),
        ("thirty-one nurses, 1 PI", "how many"),
        ("patients, 2 nurses", "how many"),
        ("a patients, 2 nurses", "how many"),
        ("patient: 2, nurse: 3", "how many"),
    ],
)
def test_what_cannot_be_told_is_refused_and_nothing_is_written(tmp_path: Path, line: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told) as found:
        write_new(tmp_path / "team.yaml", roles=line)
    assert found.value.key == "roles"
    assert not list(tmp_path.iterdir())


TITLES = sorted({*PHRASES, *(word for words in WORDS.values() for word in words)})


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.sampled_from(TITLES)),
        min_size=2,
        max_size=6,
        unique_by=lambda one: one[1][:5],
    )
)
def test_any_team_makes_a_valid_file(
    tmp_path_factory: pytest.TempPathFactory, team: list[tuple[int, str]]
) -> None:
    path = tmp_path_factory.mktemp("new") / "null.yaml"
    scenario = write_new(path, roles=", ".join(f"{count} {title}" for count, title in team))
    assert scenario.size == sum(count for count, _ in team)
    for group, (count, title) in zip(scenario.team.values(), team, strict=True):
        assert (group.role, group.count) == (meant_role(title), count)
        assert group.label is not None
    leads = [title for count, title in team if count == 1 and is_lead(title)]
    assert [group.lead for group in scenario.team.values()].count(True) == min(1, len(leads))
    assert load_scenario(path) == scenario


def test_a_file_may_begin_with_a_scenario_or_another_file(tmp_path: Path) -> None:
    same = write_new(tmp_path / "same.yaml", base="research_team")
    assert {name: group.count for name, group in same.team.items()} == {
        name: group.count for name, group in load_scenario("research_team").team.items()
    }
    (tmp_path / "below").mkdir()
    other = write_new(tmp_path / "below" / "mine.yaml", str(tmp_path / "same.yaml"), LINE)
    assert set(other.team) == {one.key for one in read_roles(LINE)}
    assert other.count("patient") == 3
    text = (tmp_path / "below" / "mine.yaml").read_text(encoding="utf-8")
    assert re.search(r'^extends: "?\.\./same\.yaml"?$', text, re.M)


def test_labels_are_names_and_leave_the_id_alone() -> None:
    plain = load_scenario("research_team")
    assert "label" not in plain.to_dict()["team"]["patients"]
    named = plain.replace({"team.patients.label": "People with diabetes"})
    assert named.identity == plain.identity
    assert named.team["patients"].called("patients") == "People with diabetes"
    assert plain.team["patients"].called("patients") == "Patients"


def test_new_check_and_simulate_by_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = cosim("new", "team", "--roles", LINE, "--study", "question")
    assert made.exit_code == 0, made.output
    assert "nobody is the accountable lead" not in made.output
    for file in ("team.yaml", "question.yaml"):
        assert cosim("check", file).exit_code == 0
    told = cosim("simulate", "team.yaml", "-n", "4", "--engine", "reference", "--groups")
    assert told.exit_code == 0, told.output
    for label in ("Lead researcher", "Clinicians", "Commissioner", "Carer", "Patients"):
        assert re.search(rf"^{label} .* \d\.\d\d ", told.output, re.M)
    for line, notes in (("1 lead nurse, 1 lead researcher", 1), ("1 deputy lead researcher, 1 GP", 0)):
        (tmp_path / "leads.yaml").unlink(missing_ok=True)
        assert cosim("new", "leads", "--roles", line).output.count("is not the accountable lead") == notes
    again = cosim("new", "team")
    assert again.exit_code == 2
    assert "there already" in again.stderr
    assert cosim("new", "no/such/team.yaml").exit_code == 2


def test_the_page_lists_the_whole_table_of_titles() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for role in ROLES:
        [row] = [line for line in text.splitlines() if line.startswith(f"| {role} |")]
        listed = {word.strip() for word in row.split("|")[2].split(",")}
        phrases = {phrase for phrase, meant in PHRASES.items() if meant == role}
        assert listed == {*WORDS[role], *phrases}
