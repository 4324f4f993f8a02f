"""Answers as numbers from 0 to 1, higher for better: ratings, ranks, first choices, probabilities."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal, get_args

import numpy as np
import pandas as pd

from cosim.errors import ConfigError
from cosim.meeting_logs.turn_statistics import Floats
from cosim.meeting_logs.utterances import tidy
from cosim.meeting_logs.views_shapes import Answer

Kind = Literal["ratings", "ranks", "first_choices", "probabilities"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
"""What views may be; where nobody says which, the values tell."""

_MISSING: Final = frozenset(
    (
        *("", "na", "n/a", "n.a.", "nan", "none", "-", "--", "–", "—", ".", "?", "missing", "null", "#n/a"),
        *("no answer", "not answered", "skipped", "don't know", "don’t know", "dk"),
        *("k.a.", "k. a.", "keine angabe", "weiß nicht", "ne sait pas", "nsp", "sans réponse", "ns/nc"),
    )
)
_SCALES: Final = ((0.0, 1.0), (1.0, 5.0), (1.0, 7.0), (1.0, 9.0), (1.0, 10.0), (0.0, 10.0), (0.0, 100.0))


def is_missing(cell: str) -> bool:
    """Return whether a cell says that there is no answer."""
    return cell.strip().casefold() in _MISSING


def as_number(cell: str) -> float:
    """Return what a cell says, a share for per cent; NaN where it is no number."""
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


def number_in(cell: str, file: Path, line: int, key: str) -> float:
    """Return what a cell says.

    Raises
    ------
    ConfigError
        When it is no number.
    """
    value = as_number(cell)
    if not math.isfinite(value):
        raise ConfigError("this is no number", file=file, line=line, key=key, value=cell,
                          allowed="a number; an empty cell for a missing answer")  # fmt: skip
    return value


def check_range(value: float, low: float, high: float, file: Path, line: int, key: str, cell: str) -> None:
    """Refuse a value that is not on the scale.

    Raises
    ------
    ConfigError
    """
    if not low <= value <= high:
        raise ConfigError("this lies outside of the scale", file=file, line=line, key=key, value=cell,
                          allowed=f"{low:g} to {high:g}; --scale says another")  # fmt: skip


def as_numbers(
    answers: Sequence[Answer], kind: str | None, scale: tuple[float, float] | None, file: Path
) -> tuple[pd.DataFrame, str, tuple[float, float], list[str]]:
    """Return answers as numbers, their kind, the ends of their scale, and what was guessed.

    Raises
    ------
    ConfigError
        With file and line, when an answer is none of its kind.
    """
    told = [cell for one in answers for cell in (one.before, one.after) if not is_missing(cell)]
    if not told:
        raise ConfigError("every answer is missing", file=file)
    plain = np.array([as_number(cell) for cell in told])
    words = float(np.isnan(plain).mean())
    meant = kind or ("first_choices" if words > 0.5 else _looks_like(answers, plain, told))
    notes = [] if kind else [f"views are read as {meant.replace('_', ' ')}; --views-as says otherwise"]
    if meant == "first_choices":
        return _choices(answers), meant, (0.0, 1.0), notes
    values = _values(answers, file)
    frame = pd.DataFrame(
        [(one.person, one.meeting or "1", one.question, one.item) for one in answers],
        columns=["person", "meeting", "question", "item"],
    )
    if meant == "ranks":
        return _ranks(frame, values, answers, file), meant, (0.0, 1.0), notes
    if meant == "probabilities":
        values, ends = _shares(values, answers, notes), (0.0, 1.0)
    else:
        ends = scale or _usual_scale(values)
        if scale is None:
            notes.append(f"ratings are taken as from {ends[0]:g} to {ends[1]:g}; --scale says otherwise")
    _check_values(values, ends, answers, file)
    frame[["before", "after"]] = (values - ends[0]) / (ends[1] - ends[0])
    return frame, meant, ends, notes


def _values(answers: Sequence[Answer], file: Path) -> Floats:
    return np.array(
        [
            [
                math.nan if is_missing(cell) else number_in(cell, file, one.line, key)
                for key, cell in (("before", one.before), ("after", one.after))
            ]
            for one in answers
        ]
    )


def _shares(values: Floats, answers: Sequence[Answer], notes: list[str]) -> Floats:
    """Return probabilities as shares; where some are above 1, those without a sign are per cent."""
    if np.nanmax(values) <= 1.0:
        return values
    notes.append("probabilities are taken as per cent")
    signed = np.array([["%" in one.before, "%" in one.after] for one in answers])
    return np.where(signed, values, values / 100.0)


def _check_values(values: Floats, ends: tuple[float, float], answers: Sequence[Answer], file: Path) -> None:
    for one, row in zip(answers, values, strict=True):
        for key, value, cell in zip(("before", "after"), row, (one.before, one.after), strict=True):
            if not math.isnan(value):
                check_range(value, *ends, file, one.line, key, cell)


def _looks_like(answers: Sequence[Answer], plain: Floats, told: Sequence[str]) -> str:
    known = plain[~np.isnan(plain)]
    if all(cell.strip().endswith("%") for cell in told) or (
        known.max() <= 1.0 and (known % 1.0 != 0.0).any()
    ):
        return "probabilities"
    groups: dict[tuple[str, str, str], list[str]] = {}
    for one in answers:
        groups.setdefault((one.person, one.meeting, one.question), []).append(one.before)
    whole = [
        sorted(as_number(x) for x in cells) for cells in groups.values() if not any(map(is_missing, cells))
    ]
    rows = [row for row in whole if len(row) > 2]
    if rows and all(row == [float(x) for x in range(1, len(row) + 1)] for row in rows):
        return "ranks"
    return "ratings"


def _usual_scale(values: Floats) -> tuple[float, float]:
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    for ends in _SCALES:
        if ends[0] <= low and high <= ends[1]:
            return ends
    return low, high if high > low else low + 1.0


def _ranks(frame: pd.DataFrame, values: Floats, answers: Sequence[Answer], file: Path) -> pd.DataFrame:
    """Return ranks as numbers: the best is 1, the last 0."""
    _check_ranks(frame, values, answers, file)
    count = frame.groupby(["meeting", "question"])["item"].transform("nunique").to_numpy(float)
    frame[["before", "after"]] = (count[:, None] - values) / np.maximum(count - 1.0, 1.0)[:, None]
    return frame


def _check_ranks(frame: pd.DataFrame, values: Floats, answers: Sequence[Answer], file: Path) -> None:
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


def _choices(answers: Sequence[Answer]) -> pd.DataFrame:
    options: dict[tuple[str, str], dict[str, None]] = {}
    spelled: dict[str, str] = {}
    for one in answers:
        held = options.setdefault((one.meeting or "1", one.item), {})
        for cell in (one.before, one.after):
            if not is_missing(cell):
                held[spelled.setdefault(tidy(cell).casefold(), tidy(cell))] = None
    rows = []
    for one in answers:
        meeting = one.meeting or "1"
        picked = [math.nan if is_missing(x) else spelled[tidy(x).casefold()] for x in (one.before, one.after)]
        for option in options[meeting, one.item]:
            both = [x if isinstance(x, float) else float(x == option) for x in picked]
            rows.append((one.person, meeting, one.item, option, *both))
    return pd.DataFrame(rows, columns=["person", "meeting", "question", "item", "before", "after"])
