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
UptakeRule = Literal["friedkin_johnsen", "bounded_confidence", "bayesian"]
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
