"""Paths as people write them: read in one place, and refused where they would end somewhere unforeseen.

A path that is to be written must work on every system that may have to read it, and in every library that
opens it: pathlib takes ``~`` for a name and Arrow for the home folder.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from pathlib import Path
from typing import Any

from cosim.errors import ConfigError

LONGEST_NAME = 240
"""Bytes of one name; file systems take 255, and cosim writes beside it under a longer one first."""
_LONGEST_PATH = 3000
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
_VARIABLE = re.compile(r"\$(\{\w+\}|[A-Za-z_]\w*)|%\w+%")
_DRIVE = re.compile(r"[A-Za-z]:(?=[\\/]|$)")
_HINT = "use / between folders, and single quotes in YAML"


def read_path(text: str | Path, **place: Any) -> Path:
    """Return the path of something that is to be read.

    Parameters
    ----------
    text : str or Path
        ``~`` at its start is the home folder.
    **place
        Where it stands (file, line, key), for errors.

    Raises
    ------
    ConfigError
        When no file can have such a path.
    """
    written = str(text)
    if not written.strip():
        raise ConfigError("an empty path", value=written, **place)
    control = next((letter for letter in written if ord(letter) < 32 or 127 <= ord(letter) < 160), None)
    if control is not None:
        told = f"a path holds a control character (code {ord(control):#04x}); {_HINT}"
        raise ConfigError(told, value=_short(written), **place)
    try:
        size = len(written.encode())
    except UnicodeEncodeError:
        told = "the path is not UTF-8 text; rename the file or folder"
        if _is_utf8(written):
            told = f"this system's encoding ({sys.getfilesystemencoding()}) lacks letters of this path"
            told += "; set LC_ALL=C.UTF-8"
        raise ConfigError(told, value=written.encode(errors="replace").decode(), **place) from None
    path = _at_home(written, place)
    names = [len(name.encode()) for name in path.parts]
    if size > _LONGEST_PATH or max(names, default=0) > 255:
        raise ConfigError(
            f"the path is too long ({max(size, max(names, default=0)):,} bytes)",
            value=_short(written),
            allowed="up to 255 bytes a name",
            **place,
        )
    return path


def write_path(text: str | Path, **place: Any) -> Path:
    """Return the path of a folder that is to be written; arguments are those of :func:`read_path`.

    Raises
    ------
    ConfigError
        For a name that some system cannot have or understands otherwise: control characters, names that
        Windows keeps for itself, ``:`` beyond a drive, a space or dot at the end, variables of a shell.
    """
    path, written = read_path(text, **place), str(text)
    if variable := _VARIABLE.search(written):
        told = f"variables such as {variable[0]} are not looked up in a path; write the folder out"
        raise ConfigError(told, value=written, **place)
    for name in re.split(r"[/\\]", _DRIVE.sub("", written, count=1)):
        if name in ("", ".", "..", "~"):
            continue
        wrong = _wrong_with(name)
        if wrong:
            raise ConfigError(f"{wrong}; {_HINT}", value=_short(written), **place)
    return path


def refuse_special(path: Path, **place: Any) -> None:
    """Refuse a pipe or a device where a file is wanted: reading one may never end.

    Raises
    ------
    ConfigError
        When there is something at `path` that is neither a file nor a directory.
    """
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise ConfigError("this is a pipe or a device, not a file", file=path, **place)


def is_file(path: Path) -> bool:
    """Say whether there is a file; what cannot be a path is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def is_dir(path: Path) -> bool:
    """Say whether there is a directory; what cannot be a path is none."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _wrong_with(name: str) -> str:
    if _RESERVED.fullmatch(name.strip()):
        return f"{name!r} is a name that Windows keeps for itself"
    if name[-1] in " .":
        return (
            f"the name {name!r} ends in a {'space' if name[-1] == ' ' else 'dot'}, which Windows leaves out"
        )
    if ":" in name:
        return f"a colon in the name {name!r}, which only a drive may have"
    if len(name.encode()) > LONGEST_NAME:
        return f"a name of {len(name.encode()):,} bytes is too long (allowed: up to {LONGEST_NAME})"
    return ""


def _at_home(written: str, place: dict[str, Any]) -> Path:
    path = Path(written)
    if not written.startswith("~"):
        return path
    try:
        return path.expanduser()
    except RuntimeError:
        told = "`~` at the start of a path is a home folder, and there is none of this name"
        raise ConfigError(told, value=_short(written), **place) from None


def _is_utf8(written: str) -> bool:
    try:
        os.fsencode(written).decode()
    except (UnicodeError, ValueError):
        return False
    return True


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:60]}..."
