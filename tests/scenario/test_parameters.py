"""Parameter records: complete, sourced or marked as assumed, within their own limits."""

from __future__ import annotations

import pytest

from cosim.config.parameter import Parameter
from cosim.scenario import ATTRIBUTES, SECTIONS, parameters, phase_parameters
from cosim.scenario.vocabulary import ROLES

RECORDS = [*parameters(), *phase_parameters()]
# What an hour of salaried staff costs is a choice of what to count, and is not drawn.
DRAWN_PRICES = ("costs.public_hour", "costs.public_expenses", "costs.facilitator_hour")
EACH = pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.key)
WITHOUT_RECORD = {"system.required_level", "costs.currency"}
"""Words that name something outside the model: no number to vary."""


def test_keys_are_distinct_and_many():
    keys = [record.key for record in RECORDS]
    assert len(keys) == len(set(keys)) > 150


def test_every_field_of_a_section_is_a_record():
    recorded = {record.key for record in RECORDS}
    for name, section in SECTIONS.items():
        for field in section.model_fields:
            assert f"{name}.{field}" in recorded | WITHOUT_RECORD


def test_every_attribute_has_a_record_for_every_role():
    recorded = {record.key for record in RECORDS}
    assert {f"roles.{role}.{a.name}" for role in ROLES for a in ATTRIBUTES} <= recorded


@EACH
def test_record_is_complete(record: Parameter):
    assert record.sentence[0].isupper()
    assert record.sentence.endswith(".")
    assert record.source, "a source, or the word 'assumed'"
    assert "planning default" not in record.source, "what is assumed has no source"
    assert record.status in ("empirical", "expert", "assumption")
    assert record.kind in ("uncertainty", "lever", "attribute", "design", "cost")
    if record.numeric and record.kind != "design":
        assert record.unit


@EACH
def test_default_and_plausible_range_are_allowed(record: Parameter):
    if not record.numeric:
        assert record.default in record.allowed
        return
    low, high = record.allowed
    assert low <= record.default <= high
    if record.plausible is not None:
        assert low <= record.plausible[0] <= record.default <= record.plausible[1] <= high


@EACH
def test_what_is_not_assumed_names_its_source(record: Parameter):
    if record.status == "assumption":
        return
    assert record.source != "assumed"
    assert any(char.isdigit() for char in record.source), "a source has a year, an address or a count"


def test_uncertainties_are_told_from_levers():
    kinds = {record.key: record.kind for record in RECORDS}
    assert kinds["uptake.rate"] == "uncertainty"
    assert kinds["facilitation.invitation"] == "lever"
    for record in RECORDS:
        drawn = record.kind in ("uncertainty", "attribute") or record.key in DRAWN_PRICES
        assert (record.plausible is not None) == drawn, record.key
