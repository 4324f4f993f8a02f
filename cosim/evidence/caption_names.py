"""Who speaks in a caption: ``Anna Smith: text``, ``[Anna Smith]: text``, ``(Anna Smith)`` on its own line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from cosim.evidence.rows import tidy

_PREFIX = re.compile(
    r"(?:>>\s*|[-–—]\s*)?"  # broadcast captions and dialogue dashes
    r"(?:\[(?P<boxed>[^\[\]]{1,60})\]|(?P<bare>[^\s:：\[\]<>][^:：\[\]<>]{0,59}?))"
    r"\s*[:：](?:\s+(?P<text>.*)|$)"
)
_ALONE = re.compile(r"[\(\[](?P<name>[^()\[\]:]{1,60})[\)\]]")
_ADDITION = re.compile(r"\s*\([^()]*\)")
_PARTICLES = frozenset(
    (
        *(
            "a",
            "al",
            "and",
            "bin",
            "da",
            "das",
            "de",
            "del",
            "della",
            "den",
            "der",
            "di",
            "do",
            "dos",
            "du",
            "e",
        ),
        *(
            "el",
            "et",
            "ibn",
            "la",
            "las",
            "le",
            "los",
            "och",
            "of",
            "ten",
            "ter",
            "the",
            "und",
            "van",
            "von",
            "y",
        ),
    )
)
_TITLES = re.compile(r"\b(?:dr|mr|mrs|ms|prof|st|jr|sr|ph\.d|[A-Z])\.", re.IGNORECASE)
OFTEN = 3
"""Times that something must open a caption before it is taken for a name though it does not look like one."""


class NameFinder:
    """Tells speakers' names from words that merely stand before a colon.

    One file has one style, and the style that most of its captions share is taken to be its own: voice tags
    (``<v Anna>``; then nothing else is a name), names alone on a line, or names before a colon.

    Parameters
    ----------
    captions : sequence of lists of str
        The lines of every caption of the file.
    known : mapping or iterable of str
        Names that are known to be speakers.

    Attributes
    ----------
    doubtful : Counter
        What stands before a colon at the beginning of a caption and is not taken for a name.
    """

    def __init__(self, captions: Sequence[list[str]], known: Mapping[str, str] | Iterable[str] = ()) -> None:
        self.known = frozenset(known)
        full = [[line for line in lines if line] for lines in captions]
        full = [lines for lines in full if lines]
        self.tagged = any("<v" in line.casefold() for lines in full for line in lines)
        self.alone = 2 * sum(_ALONE.fullmatch(lines[0]) is not None for lines in full) > len(full)
        opening = [found[0] for lines in full if (found := _prefix(lines[0])) is not None]
        self.always = 2 * len(opening) > len(full)
        self.opening = frozenset(opening)
        self.counts = Counter(opening)
        self.doubtful = Counter[str]()

    def split(self, line: str, first: bool) -> tuple[str | None, str]:
        """Return the speaker that a line names, or None, and the rest of the line.

        `first` says whether the line opens its caption.
        """
        if self.tagged:
            return None, line
        if self.alone:
            found = _ALONE.fullmatch(line)
            return (found["name"].strip(), "") if found else (None, line)
        parts = _prefix(line)
        if parts is None or (self.always and not first and parts[0] not in self.opening):
            return None, line
        if not self._is_name(parts[0]):
            if first:
                self.doubtful[parts[0]] += 1
            return None, line
        return parts

    def _is_name(self, name: str) -> bool:
        if name in self.known or (self.always and self.counts[name] >= OFTEN):
            return True
        bare = _TITLES.sub("", _ADDITION.sub("", name)).strip()
        words = bare.split()
        if len(words) > 6 or re.search(r"[.?!;\"“”]", bare) or not any(letter.isalpha() for letter in name):
            return False
        if all(_like_a_name(word) for word in words):
            return True
        return self.counts[name] >= OFTEN and len(words) <= 3


def _like_a_name(word: str) -> bool:
    first = next((letter for letter in word if letter.isalnum()), "")
    return not first.islower() or word.casefold() in _PARTICLES


def _prefix(line: str) -> tuple[str, str] | None:
    found = _PREFIX.fullmatch(line)
    if found is None:
        return None
    return tidy(found["boxed"] or found["bare"]), (found["text"] or "").strip()
