"""References are well formed in every form, whatever their authors and titles are called."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from cosim.catalogue import load_scenario
from cosim.studies import citation
from cosim.version import YEAR, __version__
from tests.cli.terminal import cosim
from tests.studies.planted import Shape, plant, single

ROOT = Path(__file__).parents[2]
ODD = 'Say & "do" {50 %} #1_a \\ ~^'


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    ways = {"round_robin": single("round_robin", influence_gini=-0.1)}
    return plant(tmp_path_factory.mktemp("cite") / "out", ways, Shape(worlds=4, replicates=2))


def test_the_software_is_that_of_the_citation_file():
    held = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    one = citation.software()
    assert (one.title, one.version, one.licence) == (held["title"], held["version"], held["license"])
    assert list(one.authors) == [author["name"] for author in held["authors"]]
    released = held.get("date-released")
    assert str(released or date.today())[:4] >= YEAR


@pytest.mark.parametrize("form", citation.FORMS)
def test_a_study_is_cited_in_every_form(folder, form):
    done = cosim("cite", folder, f"--{form}", "--author", "Ngozi, Ada", "--author", "Patients' Voice")
    assert done.exit_code == 0, done.output
    told = done.stdout
    identity = load_scenario("research_team").identity
    for wanted in ("Ngozi", "Patients' Voice", "0123456789ab", "9.9.9"):
        assert wanted in told, wanted
    assert identity.replace("_", r"\_" if form == "bibtex" else "_") in re.sub(r"\n\s+", " ", told)


@pytest.mark.parametrize("form", citation.FORMS)
def test_an_id_and_a_scenario_are_cited_in_every_form(form):
    old = cosim("cite", "research_team-c5ca59b9f534", f"--{form}")
    new = cosim("cite", "research_team", f"--{form}")
    assert (old.exit_code, new.exit_code) == (0, 0)
    assert "c5ca59b9f534" in old.stdout
    assert load_scenario("research_team").identity.rpartition("-")[2] in new.stdout


def test_csl_is_json_with_a_year(folder):
    results, made = json.loads(cosim("cite", folder, "--csl").stdout)
    assert (results["type"], made["type"]) == ("dataset", "software")
    assert results["issued"]["date-parts"] == [[2026]]
    assert made["version"] == "9.9.9"


def test_bibtex_keeps_every_letter_and_balances_its_braces():
    one = citation.Reference("a b", "dataset", ODD, (ODD, "Ito, Mei"), "2026")
    told = citation.written([one], "bibtex")
    bare = re.sub(r"\\textbackslash\{\}|\\textascii\w+\{\}|\\[&%$#_{}]", "", told)
    assert bare.count("{") == bare.count("}")
    assert not re.search(r"[&%$#~^\\]", bare)
    assert "@dataset{a_b," in told
    assert " and Ito, Mei" in told


def test_ris_has_one_tag_a_line():
    told = citation.written([citation.software("two\nlines")], "ris")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in told.splitlines())
    assert told.startswith("TY  - COMP\n")
    assert told.endswith("ER  - \n")
    assert f"ET  - {__version__}" in told


def test_cff_has_what_the_format_asks_for(folder):
    told = YAML(typ="safe").load(cosim("cite", folder, "--cff", "--author", "Ito, Mei").stdout)
    assert {"cff-version", "message", "title", "authors"} <= set(told)
    assert told["authors"] == [{"family-names": "Ito", "given-names": "Mei"}]
    assert told["type"] == "dataset"
    assert told["references"][0]["type"] == "software"


def test_without_authors_the_reader_is_told_who_has_to_name_them(folder):
    assert "you: name them" in cosim("cite", folder, "--bibtex").stdout


def test_what_cannot_be_cited_is_refused(tmp_path):
    done = cosim("cite", tmp_path)
    assert done.exit_code == 2
    assert "no finished study" in done.stderr


RECORD = {
    "authors": ["Boivin, Antoine", "INVOLVE"],
    "year": 2014,
    "title": ODD,
    "journal": "Milbank & Co",
    "volume": "92",
    "issue": "2",
    "pages": "319-350",
    "doi": "10.1111/1468-0009.12060",
    "taken": "x",
    "why": "y",
}


@pytest.fixture
def sourced(tmp_path):
    """A scenario with an article, a report of the same year, a construction, and a line of text."""
    report = {key: RECORD[key] for key in ("authors", "year", "taken", "why")}
    report |= {"title": "Second", "publisher": "NIHR", "status": "recalled"}
    ours = {**report, "title": "Ours", "status": "construction"}
    path = tmp_path / "mine.yaml"
    sources = json.dumps([RECORD, report, ours, "A line"])
    path.write_text(f"extends: token_seat\nsources: {sources}\n", encoding="utf-8")
    return path


def test_the_sources_of_a_scenario_are_cited_with_it(sourced):
    _, article, report = json.loads(cosim("cite", sourced, "--csl").stdout)
    assert (article["id"], report["id"]) == ("Boivin_2014", "Boivin_2014a")
    assert (article["type"], report["type"]) == ("article-journal", "document")
    assert (article["container-title"], article["volume"], article["issue"]) == ("Milbank & Co", "92", "2")
    assert (article["page"], article["DOI"]) == ("319-350", "10.1111/1468-0009.12060")
    assert article["author"] == [{"family": "Boivin", "given": "Antoine"}, {"literal": "INVOLVE"}]
    assert (report["publisher"], report["note"]) == ("NIHR", "Recalled, unchecked.")


def test_sources_are_cited_in_the_other_forms(sourced):
    bibtex = cosim("cite", sourced, "--bibtex").stdout
    assert re.findall(r"^@(\w+)\{", bibtex, re.M) == ["software", "article", "misc"]
    assert r"journal = {Milbank \& Co}" in bibtex
    assert "pages = {319--350}" in bibtex
    ris = cosim("cite", sourced, "--ris").stdout
    assert re.findall(r"^TY  - (\w+)$", ris, re.M) == ["COMP", "JOUR", "GEN"]
    assert {"SP  - 319", "EP  - 350", "VL  - 92", "DO  - 10.1111/1468-0009.12060"} <= set(ris.splitlines())
    cff = YAML(typ="safe").load(cosim("cite", sourced, "--cff").stdout)
    article, report = cff["references"]
    assert (article["type"], article["journal"], article["start"]) == ("article", "Milbank & Co", "319")
    assert (report["type"], report["publisher"]) == ("generic", {"name": "NIHR"})
    assert "notes" not in article
