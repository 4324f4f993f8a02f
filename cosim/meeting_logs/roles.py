"""From the roles that a log names to the four roles of the model."""

from __future__ import annotations

import re

from cosim.scenario.role_words import meant_role
from cosim.scenario.vocabulary import Role


def model_role(role: str) -> Role | None:
    """Return the role of the model that a log's role stands for, or None when it cannot be told.

    A project manager is none: in AMI meetings the title is a part in a role-play. For the rest, see
    `cosim.scenario.role_words`.

    Examples
    --------
    >>> model_role("PhD"), model_role("Public contributor"), model_role("Project Manager")
    ('researcher', 'patient', None)
    """
    words = frozenset(re.findall(r"[a-z]+", role.casefold()))
    return None if {"project", "manager"} <= words else meant_role(role)
