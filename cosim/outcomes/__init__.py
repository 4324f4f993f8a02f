"""Every outcome: one definition, one unit, one sentence, one place in the code."""

from cosim.outcomes.measure import measure, measure_people
from cosim.outcomes.records import (
    COUNTERFACTUAL_NAMES,
    OUTCOME_NAMES,
    OUTCOMES,
    PERSON_COLUMNS,
    Outcome,
    outcome_in_sentence,
    outcome_named,
    outcome_title,
)

__all__ = [
    "COUNTERFACTUAL_NAMES",
    "OUTCOMES",
    "OUTCOME_NAMES",
    "PERSON_COLUMNS",
    "Outcome",
    "measure",
    "measure_people",
    "outcome_in_sentence",
    "outcome_named",
    "outcome_title",
]
