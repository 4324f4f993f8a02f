"""The formula of Flesch and Kincaid, on texts whose grade is known by hand."""

from __future__ import annotations

import pytest

from cosim.formatting.readability import grade, syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("cat", 1),
        ("table", 2),
        ("time", 1),
        ("public", 2),
        ("decides", 2),
        ("people's", 2),
    ],
)
def test_syllables(word, count):
    assert syllables(word) == count


def test_the_formula():
    # six words of one syllable in one sentence
    assert grade("The cat sat on the mat.") == pytest.approx(0.39 * 6 + 11.8 - 15.59)
    # two sentences of three words
    assert grade("The cat sat. It ran off.") == pytest.approx(0.39 * 3 + 11.8 - 15.59)
    assert grade("The 12 cats sat.") == grade("The two cats sat.")


def test_longer_words_and_sentences_are_harder():
    easy = "We meet and talk. Then we decide."
    hard = "Deliberation institutionalises participatory epistemologies, notwithstanding regulations."
    assert grade(easy) < 4
    assert grade(hard) > 16


def test_a_text_without_words_has_no_grade():
    with pytest.raises(ValueError, match="no words"):
        grade("12, 13.")
