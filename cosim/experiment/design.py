"""Design points, run numbers, and the hash that says whether two studies are the same study."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from cosim.errors import ConfigError

Value = float | int | bool | str | list[Any]
MAX_SEED = 2**63 - 1
MAX_RUNS = 2**40
DUMMY = "dummy"
"""A changed key that no subject ever sees: what it seems to do is what chance alone does."""


@dataclass(frozen=True, slots=True)
class Point:
    """One setting to be run: a world (what nobody controls) and an arm (what somebody chose).

    Attributes
    ----------
    point : int
        Number of the point in its design, from 0.
    world : int
        Points of one world share their uncertain values and, replicate by replicate, their luck.
    arm : str
        Name of what was chosen; ``baseline`` for nothing.
    changes : dict
        Dotted scenario keys and the values they take.
    interventions : dict
        Intervention names and their dose (0..1), in the order in which they are applied.
    """

    point: int
    world: int = 0
    arm: str = "baseline"
    changes: Mapping[str, Value] = field(default_factory=dict)
    interventions: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Design:
    """All points of a study and how often each is run.

    Attributes
    ----------
    points : tuple of Point
        Numbered 0, 1, 2, ... in order.
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

    points: tuple[Point, ...]
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
        for number, point in enumerate(self.points):
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
    def arms(self) -> tuple[str, ...]:
        """Names of the arms, in order of first appearance."""
        return tuple(dict.fromkeys(point.arm for point in self.points))

    @property
    def worlds(self) -> int:
        """Number of different worlds."""
        return len(dict.fromkeys(point.world for point in self.points))


def run_number(point: int, replicate: int, replicates: int) -> int:
    """Return the number of a run; the one place where it is defined."""
    return point * replicates + replicate


def canonical_json(data: Any) -> str:
    """Write plain data in one way only: keys sorted, no spaces, shortest exact decimals, finite numbers."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def luck_seed(seed: int, world: int) -> int:
    """Return the seed that every point of one world is run with.

    Points of the same world share their luck, so that their differences are paired; different worlds have
    different luck, so that averaging over worlds also averages luck. World 0 keeps the study's own seed: a
    study without sampled worlds gives exactly what ``cosim.simulate`` gives with that seed.

    Parameters
    ----------
    seed : int
        1 .. 2**63 - 1.
    world : int
        From 0.

    Returns
    -------
    int
        1 .. 2**63 - 1.

    Notes
    -----
    The finaliser is SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195).
    """
    if world == 0:
        return seed
    mask = 2**64 - 1
    mixed = (seed + world * 0x9E3779B97F4A7C15) & mask
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
    mixed ^= mixed >> 31
    return max(mixed >> 1, 1)


def without_dummy(points: Sequence[Point]) -> Sequence[Point]:
    """Return points as a subject sees them."""
    return [
        replace(point, changes={key: value for key, value in point.changes.items() if key != DUMMY})
        if DUMMY in point.changes
        else point
        for point in points
    ]


def number_points(
    rows: Iterable[tuple[int, str, Mapping[str, Value], Mapping[str, float]]],
) -> tuple[Point, ...]:
    """Make points of (world, arm, changes, interventions) rows, numbered from 0."""
    return tuple(
        Point(number, world, arm, dict(changes), dict(interventions))
        for number, (world, arm, changes, interventions) in enumerate(rows)
    )


def changed_keys(points: Sequence[Point]) -> list[str]:
    """Return every dotted key that some point changes, in order of first appearance."""
    return list(dict.fromkeys(key for point in points for key in point.changes))


def used_interventions(points: Sequence[Point]) -> list[str]:
    """Return every intervention that some point uses, in order of first appearance."""
    return list(dict.fromkeys(name for point in points for name in point.interventions))
