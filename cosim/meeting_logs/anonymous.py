"""Codes instead of names: P1, P2, ... in everything that is written about a log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cosim.meeting_logs.turn_log import TurnLog

_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_OPTION = re.compile(r"; if one is a speaker: --role [^)]*")
_COLUMN = re.compile(r"\bcolumn ('[^']*')")


@dataclass(frozen=True)
class Anonymous:
    """A log without names.

    Attributes
    ----------
    log : TurnLog
        Speakers are P1, P2, ... in the order in which they first speak, meetings M1, M2, ... where there are
        several, else "meeting"; names in its notes are codes too.
    codes : dict
        The code of each name, for whoever made it; it is written nowhere.
    """

    log: TurnLog
    codes: Mapping[str, str]


def anonymous(log: TurnLog, files: Sequence[str] = (), silent: Sequence[str] = ()) -> Anonymous:
    """Return a log with codes instead of names of people and meetings.

    Parameters
    ----------
    log : TurnLog
    files : sequence of str
        Names of its files, which its notes may hold; they become "file 1", "file 2", ...
    silent : sequence of str
        Further people who get codes, such as those who gave views and said nothing.
    """
    speakers = list(dict.fromkeys([*(str(name) for name in log.frame["speaker"].unique()), *silent]))
    codes = codes_of(speakers)
    meetings = {name: f"M{place}" for place, name in enumerate(log.meetings, start=1)}
    if len(meetings) == 1:
        meetings = dict.fromkeys(meetings, "meeting")
    parts = {name: f"file {place}" for place, name in enumerate(files, start=1)}
    frame = log.frame.assign(
        speaker=log.frame["speaker"].map(codes), meeting=log.frame["meeting"].map(meetings)
    )
    notes = tuple(_without_names(note, {**parts, **meetings, **codes}) for note in log.notes)
    return Anonymous(replace(log, frame=frame, name="a meeting log", notes=notes), codes)


def codes_of(names: Sequence[str]) -> dict[str, str]:
    """Return P1, P2, ... for names, in their order."""
    width = len(str(len(names)))
    return {name: f"P{place:0{width}d}" for place, name in enumerate(names, start=1)}


def _without_names(note: str, codes: Mapping[str, str]) -> str:
    """Return a note in which whatever is quoted is a code, the name of a column, or left out."""
    columns = set(_COLUMN.findall(note))

    def hide(found: re.Match[str]) -> str:
        quoted = found[0]
        name = quoted[1:-1].replace("\\'", "'").replace("\\\\", "\\")
        return codes.get(name) or (quoted if quoted in columns else "...")

    return _QUOTED.sub(hide, _OPTION.sub("", note))
