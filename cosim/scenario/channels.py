"""Channels: the ways by which somebody comes to have more influence than others, each with its off switch.

An analysis switches some of them off and compares; composition and decision rule are no channels, since they
have no "off".
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

Changes = MappingProxyType[str, Any]

CHANNELS: Final[MappingProxyType[str, Changes]] = MappingProxyType(
    {
        "talk": MappingProxyType({"uptake.rate": 0.0, "arguments.step": 0.0}),
        "bend to the lead": MappingProxyType({"stance.deference": 0.0, "team.*.loyalty": 0.0}),
        "bend to the majority": MappingProxyType({"stance.conformity": 0.0}),
        "last word": MappingProxyType({"accountability.form": "none", "system.plan_flexibility": 1.0}),
        "level and drift": MappingProxyType({"phases.*.level": "collaborate", "system.drift": 0.0}),
        "mandate": MappingProxyType({"team.*.mandate": 0.0}),
        "attendance": MappingProxyType({"team.*.attendance": 1.0, "attendance.dissatisfaction": 0.0}),
    }
)
"""What switches each channel off, as changes of a scenario."""

NULLS: Final[MappingProxyType[str, tuple[str, ...]]] = MappingProxyType(
    {
        "nobody is persuaded": ("talk",),
        "no ballot channel": ("bend to the lead", "bend to the majority", "last word"),
    }
)
"""The two null models that stand beside every headline: the channels that are off in each."""


def without(*channels: str) -> dict[str, Any]:
    """Return the changes of a scenario that switch these channels off, in one order however they are named.

    Raises
    ------
    ValueError
        When there is no such channel.
    """
    changes: dict[str, Any] = {}
    for channel in sorted(channels, key=[*CHANNELS].index):
        changes |= CHANNELS[channel]
    return changes
