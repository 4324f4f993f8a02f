"""A phase of the project: some meetings about one list of options, ended by one decision."""

from __future__ import annotations

from pydantic import Field

from cosim.config.error_messages import meant_alone
from cosim.config.parameter import design
from cosim.scenario.section import Record
from cosim.scenario.vocabulary import Level, Rule, Task


@meant_alone("level")
class Phase(Record):
    """One phase.  ``level`` has no default: who talks and who decides must be said."""

    level: Level = Field(
        description="Involvement level that is enacted (IAP2 name): who talks and who decides."
    )
    declared: Level | None = Field(
        None, description="Level that is declared, if it differs from the enacted one."
    )
    task: Task | None = Field(
        None,
        description="Kind of task: values, judgement, agreement or puzzle. Default: that of the phase.",
    )
    demonstrability: float | None = Field(
        None,
        ge=0.0,
        le=1.0,
        description="How far arguments show who is right (0: by who speaks). Default: the task's.",
    )
    meetings: int = design(1, "Number of meetings.", allowed=(1, 30), unit="meetings")
    minutes: float = design(90.0, "Planned length of a meeting.", allowed=(1.0, 600.0), unit="minutes")
    options: int = design(8, "Number of options on the list.", allowed=(2, 60), unit="options")
    rule: Rule = design("mean_score", "Rule by which ballots become a decision.", allowed=None)
    quorum: float = design(
        0.75,
        "Share of decision weight that must agree (supermajority and consensus).",
        allowed=(0.5, 1.0),
        unit="share",
    )
    importance: float = design(
        1.0,
        "Weight of this phase's decision among the project's key decisions.",
        allowed=(0.0, 100.0),
        unit="weight",
    )
    owner: str | None = Field(
        None,
        description="Group that owns this phase's items: its members, by turns, open each as it comes up "
        "(none where the level gives them no voice).",
    )
    delegated: bool = Field(
        True, description="Whether this decision is on the delegated list (accountability form 'delegated')."
    )
