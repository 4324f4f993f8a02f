"""Numbers that must not move unnoticed, kept as JSON files beside the tests."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class ReferenceResults:
    """Compares plain values (numbers, text, None, lists, dicts) with a stored file of the same name.

    `update` writes the file instead. Numbers agree within `rel`, relatively (and within 1e-12 near
    zero): room for the last digits of another processor's arithmetic, none for a change of the model.
    """

    folder: Path
    update: bool = False

    def __call__(self, name: str, value: Any, *, rel: float = 1e-9) -> None:
        path = self.folder / f"{name}.json"
        new = json.loads(json.dumps(value))  # tuples become lists; anything that is no plain value is refused
        if self.update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(new, indent=1, sort_keys=True) + "\n", encoding="utf-8")
            return
        if not path.exists():
            pytest.fail(
                f"no reference result {name!r}; make it with --update-reference and commit {path.name}"
            )
        moved = list(differences(json.loads(path.read_text(encoding="utf-8")), new, rel))
        if moved:
            shown = "\n".join(moved[:20]) + ("\n..." if len(moved) > 20 else "")
            pytest.fail(f"{len(moved)} reference results of {name!r} moved (stored -> now):\n{shown}")


def differences(old: Any, new: Any, rel: float, where: str = "") -> Iterator[str]:
    """Yield a line for each place where two plain values differ."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            inside = f"{where}.{key}" if where else key
            yield from differences(old.get(key, "(absent)"), new.get(key, "(absent)"), rel, inside)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, pair in enumerate(zip(old, new, strict=True)):
            yield from differences(*pair, rel, f"{where}[{index}]")
    elif not _same(old, new, rel):
        yield f"  {where or 'value'}: {old} -> {new}"


def _same(old: Any, new: Any, rel: float) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=rel, abs_tol=1e-12) or (math.isnan(old) and math.isnan(new))
    return type(old) is type(new) and bool(old == new)
