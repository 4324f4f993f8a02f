"""What one team and its project are: validated, immutable, serialisable."""

from cosim.scenario.phase import Phase
from cosim.scenario.scenario import Scenario, members_of_phase, parameters, phase_parameters
from cosim.scenario.sections import SECTIONS
from cosim.scenario.source_record import SourceRecord
from cosim.scenario.team import ATTRIBUTES, Attribute, Group

__all__ = [
    "ATTRIBUTES",
    "SECTIONS",
    "Attribute",
    "Group",
    "Phase",
    "Scenario",
    "SourceRecord",
    "members_of_phase",
    "parameters",
    "phase_parameters",
]
