"""docs/performance_history.csv follows the figures of each benchmark over commits."""

import csv
from pathlib import Path
from typing import Any

from experiments.benchmarks import history

ABOUT = {"on": {"cosim": "0.2.0", "processor": "X", "python": "3.12.1"}, "date": "2026-11-30"}
SPREAD = {"median": 1234.5678, "low": 1000.0, "high": 2000.0, "n": 3.0}


def rows(file: Path) -> list[dict[str, Any]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_a_commits_section_is_replaced_and_others_stay(tmp_path):
    file = tmp_path / "history.csv"
    history.add(file, "reference", {**ABOUT, "ratio": SPREAD}, "abc")
    history.add(file, "scaling", {**ABOUT, "exponent": 0.95}, "abc")
    history.add(file, "reference", {**ABOUT, "ratio": {**SPREAD, "median": 7.0}}, "abc")
    history.add(file, "reference", {**ABOUT, "ratio": {**SPREAD, "median": 8.0}}, "def")
    found = {(row["commit"], row["section"], row["figure"]): float(row["value"]) for row in rows(file)}
    assert found == {
        ("abc", "scaling", "exponent"): 0.95,
        ("abc", "reference", "ratio"): 7.0,
        ("def", "reference", "ratio"): 8.0,
    }


def test_answers_are_followed_by_their_processor_time(tmp_path):
    clocks = {"wall": {**SPREAD, "median": 9.0}, "processor": {**SPREAD, "median": 0.5}}
    kept = history.lines("answers", {**ABOUT, "show": clocks, "check a study": clocks}, "abc")
    assert [(row["figure"], row["value"]) for row in kept] == [("show", "0.5"), ("check a study", "0.5")]


def test_the_kept_history_has_a_value_on_every_line():
    kept = rows(Path(__file__).parent.parent / "docs" / "performance_history.csv")
    assert kept
    assert all(float(row["value"]) > 0 and row["commit"] for row in kept)
