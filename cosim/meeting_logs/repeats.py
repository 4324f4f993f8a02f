"""Captions that repeat what was on the screen: rolling, growing and highlighted ones are counted once."""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

TOUCH: Final = 1.0
"""Seconds between two captions up to which the second may go on showing the first."""

CLEAR: Final = 3
"""Words that must be the same before a repetition counts as evidence that a file repeats."""

SHARE: Final = 0.2
"""Share of utterances that must repeat the one before, clearly, before repetitions are left out: people do
say things twice."""

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_LIKE: Final = 0.6


@dataclass
class _Shown:
    tokens: list[str]
    until: float | None
    caption: int


class Repeats:
    """Compares each utterance with the last one of the same speaker; keeps no other text."""

    def __init__(self) -> None:
        self._last: dict[Hashable, _Shown] = {}
        self._caption, self._line = 0, -1

    def of(self, who: Hashable, line: int, text: str, start: float | None, until: float | None) -> int:
        """Return how many words at the beginning of an utterance repeat what its speaker was shown to say.

        Only the caption just before is asked: what a person says again after somebody else was said.

        Parameters
        ----------
        who : hashable
            The meeting and the speaker.
        line : int
            Of the caption or row that holds the utterance.
        text : str
        start, until : float, optional
            From when to when it stood on the screen.
        """
        tokens = [token.casefold() for token in text.split() if any(letter.isalnum() for letter in token)]
        tokens = ["".join(_WORD.findall(token)) for token in tokens]
        self._caption += line != self._line
        self._line = line
        before = self._last.get(who)
        self._last[who] = _Shown(tokens, until, self._caption)
        if before is None or not tokens or not before.tokens or before.caption < self._caption - 1:
            return 0
        if start is not None and before.until is not None and start > before.until + TOUCH:
            return 0
        same = overlap(before.tokens, tokens)
        if same == len(tokens) < len(before.tokens):  # what is left on the screen does not shrink the rest
            self._last[who].tokens = before.tokens
        return same


def overlap(before: list[str], now: list[str]) -> int:
    """Return how many words at the beginning of `now` were already in `before`.

    The end of `before` may be the beginning of `now` (rolling), or `now` may lie within `before`, or both
    may begin alike for most of `before` (a caption that grows and is corrected).

    Examples
    --------
    >>> overlap("a b c d e f".split(), "d e f g".split()), overlap("a b c".split(), "a b c d".split())
    (3, 3)
    """
    for size in range(min(len(before), len(now)), 0, -1):
        if before[-size:] == now[:size]:
            if size >= CLEAR or size in (len(before), len(now)):
                return size
            break
    if len(now) <= len(before) and any(
        before[at : at + len(now)] == now for at in range(len(before) - len(now) + 1)
    ):
        return len(now)
    alike = next((at for at, (one, two) in enumerate(zip(before, now, strict=False)) if one != two), 0)
    return alike if alike >= CLEAR and alike >= _LIKE * len(before) and len(now) >= len(before) else 0
