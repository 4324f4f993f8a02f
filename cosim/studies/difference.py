"""Studies of a difference: what the lead of one way of working over another depends on.

A study of a level asks what makes an outcome large; a study of a difference asks what makes a choice. Both
ways of working are run at every point of the design, with the same random numbers, and every analysis is made
of their paired differences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

import numpy as np
import pandas as pd
from pydantic import BeforeValidator, Field

from cosim.config.yaml_source import KeyPath
from cosim.errors import nearest_name
from cosim.execution.points import DUMMY, WITH, Point, Points, Sampled, Way, settings_at
from cosim.execution.settings import Doses
from cosim.formatting.words import and_list, quoted
from cosim.outcomes import outcome_in_sentence
from cosim.studies.arm_titles import BASELINE, intervention_title
from cosim.studies.arms import check_way
from cosim.studies.factors import Chosen
from cosim.studies.kind import Ask
from cosim.studies.results import KEYS, Results


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


@dataclass(frozen=True)
class Difference:
    """A study of a difference, taken apart.

    Attributes
    ----------
    paired : Results
        The same design with the paired differences as its outcomes.
    level : Results
        The same design under the second way of working alone.
    first, second : str
        What the two are called.
    """

    paired: Results
    level: Results
    first: str
    second: str


def difference_of(results: Results) -> Difference | None:
    """Return the paired differences of a study of a difference; None for a study of a level."""
    sides = results.notes.get("between")
    if sides is None:
        return None
    runs = results.runs.sort_values(["point", "replicate"], kind="stable")
    second = (runs["point"].to_numpy() % 2).astype(bool)
    ours, theirs = (runs.loc[which].reset_index(drop=True) for which in (~second, second))
    level = _halved(theirs)
    paired = level.copy()
    for outcome in results.outcomes:
        paired[outcome] = _without_dust(ours[outcome], theirs[outcome])
    if "error" in runs.columns:
        paired["error"] = ours["error"].where(ours["error"].notna(), theirs["error"])
    rows = results.design.sort_values("point", kind="stable")
    design = rows.loc[rows["point"] % 2 == 1].assign(arm=Sampled.ARM)
    design = design.assign(point=design["point"] // 2).reset_index(drop=True)
    names = tuple(_title(dict(side)) for side in sides)
    return Difference(
        replace(results, runs=paired, design=design),
        replace(results, runs=level, design=design),
        *names,
    )


def _without_dust(ours: pd.Series, theirs: pd.Series) -> pd.Series:
    """Return a paired difference to 12 digits of the outcome: what is beyond them is rounding, not effect.

    Without it a factor that moves both arms by exactly as much would seem to move their difference a little,
    and ever so clearly.
    """
    largest = float(np.nanmax(np.abs([ours.to_numpy(dtype=float), theirs.to_numpy(dtype=float)])))
    if not (np.isfinite(largest) and largest > 0):
        return ours - theirs
    return (ours - theirs).round(11 - int(np.floor(np.log10(largest))))


def _halved(runs: pd.DataFrame) -> pd.DataFrame:
    found = runs.assign(point=runs["point"] // 2, arm=Sampled.ARM)
    found["run"] = range(len(found))
    first = [name for name in KEYS if name in found.columns]
    return found[[*first, *(name for name in found.columns if name not in first)]]


def _title(doses: dict[str, float]) -> str:
    if not doses:
        return "business as usual"
    return " + ".join(
        quoted(intervention_title(name)) + ("" if dose == 1 else f" at dose {dose:g}")
        for name, dose in doses.items()
    )


def leverage_of(
    difference: Difference, moves: Sequence[str], level: Sequence[str], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Say in words what moves the level, what moves the difference, and what does both.

    Parameters
    ----------
    difference : Difference
    moves, level : sequence of str
        Factors that clearly move the difference, and the level under the second way, largest first.
    names : mapping of str to str
        What factors are called.
    """
    both = [name for name in level if name in moves]
    told = [
        f"Level: what moves the outcome itself, with {difference.second}: {_listed(level, names)}. Leverage: "
        f"what moves the difference between {difference.first} and {difference.second}: "
        f"{_listed(moves, names)}."
    ]
    if level and not both:
        told.append(
            "Nothing that clearly moves the level clearly moves the difference: to measure what makes the "
            "outcome large would not help to choose."
        )
    elif both:
        told.append(f"Both: {_listed(both, names)}.")
    return tuple(told)


def _listed(keys: Sequence[str], names: Mapping[str, str]) -> str:
    return and_list([quoted(names[key]) for key in keys]) or "nothing clearly"


def about(results: Results, outcome: str) -> str:
    """Return what a study is about, inside a sentence: an outcome, or the difference of two ways in it."""
    sides = results.notes.get("between")
    what = outcome_in_sentence(outcome)
    if sides is None:
        return what
    first, second = (_title(dict(side)) for side in sides)
    return f"the difference in {what} between {first} and {second}"
