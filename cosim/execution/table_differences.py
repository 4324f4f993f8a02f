"""In what two tables of one name differ: rows, columns, values, and whether these are as good as equal."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cosim.execution.run_tables import KEYS

if TYPE_CHECKING:
    import pyarrow as pa

# Relative, of single values, when platforms differ: sums may be grouped differently, which moves the last
# digits.
TOLERANCE = 1e-9


def table_differences(old: pa.Table, new: pa.Table, name: str) -> tuple[list[str], bool]:
    """Compare two Parquet tables.

    Returns
    -------
    differences : list of str
        In words.
    close : bool
        Whether all values agree within `TOLERANCE`.
    """
    if old.column_names != new.column_names or len(old) != len(new):
        return [
            f"{name}: {len(old)} rows and {len(old.column_names)} columns there, {len(new)} and "
            f"{len(new.column_names)} here"
        ], False
    found: list[str] = []
    close = True
    for column in old.column_names:
        left, right = old.column(column).combine_chunks(), new.column(column).combine_chunks()
        if left.equals(right):
            continue
        if left.type != right.type or str(left.type) != "double" or column in KEYS:
            close = False
            found.append(f"{name}, {column}: differs")
            continue
        a, b = (side.to_numpy(zero_copy_only=False).astype(float) for side in (left, right))
        unlike = ~((a == b) | (np.isnan(a) & np.isnan(b)))
        near = np.isclose(a, b, rtol=TOLERANCE, atol=0, equal_nan=True)
        close = close and bool(near.all())
        if unlike.any():
            first = int(np.flatnonzero(unlike)[0])
            run = new.column(KEYS[0])[first].as_py() if KEYS[0] in new.column_names else "?"
            both = np.abs(a - b)[~np.isnan(a - b)]
            size = f", by up to {both.max():.3g}" if len(both) else ""
            found.append(
                f"{name}, {column}: {int(unlike.sum())} of {len(a)} values differ{size}; first in run {run}"
            )
    return found, close


def csv_differences(old: Path, new: Path, name: str) -> tuple[list[str], bool]:
    """Compare two CSV tables, cell by cell; returns as :func:`table_differences`."""
    try:
        left, right = (list(csv.reader(io.StringIO(path.read_text(encoding="utf-8")))) for path in (old, new))
    except (OSError, ValueError, csv.Error):
        return [f"{name}: cannot be read as a table"], False
    if [len(row) for row in left] != [len(row) for row in right]:
        return [f"{name}: {_shape(left)} there, {_shape(right)} here"], False
    unlike = [
        (number, place)
        for number, rows in enumerate(zip(left, right, strict=True))
        for place, (a, b) in enumerate(zip(*rows, strict=True))
        if a != b
    ]
    if not unlike:
        return [f"{name}: other line ends or quotes"], True
    row, place = unlike[0]
    cells = sum(map(len, left))
    head = left[0][place] or f"column {place + 1}"
    return [
        f"{name}: {len(unlike)} of {cells} cells differ; first {left[row][place][:40]!r} there, "
        f"{right[row][place][:40]!r} here (line {row + 1}, {head})"
    ], all(_near(left[r][c], right[r][c]) for r, c in unlike)


def _near(a: str, b: str) -> bool:
    try:
        return math.isclose(float(a), float(b), rel_tol=TOLERANCE, abs_tol=0.0)
    except ValueError:
        return False


def _shape(rows: list[list[str]]) -> str:
    return f"{len(rows)} lines of {max(map(len, rows), default=0)} cells"
