"""Patterns: every row is whole, honest about its status, can be set up, and is recomputed where it can be."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import pytest

from cosim.calibration.counterparts import teams_of
from cosim.errors import ConfigError
from cosim.meeting_logs.bundled_logs import delidata_members, least_words, shipped_log
from cosim.meeting_logs.corpora import corpora
from cosim.meeting_logs.turn_log import TurnLog
from cosim.patterns import Pattern, load_patterns, pattern, patterns
from cosim.patterns import statistics as stats
from cosim.patterns.bundled_surveys import expert_panels, forums
from cosim.patterns.pattern import Target
from cosim.patterns.surveys import survey
from cosim.patterns.views import OF_VIEWS

ALL = list(patterns().values())
TARGETS = [(one, target) for one in ALL for target in one.targets]
COMPUTED = [(one, target) for one, target in TARGETS if target.data is not None]


@cache
def corpus(name: str) -> TurnLog:
    return shipped_log(name)


def label(case: object) -> str:
    return case.id if isinstance(case, Pattern) else case.name if isinstance(case, Target) else ""


def test_every_row_of_the_evidence_is_there_in_order() -> None:
    assert list(patterns()) == [f"A{i}" for i in range(1, 15)] + [f"C{i}" for i in range(1, 26)] + [
        "L1",
        *(f"M{i}" for i in range(1, 12)),
    ]
    assert len(COMPUTED) >= 50


@pytest.mark.parametrize("one", ALL, ids=label)
def test_every_set_up_can_be_built_with_every_arm_and_target(one: Pattern) -> None:
    if one.setup is None:
        assert one.no_test
        return
    if one.setup.corpus is not None:
        sizes = {team.size for team in teams_of(corpora()[one.setup.corpus])}
        assert {target.at["n"] for target in one.targets if "n" in target.at} <= sizes
        with pytest.raises(ConfigError, match="built one by one"):
            one.setup.build()
        return
    if one.setup.surveys is not None:
        assert {target.at["survey"] for target in one.targets} == set(one.setup.surveys)
        assert all(survey(name).build().size >= 3 for name in one.setup.surveys)
        with pytest.raises(ConfigError, match="built one by one"):
            one.setup.build()
        return
    assert one.setup.build().size >= 2
    for target in one.targets:
        one.setup.build(changes=target.changes)
    for expectation in one.expectations:
        assert one.setup.build(expectation.arm) != one.setup.build(expectation.than) or (
            expectation.direction in ("above", "below", "interior")
        )
        for value in expectation.sweep.values if expectation.sweep else ():
            one.setup.build(changes={expectation.sweep.key: value})  # type: ignore[union-attr]


@pytest.mark.parametrize(("one", "target"), COMPUTED, ids=label)
def test_targets_are_what_the_shipped_logs_say(one: Pattern, target: Target) -> None:
    if target.data == "delidata_members":
        found: stats.Value = stats.OF_MEMBERS[target.statistic](delidata_members())
    elif target.data == "replicats":
        found = OF_VIEWS[target.statistic]([expert_panels()], target.at)
    elif target.data == "minipublics":
        found = OF_VIEWS[target.statistic](forums(), target.at)
    else:
        data = str(target.data)
        found = stats.compute(target.statistic, corpus(data), target.at, least_words(data))
        each = stats.per_meeting(target.statistic, corpus(data), target.at, least_words(data))
        if each is not None and target.interval is not None:
            assert stats.interval_of_mean(each) == pytest.approx(target.interval, abs=0.0006)
    assert found == pytest.approx(target.value, abs=0.0006), f"{one.id} {target.name}"
    assert target.met(found)


def test_recalled_numbers_never_gate_and_directions_have_no_numbers() -> None:
    for one, target in TARGETS:
        assert not (one.gates(target) and "recalled" in (target.status, one.status))
    for one in ALL:
        if one.section == "direction":
            assert not one.gate
            assert not one.targets


@pytest.mark.parametrize(("one", "target"), TARGETS, ids=label)
def test_what_was_found_lies_within_what_is_accepted(one: Pattern, target: Target) -> None:
    assert target.met(target.value), one.id


def test_a_target_is_met_within_its_tolerance_and_never_by_nan() -> None:
    target = Target(statistic="word_shares", value=(0.6, 0.4), tolerance=0.05)
    assert target.met((0.64, 0.36))
    assert not target.met((0.66, 0.34))
    assert not target.met((math.nan, 0.4))
    with pytest.raises(ConfigError, match="3 values for a target that has 2"):
        target.met((0.5, 0.3, 0.2))
    with pytest.raises(ConfigError, match="1 values"):
        target.met(0.6)


def test_statistics_refuse_what_they_cannot_do() -> None:
    log = corpus("example_ami")
    with pytest.raises(ConfigError, match="did you mean 'gini_words'"):
        stats.compute("gini_word", log)
    with pytest.raises(ConfigError, match="not about turn logs"):
        stats.compute("win_rate", log, {"supporters": 8})
    with pytest.raises(ConfigError, match="must be told its role"):
        stats.compute("role_tops", log)
    with pytest.raises(ConfigError, match="no meeting of this size"):
        stats.compute("gini_words", log, {"n": 9})
    with pytest.raises(ConfigError, match="of one size"):
        stats.compute("word_shares", corpus("icsi"))


# ---------------------------------------------------------------- the registry

GOOD = """id: Z1
title: A pattern for this test
statement: Something that teams were found to do, in enough words.
section: calibration
status: seen
gate: true
citations:
  - {text: Somebody 2020, doi: 10.1000/x}
setup: {scenario: symmetric_null}
targets:
  - {statistic: gini_words, value: 0.4, tolerance: 0.1}
"""


def write(folder: Path, text: str, name: str = "z1.yaml") -> Path:
    (folder / name).write_text(text)
    return folder


def test_a_pattern_is_added_by_adding_a_file(tmp_path: Path) -> None:
    found = load_patterns(write(tmp_path, GOOD))
    assert found["Z1"].targets[0].accepted() == (pytest.approx((0.3, 0.5)),)


def test_two_of_one_id_are_reported_with_both_files(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD, "z2.yaml")
    with pytest.raises(
        ConfigError, match=r"z2\.yaml, line 1: id: there is already a pattern of this id, in .*z1"
    ):
        load_patterns(tmp_path)


def test_unknown_ids_and_empty_folders() -> None:
    with pytest.raises(ConfigError, match="did you mean 'A1"):
        pattern("a1".upper() + "x")
    with pytest.raises(ConfigError, match="no pattern"):
        load_patterns(Path(__file__).parent)


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("gate: true", "gate: yes", 6, "must be true or false"),
        ("status: seen", "status: recalled", 6, "a recalled number cannot be a gate"),
        ("status: seen", "status: read", 5, "not one of the known values"),
        ("section: calibration", "section: direction", 4, "a direction has expectations"),
        ("gini_words", "gini_word", 11, "did you mean 'gini_words'"),
        ("tolerance: 0.1", "tolerance: 0.1, accept: [0.1, 0.2]", 11, "either a tolerance or the range"),
        ("tolerance: 0.1", "accept: [0.2, 0.1]", 11, "the lower end comes first"),
        ("statistic: gini_words", "statistic: role_tops", 11, "must be told its role"),
        ("doi: 10.1000/x", "doi: doi.org/10.1000/x", 8, "wrong form"),
        ("scenario: symmetric_null", "inline: {}, scenario: x", 9, "either the name of a scenario"),
        ("scenario: symmetric_null", "corpus: icsi, scenario: x", 9, "either the name of a scenario"),
        ("scenario: symmetric_null", "corpus: isci", 9, "did you mean 'icsi'"),
        ("statement:", "statment:", 3, "did you mean 'statement'"),
        ("  - {text: Somebody 2020, doi: 10.1000/x}", "  []", 7, "say where it was found"),
        ("targets:\n", "no_test: none\ntargets:\n", 10, "give targets or expectations, or say"),
    ],
)
def test_broken_patterns_name_file_line_and_remedy(
    tmp_path: Path, old: str, new: str, line: int, told: str
) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        load_patterns(write(tmp_path, GOOD.replace(old, new)))
    assert told in str(caught.value)
    assert "z1.yaml" in str(caught.value)
    assert f"line {line}: " in str(caught.value)


@pytest.mark.parametrize(
    ("expectation", "told"),
    [
        ("{outcome: voice_ginny, direction: lower, arm: {changes: {a.b: 1}}}", "did you mean 'voice_gini'"),
        ("{outcome: voice_gini, direction: lower}", "the two arms are the same"),
        ("{outcome: voice_gini, direction: below}", "above and below"),
        ("{outcome: voice_gini, direction: interior}", "interior"),
    ],
)
def test_broken_expectations(tmp_path: Path, expectation: str, told: str) -> None:
    text = GOOD.replace("section: calibration", "section: direction").replace("gate: true", "gate: false")
    text = text[: text.index("targets:")] + f"expectations:\n  - {expectation}\n"
    with pytest.raises(ConfigError) as caught:
        load_patterns(write(tmp_path, text))
    assert told in str(caught.value)
