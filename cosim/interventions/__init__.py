"""The interventions: named, citable changes to how a team works, one small file per family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cosim.interventions import facilitation
from cosim.interventions.intervention import Intervention
from cosim.interventions.registry import check, collect

INTERVENTIONS: Final[Mapping[str, Intervention]] = collect(facilitation.FAMILY)
"""Every intervention by name."""


def check_interventions(doses: Mapping[str, float]) -> None:
    """Refuse unknown or contradictory interventions; see `registry.check`."""
    check(doses, INTERVENTIONS)


__all__ = ["INTERVENTIONS", "Intervention", "check_interventions"]
