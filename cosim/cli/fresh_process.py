"""Going on in a fresh process that takes the place of this one: what this one held of memory is free then."""

from __future__ import annotations

import os
import sys


def can_begin_anew(arguments: tuple[object, ...], named: object) -> bool:
    """Say whether this process is `cosim` itself, called with `arguments` of its own, where that can be done.

    Not where somebody calls the command line from Python, and not on Windows, where the process that waits
    for this one would go on at once.
    """
    return os.name == "posix" and not arguments and named is None and bool(sys.executable)


def begin_anew(*words: str) -> None:
    """Go on as ``cosim WORDS``, called in the way in which this process was; does not come back."""
    given = len(sys.argv) - 1
    before = sys.orig_argv[1 : len(sys.orig_argv) - given]
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os.execv(sys.executable, [sys.executable, *before, *words])
