"""The words that people read: names of members, options, kinds of knowledge, levels and phases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cosim.scenario.plan import Member
from cosim.scenario.vocabulary import KnowledgeKind, Level, PhaseName, Role, Rule

ROLE_WORDS: Final[dict[Role, str]] = {
    "researcher": "researcher",
    "provider": "provider",
    "policymaker": "policymaker",
    "patient": "public contributor",
}
KIND_WORDS: Final[dict[KnowledgeKind, str]] = {
    "empirical": "research evidence",
    "experiential": "lived experience",
    "practice": "care practice",
    "policy": "policy",
}
PHASE_WORDS: Final[dict[PhaseName, str]] = {
    "governance": "governance",
    "priority_setting": "priority setting",
    "conducting": "conducting research",
    "knowledge_translation": "knowledge translation",
}
LEVEL_WORDS: Final[dict[Level, str]] = {
    "inform": "inform: the public listens and has no vote",
    "consult": "consult: the public is asked beforehand and has no vote",
    "involve": "involve: the public takes part in the talk and has no vote",
    "collaborate": "collaborate: everybody talks and votes",
    "empower": "empower: the public alone votes, the others advise",
}
OUTCOME_WORDS: Final = {
    "influence_gini": "How unequal influence is (Gini: 0 is equal)",
    "voice_gini": "How unequal the talk is (Gini: 0 is equal)",
    "influence_parity_public": "Influence of a public contributor (1: an equal share)",
    "voice_parity_public": "Talk of a public contributor (1: an equal share)",
    "voice_influence_gap": "Talk of the public minus its influence, in equal shares",
    "agreement_after": "Agreement of public and professionals (1: full)",
    "decision_quality": "Quality of the decisions (0 to 1)",
    "override_rate": "Decisions that the lead overrode (0 to 1)",
    "turns": "Turns in the whole project",
    "minutes": "Minutes of everybody's meetings and preparation",
    "money": "Money",
}
"""What an outcome is called on a page."""
RULE_WORDS: Final[dict[Rule, str]] = {
    "mean_score": "highest mean score",
    "approval": "most approvals",
    "rank_sum": "lowest sum of ranks",
    "majority": "majority",
    "supermajority": "large majority",
    "consensus": "consensus",
    "lead_decides": "the lead decides",
}
OUTSIDE_WORDS: Final[dict[str, str]] = {
    "researcher": "the research field",
    "provider": "colleagues in care",
    "policymaker": "health authorities",
    "patient": "patients and public",
}
"""What the constituency of a role is called, when a scenario gives it no name of its own."""

_SINGULAR: Final = {
    "patients": ("Public contributor", "Public"),
    "public": ("Public contributor", "Public"),
    "researchers": ("Researcher", "Res"),
    "providers": ("Provider", "Prov"),
    "policymakers": ("Policymaker", "Policy"),
    "physicians": ("Physician", "Phys"),
    "managers": ("Manager", "Mgr"),
    "allied": ("Allied professional", "Allied"),
    "newcomers": ("Newcomer", "New"),
    "invited": ("Later contributor", "Later"),
}
_NUMBERS: Final = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


@dataclass(frozen=True, slots=True)
class Naming:
    """What a member is called: in sentences, and beside their seat."""

    name: str
    short: str


def namings(members: Sequence[Member]) -> list[Naming]:
    """Return what each member is called: "Provider 2", and "Prov 2" where there is little room."""
    groups = [member.group for member in members]
    own_patients = len({m.group for m in members if m.role == "patient" and not m.lead}) > 1
    found = []
    for member in members:
        word, short = _group_words(member.group, own_patients)
        number = member.name.removeprefix(member.group).lstrip("-")
        if groups.count(member.group) > 1:
            word, short = f"{word} {number}", f"{short} {number}"
        found.append(Naming(word, short))
    return found


def _group_words(group: str, several_publics: bool) -> tuple[str, str]:
    if group == "patients" and several_publics:
        return "Patient", "Patient"
    if group in _SINGULAR:
        return _SINGULAR[group]
    word = group.replace("_", " ").strip().capitalize()
    word = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    return word, word if len(word) <= 7 else word[:5]


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


def counted(number: int, one: str = "person", many: str = "people") -> str:
    """Return "three people", "one person", "nobody"."""
    if number == 0:
        return "nobody" if one == "person" else f"no {many}"
    word = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{word} {one if number == 1 else many}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return "A, B and C"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def sentence(words: str) -> str:
    """Return the words with a capital at the start and a full stop at the end."""
    told = words.strip()
    told = told[:1].upper() + told[1:]
    return told if told.endswith((".", "!", "?", ":")) else told + "."
