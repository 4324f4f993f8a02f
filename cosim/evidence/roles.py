"""From the roles that a log names to the four roles of the model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cosim.scenario.vocabulary import Role


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


WORDS: Final[Mapping[Role, frozenset[str]]] = {
    "patient": _words(
        "patient patients public carer carers caregiver citizen lay consumer survivor ppi ppie resident "
        "parent"
    ),
    "researcher": _words(
        "researcher academic scientist investigator professor prof postdoc postdoctoral phd grad graduate "
        "undergrad undergraduate student fellow lecturer statistician trialist methodologist pi"
    ),
    "provider": _words(
        "provider clinician physician doctor gp nurse midwife therapist physiotherapist pharmacist "
        "practitioner surgeon psychologist dietitian paramedic allied"
    ),
    "policymaker": _words(
        "policymaker policy commissioner funder manager administrator official regulator payer"
    ),
}
"""Words in a role's name that make it one of the model's roles; the first that fits, in this order."""

_PHRASES: Final[Mapping[str, Role]] = {
    "service user": "patient",
    "lived experience": "patient",
    "expert by experience": "patient",
    "social worker": "provider",
    "decision maker": "policymaker",
    "chief investigator": "researcher",
}


def model_role(role: str) -> Role | None:
    """Return the role of the model that a log's role stands for, or None when it cannot be told.

    A project manager is none: in AMI meetings the title is a part in a role-play.

    Examples
    --------
    >>> model_role("PhD"), model_role("Public contributor"), model_role("Project Manager")
    ('researcher', 'patient', None)
    """
    text = " ".join(re.findall(r"[a-z]+", role.casefold()))
    for phrase, meant in _PHRASES.items():
        if phrase in text:
            return meant
    words = frozenset(text.split())
    if "project" in words and "manager" in words:
        return None
    for meant, known in WORDS.items():
        if words & known:
            return meant
    return None
