"""A registry keeps every name once, in order, and names the nearest for one that it does not have."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from cosim.config.registry import Registry
from cosim.errors import ConfigError, CosimError


@dataclass(frozen=True)
class Room:
    name: str
    seats: int = 1


def rooms() -> Registry[Room]:
    return Registry("room", [Room("library", 8), Room("attic")])


def test_it_is_a_mapping_in_the_order_given() -> None:
    known = rooms()
    added = known.add(Room("hall", 30))
    assert list(known) == ["library", "attic", "hall"]
    assert known["hall"] is known.find("hall") is added
    assert known.get("cellar") is None
    assert len(known) == 3
    assert "attic" in known


def test_two_of_one_name_are_refused_and_the_first_stays() -> None:
    known = rooms()
    with pytest.raises(CosimError, match="room 'attic'"):
        known.add(Room("attic", 99))
    assert known["attic"].seats == 1


@pytest.mark.parametrize("given", ["libary", "Library"])
def test_a_wrong_name_is_told_the_nearest(given: str) -> None:
    with pytest.raises(ConfigError) as caught:
        rooms().find(given, "meeting.room")
    error = caught.value
    assert (error.key, error.value, error.nearest) == ("meeting.room", given, "library")
    assert error.allowed == "library, attic"


@pytest.mark.parametrize("given", [None, 3, ["attic"]])
def test_what_is_no_name_is_refused_under_the_registrys_own_key(given: object) -> None:
    with pytest.raises(ConfigError) as caught:
        rooms().find(given)
    assert caught.value.key == "room"


def test_what_was_added_can_be_taken_back() -> None:
    known = rooms()
    assert known.remove("attic").name == "attic"
    assert list(known) == ["library"]
    with pytest.raises(ConfigError):
        known.remove("attic")


def test_a_name_may_come_from_elsewhere() -> None:
    assert list(Registry("number", [10, 20], name=hex)) == ["0xa", "0x14"]
