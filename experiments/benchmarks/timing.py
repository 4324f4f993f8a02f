"""Timing two ways of doing the same thing fairly: in turn, in one process, by the processor's own clock.

Other work on the machine slows both alike; what it does to one measurement shows in the spread.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any


def processor_seconds(work: Callable[[], Any]) -> float:
    """Return the processor time of all threads of this process that `work` takes, in seconds."""
    began = time.process_time()
    work()
    return time.process_time() - began


def wall_seconds(work: Callable[[], Any]) -> float:
    """Return how long `work` takes by the clock on the wall, in seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def spread(values: list[float]) -> dict[str, float]:
    """Return the median, the smallest and the largest of some measurements, and how many they are."""
    return {
        "median": statistics.median(values),
        "low": min(values),
        "high": max(values),
        "n": float(len(values)),
    }


def machine() -> dict[str, Any]:
    """Return what the measurements were made on."""
    import numba
    import numpy as np

    from cosim.execution.processor import processor
    from cosim.version import __version__

    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "numba": numba.__version__,
        "numpy": np.__version__,
        "cosim": __version__,
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }
