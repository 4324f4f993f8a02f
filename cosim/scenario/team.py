"""Who is on the team: groups of members of one role, with attributes and their spread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, SerializerFunctionWrapHandler, model_serializer

from cosim.config.error_messages import meant_alone
from cosim.config.parameter import Parameter, Status
from cosim.formatting.words import plain_name
from cosim.scenario.role_words import group_role
from cosim.scenario.section import Record
from cosim.scenario.vocabulary import KINDS, PhaseName, Role


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a member: its default for each role, and what is known about it."""

    name: str
    by_role: dict[Role, float]
    sentence: str
    unit: str = "0-1"
    half_range: float = 0.15
    status: Status = "assumption"
    source: str = "assumed"

    def parameter(self, role: Role) -> Parameter:
        """Return the parameter record of this attribute for members of `role`."""
        default = self.by_role[role]
        low, high = max(0.0, default - self.half_range), min(1.0, default + self.half_range)
        return Parameter(
            key=f"roles.{role}.{self.name}",
            default=default,
            allowed=(0.0, 1.0),
            plausible=(low, high),
            unit=self.unit,
            kind="attribute",
            status=self.status,
            source=self.source,
            sentence=self.sentence,
        )


def _by_role(researcher: float, provider: float, policymaker: float, patient: float) -> dict[Role, float]:
    return {"researcher": researcher, "provider": provider, "policymaker": policymaker, "patient": patient}


ATTRIBUTES: Final[tuple[Attribute, ...]] = (
    Attribute(
        "prestige",
        _by_role(0.75, 0.65, 0.7, 0.25),
        "Diffuse status that title and profession carry into the room.",
        source="order: health professions' status hierarchies; size assumed",
    ),
    Attribute(
        "confidence",
        _by_role(0.62, 0.62, 0.62, 0.62),
        "Readiness to claim the floor and say what one thinks; alike in all roles, status being standing's.",
    ),
    Attribute("openness", _by_role(0.5, 0.5, 0.5, 0.5), "Susceptibility to others (1 - stubbornness)."),
    Attribute(
        "mandate", _by_role(0.1, 0.2, 0.4, 0.2), "Clarity of, and access to, the constituency one speaks for."
    ),
    Attribute(
        "loyalty",
        _by_role(0.0, 0.0, 0.0, 0.0),
        "How far an employment tie to the lead's organisation mutes dissent.",
        half_range=0.0,
    ),
    Attribute(
        "attendance",
        _by_role(0.95, 0.85, 0.85, 0.8),
        "Chance of coming to a meeting, unpaid and content.",
        unit="chance",
    ),
    Attribute(
        "knows_empirical", _by_role(0.85, 0.5, 0.5, 0.2), "What they actually know of research evidence."
    ),
    Attribute(
        "knows_experiential",
        _by_role(0.2, 0.35, 0.15, 0.85),
        "What they actually know of living with the condition.",
    ),
    Attribute("knows_practice", _by_role(0.4, 0.85, 0.4, 0.35), "What they actually know of care practice."),
    Attribute(
        "knows_policy", _by_role(0.35, 0.4, 0.85, 0.2), "What they actually know of policy and organisation."
    ),
    Attribute(
        "weighs_empirical",
        _by_role(0.55, 0.3, 0.3, 0.2),
        "Weight of research evidence in their own judgement.",
        unit="weight",
    ),
    Attribute(
        "weighs_experiential",
        _by_role(0.15, 0.2, 0.15, 0.5),
        "Weight of lived experience in their own judgement.",
        unit="weight",
    ),
    Attribute(
        "weighs_practice",
        _by_role(0.15, 0.35, 0.2, 0.2),
        "Weight of care practice in their own judgement.",
        unit="weight",
    ),
    Attribute(
        "weighs_policy",
        _by_role(0.15, 0.15, 0.35, 0.1),
        "Weight of policy in their own judgement.",
        unit="weight",
    ),
)
"""Every attribute of a member, in the order in which both engines hold them."""

ATTRIBUTE_NAMES: Final[tuple[str, ...]] = tuple(a.name for a in ATTRIBUTES)
KNOWS: Final[int] = ATTRIBUTE_NAMES.index("knows_empirical")
WEIGHS: Final[int] = ATTRIBUTE_NAMES.index("weighs_empirical")
assert ATTRIBUTE_NAMES[KNOWS : KNOWS + 4] == tuple(f"knows_{k}" for k in KINDS)
assert ATTRIBUTE_NAMES[WEIGHS : WEIGHS + 4] == tuple(f"weighs_{k}" for k in KINDS)


def _own(name: str) -> Any:
    attribute = next(a for a in ATTRIBUTES if a.name == name)
    return Field(None, ge=0.0, le=1.0, description=attribute.sentence + " Default: that of the role.")


@meant_alone("count")
class Group(Record):
    """A number of members of one role who share their attributes' means.

    Attributes left out take the role's default (`ATTRIBUTES`).  ``spread`` is the SD of each
    attribute between the group's members (attributes stay within 0..1).
    """

    role: Annotated[Role, BeforeValidator(group_role)] = Field(
        description="Role of every member: one of the four, or a title that stands for one (carer, GP)."
    )
    label: str | None = Field(
        None,
        min_length=1,
        max_length=60,
        description="What the group is called in tables, figures and texts. Default: its name.",
    )
    count: int = Field(1, ge=0, le=60, description="Number of members.")
    lead: bool = Field(
        False, description="Whether this one member is the accountable lead (principal investigator)."
    )
    constituency: str | None = Field(
        None,
        min_length=1,
        description="Whom they speak for; groups with the same word share its views. Default: the role.",
    )
    joins: PhaseName | None = Field(None, description="First phase they take part in. Default: the first.")
    leaves: PhaseName | None = Field(None, description="Last phase they take part in. Default: the last.")
    spread: float = Field(
        0.08, ge=0.0, le=0.5, description="SD of each attribute between members of the group."
    )
    prestige: float | None = _own("prestige")
    confidence: float | None = _own("confidence")
    openness: float | None = _own("openness")
    mandate: float | None = _own("mandate")
    loyalty: float | None = _own("loyalty")
    attendance: float | None = _own("attendance")
    knows_empirical: float | None = _own("knows_empirical")
    knows_experiential: float | None = _own("knows_experiential")
    knows_practice: float | None = _own("knows_practice")
    knows_policy: float | None = _own("knows_policy")
    weighs_empirical: float | None = _own("weighs_empirical")
    weighs_experiential: float | None = _own("weighs_experiential")
    weighs_practice: float | None = _own("weighs_practice")
    weighs_policy: float | None = _own("weighs_policy")

    @model_serializer(mode="wrap")
    def _without_no_label(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out a label that nobody gave: ids of scenarios that have none stay as they are."""
        data: dict[str, Any] = write(self)
        return {key: value for key, value in data.items() if key != "label" or value is not None}

    def called(self, name: str) -> str:
        """Return what the group is called for people; `name` is its name in the team."""
        return self.label or plain_name(name)
