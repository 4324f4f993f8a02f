"""Spellings of one person's name that differ by what meeting software adds: pronouns, host, guest, me."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_PRONOUN = (
    r"(?:she|her|hers|he|him|his|they|them|theirs|ze|zir|xe|xem|it|its|any|sie|ihr|er|ihm|elle|il|iel|"
    r"ella|él)"
)
_MARK = (
    r"(?:co-?)?host|guest|gast|invitée?|invitado|me|you|ich|moi|yo|organi[sz]er|presenter|external|extern|"
    r"unverified|speaker|participant|facilitator|chair|presenting|mobile|phone|iphone|ipad|android"
)
_ADDITION = re.compile(
    rf"\s*(?:[\(\[]\s*(?:{_PRONOUN}(?:\s*[/|,]\s*{_PRONOUN})*|{_MARK})(?:\s*,\s*(?:{_MARK}))*\s*[\)\]]"
    rf"|\s[-–—|/]\s(?:{_MARK}|{_PRONOUN}(?:/{_PRONOUN})+)|\s{_PRONOUN}/{_PRONOUN}(?:/{_PRONOUN})?)$",
    re.IGNORECASE,
)


_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_TITLES = frozenset(("dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir", "herr", "frau"))


def base_name(name: str) -> str:
    """Return a name without what software adds to it.

    Examples
    --------
    >>> base_name("Ann Lee (she/her)"), base_name("P1 - Host"), base_name("Ann (Leeds)")
    ('Ann Lee', 'P1', 'Ann (Leeds)')
    """
    while (shorter := _ADDITION.sub("", name).strip()) not in (name, ""):
        name = shorter
    return name


def same_people(names: Iterable[str], apart: Iterable[str] = ()) -> dict[str, str]:
    """Return which names of a log mean the same person as another, and under which name they are counted.

    Names are one person's when they are the same without such additions: the bare name counts, or the first
    spelling where the bare one does not occur.

    Parameters
    ----------
    names : iterable of str
        Every name of the log, in the order in which they first occur.
    apart : iterable of str
        Names that somebody gave a role: they stay what they are.
    """
    kept, found = set(apart), {}
    known = list(names)
    chosen: dict[str, str] = {name: name for name in known if base_name(name) == name}
    for name in known:
        base = base_name(name)
        if base != name and name not in kept:
            target = chosen.setdefault(base, name)
            if target != name:
                found[name] = target
    return found


def alike(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of names that may be one person's and are counted as two.

    They differ by case, accents, full stops or the order of first and last name only.
    """
    first: dict[str, str] = {}
    pairs = []
    for name in names:
        other = first.setdefault(_folded(name), name)
        if other != name:
            pairs.append((other, name))
    return pairs


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if plain.count(",") == 1:
        last, first = plain.split(",")
        plain = f"{first} {last}"
    return " ".join(re.sub(r"[.\-_'’]", " ", plain).split())


def name_words(name: str) -> tuple[str, ...]:
    """Return the names in a name, sorted: no titles, marks, case, accents, or additions in brackets.

    Examples
    --------
    >>> name_words("LEE, Ann (University Hospital)"), name_words("Dr Ann Lée")
    (('ann', 'lee'), ('ann', 'lee'))
    """
    words = _folded(_BRACKETS.sub(" ", base_name(name)).replace(",", " ")).split()
    return tuple(sorted(word for word in words if word not in _TITLES)) or tuple(sorted(words))
