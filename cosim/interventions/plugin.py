"""Interventions of other packages: the entry points ``cosim.interventions``."""

from __future__ import annotations

import re
from typing import get_args

from cosim.config import plugins
from cosim.config.registry import Registry
from cosim.errors import CosimError
from cosim.interventions.effects import Effect
from cosim.interventions.intervention import Family, Grade, Intervention

GROUP = "cosim.interventions"


def add_plugins(registry: Registry[Intervention]) -> None:
    """Add the interventions of plugins; each must be one that a study could use."""

    def add(one: Intervention) -> str:
        refuse_unusable(one)
        return registry.add(one).name

    plugins.fill(GROUP, lambda given: plugins.records_of(Intervention, given), add)


def refuse_unusable(one: Intervention) -> None:
    """Refuse an intervention that breaks the contract of the record.

    Raises
    ------
    CosimError
        Naming what is wrong.
    """
    where = f"intervention {one.name!r}"
    wrong = {
        "its name must be small letters, digits and _": not re.fullmatch(r"[a-z][a-z0-9_]*", str(one.name)),
        "it has no title or no sentence": not (one.title and one.sentence),
        f"its family must be one of {', '.join(get_args(Family))}": one.family not in get_args(Family),
        "it has no effects": not one.effects,
        "its effects must be of `cosim.interventions.effects`": not all(
            isinstance(effect, Effect) for effect in one.effects
        ),
        f"its evidence must be graded: {', '.join(get_args(Grade))}": one.evidence.grade
        not in get_args(Grade),
        "its compliance must be above 0, up to 1": not 0.0 < one.compliance <= 1.0,
        "its decay must be 0 or more, below 1": not 0.0 <= one.decay < 1.0,
    }
    for told, holds in wrong.items():
        if holds:
            raise CosimError(f"{where}: {told}")
