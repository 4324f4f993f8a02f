"""Dates as chats and spreadsheets write them: ``12/05/2024``, ``5.12.24``, ``12-May-24``.

Whether the day or the month comes first is decided for a whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

DATE: Final = (
    r"(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|"
    r"\d{1,2}[- ][^\W\d]{3,10}\.?[- ,]+\d{2,4}|[^\W\d]{3,10}\.? \d{1,2},? \d{4})"
)
"""A regular expression for a date, without its time."""

_STAMP = re.compile(
    rf"(?P<date>{DATE})(?:,? (?:at |um |à |- )?"
    r"(?P<clock>\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[ap]\.?m\.?)?))?",
    re.IGNORECASE,
)
_NUMBERS = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")
_WORDS = re.compile(r"(?:(\d{1,2})[- ])?([^\W\d]{3,10})\.?(?:[- ](\d{1,2}),?)?[- ,]+(\d{2,4})")
_MONTHS: Final = (
    ("jan", "gen", "ene", "janv"),
    ("feb", "fév", "fev"),
    ("mar", "mär", "mrz", "maa", "mrt"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mag", "mei", "maj"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "ago"),
    ("sep", "set"),
    ("oct", "okt", "out", "ott"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)


def day_first(dates: Iterable[str], half_days: bool = False) -> bool:
    """Say whether the day stands before the month in the dates of a file.

    Parameters
    ----------
    dates : iterable of str
        In the order of the file.
    half_days : bool
        Whether its clocks have AM and PM: then the month comes first where nothing else tells.
    """
    parts = [tuple(map(int, found.groups())) for one in dates if (found := _NUMBERS.fullmatch(one.strip()))]
    parts = [part for part in parts if part[0] < 1000]
    if any(first > 12 for first, _, _ in parts):
        return True
    if any(second > 12 for _, second, _ in parts):
        return False
    rising = [sorted(order) == order for order in (_as_days(parts, True), _as_days(parts, False))]
    return rising[0] if rising[0] != rising[1] else not half_days


def _as_days(parts: Sequence[tuple[int, ...]], first: bool) -> list[tuple[int, int, int]]:
    return [(year, b, a) if first else (year, a, b) for a, b, year in parts]


def split_stamp(text: str) -> tuple[str, str] | None:
    """Return the date and the clock (or nothing) of a time stamp, or None for what is none.

    Examples
    --------
    >>> split_stamp("13/05/2024, 2:03 PM"), split_stamp("2:03 PM")
    (('13/05/2024', '2:03 PM'), None)
    """
    found = _STAMP.fullmatch(" ".join(text.split()))
    return (found["date"], found["clock"] or "") if found is not None else None


def read_date(text: str, first: bool) -> float | None:
    """Return the seconds from the calendar's first day to a date, or None for what is none.

    Parameters
    ----------
    text : str
    first : bool
        Whether the day stands before the month, see `day_first`.

    Examples
    --------
    >>> read_date("2/1/2024", True) == read_date("2 Jan 2024", False) == read_date("2024-01-02", True)
    True
    """
    text = text.strip()
    if (found := _NUMBERS.fullmatch(text)) is not None:
        one, two, three = map(int, found.groups())
        if one >= 1000:
            year, month, day = one, two, three
        else:
            year, (day, month) = three, (one, two) if first else (two, one)
    elif (found := _WORDS.fullmatch(text)) is not None:
        before, name, after, last = found.groups()
        month = next((n for n, known in enumerate(_MONTHS, 1) if name.casefold().startswith(known)), 0)
        year, day = int(last), int(before or after or 0)
    else:
        return None
    try:
        return float((date(year + 2000 if year < 100 else year, month, day) - date.min).days) * 86_400.0
    except ValueError:
        return None
