"""Numbers, counts and lists as people read them."""

from __future__ import annotations

import pytest

from cosim.formatting.titles import option_letter
from cosim.formatting.words import and_list, counted, of_every_hundred


@pytest.mark.parametrize(
    ("share", "says"),
    [
        (1.0, "all of these worlds"),
        (0.0, "none of these worlds"),
        (0.94, "about 94 of every 100 of these worlds"),
        (0.999, "more than 99 of every 100 of these worlds"),
        (0.001, "fewer than 1 of every 100 of these worlds"),
    ],
)
def test_shares_in_plain_english(share: float, says: str) -> None:
    assert of_every_hundred(share, "worlds") == says


@pytest.mark.parametrize(
    ("count", "says", "spelled"),
    [
        (0, "no worlds", "no worlds"),
        (1, "1 world", "one world"),
        (12, "12 worlds", "twelve worlds"),
        (13, "13 worlds", "13 worlds"),
        (2000, "2,000 worlds", "2,000 worlds"),
    ],
)
def test_counts(count: int, says: str, spelled: str) -> None:
    assert counted(count, "world") == says
    assert counted(count, "world", spelled=True) == spelled


def test_nobody_is_not_no_people() -> None:
    assert counted(0, "person", "people", spelled=True) == "nobody"
    assert counted(0, "provider", spelled=True) == "no providers"


@pytest.mark.parametrize("size", range(9))
def test_a_list_names_all_or_says_how_many_it_does_not(size: int) -> None:
    items = [option_letter(i) for i in range(size)]
    assert all(item in and_list(items, most=None) for item in items)
    shown = and_list(items, most=4)
    missing = sum(item not in shown.replace("others", "").split(" and ")[0] for item in items[:-1])
    assert ("others" in shown) == (size > 4)
    assert not missing or f"{size - 3} others" in shown
