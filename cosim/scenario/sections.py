"""The parameter sections of a scenario by name: what may be set beside team, phases and interventions."""

from __future__ import annotations

from typing import Final

from pydantic import BaseModel

from cosim.scenario import deliberation, organisation

SECTIONS: Final[dict[str, type[BaseModel]]] = {
    "knowledge": deliberation.Knowledge,
    "standing": deliberation.Standing,
    "floor": deliberation.Floor,
    "speech": deliberation.Speech,
    "stance": deliberation.Stance,
    "arguments": deliberation.Arguments,
    "uptake": deliberation.Uptake,
    "learning": deliberation.Learning,
    "agenda": organisation.Agenda,
    "facilitation": organisation.Facilitation,
    "decision": organisation.Decision,
    "accountability": organisation.LeadAccountability,
    "attendance": organisation.Attendance,
    "system": organisation.System,
    "costs": organisation.Costs,
}
