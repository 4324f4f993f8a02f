"""The sentences of docs/second_edition.md say what its tables say."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "second_edition.md").read_text(encoding="utf-8")
NUMBERS = re.compile(r"([-+]?[\d.]+) \(([-+]?[\d.]+) to ([-+]?[\d.]+)\)")


def table(name: str) -> list[list[str]]:
    text = PAGE.split(f"<!-- generated: {name} -->")[1].split(f"<!-- end of {name} -->")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.strip().splitlines()[2:]]


def interval(cell: str) -> tuple[float, float, float]:
    found = NUMBERS.fullmatch(cell)
    assert found is not None, cell
    return tuple(map(float, found.groups()))


def effects() -> dict[str, list[tuple[float, float, float]]]:
    return {way: [interval(cell) for cell in cells] for way, *cells in table("nulls")}


def test_most_of_what_a_round_does_comes_about_in_the_talk():
    as_it_is, unpersuaded, _ = effects()["round_robin"]
    assert as_it_is[2] < 0.0
    assert abs(unpersuaded[0]) < 0.4 * abs(as_it_is[0])


def test_ground_rules_cannot_be_told_from_none():
    as_it_is = effects()["ground_rules"][0]
    assert as_it_is[1] < 0.0 < as_it_is[2]


def test_a_secret_ballot_works_at_the_ballot():
    as_it_is, unpersuaded, no_ballot = effects()["secret_ballot"]
    assert abs(unpersuaded[0]) > 0.8 * abs(as_it_is[0])
    assert no_ballot[1] <= 0.0 <= no_ballot[2]


def test_nobody_gains_by_staying_away_without_ballots_in_writing():
    rows = table("attendance")
    assert len(rows) == 8
    for _, written, *cells in rows:
        found = [interval(cell) for cell in cells]
        if written == "none":
            assert all(less[2] < more[1] for more, less in itertools.pairwise(found))
        else:
            assert found[-1][2] > found[0][1], "ballots in writing keep what the absent have"
