"""What is left out of a log, because it cannot be read or names nobody: it is said, or too much."""

from __future__ import annotations

import numpy as np

from cosim.errors import ConfigError
from cosim.meeting_logs.utterances import MOST_UNNAMED, Rows

MOST_FAULTS = 0.01
"""Share of rows that cannot be read above which a log is refused; of short logs, one in ten, up to three."""


def say_faults(rows: Rows) -> None:
    """Say what cannot be read and is left out, and refuse a log where that is too much."""
    faults, read = rows.faults, rows.read
    if not faults:
        return
    if len(faults) > max(MOST_FAULTS * read, min(3, read // 10)):
        raise faults[0]
    places = [f"line {one.line:,}" if one.line is not None else (one.key or "") for one in faults[:3]]
    more = f" and {len(faults) - 3} more" if len(faults) > 3 else ""
    told = f"{len(faults)} of {read:,} {rows.noun} cannot be read and are left out ({', '.join(places)}{more}"
    rows.notes.append(f"{told}: {faults[0].message})")


def say_unnamed(rows: Rows) -> None:
    """Say how much names nobody, and refuse a log where that is too much."""
    lost = rows.nobody
    if lost.carried:
        told = f"{rows.noun} that name no speaker ({lost.carried} of {rows.read})"
        rows.notes.append(f"{told} go on with the speaker before{rows.doubtful}")
    if not lost.count:
        if rows.doubtful and not lost.carried:
            rows.notes.append(f"some words before a colon are part of the text{rows.doubtful}")
        return
    words = np.frombuffer(rows.real["words"], dtype=np.float64)
    seconds = np.frombuffer(rows.real["seconds"], dtype=np.float64)
    said = float(np.nansum(np.where(np.isnan(words), seconds * rows.pace, words))) + lost.words
    share = round(100.0 * lost.words / said) if said > 0.0 else 0
    told = f"{lost.count} of {rows.read} {rows.noun} ({share} % of the words) name no speaker"
    if share > MOST_UNNAMED or not rows.whole["line"]:
        allowed = "at most a fifth; or --unnamed continue, if they go on with the speaker before"
        told = f"{told}{rows.doubtful}"
        raise ConfigError(told, file=lost.file, line=lost.line, key="speaker", allowed=allowed)
    rows.notes.append(f"{told} and are left out{rows.doubtful}")
