"""Names that real logs give to the columns of a turn log."""

from __future__ import annotations

import re
import unicodedata
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
        "call_id recording transcript_id file filename "
        "sitzung treffen besprechung séance réunion reunión sesión riunione vergadering"
    ),
    "turn": _names("turn turn_id turn_no turn_number index order sequence seq nr no number line row zeile"),
    "speaker": _names(
        "speaker speaker_id speaker_name speaker_label name participant participant_id participant_name "
        "person member user user_id user_name username who agent sender from author author_name display_name "
        "full_name talker spk spkr from_name nick nickname interlocutor "
        "sprecher sprecherin sprechende teilnehmer teilnehmerin teilnehmende redner rednerin person_in "
        "locuteur locutrice intervenant intervenante orateur oratrice nom participante "
        "hablante orador oradora nombre parlante oratore nome relatore spreker deelnemer naam falante "
        "talare namn taler navn mówca"
    ),
    "role": _names(
        "role speaker_role participant_role function stakeholder stakeholder_group "
        "rolle funktion rôle fonction rol papel función ruolo funzione"
    ),
    "words": _names(
        "words word_count words_count n_words num_words number_of_words wordcount tokens "
        "wörter woerter wortzahl anzahl_wörter mots nombre_de_mots palabras número_de_palabras woorden"
    ),
    "text": _names(
        "text utterance transcript content message speech sentence caption body transcription word token "
        "utterance_text message_text spoken_text transcript_text "
        "wortlaut äußerung aeusserung beitrag transkript transkription inhalt nachricht gesagtes "
        "texte énoncé contenu propos texto enunciado contenido mensaje transcripción transcrição mensagem "
        "testo enunciato trascrizione contenuto messaggio tekst uiting inhoud bericht"
    ),
    "start_s": _names(
        "start_s start start_time starttime start_sec start_seconds begin begin_time begintime onset from_s "
        "time timestamp start_timestamp onset_time time_start time_begin in tc_in timecode "
        "beginn anfang startzeit zeit zeitstempel uhrzeit début heure horodatage inicio início hora "
        "comienzo inizio ora aanvang tijd starttijd tid"
    ),
    "end_s": _names(
        "end_s end end_time endtime end_sec end_seconds stop stop_time finish to_s end_timestamp offset_time "
        "time_end time_stop out tc_out "
        "ende endzeit schluss fin final fim fine einde eind slut"
    ),
    "speech_s": _names(
        "speech_s duration_s duration dur seconds speaking_time speaking_seconds talk_time length_s "
        "dauer durée duración durata duur"
    ),
    "turns": _names("turns messages n_turns turn_count number_of_turns utterances n_messages"),
    "date": _names("date day_date datum fecha data dato"),
}
"""What each column means to cosim, and the names that logs give it (case, accents, spaces, hyphens and units
ignored)."""

WEAK: Final[Mapping[str, tuple[str, ...]]] = {
    "speaker": _names("tier tier_name speakers"),
    "text": _names("annotation value"),
    "start_s": _names("offset"),
    "end_s": _names("offset"),
}
"""Names that are asked only where none of `ALIASES` stands in the header. An `offset` is the end where there
is an onset or another start, else the start."""

UNITS: Final[Mapping[str, float]] = {
    "hh_mm_ss_ms": 1.0,
    "hh_mm_ss": 1.0,
    "hh_mm_ss_ff": 1.0,
    "ss_msec": 1.0,
    "msec": 0.001,
    "msecs": 0.001,
    "ms": 0.001,
    "millis": 0.001,
    "milliseconds": 0.001,
    "seconds": 1.0,
    "secs": 1.0,
    "sec": 1.0,
    "s": 1.0,
    "minutes": 60.0,
    "min": 60.0,
    "mins": 60.0,
}
"""Units that the name of a column may end with, and their seconds."""

_TIMES = ("start_s", "end_s", "speech_s")


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
    for names in (ALIASES, WEAK):
        for meaning, aliases in names.items():
            if meaning not in found and not (names is WEAK and aliases == ("offset",)):
                _find(found, header, plain, meaning, aliases, file, line)
    offset = "end_s" if "start_s" in found else "start_s"
    if offset not in found:
        _find(found, header, plain, offset, WEAK[offset], file, line)
    return found


def unit_of_column(name: str) -> float | None:
    """Return the seconds in the unit that a column's name ends with, or None where it names none.

    Examples
    --------
    >>> unit_of_column("Begin Time - msec"), unit_of_column("start (s)"), unit_of_column("start")
    (0.001, 1.0, None)
    """
    return UNITS.get(_stem(simple(name))[1])


def _find(
    found: dict[str, int],
    header: Sequence[str],
    plain: Sequence[str],
    meaning: str,
    aliases: Sequence[str],
    file: Path,
    line: int,
) -> None:
    """Take the column of a meaning into `found`, where there is one."""
    taken = found.values()
    places = [i for i, name in enumerate(plain) if i not in taken and _means(name, meaning, aliases)]
    exact = [i for i in places if plain[i] == meaning]
    if len(places) > 1 and not exact and not _one_time(plain, places, meaning):
        both = " and ".join(repr(header[i]) for i in places)
        told = f"the columns {both} could each be the {meaning}; rename one, or say which"
        allowed = f"--column {meaning}={header[places[0]]}"
        raise ConfigError(told, file=file, line=line, key=meaning, allowed=allowed)
    if places:
        found[meaning] = (exact or places)[0]


def _one_time(plain: Sequence[str], places: Sequence[int], meaning: str) -> bool:
    """Say whether columns are one time in several units, as some annotation software writes it."""
    return meaning in _TIMES and len({_stem(plain[place])[0] for place in places}) == 1


def _stem(name: str) -> tuple[str, str]:
    """Split a simple name into what it means and its unit."""
    for unit in UNITS:
        if name.endswith(f"_{unit}"):
            return name.removesuffix(f"_{unit}"), unit
    return name, ""


def _means(name: str, meaning: str, aliases: Sequence[str]) -> bool:
    known = (name, _plain(name)) if meaning not in _TIMES else (name, _plain(name), _plain(_stem(name)[0]))
    return any(one in aliases or one in {_plain(alias) for alias in aliases} for one in known)


def _plain(name: str) -> str:
    """Return a name without accents."""
    return "".join(x for x in unicodedata.normalize("NFKD", name) if not unicodedata.combining(x))


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
        allowed = f"{', '.join(ALIASES['speaker'][:24])}, ...; or --column speaker=NAME"
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
