"""Design points, run numbers, and the hash that says whether two studies are the same study."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cosim.errors import ConfigError
from cosim.execution.points import (
    DUMMY,
    Listed,
    Point,
    Points,
    Value,
    changed_keys,
    number_points,
    used_interventions,
    without_dummy,
)

__all__ = [
    "DUMMY",
    "MAX_RUNS",
    "MAX_SEED",
    "Design",
    "Point",
    "Value",
    "canonical_json",
    "changed_keys",
    "number_points",
    "run_number",
    "used_interventions",
    "without_dummy",
]

MAX_SEED = 2**63 - 1
MAX_RUNS = 2**40


@dataclass(frozen=True)
class Design:
    """All points of a study and how often each is run.

    Attributes
    ----------
    points : sequence of Point
        Numbered 0, 1, 2, ... in order. Those that a study kind has made are `Points`: made when asked for.
    replicates : int
        Runs per point; run number = point * replicates + replicate.
    seed : int
        1 .. 2**63 - 1.
    subject : mapping
        Plain description of what is run (see `Subject.describe`).
    kind : str
        The study kind that made the design.
    notes : mapping
        What the analysis of that kind needs to know of the design (factor names, groups, sample size ...), as
        plain data.

    Raises
    ------
    ConfigError
        When there is nothing to run, too much, a bad seed, or points out of order.
    """

    points: Sequence[Point]
    replicates: int
    seed: int
    subject: Mapping[str, Any] = field(default_factory=dict)
    kind: str = "compare"
    notes: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.points:
            raise ConfigError("the study has no design points: there is nothing to run")
        if not 1 <= self.seed <= MAX_SEED:
            raise ConfigError("out of range", key="seed", value=self.seed, allowed="1 to 9223372036854775807")
        if self.replicates < 1:
            raise ConfigError("out of range", key="replicates", value=self.replicates, allowed=">= 1")
        if self.runs > MAX_RUNS:
            raise ConfigError(
                f"the study has {self.runs:,} runs, more than can be numbered", key="replicates"
            )
        for number, point in enumerate(() if isinstance(self.points, Points) else self.points):
            if point.point != number:
                raise ConfigError(f"design point {point.point} stands at place {number}")

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.points) * self.replicates

    @cached_property
    def hash(self) -> str:
        """SHA-256 of everything that fixes the results: points, replicates, seed and subject."""
        digest = hashlib.sha256()
        head = {"replicates": self.replicates, "seed": self.seed, "subject": self.subject, "kind": self.kind}
        digest.update(canonical_json({**head, "notes": self.notes}).encode())
        for point in self.points:
            row = [point.world, point.arm, dict(point.changes), list(point.interventions.items())]
            digest.update(canonical_json(row).encode())
        return digest.hexdigest()

    @property
    def arms(self) -> Sequence[str]:
        """Names of the arms, in order of first appearance."""
        return self._lazy.arms

    @property
    def worlds(self) -> int:
        """Number of different worlds."""
        return self._lazy.worlds

    @property
    def held(self) -> int:
        """Bytes that are held while points are being made."""
        return self._lazy.held

    def typical(self) -> Sequence[Point]:
        """Return points in which every changed key, intervention and type of value stands."""
        return self._lazy.typical()

    @cached_property
    def _lazy(self) -> Points:
        return self.points if isinstance(self.points, Points) else Listed(self.points)


def run_number(point: int, replicate: int, replicates: int) -> int:
    """Return the number of a run; the one place where it is defined."""
    return point * replicates + replicate


def canonical_json(data: Any) -> str:
    """Write plain data in one way only: keys sorted, no spaces, shortest exact decimals, finite numbers."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
