"""What things are called for people: roles, kinds of knowledge, phases, levels, options.

Outcomes, parameters, interventions and scenarios have their titles in their own records.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ROLE_TITLES: Final[Mapping[str, str]] = {
    "researcher": "Researchers (with the lead)",
    "provider": "Providers",
    "policymaker": "Policymakers",
    "public": "Public contributors",
}
"""Roles as heads of columns, in the order in which they are shown."""
ROLE_WORDS: Final[Mapping[str, str]] = {
    "researcher": "researcher",
    "provider": "provider",
    "policymaker": "policymaker",
    "patient": "public contributor",
}
KIND_WORDS: Final[Mapping[str, str]] = {
    "empirical": "research evidence",
    "experiential": "lived experience",
    "practice": "care practice",
    "policy": "policy",
}
PHASE_WORDS: Final[Mapping[str, str]] = {
    "governance": "governance",
    "priority_setting": "priority setting",
    "conducting": "conducting research",
    "knowledge_translation": "knowledge translation",
}
LEVEL_WORDS: Final[Mapping[str, str]] = {
    "inform": "inform: the public listens and has no vote",
    "consult": "consult: the public is asked beforehand and has no vote",
    "involve": "involve: the public takes part in the talk and has no vote",
    "collaborate": "collaborate: everybody talks and votes",
    "empower": "empower: the public alone votes, the others advise",
}
OUTCOME_WORDS: Final[Mapping[str, str]] = {
    "influence_gini": "How unequal influence is (Gini: 0 is equal)",
    "voice_gini": "How unequal the talk is (Gini: 0 is equal)",
    "influence_parity_public": "Influence of a public contributor (1: an equal share)",
    "voice_parity_public": "Talk of a public contributor (1: an equal share)",
    "influence_lead": "Influence of the lead (1: an equal share)",
    "voice_influence_gap": "Talk of the public minus its influence, in equal shares",
    "agreement_after": "Agreement of public and professionals (1: full)",
    "first_choice_changed": "Members who end with another first choice (0 to 1)",
    "attendance_public": "Meetings that a public contributor comes to (1: all)",
    "decision_quality": "Quality of the decisions (0 to 1)",
    "value_in_use": "What the decisions are worth in use (0 to 1)",
    "override_rate": "Decisions that the lead overrode (0 to 1)",
    "turns": "Turns in the whole project",
    "minutes": "Minutes of everybody's meetings and preparation",
    "money": "Money",
}
"""What an outcome is called in the demo, for people who have met none of them before."""
OUTSIDE_WORDS: Final[Mapping[str, str]] = {
    "researcher": "the research field",
    "provider": "colleagues in care",
    "policymaker": "health authorities",
    "patient": "patients and public",
}
"""What the constituency of a role is called, when a scenario gives it no name of its own."""


def option_letter(option: int) -> str:
    """Return A, B, ... Z, AA, AB, ... for 0, 1, ..."""
    letters = ""
    number = option + 1
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def option_name(option: int) -> str:
    """Return "option C" for 2."""
    return f"option {option_letter(option)}"


def outside_name(constituency: str) -> str:
    """Return what the people outside the room are called."""
    return OUTSIDE_WORDS.get(constituency, constituency)
