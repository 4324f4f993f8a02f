"""Who spoke when, as diarisation writes it: RTTM (``SPEAKER file 1 start duration <NA> <NA> name ...``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from cosim.meeting_logs.clock import read_time
from cosim.meeting_logs.utterances import Rows, Utterance

TYPES: Final = frozenset(
    (
        *("SPEAKER", "SPKR-INFO", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER", "EDIT", "SEGMENT", "NOSCORE"),
        *("NO_RT_METADATA", "IP", "CB", "A/P", "SU"),
    )
)
"""Kinds of lines; only those of speakers count."""


def is_rttm(lines: Iterable[str]) -> bool:
    """Say whether lines are RTTM."""
    first = next((line.split() for line in lines if line.strip() and not line.startswith(";;")), [])
    return len(first) in (9, 10) and first[0] in TYPES


def add_rttm(lines: Iterable[str], rows: Rows) -> None:
    """Read RTTM into `rows`; the second field names the recording, which is a meeting.

    Raises
    ------
    ConfigError
        With the line, when it has too few fields, or a kind that is not known. Lines whose times cannot be
        read are faults of `rows`.
    """
    rows.noun = "lines"
    for number, line in enumerate(lines, start=1):
        fields = line.split()
        if not fields or fields[0].startswith(";"):
            continue
        if fields[0] not in TYPES:
            told, allowed = "not a line of RTTM", "SPEAKER file 1 12.5 3.2 <NA> <NA> name <NA> <NA>"
            raise rows.error(told, number, value=line.strip()[:60], allowed=allowed)
        if fields[0] != "SPEAKER":
            continue
        if len(fields) < 8:
            told = f"this line has {len(fields)} fields, RTTM has 9 or 10"
            raise rows.error(told, number, value=line.strip()[:60])
        start, lasts = read_time(fields[3]), read_time(fields[4])
        if start is None or lasts is None:
            told = "start and duration must be numbers of seconds"
            rows.fault(rows.error(told, number, value=f"{fields[3]} {fields[4]}"))
            continue
        rows.kinds.add(start.kind)
        end = start.seconds + lasts.seconds
        rows.add(Utterance(number, fields[7], meeting=fields[1], start=start.seconds, end=end))
