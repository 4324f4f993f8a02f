"""How hard an English text is to read, by the formula of Flesch and Kincaid."""

from __future__ import annotations

import re
from typing import Final

_SENTENCE: Final = re.compile(r"[.!?]+(?:\s|$)")
_WORD: Final = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_SILENT: Final = re.compile(r"(?:[^laeiouy]|[aeiouy]l)es?$|[^td]ed$")


def syllables(word: str) -> int:
    """Return the number of syllables of a word, by its letters.

    >>> [syllables(word) for word in ("cat", "people", "decision", "made", "wanted", "asked")]
    [1, 2, 3, 1, 2, 1]
    """
    text = word.lower().replace("'", "").replace("’", "")
    count = len(_VOWELS.findall(text))
    if count > 1 and _SILENT.search(text):
        count -= 1
    return max(1, count)


def grade(text: str) -> float:
    """Return the school year, US count, in which a text can be read: 6 is the year of those aged 11 to 12.

    Kincaid et al. (1975): 0.39 words per sentence + 11.8 syllables per word - 15.59. Numbers count as words
    of one syllable.

    Raises
    ------
    ValueError
        When there are no words in it.
    """
    words = _WORD.findall(text)
    numbers = re.findall(r"\d[\d,.]*", text)
    if not words:
        raise ValueError("there are no words in this text")
    sentences = max(1, len(_SENTENCE.findall(text)))
    count = len(words) + len(numbers)
    spoken = sum(map(syllables, words)) + len(numbers)
    return 0.39 * count / sentences + 11.8 * spoken / count - 15.59
