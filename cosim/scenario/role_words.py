"""One table of what people call themselves, and which of the model's four roles that is.

It is used for hints in messages ("did you mean 'provider'?") and for reading the roles of real meeting logs.
The model has four roles because four kinds of standing are told apart in it; a title that fits none of them
(a charity's trustee, say) is placed by the part that such people usually take in a research team.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cosim.errors import ConfigError, nearest_name
from cosim.scenario.vocabulary import ROLES, Role


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORDS: Final[Mapping[Role, frozenset[str]]] = {
    "patient": _words(
        "patient public carer caregiver citizen lay layperson consumer survivor ppi ppie resident parent "
        "relative family peer advocate advocacy community charity volunteer client tenant youth"
    ),
    "researcher": _words(
        "researcher academic scientist investigator professor prof postdoc postdoctoral phd grad graduate "
        "undergrad undergraduate student fellow lecturer statistician biostatistician trialist methodologist "
        "epidemiologist economist analyst university pi"
    ),
    "provider": _words(
        "provider clinician physician doctor gp nurse midwife therapist physiotherapist pharmacist "
        "practitioner surgeon psychologist psychiatrist dietitian paramedic consultant professional "
        "caseworker radiographer optometrist dentist hospital clinic allied"
    ),
    "policymaker": _words(
        "policymaker policy commissioner funder manager administrator official regulator payer insurer "
        "sponsor government ministry minister council councillor civil"
    ),
}
"""Words in a title that make it one of the model's roles; the first that fits, in this order."""

PHRASES: Final[Mapping[str, Role]] = {
    "service user": "patient",
    "lived experience": "patient",
    "expert by experience": "patient",
    "patient advocate": "patient",
    "social worker": "provider",
    "care worker": "provider",
    "support worker": "provider",
    "general practitioner": "provider",
    "health professional": "provider",
    "decision maker": "policymaker",
    "civil servant": "policymaker",
    "chief investigator": "researcher",
    "clinical researcher": "researcher",
    "nurse researcher": "researcher",
}
"""Titles of several words, which are looked for before single words."""


def meant_role(title: str) -> Role | None:
    """Return the role of the model that a title stands for, or None when it cannot be told.

    Examples
    --------
    >>> meant_role("Clinician"), meant_role("service users"), meant_role("astronaut")
    ('provider', 'patient', None)
    """
    text = " ".join(_singular(word) for word in re.findall(r"[a-z]+", title.casefold()))
    for phrase, meant in PHRASES.items():
        if phrase in text:
            return meant
    words = frozenset(text.split())
    for role, known in WORDS.items():
        if words & known:
            return role
    return None


def nearest_role(title: str) -> Role | None:
    """Return the role that was meant by a title or by a slip of the pen; None when nothing is near."""
    meant = meant_role(title)
    if meant is not None:
        return meant
    spelt = nearest_name(title, [*ROLES, *(word for words in WORDS.values() for word in words)])
    return meant_role(spelt) if spelt is not None else None


def known_role(given: object) -> object:
    """Refuse a role that the model does not have, with the one that was meant.

    Raises
    ------
    ConfigError
        Naming the four roles; text alone is looked at.
    """
    if isinstance(given, str) and given not in ROLES:
        raise ConfigError(
            "not one of the known values", value=given, allowed=", ".join(ROLES), nearest=nearest_role(given)
        )
    return given


def _singular(word: str) -> str:
    for ending, instead in (("ies", "y"), ("ss", "ss"), ("s", "")):
        if word.endswith(ending) and len(word) > 2:
            return word.removesuffix(ending) + instead
    return word
