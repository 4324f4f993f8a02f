"""What the members of a team are called on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from zlib import crc32

from cosim.browser.story import first_names
from cosim.scenario.plan import Member

_SINGULAR: Final = {
    "patients": "public",
    "public": "public",
    "allied": "allied professional",
    "newcomers": "newcomer",
    "invited": "later contributor",
}


@dataclass(frozen=True, slots=True)
class Naming:
    """What a member is called: "Helen"; in sentences "Helen (lead)"; beside their seat "Helen, lead"."""

    first: str
    name: str
    short: str


def namings(members: Sequence[Member]) -> list[Naming]:
    """Return what each member is called: a first name, and with it what they are in the team.

    A name belongs to a member's number within their group, so that the same people have the same names in
    both teams, however many others there are.
    """
    own_patients = len({m.group for m in members if m.role == "patient" and not m.lead}) > 1
    taken: set[str] = set()
    found = []
    for member in members:
        first = _free(member, taken)
        taken.add(first)
        word = "lead" if member.lead else _word(member, own_patients)
        found.append(Naming(first, f"{first} ({word})", f"{first}, lead" if member.lead else first))
    return found


def _free(member: Member, taken: set[str]) -> str:
    """Return the member's name: groups of one role begin at different places of the role's list."""
    names = first_names(member.role)
    number = member.name.removeprefix(member.group).lstrip("-")
    start = crc32(member.group.encode()) + (int(number) - 1 if number.isdigit() else 0)
    again = 1
    while True:
        for step in range(len(names)):
            name = names[(start + step) % len(names)]
            name = name if again == 1 else f"{name} {again}"
            if name not in taken:
                return name
        again += 1


def _word(member: Member, several_publics: bool) -> str:
    if member.label:
        return _singular(member.label)
    if member.group == "patients" and several_publics:
        return "patient"
    return _SINGULAR.get(member.group) or _singular(member.group.replace("_", " ").strip())


def _singular(label: str) -> str:
    word = label[:-1] if label.endswith("s") and not label.endswith("ss") else label
    return word if word[:2].isupper() else word[:1].lower() + word[1:]
