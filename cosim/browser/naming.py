"""What the members of a team are called on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cosim.scenario.plan import Member

_SINGULAR: Final = {
    "patients": ("Public contributor", "Public"),
    "public": ("Public contributor", "Public"),
    "researchers": ("Researcher", "Res"),
    "providers": ("Provider", "Prov"),
    "policymakers": ("Policymaker", "Policy"),
    "physicians": ("Physician", "Phys"),
    "managers": ("Manager", "Mgr"),
    "allied": ("Allied professional", "Allied"),
    "newcomers": ("Newcomer", "New"),
    "invited": ("Later contributor", "Later"),
}


@dataclass(frozen=True, slots=True)
class Naming:
    """What a member is called: in sentences, and beside their seat."""

    name: str
    short: str


def namings(members: Sequence[Member]) -> list[Naming]:
    """Return what each member is called: "Provider 2", and "Prov 2" where there is little room."""
    groups = [member.group for member in members]
    own_patients = len({m.group for m in members if m.role == "patient" and not m.lead}) > 1
    found = []
    for member in members:
        word, short = _label_words(member.label) if member.label else _group_words(member.group, own_patients)
        number = member.name.removeprefix(member.group).lstrip("-")
        if groups.count(member.group) > 1:
            word, short = f"{word} {number}", f"{short} {number}"
        found.append(Naming(word, short))
    return found


def _group_words(group: str, several_publics: bool) -> tuple[str, str]:
    if group == "patients" and several_publics:
        return "Patient", "Patient"
    if group in _SINGULAR:
        return _SINGULAR[group]
    return _label_words(group.replace("_", " ").strip().capitalize())


def _label_words(label: str) -> tuple[str, str]:
    word = label[:-1] if label.endswith("s") and not label.endswith("ss") else label
    return word, word if len(word) <= 7 else word[:5]
