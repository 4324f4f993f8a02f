"""What an intervention is: a named, citable change with a mechanism, a dose, a decay and a cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from cosim.interventions.costs import Effort
from cosim.interventions.effects import Effect

Family = Literal["credibility", "legitimacy", "power", "facilitation", "system"]
Grade = Literal[
    ("trial of a bundle"), "controlled study elsewhere", "observational", "practice literature", "none found"
]


Quantity = Literal["compliance", "decay", "share", "minutes", "money"]
"""The numbers of how a way of working is delivered; see `cosim.interventions.delivery`."""


@dataclass(frozen=True, slots=True)
class Range:
    """A plausible range of one number of an intervention's delivery, where it does not follow the rules."""

    quantity: Quantity
    low: float
    high: float
    source: str
    status: Literal["empirical", "expert", "assumption"] = "expert"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known, how well, and where it is said."""

    grade: Grade
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intervention:
    """One way of working that a team can adopt.

    Attributes
    ----------
    name, title, sentence : str
        Name in configs, title for people, and one plain sentence.
    family : str
        What it mainly works on.
    effects : tuple of Effect
        Its mechanism.
    effort : tuple of Effort
        Its cost at full dose (minutes and money scale with the dose).
    evidence : Evidence
    compliance : float
        Share of the intention that is carried out, 0..1.
    decay : float
        Share of the effect lost from one meeting to the next, 0..1.
    needs_support : bool
        Whether organisational support limits how fully it is delivered.
    built_in : tuple of str
        Outcomes that it moves by construction of the rule; all others emerge from the dynamics.
    conflicts : tuple of str
        Interventions that cannot be combined with it.
    ranges : tuple of Range
        Plausible ranges of its delivery that do not follow the rules of `cosim.interventions.delivery`.
    """

    name: str
    title: str
    sentence: str
    family: Family
    effects: tuple[Effect, ...]
    effort: tuple[Effort, ...]
    evidence: Evidence
    compliance: float = 1.0
    decay: float = 0.0
    needs_support: bool = False
    built_in: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = field(default=())
    ranges: tuple[Range, ...] = ()

    def strength(self, dose: float, meeting: int, support: float) -> float:
        """Return how strongly the effects hold in a meeting (counted from 0), between 0 and 1."""
        delivered = support if self.needs_support else 1.0
        return float(dose * self.compliance * delivered * (1.0 - self.decay) ** meeting)
