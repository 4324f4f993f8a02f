"""Sources of a scenario: records that can be found again, or lines of text; neither is in the identity."""

from __future__ import annotations

import json

import pytest

from cosim.catalogue import load_scenario
from cosim.errors import ConfigError
from cosim.scenario import Scenario, SourceRecord

RECORD = {
    "authors": ["Boivin, Antoine", "INVOLVE"],
    "year": 2014,
    "title": "What are the ingredients?",
    "journal": "Milbank Quarterly",
    "volume": "92",
    "issue": "2",
    "pages": "319-350",
    "doi": "10.1111/1468-0009.12060",
    "taken": "how public members came to be heard",
    "why": "it is the only trial.",
}
TEAM = load_scenario("token_seat")


def test_a_record_and_a_line_of_text_stand_side_by_side_and_come_back():
    scenario = TEAM.replace({"sources": [RECORD, "Somebody 2020, by word of mouth"]})
    record, line = scenario.sources
    assert isinstance(record, SourceRecord)
    assert line == "Somebody 2020, by word of mouth"
    back = Scenario.from_dict(json.loads(json.dumps(scenario.to_dict())))
    assert back == scenario
    assert scenario.to_dict()["sources"][0] == {**RECORD, "status": "published"}, "no empty keys"


def test_sources_and_assumptions_are_not_in_the_identity():
    told = TEAM.replace({"sources": [RECORD], "assumed": ["Everything"]})
    assert told.identity == TEAM.identity
    assert "assumed" not in TEAM.replace({"assumed": []}).to_dict()


def test_it_is_told_as_a_reference_with_what_was_taken_and_why():
    record = SourceRecord(**RECORD)
    assert record.reference == (
        "Boivin, Antoine; INVOLVE (2014). What are the ingredients? Milbank Quarterly 92(2), 319-350. "
        "https://doi.org/10.1111/1468-0009.12060"
    )
    assert str(record).endswith("Taken: How public members came to be heard. Why: It is the only trial.")
    assert "(recalled, unchecked)" in str(SourceRecord(**{**RECORD, "status": "recalled"}))


@pytest.mark.parametrize(
    ("change", "key", "told"),
    [
        ({"titel": "x"}, "titel", "there is no such key"),
        ({"authors": []}, "authors", "too few entries"),
        ({"year": "2014"}, "year", "whole number"),
        ({"doi": "https://doi.org/10.1111/1468"}, "doi", "without `https://doi.org/`"),
        ({"url": "www.nihr.ac.uk"}, "url", "is no address"),
        ({"status": "publishd"}, "status", "not one of the known values"),
        ({"doi": None}, "status", "doi or a url"),
        ({"taken": None}, "taken", "text"),
    ],
)
def test_a_record_that_cannot_be_is_refused_with_its_place(change, key, told, tmp_path):
    path = tmp_path / "mine.yaml"
    source = {name: value for name, value in {**RECORD, **change}.items() if name != "doi" or value}
    path.write_text(f"extends: token_seat\nsources:\n  - {json.dumps(source)}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=told) as refused:
        load_scenario(path)
    assert refused.value.file == path
    assert refused.value.line == 3
    assert refused.value.key == f"sources[0].{key}"
    assert "\n" not in str(refused.value), "that it is no line of text is no news"


def test_what_is_neither_record_nor_text_is_refused():
    with pytest.raises(ConfigError) as refused:
        TEAM.replace({"sources": [5]})
    assert str(refused.value.key).startswith("sources")


def test_an_extending_file_inherits_both(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("extends: token_seat\n", encoding="utf-8")
    mine = load_scenario(path)
    assert (mine.sources, mine.assumed) == (TEAM.sources, TEAM.assumed)
