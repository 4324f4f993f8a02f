"""Studies of a difference: what the lead of one way of working over another depends on.

A study of a level asks what makes an outcome large; a study of a difference asks what makes a choice. Both
ways of working are run at every point of the design, with the same random numbers, and every analysis is made
of their paired differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cosim.config.yaml_source import KeyPath
from cosim.errors import nearest_name
from cosim.execution.points import DUMMY, WITH, Point, Points, Sampled, Way, settings_at
from cosim.execution.settings import Doses
from cosim.studies.arms import BASELINE, check_way
from cosim.studies.factors import Chosen
from cosim.studies.kind import Ask


def _side(given: Any) -> Any:
    """Read one way of working: the baseline, an intervention, or several with doses."""
    if isinstance(given, str):
        return {} if given == BASELINE else {given: 1.0}
    return given


Side = Annotated[Doses, BeforeValidator(_side)]
Between = Annotated[list[Side], Field(min_length=2, max_length=2)]
BETWEEN = (
    "Two ways of working, the first less the second: what their difference depends on. Each is `baseline`, "
    "an intervention, or a list of interventions with doses."
)


class Paired(Points):
    """Every point of a sampled design under two ways of working, one after the other."""

    def __init__(self, sampled: Sampled, sides: Sequence[Way]) -> None:
        self._sampled, self._sides = sampled, tuple(sides)
        self.worlds, self.held = sampled.worlds, sampled.held

    def __len__(self) -> int:
        return 2 * len(self._sampled)

    def make(self, start: int, stop: int) -> list[Point]:
        """Return some of the points."""
        found = []
        for row in self._sampled[start // 2 : (stop - 1) // 2 + 1]:
            for place, way in enumerate(self._sides):
                number = 2 * row.point + place
                if start <= number < stop:
                    doses = {**row.interventions, **way.interventions}
                    found.append(replace(row, point=number, arm=way.name, interventions=doses))
        return found

    @property
    def arms(self) -> Sequence[str]:
        """The two ways of working."""
        return tuple(way.name for way in self._sides)

    def typical(self) -> Sequence[Point]:
        """Return the first point under both."""
        return self[:2]


def sides_of(ask: Ask, given: list[dict[str, float]], chosen: Chosen, place: KeyPath) -> tuple[Way, Way]:
    """Return the two ways of working of a difference, checked at a corner of the design.

    Raises
    ------
    ConfigError
        When one is unknown, they are the same, or one of their interventions is a factor, too.
    """
    known = list(ask.subject.interventions())
    for index, doses in enumerate(given):
        for name in doses:
            if name not in known:
                near = nearest_name(name, [*known, BASELINE])
                raise ask.error("there is no such intervention", (*place, index), value=name, nearest=near)
            if f"{WITH}{name}" in chosen.names:
                raise ask.error("is a factor of this study already", (*place, index), value=name)
    first, second = (Way(side_name(doses), dict(doses), {}, place) for doses in given)
    if first.interventions == second.interventions:
        raise ask.error("the two are the same: they do not differ", place)
    changes, doses = settings_at(chosen.factors, [0.5] * len(chosen.factors))
    inside = {key: value for key, value in changes.items() if key != DUMMY}
    for way in (first, second):
        check_way(ask, Way(way.name, {**doses, **way.interventions}, inside, place))
    return first, second


def side_name(doses: dict[str, float]) -> str:
    """Return what a side is called in the tables: ``round_robin+buddy@0.5``."""
    named = [name if dose == 1 else f"{name}@{dose:g}" for name, dose in doses.items()]
    return "+".join(named) or BASELINE
