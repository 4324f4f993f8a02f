"""Counting words: a word is a token with a letter or digit, as in the logs that cosim is calibrated on."""

from __future__ import annotations

import re

_NO_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def count_words(text: str) -> int:
    """Return the number of tokens between spaces that hold a letter or digit (``mm-hmm`` is one)."""
    return sum(any(letter.isalnum() for letter in token) for token in text.split())


def without_spaces(text: str) -> bool:
    """Say whether most letters belong to a script that puts no spaces between words (Chinese, Thai, ...)."""
    letters = sum(letter.isalnum() for letter in text)
    return len(_NO_SPACES.findall(text)) > letters / 2
