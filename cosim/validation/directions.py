"""Directions: what should be higher or lower than what, asked of projects paired by common random numbers."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from cosim.engine.batch import run_compiled
from cosim.interventions import INTERVENTIONS, built_in_by
from cosim.meeting_logs.turn_statistics import Floats
from cosim.outcomes import OUTCOME_NAMES
from cosim.patterns import Expectation, Setup
from cosim.scenario import Scenario
from cosim.scenario.plan import resolve

Way = Literal["right", "wrong", "unclear"]


@dataclass(frozen=True)
class Paired:
    """What paired projects say of an expectation.

    Attributes
    ----------
    difference, low, high : float
        Mean of arm less comparison (or less the number given) and its 95 % t interval. For an interior
        optimum: the best inner value less the better end.
    effect : float
        The difference in SDs of a single project of the comparison; NaN where it does not vary.
    n : int
        Pairs of projects.
    way : {"right", "wrong", "unclear"}
        Unclear when the interval holds 0.
    built_in : bool
        Whether a rule of the arm brings the outcome about by construction, so that it is no finding.
    """

    difference: float
    low: float
    high: float
    effect: float
    n: int
    way: Way
    built_in: bool


@dataclass
class Directions:
    """Runs the arms of expectations, each scenario once.

    Parameters
    ----------
    projects : int
        Of each arm.
    seed : int
    workers : int
    """

    projects: int
    seed: int = 1
    workers: int = 1
    _runs: dict[str, Floats] = field(init=False, default_factory=dict)

    def ask(self, setup: Setup, expected: Expectation) -> Paired:
        """Compare the arms of an expectation."""
        arm = self._outcome(setup.build(expected.arm), expected.outcome)
        built_in = is_built_in(expected)
        if expected.direction == "interior":
            return self._interior(setup, expected, built_in)
        if expected.value is not None:
            other = np.full(len(arm), expected.value)
            spread = _sd(arm)
        else:
            other = self._outcome(setup.build(expected.than), expected.outcome)
            spread = _sd(other)
        up = expected.direction in ("higher", "above")
        return _paired(arm - other, spread, up=up, built_in=built_in)

    def _interior(self, setup: Setup, expected: Expectation, built_in: bool) -> Paired:
        assert expected.sweep is not None
        each = [
            self._outcome(setup.build(expected.arm, {expected.sweep.key: value}), expected.outcome)
            for value in expected.sweep.values
        ]
        inner = max(each[1:-1], key=lambda values: float(values.mean()))
        end = max((each[0], each[-1]), key=lambda values: float(values.mean()))
        return _paired(inner - end, _sd(end), up=True, built_in=built_in)

    def _outcome(self, scenario: Scenario, outcome: str) -> Floats:
        if scenario.identity not in self._runs:
            plan = resolve(scenario)[0]
            rows = run_compiled(plan, range(self.projects), self.seed, workers=self.workers, people=False)
            self._runs[scenario.identity] = rows.runs
        return np.asarray(self._runs[scenario.identity][:, OUTCOME_NAMES.index(outcome)])


def is_built_in(expected: Expectation) -> bool:
    """Say whether what differs between the arms moves the outcome by construction of a rule."""
    used = [name for name in expected.arm.interventions if name not in expected.than.interventions]
    keys = {*expected.arm.changes, *expected.than.changes}
    if expected.sweep is not None:
        keys.add(expected.sweep.key)
    found = [*(INTERVENTIONS[name].built_in for name in used), *map(built_in_by, keys)]
    return any(expected.outcome in each for each in found)


def _sd(values: Floats) -> float:
    return float(np.nanstd(values, ddof=1))


def _paired(differences: Floats, spread: float, *, up: bool, built_in: bool) -> Paired:
    from scipy import stats

    known = differences[~np.isnan(differences)]
    n = len(known)
    mean = float(known.mean()) if n else math.nan
    half = math.nan
    if n > 1:
        half = float(stats.t.ppf(0.975, n - 1) * known.std(ddof=1) / math.sqrt(n))
    low, high = mean - half, mean + half
    way: Way = "unclear"
    if low > 0.0 or high < 0.0:
        way = "right" if (low > 0.0) == up else "wrong"
    effect = mean / spread if spread > 0.0 else math.nan
    return Paired(mean, low, high, effect, n, way, built_in)
