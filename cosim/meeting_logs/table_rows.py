"""Small tables of text as spreadsheets save them: header, rows, and the lines that they stand in."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cosim.errors import ConfigError
from cosim.formatting.safe_text import as_written
from cosim.meeting_logs.log_file import open_log

_DELIMITERS: Final = "\t;,|"

Lines = list[tuple[int, list[str]]]
"""Rows with the lines that they end in."""


def table_rows(file: Path, encoding: str | None) -> tuple[list[str], Lines, int]:
    """Return header, rows with their line numbers, and the header's line.

    Empty rows, a line such as ``sep=;``, and a title above the header (one cell alone in its row) are left
    out.

    Raises
    ------
    ConfigError
    """
    with open_log(file, encoding) as text:
        lines = list(text)
    at, delimiter = _header_at(lines)
    reader = csv.reader(lines[at:], delimiter=delimiter, strict=True)
    try:
        table = [(reader.line_num + at, row) for row in reader]
    except csv.Error as error:
        told = f"this is not a table that can be read: {error}"
        raise ConfigError(told, file=file, line=reader.line_num + at) from None
    header = [as_written(cell.lstrip("\ufeff")).strip() for cell in table[0][1]]
    return header, [(line, row) for line, row in table[1:] if any(cell.strip() for cell in row)], at + 1


def _header_at(lines: Sequence[str]) -> tuple[int, str]:
    """Return the place of the header's line, and what stands between cells."""
    told = [place for place, line in enumerate(lines) if line.strip()]
    first = lines[told[0]].lstrip("\ufeff").strip()
    if first.casefold().startswith("sep=") and len(first) == 5 and len(told) > 1:
        return told[1], first[4]
    for place in told:
        delimiter = max(_DELIMITERS, key=lines[place].count)
        if sum(bool(cell.strip()) for cell in lines[place].split(delimiter)) > 1:
            return place, delimiter
    return told[0], max(_DELIMITERS, key=lines[told[0]].count)
