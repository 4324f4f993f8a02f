"""What a lens is made of: axes, each with a question, the outcomes that it looks at, and words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from cosim.formatting.words import and_list, number
from cosim.outcomes import outcome_in_sentence

How = Literal["value", "share", "count"]
"""An axis takes its one column's mean; its first column's share of all; or how many columns are in use."""
IN_USE: Final = 0.05
"""A way of taking part is in use from this value of its column on: ours."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an axis shows in some runs.

    Attributes
    ----------
    number, words : str
    passes : bool or None
        Whether all checks hold; None where an axis is a scale.
    """

    number: str
    words: str
    passes: bool | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis between two poles.

    Attributes
    ----------
    bands : tuple of (float, str)
        Upper ends in rising order, each with its words; what lies above the last end has `beyond`.
    beyond : str
    """

    columns: tuple[str, ...]
    bands: tuple[tuple[float, str], ...]
    beyond: str
    how: How = "value"

    def found(self, means: Mapping[str, float]) -> Found:
        """Read the means of the outcomes."""
        value = _HOW[self.how]([means[column] for column in self.columns])
        words = next((words for upto, words in self.bands if value <= upto), self.beyond)
        return Found(number(value, 0 if self.how == "count" else 2), words)

    def says(self) -> str:
        """Say what is looked at."""
        names = and_list([outcome_in_sentence(column) for column in self.columns])
        if self.how == "share":
            return f"the first one's share of {names}"
        return f"how many of {names} are in use" if self.how == "count" else names


@dataclass(frozen=True, slots=True)
class Check:
    """An outcome's mean that must be at least, or at most, so much."""

    column: str
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: float) -> bool:
        """Whether a mean is as it must be."""
        low = self.at_least is None or value >= self.at_least
        return low and (self.at_most is None or value <= self.at_most)

    def says(self) -> str:
        """Say what must hold."""
        told = [outcome_in_sentence(self.column)]
        told += [f"at least {number(self.at_least, 2)}"] if self.at_least is not None else []
        told += [f"at most {number(self.at_most, 2)}"] if self.at_most is not None else []
        return " ".join(told)


@dataclass(frozen=True, slots=True)
class Axis:
    """One question of a framework.

    Attributes
    ----------
    name, question : str
    look : Scale or tuple of Check
        How it is read off the outcomes: on a scale, or by checks that must all hold.
    """

    name: str
    question: str
    look: Scale | tuple[Check, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The outcomes that it looks at."""
        if isinstance(self.look, Scale):
            return self.look.columns
        return tuple(check.column for check in self.look)

    def found(self, means: Mapping[str, float]) -> Found:
        """Read the means of the outcomes."""
        if isinstance(self.look, Scale):
            return self.look.found(means)
        short = [check for check in self.look if not check.holds(means[check.column])]
        told = f"{len(self.look) - len(short)} of {len(self.look)}"
        if not short:
            return Found(told, "passes", passes=True)
        missed = [f"{outcome_in_sentence(check.column)} {number(means[check.column], 2)}" for check in short]
        return Found(told, f"fails: {and_list(missed)}", passes=False)

    def says(self) -> str:
        """Say what is looked at."""
        if isinstance(self.look, Scale):
            return self.look.says()
        return "; ".join(check.says() for check in self.look)


@dataclass(frozen=True, slots=True)
class Lens:
    """A framework as a way to read runs.

    Attributes
    ----------
    name : str
        As in ``cosim report FOLDER --lens NAME``.
    title, source : str
        What it is, and where it comes from.
    caution : str
        What of it is ours, not the framework's.
    axes : tuple of Axis
    """

    name: str
    title: str
    source: str
    caution: str
    axes: tuple[Axis, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every outcome that it looks at, once each."""
        return tuple(dict.fromkeys(column for axis in self.axes for column in axis.columns))

    def read(self, means: Mapping[str, float]) -> dict[str, Found]:
        """Return what each axis shows, by its name.

        Parameters
        ----------
        means : mapping of str to float
            Mean of each of `columns` over the runs that are read.
        """
        return {axis.name: axis.found(means) for axis in self.axes}


def _value(values: list[float]) -> float:
    return values[0]


def _share(values: list[float]) -> float:
    total = sum(values)
    return values[0] / total if total > 0.0 else 0.0


def _count(values: list[float]) -> float:
    return float(sum(value >= IN_USE for value in values))


_HOW: Final[Mapping[How, Callable[[list[float]], float]]] = {
    "value": _value,
    "share": _share,
    "count": _count,
}
