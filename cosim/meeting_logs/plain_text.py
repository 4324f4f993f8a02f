"""Transcripts and chats as plain text: names and times in the many ways that software and people write them.

A file has one style, which most of its headings share: a name and a time, then what was said (Otter, Teams,
saved captions of Zoom, Discord); a time, a name and a colon (chats of WhatsApp); or a name and a colon alone
(notes by hand, noScribe, documents of Google Meet).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cosim.meeting_logs.caption_names import NameFinder, looks_like_name
from cosim.meeting_logs.clock import read_time
from cosim.meeting_logs.dates import DATE, day_first, read_date
from cosim.meeting_logs.text_lines import plain_lines
from cosim.meeting_logs.utterances import Rows, Utterance, tidy

_CLOCK = r"\d{1,3}:\d{1,2}(?::\d{1,2})?(?:[.,]\d{1,6})?(?:\s?[aApP]\.?\s?[mM]\.?)?"
_STAMP = (
    rf"[\[(<]?\s*(?:(?P<date>{DATE}|[Tt]oday|[Yy]esterday),?\s*(?:[-–—]\s*|at\s+|um\s+|à\s+)?)?"
    rf"(?P<clock>{_CLOCK})(?:\s*(?:-+>|→|[-–—]|to|bis)\s*(?P<until>{_CLOCK}))?\s*[\])>]?"
)
_NAME = r"(?:\[(?P<boxed>[^\[\]]{1,60})\]|(?P<name>[^\s\d:\[\](<>][^:\[\]<>\t]{0,59}?|\d[^:\[\]<>\t]{0,30}?))"
_TIME_FIRST = re.compile(rf"{_STAMP}\s*(?:[-–—|:]\s+)?(?P<rest>.*)")
_NAME_FIRST = re.compile(rf"{_NAME}\s*(?P<colon>[:：]?)\s*(?:[-–—|,@]\s*)?{_STAMP}\s*[:：]?\s*(?P<text>.*)")
_NAMED = re.compile(rf"{_NAME}\s*(?:[:：](?:\s+(?P<text>.*)|$)|$)")
_BOXED = re.compile(r"\[(?P<boxed>[^\[\]]{1,60})\]\s*[:：]?\s+(?P<text>.*)")
_NICK = re.compile(r"<(?P<name>[^<>]{1,60})>\s+(?P<text>.*)")
_CHAT_TO = re.compile(r"From\s+(?P<name>.+?)(?:\s+to\s+.+?)?\s*:\s*(?P<text>.*)", re.IGNORECASE)
_INLINE = re.compile(rf"[\[(<]\s*{_CLOCK}\s*[\])>]")
_NOT_SAID = re.compile(
    r"(?:.* (?:started|stopped) (?:the )?(?:transcription|recording).*|transcri(?:bed|pt(?:ion)?) by .*|"
    r"(?:meeting|transcription|recording) ended(?: after .*)?|this editable transcript was .*|"
    r"https?://\S+|page \d+(?: of \d+)?)",
    re.IGNORECASE,
)
_OMITTED = re.compile(
    r"\u200e?<?(?:media|image|video|audio|sticker|gif|document|contact card|file)(?: attached)? omitted>?|"
    r"\u200e?(?:this message was deleted|you deleted this message)\.?|<medien ausgeschlossen>|"
    r"<médias omis>|<multimedia omitido>",
    re.IGNORECASE,
)

LEAST: Final = 2
"""Headings with a time that make a style."""


@dataclass(frozen=True)
class Heading:
    """A line that says who speaks from now on, or only when.

    Attributes
    ----------
    style : str
        How the line is made; the headings of a file share one.
    name : str or None
        None where the line gives only a time.
    date, clock, until : str
        As they stand there, or empty.
    text : str
        What is said on the same line.
    """

    style: str
    name: str | None
    date: str
    clock: str
    until: str
    text: str


def headings(line: str) -> Iterator[Heading]:
    """Yield the ways in which a line can be read as a heading."""
    if (found := _TIME_FIRST.fullmatch(line)) is not None:
        yield from _after_time(found)
        if found["date"] and not found["rest"]:
            return  # a day and a time alone name nobody, whatever letters a month begins with
    if (found := _NAME_FIRST.fullmatch(line)) is not None:
        name = tidy(found["boxed"] or found["name"])
        style = f"name{'[]' if found['boxed'] else ''}{found['colon']} time{' text' if found['text'] else ''}"
        stamp = (found["date"] or "", found["clock"], found["until"] or "")
        yield Heading(style, name, *stamp, found["text"])


def _after_time(found: re.Match[str]) -> Iterator[Heading]:
    stamp = (found["date"] or "", found["clock"], found["until"] or "")
    rest = found["rest"].strip()
    if not rest:
        yield Heading("time", None, *stamp, "")
        return
    if (chat := _CHAT_TO.fullmatch(rest)) is not None:
        yield Heading("time from", tidy(chat["name"]), *stamp, chat["text"])
    elif (nick := _NICK.fullmatch(rest)) is not None:
        yield Heading("time <>", tidy(nick["name"]), *stamp, nick["text"])
    elif (boxed := _BOXED.fullmatch(rest)) is not None:
        yield Heading("time []", tidy(boxed["boxed"]), *stamp, boxed["text"])
    elif (named := _NAMED.fullmatch(rest)) is not None:
        colon = rest.rstrip()[len(named["boxed"] or named["name"] or "") :].lstrip("] ")[:1] in (":", "：")
        yield Heading(
            "time name:" if colon else "time name",
            tidy(named["boxed"] or named["name"]),
            *stamp,
            named["text"] or "",
        )
        if not colon:
            yield Heading("time text", None, *stamp, rest)
    else:
        yield Heading("time text", None, *stamp, rest)


def is_transcript(lines: Sequence[str]) -> bool:
    """Say whether lines of text are a transcript or chat with speakers' names, not a table."""
    lines = plain_lines(lines)
    if _style(lines) is not None:
        return True
    full = [[line] for line in lines if line]
    finder = NameFinder(full)
    named = [name for (line,) in full for name, _ in finder.split(line, True) if name]
    return len(named) >= LEAST and 5 * len(named) >= len(full)


def add_text(lines: Iterable[str], rows: Rows) -> None:
    """Read a transcript or chat as plain text into `rows`. The text is counted and forgotten.

    Raises
    ------
    ConfigError
        When no line says who speaks.
    """
    rows.noun = "passages"
    kept = plain_lines(lines)
    style = _style(kept)
    if style is None:
        _add_named(kept, rows)
    else:
        _add_timed(kept, style, rows)


def _style(lines: Sequence[str]) -> str | None:
    """Return the style of most headings with a time and a name, or None where there are hardly any."""
    found = [heading for line in lines for heading in headings(line) if heading.name is not None]
    names = Counter(heading.name for heading in found)
    good = [one for one in found if one.name and looks_like_name(one.name, names[one.name])]
    styles = Counter(heading.style.removesuffix(" text") for heading in good)
    if not styles:
        return None
    style, count = styles.most_common(1)[0]
    full = sum(bool(line) for line in lines)
    if (
        count < LEAST
        or len({one.name for one in good if one.style.startswith(style)}) < 2
        or 30 * count < full
    ):
        return None
    prefixed = sum(_PREFIXED.match(line) is not None for line in lines)
    return style if count * 2 > prefixed or style.startswith("time") else None


_PREFIXED = re.compile(r"[^\s:][^:]{0,40}:\s+\S")


def _add_timed(lines: Sequence[str], style: str, rows: Rows) -> None:
    """Read a text whose headings have a time."""
    read = [_heading(line, style) for line in lines]
    names = Counter(one.name for one in read if one is not None and one.name)
    read = [
        None if one is not None and one.name and not _is_known(one.name, names[one.name], rows) else one
        for one in read
    ]
    stamps = [one for one in read if one is not None]
    first = day_first(
        (one.date for one in stamps if one.date), any("m" in one.clock.casefold() for one in stamps)
    )
    current: Heading | None = None
    at, before, system = 0, 0, 0
    said: list[str] = []
    for number, (line, heading) in enumerate(zip(lines, read, strict=True), start=1):
        if heading is None:
            if current is None:
                before += bool(line)
            elif line and not _NOT_SAID.fullmatch(line):
                said.append(line)
            continue
        if current is not None:
            _take(current, at, said, first, rows)
        if heading.name is None and heading.date:
            system, current, said = system + 1, None, []
            continue
        current, at, said = heading, number, [heading.text]
    if current is not None:
        _take(current, at, said, first, rows)
    _tell(before, system, rows)


def _is_known(name: str, count: int, rows: Rows) -> bool:
    return looks_like_name(name, count) or name in rows.known or name.casefold() in rows.spellings


def _heading(line: str, style: str) -> Heading | None:
    """Return a line as a heading of the file's style; lines that begin with a time are headings too."""
    found = list(headings(line))
    for heading in found:
        if heading.style.removesuffix(" text") == style:
            return heading
    return next(
        (one for one in found if one.name is None and style.startswith("time") and one.style != "time"), None
    )


def _take(heading: Heading, line: int, said: Sequence[str], first: bool, rows: Rows) -> None:
    text = _INLINE.sub(" ", " ".join(part for part in said if not _OMITTED.fullmatch(part.strip())))
    start, end = (
        _seconds(clock, heading, first, rows) if clock else None for clock in (heading.clock, heading.until)
    )
    rows.add(Utterance(line, heading.name, text=text, start=start, end=end))


def _seconds(clock: str, heading: Heading, first: bool, rows: Rows) -> float | None:
    moment = read_time(clock)
    if moment is None:
        return None
    day = read_date(heading.date, first) if heading.date else None
    if heading.date and day is None:
        return None
    if day is None:
        rows.kinds.add(moment.kind)
        return moment.seconds
    rows.kinds.add("date")
    return day + (60.0 * moment.seconds if moment.kind == "short" else moment.seconds)


def _add_named(lines: Sequence[str], rows: Rows) -> None:
    """Read a text whose headings are names before a colon (times may stand alone on lines of their own)."""
    full = [[_INLINE.sub(" ", line).strip()] for line in lines if line]
    finder = NameFinder(full, rows.known)
    start: float | None = None
    speaker, said, at, blank = "", list[str](), 0, True
    before = 0

    def take() -> None:
        nonlocal start
        if said:
            rows.add(Utterance(at, speaker or None, text=" ".join(said), start=start))
            start = None

    for number, raw in enumerate(lines, start=1):
        alone = next((one for one in headings(raw) if one.style == "time"), None) if raw else None
        line = _INLINE.sub(" ", raw).strip()
        if alone is not None or not line or _NOT_SAID.fullmatch(line):
            if alone is not None:
                take()
                said = []
                start = _seconds(alone.clock, alone, True, rows)
            blank = True
            continue
        for name, text in finder.split(line, True):
            if name is None and not blank:
                said.append(text)
            elif name is None and not speaker and not rows.read and not said:
                before += 1
            else:
                take()
                speaker, said, at = name or "", [text], number
            blank = False
    take()
    rows.doubtful = finder.told()
    if not rows.whole["line"] and not rows.nobody.count:
        told = f"no line says who speaks{rows.doubtful}"
        raise rows.error(told, 1, allowed="Name: text, or lines with a name and a time")
    _tell(before, 0, rows)


def _tell(before: int, system: int, rows: Rows) -> None:
    if before:
        rows.notes.append(f"lines above the first speaker are left out ({before})")
    if system:
        rows.notes.append(f"messages of the chat itself, by nobody, are left out ({system})")
