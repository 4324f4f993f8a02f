"""Whose name says that nobody is known to have spoken, in every format of log."""

from __future__ import annotations

import re
from typing import Final

EMPTY: Final = frozenset(
    ("", "na", "n/a", "<na>", "nan", "nat", "null", "none", "nil", "-", "--", "---", "–", "—")
)
"""What stands in a cell that holds nothing."""

_UNKNOWN = (
    "unknown unidentified undefined unnamed unassigned unlabeled unlabelled anonymous_speaker "
    "unbekannt inconnu inconnue desconocido desconocida desconhecido desconhecida sconosciuto onbekend "
    "okänd ukjent ukendt nieznany неизвестно 未知 不明"
)
_SPEAKER = (
    "speaker speakers person participant voice talker user attendee caller sprecher sprecherin "
    "locuteur intervenant hablante orador parlante spreker talare taler"
)
_BARE = "speaker speakers voice sprecher sprecherin locuteur hablante spreker talare"
_SEVERAL = (
    "multiple_speakers several_speakers multiple all_speakers everyone everybody all_together crosstalk "
    "multiple_voices overlapping_speakers no_speaker not_identified not_known speaker_not_identified alle "
    "no_name kein_sprecher all"
)
_NOBODY: Final = frozenset(
    (
        *_UNKNOWN.split(),
        *_BARE.split(),
        *_SEVERAL.split(),
        *(f"{unknown}_{speaker}" for unknown in _UNKNOWN.split() for speaker in _SPEAKER.split()),
        *(f"{speaker}_{unknown}" for unknown in _UNKNOWN.split() for speaker in _SPEAKER.split()),
    )
)


def is_nobody(name: str) -> bool:
    """Say whether a speaker's name says that it is not known who, or that it was no one person.

    A number makes a person of it: ``Unknown Speaker 2`` is one, ``Unknown Speaker`` is not.

    Examples
    --------
    >>> is_nobody("nan"), is_nobody("[Unknown Speaker]"), is_nobody("Speaker 1")
    (True, True, False)
    """
    plain = " ".join(name.split()).casefold()
    if plain in EMPTY or not any(letter.isalnum() for letter in plain):
        return not any(_is_symbol(letter) for letter in plain)
    return re.sub(r"[^\w]+", "_", plain).strip("_") in _NOBODY


def _is_symbol(letter: str) -> bool:
    """Say whether a character could stand for a person although it is no letter, as an emoji could."""
    return not letter.isspace() and letter.isprintable() and ord(letter) > 0x2BFF
