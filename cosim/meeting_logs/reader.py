"""Reads a real meeting's turn log, in whatever form it was kept."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from cosim.errors import ConfigError
from cosim.meeting_logs.assembly import assemble
from cosim.meeting_logs.captions import LIKE_TIMING, SBV_TIMING, add_captions
from cosim.meeting_logs.childes import add_chat, is_chat
from cosim.meeting_logs.columns import ALIASES, simple
from cosim.meeting_logs.delimited import DELIMITERS, add_delimited
from cosim.meeting_logs.elan import MARK as ELAN_MARK
from cosim.meeting_logs.elan import add_elan
from cosim.meeting_logs.json_logs import add_json
from cosim.meeting_logs.log_file import open_log
from cosim.meeting_logs.plain_text import add_text, is_transcript
from cosim.meeting_logs.praat import add_textgrid, is_textgrid
from cosim.meeting_logs.rttm import add_rttm, is_rttm
from cosim.meeting_logs.turn_log import WORDS_PER_SECOND, TurnLog
from cosim.meeting_logs.utterances import Rows
from cosim.meeting_logs.word_files import is_word_file, word_lines

FORMATS: Final = (
    "a table (CSV), WebVTT, SRT or SBV, text with names (Otter, Teams, Zoom, WhatsApp), Word, JSON, RTTM, "
    "ELAN, CHAT, TextGrid"
)
"""What can be read, for messages."""

_LOOK = 60
_READERS: Final[Mapping[str, Callable[[Iterable[str], Rows], None]]] = {
    "captions": add_captions,
    "text": add_text,
    "rttm": add_rttm,
    "elan": add_elan,
    "chat": add_chat,
    "textgrid": add_textgrid,
}


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
        A table (comma, semicolon, tab or bar; gzip allowed) with a column for the speaker and one for
        words, text, duration, or start and end; optional meeting, turn and role; many usual names are
        known. Or a transcript with speakers' names: WebVTT, SRT, SBV, plain text or Word with names and
        times, JSON, RTTM, ELAN, CHAT, TextGrid; or a chat. One transcript is one meeting. A table of totals
        per person (words and turns or messages) is read as a tally.
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
    rows = Rows(Path(path), roles, words_per_second, unnamed, unit)
    return assemble(rows, tally=_add(rows, columns, encoding))


def _add(rows: Rows, columns: Mapping[str, str] | None, encoding: str | None) -> bool:
    """Read the file that `rows` is at; say whether it holds totals per person."""
    if is_word_file(rows.file):
        lines = word_lines(rows.file)
        captions = any(LIKE_TIMING.match(line) for line in lines[:_LOOK])
        (add_captions if captions else add_text)(lines, rows)
        return False
    with open_log(rows.file, encoding) as text:
        head = list(itertools.islice(text, _LOOK))
        text.seek(0)
        kind = _kind(rows.file, head, columns)
        if kind == "table":
            return add_delimited(text, rows, columns)
        if columns:
            raise ConfigError("a transcript has no columns to name", file=rows.file, key="--column")
        if kind == "json":
            add_json(text.read(), rows)
        else:
            _READERS[kind](text, rows)
    return False


def _kind(file: Path, head: Sequence[str], columns: Mapping[str, str] | None) -> str:
    """Return how a file is read, by what stands in it; its name settles what is doubtful."""
    first = next((line.lstrip("\ufeff").strip() for line in head if line.strip()), "")
    suffix = file.name.casefold().removesuffix(".gz").rpartition(".")[2]
    if first.startswith("WEBVTT"):
        return "captions"
    if suffix not in ("csv", "tsv") and any(
        LIKE_TIMING.match(line) or SBV_TIMING.fullmatch(line.strip()) for line in head[:6]
    ):
        return "captions"
    if first.startswith(("{", "[{")) or first == "[":
        return "json"
    if any(ELAN_MARK in line for line in head):
        return "elan"
    for kind, told in (("textgrid", is_textgrid), ("chat", is_chat), ("rttm", is_rttm)):
        if told(head):
            return kind
    _refuse_by_name(file, suffix, first)
    if columns or suffix in ("csv", "tsv") or _has_header(first) or not is_transcript(head):
        return "table"
    return "text"


def _refuse_by_name(file: Path, suffix: str, first: str) -> None:
    must = {
        "vtt": "a WebVTT file must begin with the line WEBVTT",
        "srt": "an SRT file must begin with a number and a line like 00:00:01,000 --> 00:00:04,000",
        "sbv": "an SBV file must begin with a line like 0:00:01.000,0:00:04.000",
        "rttm": "a line of RTTM must begin with SPEAKER and have 9 or 10 fields",
        "eaf": "an ELAN file must hold <ANNOTATION_DOCUMENT",
        "textgrid": 'a TextGrid must begin with the line File type = "ooTextFile"',
        "cha": "a CHAT file must begin with the line @Begin or @UTF8",
        "json": "a JSON file must begin with { or [",
    }
    if suffix in must:
        raise ConfigError(must[suffix], file=file, line=1, value=first[:40])


def _has_header(first: str) -> bool:
    """Say whether a line names the column of a speaker among others."""
    for delimiter in DELIMITERS:
        names = [simple(name.strip('"')) for name in first.split(delimiter)]
        if len(names) > 1 and any(name in ALIASES["speaker"] for name in names):
            return True
    return False
