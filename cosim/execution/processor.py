"""The processor: on another one libraries take other paths, and round last digits in another way."""

from __future__ import annotations

import platform
from functools import cache
from pathlib import Path

_LINUX = Path("/proc/cpuinfo")


@cache
def processor() -> str:
    """Return the processor's name as the system tells it; its kind where there is no name."""
    try:
        lines = _LINUX.read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()
