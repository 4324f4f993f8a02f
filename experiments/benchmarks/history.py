"""docs/performance_history.csv: what each benchmark gave at which commit, one line a figure.

Ratios may be compared over the years; seconds only on the same processor.
"""

from __future__ import annotations

import csv
import subprocess
from pathlib import Path
from typing import Any

COLUMNS = ("date", "commit", "cosim", "processor", "python", "section", "figure", "value")
_FIGURES = {
    "reference": ("compiled ns a turn", "ratio"),
    "threads": ("ratio",),
    "batch runner": ("ratio",),
    "workbench": ("ratio",),
    "scaling": ("exponent",),
    "compiling": ("processor s",),
    "million": ("wall s", "most MiB"),
}
"""The figures of a section that are followed; of the answers, the processor time of every command;
of the editions, the ratio at every size."""


def lines(section: str, found: dict[str, Any], commit: str) -> list[dict[str, Any]]:
    """Return the lines of one section; `found` is what docs/performance.json keeps of it."""
    about = {"date": found["date"], "commit": commit, "section": section}
    about |= {name: found["on"][name] for name in ("cosim", "processor", "python")}
    if section == "answers":
        values = {
            name: both["processor"]
            for name, both in found.items()
            if isinstance(both, dict) and "wall" in both
        }
    elif section == "editions":
        values = {f"ratio at {row['members']}": row["ratio"] for row in found["rows"]}
    else:
        values = {name: found[name] for name in _FIGURES.get(section, ()) if name in found}
    return [{**about, "figure": name, "value": f"{_middle(value):.4g}"} for name, value in values.items()]


def add(file: Path, section: str, found: dict[str, Any], commit: str | None = None) -> None:
    """Append a section's lines, in the place of older ones of the same commit."""
    commit = commit or head()
    kept = []
    if file.exists():
        with file.open(encoding="utf-8", newline="") as text:
            kept = [
                row for row in csv.DictReader(text) if (row["commit"], row["section"]) != (commit, section)
            ]
    with file.open("w", encoding="utf-8", newline="") as text:
        table = csv.DictWriter(text, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows([*kept, *lines(section, found, commit)])


def head() -> str:
    """Return the commit that is measured, with a plus where files differ from it."""
    words = ["git", "describe", "--always", "--dirty=+", "--abbrev=7", "--exclude=*"]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()


def _middle(value: Any) -> float:
    return float(value["median"] if isinstance(value, dict) else value)
