"""WebVTT and SRT transcripts, as meeting software exports them, with the names of the speakers."""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cosim.errors import ConfigError
from cosim.evidence.caption_names import NameFinder
from cosim.evidence.rows import Rows, Utterance
from cosim.evidence.turn_log import TurnLog
from cosim.evidence.words import count_words, without_spaces

MOST_UNNAMED = 0.2
"""Share of words without a speaker above which a transcript is refused."""

_TIME = r"(?:(\d+):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_BLOCK = re.compile(r"(NOTE|STYLE|REGION)(\s|$)")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]*)>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<\d[\d:.]*>|</?>")
_ASS = re.compile(r"\{\\[^}]*\}")


@dataclass
class Cue:
    """A caption: from when to when, and its lines of text (tags still in)."""

    line: int
    start: float
    end: float
    text: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Said:
    """A piece of a cue said by one speaker (None: the cue does not say who)."""

    cue: Cue
    speaker: str | None
    text: str


def read_captions(lines: Iterable[str], rows: Rows, unnamed: str = "leave_out") -> TurnLog:
    """Read a WebVTT or SRT transcript. The text is counted and forgotten.

    Parameters
    ----------
    lines : iterable of str
        Of one file, which is one meeting.
    rows : Rows
        Where the utterances go; it knows the file, the roles and the pace.
    unnamed : {"leave_out", "continue"}
        What to do with captions that name nobody: leave them out (and say how many), or take them for the
        speaker before.

    Raises
    ------
    ConfigError
        With file and line, when a timing line is broken, no caption names its speaker, or more than
        a fifth of the words have no speaker.
    """
    if unnamed not in ("leave_out", "continue"):
        raise ConfigError("not a known choice", key="unnamed", value=unnamed, allowed="leave_out, continue")
    cues = list(parse_cues(lines, rows.file))
    if not cues:
        raise rows.error("the transcript has no captions (no line like 00:00:01.000 --> 00:00:04.000)")
    finder = NameFinder([cue.text for cue in cues], rows.roles)
    said = [piece for cue in cues for piece in _pieces(cue, finder)]
    if not any(piece.speaker for piece in said):
        told = f"no caption says who speaks{_doubtful(finder)}; export the transcript with speaker names"
        raise ConfigError(told, file=rows.file, line=cues[0].line, allowed="<v Name>text, or Name: text")
    said = _with_speakers(said, rows, unnamed, _doubtful(finder))
    spaceless = without_spaces("".join(piece.text for piece in said[:200]))
    if spaceless:
        rows.notes.append("the script puts no spaces between words: amounts are estimated from times")
    for cue in _by_cue(said):
        for utterance in _timed(cue, counted=not spaceless):
            rows.add(utterance)
    return rows.finish()


def parse_cues(lines: Iterable[str], file: Path) -> Iterator[Cue]:
    """Yield the captions of a WebVTT or SRT transcript.

    The line before a timing line that stands alone is the caption's number or id; NOTE, STYLE and REGION
    blocks are passed over. Blank lines inside a caption do not end it, because some exports have them
    between two speakers.

    Raises
    ------
    ConfigError
        At a timing line that is broken or runs backwards.
    """
    cue: Cue | None = None
    skipping, blank_before = False, True
    for number, raw in enumerate(lines, start=1):
        line = raw.strip()
        if "-->" in line:  # which neither format allows in text
            start, end = _timing(line, file, number)
            if cue is not None:
                _drop_id(cue)
                yield cue
            cue, skipping = Cue(number, start, end), False
        elif not line:
            skipping = False
            if cue is not None:
                cue.text.append("")
        elif blank_before and _BLOCK.match(line):
            skipping = True
        elif cue is not None and not skipping:
            cue.text.append(line)
        blank_before = not line
    if cue is not None:
        yield cue


def _drop_id(cue: Cue) -> None:
    """Remove the next cue's id: alone after a blank line, or a bare number, before a timing line."""
    text = cue.text
    if text and text[-1] and (text[-1].isdigit() or (len(text) > 1 and not text[-2])):
        text.pop()


def _timing(line: str, file: Path, number: int) -> tuple[float, float]:
    found = _TIMING.fullmatch(line)
    if found is None:
        told, allowed = "a timing line that cannot be read", "00:01:02.500 --> 00:01:04.000"
        raise ConfigError(told, file=file, line=number, value=line[:80], allowed=allowed)
    parts = found.groups()
    start, end = (_seconds(parts[at : at + 4]) for at in (0, 4))
    if end < start:
        told = f"the caption ends before it starts (at {start:g} s)"
        raise ConfigError(told, file=file, line=number, value=line[:80])
    return start, end


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    whole = 3600 * int(hours or 0) + 60 * int(minutes or 0) + int(seconds or 0)
    return whole + int(fraction or 0) / 10.0 ** len(fraction or "0")


def _pieces(cue: Cue, finder: NameFinder) -> Iterator[Said]:
    """Split a cue by speaker."""
    speaker: str | None = None
    words: list[str] = []
    for place, line in enumerate(line for line in cue.text if line):
        for name, text in _voices(line, finder, first=place == 0):
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
        yield finder.split(before, first)
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        yield html.unescape(name).strip() or None, _plain(text)


def _plain(text: str) -> str:
    return " ".join(html.unescape(_ASS.sub("", _TAG.sub("", text))).split())


def _doubtful(finder: NameFinder) -> str:
    """Say what might be names, the most frequent first; nothing where there is nothing."""
    found = finder.doubtful.most_common(6)
    if not found:
        return ""
    shown = ", ".join(repr(name) for name, _ in found[:5]) + (" ..." if len(found) > 5 else "")
    option = shlex.quote(f"{found[0][0]}=ROLE")
    return f" (not taken for names: {shown}; if one is a speaker: --role {option})"


def _with_speakers(said: list[Said], rows: Rows, unnamed: str, doubtful: str) -> list[Said]:
    """Leave out, or give to the speaker before, what names nobody."""
    nameless = sum(piece.speaker is None for piece in said)
    if unnamed == "continue" and nameless:
        told = f"captions that name no speaker ({nameless} of {len(said)}) go on with the speaker before"
        rows.notes.append(f"{told}{doubtful}")
        speaker, carried = None, []
        for piece in said:
            speaker = piece.speaker or speaker
            carried.append(Said(piece.cue, speaker, piece.text))
        said = carried
    lost = [piece for piece in said if piece.speaker is None]
    if not lost:
        return said
    words = sum(count_words(piece.text) for piece in said)
    share = sum(count_words(piece.text) for piece in lost) / max(words, 1)
    told = f"{len(lost)} of {len(said)} captions ({100 * share:.0f} % of the words) name no speaker"
    if share > MOST_UNNAMED:
        allowed = "at most a fifth; or --unnamed continue, if they go on with the speaker before"
        raise ConfigError(f"{told}{doubtful}", file=rows.file, line=lost[0].cue.line, allowed=allowed)
    rows.notes.append(f"{told} and are left out{doubtful}")
    return [piece for piece in said if piece.speaker is not None]


def _by_cue(said: Sequence[Said]) -> Iterator[list[Said]]:
    group: list[Said] = []
    for piece in said:
        if group and piece.cue is not group[0].cue:
            yield group
            group = []
        group.append(piece)
    if group:
        yield group


def _timed(pieces: Sequence[Said], counted: bool) -> Iterator[Utterance]:
    """Yield the utterances of one cue, its time shared by their length."""
    cue = pieces[0].cue
    lengths = [count_words(piece.text) if counted else len(piece.text) for piece in pieces]
    total, at = max(sum(lengths), 1), cue.start
    for piece, length in zip(pieces, lengths, strict=True):
        end = at + (cue.end - cue.start) * length / total
        words = float(length) if counted else None
        yield Utterance(cue.line, piece.speaker or "", words=words, start=at, end=end)
        at = end
