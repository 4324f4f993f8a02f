"""Names that real logs give to the columns of a turn log."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from cosim.errors import ConfigError, nearest_name


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "meeting": _names(
        "meeting meeting_id meeting_name session session_id conversation conversation_id group_id call "
        "call_id recording transcript_id file filename"
    ),
    "turn": _names("turn turn_id turn_no turn_number index order sequence seq nr no number line row"),
    "speaker": _names(
        "speaker speaker_id speaker_name name participant participant_id participant_name person member "
        "user user_id user_name username who agent sender from"
    ),
    "role": _names("role speaker_role participant_role function stakeholder stakeholder_group"),
    "words": _names("words word_count words_count n_words num_words number_of_words wordcount tokens"),
    "text": _names("text utterance transcript content message speech sentence caption body"),
    "start_s": _names(
        "start_s start start_time starttime start_sec start_seconds begin begin_time onset from_s time "
        "timestamp start_timestamp"
    ),
    "end_s": _names(
        "end_s end end_time endtime end_sec end_seconds stop stop_time finish to_s end_timestamp"
    ),
    "speech_s": _names(
        "speech_s duration_s duration dur seconds speaking_time speaking_seconds talk_time length_s"
    ),
    "turns": _names("turns messages n_turns turn_count number_of_turns utterances n_messages"),
}
"""What each column means to cosim, and the names that logs give it (case, spaces and hyphens ignored)."""


def simple(name: str) -> str:
    """Return a column name without its accidents: ``"Start Time (s)"`` becomes ``start_time_s``."""
    return re.sub(r"[^\w]+", "_", name.strip().casefold()).strip("_")


def find_columns(
    header: Sequence[str], file: Path, line: int, named: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Return the position of each known column in a header.

    Parameters
    ----------
    header : sequence of str
    file, line
        For messages.
    named : mapping, optional
        Columns that the caller names: ``{"speaker": "Participant code"}``.

    Raises
    ------
    ConfigError
        When a column stands twice, two columns could be the same thing, or a named column is absent.
    """
    plain = [simple(name) for name in header]
    for place, name in enumerate(plain):
        if name and name in plain[:place]:
            told = "this column stands twice in the header"
            raise ConfigError(told, file=file, line=line, key=name, value=header[place])
    found = _named(header, plain, file, line, named or {})
    for meaning, aliases in ALIASES.items():
        if meaning in found:
            continue
        taken = list(found.values())
        places = [i for i, name in enumerate(plain) if i not in taken and _means(name, meaning, aliases)]
        exact = [i for i in places if plain[i] == meaning]
        if len(places) > 1 and not exact:
            both = " and ".join(repr(header[i]) for i in places)
            told = f"the columns {both} could each be the {meaning}; rename one, or say which"
            raise ConfigError(told, file=file, line=line, key=meaning)
        if places:
            found[meaning] = (exact or places)[0]
    return found


def _means(name: str, meaning: str, aliases: Sequence[str]) -> bool:
    return name in aliases or (meaning.endswith("_s") and name.removesuffix("_s") in aliases)


def _named(
    header: Sequence[str], plain: Sequence[str], file: Path, line: int, named: Mapping[str, str]
) -> dict[str, int]:
    found: dict[str, int] = {}
    for meaning, name in named.items():
        if meaning not in ALIASES:
            allowed, near = ", ".join(ALIASES), nearest_name(meaning, ALIASES)
            raise ConfigError(
                "not a column of a turn log", key="--column", value=meaning, allowed=allowed, nearest=near
            )
        if simple(name) not in plain:
            near = nearest_name(name, header)
            told = f"the file has no such column for the {meaning}"
            raise ConfigError(told, file=file, line=line, key="--column", value=name, nearest=near)
        found[meaning] = plain.index(simple(name))
    return found


def require_columns(found: Mapping[str, int], header: Sequence[str], file: Path, line: int) -> None:
    """Refuse a log that does not say who spoke and how much.

    Raises
    ------
    ConfigError
        Naming what is missing, what the file has, and the nearest name.
    """
    has = ", ".join(repr(name) for name in header)
    if "speaker" not in found:
        unknown = [name for place, name in enumerate(header) if place not in found.values()]
        near = _nearest_column(unknown, ALIASES["speaker"])
        told = f"there is no column that says who spoke; the file has {has}"
        allowed = ", ".join(ALIASES["speaker"])
        raise ConfigError(told, file=file, line=line, key="speaker", allowed=allowed, nearest=near)
    amounts = ("words", "text", "speech_s")
    if not any(name in found for name in amounts) and not ("start_s" in found and "end_s" in found):
        told = f"there is no column that says how much was said; the file has {has}"
        allowed = "words, text, duration, or both start_s and end_s (or names like them)"
        raise ConfigError(told, file=file, line=line, key="words", allowed=allowed)


def _nearest_column(header: Sequence[str], aliases: Sequence[str]) -> str | None:
    """Return the column that is most like one of several names, or None when none is near."""
    likeness = {}
    for name in header:
        near = nearest_name(simple(name), aliases)
        if near is not None:
            likeness[name] = SequenceMatcher(None, near, simple(name)).ratio()
    return max(likeness, key=likeness.__getitem__, default=None)
