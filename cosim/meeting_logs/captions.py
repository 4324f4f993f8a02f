"""WebVTT, SRT and SBV transcripts, as meeting software exports them, with the names of the speakers."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from cosim.errors import ConfigError
from cosim.meeting_logs.caption_names import NameFinder
from cosim.meeting_logs.clock import read_time
from cosim.meeting_logs.utterances import Rows, Utterance
from cosim.meeting_logs.word_count import count_words, without_spaces

LIKE_TIMING = re.compile(r"[\s\d:;.,-]*-->|\s*-?\d+:.*-->|[^\[\]()<]*-->\s*\d+:\d")  # however broken
SBV_TIMING = re.compile(r"\s*(\d+:\d{1,2}:\d{1,2}\.\d{1,3}),(\d+:\d{1,2}:\d{1,2}\.\d{1,3})\s*")
_BLOCK = re.compile(r"(NOTE|STYLE|REGION)(\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<\d[\d:.]*>|</?>")
_ASS = re.compile(r"\{\\[^}]*\}")
_NAMED_ID = re.compile(r"\d+\s+(?:\"(?P<quoted>[^\"]*)\"(?:\s*\(.*\))?|(?P<bare>[^\"()]*?)\s*\(\d+\))")
_DASHED = re.compile(r"[-–—]\s*\w")  # one of several in a caption is somebody else
_CLOCKS = ("short", "clock", "number")


@dataclass
class Cue:
    """A caption: its id (or number), from when to when, and its lines of text (tags still in)."""

    line: int
    start: float
    end: float
    id: str = ""
    part: int = 0
    text: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Said:
    """A piece of a cue said by one speaker (None: the cue does not say who)."""

    cue: Cue
    speaker: str | None
    text: str


def add_captions(lines: Iterable[str], rows: Rows) -> None:
    """Read a WebVTT, SRT or SBV transcript into `rows`. The text is counted and forgotten.

    Raises
    ------
    ConfigError
        With file and line, when there are no captions, or none names its speaker.
    """
    rows.noun = "captions"
    cues = list(parse_cues(lines, rows))
    if not cues:
        if rows.faults:
            raise rows.faults[0]
        raise rows.error("the transcript has no captions (no line like 00:00:01.000 --> 00:00:04.000)")
    by_id = _names_in_ids(cues)
    voices = [name for cue in cues for line in cue.text for name in _VOICE.findall(line)]
    finder = NameFinder([cue.text for cue in cues], rows.known, [*(by_id or ()), *map(_name, voices)])
    said = [piece for cue in cues for piece in _pieces(cue, finder, by_id)]
    rows.doubtful = finder.told()
    if not any(piece.speaker for piece in said):
        told = f"no caption says who speaks{rows.doubtful}; export the transcript with speaker names"
        raise ConfigError(told, file=rows.file, line=cues[0].line, allowed="<v Name>text, or Name: text")
    part = 0
    for group in _by_cue(said):
        if group[0].cue.part != part:
            part = group[0].cue.part
            rows.open(rows.file)
        for utterance in _timed(group):
            rows.add(utterance)


def parse_cues(lines: Iterable[str], rows: Rows) -> Iterator[Cue]:
    """Yield the captions of a transcript.

    The line before a timing line that stands alone is the caption's number or id; NOTE, STYLE and REGION
    blocks are passed over. Blank lines inside a caption do not end it, because some exports have them
    between two speakers. A caption whose timing line is broken or runs backwards is a fault of `rows`.
    """
    cue: Cue | None = None
    last = ""  # the last line before the first caption
    whole, skipping, blank_before, part = True, False, True, 0
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if LIKE_TIMING.match(line) or SBV_TIMING.fullmatch(line):
            before = _take_id(cue) if cue is not None else last
            if cue is not None and whole:
                yield cue
            timing = _timing(line, rows, number)
            whole, skipping = not isinstance(timing, ConfigError), False
            if isinstance(timing, ConfigError):
                rows.fault(timing)
                timing = 0.0, 0.0
            cue = Cue(number, *timing, before, part)
        elif not line:
            skipping = False
            if cue is not None:
                cue.text.append("")
        elif blank_before and _BLOCK.match(line):
            skipping = True
        elif blank_before and cue is not None and line.startswith("WEBVTT"):
            skipping, part = True, part + 1  # another file begins
        elif cue is not None and not skipping:
            cue.text.append(line)
        blank_before, last = not line, line
    if cue is not None and whole:
        yield cue


def _take_id(cue: Cue) -> str:
    """Remove and return the next cue's id: alone after a blank line, or a bare number, before its times."""
    text = cue.text
    if (
        text
        and text[-1]
        and (text[-1].isdigit() or (len(text) > 1 and not text[-2]) or _NAMED_ID.fullmatch(text[-1]))
    ):
        return text.pop()
    return ""


def _timing(line: str, rows: Rows, number: int) -> tuple[float, float] | ConfigError:
    split = SBV_TIMING.fullmatch(line)
    begin, stop = split.groups() if split else (part.strip() for part in line.split("-->", 1))
    start, end = read_time(begin), read_time(stop.split()[0] if stop else "")
    if start is None or end is None or (start.kind == "frames") != (end.kind == "frames"):
        told, allowed = "a timing line that cannot be read", "00:01:02.500 --> 00:01:04.000"
        return rows.error(told, number, value=line[:80], allowed=allowed)
    if end.seconds < start.seconds:
        return rows.error(
            f"the caption ends before it starts (at {start.seconds:g} s)", number, value=line[:80]
        )
    rows.kinds.add("clock" if start.kind in _CLOCKS else start.kind)
    return start.seconds, end.seconds


def _names_in_ids(cues: Sequence[Cue]) -> dict[str, str] | None:
    """Return the speaker by id where the ids of most captions hold one, as Webex writes them."""
    found = {cue.id: named for cue in cues if (named := _NAMED_ID.fullmatch(cue.id)) is not None}
    if 2 * sum(cue.id in found for cue in cues) <= len(cues):
        return None
    return {key: _name(named["quoted"] or named["bare"] or "") for key, named in found.items()}


def _pieces(cue: Cue, finder: NameFinder, by_id: dict[str, str] | None) -> Iterator[Said]:
    """Split a cue by speaker."""
    speaker: str | None = None if by_id is None else by_id.get(cue.id)
    words: list[str] = []
    lines = [line for line in cue.text if line]
    dialogue = sum(_DASHED.match(line) is not None for line in lines) > 1
    for place, line in enumerate(lines):
        for who, text in _voices(line, finder, first=place == 0):
            name = "" if who is None and dialogue and _DASHED.match(line) else who
            if name is not None and name != speaker:
                if words:
                    yield Said(cue, speaker, " ".join(words))
                speaker, words = name, []
            if text:
                words.append(text)
    if words:
        yield Said(cue, speaker, " ".join(words))


def _voices(line: str, finder: NameFinder, first: bool) -> Iterator[tuple[str | None, str]]:
    """Yield (speaker, text) for the parts of a line; the speaker is None where the one before goes on."""
    parts = _VOICE.split(line)
    before = _plain(parts[0])
    if before:
        yield from finder.split(before, first)
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        yield _name(name), _plain(text)


def _name(text: str) -> str:
    return html.unescape(text).strip()


def _plain(text: str) -> str:
    return " ".join(html.unescape(_ASS.sub("", _TAG.sub("", text))).split())


def _by_cue(said: Sequence[Said]) -> Iterator[list[Said]]:
    group: list[Said] = []
    for piece in said:
        if group and piece.cue is not group[0].cue:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _timed(pieces: Sequence[Said]) -> Iterator[Utterance]:
    """Yield the utterances of one cue, its time shared by their length."""
    cue = pieces[0].cue
    spaceless = without_spaces("".join(piece.text for piece in pieces))
    lengths = [len(piece.text) if spaceless else count_words(piece.text) for piece in pieces]
    total, at = max(sum(lengths), 1), cue.start
    for piece, length in zip(pieces, lengths, strict=True):
        end = at + (cue.end - cue.start) * length / total
        yield Utterance(cue.line, piece.speaker, text=piece.text, start=at, end=end, shown=cue.end)
        at = end
