"""Outcomes written in Python, over a run's people and its turn log: the entry points ``cosim.outcomes``.

They are measured while a study runs, in those that name them, and are then columns like all others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cosim.config import plugins
from cosim.config.registry import Registry
from cosim.errors import CosimError
from cosim.outcomes.records import OUTCOME_NAMES, Outcome

if TYPE_CHECKING:
    import pandas as pd

_TAKEN = ("run", "point", "world", "arm", "replicate", "error")


@dataclass(frozen=True, slots=True)
class Project:
    """One finished project, as an outcome of one's own sees it.

    Attributes
    ----------
    people : DataFrame
        A row per member: ``person``, ``role``, ``group``, ``constituency``, then the columns of
        `cosim.outcomes.PERSON_COLUMNS`.
    log : DataFrame or None
        A row per contribution, see `cosim.model.turn_records`: phase, meeting, turn, table, mode, item, kind,
        minute, words, uptake, person, ...; None unless the measure asks for it. Where somebody chairs, their
        turns have rows too: ``person`` is "chair".
    outcomes : mapping of str to float
        Cosim's own outcomes of this project.
    """

    people: pd.DataFrame
    log: pd.DataFrame | None
    outcomes: Mapping[str, float]


@dataclass(frozen=True)
class Measure:
    """An outcome and the function that measures it.

    Attributes
    ----------
    outcome : Outcome
        Its name, title, unit, sentence; ``better`` is +1, -1 or 0.
    function : callable
        Takes a `Project`, returns a number. It must depend on nothing else: no clock, no random numbers.
    log : bool
        Whether it needs the turn log; that takes a second run of each project.
    """

    outcome: Outcome
    function: Callable[[Project], float]
    log: bool = False

    @property
    def name(self) -> str:
        """Name of the outcome."""
        return self.outcome.name

    def value(self, project: Project) -> float:
        """Measure a project.

        Raises
        ------
        CosimError
            When it returns no finite number.
        """
        found: Any = self.function(project)
        try:
            number = float(found)
        except (TypeError, ValueError):
            number = math.nan
        if not math.isfinite(number):
            raise CosimError(f"outcome {self.name} came out as {str(found)[:60]!r}, which is no number")
        return number


MEASURES: Final[Registry[Measure]] = Registry("outcome")
"""Outcomes of plugins, by name."""


def _add_plugins() -> None:
    def add(one: Measure) -> str:
        name = one.name
        if not (name.isascii() and name.isidentifier() and name == name.lower()):
            raise CosimError(f"outcome {name!r}: its name must be small letters, digits and _")
        if name in OUTCOME_NAMES or name in _TAKEN:
            raise CosimError(f"there is an outcome or a column {name!r} already")
        if not callable(one.function):
            raise CosimError(f"outcome {name!r} has no function")
        return MEASURES.add(one).name

    plugins.fill("cosim.outcomes", lambda given: plugins.records_of(Measure, given), add)


MEASURES.later(_add_plugins)
