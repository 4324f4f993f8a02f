"""Plain text for terminals: tables and paragraphs that fit the window."""

from __future__ import annotations

import re
import shutil
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_WIDEST = 160
_GAP = "  "


def width() -> int:
    """Return how many characters fit in a line."""
    return max(60, min(shutil.get_terminal_size((110, 24)).columns, _WIDEST))


def table(rows: Iterable[Mapping[str, Any]], columns: Sequence[str], titles: Sequence[str] = ()) -> str:
    """Lay rows out in columns: numbers to the right, the last column wrapped where it is too long.

    Parameters
    ----------
    rows : iterable of mapping
    columns : sequence of str
        Which keys, in which order.
    titles : sequence of str, optional
        What stands above the columns; by default the keys.
    """
    data = list(rows)
    heads = [*(titles or columns)]
    cells = [[shown(row.get(column)) for column in columns] for row in data]
    numeric = [
        bool(data) and all(isinstance(row.get(column), (int, float)) for row in data) for column in columns
    ]
    widths = [
        max(len(head), *(len(line[i]) for line in cells)) if cells else len(head)
        for i, head in enumerate(heads)
    ]
    before = sum(widths[:-1]) + len(_GAP) * (len(widths) - 1)
    if not numeric[-1]:
        widths[-1] = min(widths[-1], max(24, width() - before))

    def line(values: Sequence[str]) -> str:
        first = [
            value.rjust(size) if right else value.ljust(size)
            for value, size, right in zip(values[:-1], widths[:-1], numeric[:-1], strict=True)
        ]
        if numeric[-1]:
            return _GAP.join([*first, values[-1].rjust(widths[-1])]).rstrip()
        wrapped = textwrap.wrap(values[-1], widths[-1]) or [""]
        text = _GAP.join([*first, wrapped[0]]).rstrip()
        return "\n".join([text, *(" " * before + more for more in wrapped[1:])])

    rule = _GAP.join("-" * size for size in widths)
    return "\n".join([line(heads), rule, *(line(each) for each in cells)])


def paragraph(text: str, indent: str = "", further: str | None = None) -> str:
    """Fill a paragraph to the width of the window; lines after the first may be indented further."""
    return textwrap.fill(
        re.sub(r"[ \t\n]+", " ", text.strip()),
        width(),
        initial_indent=indent,
        subsequent_indent=indent if further is None else further,
        break_long_words=False,
        break_on_hyphens=False,
    ).replace("\N{NARROW NO-BREAK SPACE}", " ")


def shown(value: Any) -> str:
    """Write a value the way people do: 0.3, not 0.30000000000000004; nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    return str(value)


def interval(span: Sequence[float] | None) -> str:
    """Write a range: ``0.3 to 1``."""
    return "" if span is None else f"{shown(span[0])} to {shown(span[1])}"
