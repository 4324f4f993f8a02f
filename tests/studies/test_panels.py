"""Whose decisions they were, and lenses: one small comparison, read without running anything again."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.catalogue import load_scenario
from cosim.execution.stored_table import HeldTable
from cosim.lenses import LENSES
from cosim.outcomes import OUTCOME_NAMES
from cosim.scenario import Scenario
from cosim.scenario.vocabulary import ROLES
from cosim.studies.panels import lens_tables, lenses_section, means_by_arm, owner_words, owners, panels
from cosim.studies.results import Results, read_results
from tests.cli.terminal import cosim

CONFIG = """study: compare
scenario: research_team
arms:
  short: {set: {phases.*.minutes: 20.0}}
  led: {set: {phases.*.minutes: 20.0, phases.conducting.rule: lead_decides}}
  consulted: {set: {phases.*.minutes: 20.0, phases.*.level: consult}}
replicates: 12
seed: 3
outcomes: [influence_gini]
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("panels")
    (place / "c.yaml").write_text(CONFIG, encoding="utf-8")
    result = cosim("run", place / "c.yaml", "-o", place / "out", "-w", "1", "--no-report")
    assert result.exit_code == 0, result.output
    return place / "out"


@pytest.fixture(scope="module")
def results(folder: Path) -> Results:
    return read_results(folder)


def test_parts_of_every_decision_sum_to_100_and_fit_the_outcomes(results):
    table = owners(results)
    assert table is not None
    assert len(table) == 4 * 4
    assert table[[*ROLES, "outside"]].sum(axis=1).to_numpy() == pytest.approx(100.0)
    public = table.groupby("arm", sort=False)["patient"].mean()
    expected = results.runs.groupby("arm")["parts_public"].mean()
    assert public.to_numpy() == pytest.approx(expected[public.index].to_numpy())


def test_the_declared_owner_stands_beside_what_became_of_it(results):
    table = owners(results)
    assert table is not None
    told = table.set_index(["arm", "phase"])["declared"]
    assert told["short", "conducting"] == "the whole team; the lead signs off"
    assert told["led", "conducting"] == "the lead"
    assert told["consulted", "governance"] == "professionals; the lead signs off"
    led = table.set_index(["arm", "phase"])["researcher"]
    assert led["led", "conducting"] > led["short", "conducting"] + 10.0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "the whole team; the lead signs off"),
        ({"phases.*.level": "empower"}, "the public members; the lead signs off"),
        (
            {"phases.*.level": "consult", "phases.*.declared": "collaborate"},
            "the whole team; the lead signs off",
        ),
        ({"accountability.form": "none"}, "the whole team"),
        ({"accountability.form": "full_veto"}, "the whole team; the lead has a veto"),
        ({"accountability.form": "delegated"}, "the whole team"),
        ({"phases.*.rule": "lead_decides"}, "the lead"),
        ({"team.lead.lead": False}, "the whole team"),
    ],
)
def test_owners_in_words(changes, words):
    scenario: Scenario = load_scenario("research_team").replace(changes)
    assert owner_words(scenario, scenario.phases["conducting"]) == words


@pytest.mark.parametrize("name", LENSES)
def test_a_lens_shows_every_way_of_working(results, name):
    asked, shown = lens_tables(results, LENSES[name])
    assert len(asked.rows) == len(LENSES[name].axes)
    assert len(shown.rows) == 4
    assert len(shown.columns) == 1 + len(LENSES[name].axes)


def test_lenses_tell_consultation_from_collaboration(results):
    means = means_by_arm(results, LENSES["iap2"])
    assert means is not None
    level = {
        arm: LENSES["iap2"].read(dict(means.loc[arm]))["Level enacted"].words
        for arm in ("short", "consulted")
    }
    assert level == {"short": "collaborate", "consulted": "consult"}


def test_the_sections_are_left_out_where_what_they_need_was_not_kept(results, tmp_path):
    from dataclasses import replace

    lacking = results.runs.drop(columns=[name for name in OUTCOME_NAMES if name != "influence_gini"])
    bare = replace(results, folder=tmp_path, run_table=HeldTable(lacking))
    assert panels(bare) == ()
    assert lenses_section(bare) == ()


def test_the_page_has_both_sections(folder):
    assert cosim("report", folder).exit_code == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    for section in ("owners", "lenses"):
        assert f'<section id="{section}">' in page


@pytest.mark.parametrize("name", LENSES)
def test_the_command_reads_a_study_through_a_lens_and_writes_nothing(folder, name):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    result = cosim("report", folder, "--lens", name)
    assert result.exit_code == 0, result.output
    for axis in LENSES[name].axes:
        assert axis.name in result.stdout
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_an_unknown_lens_is_refused_with_the_nearest(folder):
    result = cosim("report", folder, "--lens", "principals")
    assert result.exit_code == 2
    assert "principles" in result.output
