"""Files and folders that are there whole or not at all, whatever happens to process, disk or power."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cosim.errors import CosimError

Result = TypeVar("Result")
TEMPORARY = ".tmp"


class StoreError(CosimError):
    """An output folder that cannot be written or read as it should."""


def write_whole(path: Path, write: Callable[[Path], Result]) -> Result:
    """Write a file under another name, make it durable, and only then give it its name.

    Parameters
    ----------
    path : Path
        The file; replaced if it exists.
    write : callable
        Writes the content to the path it is given.

    Raises
    ------
    StoreError
        When the system refuses (disk full, no permission ...); `path` is then as it was before.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{TEMPORARY}")
    try:
        result = write(temporary)
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        _remove(temporary)
        reason = error.strerror or str(error)
        raise StoreError(f"cannot write {path}: {reason}") from error
    except BaseException:
        _remove(temporary)
        raise
    return result


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    write_whole(path, lambda temporary: temporary.write_text(text, encoding="utf-8", newline="\n"))


def write_whole_folder(folder: Path, write: Callable[[Path], None]) -> None:
    """Fill a new or empty folder, or leave it as it was.

    Parameters
    ----------
    folder : Path
        Made, with those above it, when it is not there.
    write : callable
        Writes the content into the folder that it is given.

    Raises
    ------
    StoreError
        When the system refuses.
    """
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    inside = folder if not missing else folder.parent
    temporary = inside / f".{folder.name}.{os.getpid()}{TEMPORARY}"
    try:
        temporary.mkdir(parents=True)
        write(temporary)
        if missing:
            temporary.replace(folder)
        else:
            for item in sorted(temporary.iterdir()):
                item.replace(folder / item.name)
            temporary.rmdir()
        _sync_folder(inside)
    except BaseException as error:
        shutil.rmtree(temporary, ignore_errors=True)
        with contextlib.suppress(OSError):
            for place in missing[1:]:
                place.rmdir()
        if isinstance(error, OSError):
            raise StoreError(f"cannot write {folder}: {error.strerror or error}") from error
        raise


def remove_leftovers(folder: Path) -> None:
    """Remove what writers that were killed have left unfinished; only for whoever holds the folder's lock."""
    for leftover in folder.glob(f".*{TEMPORARY}"):
        _remove(leftover)


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _sync_folder(folder: Path) -> None:
    """Make a new name durable; Windows does so by itself and has no way to ask."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        # Some network file systems cannot sync a directory; the file itself is safe.
        pass
    finally:
        os.close(descriptor)
