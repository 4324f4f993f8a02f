"""What each mechanism earns: every one is shown, and the numbers are the model's."""

from __future__ import annotations

import csv

import pytest

from cosim.documents.earned import FILE, MECHANISMS, WHOLE, earned_table
from cosim.scenario import parameters


def kept() -> dict[str, dict[tuple[str, str], tuple[str, float]]]:
    found: dict[str, dict[tuple[str, str], tuple[str, float]]] = {}
    for row in csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()):
        place = row["pattern"], row["target"]
        found.setdefault(row["mechanism"], {})[place] = row["verdict"], float(row["distance"])
    return found


def test_every_mechanism_with_patterns_was_simulated_and_can_be_switched_off():
    assert set(kept()) == {one.name for one in MECHANISMS if one.about}
    known = {record.key for record in parameters()} | {"phases.*.demonstrability", "team.*.mandate"}
    for one in MECHANISMS[1:]:
        assert set(one.off) <= known
        assert one.question
        assert f"| {one.name} |" in earned_table()


def test_status_replies_and_arguments_carry_rows_and_each_loss_is_named():
    found = kept()
    met = {name: sum(verdict == "pass" for verdict, _ in rows.values()) for name, rows in found.items()}
    whole = found[WHOLE]
    for name in (
        "status in the floor",
        "the addressed reply",
        "voices pull",
        "arguments",
        "a dial for one answer",
    ):
        before = sum(whole[row][0] == "pass" for row in found[name])
        assert met[name] < before, name
    assert "lost: " in earned_table()


def test_four_mechanisms_lose_no_row_that_counts():
    found = kept()
    lose_none = {
        name
        for name, rows in found.items()
        if name != WHOLE
        and not any(
            found[WHOLE][row][0] == "pass" and verdict != "pass" for row, (verdict, _) in rows.items()
        )
    }
    assert lose_none == {
        "reflection",
        "the bend to the majority",
        "turns seek consent",
        "a received view",
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["certainty moves others"])
def test_the_table_is_what_the_model_gives(name):
    """Otherwise run: python -m experiments.mechanisms_earn."""
    one = next(each for each in MECHANISMS if each.name == name)
    found = {(pattern, what): (verdict, round(far, 3)) for pattern, what, verdict, far in one.verdicts()}
    assert found.keys() == kept()[name].keys()
    for row, (verdict, far) in found.items():
        assert kept()[name][row] == (verdict, pytest.approx(far, abs=2e-3, nan_ok=True)), row
