"""How much memory a study takes, and how much there is."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cosim.errors import ConfigError

if TYPE_CHECKING:
    from cosim.studies.study import Study

# Measured: the program at work, with everything it imports and the compiled engine; a part in the list of
# parts; and how often a report holds the table of runs at its peak. It held 500 MB of 165,888 runs of 71
# outcomes and 780 of a million: half of the table; another kind of report may hold more.
_PROGRAM = 430e6
_PER_CHUNK = 250
_TIMES_RUNS = 2
_KEYS = 6
_CGROUP = Path("/sys/fs/cgroup/memory.max")


def memory_of_run(study: Study) -> float:
    """Return about how many bytes of memory running a study takes, its report not counted."""
    chunks = max(len(study.chunks), study.most_points * study.design.replicates // study.runs_per_chunk)
    return _PROGRAM + study.design.held + _PER_CHUNK * chunks


def memory_of_report(study: Study) -> float:
    """Return about how many bytes of memory the report of a study takes: it looks at all runs at once."""
    runs = study.most_points * study.design.replicates
    columns = len(study.config.subject.outcomes()) + _KEYS
    return _PROGRAM + _TIMES_RUNS * 8.0 * runs * columns


def usable_memory() -> float | None:
    """Return how many bytes of memory this process may use; None where the system does not say."""
    limits: list[float] = []
    with suppress(AttributeError, ValueError, OSError):
        limits.append(float(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")))
    with suppress(OSError, ValueError):
        limits.append(float(_CGROUP.read_text(encoding="ascii")))
    with suppress(ImportError):
        import resource

        limit = resource.getrlimit(resource.RLIMIT_AS)[0]
        if limit != resource.RLIM_INFINITY:
            limits.append(float(limit))
    return min(limits, default=None)


def refuse_what_cannot_fit(study: Study, *, with_report: bool) -> None:
    """Refuse a study that takes more memory than there is, before anything of it is run.

    Raises
    ------
    ConfigError
        With both numbers, and what can be done.
    """
    there = usable_memory()
    if there is None:
        return
    runs = f"{study.most_points * study.design.replicates:,} runs"
    needed = memory_of_run(study)
    if needed > there:
        raise ConfigError(
            f"{runs} take about {in_bytes(needed)} of memory, and there are {in_bytes(there)}; "
            "take fewer worlds, samples, arms or replicates",
            file=study.config.source.path,
        )
    needed = memory_of_report(study)
    if with_report and needed > there:
        raise ConfigError(
            f"the report of {runs} takes about {in_bytes(needed)} of memory, and there are "
            f"{in_bytes(there)}; take fewer worlds, samples, arms or replicates, or make tables only, "
            "with --no-report",
            file=study.config.source.path,
        )


def in_bytes(size: float) -> str:
    """Write an amount of memory or disk: ``740 MB``, ``3.4 GB``, ``12 TB``."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9)):
        if size >= factor:
            many = size / factor
            return f"{many:,.1f} {unit}" if many < 10 else f"{many:,.0f} {unit}"
    return f"{max(1, round(size / 1e6)):,} MB"
