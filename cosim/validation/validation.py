"""Validation: every pattern held against the model, as honest about misses as about passes.

A target passes when the median of simulated samples lies in the range that its pattern accepts. Only numbers
that were computed or read count as gates; directions and recalled numbers are told and never decide. What the
model cannot express is listed as not represented.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from cosim.config.plugins import stamps
from cosim.patterns import Expectation, Pattern, Target, patterns
from cosim.patterns.pattern import About
from cosim.validation.directions import Directions, Paired
from cosim.validation.null_models import RIVALS, VARIANTS, WHOLE, Variant
from cosim.validation.simulated import Effort, Sampled, Simulation
from cosim.version import __version__

Verdict = Literal["pass", "miss", "right", "wrong", "unclear", "not represented"]
Weight = Literal["gate", "shown only", "direction only", "set-up"]
"""What a verdict counts for: a gate decides whether the validation passed, the others do not."""


@dataclass(frozen=True)
class Finding:
    """One target or expectation of a pattern, or a pattern that has none, and what the model says to it.

    Attributes
    ----------
    pattern : Pattern
    asked : Target, Expectation or None
    verdict : Verdict
    weight : Weight
    sampled : Sampled or None
        Of a target.
    paired : Paired or None
        Of an expectation.
    """

    pattern: Pattern
    asked: Target | Expectation | None
    verdict: Verdict
    weight: Weight
    sampled: Sampled | None = None
    paired: Paired | None = None

    @property
    def what(self) -> str:
        """What was asked, in a few words."""
        if isinstance(self.asked, Target):
            return self.asked.name
        if isinstance(self.asked, Expectation):
            return f"{self.asked.outcome}: {direction(self.asked)}"
        return self.pattern.title

    @property
    def why(self) -> str:
        """Why there is a miss, or no test; empty where it is not known, or nothing is missed."""
        if self.asked is None:
            return self.pattern.no_test
        if self.verdict == "not represented":
            return self.asked.not_represented if isinstance(self.asked, Target) else ""
        missed = self.verdict in ("miss", "wrong", "unclear")
        return (self.asked.why or self.pattern.why) if missed else ""

    @property
    def status(self) -> str:
        """How the number is known."""
        own = self.asked.status if isinstance(self.asked, Target) else None
        return own or self.pattern.status

    @property
    def source(self) -> str:
        """First place where it is said."""
        return self.pattern.citations[0].text

    def distance(self) -> float:
        """Return how far the median lies from the middle of what is accepted, 1 being its edge.

        For several values the farthest; NaN where nothing was sampled.
        """
        if self.sampled is None or not isinstance(self.asked, Target):
            return float("nan")
        low, high = np.array(self.asked.accepted()).T
        found = np.array(self.sampled.median)
        return float(np.max(np.abs(found - (low + high) / 2.0) / ((high - low) / 2.0)))


@dataclass(frozen=True)
class Validation:
    """Every finding, and what the null models make of the same targets.

    Attributes
    ----------
    findings : tuple of Finding
    nulls : DataFrame
        A row per variant, pattern and target: variant, about, pattern, target, gate, verdict, distance,
        median (the first of several).
    probes : DataFrame
        A row per probed value: pattern, key, value, target, median, verdict.
    effort : Effort
    seconds : float
    version : str
    """

    findings: tuple[Finding, ...]
    nulls: pd.DataFrame
    probes: pd.DataFrame
    effort: Effort
    seconds: float
    version: str = __version__

    @property
    def plugins(self) -> tuple[str, ...]:
        """Packages that brought some of the patterns: name, version and hash of the content of each."""
        return stamps(one.pattern.id for one in self.findings)

    def counted(self, weight: Weight, verdict: Verdict, about: About | None = None) -> int:
        """Return how many findings have a weight and a verdict; all, or those about talk or influence."""
        return sum(
            one.weight == weight and one.verdict == verdict and about in (None, one.pattern.about)
            for one in self.findings
        )

    @property
    def passed(self) -> bool:
        """Whether no gate is missed."""
        return not self.counted("gate", "miss")

    def table(self) -> pd.DataFrame:
        """Return a row per finding, with everything that the page shows."""
        return pd.DataFrame([_row(one) for one in self.findings])


def validate(
    effort: Effort | None = None,
    *,
    known: Mapping[str, Pattern] | None = None,
    nulls: bool = True,
    workers: int = 1,
    report: Callable[[str], None] | None = None,
) -> Validation:
    """Hold every pattern against the model on the compiled engine.

    Parameters
    ----------
    effort : Effort, optional
    known : mapping of str to Pattern, optional
        By default the patterns that come with cosim.
    nulls : bool
        Whether null models and probes are run as well.
    workers : int
        Threads for directions; results do not depend on it.
    report : callable, optional
        Told what is being done.
    """
    effort = effort or Effort()
    rows = known if known is not None else patterns()
    tell = report or (lambda _: None)
    began = time.perf_counter()
    simulation, directions = Simulation(effort), Directions(effort.projects, effort.seed, workers)
    findings: list[Finding] = []
    for one in rows.values():
        tell(f"{one.id} {one.title}")
        findings += _findings(one, simulation, directions)
    tables = (_nulls(rows, effort, findings, tell), _probes(rows, effort, tell)) if nulls else (None, None)
    return Validation(
        tuple(findings),
        pd.DataFrame(columns=NULL_COLUMNS) if tables[0] is None else tables[0],
        pd.DataFrame(columns=PROBE_COLUMNS) if tables[1] is None else tables[1],
        effort,
        time.perf_counter() - began,
    )


def _findings(one: Pattern, simulation: Simulation, directions: Directions) -> Iterator[Finding]:
    if one.setup is None:
        yield Finding(one, None, "not represented", "direction only")
        return
    for target in one.targets:
        yield check(one, target, simulation)
    for expected in one.expectations:
        paired = directions.ask(one.setup, expected)
        yield Finding(one, expected, paired.way, "direction only", paired=paired)


def check(one: Pattern, target: Target, simulation: Simulation) -> Finding:
    """Hold one target against the model."""
    if target.not_represented:
        return Finding(one, target, "not represented", "shown only")
    found = simulation.sample(one, target)
    median = found.median
    met = len(median) == len(target.values) and target.met(median)
    weight: Weight = "gate" if one.gates(target) else "shown only"
    if one.section == "set-up":
        weight = "set-up"
    return Finding(one, target, "pass" if met else "miss", weight, sampled=found)


def direction(expected: Expectation) -> str:
    """Return what an expectation asks, in words."""
    if expected.direction == "interior":
        assert expected.sweep is not None
        return f"highest inside the range of {expected.sweep.key}"
    if expected.value is not None:
        return f"{expected.direction} {expected.value:g}"
    than = _arm_words(expected.than.interventions, expected.than.changes)
    own = _arm_words(expected.arm.interventions, expected.arm.changes)
    return f"{expected.direction} with {own or 'the set-up'}{f' than with {than}' if than else ''}"


def _arm_words(doses: Mapping[str, float], changes: Mapping[str, Any]) -> str:
    told = [name.replace("_", " ") + ("" if dose == 1.0 else f" ({dose:g})") for name, dose in doses.items()]
    return ", ".join([*told, *(f"{key} {value}" for key, value in changes.items())])


# ---------------------------------------------------------------- null models and probes

NULL_COLUMNS: Final = ["variant", "about", "pattern", "target", "gate", "verdict", "distance", "median"]
PROBE_COLUMNS: Final = ["pattern", "key", "value", "target", "median", "low", "high", "verdict"]


def _nulls(
    rows: Mapping[str, Pattern], effort: Effort, whole: list[Finding], tell: Callable[[str], None]
) -> pd.DataFrame:
    """Return every target under every variant; the whole model's findings are known."""
    fewer = Effort(max(10, effort.samples // 4), max(10, effort.groups // 4), effort.projects, effort.seed)
    found = [_null_row(WHOLE, one) for one in whole if one.sampled is not None]
    for variant in (*VARIANTS, *RIVALS):
        if variant is WHOLE:
            continue
        tell(f"null model: {variant.title}")
        simulation = Simulation(fewer, variant)
        for one in rows.values():
            for target in one.targets if one.about == variant.about else ():
                if one.section != "set-up" and not target.not_represented:
                    found.append(_null_row(variant, check(one, target, simulation)))
    table = pd.DataFrame(found, columns=NULL_COLUMNS)
    return table[~table["pattern"].isin([one.id for one in rows.values() if one.section == "set-up"])]


def _null_row(variant: Variant, one: Finding) -> dict[str, Any]:
    return {
        "variant": variant.name,
        "about": one.pattern.about,
        "pattern": one.pattern.id,
        "target": one.what,
        "gate": one.weight == "gate",
        "verdict": one.verdict,
        "distance": one.distance(),
        "median": one.sampled.median[0] if one.sampled is not None else float("nan"),
    }


def _probes(rows: Mapping[str, Pattern], effort: Effort, tell: Callable[[str], None]) -> pd.DataFrame:
    """Return what becomes of a pattern's targets as the parameter moves that it names."""
    fewer = Effort(max(10, effort.samples // 4), max(10, effort.groups // 4), effort.projects, effort.seed)
    found = []
    simulations: dict[tuple[str, float], Simulation] = {}
    for one in rows.values():
        if one.probe is None:
            continue
        tell(f"{one.id}: probing {one.probe.key}")
        for value in one.probe.values:
            place = (one.probe.key, value)
            if place not in simulations:
                simulations[place] = Simulation(fewer, further={one.probe.key: value})
            for target in one.targets:
                checked = check(one, target, simulations[place])
                if checked.sampled is None or len(target.values) > 1:
                    continue
                low, high = checked.sampled.interval[0]
                found.append(
                    {
                        "pattern": one.id,
                        "key": one.probe.key,
                        "value": value,
                        "target": target.name,
                        "median": checked.sampled.median[0],
                        "low": low,
                        "high": high,
                        "verdict": checked.verdict,
                    }
                )
    return pd.DataFrame(found, columns=PROBE_COLUMNS)


def _row(one: Finding) -> dict[str, Any]:
    row: dict[str, Any] = {
        "pattern": one.pattern.id,
        "title": one.pattern.title,
        "asked": one.what,
        "source": one.source,
        "status": one.status,
        "weight": one.weight,
        "target": None,
        "target_interval": None,
        "accepted": None,
        "simulated": None,
        "interval": None,
        "n": None,
        "verdict": one.verdict,
        "built_in": one.paired is not None and one.paired.built_in,
        "why": one.why,
    }
    if isinstance(one.asked, Target):
        row["target"], row["target_interval"] = list(one.asked.values), one.asked.interval
        row["accepted"] = list(one.asked.accepted())
    if one.sampled is not None:
        row["simulated"], row["interval"] = list(one.sampled.median), list(one.sampled.interval)
        row["n"] = f"{len(one.sampled.values)} x {one.sampled.size} {one.sampled.unit}"
    if one.paired is not None:
        row["simulated"] = [one.paired.difference]
        row["interval"] = [(one.paired.low, one.paired.high)]
        row["n"] = f"{one.paired.n} pairs"
    return row
