"""A study run and read from Python is the study that the command runs, and says what its report says."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

import cosim
from cosim.errors import ConfigError
from tests.cli.terminal import cosim as command

pytestmark = pytest.mark.usefixtures("one_format")

CONFIG = {
    "study": "compare",
    "title": "<b>Rounds</b> & more",
    "scenario": "research_team",
    "interventions": ["round_robin"],
    "worlds": {"count": np.int64(6)},
    "replicates": np.int64(3),
    "output": {"people": True},
    "quick": {"worlds": {"count": 2}},
}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return cosim.run_study(CONFIG, tmp_path_factory.mktemp("api") / "rounds", workers=1)


def test_the_tables_are_those_of_the_folder(study):
    for name in ("runs", "people", "design"):
        table = getattr(study, name)
        pd.testing.assert_frame_equal(
            table, pd.read_parquet(study.folder / f"{name}.parquet"), check_dtype=False
        )
    assert (len(study.design), len(study.runs)) == (12, 36)
    assert (study.kind, study.name, study.config["replicates"]) == ("compare", "compare", 3)


def test_the_command_gives_the_same_numbers(study, tmp_path):
    file = tmp_path / "rounds.yaml"
    file.write_text((study.folder / "config.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    command("run", str(file), "-o", str(tmp_path / "out"), "--no-report")
    other = cosim.load_study(str(tmp_path / "out"))
    pd.testing.assert_frame_equal(other.runs, study.runs, check_exact=True)
    assert other.name == "rounds"


def test_findings_hold_the_numbers_of_the_report(study):
    found = study.findings()
    assert found.answer
    assert found.facts["simulated projects"] == "36"
    page = study.report()
    assert page == study.folder / "report.html"
    for name, table in found.tables.items():
        written = pd.read_csv(study.folder / "tables" / f"{name}.csv")
        assert list(written.columns) == list(table.columns)
        assert len(written) == len(table) == len(found.table(name))
    assert found.answer[0] in str(found)


def test_every_figure_is_drawn_afresh(study):
    assert "ranking" in study.figures
    for name in study.figures:
        one, two = study.figure(name), study.figure(name)
        assert isinstance(one, Figure)
        assert one is not two


def test_a_finished_study_is_read_instead_of_run_again(study):
    again = cosim.run_study(CONFIG, study.folder, resume=True)
    pd.testing.assert_frame_equal(again.runs, study.runs, check_exact=True)


def test_the_quick_form_and_the_config_s_own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = Path("rounds.yaml")
    file.write_text(
        "study: compare\nscenario: research_team\ninterventions: [round_robin]\n"
        "worlds: {count: 4}\nreplicates: 2\nquick: {worlds: {count: 2}}\n",
        encoding="utf-8",
    )
    quick = cosim.run_study(file, quick=True, workers=np.int8(1))
    assert (quick.folder, len(quick.runs)) == (Path("results/rounds-quick"), 8)
    assert quick.people is None or len(quick.people)


def test_auto_replicates_are_found_by_a_pilot(tmp_path):
    config = {**CONFIG, "replicates": "auto", "precision": {"half_width": 0.2, "pilot": 3, "at_most": 4}}
    found = cosim.run_study(
        {key: value for key, value in config.items() if key != "quick"}, tmp_path / "auto"
    )
    assert found.config["replicates"] in (2, 3, 4)


class Tags(HTMLParser):
    """Notes which tags a text holds, and that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("what", ["study", "findings", "simulation"])
def test_notebooks_show_results_as_html(study, what):
    shown = {
        "study": lambda: study,
        "findings": study.findings,
        "simulation": lambda: cosim.simulate("research_team", 2),
    }[what]()
    text = shown._repr_html_()
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert tags.seen <= {"h4", "p", "table", "thead", "tbody", "tr", "th", "td"}
    assert not re.search("[\x00-\x08\x0b-\x1f]", text)


def test_what_others_wrote_is_escaped_in_html(tmp_path):
    config = {**CONFIG, "question": "<script>alert(1)</script> & why?", "replicates": 2}
    text = cosim.run_study(config, tmp_path / "bad", workers=1)._repr_html_()
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_control_characters_are_refused_before_anything_is_run(tmp_path):
    with pytest.raises(cosim.ConfigError):
        cosim.run_study({**CONFIG, "question": "\x1b[31m why?"}, tmp_path / "bad", workers=1)
    assert not (tmp_path / "bad").exists()


def test_a_summary_of_a_simulation_has_means_and_their_error():
    result = cosim.simulate("research_team", 4)
    table = result.summary()
    runs = result.runs["influence_gini"]
    assert table.loc["influence_gini", "mean"] == pytest.approx(runs.mean())
    assert table.loc["influence_gini", "mcse"] == pytest.approx(runs.std(ddof=1) / 2)
    assert table.loc["influence_gini", "unit"] == "Gini"
    assert set(table.index) == set(result.runs.columns) - {"replicate"}


def test_dir_shows_the_api_and_nothing_else():
    assert dir(cosim) == sorted(cosim.__all__)
    assert dir(cosim.analysis) == sorted(cosim.analysis.__all__)
    for name in cosim.__all__:
        assert getattr(cosim, name) is not None
    with pytest.raises(AttributeError, match="simulate"):
        cosim.simulat  # noqa: B018


BAD_STUDIES = {
    "none": (None, {}),
    "number": (3, {}),
    "list": ([], {}),
    "bytes": (b"study.yaml", {}),
    "no file": ("no/such.yaml", {}),
    "long name": ("x" * 300 + ".yaml", {}),
    "null letter": ("a\0b.yaml", {}),
    "empty": ("", {}),
    "folder": (".", {}),
    "empty mapping": ({}, {}),
    "number as key": ({3: 4}, {}),
    "unknown kind": ({**CONFIG, "study": "compair"}, {}),
    "unknown key": ({**CONFIG, "wolrds": {}}, {}),
    "unknown outcome": ({**CONFIG, "outcomes": ["voice_ginny"]}, {}),
    "outcome of a number": ({**CONFIG, "outcomes": [3]}, {}),
    "unknown scenario": ({**CONFIG, "scenario": "reserch_team"}, {}),
    "scenario of a number": ({**CONFIG, "scenario": 3}, {}),
    "unknown intervention": ({**CONFIG, "interventions": ["round_robbin"]}, {}),
    "half a world": ({**CONFIG, "worlds": {"count": np.float64(1.5)}}, {}),
    "extends nothing": ({**CONFIG, "extends": "no.yaml"}, {}),
    "output of a number": (CONFIG, {"output": 3}),
    "output with a null letter": (CONFIG, {"output": "a\0b"}),
    "output with a long name": (CONFIG, {"output": "x" * 300}),
    "output empty": (CONFIG, {"output": ""}),
    "quick as a word": (CONFIG, {"quick": "yes"}),
    "quick as one": (CONFIG, {"quick": 1}),
    "no quick form": ({"study": "compare", "scenario": "research_team"}, {"quick": True}),
    "resume as none": (CONFIG, {"resume": None}),
    "workers none of them": (CONFIG, {"workers": 0}),
    "workers as text": (CONFIG, {"workers": "2"}),
    "workers half": (CONFIG, {"workers": 1.5}),
    "engine misspelt": (CONFIG, {"engine": "compield"}),
    "engine of a number": (CONFIG, {"engine": 3}),
    "progress as a word": (CONFIG, {"progress": "yes"}),
}


@pytest.mark.parametrize("name", BAD_STUDIES)
def test_a_study_that_cannot_be_run_is_refused_before_anything_is_written(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config, rest = BAD_STUDIES[name]
    with pytest.raises(ConfigError):
        cosim.run_study(config, **{"output": "out", **rest})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "folder", [None, 3, b"x", [], "", "no/such/folder", ".", "x" * 300, "a\0b", Path("nowhere")], ids=repr
)
def test_a_folder_without_a_study_is_refused(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError):
        cosim.load_study(folder)


@pytest.mark.parametrize(
    "name", [None, 3, "", "rankin", ["ranking"], "x" * 10_000], ids=lambda name: str(name)[:10]
)
def test_figures_and_tables_that_are_not_there_are_refused(study, name):
    with pytest.raises(ConfigError) as caught:
        study.figure(name)
    assert "ranking" in caught.value.allowed
    with pytest.raises(ConfigError):
        study.findings().table(name)
    with pytest.raises(ConfigError, match="already holds"):
        cosim.run_study(CONFIG, study.folder)
