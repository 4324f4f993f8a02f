"""Reads a real meeting's turn log, in whatever form it was kept."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from cosim.errors import ConfigError, nearest_name
from cosim.meeting_logs.assembly import assemble
from cosim.meeting_logs.captions import LIKE_TIMING, SBV_TIMING, add_captions
from cosim.meeting_logs.childes import add_chat, is_chat
from cosim.meeting_logs.columns import ALIASES, simple
from cosim.meeting_logs.delimited import DELIMITERS, add_delimited, without_header
from cosim.meeting_logs.elan import MARK as ELAN_MARK
from cosim.meeting_logs.elan import add_elan
from cosim.meeting_logs.json_logs import add_json
from cosim.meeting_logs.log_file import open_log
from cosim.meeting_logs.people_file import People, absent
from cosim.meeting_logs.plain_text import add_text, is_transcript
from cosim.meeting_logs.praat import add_textgrid, is_textgrid
from cosim.meeting_logs.rttm import add_rttm, is_rttm
from cosim.meeting_logs.turn_log import WORDS_PER_SECOND, TurnLog, combine
from cosim.meeting_logs.utterances import Known, Rows, tidy
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
    people: People | None = None,
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
    people : People, optional
        Who is who, see `people_file.read_people`: spellings are merged, and roles given.

    Returns
    -------
    TurnLog

    Raises
    ------
    ConfigError
        With file and line: an empty, binary, wrongly encoded or too large file; missing columns; negative
        or backward times; a meeting with one speaker; and so on.
    """
    reading = Reading(columns, roles, encoding, words_per_second, unnamed, unit, people or People())
    return read_logs([path], reading)


@dataclass(frozen=True)
class Reading:
    """How logs are read; the attributes are the arguments of `read_log`."""

    columns: Mapping[str, str] | None = None
    roles: Mapping[str, str] | None = None
    encoding: str | None = None
    words_per_second: float = WORDS_PER_SECOND
    unnamed: str = "leave_out"
    unit: str | None = None
    people: People = field(default_factory=People)

    def rows(self, file: Path, may_be_silent: bool = False) -> Rows:
        """Return where the utterances of a file go; a role may be of somebody who does not speak in it."""
        asked = {tidy(name): tidy(role) for name, role in (self.roles or {}).items()} if may_be_silent else {}
        return Rows(
            file,
            None if may_be_silent else self.roles,
            self.words_per_second,
            self.unnamed,
            self.unit,
            Known(self.people.spellings, {**self.people.roles, **asked}),
        )


def read_logs(
    paths: Sequence[str | Path], reading: Reading | None = None, *, same_meeting: bool = False
) -> TurnLog:
    """Read several files as one log.

    Parameters
    ----------
    paths : sequence of str or Path
        Each file is a meeting of its own, unless a column says otherwise.
    reading : Reading, optional
        A role may be given to anybody who speaks in one of the files.
    same_meeting : bool
        Whether the files are parts of one meeting, in the order given; the times of each then count on from
        the end of the one before. Dates stay as they are.

    Raises
    ------
    ConfigError
        As `read_log`; also when a file is given twice, two meetings are called alike, or totals per person
        stand beside turns.
    """
    files, reading = [Path(path) for path in paths], reading or Reading()
    if not files:
        raise ConfigError("there is no log to read")
    twice = next((file for place, file in enumerate(files) if file in files[:place]), None)
    if twice is not None:
        raise ConfigError("this file is given twice", file=twice)
    if len(files) > 1 and not same_meeting:
        return _with_absent(_several(files, reading), reading.people)
    rows = reading.rows(files[0])
    rows.one_meeting = len(files) > 1
    tally = _add(rows, reading)
    for file in files[1:]:
        rows.open(file)
        if _add(rows, reading) or tally:
            raise ConfigError("totals per person cannot be put together with turns", file=file)
    return _with_absent(assemble(rows, tally=tally), reading.people)


def _several(files: Sequence[Path], reading: Reading) -> TurnLog:
    """Read files that are meetings of their own."""
    logs = []
    for file in files:
        rows = reading.rows(file, may_be_silent=True)
        log = assemble(rows, tally=_add(rows, reading))
        notes = tuple(f"{file.name!r}: {note}" for note in log.notes)
        logs.append(replace(log, notes=notes, name=file.name))
    heard = {str(name) for log in logs for name in log.frame["speaker"].unique()}
    for name in map(tidy, reading.roles or {}):
        if name not in heard:
            told = "a role was given to somebody who does not speak in these logs"
            raise ConfigError(told, key="--role", value=name, nearest=nearest_name(name, heard))
    return combine(logs, f"{files[0].name} and {len(files) - 1} more")


def _with_absent(log: TurnLog, who: People) -> TurnLog:
    """Say who of the people file says nothing, and who speaks and is not in it."""
    if not who.names:
        return log
    heard = [str(name) for name in log.frame["speaker"].unique()]
    silent, new = absent(who, heard), [name for name in heard if name not in who.names]
    notes = []
    if silent:
        notes.append(f"in the people file and not heard ({len(silent)}): {', '.join(map(repr, silent))}")
    if new:
        notes.append(f"heard and not in the people file ({len(new)}): {', '.join(map(repr, new))}")
    return replace(log, notes=(*log.notes, *notes))


def _add(rows: Rows, reading: Reading) -> bool:
    """Read the file that `rows` is at; say whether it holds totals per person."""
    if is_word_file(rows.file):
        lines = word_lines(rows.file)
        captions = any(LIKE_TIMING.match(line) for line in lines[:_LOOK])
        (add_captions if captions else add_text)(lines, rows)
        return False
    with open_log(rows.file, reading.encoding) as text:
        head = list(itertools.islice(text, _LOOK))
        text.seek(0)
        kind = _kind(rows.file, head, reading.columns)
        if kind == "table":
            return add_delimited(text, rows, reading.columns)
        if kind == "headless":
            return add_delimited(text, rows, None, without_header(head))
        if reading.columns:
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
    if columns or _has_header(first):
        return "table"
    if not any("\tFrom " in line or "\t From " in line for line in head) and without_header(head):
        return "headless"
    return "text" if suffix not in ("csv", "tsv") and is_transcript(head) else "table"


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
