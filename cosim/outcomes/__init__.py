"""Every outcome: one definition, one unit, one sentence, one place in the code."""

from cosim.outcomes.columns import PEOPLE_COLUMNS, RUN_COLUMNS, Column, outcome_range
from cosim.outcomes.measure import measure, measure_people
from cosim.outcomes.measures import MEASURES, Measure, Project
from cosim.outcomes.records import (
    COUNTERFACTUAL_NAMES,
    KNOWN_OUTCOMES,
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
    "KNOWN_OUTCOMES",
    "MEASURES",
    "OUTCOMES",
    "OUTCOME_NAMES",
    "PEOPLE_COLUMNS",
    "PERSON_COLUMNS",
    "RUN_COLUMNS",
    "Column",
    "Measure",
    "Outcome",
    "Project",
    "measure",
    "measure_people",
    "outcome_in_sentence",
    "outcome_named",
    "outcome_range",
    "outcome_title",
]
