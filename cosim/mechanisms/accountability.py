"""Accountability: when the lead, who answers for the project, may replace the team's decision by their own.

The codes are the order of the words of ``accountability.form`` (`cosim.scenario.vocabulary.Accountability`).
"""

from __future__ import annotations

from typing import Final

from cosim.mechanisms.compiled import rule

NO_OVERRIDE: Final = 0
COMPLY_OR_EXPLAIN: Final = 1
SIGN_OFF: Final = 2
FULL_VETO: Final = 3
DELEGATED: Final = 4


@rule
def override_chance(
    form: int, pressure: float, explain_cost: float, delegated: bool, delegation: float
) -> float:
    """Return the chance that an opposed lead replaces the team's decision by their own."""
    if form == NO_OVERRIDE or (form == DELEGATED and delegated):
        return 0.0
    chance = pressure
    if form == FULL_VETO:
        chance = 1.0
    elif form == COMPLY_OR_EXPLAIN:
        chance = pressure * (1.0 - explain_cost)
    return chance * (1.0 - delegation)
