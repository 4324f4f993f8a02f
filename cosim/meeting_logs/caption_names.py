"""Who speaks in a caption: ``Anna Smith: text``, ``[Anna Smith]: text``, ``(Anna Smith)`` on its own line."""

from __future__ import annotations

import re
import shlex
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cosim.meeting_logs.labels import is_sound, is_structure
from cosim.meeting_logs.nobody import is_nobody
from cosim.meeting_logs.utterances import tidy

_PREFIX = re.compile(
    r"(?P<mark>>>\s*|[-–—]\s*)?"  # broadcast captions and dialogue dashes
    r"(?:\[(?P<boxed>[^\[\]]{1,60})\]|(?P<bare>[^\s:：\[\]<>][^:：\[\]<>]{0,59}?))"
    r"\s*[:：](?:\s+(?P<text>.*)|$)"
)
_BOXED = re.compile(r"(?:>>\s*|[-–—]\s*)?\[(?P<name>[^\[\]:]{1,60})\](?:\s+(?P<text>.*))?")
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
TWICE = 2
"""Times that a name must stand inside captions if it never opens one and is unlike the file's others."""

_MOST_NAMES = 300
_PHONE = re.compile(r"\+?\d[\d\s()\-]{6,}")


@dataclass(frozen=True)
class Prefix:
    """What stands at the beginning of a line and may name who speaks."""

    name: str
    text: str
    marked: bool  # by a dash, arrows or brackets, which words of a text seldom are


class NameFinder:
    """Tells speakers' names from words that merely stand before a colon.

    One file has one style, and the style that most of its captions share is taken to be its own: voice tags
    (``<v Anna>``), names in captions' ids, names alone on a line, names before a colon, or names in brackets.
    Inside a caption a name counts that also opens one, or that looks like the file's other names, or stands
    there again and again. Words that structure a text (``Question:``) are no names.

    Parameters
    ----------
    captions : sequence of lists of str
        The lines of every caption of the file.
    known : mapping or iterable of str
        Names that are known to be speakers.
    tagged : sequence of str
        Names that voice tags or ids hold; then nothing else is a name but these.

    Attributes
    ----------
    doubtful : Counter
        What stands before a colon at the beginning of a line and is not taken for a name.
    """

    def __init__(
        self,
        captions: Sequence[list[str]],
        known: Mapping[str, str] | Iterable[str] = (),
        tagged: Sequence[str] = (),
    ) -> None:
        self.known = frozenset(known)
        self.tagged = frozenset(tidy(name) for name in tagged)
        full = [[line for line in lines if line] for lines in captions]
        full = [lines for lines in full if lines]
        self.headed = are_headed(full)
        self.alone = 2 * sum(_ALONE.fullmatch(lines[0]) is not None for lines in full) > len(full)
        opening = [found for lines in full if (found := _prefix(lines[0])) is not None]
        boxed = [found.name for lines in full if (found := _boxed(lines[0])) is not None]
        self.boxed = len(boxed) > len(opening) and len(set(boxed)) < len(boxed)
        self.always = 2 * len(opening) > len(full)
        self.counts = Counter(found.name for found in opening)
        self.inside = Counter(
            found.name for lines in full for line in lines[1:] if (found := _prefix(line)) is not None
        )
        self.doubtful = Counter[str]()
        own = {name for name in self.counts if self._is_name(name)}
        self.shapes = frozenset(_shape(name) for name in own)
        self.within = _within(self.tagged or own | (self.known & set(self.inside)))

    def split(self, line: str, first: bool) -> Iterator[tuple[str | None, str]]:
        """Yield the speaker that each part of a line names, or None, and the rest of that part.

        `first` says whether the line opens its caption.
        """
        at = 0
        for found in self.within.finditer(line) if self.within is not None else ():
            yield self._one(line[at : found.start()].strip(), first and at == 0)
            at = found.start("name")
        yield self._one(line[at:].strip(), first or at > 0)

    def told(self) -> str:
        """Say what might be names, the most frequent first; nothing where there is nothing."""
        found = self.doubtful.most_common(6)
        if not found:
            return ""
        shown = ", ".join(repr(name) for name, _ in found[:5]) + (" ..." if len(found) > 5 else "")
        option = shlex.quote(f"{found[0][0]}=ROLE")
        return f" (not taken for names: {shown}; if one is a speaker: --role {option})"

    def _one(self, line: str, first: bool) -> tuple[str | None, str]:
        if self.headed and not self.tagged:
            return (tidy(line), "") if first else (None, line)
        if self.alone and not self.tagged:
            found = _ALONE.fullmatch(line)
            return (found["name"].strip(), "") if found else (None, line)
        if self.boxed and (label := _boxed(line)) is not None:
            return label.name, label.text
        parts = _prefix(line)
        if parts is None:
            return ("", line[2:].strip()) if line.startswith(">>") else (None, line)
        if self.tagged:
            return (parts.name, parts.text) if parts.name in self.tagged else (None, line)
        if not first and self.always and not self._fits(parts):
            if self._is_name(parts.name) and not is_structure(parts.name):
                self.doubtful[parts.name] += 1
            return None, line
        if not self._is_name(parts.name):
            if first:
                self.doubtful[parts.name] += 1
            return None, line
        return parts.name, parts.text

    def _fits(self, parts: Prefix) -> bool:
        """Say whether a name inside a caption is one of the file's own, or like these."""
        name = parts.name
        if name in self.counts or name in self.known or parts.marked:
            return True
        shape = _shape(name)
        distinct = any(letter.isdigit() for letter in name) or (name.isupper() and len(name) > 1)
        return (distinct and shape in self.shapes) or self.inside[name] >= TWICE

    def _is_name(self, name: str) -> bool:
        if name in self.known:
            return True
        if is_structure(name):
            return False
        if is_nobody(name):
            return True  # it says that nobody is known, which is no part of the text
        if self.always and self.counts[name] >= OFTEN:
            return True
        return looks_like_name(name, self.counts[name])


def looks_like_name(name: str, count: int) -> bool:
    """Say whether words that stand where a name would are like one, if they stand there `count` times."""
    if count >= TWICE and _PHONE.fullmatch(name):
        return True
    bare = _TITLES.sub("", _ADDITION.sub("", name)).strip()
    words = bare.split()
    if len(words) > 6 or re.search(r"[.?!;\"“”]", bare) or not any(letter.isalpha() for letter in name):
        return False
    if all(_like_a_name(word) for word in words):
        return True
    return count >= OFTEN and len(words) <= 3


def are_headed(full: Sequence[Sequence[str]]) -> bool:
    """Say whether every caption begins with a line that holds a name and nothing else."""
    first = Counter(tidy(lines[0]) for lines in full)
    named = all(looks_like_name(name, count) and _prefix(name) is None for name, count in first.items())
    longer = all(len(lines) > 1 for lines in full)
    return longer and named and 1 < len(first) <= len(full) / 2 and not any("<" in name for name in first)


def _like_a_name(word: str) -> bool:
    first = next((letter for letter in word if letter.isalnum()), "")
    return not first.islower() or word.casefold() in _PARTICLES


def _shape(name: str) -> str:
    """Return the pattern of a name: ``P3`` and ``P12`` are both ``A9``, ``Ann Lee`` is ``Aa Aa``."""
    kinds = ("9" if x.isdigit() else "A" if x.isupper() else "a" if x.isalpha() else x for x in name)
    return re.sub(r"(.)\1+", r"\1", "".join(kinds))


def _prefix(line: str) -> Prefix | None:
    found = _PREFIX.fullmatch(line)
    if found is None:
        return None
    marked = found["mark"] is not None or found["boxed"] is not None
    return Prefix(tidy(found["boxed"] or found["bare"]), (found["text"] or "").strip(), marked)


def _boxed(line: str) -> Prefix | None:
    """Return the name of ``- [Ann] text``; sounds and remarks in brackets are none."""
    found = _BOXED.fullmatch(line)
    if found is None or is_sound(found["name"]) or is_structure(found["name"]):
        return None
    if not all(_like_a_name(word) for word in found["name"].split()):
        return None
    return Prefix(tidy(found["name"]), (found["text"] or "").strip(), True)


def _within(names: Collection[str]) -> re.Pattern[str] | None:
    """Return what finds the names of a file inside a line, where a sentence has ended or a mark stands."""
    if not names or len(names) > _MOST_NAMES:
        return None
    either = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    mark = r"(?:(?<=[.?!…\"”'’)\]])\s+(?:>>\s*|[-–—]\s*)?|\s*>>\s*|\s+[-–—]\s*)"
    return re.compile(rf"{mark}(?P<name>(?:\[(?:{either})\]|(?:{either}))\s*[:：]\s)")
