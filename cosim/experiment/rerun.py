"""Run a study again from its own folder and say whether the results are the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cosim.errors import ConfigError
from cosim.experiment.provenance import platform_facts, read_provenance
from cosim.experiment.store import DESIGN, PEOPLE, RUNS
from cosim.experiment.tables import KEYS, read_final

if TYPE_CHECKING:
    import pyarrow as pa

# Relative, of single outcomes, when platforms differ: sums may be grouped differently, which moves the last
# digits.
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Comparison:
    """What a comparison of two folders has found.

    Attributes
    ----------
    same_platform : bool
        Whether system, processor type, Python and packages are the same, so that equal bits are expected.
    identical : bool
        Whether every table has the same bytes.
    within : bool
        Whether every table has the same values within `TOLERANCE`.
    differences : tuple of str
        What differs, in words.
    """

    same_platform: bool
    identical: bool
    within: bool
    differences: tuple[str, ...] = ()

    @property
    def reproduced(self) -> bool:
        """Whether the results are as close as the platforms allow."""
        return self.identical if self.same_platform else self.within

    def text(self) -> str:
        """Say it in a few lines."""
        if self.identical:
            return "reproduced: every table is identical, bit for bit"
        where = "the same platform" if self.same_platform else "another platform"
        verdict = "reproduced" if self.reproduced else "NOT reproduced"
        closeness = (
            f"all values agree within a relative tolerance of {TOLERANCE:g}"
            if self.within
            else "values differ"
        )
        return "\n".join([f"{verdict}: on {where}, {closeness}", *(f"  {line}" for line in self.differences)])


def check_finished(folder: Path) -> None:
    """Refuse a folder whose final tables cannot all be read, before a study is run to be compared with it.

    Raises
    ------
    ConfigError
        When it holds no finished study, or a table is damaged.
    """
    _refuse_unfinished(folder)
    read_final(folder / DESIGN)
    for name in (RUNS, PEOPLE):
        if (folder / name).exists():
            read_final(folder / name)


def _refuse_unfinished(folder: Path) -> None:
    if not (folder / RUNS).exists():
        raise ConfigError("holds no finished study (it has no runs.parquet)", file=folder)


def compare_folders(old: Path, new: Path) -> Comparison:
    """Compare the final tables of two folders.

    Raises
    ------
    ConfigError
        When one of them holds no finished study, or a table is damaged.
    """
    for folder in (old, new):
        _refuse_unfinished(folder)
    facts = [read_provenance(folder).get("platform") or platform_facts() for folder in (old, new)]
    differences = _platform_differences(*facts)
    same_platform = not differences
    identical = within = True
    for name in (DESIGN, RUNS, PEOPLE):
        there = [(folder / name).exists() for folder in (old, new)]
        if there == [False, False]:
            continue
        if not all(there):
            identical = within = False
            differences.append(f"{name} is in one folder only")
            continue
        if (old / name).read_bytes() == (new / name).read_bytes():
            continue
        identical = False
        found, close = _table_differences(read_final(old / name), read_final(new / name), name)
        differences += found
        within = within and close
    return Comparison(same_platform, identical, within, tuple(differences))


def _platform_differences(old: Mapping[str, str], new: Mapping[str, str]) -> list[str]:
    return [
        f"{key}: {old.get(key, 'none')} there, {new.get(key, 'none')} here"
        for key in dict.fromkeys([*old, *new])
        if old.get(key) != new.get(key)
    ]


def _table_differences(old: pa.Table, new: pa.Table, name: str) -> tuple[list[str], bool]:
    if old.column_names != new.column_names or len(old) != len(new):
        return [f"{name}: {len(old)} rows and {len(old.column_names)} columns there, {len(new)} and "
                f"{len(new.column_names)} here"], False  # fmt: skip
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
            run = (
                new.column(KEYS[0])[int(np.flatnonzero(unlike)[0])].as_py()
                if KEYS[0] in new.column_names
                else "?"
            )
            largest = float(np.nanmax(np.abs(a - b)))
            found.append(
                f"{name}, {column}: {int(unlike.sum())} of {len(a)} values differ, by up to {largest:.3g}; "
                f"first in run {run}"
            )
    return found, close
