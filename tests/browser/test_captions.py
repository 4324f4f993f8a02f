"""Captions say what changed and why, in plain English."""

from __future__ import annotations

import dataclasses
from dataclasses import replace

import pytest

from cosim.browser.captions import (
    Turn,
    decision_caption,
    difference_caption,
    lead_change_caption,
    opening_caption,
    turn_caption,
)
from cosim.browser.naming import namings
from cosim.browser.story import first_names
from cosim.catalogue import bundled, load_scenario
from cosim.formatting.titles import option_letter, option_name, outside_name
from cosim.formatting.words import sentence
from cosim.scenario.plan import Member, resolve
from cosim.scenario.vocabulary import ROLES

HEARD = Turn(
    speaker="Provider 2",
    kind="care practice",
    option=2,
    floor="open",
    cut=False,
    anonymous=False,
    off_remit=False,
    to_lead=0.0,
    to_others=0.0,
    argued=0,
    worn=False,
    moved=[("Lead", 0.004), ("Researcher 1", -0.003), ("Public contributor 1", 0.006), ("Policymaker", 0.0)],
    distance=0.2,
    understood=0.9,
    trusted=0.7,
    deaf="policymaker",
    deaf_share=0.8,
)
QUIET = dataclasses.replace(HEARD, moved=[("Lead", 0.0001)] * 11)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "Provider 2 was heard: three people moved on option C, Public contributor 1 most."),
        ({"moved": [("Lead", 0.005)]}, "Provider 2 was heard: one person moved on option C (Lead)."),
        (
            {"floor": "invited"},
            "Provider 2, invited by the facilitator, was heard: three people moved on option C, "
            "Public contributor 1 most.",
        ),
        (
            {"chair": "chair hands over", "moved": []},
            "Provider 2, handed the floor by the facilitator, spoke on option C and nobody moved.",
        ),
        (
            {"chair": "chair opens", "cut": True},
            "The facilitator opened option C. Provider 2 was cut short on option C: three people moved.",
        ),
        ({"cut": True}, "Provider 2 was cut short on option C: three people moved."),
        (
            {"anonymous": True},
            "Somebody, unnamed, was heard: three people moved on option C, Public contributor 1 most.",
        ),
        ({"floor": "written"}, "Provider 2 wrote about option C: three people moved."),
        (
            {"argued": 2},
            "Provider 2 was heard: three people moved on option C, Public contributor 1 most, by an argument "
            "that was new to two people.",
        ),
    ],
)
def test_what_a_turn_did(change: dict[str, object], expected: str) -> None:
    assert turn_caption(dataclasses.replace(HEARD, **change)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"distance": 0.01}, "nobody moved: most already saw it that way."),
        ({"deaf_share": 0.3, "deaf": "public contributor"}, "was lost on the public contributors."),
        ({"trusted": 0.2}, "nobody moved: few see them as a source of care practice."),
        ({"off_remit": True}, "nobody moved; it was off the remit."),
        ({"to_lead": 0.5, "to_others": 0.1}, "Provider 2 held back: 60% of it followed the lead's stance."),
        ({"to_lead": 0.1, "to_others": 0.4}, "Provider 2 held back: 50% of it followed what most had shown."),
        ({"worn": True}, "nobody moved: they had heard this before."),
        ({}, "nobody moved."),
    ],
)
def test_why_nobody_moved(change: dict[str, object], reason: str) -> None:
    assert turn_caption(dataclasses.replace(QUIET, **change)).endswith(reason)  # type: ignore[arg-type]


def test_an_unnamed_speaker_is_named_nowhere() -> None:
    told = turn_caption(dataclasses.replace(QUIET, anonymous=True, trusted=0.1))
    assert "Provider 2" not in told


def test_meetings_and_decisions() -> None:
    opened = opening_caption("priority_setting", 1, 4, ["Provider 1"], [2, 0], 4)
    assert opened == (
        "Meeting 2 of 4, priority setting: all came except Provider 1. "
        "On the agenda: options C and A; B and D will not be talked about."
    )
    assert "everybody came" in opening_caption("governance", 0, 1, [], [0], 1)
    assert "33 others" in opening_caption("governance", 0, 1, [], [0, 1, 2, 3], 37)
    assert decision_caption("governance", 2, 2, False, False, True) == "Decided on governance: option C."
    assert "the lead overrode it: option F" in decision_caption("governance", 5, 2, True, False, True)
    assert "settled it before" in decision_caption("governance", 5, 2, False, True, True)
    assert "Time was out" in decision_caption("governance", 5, 2, False, False, False)
    assert lead_change_caption(2, 3) == "Option D would now win instead of C."


def test_where_two_teams_part() -> None:
    a, b = ["Lead", 2, "policy", 10.0], ["Provider 1", 2, "policy", 10.0]
    assert difference_caption(True, a, b).startswith("The two teams differ from the first turn on")
    assert "team A talks about option C, team B about option D" in difference_caption(
        False, a, ["x", 3, "", 1]
    )
    assert "from policy in team A and from care practice" in difference_caption(
        False, a, ["Lead", 2, "care practice", 9.0]
    )
    assert "another effect" in difference_caption(False, a, a)
    assert "stopped talking" in difference_caption(False, a, [])


def member(group: str, number: int = 0, role: str = "patient", lead: bool = False) -> Member:
    return Member(f"{group}-{number}" if number else group, group, role, role, lead)  # type: ignore[arg-type]


def test_people_have_names_that_people_use() -> None:
    names = namings(
        [member("lead", role="researcher", lead=True), member("patients", 1), member("patients", 2)]
    )
    assert [n.name for n in names] == [
        f"{one.first} ({word})" for one, word in zip(names, ("lead", "public", "public"), strict=True)
    ]
    assert [n.short for n in names] == [f"{names[0].first}, lead", names[1].first, names[2].first]
    assert names[0].first in first_names("researcher")
    assert {names[1].first, names[2].first} < set(first_names("patient"))
    names = namings([member("patients", 1), member("patients", 2), member("carers", 1), member("carers", 2)])
    assert [n.name.split(" (")[1] for n in names] == ["patient)", "patient)", "carer)", "carer)"]
    assert namings([member("policymakers", role="policymaker")])[0].name.endswith(" (policymaker)")
    assert namings([member("nurse_specialists", role="provider")])[0].name.endswith(" (nurse specialist)")
    assert namings([replace(member("g", 1), label="GPs")])[0].name.endswith(" (GP)")


def test_a_name_belongs_to_a_number_and_to_nobody_else() -> None:
    few = [member("patients", number) for number in (1, 2, 3)]
    many = [member("lead", role="researcher", lead=True), *(member("patients", n) for n in range(1, 71))]
    named = namings(many)
    assert namings(few) == named[1:4]
    assert len({one.first for one in named}) == 71
    assert sum(one.first.endswith(" 2") for one in named) >= 30  # the list is used up: numbered


def test_names_are_many_and_short_and_tell_no_role() -> None:
    lists = [first_names(role) for role in ROLES]
    assert min(map(len, lists)) >= 30
    everyone = [name for names in lists for name in names]
    assert len(set(everyone)) == len(everyone)
    assert all(name.isalpha() and name.istitle() and len(name) <= 8 for name in everyone)


def test_teams_of_every_scenario_have_names_of_their_own() -> None:
    for name in bundled.names():
        found = namings(resolve(load_scenario(name))[1])
        assert len({one.first for one in found}) == len(found)


def test_small_words() -> None:
    assert [option_letter(i) for i in (0, 25, 26, 36)] == ["A", "Z", "AA", "AK"]
    assert option_name(2) == "option C"
    assert sentence("it ends") == "It ends."
    assert outside_name("patient") == "patients and public"
    assert outside_name("carers") == "carers"
