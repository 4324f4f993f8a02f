"""The panel: a way of working beside several outcomes, since who wins on one may lose on another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cosim.outcomes import COUNTERFACTUAL_NAMES


@dataclass(frozen=True)
class Entry:
    """One outcome of the panel.

    Attributes
    ----------
    outcome : str
        What is shown.
    judged : str
        The outcome by which better and worse are told; empty where nobody can say which way is good.
    cost : bool
        Whether it is what a way of working takes, and no result of it.
    short : str
        What a narrow column is called; only those that are judged have one.
    """

    outcome: str
    judged: str = ""
    cost: bool = False
    short: str = ""


PANEL: Final[tuple[Entry, ...]] = (
    Entry("influence_gini", "influence_gini", short="Inequality"),
    Entry("parts_lead", "influence_lead", short="Lead's part"),
    Entry("parts_public", "influence_parity_public", short="Public's part"),
    Entry("parts_own"),
    Entry("parts_carried"),
    *(Entry(name) for name in COUNTERFACTUAL_NAMES),
    Entry("first_choice_changed"),
    Entry("decision_quality", "decision_quality", short="Decision quality"),
    Entry("agreement_after", "agreement_after", short="Agreement"),
    Entry("minutes", "minutes", cost=True),
    Entry("money", "money", cost=True),
)
"""Inequality, the lead's and the public's parts, own and carried apart, persuasion, the decision, cost."""

NEAR_EQUAL: Final[frozenset[str]] = frozenset({"influence_lead"})
"""Ratios to an equal share that do not say so in their name: best near to 1."""
