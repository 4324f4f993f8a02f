"""A team's views beside its talk, from files to the page."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from cosim.cli import main
from cosim.execution.manifest import Manifest, files_in
from cosim.meeting_logs.bundled_logs import LOGS, TABLES
from cosim.meeting_logs.decisions_file import read_decisions
from cosim.meeting_logs.people_file import read_people
from cosim.meeting_logs.reader import Reading, read_logs
from cosim.meeting_logs.views_file import read_views
from cosim.observation.influence_model import RETEST
from cosim.observation.own_team import own_teams
from cosim.observation.team_views import PUBLIC, look_at_views

DATA = Path(__file__).parents[2] / "cosim" / "meeting_logs" / "data"
NAMES = ("Okafor", "Lindqvist", "Haddad", "Price", "Whitlock")


def example():
    people = read_people(DATA / TABLES["example_people"])
    log = read_logs([DATA / LOGS["example_vtt"]], Reading(people=people))
    views = read_views(DATA / TABLES["example_views"], people=people)
    return log, views, people


def test_talk_and_views_stand_side_by_side() -> None:
    log, views, people = example()
    decided = read_decisions(DATA / TABLES["example_decision"], views)
    found = look_at_views(views, RETEST, log=log, people=people, teams=own_teams(log), decided=decided)
    gaps = found.gaps.set_index("role")
    words = log.frame.groupby("speaker")["words"].sum()
    assert gaps.loc[PUBLIC, "talk"] == pytest.approx(
        words[["Maryam Haddad", "Joan Price"]].sum() / words.sum()
    )
    assert gaps.loc[PUBLIC, "equal"] == 0.4
    for of in ("heeded", "outcome"):
        assert (gaps[f"{of}_low"] <= gaps[of]).all()
        assert (gaps[of] <= gaps[f"{of}_high"]).all()
    assert np.allclose(gaps["gap"], gaps["heeded"] - gaps["talk"])
    assert set(found.prior) == {"PI", "clinician", "public contributor", "statistician"}
    assert found.decision is not None
    assert found.decision.items == 12
    assert found.voice is not None
    assert set(found.agreement["statistic"]) == {"distance", "correlation"}


def test_who_is_silent_or_was_not_asked_is_said() -> None:
    log, views, people = example()
    frame = views.frame
    dee = frame[frame["person"] == "Sam Whitlock"].assign(person="Dee")
    fewer = pd.concat([frame[frame["person"] != "Joan Price"], dee])
    found = look_at_views(type(views)(fewer, views.kind, views.scale, "v"), RETEST, log=log, people=people)
    notes = " ".join(found.notes)
    assert "said nothing in the log (1): 'Dee'" in notes
    assert "gave no views, and are left out of what follows (1): 'Joan Price'" in notes


def test_the_command_writes_codes_a_manifest_and_no_single_view(tmp_path: Path) -> None:
    out = tmp_path / "out"
    tables = [f"--{key}=example_{key}" for key in ("people", "views", "decision")]
    done = CliRunner().invoke(main, ["observe", "example_vtt", *tables, "-o", str(out)])
    assert done.exit_code == 0, done.output
    manifest = Manifest.read(out)
    assert manifest is not None
    assert not manifest.faults(out)
    assert not manifest.strangers(out)
    for name in files_in(out):
        if name.endswith((".csv", ".json", ".html", ".svg")):
            text = (out / name).read_text(encoding="utf-8")
            assert not [one for one in NAMES if one in text], name
    assert json.loads((out / "provenance.json").read_text())["study"]["views"]["kind"] == "ratings"
    page = (out / "report.html").read_text(encoding="utf-8")
    for section in ("moved", "heeded", "agree", "decided", "private"):
        assert f'<section id="{section}">' in page


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--decision", "example_decision"], "beside --views"),
        (["--views", "example_views", "--scale", "7-1"], "not a scale"),
        (["--views", "example_views", "--scale", "1-5"], "outside of the scale"),
        (["--views", "example_views", "--retest", "1.5"], "correlation"),
        (["--views", "example_people"], "no shape"),
    ],
)
def test_what_is_wrong_is_refused_before_work(tmp_path: Path, words: list[str], told: str) -> None:
    out = tmp_path / "out"
    done = CliRunner().invoke(main, ["observe", "example_vtt", *words, "-o", str(out)])
    assert done.exit_code == 2
    assert told in " ".join(done.output.split())
    assert not out.exists()
