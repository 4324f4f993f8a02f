"""Tables of answers before and after in the three shapes that people keep: who said what of which item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cosim.errors import ConfigError, nearest_name
from cosim.formatting.safe_text import as_written
from cosim.meeting_logs.columns import simple
from cosim.meeting_logs.table_rows import Lines, table_rows
from cosim.meeting_logs.utterances import tidy

MOST_ANSWERS: Final = 200_000
"""Answers that a file may hold at most."""

_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "person": (
        "person",
        "name",
        "participant",
        "member",
        "speaker",
        "code",
        "respondent",
        "who",
        "teilnehmer",
    ),
    "item": ("item", "statement", "claim", "option", "criterion", "topic", "aussage", "énoncé", "proposal"),
    "before": ("before", "pre", "first", "t1", "wave_1", "vorher", "avant", "antes", "prior", "round_1"),
    "after": ("after", "post", "second", "t2", "wave_2", "nachher", "après", "después", "final", "round_2"),
    "wave": ("wave", "time", "when", "phase", "round", "moment"),
    "value": ("value", "rating", "score", "answer", "rank", "choice", "probability", "response", "view"),
    "meeting": ("meeting", "session", "group", "panel", "forum", "sitzung"),
    "question": ("question", "ballot", "decision", "frage"),
    "decided": ("decided", "decision", "outcome", "result", "chosen", "value"),
}
_KEYS: Final = ("person", "item", "before", "after", "meeting", "question", "wave", "value")
_BEFORE: Final = frozenset((*_ALIASES["before"], "1", "0"))
_AFTER: Final = frozenset((*_ALIASES["after"], "2"))
_PARTED: Final = re.compile(r"^(.+?)[\s_.:/(-]+([^\s_.:/()-]+?)\)?$")


@dataclass(frozen=True)
class Answer:
    """One person's answers to one item, as written."""

    line: int
    person: str
    meeting: str
    question: str
    item: str
    before: str
    after: str


def named_columns(header: Sequence[str], keys: Sequence[str]) -> dict[str, int]:
    """Return the places of columns that are there, by key."""
    plain = [simple(name) for name in header]
    found: dict[str, int] = {}
    for key in keys:
        places = [i for i, name in enumerate(plain) if name in _ALIASES[key] and i not in found.values()]
        places.sort(key=lambda i: _ALIASES[key].index(plain[i]))
        if places:
            found[key] = places[0]
    return found


def answers_in(file: Path, encoding: str | None) -> Iterator[Answer]:
    """Yield what is in a file of one of the three shapes.

    Raises
    ------
    ConfigError
        With file and line, when it has none of them.
    """
    header, rows, at = table_rows(file, encoding)
    if not rows:
        raise ConfigError("the file holds no answers, only a header", file=file, line=at)
    header, rows = _one_header(header, rows)
    columns = named_columns(header, _KEYS)
    if "item" not in columns and "question" in columns:
        columns["item"] = columns.pop("question")
    if "person" not in columns:
        near = next((name for name in header if nearest_name(simple(name), _ALIASES["person"])), None)
        raise ConfigError("there is no column that says who answered", file=file, line=at, key="person",
                          value=", ".join(header), allowed="person (or name, participant, member)",
                          nearest=near)  # fmt: skip
    if "item" in columns and {"before", "after"} <= set(columns):
        yield from _by_item(rows, columns)
    elif "item" in columns and {"wave", "value"} <= set(columns):
        yield from _by_wave(rows, columns, file)
    else:
        yield from _by_person(header, rows, columns, file, at)


def _one_header(header: list[str], rows: Lines) -> tuple[list[str], Lines]:
    """Return one header for a table whose second row says before and after under each item."""
    below = [as_written(cell).strip() for cell in rows[0][1]]
    waves = [cell.casefold() for cell in below if cell]
    if len(waves) < 2 or not set(waves) <= _BEFORE | _AFTER or all(cell.isdigit() for cell in waves):
        return header, rows
    joined, item = [], ""
    for place in range(max(len(header), len(below))):
        above = header[place] if place < len(header) else ""
        item = above or item
        wave = below[place] if place < len(below) else ""
        joined.append(f"{item} {wave}" if wave else above)
    return joined, rows[1:]


def _cell(cells: Sequence[str], columns: Mapping[str, int], key: str) -> str:
    place = columns.get(key)
    return as_written(cells[place]).strip() if place is not None and place < len(cells) else ""


def _by_item(rows: Lines, columns: Mapping[str, int]) -> Iterator[Answer]:
    for line, cells in rows:
        yield Answer(
            line,
            tidy(_cell(cells, columns, "person")),
            tidy(_cell(cells, columns, "meeting")),
            tidy(_cell(cells, columns, "question")),
            tidy(_cell(cells, columns, "item")),
            _cell(cells, columns, "before"),
            _cell(cells, columns, "after"),
        )


def _by_wave(rows: Lines, columns: Mapping[str, int], file: Path) -> Iterator[Answer]:
    held: dict[tuple[str, ...], dict[str, tuple[int, str]]] = {}
    for line, cells in rows:
        wave = simple(_cell(cells, columns, "wave"))
        when = "before" if wave in _BEFORE else "after" if wave in _AFTER else ""
        if not when:
            near = nearest_name(wave, ("before", "after"))
            told, allowed = "a wave is before or after", "before, after"
            raise ConfigError(
                told, file=file, line=line, key="wave", value=wave, allowed=allowed, nearest=near
            )
        key = tuple(tidy(_cell(cells, columns, one)) for one in ("person", "meeting", "question", "item"))
        if when in held.setdefault(key, {}):
            told = f"a second answer {when} of this person to this item; the first is in line "
            told += str(held[key][when][0])
            raise ConfigError(told, file=file, line=line, key="person", value=key[0])
        held[key][when] = line, _cell(cells, columns, "value")
    for (person, meeting, question, item), waves in held.items():
        first = min(line for line, _ in waves.values())
        both = [waves.get(when, (0, ""))[1] for when in ("before", "after")]
        yield Answer(first, person, meeting, question, item, *both)


def _by_person(
    header: Sequence[str],
    rows: Lines,
    columns: Mapping[str, int],
    file: Path,
    at: int,
) -> Iterator[Answer]:
    pairs: dict[str, dict[str, int]] = {}
    for place, name in enumerate(header):
        parted = _PARTED.match(name.strip())
        if parted is None or place in (columns.get("person"), columns.get("meeting")):
            continue
        end = parted[2].casefold()
        when = "before" if end in _BEFORE else "after" if end in _AFTER else ""
        if when:
            pairs.setdefault(tidy(parted[1]), {})[when] = place
    pairs = {item: both for item, both in pairs.items() if len(both) == 2}
    if not pairs:
        told = (
            "the columns are of no shape that is known: person, item, before, after; or person, item, wave, "
            "value; or person and pairs such as 'Safety before' and 'Safety after'"
        )
        raise ConfigError(told, file=file, line=at, value=", ".join(header))
    for line, cells in rows:
        for item, both in pairs.items():
            yield Answer(
                line,
                tidy(_cell(cells, columns, "person")),
                tidy(_cell(cells, columns, "meeting")),
                "",
                item,
                *(_cell(cells, both, when) for when in ("before", "after")),
            )


def check_answers(answers: Sequence[Answer], file: Path) -> None:
    """Refuse rows without a person or item, somebody who answers twice, and a single person.

    Raises
    ------
    ConfigError
    """
    if len(answers) > MOST_ANSWERS:
        raise ConfigError("more answers than one team gives", file=file, value=len(answers),
                          allowed=f"at most {MOST_ANSWERS:,}")  # fmt: skip
    seen: dict[tuple[str, ...], int] = {}
    for one in answers:
        for key in ("person", "item"):
            if not getattr(one, key):
                raise ConfigError(f"this row names no {key}", file=file, line=one.line, key=key)
        place = (one.person, one.meeting, one.question, one.item)
        if place in seen:
            told = f"this person answers this item a second time; the first is in line {seen[place]}"
            raise ConfigError(told, file=file, line=one.line, key="person", value=one.person)
        seen[place] = one.line
    if len({one.person for one in answers}) < 2:
        raise ConfigError("only one person gives views: there is nobody to move toward", file=file,
                          allowed="two people or more")  # fmt: skip
