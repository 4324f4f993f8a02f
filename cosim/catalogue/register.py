"""The register: every id of a catalogue scenario that was ever released, with the values it stands for.

``register.json`` holds an edition per release. An edition has one scenario written out, its base, and of the
others what differs from it. Entries are added by ``python -m cosim.documents.register``, and never removed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from cosim.catalogue.bundled import names
from cosim.catalogue.loader import load_scenario
from cosim.errors import ConfigError, nearest_name
from cosim.scenario import Scenario
from cosim.scenario.values import identity_of

FILE: Final = "register.json"
BASE: Final = "research_team"
"""The scenario that an edition writes out."""

Change = list[Any]
"""``[path]``: the key at this path is gone; ``[path, value]``: it has this value."""


@dataclass(frozen=True)
class Released:
    """An id as it was released.

    Attributes
    ----------
    identity : str
    model : str
        Version of the model.
    noted : str
        Day on which it was put into the register, ISO 8601.
    values : mapping
        The scenario as plain data, prose included.
    """

    identity: str
    model: str
    noted: str
    values: Mapping[str, Any]

    @property
    def genuine(self) -> bool:
        """Whether the id is that of the values."""
        name = str(self.values["name"])
        if self.identity == f"{name}-{self.identity.rpartition('-')[2]}":
            return self.identity == _identity_with_prose(name, self.values)
        return self.identity.rpartition("-")[2] == identity_of(name, self.values).rpartition("-")[2]


def released(identity: str) -> Released | None:
    """Return what a released id stands for; None when no such id was released."""
    return _register().get(identity)


def released_ids() -> tuple[str, ...]:
    """Return every id of the register, the oldest first."""
    return tuple(_register())


def resolve_id(identity: str) -> Released:
    """Return what a released id stands for.

    Raises
    ------
    ConfigError
        When it is not in the register, with the ids of the same scenario.
    """
    found = released(identity)
    if found is None:
        name = identity.split("-", maxsplit=1)[0]
        same = [known for known in released_ids() if known.split("-")[0] == name]
        raise ConfigError(
            "no released scenario has this id",
            value=identity,
            allowed=", ".join(same) or None,
            nearest=nearest_name(identity, same or list(released_ids())),
        )
    return found


def looks_like_id(text: str) -> bool:
    """Say whether a text has the form of an id: a name, perhaps a version, and 12 hexadecimal digits.

    >>> looks_like_id("research_team-c5ca59b9f534"), looks_like_id("research_team")
    (True, False)
    """
    name, _, digest = text.rpartition("-")
    return bool(name) and len(digest) == 12 and set(digest) <= set("0123456789abcdef")


def scenario_or_released(text: str) -> Scenario | Released:
    """Return the scenario that an id, a name of the catalogue or a file means.

    Returns
    -------
    Scenario or Released
        What an id stands for that this version's catalogue does not make is returned as it was released.

    Raises
    ------
    ConfigError
        When there is no such scenario, file or id.
    """
    if not looks_like_id(text) or Path(text).is_file():
        return load_scenario(text)
    name = text.split("-", maxsplit=1)[0]
    if name in names() and load_scenario(name).identity == text:
        return load_scenario(name)
    return resolve_id(text)


def as_edition(model: str, noted: str, scenarios: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return an edition of the register.

    Parameters
    ----------
    model : str
    noted : str
        Today, ISO 8601.
    scenarios : mapping of str to mapping
        Plain data of every scenario by its id.
    """
    base = next(data for data in scenarios.values() if data["name"] == BASE)
    return {
        "model": model,
        "noted": noted,
        "base": dict(base),
        "scenarios": {one: list(_differences(base, data, [])) for one, data in scenarios.items()},
    }


def read_editions() -> list[dict[str, Any]]:
    """Return the register as it is written."""
    text = files("cosim.catalogue").joinpath(FILE).read_text(encoding="utf-8")
    found: list[dict[str, Any]] = json.loads(text)
    return found


@cache
def _register() -> dict[str, Released]:
    found = {}
    for edition in read_editions():
        for identity, changes in edition["scenarios"].items():
            values = _changed(edition["base"], changes)
            found[identity] = Released(identity, edition["model"], edition["noted"], values)
    return found


def _differences(base: Mapping[str, Any], data: Mapping[str, Any], path: Sequence[str]) -> Iterator[Change]:
    for key in base:
        if key not in data:
            yield [[*path, key]]
    for key, value in data.items():
        there = base.get(key)
        if isinstance(value, Mapping) and isinstance(there, Mapping):
            yield from _differences(there, value, [*path, key])
        elif key not in base or json.dumps(value) != json.dumps(there):
            yield [[*path, key], value]


def _changed(base: Mapping[str, Any], changes: Sequence[Change]) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(base))
    for path, *value in changes:
        here = data
        for key in path[:-1]:
            here = here[key]
        if value:
            here[path[-1]] = value[0]
        else:
            del here[path[-1]]
    return data


def _identity_with_prose(name: str, data: Mapping[str, Any]) -> str:
    """Return the id as it was made before 0.2, when a word in a title changed it."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
