"""Turn logs as tables of text: comma, semicolon, tab or bar between the cells."""

from __future__ import annotations

import csv
import itertools
import math
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TextIO

from cosim.errors import ConfigError
from cosim.formatting.safe_text import as_written
from cosim.meeting_logs.clock import TIMES, Moment, read_time
from cosim.meeting_logs.columns import (
    ALIASES,
    WEAK,
    find_columns,
    require_columns,
    simple,
    unit_of_column,
)
from cosim.meeting_logs.dates import day_first, read_date, split_stamp
from cosim.meeting_logs.headless import header_of
from cosim.meeting_logs.nobody import EMPTY
from cosim.meeting_logs.utterances import Rows, Utterance, tidy

DELIMITERS = (",", ";", "\t", "|")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_TIMED = ("start_s", "end_s", "speech_s")
_OF_A_DAY = ("short", "clock", "half_day")
_LOOKED_AT = 200
_LEAST_WORDS = 2.0


def add_delimited(
    text: TextIO,
    rows: Rows,
    named: Mapping[str, str] | None = None,
    without: tuple[list[str], str] | None = None,
) -> bool:
    """Read a table of turns into `rows`; say whether it holds totals per person (turns or messages).

    Parameters
    ----------
    text : text stream
    rows : Rows
        Where the utterances go; it knows the file, the roles and the pace.
    named : mapping, optional
        Columns that the caller names, see `find_columns`.
    without : list of str and str, optional
        Names for the columns of a table without a header, and its delimiter, see `without_header`.

    Raises
    ------
    ConfigError
        With file and line, when the header or a row cannot be used.
    """
    table = _cells(text, rows.file, named, without)
    if without is not None:
        told = ", ".join(f"{place} {name}" for place, name in enumerate(without[0], 1) if name in ALIASES)
        rows.notes.append(f"the table has no header: columns are taken as {told}")
    first = next(table, None)
    if first is None:
        raise rows.error("the file has no header: no cell holds the name of a column")
    line, header, delimiter = first
    found = find_columns(header, rows.file, line, named)
    require_columns(found, header, rows.file, line)
    tally = "turns" in found and not any(name in found for name in ("turn", "start_s", "text"))
    if not tally:
        found.pop("turns", None)
    only_days = "date" in found and "start_s" not in found
    if "date" in found and (tally or only_days):
        day = found.pop("date")
        found.update({} if tally else {"start_s": day})
    reader = _RowReader(rows, header, found, comma=delimiter != ",")
    row = next(table, None)
    if row is not None and reader.has_stamps(row[1]):
        stamps = list(reader.stamps(cells for _, cells, _ in itertools.chain([row], table)))
        reader.first = day_first((day for day, _ in stamps), any("m" in at.casefold() for _, at in stamps))
        text.seek(0)
        table = _cells(text, rows.file, named, without)
        next(table), next(table)
    for number, cells, _ in itertools.chain([] if row is None else [row], table):
        if len(cells) < len(header):
            told = f"this row has {len(cells)} cells, the header has {len(header)}"
            raise rows.error(told, number)
        if any(cell.strip() for cell in cells[len(header) :]):
            told = f"this row has {len(cells)} cells, the header has {len(header)} (text not in quotes?)"
            raise rows.error(told, number)
        if cells == header:  # two files, one below the other
            rows.open(rows.file)
            continue
        try:
            utterance = reader.utterance(number, cells)
        except _NoTimeError as fault:
            if only_days and not rows.read:  # a column called date that holds none: let it be
                name = header[found.pop("start_s")]
                rows.notes.append(f"the column {name!r} holds no dates that can be read, and is left out")
                reader.found, only_days = found, False
                rows.add(reader.utterance(number, cells))
                continue
            rows.fault(fault.error)
            continue
        rows.add(utterance)
    reader.tell()
    return tally


class _NoTimeError(Exception):
    """A cell that should hold a time and holds none that can be read."""

    def __init__(self, error: ConfigError) -> None:
        self.error = error


def without_header(head: Sequence[str]) -> tuple[list[str], str] | None:
    """Return names for the columns of a table without a header, and what parts its cells; None for others."""
    lines = [line.rstrip("\n").lstrip("\ufeff") for line in head if line.strip()]
    for delimiter in ("\t", ";", ",", "|"):
        if not lines or delimiter not in lines[0]:
            continue
        try:
            rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
        except csv.Error:
            continue
        found = header_of(rows)
        if found is not None:
            return found, delimiter
    return None


def _cells(
    text: TextIO, file: Path, named: Mapping[str, str] | None, without: tuple[list[str], str] | None
) -> Iterator[tuple[int, list[str], str]]:
    """Yield line number, cells and delimiter of the header and of each row that is not blank."""
    before, header = 0, ""
    delimiter = None
    if without is not None:
        header, delimiter = f"{without[1].join(without[0])}\n", without[1]
    else:
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
    known = {name for names in (ALIASES, WEAK) for aliases in names.values() for name in aliases}
    known.update(simple(name) for name in (named or {}).values())

    def score(delimiter: str) -> tuple[int, int]:
        names = [simple(name.strip('"')) for name in header.strip().split(delimiter)]
        return sum(name in known for name in names), len(names)

    return max(DELIMITERS, key=score)


class _RowReader:
    """Turns the cells of a row into an utterance."""

    def __init__(self, rows: Rows, header: Sequence[str], found: Mapping[str, int], comma: bool) -> None:
        self.rows, self.header, self.found, self.comma = rows, header, found, comma
        self.keys = {
            key: key if simple(header[place]) == key else f"{key} (column {header[place]!r})"
            for key, place in found.items()
        }
        units = {key: unit_of_column(header[found[key]]) for key in _TIMED if key in found}
        self.units = {key: unit for key, unit in units.items() if unit is not None}
        self.said = Counter[int]()  # words in columns that are not known, by place
        self.looked = 0
        self.dated = False
        self.first = True  # whether the day comes before the month

    def has_stamps(self, cells: Sequence[str]) -> bool:
        """Say whether a row has dates that are written in another order than year, month, day."""
        return any(read_time(cell) is None for cell in self._times(cells) if split_stamp(cell) is not None)

    def stamps(self, table: Iterable[Sequence[str]]) -> Iterator[tuple[str, str]]:
        """Yield every date with its clock."""
        for cells in table:
            for cell in self._times(cells):
                if (stamp := split_stamp(cell)) is not None:
                    yield stamp

    def _times(self, cells: Sequence[str]) -> list[str]:
        places = [self.found[key] for key in ("start_s", "end_s", "date") if key in self.found]
        return [cells[place] for place in places if place < len(cells)]

    def _moment(self, cell: str) -> Moment | None:
        """Read a time, or a date in whatever order the file has."""
        moment = read_time(cell, self.comma)
        stamp = split_stamp(cell) if moment is None else None
        if stamp is None:
            return moment
        day, clock = (
            read_date(stamp[0], self.first),
            read_time(stamp[1]) if stamp[1] else Moment(0.0, "clock"),
        )
        if day is None or clock is None:
            return None
        return Moment(day + clock.seconds * (60.0 if clock.kind == "short" else 1.0), "date")

    def utterance(self, line: int, cells: Sequence[str]) -> Utterance:
        found = self.found
        words = self._whole(line, cells, "words")
        if words is None and "text" not in found and self.looked < _LOOKED_AT:
            self.looked += 1
            self.said.update(
                {i: len(cell.split()) for i, cell in enumerate(cells) if i not in found.values()}
            )
        return Utterance(
            line=line,
            speaker=as_written(cells[found["speaker"]]),
            meeting=self._name(line, cells, "meeting"),
            role=as_written(cells[found["role"]]) if "role" in found else None,
            order=self._whole(line, cells, "turn", needed=True),
            words=words,
            text=cells[found["text"]] if "text" in found else None,
            start=self._seconds(line, cells, "start_s"),
            end=self._seconds(line, cells, "end_s"),
            seconds=self._seconds(line, cells, "speech_s"),
            turns=self._whole(line, cells, "turns"),
        )

    def tell(self) -> None:
        """Note which columns were guessed, and which could hold text that was not used."""
        for key in ("text", "speaker"):
            if key in self.found and simple(self.header[self.found[key]]) in WEAK[key]:
                told = f"the column {self.header[self.found[key]]!r} is taken for the {key}"
                self.rows.notes.append(f"{told}; if that is wrong: --column {key}=NAME")
        if self.rows.estimated and self.looked:
            texts = [i for i, words in self.said.most_common() if words > _LEAST_WORDS * self.looked]
            if texts:
                name = self.header[texts[0]]
                told = f"the column {name!r} could be what was said; if it is"
                self.rows.notes.append(f"{told}: --column {shlex.quote(f'text={name}')}")

    def _name(self, line: int, cells: Sequence[str], key: str) -> str | None:
        if key not in self.found:
            return None
        name = tidy(as_written(cells[self.found[key]]))
        if not name:
            raise self.rows.error("this cell is empty", line, self.keys[key], allowed="a name")
        return name

    def _whole(self, line: int, cells: Sequence[str], key: str, needed: bool = False) -> float | None:
        if key not in self.found:
            return None
        cell = cells[self.found[key]].strip()
        if cell.casefold() in EMPTY:
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
        if cell.casefold() in EMPTY:
            return None
        moment = self._moment(cell)
        if moment is None or (moment.kind == "date" and key == "speech_s"):
            told = "this is not a time that can be read"
            raise _NoTimeError(self.rows.error(told, line, self.keys[key], cell, TIMES))
        kind, seconds = moment.kind, moment.seconds
        if kind == "number" and key in self.units:
            kind, seconds = "span", seconds * self.units[key]
        day = self._day(line, cells) if kind in _OF_A_DAY and key != "speech_s" else None
        if day is not None:
            seconds = day + (60.0 * seconds if kind == "short" else seconds)
            kind = "date"
        (self.rows.lasting if key == "speech_s" else self.rows.kinds).add(kind)
        return seconds

    def _day(self, line: int, cells: Sequence[str]) -> float | None:
        """Return the day that a column of its own names for a clock, in seconds from the calendar's first.

        A column whose first cell is no date that can be read is left alone.
        """
        if "date" not in self.found:
            return None
        cell = cells[self.found["date"]]
        day = self._moment(cell)
        if day is not None and day.kind == "date":
            self.dated = True
            return day.seconds
        if self.dated:
            told = "this is not a date that can be read"
            raise _NoTimeError(self.rows.error(told, line, self.keys["date"], cell, "2024-05-01"))
        self.found = {key: place for key, place in self.found.items() if key != "date"}
        name = self.keys["date"]
        self.rows.notes.append(f"the column of the {name} holds no dates that can be read, and is left out")
        return None
