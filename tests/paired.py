"""Paired runs for tests: common random numbers in two scenarios, and the interval of the mean difference."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cosim.catalogue import load_scenario
from cosim.outcomes import OUTCOME_NAMES
from cosim.scenario import Scenario
from cosim.scenario.plan import resolve
from cosim.simulation.simulation import run_compiled, simulate

SEED = 20_25
Z = 1.96


@dataclass(frozen=True)
class Interval:
    """A mean with its 95 % interval over n replicates."""

    mean: float
    error: float
    n: int

    @property
    def low(self) -> float:
        return self.mean - Z * self.error

    @property
    def high(self) -> float:
        return self.mean + Z * self.error

    @property
    def above(self) -> bool:
        """Whether the whole interval lies above 0."""
        return self.low > 0.0

    @property
    def below(self) -> bool:
        return self.high < 0.0

    def __str__(self) -> str:
        return f"{self.mean:+.4f} [{self.low:+.4f}, {self.high:+.4f}], n = {self.n}"


def interval(values: Any) -> Interval:
    """The interval of the mean of independent values."""
    values = np.asarray(values, dtype=float)
    return Interval(float(values.mean()), float(values.std(ddof=1)) / math.sqrt(len(values)), len(values))


@functools.lru_cache(maxsize=400)
def outcomes(scenario: Scenario, n: int) -> pd.DataFrame:
    """Outcomes of n replicates, a column per outcome."""
    runs = run_compiled(resolve(scenario)[0], range(n), SEED, people=False, workers=2).runs
    return pd.DataFrame(runs, columns=list(OUTCOME_NAMES))


@functools.lru_cache(maxsize=50)
def people(scenario: Scenario, n: int) -> pd.DataFrame:
    """A row per replicate and member."""
    return simulate(scenario, replicates=n, seed=SEED, workers=2).people


def change(one: Scenario, other: Scenario, outcome: str, n: int) -> Interval:
    """How much higher an outcome is in the other scenario, replicate by replicate."""
    return interval(outcomes(other, n)[outcome] - outcomes(one, n)[outcome])


def mean(scenario: Scenario, outcome: str, n: int) -> Interval:
    """The mean of an outcome."""
    return interval(outcomes(scenario, n)[outcome])


@functools.cache
def team(name: str = "research_team", minutes: float = 20.0) -> Scenario:
    """A scenario of the catalogue with short meetings: the same story in a fraction of the time."""
    scenario = load_scenario(name)
    share = minutes / 90.0
    changes: dict[str, Any] = {"phases.*.minutes": minutes}
    changes["agenda.minutes_per_item"] = max(1.0, round(scenario.agenda.minutes_per_item * share, 2))
    return scenario.replace(changes)


def effect(scenario: Scenario, changes: Mapping[str, Any], outcome: str, n: int) -> Interval:
    """How much an outcome changes when some keys do."""
    return change(scenario, scenario.replace(changes), outcome, n)
