"""Turn logs as tables of text: comma, semicolon, tab or bar between the cells."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TextIO

from cosim.errors import ConfigError
from cosim.evidence.columns import ALIASES, find_columns, require_columns, simple
from cosim.evidence.rows import Rows, Utterance, tidy
from cosim.evidence.turn_log import TurnLog
from cosim.evidence.words import count_words

DELIMITERS = (",", ";", "\t", "|")
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2}(?:[.,]\d+)?)")
_HALF_DAY = re.compile(r"(1[0-2]|0?[1-9]):(\d{2})(?::(\d{2}(?:[.,]\d+)?))?\s*([ap])\.?m\.?", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_EMPTY = ("", "na", "n/a", "nan", "null", "none", "-")


def read_delimited(text: TextIO, rows: Rows, named: Mapping[str, str] | None = None) -> TurnLog:
    """Read a table of turns, or of totals per person (`turns` or `messages` counted, no turn order).

    Parameters
    ----------
    text : text stream
    rows : Rows
        Where the utterances go; it knows the file, the roles and the pace.
    named : mapping, optional
        Columns that the caller names, see `find_columns`.

    Raises
    ------
    ConfigError
        With file and line, when the header or a row cannot be used.
    """
    table = _cells(text, rows.file, named)
    first = next(table, None)
    if first is None:
        raise rows.error("the file has no header: no cell holds the name of a column")
    line, header, delimiter = first
    found = find_columns(header, rows.file, line, named)
    require_columns(found, header, rows.file, line)
    tally = "turns" in found and not any(name in found for name in ("turn", "start_s", "text"))
    if not tally:
        found.pop("turns", None)
    reader = _RowReader(rows, header, found, comma=delimiter != ",")
    for number, cells, _ in table:
        if len(cells) < len(header):
            told = f"this row has {len(cells)} cells, the header has {len(header)}"
            raise rows.error(told, number)
        if any(cell.strip() for cell in cells[len(header) :]):
            told = f"this row has {len(cells)} cells, the header has {len(header)} (text not in quotes?)"
            raise rows.error(told, number)
        rows.add(reader.utterance(number, cells))
    return rows.finish(tally=tally)


def _cells(text: TextIO, file: Path, named: Mapping[str, str] | None) -> Iterator[tuple[int, list[str], str]]:
    """Yield line number, cells and delimiter of the header and of each row that is not blank."""
    before, header = 0, ""
    delimiter = None
    for header in text:
        before += 1
        if header.casefold().startswith("sep=") and len(header.strip()) == 5:
            delimiter = header.strip()[-1]  # Excel's own way to say it
        elif header.strip():
            break
    delimiter = delimiter or _delimiter(header, named)

    def lines() -> Iterator[str]:
        yield header
        yield from text

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    last = 0
    try:
        for cells in reader:
            first, last = last + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                yield before - 1 + first, cells, delimiter
    except csv.Error as error:
        told = str(error)
        if "field limit" in told or "unexpected end" in told:
            told = "a quotation mark is opened here (or in this row) and never closed"
        raise ConfigError(told, file=file, line=before + last) from None


def _delimiter(header: str, named: Mapping[str, str] | None) -> str:
    """Return the delimiter that makes the most columns known, and failing that, the most columns."""
    known = {name for aliases in ALIASES.values() for name in aliases}
    known.update(simple(name) for name in (named or {}).values())

    def score(delimiter: str) -> tuple[int, int]:
        names = [simple(name.strip('"')) for name in header.strip().split(delimiter)]
        return sum(name in known for name in names), len(names)

    return max(DELIMITERS, key=score)


class _RowReader:
    """Turns the cells of a row into an utterance."""

    def __init__(self, rows: Rows, header: Sequence[str], found: Mapping[str, int], comma: bool) -> None:
        self.rows, self.found, self.comma = rows, found, comma
        self.keys = {
            key: key if simple(header[place]) == key else f"{key} (column {header[place]!r})"
            for key, place in found.items()
        }

    def utterance(self, line: int, cells: Sequence[str]) -> Utterance:
        found = self.found
        words = self._whole(line, cells, "words")
        if words is None and "text" in found:
            words = float(count_words(cells[found["text"]]))
        return Utterance(
            line=line,
            speaker=cells[found["speaker"]],
            meeting=self._name(line, cells, "meeting"),
            role=cells[found["role"]] if "role" in found else None,
            order=self._whole(line, cells, "turn", needed=True),
            words=words,
            start=self._seconds(line, cells, "start_s"),
            end=self._seconds(line, cells, "end_s"),
            seconds=self._seconds(line, cells, "speech_s"),
            turns=self._whole(line, cells, "turns"),
        )

    def _name(self, line: int, cells: Sequence[str], key: str) -> str | None:
        if key not in self.found:
            return None
        name = tidy(cells[self.found[key]])
        if not name:
            raise self.rows.error("this cell is empty", line, self.keys[key], allowed="a name")
        return name

    def _whole(self, line: int, cells: Sequence[str], key: str, needed: bool = False) -> float | None:
        if key not in self.found:
            return None
        cell = cells[self.found[key]].strip()
        if cell.casefold() in _EMPTY:
            if needed:
                raise self.rows.error("this cell is empty", line, self.keys[key], allowed="a whole number")
            return None
        number = float(cell) if _NUMBER.fullmatch(cell) else math.nan
        if not number.is_integer():
            told = "must be a whole number"
            raise self.rows.error(told, line, self.keys[key], cell, "0, 1, 2, ...; no decimals or units")
        return number

    def _seconds(self, line: int, cells: Sequence[str], key: str) -> float | None:
        if key not in self.found:
            return None
        cell = cells[self.found[key]].strip()
        if cell.casefold() in _EMPTY:
            return None
        plain = cell.replace(",", ".") if self.comma else cell
        if _NUMBER.fullmatch(plain) and math.isfinite(float(plain)):
            return float(plain)
        seconds = _clock(cell)
        if seconds is None and key != "speech_s":
            seconds = _date(cell)
            self.rows.dated |= seconds is not None
        if seconds is None:
            told = "this is not a time that can be read"
            allowed = "seconds (83.5), a clock (1:23, 0:01:23.5, 9:05:00 AM) or 2024-05-01 09:05:00"
            raise self.rows.error(told, line, self.keys[key], cell, allowed)
        return seconds


def _clock(cell: str) -> float | None:
    """Return the seconds that a clock shows, or None for anything else."""
    if (clock := _CLOCK.fullmatch(cell)) is not None:
        hours, minutes, seconds = clock.groups()
        return 3600.0 * int(hours or 0) + 60.0 * int(minutes) + float(seconds.replace(",", "."))
    if (half := _HALF_DAY.fullmatch(cell)) is not None:
        hours, minutes, seconds, which = half.groups()
        hour = int(hours) % 12 + (12 if which in "pP" else 0)
        return 3600.0 * hour + 60.0 * int(minutes) + float((seconds or "0").replace(",", "."))
    return None


def _date(cell: str) -> float | None:
    """Return the seconds from the calendar's first day to a date with time, or None for anything else."""
    try:
        stamp = datetime.fromisoformat(cell)
    except ValueError:
        return None
    offset = stamp.utcoffset() or timedelta()
    return (stamp.replace(tzinfo=None) - datetime.min - offset).total_seconds()
