"""The field's words, in the order and with the codes that both engines use."""

from __future__ import annotations

from typing import Final, Literal

Role = Literal["researcher", "patient", "provider", "policymaker"]
KnowledgeKind = Literal["empirical", "experiential", "practice", "policy"]
PhaseName = Literal["governance", "priority_setting", "conducting", "knowledge_translation"]
Level = Literal["inform", "consult", "involve", "collaborate", "empower"]
Rule = Literal["mean_score", "approval", "rank_sum", "majority", "supermajority", "consensus", "lead_decides"]
Accountability = Literal["none", "comply_or_explain", "sign_off", "full_veto", "delegated"]
FloorRule = Literal["standing", "luce", "queue"]
UptakeRule = Literal["friedkin_johnsen", "bounded_confidence", "bayesian", "shared_attention"]
Task = Literal["values", "judgement", "agreement", "puzzle"]
Seating = Literal["rectangular", "round", "u_shape"]
GroupMix = Literal["mixed", "by_role", "random"]

ROLES: Final[tuple[Role, ...]] = ("researcher", "provider", "policymaker", "patient")
"""Canonical order of roles; members are always held in this order, lead first within a role."""
NO_VOTE: Final[tuple[Level, ...]] = ("inform", "consult", "involve")
"""Levels at which professionals decide and the public has no vote."""
KINDS: Final[tuple[KnowledgeKind, ...]] = ("empirical", "experiential", "practice", "policy")
PHASES: Final[tuple[PhaseName, ...]] = (
    "governance",
    "priority_setting",
    "conducting",
    "knowledge_translation",
)
LEVELS: Final[tuple[Level, ...]] = ("inform", "consult", "involve", "collaborate", "empower")
"""IAP2 level names; the order is the order of the public's part in the decision, not of merit."""
PUBLIC: Final[Role] = "patient"
"""The role whose members are the public contributors: patients, carers, citizens."""

TASKS: Final[tuple[Task, ...]] = ("values", "judgement", "agreement", "puzzle")
"""Kinds of task: a contested choice; evidence without proof; one text or score that all must carry; arguments
that show who is right."""
DEMONSTRABILITY: Final[dict[Task, float]] = {
    "values": 0.0,
    "judgement": 0.2,
    "agreement": 0.2,
    "puzzle": 0.75,
}
"""How far arguments show who is right in each kind of task.

Idea: Laughlin & Ellis 1986, recalled; sizes assumed, but that .75 met a published puzzle.
"""
ONE_ANSWER: Final[tuple[Task, ...]] = ("agreement", "puzzle")
"""Kinds of task out of which one text, score or fact must come."""
TASK_OF_PHASE: Final[dict[PhaseName, Task]] = {
    "governance": "values",
    "priority_setting": "values",
    "conducting": "judgement",
    "knowledge_translation": "agreement",
}
"""The task of each phase where nobody says otherwise."""
