"""A diary of a team's meetings: a folder of plain tables that stays the team's.

``meetings.csv`` has a row per meeting, ``turns.csv`` a row per utterance (who, how many words; no text),
``views.csv`` and ``decisions.csv`` what was thought and decided, ``contributions.csv`` what the public
brought and what came of it, in the team's own words.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pandas as pd

from cosim.errors import ConfigError, nearest_name
from cosim.execution.atomic_files import write_text
from cosim.formatting.safe_text import as_written, csv_text
from cosim.meeting_logs.turn_log import TurnLog
from cosim.meeting_logs.views_file import ViewTable, view_table

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "meetings": ("meeting", "date", "phase", "kind", "change", "note"),
    "turns": ("meeting", "turn", "speaker", "role", "words", "start_s", "end_s"),
    "views": ("meeting", "question", "item", "person", "role", "before", "after"),
    "decisions": ("meeting", "question", "item", "decided"),
    "contributions": ("meeting", "contribution", "by", "led_to", "outcome"),
}
"""Tables of a diary and their columns."""

OUTCOMES: Final = ("changed", "partly", "not_changed", "open")
"""What came of a contribution."""

PHASES: Final = ("governance", "priority_setting", "design", "conduct", "analysis", "translation")
"""Phases that are usual; a team may have others."""

KINDS: Final = ("standing", "strangers", "chat")


@dataclass(frozen=True)
class Entry:
    """What is added to a diary.

    Attributes
    ----------
    log : TurnLog
        Of one meeting.
    date : date
    phase : str
    kind : str
        One of `KINDS`.
    change : str
        A new way of working that holds from this meeting on; '' where none begins.
    note : str
    views : ViewTable or None
    decided : DataFrame or None
    contributions : tuple of (contribution, by, led to, outcome)
    """

    log: TurnLog
    date: datetime.date
    phase: str = ""
    kind: str = "standing"
    change: str = ""
    note: str = ""
    views: ViewTable | None = None
    decided: pd.DataFrame | None = None
    contributions: tuple[tuple[str, str, str, str], ...] = ()


@dataclass(frozen=True)
class Diary:
    """A team's diary.

    Attributes
    ----------
    folder : Path
    tables : mapping of str to DataFrame
        By the keys of `COLUMNS`; meetings in order of their dates.
    """

    folder: Path
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    @property
    def meetings(self) -> pd.DataFrame:
        """A row per meeting, in order of dates."""
        return self.tables["meetings"]

    def log(self) -> TurnLog:
        """Return all meetings as one log, in order of dates."""
        turns = self.tables["turns"]
        order = {name: place for place, name in enumerate(self.meetings["meeting"])}
        placed = turns.assign(place=turns["meeting"].map(order)).sort_values(["place", "turn"], kind="stable")
        return TurnLog(placed.drop(columns="place").reset_index(drop=True), self.folder.name)

    def views(self) -> ViewTable | None:
        """Return all views, or None where there are none."""
        frame = self.tables["views"]
        return None if frame.empty else view_table(frame, self.folder.name)

    def added(self, entry: Entry) -> Diary:
        """Return the diary with one meeting more.

        Raises
        ------
        ConfigError
            When the log holds several meetings, a meeting with the same turns is there already, or a word is
            none that is known.
        """
        if len(entry.log.meetings) != 1:
            told = "a diary takes one meeting at a time; --same-meeting joins parts of one"
            raise ConfigError(told, value=len(entry.log.meetings), allowed="one meeting")
        entry.log.require_order("a diary")
        _known(entry.kind, KINDS, "--kind")
        for *_, outcome in entry.contributions:
            _known(outcome, OUTCOMES, "--outcome")
        name = f"{entry.date.isoformat()}{f' {entry.phase}' if entry.phase else ''}"
        taken = [str(one) for one in self.meetings["meeting"]]
        turns = entry.log.frame.assign(meeting=name)
        held = self.tables["turns"]
        for other in taken:
            if _alike(held[held["meeting"] == other], turns):
                raise ConfigError("this meeting is in the diary already", file=self.folder, value=other)
        name = next(one for one in (name, *(f"{name} ({k})" for k in range(2, 1000))) if one not in taken)
        row = (name, entry.date.isoformat(), entry.phase, entry.kind, entry.change, entry.note)
        more = {
            "meetings": pd.DataFrame([row], columns=list(COLUMNS["meetings"])),
            "turns": turns.assign(meeting=name),
            "views": _of_meeting(None if entry.views is None else entry.views.frame, name),
            "decisions": _of_meeting(entry.decided, name),
            "contributions": pd.DataFrame(
                [(name, *one) for one in entry.contributions], columns=list(COLUMNS["contributions"])
            ),
        }
        tables = {}
        for key, columns in COLUMNS.items():
            parts = [one for one in (self.tables[key], more[key]) if len(one)]
            whole = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(columns))
            tables[key] = whole.reindex(columns=list(columns))
        tables["meetings"] = tables["meetings"].sort_values("date", kind="stable", ignore_index=True)
        return replace(self, tables=tables)

    def write(self) -> None:
        """Write all tables, each whole or not at all; the table of meetings comes last.

        Raises
        ------
        StoreError
            When the system refuses.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for key in (*(one for one in COLUMNS if one != "meetings"), "meetings"):
            if len(self.tables[key]) or key == "meetings":
                write_text(self.folder / f"{key}.csv", csv_text(self.tables[key]))


def open_diary(folder: Path, *, new: bool = False) -> Diary:
    """Read a diary.

    Parameters
    ----------
    folder : Path
    new : bool
        Whether a folder that is missing or empty is a diary without meetings.

    Raises
    ------
    ConfigError
        With file and line where a table is not one of a diary.
    """
    if folder.exists() and not folder.is_dir():
        raise ConfigError("a diary is a folder, but this is a file", file=folder)
    there = (folder / "meetings.csv").is_file()
    if not there and not new:
        raise ConfigError("this folder holds no diary: meetings.csv is missing", file=folder,
                          allowed="a folder made by `cosim diary add`")  # fmt: skip
    if not there and folder.exists() and any(one for one in folder.iterdir() if not one.name.startswith(".")):
        raise ConfigError("this folder holds other files; a diary needs one of its own", file=folder)
    tables = {key: _read(folder / f"{key}.csv", key) for key in COLUMNS}
    known = set(tables["meetings"]["meeting"])
    for key in ("turns", "views", "decisions", "contributions"):
        for place, name in enumerate(tables[key]["meeting"]):
            if name not in known:
                told, near = "no such meeting in meetings.csv", nearest_name(str(name), known)
                file = folder / f"{key}.csv"
                raise ConfigError(told, file=file, line=place + 2, key="meeting", value=name, nearest=near)
    meetings = tables["meetings"].sort_values("date", kind="stable", ignore_index=True)
    return Diary(folder, {**tables, "meetings": meetings})


def _read(path: Path, key: str) -> pd.DataFrame:
    columns = COLUMNS[key]
    if not path.is_file():
        return pd.DataFrame(columns=list(columns))
    text = path.read_text(encoding="utf-8-sig")
    rows = list(
        csv.reader(io.StringIO(text), delimiter=";" if text.split("\n", 1)[0].count(";") > 2 else ",")
    )
    header = rows[0] if rows else []
    lacking = [name for name in columns if name not in header]
    if lacking:
        raise ConfigError("a table of a diary lacks a column", file=path, line=1, key=lacking[0],
                          value=", ".join(header), allowed=", ".join(columns))  # fmt: skip
    found: dict[str, list[object]] = {name: [] for name in columns}
    numbers = {"turn", "words", "start_s", "end_s", "before", "after", "decided"}
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        for name in columns:
            place = header.index(name)
            cell = as_written(row[place]) if place < len(row) else ""
            found[name].append(_number(cell, path, line, name) if name in numbers else cell)
        if key == "meetings":
            parsed_date(cell_of(found, "date"), path, line)
    return pd.DataFrame(found)


def cell_of(found: Mapping[str, list[object]], name: str) -> str:
    """Return the last cell of a column."""
    return str(found[name][-1])


def _number(cell: str, path: Path, line: int, name: str) -> float:
    text = cell.strip().replace(",", ".")
    if not text:
        return float("nan")
    try:
        return float(text)
    except ValueError:
        raise ConfigError("this is no number", file=path, line=line, key=name, value=cell) from None


def parsed_date(text: str, path: Path | None = None, line: int | None = None) -> datetime.date:
    """Return a date written as year-month-day.

    Raises
    ------
    ConfigError
    """
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        raise ConfigError("not a date", file=path, line=line, key="date", value=text,
                          allowed="year-month-day, such as 2026-05-01") from None  # fmt: skip


def _known(value: str, allowed: tuple[str, ...], key: str) -> None:
    if value not in allowed:
        near = nearest_name(value, allowed)
        raise ConfigError("not known", key=key, value=value, allowed=", ".join(allowed), nearest=near)


def _alike(held: pd.DataFrame, turns: pd.DataFrame) -> bool:
    return len(held) == len(turns) and bool(
        (held["speaker"].to_numpy() == turns["speaker"].to_numpy()).all()
        and (held["words"].to_numpy(float) == turns["words"].to_numpy(float)).all()
    )


def _of_meeting(frame: pd.DataFrame | None, name: str) -> pd.DataFrame:
    return pd.DataFrame() if frame is None else frame.assign(meeting=name)
