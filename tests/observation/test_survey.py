"""Views before and after without a log of the meeting: all that can be said without talk, and no more."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from cosim.cli import main
from cosim.execution.manifest import Manifest, files_in
from cosim.meeting_logs.people_file import read_people
from cosim.meeting_logs.views_file import read_views
from cosim.observation.findings import Asked, look_at_survey
from cosim.observation.heeded_report import sentence
from cosim.observation.planted_views import Planted
from cosim.observation.survey_report import roles
from tests.observation.test_team_views import DATA, NAMES, TABLES

VIEWS = ["--views", "example_views"]


def run(*words: str, **more: object):
    return CliRunner().invoke(main, ["observe", *words], **more)  # type: ignore[arg-type]


def test_without_a_log_the_page_has_all_but_the_talk(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run(*VIEWS, "--people", "example_people", "--decision", "example_decision", "-o", str(out))
    assert done.exit_code == 0, done.output
    manifest = Manifest.read(out)
    assert manifest is not None
    assert not manifest.faults(out)
    page = (out / "report.html").read_text(encoding="utf-8")
    for section in ("moved", "heeded", "agree", "decided", "views", "private", "limits"):
        assert f'<section id="{section}">' in page
    for name in files_in(out):
        if name.endswith((".csv", ".json", ".html", ".svg")):
            text = (out / name).read_text(encoding="utf-8")
            assert not [one for one in NAMES if one in text], name
    gaps = pd.read_csv(out / "heard_and_heeded.csv")
    assert gaps[["talk", "gap", "below"]].isna().all(axis=None)
    assert gaps["below_equal"].between(0.0, 1.0).all()
    study = json.loads((out / "provenance.json").read_text())["study"]
    assert "log" not in study
    assert study["views"]["items"] == 12
    counts = pd.read_csv(out / "roles.csv").set_index("role")
    table = pd.read_csv(DATA / TABLES["example_views"]).drop(columns="person").notna()
    first, last = (table.filter(like=wave).to_numpy() for wave in (" before", " after"))
    assert counts["before"].sum() == first.sum()
    assert counts["both"].sum() == (first & last).sum()


def test_what_is_said_of_the_views_is_the_same_with_and_without_names(tmp_path: Path) -> None:
    people = read_people(DATA / TABLES["example_people"])
    views = read_views(DATA / TABLES["example_views"], people=people)
    found = look_at_survey(Asked(views, people=people))
    codes = {name: f"P{place}" for place, name in enumerate(views.people)}
    coded = look_at_survey(Asked(views.with_roles(people.roles).coded(codes, {})))
    assert np.allclose(found.views.gaps["heeded"], coded.views.gaps["heeded"])
    assert not found.views.spoken
    assert roles(found.views.blocks)["persons"].sum() == 5


@pytest.mark.parametrize(("weight", "told"), [(0.05, "heeded less than"), (12.0, "heeded more than")])
def test_with_many_items_it_says_who_was_heeded_less_than_an_equal_share(weight: float, told: str) -> None:
    team = Planted(4, 4, 400, weight=weight, closed=0.6, social=0.95, role=0.3, missing=0.0)
    found = look_at_survey(Asked(team.views(np.random.default_rng(1))))
    assert f"It was {told} an equal share" in sentence(found.views)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "views before and after alone"),
        ([*VIEWS, "--fit"], "--fit"),
        ([*VIEWS, "--next"], "--fit"),
        ([*VIEWS, "--same-meeting"], "--same-meeting"),
        ([*VIEWS, "--lead", "Joan Price"], "--lead"),
        ([*VIEWS, "--column", "speaker=Code"], "--column"),
        ([*VIEWS, "--kind", "chat"], "--kind"),
        ([*VIEWS, "--role", "Joan Prise=patient"], "Joan Price"),
        (["--decision", "example_decision"], "views before and after alone"),
    ],
)
def test_what_views_alone_cannot_answer_is_refused_before_work(
    tmp_path: Path, words: list[str], told: str
) -> None:
    done = run(*words, "-o", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert told in " ".join(done.output.split())
    assert not (tmp_path / "out").exists()


def test_roles_can_be_told_without_a_table_of_people(tmp_path: Path) -> None:
    views = tmp_path / "views.csv"
    rows = ["person,item,before,after", *(f"{who},item {i},{i % 5 + 1},{(i + k) % 5 + 1}"
            for k, who in enumerate(("Ann", "Ben", "Cy")) for i in range(6))]  # fmt: skip
    views.write_text("\n".join(rows), encoding="utf-8")
    out = tmp_path / "out"
    given = ["--role", "Ann=patient", "--role", "Ben=GP", "--role", "Cy=GP", "--names"]
    done = run("--views", str(views), *given, "-o", str(out))
    assert done.exit_code == 0, done.output
    gaps = pd.read_csv(out / "heard_and_heeded.csv").set_index("role")
    assert gaps.loc["patient", "equal"] == pytest.approx(1.0 / 3.0)
    assert "Ann" in (out / "people_moved.csv").read_text(encoding="utf-8")
