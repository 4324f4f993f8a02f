"""How ways of working are delivered, by the names that their numbers have as factors and as columns."""

from __future__ import annotations

from collections.abc import Mapping

from cosim.interventions import KNOWN
from cosim.interventions.delivery import DeliveryNumber, numbers_of
from cosim.interventions.intervention import Intervention

WAY = "way_"
"""Before the name of an intervention and a quantity."""


def ways(known: Mapping[str, Intervention] = KNOWN) -> Mapping[str, DeliveryNumber]:
    """Return every number of every intervention's delivery by its name: ``way_round_robin_compliance``."""
    numbers = (number for one in known.values() for number in numbers_of(one))
    return {f"{WAY}{number.intervention}_{number.quantity}": number for number in numbers}
