"""The interventions: named, citable changes to how a team works, one small file per family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cosim.interventions import credibility, facilitation, legitimacy, power, room, system
from cosim.interventions.intervention import Intervention
from cosim.interventions.registry import check, collect
from cosim.interventions.table import rows

INTERVENTIONS: Final[Mapping[str, Intervention]] = collect(
    credibility.FAMILY,
    legitimacy.FAMILY,
    power.FAMILY,
    facilitation.FAMILY,
    room.FAMILY,
    system.FAMILY,
)
"""Every intervention by name."""


def check_interventions(doses: Mapping[str, float]) -> None:
    """Refuse unknown or contradictory interventions; see `registry.check`."""
    check(doses, INTERVENTIONS)


def table() -> list[dict[str, object]]:
    """Return one plain row per intervention; see `table.rows` for the columns."""
    return rows(INTERVENTIONS.values())


__all__ = ["INTERVENTIONS", "Intervention", "check_interventions", "table"]
