"""Every intervention by name."""

from __future__ import annotations

from collections.abc import Mapping

from cosim.config import arguments
from cosim.config.registry import Registry
from cosim.errors import ConfigError, CosimError, nearest_name
from cosim.interventions.intervention import Intervention


def collect(*families: tuple[Intervention, ...]) -> Registry[Intervention]:
    """Return all interventions by name, in the order given; two of one name are an error."""
    known = Registry("intervention", (one for family in families for one in family))
    for one in known.values():
        for other in one.conflicts:
            if other not in known:
                raise CosimError(f"{one.name} conflicts with {other!r}, which does not exist")
    return known


def check(doses: Mapping[str, float], known: Mapping[str, Intervention]) -> None:
    """Refuse unknown names, what is no dose, and sets that contradict each other.

    Raises
    ------
    ConfigError
        Naming the intervention and the nearest known one, or the pair that cannot be combined.
    """
    for name, dose in arguments.mapping(doses, "interventions", "{NAME: DOSE}").items():
        if name not in known:
            near = nearest_name(name, known)
            raise ConfigError(
                "there is no such intervention",
                key=f"interventions.{name}",
                allowed="a name that `cosim interventions` lists",
                nearest=near,
            )
        arguments.dose(dose, f"interventions.{name}")
    used = [name for name, dose in doses.items() if dose > 0.0]
    for name in used:
        for other in used:
            if other in known[name].conflicts:
                raise ConfigError(
                    f"contradicts {other!r}: the two cannot be combined in one arm",
                    key=f"interventions.{name}",
                )
