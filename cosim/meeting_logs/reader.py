"""Reads a real meeting's turn log from CSV, WebVTT or SRT."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path

from cosim.errors import ConfigError
from cosim.meeting_logs.captions import LIKE_TIMING, SBV_TIMING, read_captions
from cosim.meeting_logs.delimited import read_delimited
from cosim.meeting_logs.log_file import open_log
from cosim.meeting_logs.turn_log import WORDS_PER_SECOND, TurnLog
from cosim.meeting_logs.utterances import Rows

_LOOK = 40


def read_log(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    encoding: str | None = None,
    words_per_second: float = WORDS_PER_SECOND,
    unnamed: str = "leave_out",
    unit: str | None = None,
) -> TurnLog:
    """Read a turn log: who spoke, with what role, how much, when. No text is kept.

    Parameters
    ----------
    path : str or Path
        A table (comma, semicolon, tab or bar; gzip allowed) with a column for the speaker and one for words,
        text, duration, or start and end; optional meeting, turn and role; many usual names are known. Or a
        WebVTT or SRT transcript with speakers' names, as Zoom, Teams and Google Meet export them; one file is
        one meeting. A table of totals per person (words and turns or messages) is read as a tally.
    columns : mapping, optional
        Columns of a table that have names of their own: ``{"speaker": "Code", "words": "Wortzahl"}``.
    roles : mapping of speaker to role, optional
        Roles that the file does not give.
    encoding : str, optional
        By default UTF-8, or what a byte-order mark says.
    words_per_second : float
        Pace by which words are estimated where the log has only times.
    unnamed : {"leave_out", "continue"}
        Rows or captions that name no speaker are left out, or taken for the speaker before.
    unit : {"seconds", "milliseconds", "minutes"}, optional
        Of times that are plain numbers; by default seconds, unless words a second show that these are
        milliseconds.

    Returns
    -------
    TurnLog

    Raises
    ------
    ConfigError
        With file and line: an empty, binary, wrongly encoded or too large file; missing columns; negative
        or backward times; a meeting with one speaker; and so on.
    """
    file = Path(path)
    rows = Rows(file, roles, words_per_second, unnamed, unit)
    with open_log(file, encoding) as text:
        head = list(itertools.islice(text, _LOOK))
        text.seek(0)
        kind = _kind(file, head)
        if kind == "table":
            return read_delimited(text, rows, columns)
        if columns:
            raise ConfigError("a transcript has no columns to name", file=file, key="--column")
        return read_captions(text, rows)


def _kind(file: Path, head: list[str]) -> str:
    """Return ``"captions"`` or ``"table"`` by what stands in the file; its name settles what is doubtful."""
    first = next((line.lstrip("\ufeff").strip() for line in head if line.strip()), "")
    suffix = file.name.casefold().removesuffix(".gz").rpartition(".")[2]
    if first.startswith("WEBVTT"):
        return "captions"
    if suffix not in ("csv", "tsv") and any(
        LIKE_TIMING.match(line) or SBV_TIMING.fullmatch(line.strip()) for line in head[:6]
    ):
        return "captions"
    if first.startswith(("{", "[{")) or first == "[":
        allowed = "a table (CSV), WebVTT or SRT"
        raise ConfigError("this looks like JSON", file=file, line=1, value=first[:40], allowed=allowed)
    if suffix == "vtt":
        told = "a WebVTT file must begin with the line WEBVTT"
        raise ConfigError(told, file=file, line=1, value=first[:40])
    if suffix == "srt":
        told = "an SRT file must begin with a number and a line like 00:00:01,000 --> 00:00:04,000"
        raise ConfigError(told, file=file, line=1, value=first[:40])
    return "table"
