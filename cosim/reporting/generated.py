"""Documents of which some parts are made of the records, so that they cannot drift from the code."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from cosim.errors import CosimError
from cosim.execution.atomic_files import write_text

Parts = Mapping[str, Callable[[], str]]
"""Name of a part, and what makes it."""

_PART = re.compile(r"(<!-- generated: ([\w-]+) -->\n)(.*?)(<!-- end of \2 -->)", re.S)


def filled(text: str, parts: Parts) -> str:
    """Return a document with every generated part made again.

    Raises
    ------
    CosimError
        When a part is not known, missing from the document, or in it twice.
    """
    names = [found.group(2) for found in _PART.finditer(text)]
    wrong = sorted(set(names) ^ set(parts)) or [name for name in names if names.count(name) > 1]
    if wrong:
        raise CosimError(f"generated part {wrong[0]!r}: unknown, missing from the document, or in it twice")
    return _PART.sub(lambda found: f"{found.group(1)}{parts[found.group(2)]()}\n{found.group(4)}", text)


def refill(path: Path, parts: Parts) -> None:
    """Make the generated parts of a document file again."""
    write_text(path, filled(path.read_text(encoding="utf-8"), parts))


def markdown_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; what would end a cell is escaped."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
