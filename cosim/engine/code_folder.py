"""Where machine code is kept: in a folder that nobody else can write to.

Reading machine code back means running it (its index is a pickle), so whoever can write to the folder can
run what they like as its reader.  Hence the rules here: the folder is the user's own, closed to all others,
and so is the way to it; and where no such folder can be had, a private one is made for this session, under a
name that nobody can know beforehand.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import shutil
import stat
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "COSIM_CACHE_DIR"
_LOG = logging.getLogger("cosim")
_LOCK = threading.Lock()
_temporary: dict[int, Path] = {}  # by process: a fork must not clear its parent's


class UnsafeFolderError(OSError):
    """A folder in which somebody else could put code that we would run."""


def code_folder(name: str) -> Path | None:
    """Return a folder for machine code, made if need be.

    Parameters
    ----------
    name : str
        Of the folder, below ``cosim`` in the user's cache folder (``COSIM_CACHE_DIR``, else
        ``XDG_CACHE_HOME``, else ``~/.cache``).

    Returns
    -------
    Path or None
        Mode 0700 and owned by the user. Where there is none, one in the folder for temporary files; see
        `is_temporary`. None where not even that can be written.
    """
    for place, chosen in _places():
        try:
            return _own(place, name, chosen=chosen)
        except UnsafeFolderError as problem:
            _LOG.warning("no machine code is kept in %s: %s", place, problem)
        except (OSError, ValueError):
            continue
    return _temporary_folder(name)


def is_temporary(folder: Path | None) -> bool:
    """Return whether a folder of `code_folder` goes when this session ends."""
    mine = _temporary.get(os.getpid())
    return mine is not None and folder is not None and mine in folder.parents


def forget_temporary() -> None:
    """Remove this process's temporary folder, if it has one; done by itself when Python ends."""
    mine = _temporary.pop(os.getpid(), None)
    if mine is not None:
        if os.environ.get(VARIABLE) == str(mine):
            del os.environ[VARIABLE]
        shutil.rmtree(mine, ignore_errors=True)


def _places() -> Iterator[tuple[Path, bool]]:
    """Yield the user's cache folder, and whether the user has named it for us."""
    given = os.environ.get(VARIABLE)
    if given:
        with contextlib.suppress(RuntimeError):
            yield Path(given).expanduser().absolute(), True
        return
    standard = Path(os.environ.get("XDG_CACHE_HOME") or "")
    if standard.is_absolute():  # the standard has others ignored
        yield standard, False
        return
    with contextlib.suppress(RuntimeError):  # nobody knows where home is
        home = Path.home()
        if home.is_absolute():
            yield home / ".cache", False


def _own(place: Path, name: str, *, chosen: bool) -> Path:
    """Return ``place/cosim/name``, made and checked.

    Raises
    ------
    UnsafeFolderError
        When somebody else could write there.
    OSError
        When we cannot.
    """
    _make(place)
    _check_way(place.resolve(strict=True), chosen=chosen)
    folder = place / "cosim"
    for step in (folder, folder / name):
        made = _make(step)
        _check_owner(step)
        if step == folder and not made and not step.is_symlink():
            _close(step)
        _check_closed(step)
    real = (folder / name).resolve(strict=True)
    _check_way(real, chosen=chosen)
    if not os.access(real, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(f"{real} cannot be written")
    return folder / name


def _make(folder: Path) -> bool:
    """Make a folder, and those above it, that only the user can open; return whether it was not there."""
    if folder.is_dir():
        return False
    if not folder.parent.is_dir():
        _make(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise
        return False
    folder.chmod(0o700)  # whatever the umask has left of it
    return True


def _close(folder: Path) -> None:
    """Close a folder of an earlier version, which was made as the umask said."""
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:
        folder.chmod(0o700)


def _check_owner(folder: Path) -> None:
    mine = _user()
    for found in (folder.lstat(), folder.stat()):
        if mine is not None and found.st_uid != mine:
            raise UnsafeFolderError(f"{folder} belongs to another user")


def _check_closed(folder: Path) -> None:
    mode = stat.S_IMODE(folder.stat().st_mode)
    if _user() is not None and mode & 0o022:
        raise UnsafeFolderError(f"others can write to {folder} (mode {mode:o}); chmod 700 closes it")


def _check_way(folder: Path, *, chosen: bool) -> None:
    """Check that no other user can put another folder in this one's place.

    A folder that everybody can write to is safe only if it is sticky, as the system's own for temporary files
    is. Unless the user has named the folder for us, those above it must be the user's or the system's.
    """
    mine = _user()
    if mine is None:
        return
    for step in (folder, *folder.parents):
        found = step.stat()
        if found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX:
            raise UnsafeFolderError(f"everybody can write to {step}")
        if not chosen and found.st_uid not in (0, mine):
            raise UnsafeFolderError(f"{step} belongs to another user")


def _user() -> int | None:
    """Return the user's number; None on systems that have none."""
    return os.geteuid() if hasattr(os, "geteuid") else None


def _temporary_folder(name: str) -> Path | None:
    """Return a private folder for this session; processes that it starts find it through the environment."""
    with _LOCK:
        mine = _temporary.get(os.getpid())
        try:
            if mine is None or not mine.is_dir():
                _check_way(Path(tempfile.gettempdir()).resolve(), chosen=True)
                mine = Path(tempfile.mkdtemp(prefix="cosim-"))
                mine.chmod(0o700)  # whatever the umask has left of it
                _temporary[os.getpid()] = mine
                atexit.register(forget_temporary)
                os.environ[VARIABLE] = str(mine)
            folder = mine / "cosim" / name
            _make(folder)
        except OSError:
            return None
        return folder
