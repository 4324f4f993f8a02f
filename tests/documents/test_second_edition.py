"""The sentences of docs/second_edition.md say what its tables say."""

from __future__ import annotations

import itertools
import json
import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "second_edition.md").read_text(encoding="utf-8")
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
    assert abs(unpersuaded[0]) < 0.3 * abs(as_it_is[0])


def test_ground_rules_do_next_to_nothing():
    as_it_is = effects()["ground_rules"][0]
    assert -0.01 < as_it_is[0] < 0.0
    assert as_it_is[0] > 0.3 * effects()["round_robin"][0][0]


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


def test_consensus_gives_the_public_little_more_of_the_floor_and_none_without_aim():
    rows = [list(map(interval, cells)) for _, _, *cells in table("voice")]
    for led in (rows[:6], rows[6:]):
        voice = [majority[0] for majority, *_ in led]
        assert voice == sorted(voice), "the more of the team is public, the more each talks"
    for _, none, usual, most in rows:
        assert none[1] <= 0.0 <= none[2]
        assert 0.0 <= usual[0] < 0.02
        assert 0.0 < most[1] < most[0] < 0.03
    assert sum(usual[1] > 0.0 for _, _, usual, _ in rows) == 7


def test_a_secret_ballot_changes_the_talk_before_it_only_where_ballots_are_cast_in_between():
    alike = {setting: cells for setting, *cells in table("secrecy")}
    for setting in ("one phase, mean score", "one phase, majority"):
        assert alike[setting][0] == "100%"
    for setting in ("one phase, consensus of all", "four phases, mean score"):
        assert alike[setting][0] != "100%"
        assert all(low <= 0.0 <= high for _, low, high in map(interval, alike[setting][1:]))


def test_a_consensus_rule_leaves_as_much_private_dissent_as_others():
    found = {rule: list(map(interval, cells)) for rule, *cells in table("dissent")}
    usual, agreed, led = (found[rule] for rule in ("mean score", "consensus of all", "the lead decides"))
    assert agreed[0][1] < usual[0][0] < agreed[0][2]
    assert agreed[2][0] > 0.9, "it is hardly ever met"
    assert led[0][1] > usual[0][2]
    assert all(cells[3][2] < cells[0][1] for cells in found.values())


def test_two_tracked_measures_rank_alike_and_the_counterfactual_tells_nothing_yet():
    *rows, (_, _, carried_and_say, _) = table("measures")
    found = {way: list(map(interval, cells)) for way, *cells in rows}
    assert 0.5 < float(carried_and_say) < 0.8
    assert set(list(found)[:2]) == {"delegated_decisions", "nominal_group"}
    assert {"delegated_decisions", "nominal_group"} == set(
        sorted(found, key=lambda way: -found[way][1][0])[:2]
    )
    assert all(one[0][1] > 0.0 for one in (found["delegated_decisions"], found["nominal_group"]))
    clear = {way for way, (_, _, (_, low, high)) in found.items() if not low <= 0.0 <= high}
    assert len(found) == 36
    assert clear == {"delegated_decisions", "hand_raising_queue"}, "as many as chance would bring of 36"


def test_a_turn_costs_what_was_measured():
    measured = json.loads((DOCS / "performance.json").read_text(encoding="utf-8"))["editions"]
    text = " ".join(PAGE.split("## What it costs in time")[1].split())
    told = re.findall(r"(\d\.\d+) times as long .{0,60}?\((\d\.\d+) to (\d\.\d+)\)", text)
    assert [tuple(map(float, one)) for one in told] == [
        tuple(round(row["ratio"][name], 2) for name in ("median", "low", "high")) for row in measured["rows"]
    ]
    assert f"n = {measured['rows'][0]['ratio']['n']:.0f}" in text
