"""One table of what people call themselves, and which of the model's four roles that is.

It is used for the groups of a scenario (``role: carer``), for `cosim new --roles`, for hints in messages
("did you mean 'provider'?") and for reading the roles of real meeting logs.
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
        "relative family peer advocate advocacy community charity volunteer client tenant youth trustee "
        "mother father spouse neighbour neighbor pensioner"
    ),
    "researcher": _words(
        "researcher academic scientist investigator professor prof postdoc postdoctoral phd grad graduate "
        "undergrad undergraduate student fellow lecturer statistician biostatistician trialist methodologist "
        "epidemiologist economist analyst university pi ethicist sociologist anthropologist librarian"
    ),
    "provider": _words(
        "provider clinician physician doctor gp nurse midwife therapist physiotherapist pharmacist "
        "practitioner surgeon psychologist psychiatrist dietitian paramedic consultant professional "
        "caseworker radiographer optometrist dentist hospital clinic allied dietician nutritionist "
        "counsellor counselor paediatrician pediatrician geriatrician oncologist cardiologist neurologist "
        "diabetologist endocrinologist nephrologist rheumatologist gynaecologist gynecologist obstetrician "
        "anaesthetist anesthetist radiologist pathologist podiatrist audiologist hcp"
    ),
    "policymaker": _words(
        "policymaker policy commissioner funder manager administrator official regulator payer insurer "
        "sponsor government ministry minister council councillor councilor civil legislator politician "
        "funding"
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
    "lead researcher": "researcher",
    "principal investigator": "researcher",
    "clinical academic": "researcher",
    "public health researcher": "researcher",
    "research assistant": "researcher",
    "research associate": "researcher",
    "research manager": "researcher",
    "research officer": "researcher",
    "trial manager": "researcher",
    "study manager": "researcher",
    "trial coordinator": "researcher",
    "study coordinator": "researcher",
    "data manager": "researcher",
    "health care assistant": "provider",
    "healthcare assistant": "provider",
    "health visitor": "provider",
    "care provider": "provider",
    "speech therapist": "provider",
    "community nurse": "provider",
    "community pharmacist": "provider",
    "family doctor": "provider",
    "family physician": "provider",
    "peer support worker": "patient",
    "patient representative": "patient",
    "member of the public": "patient",
    "policy maker": "policymaker",
    "policy lead": "policymaker",
    "public health official": "policymaker",
    "funding officer": "policymaker",
}
"""Titles of several words, which are looked for before single words; the longest that fits."""

LEADS: Final = _words("lead leader principal chief pi")
"""Words in a researcher's title that make them the accountable lead of the team."""

NOT_LEADS: Final = _words("deputy vice assistant associate former")
"""Words in such a title that say that somebody else is."""


def meant_role(title: str) -> Role | None:
    """Return the role of the model that a title stands for, or None when it cannot be told.

    Examples
    --------
    >>> meant_role("Clinician"), meant_role("service users"), meant_role("astronaut")
    ('provider', 'patient', None)
    """
    text = _plain_words(title)
    meant = _phrase_in(text)
    if meant is not None:
        return meant
    words = frozenset(text.split())
    for role, known in WORDS.items():
        if words & known:
            return role
    return None


def stated_role(title: str) -> Role | None:
    """Return the role of the model that a title states, where no word of it speaks for another one.

    A log's title is guessed at (`meant_role`); a scenario's has to be plain, for it is what is computed.

    Examples
    --------
    >>> stated_role("service users"), stated_role("GP"), stated_role("patient safety manager")
    ('patient', 'provider', None)
    """
    if title in ROLES:
        return title
    text = _plain_words(title)
    phrase = _phrase_in(text)
    if phrase is not None:
        return phrase
    words = frozenset(text.split())
    found = [role for role, known in WORDS.items() if words & known]
    return found[0] if len(found) == 1 else None


def is_lead(title: str) -> bool:
    """Return whether a title is that of the accountable lead: a principal investigator, a lead researcher.

    Examples
    --------
    >>> is_lead("lead researcher"), is_lead("PI"), is_lead("researcher"), is_lead("lead nurse")
    (True, True, False, False)
    """
    return stated_role(title) == "researcher" and is_called_lead(title)


def is_called_lead(title: str) -> bool:
    """Return whether a title of any role says that somebody leads; only a researcher's makes them the lead.

    Examples
    --------
    >>> is_called_lead("lead nurse"), is_called_lead("deputy lead researcher")
    (True, False)
    """
    words = frozenset(_plain_words(title).split())
    return bool(LEADS & words) and not NOT_LEADS & words


def nearest_role(title: str) -> Role | None:
    """Return the role that was meant by a title or by a slip of the pen; None when nothing is near."""
    meant = meant_role(title)
    if meant is not None:
        return meant
    spelt = nearest_name(title, [*ROLES, *(word for words in WORDS.values() for word in words)])
    return meant_role(spelt) if spelt is not None else None


def group_role(given: object) -> object:
    """Return the role of a group: one of the four words, or what a title states.

    Raises
    ------
    ConfigError
        For a title that states none, naming the four roles; text alone is looked at.
    """
    stated = stated_role(given) if isinstance(given, str) else None
    return known_role(given) if stated is None else stated


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


def _plain_words(title: str) -> str:
    return " ".join(_singular(word) for word in re.findall(r"[^\W\d_]+", title.casefold()))


def _phrase_in(text: str) -> Role | None:
    fitting = [phrase for phrase in PHRASES if re.search(rf"\b{phrase}\b", text)]
    return PHRASES[max(fitting, key=len)] if fitting else None


def _singular(word: str) -> str:
    for ending, instead in (("ies", "y"), ("ss", "ss"), ("s", "")):
        if word.endswith(ending) and len(word) > 2:
            return word.removesuffix(ending) + instead
    return word
