"""codemeta.json and .zenodo.json are those of pyproject.toml and CITATION.cff."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from cosim.documents.software_metadata import FILES, codemeta, texts, zenodo
from cosim.version import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_the_files_have_not_drifted(name):
    told = "renew it: python -m cosim.documents.software_metadata"
    assert (ROOT / name).read_text(encoding="utf-8") == texts(ROOT)[name], told


def test_they_say_what_their_sources_say():
    for made in (codemeta(PROJECT, CITATION), zenodo(PROJECT, CITATION)):
        assert made["version"] == __version__
        assert "MIT" in made["license"]
        assert made["keywords"] == PROJECT["keywords"]
    assert codemeta(PROJECT, CITATION)["softwareRequirements"] == PROJECT["dependencies"]


def test_people_dates_and_addresses_are_taken_over_once_there_are_some():
    people = [{"family-names": "Ito", "given-names": "Mei", "orcid": "https://orcid.org/0000-0000-0000-0000"}]
    told = {**CITATION, "authors": people, "date-released": "2027-01-02", "doi": "10.5281/zenodo.1"}
    told["repository-code"] = "https://example.org/cosim"
    made = codemeta(PROJECT, told)
    assert made["author"][0]["@id"].endswith("0000")
    assert made["datePublished"] == "2027-01-02"
    assert made["codeRepository"] == "https://example.org/cosim"
    assert zenodo(PROJECT, told)["creators"] == [{"name": "Ito, Mei"}]
