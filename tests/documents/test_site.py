"""The documentation's own pages: what they tell a reader to do works, and no record lacks a page."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from cosim.browser.lesson import lessons
from cosim.catalogue import names
from cosim.cli import COMMANDS
from cosim.interventions import INTERVENTIONS
from cosim.outcomes import OUTCOME_NAMES
from tests.documents.followed import follow

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> Path:
    pytest.importorskip("sphinx")
    spec = importlib.util.spec_from_file_location("catalogue_pages", DOCS / "catalogue_pages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("reference")
    for name in module.FOLDERS:
        (folder / name).mkdir()
    module.write_pages(folder)
    return folder


@pytest.mark.parametrize(
    ("folder", "records"),
    [("scenarios", names()), ("interventions", list(INTERVENTIONS)), ("commands", list(COMMANDS))],
)
def test_every_record_has_a_page_that_the_index_lists(pages, folder, records):
    listed = (pages / folder / "index.md").read_text(encoding="utf-8").split()
    assert records
    for name in records:
        assert name in listed
        assert (pages / folder / f"{name}.md").read_text(encoding="utf-8").startswith("# ")


def test_every_outcome_is_explained(pages):
    text = (pages / "outcomes" / "all.md").read_text(encoding="utf-8")
    assert not [name for name in OUTCOME_NAMES if f"`{name}`" not in text]


@pytest.mark.slow
def test_the_tutorial_works_as_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = follow(DOCS / "tutorial" / "first_study.md", tmp_path)
    assert len(ran) == 5
    assert not [(command, result.output) for command, result in ran if result.exit_code]
    assert (tmp_path / "results" / "our_study" / "report.html").is_file()


@pytest.mark.parametrize("tags", [(), ("recorded",)])
def test_the_site_holds_the_recorded_lessons_when_asked(tmp_path, monkeypatch, caplog, tags):
    caplog.set_level("INFO")  # as other parts of a site set it
    application = pytest.importorskip("sphinx.application")
    pytest.importorskip("myst_parser")
    monkeypatch.syspath_prepend(str(DOCS))
    source, site = tmp_path / "source", tmp_path / "site"
    (source / "teaching").mkdir(parents=True)
    (source / "index.md").write_text("# Here\n\n[Teaching](teaching/README.md)\n", encoding="utf-8")
    (source / "teaching" / "README.md").write_text("# The demo\n\nText.\n", encoding="utf-8")
    asked = {"extensions": ["myst_parser", "recorded_lessons"], "recorded_lessons": [lessons()[0].name]}
    trees = tmp_path / "trees"
    application.Sphinx(source, None, site, trees, "html", asked, status=None, warning=None, tags=tags).build()
    page = site / "teaching" / "recorded" / "index.html"
    told = (site / "teaching" / "README.html").read_text(encoding="utf-8")
    assert "timestep" not in caplog.text
    assert page.exists() == bool(tags)
    assert ('href="recorded/index.html"' in told) == bool(tags)
    assert "Text." in told
    if tags:
        assert f"data-{lessons()[0].name}" in page.read_text(encoding="utf-8")
