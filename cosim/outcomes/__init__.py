"""Every outcome: one definition, one unit, one sentence, one place in the code."""

from cosim.outcomes.measure import measure, measure_people
from cosim.outcomes.records import OUTCOME_NAMES, OUTCOMES, PERSON_COLUMNS, Outcome

__all__ = ["OUTCOMES", "OUTCOME_NAMES", "PERSON_COLUMNS", "Outcome", "measure", "measure_people"]
