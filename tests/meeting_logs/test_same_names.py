"""People who are spelled otherwise in a table of views than in the log."""

from __future__ import annotations

import pandas as pd
import pytest

from cosim.meeting_logs.same_names import with_log_names
from cosim.meeting_logs.turn_log import TurnLog, turn_log
from cosim.meeting_logs.views_file import ViewTable, view_table


def views_of(*people: str) -> ViewTable:
    rows = [(who, item, 0.2, 0.4) for who in people for item in "xy"]
    return view_table(pd.DataFrame(rows, columns=["person", "item", "before", "after"]))


def log_of(*people: str) -> TurnLog:
    return turn_log(pd.DataFrame({"meeting": "1", "speaker": list(people), "words": 9}))


@pytest.mark.parametrize(
    ("views", "log"),
    [
        ("Ruth Okafor", "OKAFOR, Ruth (UNIVERSITY HOSPITAL)"),
        ("Dr Tom Lindqvist", "Lindqvist, Tom (External)"),
        ("Zoë Müller", "zoe muller (Guest)"),
        ("Joan Price", "Joan Price [she/her]"),
    ],
)
def test_the_same_names_in_another_order_are_one_person(views: str, log: str) -> None:
    found = with_log_names(views_of(views, "Sam Roe"), log_of(log, "Sam Roe"))
    assert found.people == (log, "Sam Roe")
    assert log in found.notes[-1]
    assert views in found.notes[-1]


@pytest.mark.parametrize("views", ["S. Whitlock", "Sam Whitlok", "Whitlock"])
def test_who_is_merely_alike_is_named_and_not_joined(views: str) -> None:
    found = with_log_names(views_of(views, "Ann"), log_of("Sam Whitlock", "Ann", "Ben Roe"))
    assert found.people == (views, "Ann")
    assert "Sam Whitlock" in found.notes[-1]
    assert "--people" in found.notes[-1]


def test_two_of_one_name_and_strangers_are_left_alone() -> None:
    found = with_log_names(views_of("Lee, Ann", "Ann Lee (A)", "Priya Shah"), log_of("Ann Lee", "Tom Roe"))
    assert found.people == ("Lee, Ann", "Ann Lee (A)", "Priya Shah")
    assert not any("Priya" in note for note in found.notes)


def test_codes_stand_in_notes_instead_of_names() -> None:
    found = with_log_names(views_of("Ruth Okafor", "Sam"), log_of("Okafor, Ruth", "Sam"))
    coded = found.coded({"Okafor, Ruth": "P1", "Sam": "P2"}, {})
    assert "Okafor" not in " ".join(coded.notes)
    assert "P1" in coded.notes[-1]
