"""TextGrids of Praat, long and short: interval tiers of speakers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from cosim.meeting_logs.tiers import Tier, add_tiers
from cosim.meeting_logs.utterances import Rows

_TOKEN = re.compile(
    r'"((?:[^"]|"")*)"|(?<![\w\]])(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w\]])|<(exists|absent)>'
)
MARK: Final = "ooTextFile"
"""What stands in the first line of such a file."""


def is_textgrid(lines: Iterable[str]) -> bool:
    """Say whether lines are a TextGrid."""
    heads = [line for line in lines if line.strip()][:3]
    return any(MARK in line for line in heads) and any("TextGrid" in line for line in heads)


def add_textgrid(lines: Iterable[str], rows: Rows) -> None:
    """Read a TextGrid into `rows`; a tier is a speaker. Empty intervals are silence.

    Raises
    ------
    ConfigError
        With the line, when the file ends too early, or holds no number or text where one must stand.
    """
    tokens = _Tokens(lines, rows)
    tokens.skip_to("TextGrid")
    tokens.number(), tokens.number()
    tokens.word()
    tiers = []
    for _ in range(int(tokens.number())):
        kind, name = tokens.text(), tokens.text()
        tier = Tier(name, "")
        tokens.number(), tokens.number()
        for _ in range(int(tokens.number())):
            start = tokens.number()
            if kind == "IntervalTier":
                end = tokens.number()
                line, text = tokens.line, tokens.text()
                if text.strip():
                    tier.said.append((line, start, end, text))
            else:
                tokens.text()
        if kind == "IntervalTier":
            tiers.append(tier)
    if not any(tier.said for tier in tiers):
        raise rows.error("no interval tier holds text", tokens.line)
    add_tiers(tiers, rows)


class _Tokens:
    """The numbers and texts of the file, which are all that counts, with their lines."""

    def __init__(self, lines: Iterable[str], rows: Rows) -> None:
        self.rows, self.line = rows, 1
        self._found = self._tokens(lines)

    def _tokens(self, lines: Iterable[str]) -> Iterator[tuple[str | None, str | None, str | None]]:
        held, first = "", 1
        for number, line in enumerate(lines, start=1):
            held, first = (held + line, first) if held else (line, number)
            if held.count('"') % 2:
                continue  # a text that goes over several lines
            for found in _TOKEN.finditer(held):
                self.line = first
                text, value, flag = found.groups()
                yield (None if text is None else text.replace('""', '"')), value, flag
            held = ""

    def skip_to(self, text: str) -> None:
        for found, _, _ in self._found:
            if found == text:
                return
        raise self.rows.error("the file holds no TextGrid", 1)

    def number(self) -> float:
        _, value, _ = self._next("a number")
        if value is None:
            raise self.rows.error("a number must stand here", self.line)
        return float(value)

    def text(self) -> str:
        text, value, _ = self._next("a text")
        if text is None:
            raise self.rows.error("a text in quotation marks must stand here", self.line, value=value)
        return text

    def word(self) -> None:
        self._next("<exists>")

    def _next(self, what: str) -> tuple[str | None, str | None, str | None]:
        found = next(self._found, None)
        if found is None:
            raise self.rows.error(f"the file ends where {what} should stand", self.line)
        return found
