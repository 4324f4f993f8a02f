"""The lines of a text transcript in one plain form, without marks, numbers and headings on two lines."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from cosim.meeting_logs.caption_names import are_headed, looks_like_name

_HIDDEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\ufeff]")
_SPACE = re.compile("[\u00a0\u2007\u2009\u202f]")
_WIDE = re.compile(r"\t|\x0b|\s{3,}")
_BOLD = re.compile(r"\*\*|__")
_HASHED = re.compile(r"#(\d{1,2}:\d{2}:\d{2})-(\d)#")  # as German transcription software writes times
_NUMBER = re.compile(r"(\d{1,5})[.)]?\s+(?=\S)")
_TIME = re.compile(r"[\[(]?\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?")
_SPOKEN_TIME = re.compile(
    r"(?:(\d{1,2}) hours? ?)?(?:(\d{1,3}) minutes? ?)?(?:(\d{1,2}) seconds?)?", re.IGNORECASE
)
_MOST: Final = 0.8
_LEAST: Final = 2


def plain_lines(lines: Iterable[str]) -> list[str]:
    """Return lines as they are, number by number, without what only looks.

    Marks that do not show, tabs, bold type and the numbers of lines go. A name and a time that stand on two
    lines, one below the other, become one, and a name alone above its paragraph gets its colon.
    """
    return _with_colons(_on_one_line(_unnumbered([_plain(line) for line in lines])))


def _plain(line: str) -> str:
    line = _BOLD.sub("", _WIDE.sub("  ", _SPACE.sub(" ", _HIDDEN.sub("", line))))
    line = _HASHED.sub(r"[\1.\2]", line).strip()
    spoken = _SPOKEN_TIME.fullmatch(line) if line[:1].isdigit() else None
    if spoken is None or not any(spoken.groups()):
        return line
    hours, minutes, seconds = (int(part or 0) for part in spoken.groups())
    return f"{hours}:{minutes:02d}:{seconds:02d}"


def _unnumbered(lines: Sequence[str]) -> list[str]:
    """Return lines without their numbers, where most have one and these rise."""
    found = [_NUMBER.match(line) for line in lines if line]
    numbers = [int(one[1]) for one in found if one is not None]
    rising = sum(later == one + 1 for one, later in itertools.pairwise(numbers))
    if len(numbers) <= _LEAST or rising < _MOST * (len(numbers) - 1) or len(numbers) < _MOST * len(found):
        return list(lines)
    return [_NUMBER.sub("", line, count=1) for line in lines]


def _on_one_line(lines: list[str]) -> list[str]:
    """Return lines in which a name and a time one below the other are one heading."""
    counts = Counter(lines)

    def is_name(line: str) -> bool:
        return bool(line) and counts[line] > 1 and ":" not in line and looks_like_name(line, counts[line])

    pairs = [
        place
        for place in range(len(lines) - 1)
        if (_TIME.fullmatch(lines[place]) and is_name(lines[place + 1]))
        or (is_name(lines[place]) and _TIME.fullmatch(lines[place + 1]))
    ]
    if len(pairs) <= _LEAST:
        return lines
    found = list(lines)
    for place in pairs:
        one, two = found[place], found[place + 1]
        if one and two:
            name, time = (two, one) if _TIME.fullmatch(one) else (one, two)
            found[place], found[place + 1] = f"{name}  {time.strip('[]()')}", ""
    return found


def _with_colons(lines: list[str]) -> list[str]:
    """Return lines in which names that stand alone above every paragraph have a colon."""
    heads = [place for place, line in enumerate(lines) if line and (place == 0 or not lines[place - 1])]
    paragraphs = [[lines[place], *lines[place + 1 : place + 2]] for place in heads]
    paragraphs = [[line for line in lines if line] for lines in paragraphs]
    if len(paragraphs) <= _LEAST or not are_headed(paragraphs):
        return lines
    found = list(lines)
    for place in heads:
        found[place] = f"{found[place]}:"
    return found
