"""A lock on an output folder, so that two processes never write into the same one."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from pathlib import Path
from types import TracebackType
from typing import Any

from cosim.errors import CosimError
from cosim.execution.json_files import parse_json

NAME = ".lock"
_LONGEST = 10_000


class LockedError(CosimError):
    """Another process is writing into this folder."""


class FolderLock:
    """Holds a folder for one process; the operating system lets go when the process dies, however it dies.

    Parameters
    ----------
    folder : Path
        Must exist.

    Attributes
    ----------
    notice : str or None
        What the user should know: that a dead process's lock was taken over.

    Raises
    ------
    LockedError
        When another process holds the folder, or may hold it from another computer.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.notice: str | None = None
        self._stream = self._take()

    def release(self) -> None:
        """Let go of the folder and remove the lock file."""
        if self._stream is None:
            return
        with contextlib.suppress(OSError):
            self.path.unlink()
        self._stream.close()
        self._stream = None

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def _take(self) -> Any:
        while True:
            stream = os.fdopen(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644), "r+", encoding="utf-8")
            held = _try_lock(stream.fileno())
            owner = _read_owner(stream)
            if not held:
                stream.close()
                raise LockedError(
                    f"{self.path.parent}: {_described(owner)} is writing into this folder; wait for its end"
                )
            # The file may have been removed by its owner between opening and locking: then this lock holds
            # nothing.
            if not _same_file(stream.fileno(), self.path):
                stream.close()
                continue
            if owner and owner.get("host") != socket.gethostname():
                stream.close()
                raise LockedError(
                    f"{self.path.parent}: {_described(owner)} took this folder and never let go. If that "
                    f"computer is not writing here any more, delete {self.path} and try again"
                )
            if owner:
                self.notice = (
                    f"{_described(owner)} ended without letting go of this folder; its lock is taken over"
                )
            stream.seek(0)
            stream.truncate()
            json.dump({"host": socket.gethostname(), "pid": os.getpid()}, stream)
            stream.flush()
            return stream


def _described(owner: dict[str, Any]) -> str:
    if not owner:
        return "another process"
    return f"process {owner.get('pid')} on {owner.get('host')}"


def _read_owner(stream: Any) -> dict[str, Any]:
    try:
        found = parse_json(stream.read(_LONGEST))
    except (ValueError, OSError):
        return {}
    if not isinstance(found, dict) or not isinstance(found.get("pid"), int):
        return {}
    host = found.get("host")
    return found if isinstance(host, str) and host.isprintable() else {}


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        # A byte far behind the text, so that others can still read who holds the lock.
        os.lseek(descriptor, 1_000_000, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
