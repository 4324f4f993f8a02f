"""What members think before and after a meeting: tables of ratings, ranks, first choices or probabilities.

Whatever the kind, a view becomes a number from 0 to 1 for an item, higher for better. A first choice becomes
an item for each option, 1 for the one that was chosen.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

from cosim.errors import ConfigError, nearest_name
from cosim.formatting.safe_text import as_written
from cosim.meeting_logs.columns import simple
from cosim.meeting_logs.log_file import open_log
from cosim.meeting_logs.people_file import People
from cosim.meeting_logs.turn_log import NO_ROLE
from cosim.meeting_logs.utterances import tidy

Kind = Literal["ratings", "ranks", "first_choices", "probabilities"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
"""What views may be; where nobody says which, the values tell."""

COLUMNS: Final = ("person", "item", "before", "after", "meeting", "question")
"""Columns of `ViewTable.frame` that a file may give; the last two may be left out."""

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
_BEFORE: Final = frozenset((*_ALIASES["before"], "1", "0"))
_AFTER: Final = frozenset((*_ALIASES["after"], "2"))
_PARTED: Final = re.compile(r"^(.+?)[\s_.:/(-]+([^\s_.:/()-]+?)\)?$")
_MISSING: Final = frozenset(("", "na", "n/a", "nan", "none", "-", ".", "?", "missing", "null", "#n/a"))
_SCALES: Final = ((0.0, 1.0), (1.0, 5.0), (1.0, 7.0), (1.0, 9.0), (1.0, 10.0), (0.0, 10.0), (0.0, 100.0))


@dataclass(frozen=True)
class ViewTable:
    """Views before and after.

    Attributes
    ----------
    frame : DataFrame
        A row per person and item: person, role, meeting, question, item, before, after (0..1, higher for
        better; NaN where somebody did not answer).
    kind : str
        One of `KINDS`.
    scale : tuple of float
        What 0 and 1 were in the file, where that is one pair of numbers.
    name : str
    notes : tuple of str
    """

    frame: pd.DataFrame
    kind: str
    scale: tuple[float, float]
    name: str
    notes: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        """Who answered, in the order of the file."""
        return tuple(str(name) for name in self.frame["person"].unique())

    @property
    def items(self) -> int:
        """Number of items, the same at two meetings counted twice; of n ranked options, n - 1 are free."""
        return int(self.frame.groupby(["meeting", "question", "item"], sort=False).ngroups)

    def with_roles(self, roles: Mapping[str, str]) -> ViewTable:
        """Return the views with the roles of people, by name; who has none keeps what they have."""
        own = [roles.get(str(who), str(role)) for who, role in zip(self.frame["person"], self.frame["role"],
                                                                   strict=True)]  # fmt: skip
        return replace(self, frame=self.frame.assign(role=own))

    def coded(self, codes: Mapping[str, str], meetings: Mapping[str, str]) -> ViewTable:
        """Return the views with codes for people and meetings (V1, ... where none is given)."""
        own = dict.fromkeys(str(one) for one in self.frame["meeting"].unique())
        named = {**{one: f"V{place}" for place, one in enumerate(own, start=1)}, **meetings}
        frame = self.frame.assign(
            person=self.frame["person"].map(lambda who: codes[str(who)]),
            meeting=self.frame["meeting"].map(lambda one: named[str(one)]),
        )
        return replace(self, frame=frame, name="views", notes=tuple(re.sub(r"'[^']*'", "...", n)
                                                                    for n in self.notes))  # fmt: skip


@dataclass(frozen=True)
class _Answer:
    line: int
    person: str
    meeting: str
    question: str
    item: str
    before: str
    after: str


def view_table(frame: pd.DataFrame, name: str = "views", kind: str = "ratings") -> ViewTable:
    """Make a table of views from numbers in memory.

    Parameters
    ----------
    frame : DataFrame
        Columns person, item, before and after (0..1 or NaN); optionally role, meeting and question.
    name, kind : str

    Raises
    ------
    ConfigError
        When a column is missing, a number lies outside of 0..1, or a person answers an item twice.
    """
    for column in ("person", "item", "before", "after"):
        if column not in frame.columns:
            raise ConfigError("the table lacks this column", file=name, key=column)
    values = frame[["before", "after"]].to_numpy(float)
    if (np.isinf(values) | (values < 0.0) | (values > 1.0)).any():
        raise ConfigError("views must lie between 0 and 1", file=name, allowed="0 to 1, or NaN")
    made = pd.DataFrame(
        {
            "person": frame["person"].astype(str).to_numpy(),
            "role": frame["role"].astype(str).to_numpy() if "role" in frame.columns else NO_ROLE,
            "meeting": frame["meeting"].astype(str).to_numpy() if "meeting" in frame.columns else "1",
            "question": frame["question"].astype(str).to_numpy() if "question" in frame.columns else "",
            "item": frame["item"].astype(str).to_numpy(),
            "before": values[:, 0],
            "after": values[:, 1],
        }
    )
    twice = made.duplicated(["person", "meeting", "question", "item"])
    if twice.any():
        row = made[twice].iloc[0]
        raise ConfigError(
            "somebody answers an item twice", file=name, value=f"{row['person']}, {row['item']}"
        )
    return ViewTable(made, kind, (0.0, 1.0), name)


def read_views(
    path: str | Path,
    *,
    kind: str | None = None,
    scale: tuple[float, float] | None = None,
    people: People | None = None,
    encoding: str | None = None,
) -> ViewTable:
    """Read views before and after.

    Parameters
    ----------
    path : str or Path
        A table (comma, semicolon, tab) in one of three shapes: a row per person and item with columns person,
        item, before, after; a row per answer with person, item, wave (before or after) and value; or a row
        per person with columns such as "Safety before" and "Safety after". Optional: meeting, question (which
        ranked options belong together). Empty cells, NA and - are missing answers.
    kind : {"ratings", "ranks", "first_choices", "probabilities"}, optional
        By default what the values look like.
    scale : tuple of float, optional
        Lowest and highest possible rating; by default the usual scale that holds all answers.
    people : People, optional
        Merges spellings, and gives roles.
    encoding : str, optional

    Raises
    ------
    ConfigError
        With file and line: no such columns, a value that is no number or outside of the scale, ranks that
        are none, somebody who answers twice, fewer than two people, nobody who answered before and after.
    """
    file = Path(path)
    if kind is not None and kind not in KINDS:
        near = nearest_name(kind, KINDS)
        raise ConfigError("not a kind of views", key="--views-as", value=kind, allowed=", ".join(KINDS),
                          nearest=near)  # fmt: skip
    who = people or People()
    answers = [replace(one, person=who.name(one.person)) for one in _answers(file, encoding)]
    _check_answers(answers, file)
    made, meant, ends, notes = _numbers(answers, kind, scale, file)
    made["role"] = [who.roles.get(name) or NO_ROLE for name in made["person"]]
    order = ["person", "role", "meeting", "question", "item", "before", "after"]
    known = made["before"].notna() & made["after"].notna()
    if not known.any():
        raise ConfigError("nobody answered any item both before and after", file=file)
    short = int((made["before"].isna() ^ made["after"].isna()).sum())
    if short:
        notes.append(f"{short:,} of {len(made):,} pairs of answers lack one of the two; the other is used")
    return ViewTable(made[order], meant, ends, file.name, tuple(notes))


def read_decisions(path: str | Path, views: ViewTable, encoding: str | None = None) -> pd.DataFrame:
    """Read what was decided on the items of `views`.

    Parameters
    ----------
    path : str or Path
        A table with columns item and decision (also: decided, outcome, value) on the scale of the views; for
        first choices the item is the question and the decision the option chosen; for ranks, the rank given.
        Optional: meeting.
    views : ViewTable
    encoding : str, optional

    Returns
    -------
    DataFrame
        meeting, question, item, decided (0..1).

    Raises
    ------
    ConfigError
        With file and line, also for an item that nobody gave a view on.
    """
    file = Path(path)
    header, rows, at = _rows(file, encoding)
    columns = _columns(header, ("item", "decided", "meeting", "question"), file, at)
    if "item" not in columns and "question" in columns:
        columns["item"] = columns.pop("question")
    for key in ("item", "decided"):
        if key not in columns:
            told = f"the decisions have no column for the {'decision' if key == 'decided' else key}"
            raise ConfigError(told, file=file, line=at, key="decision" if key == "decided" else key,
                              value=", ".join(header), allowed="item, decision")  # fmt: skip
    known = views.frame[["meeting", "question", "item"]].drop_duplicates()
    found = []
    for line, cells in rows:
        cell = {key: as_written(cells[i]).strip() for key, i in columns.items() if i < len(cells)}
        if _missing(cell.get("decided", "")):
            continue
        found += _decision(cell, known, views, file, line)
    table = pd.DataFrame(found, columns=["meeting", "question", "item", "decided"])
    if table.empty:
        raise ConfigError("the file holds no decision", file=file)
    if table.duplicated(["meeting", "question", "item"]).any():
        row = table[table.duplicated(["meeting", "question", "item"])].iloc[0]
        raise ConfigError("an item is decided twice", file=file, key="item", value=str(row["item"]))
    return table


def _decision(
    cell: Mapping[str, str], known: pd.DataFrame, views: ViewTable, file: Path, line: int
) -> list[tuple[str, str, str, float]]:
    column = "question" if views.kind == "first_choices" else "item"
    item, meeting = tidy(cell.get("item", "")), tidy(cell.get("meeting", ""))
    here = known[known[column].str.casefold() == item.casefold()]
    if meeting:
        here = here[here["meeting"] == meeting]
    if here.empty:
        near = nearest_name(item, known[column].unique())
        raise ConfigError("nobody gave a view on this item", file=file, line=line, key="item", value=item,
                          nearest=near)  # fmt: skip
    if here["meeting"].nunique() > 1 and not meeting:
        raise ConfigError("the item belongs to several meetings; say which in a column meeting", file=file,
                          line=line, key="item", value=item)  # fmt: skip
    keys = [tuple(str(x) for x in row) for row in here.to_numpy()]
    decided = cell["decided"]
    if views.kind == "first_choices":
        options = [one[2] for one in keys]
        if tidy(decided).casefold() not in [one.casefold() for one in options]:
            raise ConfigError("not an option that anybody chose", file=file, line=line, key="decision",
                              value=decided, allowed=", ".join(options),
                              nearest=nearest_name(decided, options))  # fmt: skip
        return [(*one, float(one[2].casefold() == tidy(decided).casefold())) for one in keys]  # type: ignore[misc]
    value = _number(decided, file, line, "decision")
    if views.kind == "ranks":
        count = int((known["meeting"].eq(keys[0][0]) & known["question"].eq(keys[0][1])).sum())
        value, low, high = count + 1 - value, 1.0, float(count)
    else:
        low, high = views.scale
        if views.kind == "probabilities" and high == 1.0 and value > 1.0:
            value /= 100.0
    _check_range(value, low, high, file, line, "decision", decided)
    return [(*keys[0], (value - low) / (high - low))]  # type: ignore[list-item]


# ---------------------------------------------------------------- rows of a file


def _rows(file: Path, encoding: str | None) -> tuple[list[str], list[tuple[int, list[str]]], int]:
    with open_log(file, encoding) as text:
        lines = list(text)
    at = next(number for number, line in enumerate(lines) if line.strip())
    delimiter = max("\t;,|", key=lines[at].count)
    reader = csv.reader(lines[at:], delimiter=delimiter, strict=True)
    try:
        table = [(reader.line_num + at, row) for row in reader]
    except csv.Error as error:
        told = f"this is not a table that can be read: {error}"
        raise ConfigError(told, file=file, line=reader.line_num + at) from None
    header = [as_written(cell.lstrip("\ufeff")).strip() for cell in table[0][1]]
    return header, [(line, row) for line, row in table[1:] if any(cell.strip() for cell in row)], at + 1


def _columns(header: Sequence[str], keys: Sequence[str], file: Path, line: int) -> dict[str, int]:
    plain = [simple(name) for name in header]
    found: dict[str, int] = {}
    for key in keys:
        places = [i for i, name in enumerate(plain) if name in _ALIASES[key] and i not in found.values()]
        places.sort(key=lambda i: _ALIASES[key].index(plain[i]))
        if places:
            found[key] = places[0]
    return found


def _answers(file: Path, encoding: str | None) -> Iterator[_Answer]:
    header, rows, at = _rows(file, encoding)
    if not rows:
        raise ConfigError("the file holds no answers, only a header", file=file, line=at)
    columns = _columns(header, ("person", "item", "before", "after", "meeting", "question", "wave", "value"),
                       file, at)  # fmt: skip
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


def _cell(cells: Sequence[str], columns: Mapping[str, int], key: str) -> str:
    place = columns.get(key)
    return as_written(cells[place]).strip() if place is not None and place < len(cells) else ""


def _by_item(rows: Sequence[tuple[int, list[str]]], columns: Mapping[str, int]) -> Iterator[_Answer]:
    for line, cells in rows:
        yield _Answer(
            line,
            tidy(_cell(cells, columns, "person")),
            tidy(_cell(cells, columns, "meeting")),
            tidy(_cell(cells, columns, "question")),
            tidy(_cell(cells, columns, "item")),
            _cell(cells, columns, "before"),
            _cell(cells, columns, "after"),
        )


def _by_wave(
    rows: Sequence[tuple[int, list[str]]], columns: Mapping[str, int], file: Path
) -> Iterator[_Answer]:
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
        yield _Answer(first, person, meeting, question, item, *both)


def _by_person(
    header: Sequence[str],
    rows: Sequence[tuple[int, list[str]]],
    columns: Mapping[str, int],
    file: Path,
    at: int,
) -> Iterator[_Answer]:
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
            yield _Answer(
                line,
                tidy(_cell(cells, columns, "person")),
                tidy(_cell(cells, columns, "meeting")),
                "",
                item,
                *(_cell(cells, both, when) for when in ("before", "after")),
            )


def _check_answers(answers: Sequence[_Answer], file: Path) -> None:
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


# ---------------------------------------------------------------- from cells to numbers


def _missing(cell: str) -> bool:
    return cell.strip().casefold() in _MISSING


def _as_number(cell: str) -> float:
    text = cell.strip().replace("\u2212", "-").replace("\u00a0", "")
    share = text.endswith("%")
    text = text.removesuffix("%").strip()
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value / 100.0 if share else value


def _number(cell: str, file: Path, line: int, key: str) -> float:
    value = _as_number(cell)
    if not math.isfinite(value):
        raise ConfigError("this is no number", file=file, line=line, key=key, value=cell,
                          allowed="a number; an empty cell for a missing answer")  # fmt: skip
    return value


def _check_range(value: float, low: float, high: float, file: Path, line: int, key: str, cell: str) -> None:
    if not low <= value <= high:
        raise ConfigError("this lies outside of the scale", file=file, line=line, key=key, value=cell,
                          allowed=f"{low:g} to {high:g}; --scale says another")  # fmt: skip


def _numbers(
    answers: Sequence[_Answer], kind: str | None, scale: tuple[float, float] | None, file: Path
) -> tuple[pd.DataFrame, str, tuple[float, float], list[str]]:
    told = [cell for one in answers for cell in (one.before, one.after) if not _missing(cell)]
    if not told:
        raise ConfigError("every answer is missing", file=file)
    plain = np.array([_as_number(cell) for cell in told])
    words = float(np.isnan(plain).mean())
    meant = kind or ("first_choices" if words > 0.5 else _looks_like(answers, plain, told))
    notes = [] if kind else [f"views are read as {meant.replace('_', ' ')}; --views-as says otherwise"]
    if meant == "first_choices":
        return _choices(answers), meant, (0.0, 1.0), notes
    cells = [
        [math.nan if _missing(cell) else _number(cell, file, one.line, key) for key, cell in
         (("before", one.before), ("after", one.after))]
        for one in answers
    ]  # fmt: skip
    values = np.array(cells)
    frame = pd.DataFrame(
        [(one.person, one.meeting or "1", one.question, one.item) for one in answers],
        columns=["person", "meeting", "question", "item"],
    )
    if meant == "ranks":
        _check_ranks(frame, values, answers, file)
        count = frame.groupby(["meeting", "question"])["item"].transform("nunique").to_numpy(float)
        frame[["before", "after"]] = (count[:, None] - values) / np.maximum(count - 1.0, 1.0)[:, None]
        return frame, meant, (0.0, 1.0), notes
    if meant == "probabilities":
        if np.nanmax(values) > 1.0:
            values = np.where(np.array([["%" in one.before, "%" in one.after] for one in answers]), values,
                              values / 100.0)  # fmt: skip
            notes.append("probabilities are taken as per cent")
        low, high = 0.0, 1.0
    else:
        low, high = scale or _usual_scale(values)
        if scale is None:
            notes.append(f"ratings are taken as from {low:g} to {high:g}; --scale says otherwise")
    for one, row in zip(answers, values, strict=True):
        for key, value, cell in zip(("before", "after"), row, (one.before, one.after), strict=True):
            if not math.isnan(value):
                _check_range(value, low, high, file, one.line, key, cell)
    frame[["before", "after"]] = (values - low) / (high - low)
    return frame, meant, (low, high), notes


def _looks_like(answers: Sequence[_Answer], plain: np.ndarray, told: Sequence[str]) -> str:
    known = plain[~np.isnan(plain)]
    if all(cell.strip().endswith("%") for cell in told) or (
        known.max() <= 1.0 and (known % 1.0 != 0.0).any()
    ):
        return "probabilities"
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in answers:
        groups.setdefault((one.person, one.meeting, one.question), []).append(one.before)
    whole = [
        sorted(_as_number(x) for x in cells) for cells in groups.values() if not any(map(_missing, cells))
    ]
    rows = [row for row in whole if len(row) > 2]
    if rows and all(row == [float(x) for x in range(1, len(row) + 1)] for row in rows):
        return "ranks"
    return "ratings"


def _usual_scale(values: np.ndarray) -> tuple[float, float]:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    for ends in _SCALES:
        if ends[0] <= low and high <= ends[1]:
            return ends
    return low, high if high > low else low + 1.0


def _check_ranks(frame: pd.DataFrame, values: np.ndarray, answers: Sequence[_Answer], file: Path) -> None:
    for rows in frame.groupby(["meeting", "question"]).groups.values():
        count = frame.loc[rows, "item"].nunique()
        if count < 2:
            raise ConfigError("one option alone cannot be ranked", file=file, line=answers[rows[0]].line,
                              key="item", value=answers[rows[0]].item)  # fmt: skip
        for place in rows:
            for key, value in zip(("before", "after"), values[place], strict=True):
                if not math.isnan(value) and not 1.0 <= value <= count:
                    raise ConfigError("this is no rank", file=file, line=answers[place].line, key=key,
                                      value=f"{value:g}", allowed=f"1 (best) to {count}")  # fmt: skip


def _choices(answers: Sequence[_Answer]) -> pd.DataFrame:
    options: dict[tuple[str, str], dict[str, None]] = {}
    spelled: dict[str, str] = {}
    for one in answers:
        held = options.setdefault((one.meeting or "1", one.item), {})
        for cell in (one.before, one.after):
            if not _missing(cell):
                held[spelled.setdefault(tidy(cell).casefold(), tidy(cell))] = None
    rows = []
    for one in answers:
        meeting = one.meeting or "1"
        picked = [math.nan if _missing(x) else spelled[tidy(x).casefold()] for x in (one.before, one.after)]
        for option in options[meeting, one.item]:
            both = [x if isinstance(x, float) else float(x == option) for x in picked]
            rows.append((one.person, meeting, one.item, option, *both))
    return pd.DataFrame(rows, columns=["person", "meeting", "question", "item", "before", "after"])
