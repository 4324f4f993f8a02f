"""sweep: curves of outcomes along one setting at a time, or over a grid of settings, for every arm."""

from __future__ import annotations

import itertools
import math
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field

from cosim.config.yaml_source import KeyPath
from cosim.errors import ConfigError, nearest_name
from cosim.execution.points import DUMMY, WITH, Point, Way
from cosim.execution.settings import Name, Settings
from cosim.execution.settings import Value as Word
from cosim.studies.arms import BASELINE, MOST_ARMS, arms_of, check_way, made_of, refuse_too_many
from cosim.studies.kind import NESTED, Ask, Made, StudyKind

_MOST_VALUES = 500


class Steps(Settings):
    """Evenly spaced values, both ends included."""

    from_: float = Field(alias="from", description="First value.")
    to: float = Field(description="Last value.")
    steps: int = Field(11, ge=2, le=10_000, description="Number of values.")

    def values(self) -> list[float]:
        """Return the values, without the dust of binary fractions."""
        return [float(f"{value:.12g}") for value in np.linspace(self.from_, self.to, self.steps)]


class SweepBlock(Settings):
    """What only a sweep has."""

    over: Annotated[dict[Name, Steps | list[Word]], Field(min_length=1)] = Field(
        description="Dotted keys or intervention names (their dose), each with its values."
    )
    mode: Literal["one_at_a_time", "grid"] = Field(
        "one_at_a_time", description="Curves, or all combinations."
    )


def make(ask: Ask) -> Made:
    """Cross arms, settings and worlds."""
    block: SweepBlock = ask.block
    values: dict[str, list[Word]] = {}
    for name, given in block.over.items():
        column = _column(ask, name)
        if column in values:
            raise ask.error("this factor is listed twice", ("sweep", "over", name), value=name)
        values[column] = _values(ask, name, given)
    if block.mode == "grid":
        size = math.prod(len(each) for each in values.values())
        if size > MOST_ARMS:
            raise ask.error(
                f"a grid of {size:,} settings is too large", "sweep.over", allowed=f"up to {MOST_ARMS:,}"
            )
        settings = [dict(zip(values, cell, strict=True)) for cell in itertools.product(*values.values())]
    else:
        settings = [{}, *({column: value} for column, each in values.items() for value in each)]
    ways: list[Way] = []
    settings_of: dict[str, Any] = {}
    arms = arms_of(ask)
    refuse_too_many(ask, len(arms) * len(settings), "sweep.over", "combinations of settings and arms")
    for way in arms:
        for column in values:
            if column in way.changes or column.removeprefix(WITH) in way.interventions:
                raise ask.error(f"the arm {way.name!r} sets {column} too", "sweep.over")
        for setting in settings:
            one = _at(way, setting)
            if one.name in settings_of:
                raise ask.error("another arm would have this name", "sweep.over", value=one.name)
            ways.append(one)
            settings_of[one.name] = {"arm": way.name, "values": setting}
    notes = {"mode": block.mode, "columns": list(values), "settings": settings_of, **NESTED}
    # Each value by itself first: whatever is wrong with one is said of it, not of a combination.
    for column, each in values.items():
        for value in each[:: max(1, len(each) // _MOST_VALUES)]:
            check_way(ask, _at(Way(BASELINE), {column: value}))
    return made_of(ask, ways, notes, combined=True)


def _at(way: Way, setting: dict[str, Any]) -> Way:
    doses = {key.removeprefix(WITH): float(value) for key, value in setting.items() if key.startswith(WITH)}
    changes = {key: value for key, value in setting.items() if not key.startswith(WITH)}
    told = ", ".join(f"{key}={_told(value)}" for key, value in setting.items())
    if not told:
        name = way.name
    else:
        name = told if way.name == BASELINE else f"{way.name} | {told}"
    return Way(name, {**way.interventions, **doses}, {**way.changes, **changes}, ("sweep", "over"))


def _told(value: Word) -> str:
    """Return a value as it stands in a name: short where that tells it from every other."""
    short = f"{value:g}" if isinstance(value, float) else str(value)
    return short if not isinstance(value, float) or float(short) == value else repr(value)


def _column(ask: Ask, name: str) -> str:
    factor = ask.factor(name)
    if factor is not None and factor.key != DUMMY:
        return factor.key
    if "." in name:
        return name  # any scenario key may be swept, a parameter or not; the subject knows whether it exists
    near = nearest_name(name, [other for other in ask.known_factors() if other != DUMMY])
    raise ask.error("there is no such factor", ("sweep", "over", name), nearest=near)


def _values(ask: Ask, name: str, given: Steps | list[Word]) -> list[Word]:
    place: KeyPath = ("sweep", "over", name)
    values: list[Word] = list(given.values()) if isinstance(given, Steps) else list(given)
    if len(values) < 2:
        raise ask.error("too few values for a curve", place, value=values, allowed="at least 2")
    factor = ask.factor(name)
    for index, value in enumerate(values):
        here = place if isinstance(given, Steps) else (*place, index)
        if value in values[:index]:
            raise ask.error("this value is listed twice", here, value=value)
        if factor is not None and factor.key.startswith(WITH) and not _is_dose(value):
            raise ask.error("not a dose", here, value=value, allowed="0 to 1")
    whole = [int(value) if isinstance(value, float) and value.is_integer() else value for value in values]
    if factor is None:
        # Steps are decimals; a key that only takes whole numbers is given whole ones.
        return whole if isinstance(given, Steps) and not _takes(ask, name, values[0]) else values
    if factor.kind != "int":
        return values
    if isinstance(given, Steps) and any(isinstance(value, float) for value in whole):
        raise ask.error("the steps do not fall on whole numbers", place)
    return whole


def _is_dose(value: Word) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _takes(ask: Ask, key: str, value: Word) -> bool:
    try:
        ask.subject.check(Point(0, changes={key: value}))
    except ConfigError:
        return False
    return True


KIND = StudyKind(
    name="sweep",
    sentence="How do the outcomes change along a setting, and do the arms change differently?",
    block=SweepBlock,
    uses=("interventions", "bundles", "arms", "worlds", "team", "ranges"),
    make=make,
)
