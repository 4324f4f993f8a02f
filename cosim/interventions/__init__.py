"""The interventions: named, citable changes to how a team works, one small file per family."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cosim.config.at_hand import AtHand
from cosim.config.registry import Registry
from cosim.interventions import credibility, delivery, facilitation, legitimacy, power, room, system
from cosim.interventions.intervention import Intervention
from cosim.interventions.plugin import add_plugins
from cosim.interventions.registry import check, collect
from cosim.interventions.table import rows

INTERVENTIONS: Final[Registry[Intervention]] = collect(
    credibility.FAMILY,
    legitimacy.FAMILY,
    power.FAMILY,
    facilitation.FAMILY,
    room.FAMILY,
    system.FAMILY,
)
"""Every intervention by name: cosim's own, then those of plugins."""
INTERVENTIONS.later(lambda: add_plugins(INTERVENTIONS))
KNOWN: Final = AtHand(INTERVENTIONS)
"""Every intervention by name, and while a study is told of, the ways of working that it defines itself."""
WHO_DECIDES: Final = (
    *("system.plan_flexibility", "system.drift", "accountability.form"),
    *("accountability.pressure", "accountability.explain_cost", "accountability.tolerance"),
)
"""Keys that settle whose decision it is, as delegating it does: no intervention, but a rule all the same."""
_INFLUENCE: Final = frozenset({"influence_gini", "influence_parity_public"})
_WHOSE_DECISION: Final = _INFLUENCE | {"override_rate"}
_REACHED: Final = _INFLUENCE | {"consensus_rate", "non_decision_rate"}
_VOICE: Final = frozenset({"voice_gini", "voice_parity_public"})
_OF_A_PHASE: Final[Mapping[str, frozenset[str]]] = {
    "rule": _REACHED,
    "quorum": _REACHED,
    "delegated": _WHOSE_DECISION,
    "level": _WHOSE_DECISION | _VOICE | {"promise_gap"},  # who has the floor, who a vote
    "declared": frozenset({"promise_gap"}),
}
"""The same of a phase's fields, with the outcomes that each moves by its rule."""


def check_interventions(
    doses: Mapping[str, float], known: Mapping[str, Intervention] = INTERVENTIONS
) -> None:
    """Refuse unknown or contradictory interventions; see `registry.check`."""
    check(doses, known)


def check_delivery(
    numbers: Mapping[str, Mapping[str, float]], known: Mapping[str, Intervention] = INTERVENTIONS
) -> None:
    """Refuse unknown interventions and numbers of their delivery; see `delivery.check`."""
    delivery.check(numbers, known)


def movers(key: str) -> list[Intervention]:
    """Return the interventions that move a key."""
    return [one for one in INTERVENTIONS.values() if any(key == effect.moves() for effect in one.effects)]


def built_in_by(key: str) -> frozenset[str]:
    """Return the outcomes that a bare change of a key moves by the construction of its rule.

    What settles who decides builds in what that settles.  Of other keys they are those that every
    intervention builds in that moves it: what only some of them build in is the doing of another of their
    dials.
    """
    if key in WHO_DECIDES:
        return _WHOSE_DECISION
    block, _, field = key.rpartition(".")
    if block.startswith("phases.") and field in _OF_A_PHASE:
        return _OF_A_PHASE[field]
    each = [frozenset(one.built_in) for one in movers(key)]
    return frozenset.intersection(*each) if each else frozenset()


def is_classified(key: str) -> bool:
    """Return whether some record says what a bare change of a key moves by construction, if only nothing."""
    return bool(movers(key) or built_in_by(key))


def table() -> list[dict[str, object]]:
    """Return one plain row per intervention; see `table.rows` for the columns."""
    return rows(INTERVENTIONS.values())


__all__ = [
    "INTERVENTIONS",
    "KNOWN",
    "WHO_DECIDES",
    "Intervention",
    "built_in_by",
    "check_delivery",
    "check_interventions",
    "is_classified",
    "movers",
    "table",
]
