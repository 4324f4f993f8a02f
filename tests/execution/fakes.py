"""Small subjects with known answers, for testing everything around the model without the model."""

from __future__ import annotations

import hashlib
import math
import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from cosim.errors import ConfigError, nearest_name
from cosim.execution.chunks import blocks
from cosim.execution.design import Design, Point, number_points
from cosim.execution.evaluator import Tables
from cosim.execution.factor import Factor
from cosim.execution.seeds import world_seed


def uniform(seed: int, replicate: int) -> float:
    """A number in [0, 1) that depends on nothing but its arguments."""
    digest = hashlib.sha256(f"{seed}/{replicate}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


@dataclass(frozen=True)
class Toy:
    """effect = x + 2 * dose of 'louder' + noise; everything that can go wrong can be asked for."""

    noise: float = 0.1
    seconds: float = 0.0
    failing: tuple[tuple[int, int], ...] = ()
    dying: tuple[tuple[int, int], ...] = ()
    die_once: str = ""
    people: int = 0
    tamper: Callable[[Tables], Tables] | None = field(default=None, compare=False)

    name: str = "toy"

    def describe(self) -> Mapping[str, Any]:
        return {"toy": self.noise}

    def factors(self) -> Sequence[Factor]:
        return (
            Factor("floor.x", "uncertainty", 0.0, 1.0),
            Factor("floor.y", "uncertainty", -1.0, 1.0),
            Factor("team.count", "uncertainty", 1, 4, kind="int"),
            Factor("rule.form", "uncertainty", kind="choice", choices=("plain", "rich")),
            Factor("facilitation.dial", "lever", 0.0, 1.0),
        )

    def interventions(self) -> Sequence[str]:
        return ("louder", "softer", "slower")

    def outcomes(self) -> Sequence[str]:
        return ("effect", "minutes", "winner")

    def check(self, point: Point) -> None:
        known = [factor.key for factor in self.factors()]
        for key, value in point.changes.items():
            if key not in known:
                raise ConfigError("there is no such parameter", key=key, nearest=nearest_name(key, known))
            if key.startswith("facilitation") and not 0 <= float(value) <= 1:  # type: ignore[arg-type]
                raise ConfigError("out of range", key=key, value=value, allowed="0 to 1")
        for name in point.interventions:
            if name not in self.interventions():
                near = nearest_name(name, self.interventions())
                raise ConfigError("there is no such intervention", value=name, nearest=near)
        if {"louder", "softer"} <= set(point.interventions):
            raise ConfigError("louder and softer contradict each other")

    def __call__(self, points: Sequence[Point], replicates: range, seed: int) -> Tables:
        if self.die_once and not Path(self.die_once).exists():
            Path(self.die_once).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        rows, people = [], []
        for point in points:
            for replicate in replicates:
                if (point.point, replicate) in self.dying:
                    os.kill(os.getpid(), signal.SIGKILL)
                if (point.point, replicate) in self.failing:
                    raise ValueError(f"run {point.point}/{replicate} went wrong in {object()}")
                rows.append(self._run(point, replicate, world_seed(seed, point.world)))
                people += [
                    (point.point, replicate, person, "researcher" if person else "patient", 1 / self.people)
                    for person in range(self.people)
                ]
        time.sleep(self.seconds * len(rows))
        tables = {"runs": pd.DataFrame(rows, columns=["point", "replicate", *self.outcomes()])}
        if self.people:
            tables["people"] = pd.DataFrame(
                people, columns=["point", "replicate", "person", "role", "voice_share"]
            )
        return self.tamper(tables) if self.tamper else tables

    def _run(self, point: Point, replicate: int, seed: int) -> tuple[int, int, float, int, str]:
        x = float(point.changes.get("floor.x", 0.5))  # type: ignore[arg-type]
        u = uniform(seed, replicate)
        effect = x + 2 * point.interventions.get("louder", 0.0) + self.noise * (u - 0.5)
        return (point.point, replicate, effect, int(60 + 10 * u), "public" if u > 0.5 else "lead")


@dataclass(frozen=True)
class Blocky(Toy):
    """A toy whose people table has a row per block of replicates, as the team model's has."""

    def __call__(self, points: Sequence[Point], replicates: range, seed: int) -> Tables:
        tables = super().__call__(points, replicates, seed)
        runs = tables["runs"].set_index(["point", "replicate"])["effect"]
        rows = [
            (point.point, block[0], len(block), sum(runs[point.point, r] for r in block) / len(block))
            for point in points
            for block in blocks(replicates)
        ]
        tables["people"] = pd.DataFrame(rows, columns=["point", "replicate", "replicates", "effect"])
        return tables


@dataclass(frozen=True)
class Ishigami:
    """sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, with noise on request: known Sobol' indices."""

    noise: float = 0.0
    name: str = "ishigami"

    def describe(self) -> Mapping[str, Any]:
        return {"ishigami": self.noise}

    def factors(self) -> Sequence[Factor]:
        return tuple(Factor(f"x{i}", "uncertainty", -math.pi, math.pi) for i in (1, 2, 3))

    def interventions(self) -> Sequence[str]:
        return ()

    def outcomes(self) -> Sequence[str]:
        return ("y",)

    def check(self, point: Point) -> None:
        assert set(point.changes) <= {"x1", "x2", "x3"}

    def __call__(self, points: Sequence[Point], replicates: range, seed: int) -> Tables:
        rows = []
        for point in points:
            x1, x2, x3 = (float(point.changes.get(f"x{i}", 0.0)) for i in (1, 2, 3))  # type: ignore[arg-type]
            y = math.sin(x1) + 7 * math.sin(x2) ** 2 + 0.1 * x3**4 * math.sin(x1)
            for replicate in replicates:
                z = uniform(world_seed(seed, point.world), replicate) - 0.5
                rows.append((point.point, replicate, y + self.noise * z))
        return {"runs": pd.DataFrame(rows, columns=["point", "replicate", "y"])}


def toy_design(points: int = 10, replicates: int = 4, seed: int = 7) -> Design:
    """A design of two arms in points / 2 worlds."""
    rows = [
        (world, arm, {"floor.x": world / 10}, doses)
        for world in range(points // 2)
        for arm, doses in (("baseline", {}), ("louder", {"louder": 1.0}))
    ]
    return Design(number_points(rows), replicates, seed, {"toy": 0.1})
