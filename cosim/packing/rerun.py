"""Lay a pack's study out in a folder, so that it can be run again and compared."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

from cosim.execution.manifest import RUNS, TABLES, Entry, entry_of
from cosim.packing.pack import STUDY


def lay_out(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files of a pack's study into a folder; their names were found safe when they were read."""
    for name, content in files.items():
        place, _, rest = name.partition("/")
        if place == STUDY:
            (folder / rest).parent.mkdir(parents=True, exist_ok=True)
            (folder / rest).write_bytes(content)


def filled_in(old: Path, new: Path, left_out: Mapping[str, Entry]) -> tuple[list[str], list[str]]:
    """Compare tables that a pack leaves out, by their hashes, with those that a re-run has made.

    Those that are the same are laid into the old folder, so that it is whole.

    Parameters
    ----------
    old, new : Path
        The pack's study, laid out; the study run again.
    left_out : mapping of str to Entry

    Returns
    -------
    same, others : list of str
        Names of the tables that are the same, and of those that are not.
    """
    same: list[str] = []
    others: list[str] = []
    for name, entry in left_out.items():
        table = name.partition("/")[2]
        if table not in TABLES:
            continue
        made = new / table
        if made.is_file() and entry_of(made) == entry:
            shutil.copyfile(made, old / table)
            same.append(table)
        else:
            others.append(table)
    return same, others


def lacks_runs(folder: Path) -> bool:
    """Say whether a laid-out study has no table of runs."""
    return not (folder / RUNS).exists()
