"""Words before a colon that structure a text and are no persons, and sounds in brackets."""

from __future__ import annotations

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(word.replace("_", " ") for word in text.split())


STRUCTURE: Final = _words(
    "question questions answer answers note notes nb n.b. remark comment comments decision decisions action "
    "actions action_item action_items agenda agenda_item item items topic topics summary title subject date "
    "time place location duration chapter section part point points conclusion conclusions background "
    "example for_example issue issues problem problems result results next_step next_steps step steps todo "
    "to_do task tasks warning important reminder update present attendees participants apologies absent "
    "minutes recording transcript transcription translation transcriber translator source link url http "
    "https email e-mail phone tel fax ps p.s. re objective objectives aim aims goal goals vote resolved "
    "motion proposal outcome outcomes first firstly second secondly third thirdly finally also however so "
    "and but then well okay ok "
    "frage fragen antwort antworten hinweis notiz notizen anmerkung beschluss beschlüsse thema themen "
    "zusammenfassung aufgabe aufgaben ergebnis datum ort punkt beispiel zum_beispiel erstens zweitens "
    "réponse réponses remarque sujet résumé décision décisions ordre_du_jour exemple "
    "pregunta preguntas respuesta respuestas nota notas tema temas resumen decisión ejemplo fecha "
    "domanda risposta decisione riassunto vraag antwoord opmerking besluit"
)
"""Labels that are taken for a person only where a role says so, casefolded."""

_SOUND = re.compile(
    r"laugh(?:s|ing|ter)?|giggl(?:es?|ing)|chuckl(?:es?|ing)|applau(?:se|ds?|ding)|clap(?:s|ping)?|music|"
    r"inaudible|unintelligible|indistinct|cross[- ]?talk|silence|pauses?|noises?|cough(?:s|ing)?|"
    r"sigh(?:s|ing)?|sneez(?:es?|ing)|breath(?:es?|ing)|foreign(?: language)?|over(?:lap|talk)\w*|"
    r"(?:background|speak(?:s|ing)|blank|phone|door|end|start|begin|recording|sound|audio|video|no audio)"
    r"(?: .*)?|beeps?|break|redacted|bleeps?|cheer(?:s|ing)|typing|knock(?:s|ing)?|sniff(?:s|ing)?|"
    r"lach(?:t|en)|gelächter|applaus|musik|unverständlich|stille|rires?|musique|risas?|aplausos?|música|"
    r"risate|applausi|[\d:.,\s]+|.* by .*|(?:.* )?in (?:french|german|spanish|welsh|english|italian|dutch)",
    re.IGNORECASE,
)


def is_structure(name: str) -> bool:
    """Say whether what stands before a colon structures the text and names no person.

    Examples
    --------
    >>> is_structure("Question"), is_structure("Question 3"), is_structure("Q")
    (True, True, False)
    """
    plain = " ".join(name.split()).casefold().strip("*#_ ")
    return re.sub(r"\s*(?:no\.?|nr\.?|#)?\s*\d+\.?$", "", plain) in STRUCTURE


def is_sound(text: str) -> bool:
    """Say whether a text in brackets is a sound or a remark of the transcriber: ``laughs``, ``inaudible``."""
    return _SOUND.fullmatch(" ".join(text.split())) is not None
