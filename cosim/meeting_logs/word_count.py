"""Counting words: a word is a token with a letter or digit, as in the logs that cosim is calibrated on."""

from __future__ import annotations

import re
from typing import Final

LETTERS_PER_WORD: Final = 1.5
"""Of scripts that put no spaces between words: Chinese text has about one and a half characters to a word."""

_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def count_words(text: str) -> int:
    """Return the number of tokens between spaces that hold a letter or digit (``mm-hmm`` is one)."""
    return sum(any(letter.isalnum() for letter in token) for token in text.split())


def without_spaces(text: str) -> bool:
    """Say whether most letters belong to a script that puts no spaces between words (Chinese, Thai, ...)."""
    letters = sum(letter.isalnum() for letter in text)
    return len(_NO_SPACES.findall(text)) > letters / 2


def count_letters(text: str) -> int:
    """Return the number of letters and digits."""
    return sum(letter.isalnum() for letter in text)
