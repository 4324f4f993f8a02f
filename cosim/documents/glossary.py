"""Key tables of docs/glossary.md. ``python -m cosim.documents.glossary docs/glossary.md`` renews them."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from cosim.execution.settings import Settings, StudySettings
from cosim.reporting.generated import Parts, markdown_table, refill
from cosim.scenario import SECTIONS, Group, Phase, Scenario, SourceRecord
from cosim.scenario.discrepancy import Discrepancy
from cosim.studies.registry import KINDS

# Keys whose field has no description of its own.
_TOLD = {
    "system.required_level": "Level that the funder requires, if any; counts as declared for the promise "
    "gap.",
    "costs.currency": "Currency of the planning prices.",
}
_ONLY_IN_FILES = {
    "extends": "Another config or scenario that this one changes; only what differs is written.",
    "quick": "What to change for a first look with `--quick`.",
}
_BLOCKS: dict[str, type[BaseModel]] = {
    "sources[]": SourceRecord,
    "discrepancies[]": Discrepancy,
    "team.NAME": Group,
    "phases.PHASE": Phase,
}


def scenario_keys() -> dict[str, str]:
    """Return every key of a scenario file with its sentence."""
    found = dict(_keys("", Scenario))
    for prefix, model in {**_BLOCKS, **SECTIONS}.items():
        found |= dict(_keys(f"{prefix}.", model))
    return found


def study_keys() -> dict[str, str]:
    """Return every key of a study config with its sentence."""
    found = {**dict(_keys("", StudySettings)), **_ONLY_IN_FILES}
    for kind in KINDS.values():
        found[kind.block_key] = f"Block of a study of kind `{kind.name}`: {kind.sentence}"
        found |= dict(_keys(f"{kind.block_key}.", kind.block))
    return found


def _keys(prefix: str, model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        key = f"{prefix}{field.alias or name}"
        yield key, field.description or _TOLD.get(key) or _first_line(field.annotation)
        for inner in _models(field.annotation):
            named = "NAME." if inner.__name__ in ("Arm", "Steps") else ""
            yield from _keys(f"{key}.{named}", inner)


def _first_line(annotation: Any) -> str:
    if not inspect.isclass(annotation):
        return ""
    return (inspect.getdoc(annotation) or "").partition("\n")[0]


def _models(annotation: Any) -> list[type[Settings]]:
    if inspect.isclass(annotation) and issubclass(annotation, Settings):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]


def _table(keys: dict[str, str]) -> str:
    return markdown_table(("key", "meaning"), [(f"`{key}`", told) for key, told in keys.items()])


PARTS: Parts = {
    "scenario-keys": lambda: _table(scenario_keys()),
    "study-keys": lambda: _table(study_keys()),
}
"""The generated parts of docs/glossary.md by name."""

if __name__ == "__main__":
    refill(Path(sys.argv[1]), PARTS)
