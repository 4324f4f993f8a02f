"""Compiling the engine, and keeping the machine code between sessions.

The cache lies in the user's cache folder (``COSIM_CACHE_DIR`` moves it), in a folder named after the content of
every file the compiled loop is made of: a changed rule can never meet old machine code.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numba
import numpy as np

SOURCES: Final = ("engine.py", "state.py", "outcomes", "mechanisms", "stages")


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return 16 hex digits that change with any source the compiled loop is made of, or its compiler."""
    home = Path(__file__).parent
    digest = hashlib.sha256(f"{numba.__version__} {np.__version__} {sys.version}".encode())
    for name in SOURCES:
        place = home / name
        for file in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path | None:
    """Return the folder for machine code, made if need be; None where nothing can be written."""
    base = os.environ.get("COSIM_CACHE_DIR") or os.environ.get("XDG_CACHE_HOME")
    places = [Path(base)] if base else [Path.home() / ".cache"]
    places.append(Path(tempfile.gettempdir()))
    for place in places:
        folder = place / "cosim" / fingerprint()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if os.access(folder, os.W_OK):
                return folder
        except OSError:
            continue
    return None


def compiled(function: Callable[..., Any]) -> Any:
    """Return `function` compiled when first called, without the GIL and without reference counting.

    Notes
    -----
    Reference counting is off (``_nrt=False``): the loop only looks at arrays that its caller made and
    keeps, and counting them at every call would cost most of the time.
    """
    folder = cache_folder()
    before = numba.config.CACHE_DIR
    try:
        numba.config.CACHE_DIR = str(folder or "")
        made = numba.njit(nogil=True, error_model="numpy", _nrt=False, cache=folder is not None)(function)
    finally:
        numba.config.CACHE_DIR = before
    return made
