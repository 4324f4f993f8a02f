"""Puts the ids of all catalogue scenarios into the register; a step of every release.

``python -m cosim.documents.register cosim/catalogue/register.json``
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from cosim.catalogue import load_scenario, names
from cosim.catalogue.register import as_edition, read_editions
from cosim.execution.atomic_files import write_text
from cosim.version import MODEL


def with_today(editions: Sequence[dict[str, Any]], today: str) -> list[dict[str, Any]]:
    """Return the register with the ids of today's catalogue that it does not have yet.

    Parameters
    ----------
    editions : sequence of dict
        The register as it is.
    today : str
        ISO 8601.
    """
    known = {identity for edition in editions for identity in edition["scenarios"]}
    scenarios = {load_scenario(name).identity: load_scenario(name).to_dict() for name in names()}
    if set(scenarios) <= known:
        return list(editions)
    edition = as_edition(MODEL, today, scenarios)
    edition["scenarios"] = {one: told for one, told in edition["scenarios"].items() if one not in known}
    return [*editions, edition]


def register_text(editions: Sequence[dict[str, Any]]) -> str:
    """Return the register's text: a line per scenario, so that a difference can be read."""
    parts = []
    for edition in editions:
        head = {key: edition[key] for key in ("model", "noted", "base")}
        lines = ",\n".join(
            f"  {json.dumps(one)}: {_line(told)}" for one, told in edition["scenarios"].items()
        )
        parts.append(f'{_line(head)[:-1]}, "scenarios": {{\n{lines}\n }}}}')
    return "[\n " + ",\n ".join(parts) + "\n]\n"


def _line(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


if __name__ == "__main__":
    write_text(Path(sys.argv[1]), register_text(with_today(read_editions(), date.today().isoformat())))
