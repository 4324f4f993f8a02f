"""Who is who in a team's logs: names, other spellings, roles in any language, and groups of the model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cosim.errors import ConfigError, nearest_name
from cosim.formatting.safe_text import as_written
from cosim.meeting_logs.columns import simple
from cosim.meeting_logs.roles import model_role
from cosim.meeting_logs.table_rows import table_rows
from cosim.meeting_logs.utterances import tidy

COLUMNS: Final = ("name", "other spellings", "role", "group")
"""Columns of a people file; only the first must be there."""

GROUPS: Final = ("public", "researcher", "provider", "policymaker")
"""Groups that a person may belong to, in the words of a people file."""

_ALIASES: Final = {
    "name": ("name", "person", "speaker", "participant", "code"),
    "other_spellings": (
        "other_spellings", "spellings", "also", "also_called", "aliases", "alias", "other_names", "spelling",
    ),
    "role": ("role", "function", "title", "rolle", "rôle", "rol", "ruolo"),
    "group": ("group", "stakeholder", "stakeholder_group", "model_role", "gruppe", "groupe", "grupo"),
}  # fmt: skip


@dataclass(frozen=True)
class People:
    """The people of a team.

    Attributes
    ----------
    names : tuple of str
        As they are counted and reported.
    spellings : dict
        The name of each spelling, the names themselves among them; as written and casefolded.
    roles : dict
        The role of each name that has one, in words that tell the model's role where a group is given.
    """

    names: tuple[str, ...] = ()
    spellings: dict[str, str] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)

    def name(self, spelling: str) -> str:
        """Return the name under which a spelling is counted: itself, if it is not known."""
        return self.spellings.get(spelling) or self.spellings.get(spelling.casefold(), spelling)


def read_people(path: str | Path, encoding: str | None = None) -> People:
    """Read a people file: a table with a row per person.

    Columns are name, other spellings (parted by ``|`` or ``;``), role (in any language) and group (public,
    researcher, provider or policymaker); all but the name may be left out.

    Raises
    ------
    ConfigError
        With file and line: no column for the name, a name or spelling that stands twice, a group that is not
        one of the four.
    """
    file = Path(path)
    header, rows, at = table_rows(file, encoding)
    columns = _columns(header, file, at)
    found = People()
    names: list[str] = []
    for line, cells in rows:
        if any(cell.strip() for cell in cells):
            names.append(
                _take(
                    found,
                    {key: as_written(cells[i]) for key, i in columns.items() if i < len(cells)},
                    file,
                    line,
                )
            )
    if not names:
        raise ConfigError("the people file names nobody", file=file, line=at)
    return People(tuple(names), found.spellings, found.roles)


def _columns(header: Sequence[str], file: Path, line: int) -> dict[str, int]:
    plain = [simple(name) for name in header]
    found = {}
    for key, known in _ALIASES.items():
        places = [place for place, name in enumerate(plain) if name in known]
        if places:
            found[key] = places[0]
    for place, name in enumerate(plain):
        if name and place not in found.values():
            near = nearest_name(name, COLUMNS)
            told = "not a column of a people file"
            allowed = ", ".join(COLUMNS)
            raise ConfigError(told, file=file, line=line, value=header[place], allowed=allowed, nearest=near)
    if "name" not in found:
        told = "the people file has no column for the name"
        raise ConfigError(told, file=file, line=line, key="name", allowed=", ".join(COLUMNS))
    return found


def _take(people: People, cells: dict[str, str], file: Path, line: int) -> str:
    """Take one person into `people`; return their name."""
    name = tidy(cells.get("name", ""))
    if not name:
        raise ConfigError("this person has no name", file=file, line=line, key="name")
    others = [tidy(one) for one in re.split(r"[|;]", cells.get("other_spellings", ""))]
    for spelling in dict.fromkeys([name, *filter(None, others)]):
        whose = people.spellings.setdefault(spelling, name)
        if whose != name or (spelling == name and name in people.roles):
            told = f"{spelling!r} already means {whose!r}"
            raise ConfigError(told, file=file, line=line, key="other spellings", value=spelling)
        people.spellings.setdefault(spelling.casefold(), name)
    people.roles[name] = _role(tidy(cells.get("role", "")), tidy(cells.get("group", "")), file, line)
    return name


def _role(role: str, group: str, file: Path, line: int) -> str:
    """Return words for a role from which the model's role can be told, where the group says which it is."""
    if not group:
        return role
    meant = model_role(group)
    if meant is None:
        near = nearest_name(group.casefold(), GROUPS)
        told, allowed = "not a group of the model", ", ".join(GROUPS)
        raise ConfigError(told, file=file, line=line, key="group", value=group, allowed=allowed, nearest=near)
    shown = "public contributor" if meant == "patient" else meant
    for words in (role, f"{role} ({shown})"):
        if role and model_role(words) == meant:
            return words
    return shown


def absent(people: People, speakers: Iterable[str]) -> list[str]:
    """Return who is in a people file and says nothing."""
    heard = set(speakers)
    return [name for name in people.names if name not in heard]
