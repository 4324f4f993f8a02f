"""The one place that reads JSON files from disk: it ends in data or in one clear error."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cosim.errors import ConfigError, nearest_name

LARGEST = 64_000_000
"""Bytes; a record of cosim has at most a few hundred thousand."""
DEEPEST = 100
"""Levels of lists and blocks inside each other; a record of cosim has fewer than ten."""


class DamagedError(ConfigError):
    """A file that cosim wrote, and that is no longer what cosim wrote."""


def parse_json(text: str) -> Any:
    """Read JSON that may have been damaged or made by somebody else.

    Raises
    ------
    ValueError
        In words: no JSON, a key twice, nested too deep, text that cannot be written again.
    """
    try:
        found = json.loads(text, object_pairs_hook=_once)
    except RecursionError:
        raise ValueError(f"it is nested more than {DEEPEST} levels deep") from None
    _check_shape(found)
    return found


def read_json(path: Path) -> Any:
    """Read a JSON file.

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        When there is no such file.
    DamagedError
        When it cannot be read as JSON; the reason is told.
    """
    try:
        return parse_json(read_regular(path, LARGEST).decode("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise DamagedError(f"cannot be read: {reason or error}", file=path) from None


def read_regular(path: Path, largest: int) -> bytes:
    """Read a file that must be a plain one (a pipe would block for ever), and not too large.

    Raises
    ------
    OSError, ValueError
    """
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise ValueError("it is a folder or a device, not a file")
    if found.st_size > largest:
        raise ValueError(f"it has {found.st_size:,} bytes, more than {largest:,}")
    return path.read_bytes()


def check_keys(
    found: Any, wanted: Mapping[str, type | tuple[type, ...]], path: Path, *, optional: Mapping[str, Any] = {}
) -> dict[str, Any]:
    """Return a block that has these keys with values of these types.

    Parameters
    ----------
    found : anything
    wanted : mapping
        Key and type (or types); a bool is no int.
    path : Path
        The file, for the message.
    optional : mapping
        Further keys, of these types, that may be missing.

    Raises
    ------
    DamagedError
        For the first key that is missing or of another type.
    """
    if not isinstance(found, dict):
        raise DamagedError(f"is damaged: a block of keys is wanted, not {type(found).__name__}", file=path)
    for key, kind in {**wanted, **optional}.items():
        if key not in found:
            if key in optional:
                continue
            raise DamagedError(
                "is damaged, or written by another version of cosim: missing", file=path, key=key
            )
        value = found[key]
        kinds = kind if isinstance(kind, tuple) else (kind,)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            allowed = " or ".join(_KINDS.get(one, one.__name__) for one in kinds)
            told = value if isinstance(value, (str, int, float)) and len(str(value)) <= 60 else None
            raise DamagedError("is damaged: wrong type", file=path, key=key, value=told, allowed=allowed)
    return found


def refuse_unknown(found: Mapping[str, Any], known: Mapping[str, Any], path: Path) -> None:
    """Refuse a key that this version of cosim does not know.

    Raises
    ------
    DamagedError
    """
    for key in found:
        if key not in known:
            raise DamagedError(
                "this version of cosim does not know this key: the file is damaged, or written by another "
                "version",
                file=path,
                key=key[:60] if key.isprintable() else ascii(key)[:60],
                nearest=nearest_name(key, known),
            )


_KINDS = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    dict: "a block of keys",
    list: "a list",
    type(None): "null",
}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands there twice")
    return found


def _check_shape(found: Any) -> None:
    """Refuse what would fail only later: nesting that recursive code cannot follow, half characters."""
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        inner: list[Any] = []
        for item in level:
            if isinstance(item, str):
                item.encode("utf-8")
            elif isinstance(item, dict):
                inner += [*item.keys(), *item.values()]
            elif isinstance(item, list):
                inner += item
        if not inner:
            return
        level = inner
    raise ValueError(f"it is nested more than {DEEPEST} levels deep")
