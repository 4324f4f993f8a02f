"""Findings in words and tables: what is said of a verdict, and that nothing is left out."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from cosim.calibration.cross_validation import COLUMNS as FOLD_COLUMNS
from cosim.calibration.cross_validation import KeptTable
from cosim.charts.style import PAGE, PHONE, Layout, texts_of
from cosim.patterns import patterns
from cosim.patterns.statistics import STATISTICS
from cosim.validation import figures, tables
from cosim.validation.directions import Paired
from cosim.validation.questions import TITLES, asked, brief, title
from cosim.validation.report import page
from cosim.validation.simulated import Effort, Sampled
from cosim.validation.validation import NULL_COLUMNS, PROBE_COLUMNS, Finding, Validation
from tests.charts.legible import faults

A1, C1, C20 = patterns()["A1"], patterns()["C1"], patterns()["C20"]
SHARES, GINI = A1.targets[0], A1.targets[1]


def sampled(*median: float) -> Sampled:
    low, high = np.array(median) - 0.01, np.array(median) + 0.01
    return Sampled(np.array([low, median, high]), 13, "meetings")


MET = Finding(A1, GINI, "pass", "gate", sampled=sampled(0.41))
MISSED = Finding(A1, SHARES, "miss", "gate", sampled=sampled(0.4, 0.24, 0.16, 0.12, 0.08))
RIGHT = Finding(
    C1, C1.expectations[0], "right", "direction only",
    paired=Paired(0.04, 0.03, 0.05, 2.0, 60, "right", built_in=True),
)  # fmt: skip
SILENT = Finding(C20, None, "not represented", "direction only")


def validation(*findings: Finding) -> Validation:
    nulls = pd.DataFrame(
        [
            ["whole", "talk", "A1", "gini", True, "pass", 0.2, 0.5],
            ["whole", "talk", "A1", "shares", True, "miss", 2.0, 0.5],
            ["equal_chance", "talk", "A1", "gini", True, "miss", 6.0, 0.5],
            ["equal_chance", "talk", "A1", "shares", True, "miss", 5.0, 0.5],
            ["whole", "talk", "A1", "shown", False, "pass", 0.1, 0.5],
        ],
        columns=NULL_COLUMNS,
    )
    values = ((0.1, 0.9, "miss"), (1.0, 0.5, "pass"))
    probes = pd.DataFrame(
        [["A9", "uptake.rate", v, "kept_answer", m, m, m, w] for v, m, w in values], columns=PROBE_COLUMNS
    )
    return Validation(findings, nulls, probes, Effort(10, 10, 10), 1.0)


def test_every_statistic_has_a_title_and_every_target_can_be_told() -> None:
    assert set(TITLES) == set(STATISTICS)
    for one in patterns().values():
        told = [title(target) for target in one.targets]
        assert all("{" not in text and "_" not in text for text in told)
        assert all(brief(expected) for expected in one.expectations)
    assert title(GINI) == "Gini of words, groups of 5"


def test_a_line_holds_target_interval_simulation_and_verdict() -> None:
    told = dict(zip(tables.COLUMNS, tables.line(MET), strict=True))
    assert told["found"] == "0.412 [0.322 to 0.503]"
    assert told["simulated"] == "0.410 [0.400 to 0.419]"
    assert told["n"] == "3 × 13 meetings"
    assert told["verdict"] == "pass"
    assert tables.found(MISSED) == "48 24 14 8 5 %"


def test_verdicts_say_what_they_count_for() -> None:
    assert tables.verdict(RIGHT) == "direction right, built in"
    assert tables.verdict(SILENT) == "not represented"
    shown = Finding(A1, GINI, "miss", "shown only", sampled=sampled(0.9))
    assert tables.verdict(shown) == "miss (shown only)"


def test_the_answer_counts_gates_directions_and_what_is_silent() -> None:
    told = " ".join(tables.answer(validation(MET, MISSED, RIGHT, SILENT)))
    assert "Of 2 numbers that count, the model meets 1; misses are in A1." in told
    assert "Of 1 published directions 1 come out right (1 of them built in" in told
    assert "1 row of the evidence cannot be expressed" in told


def test_reasons_are_told_for_misses_only() -> None:
    reasons = tables.whys(validation(MET, MISSED, RIGHT), ("gate",))
    assert len(reasons) == 1
    assert reasons[0].startswith("A1, Word shares by rank, groups of 5 (miss): One spread")
    assert tables.silent(validation(MET, SILENT)) == [f"C20, {asked(SILENT)}: {C20.no_test}"]


def test_null_models_are_counted_by_gates() -> None:
    columns, rows = tables.null_rows(validation(MET))
    assert columns[1] == "The model"
    by_name = {row[0]: row[1:] for row in rows}
    assert by_name["A1"][0] == "1 of 2"
    assert by_name["all"][-1] == "0 of 2"


def test_probes_mark_what_is_met() -> None:
    _, rows = tables.probe_rows(validation(MET))
    assert rows == [("A9", "Members who keep their answer", "0.900", "0.500 ✓")]


def test_folds_are_told_with_both_errors() -> None:
    row = dict.fromkeys(FOLD_COLUMNS, 0.0) | {"left_out": "ami"}
    kept = KeptTable(
        pd.DataFrame([row | {"error": 3.0, "full_error": 0.0}, row | {"error": 4.0, "full_error": 2.0}]),
        "2026-01-01", "0.1.0", 1, 100, 0.1,
    )  # fmt: skip
    _, rows = tables.fold_rows(kept)
    assert rows == [("ami", "2", "0", "1", "3.54", "1.41")]


def test_the_document_has_a_row_for_every_finding() -> None:
    text = tables.markdown(validation(MET, MISSED, RIGHT, SILENT), None, [("directions", "Directions")])
    upper = text.split("## What is missed")[0].splitlines()
    assert len([line for line in upper if line.startswith(("| A1", "| C"))]) == 4
    assert "![Directions](figures/directions.png)" in text
    assert "Cross-validation" not in text


@pytest.mark.parametrize("layout", [PAGE, PHONE])
def test_figures_name_what_was_asked_and_how_much_was_simulated(layout: Layout) -> None:
    whole = validation(MET, MISSED, RIGHT, SILENT)
    pattern = figures.of_pattern(whole, [MET, MISSED]).draw(layout)
    assert faults(pattern) == []
    told = " ".join(texts_of(pattern))
    assert "13 meetings" in told.replace("\n", " ")
    assert "seed 1" in told.replace("\n", " ")
    assert "Gini" in told
    for plot in (figures.directions(whole), figures.null_models(whole)):
        figure = plot.draw(layout)
        assert texts_of(figure)
        assert faults(figure) == []


def test_the_page_has_a_section_for_what_is_missed_and_what_is_silent() -> None:
    found = page(validation(MET, MISSED, RIGHT, SILENT))
    assert [section.key for section in found.sections][:4] == ["misses", "numbers", "directions", "silent"]
    assert found.answer[0].startswith("Of 2 numbers")
