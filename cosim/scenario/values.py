"""What of a scenario is a value, and what only tells people about it: an id is made of values alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from cosim.version import MODEL

PROSE: Final[tuple[tuple[str, ...], ...]] = (
    *((key,) for key in ("name", "title", "question", "description", "sources", "assumed", "discrepancies")),
    ("team", "*", "label"),
    *(("ways", "*", key) for key in ("title", "sentence", "evidence", "sources")),
)
"""Keys that tell and change no number; ``*`` stands for any name."""


def values_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a scenario's plain data without its prose.

    Parameters
    ----------
    data : mapping
        As `Scenario.to_dict` gives it.

    Examples
    --------
    >>> values_of({"title": "Ten at a tabel", "team": {"a": {"count": 2, "label": "Carers"}}})
    {'team': {'a': {'count': 2}}}
    """
    return _without(data, PROSE)


def identity_of(name: str, data: Mapping[str, Any]) -> str:
    """Return the id of a scenario: its name, the version of the model, and a hash of its values.

    Parameters
    ----------
    name : str
    data : mapping
        Plain data; prose in it does not count.
    """
    return f"{name}-{MODEL}-{digest_of(data)}"


def digest_of(data: Mapping[str, Any]) -> str:
    """Return the first 12 hexadecimal digits of the SHA-256 of a scenario's values."""
    text = json.dumps(values_of(data), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _without(data: Mapping[str, Any], prose: tuple[tuple[str, ...], ...]) -> dict[str, Any]:
    here = {path[0] for path in prose if len(path) == 1}
    found = {}
    for key, value in data.items():
        if key in here:
            continue
        below = tuple(path[1:] for path in prose if len(path) > 1 and path[0] in (key, "*"))
        found[key] = _without(value, below) if below and isinstance(value, Mapping) else value
    return found
