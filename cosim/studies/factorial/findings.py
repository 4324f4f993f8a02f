"""The numbers of a factorial study: main effects and interactions, and which are clear."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import pandas as pd

from cosim.analysis.factorial import Aliasing, FactorialSettings, factorial_effects
from cosim.analysis.multiplicity import bonferroni
from cosim.studies.factor_titles import builds_in, factors_of
from cosim.studies.results import Results

ALPHA = 0.05


class Verdict(StrEnum):
    """What a factorial study says of the factors that are not built in."""

    FOUND = "found"
    NONE = "none"
    ALL_BUILT_IN = "all built in"


@dataclass(frozen=True)
class Factorial:
    """A factorial study, worked out for one outcome.

    Attributes
    ----------
    results : Results
    outcome : str
    """

    results: Results
    outcome: str

    @property
    def names(self) -> tuple[str, ...]:
        """Factor columns."""
        return tuple(factors_of(self.results).names)

    @cached_property
    def _both(self) -> tuple[pd.DataFrame, Aliasing]:
        return self._effects(1 - ALPHA)

    @cached_property
    def table(self) -> pd.DataFrame:
        """`cosim.analysis.factorial.factorial_effects`, with ``clear`` and ``built_in``."""
        table = self._both[0]
        strict = self._effects(bonferroni(ALPHA, len(table)))[0].set_index("term")
        clear = (strict["low"] > 0) | (strict["high"] < 0)
        built_in = [any(builds_in(name, self.outcome) for name in term.split("*")) for term in table["term"]]
        return table.assign(clear=table["term"].map(clear), built_in=built_in)

    @property
    def aliasing(self) -> Aliasing:
        """What the design cannot tell apart."""
        return self._both[1]

    @cached_property
    def effects(self) -> pd.DataFrame:
        """The table by term."""
        return self.table.set_index("term")

    def _effects(self, level: float) -> tuple[pd.DataFrame, Aliasing]:
        settings = FactorialSettings(
            order=int(self.results.notes["order"]), level=level, replication=self.results.replication
        )
        return factorial_effects(
            self.results.runs, self.results.design, self.outcome, list(self.names), settings
        )

    def of_order(self, order: int) -> pd.DataFrame:
        """Return the effects of one order, the largest first."""
        rows = self.effects[self.effects["order"] == order]
        return rows.loc[rows["effect"].abs().sort_values(ascending=False, kind="stable").index]

    @cached_property
    def free(self) -> pd.DataFrame:
        """The main effects that are not built in, largest first: only they can be findings."""
        mains = self.of_order(1)
        return mains.loc[~mains["built_in"]]

    @property
    def verdict(self) -> Verdict:
        """What may be said of the factors that are not built in."""
        if self.free.empty:
            return Verdict.ALL_BUILT_IN
        return Verdict.FOUND if self.free["clear"].any() else Verdict.NONE
