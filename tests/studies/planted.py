"""Output folders with planted results: what a report must say of them is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cosim.catalogue import load_scenario

BASE = {
    "influence_gini": 0.40,
    "influence_parity_public": 0.50,
    "influence_parity_researcher": 1.60,
    "influence_parity_provider": 0.90,
    "influence_parity_policymaker": 0.80,
    "voice_gini": 0.30,
    "voice_parity_public": 0.60,
    "minutes": 360.0,
    "money": 500.0,
}

SOME = (*BASE, "decision_quality", "acceptability_mean", "ties_gained", "interruptions", "attendance_public")
"""Outcomes that suffice for every section of the report."""


@dataclass(frozen=True)
class Way:
    """An arm: what it consists of, and by how much it shifts outcomes against the baseline."""

    doses: Mapping[str, float] = field(default_factory=dict)
    shift: Mapping[str, float] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    spread: float = 0.002


def single(name: str, **shift: float) -> Way:
    return Way({name: 1.0}, shift)


@dataclass(frozen=True)
class Shape:
    worlds: int = 12
    replicates: int = 4
    outcomes: Sequence[str] = SOME
    title: str = "Which ways of working equalise influence?"
    question: str = "Which ways of working share influence most evenly?"
    scenario: Any = "research_team"
    settings: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 7
    notes: Mapping[str, Any] = field(default_factory=dict)


def plant(folder: Path, ways: Mapping[str, Way], shape: Shape | None = None) -> Path:
    """Write the folder of a comparison of `ways` with a baseline."""
    shape = shape or Shape()
    arms = {"baseline": Way(), **ways}
    design, runs = _tables(arms, shape)
    folder.mkdir(parents=True, exist_ok=True)
    design.to_parquet(folder / "design.parquet")
    runs.to_parquet(folder / "runs.parquet")
    notes = {"against": "baseline", "arms": list(arms), "top": 3, "luck": "nested", **shape.notes}
    write_provenance(folder, "compare", notes, shape, arms=arms)
    return folder


def write_provenance(
    folder: Path, kind: str, notes: Mapping[str, Any], shape: Shape, arms: Mapping[str, Way] | None = None
) -> None:
    scenario = (
        load_scenario(shape.scenario).to_dict() if isinstance(shape.scenario, str) else dict(shape.scenario)
    )
    changed = {
        name: {"with": dict(way.doses), "set": dict(way.changes)}
        for name, way in (arms or {}).items()
        if way.changes
    }
    config = {
        "study": kind,
        "title": shape.title,
        "question": shape.question,
        "scenario": scenario,
        "arms": changed,
        "worlds": {"count": shape.worlds, "over": "all", "sampler": "sobol"},
        **shape.settings,
    }
    record = {
        "software": {"name": "cosim", "version": "9.9.9", "code": "9.9.9+abc", "git": None},
        "platform": {"system": "Linux", "machine": "x86_64", "python": "3.12.1", "package numpy": "2.0"},
        "study": {
            "name": "planted",
            "kind": kind,
            "run_id": "0123456789ab",
            "design": "0123456789ab" + "0" * 52,
            "worlds": shape.worlds,
            "replicates": shape.replicates,
            "seed": shape.seed,
            "engine": "compiled",
            "notes": dict(notes),
            "config": config,
        },
        "resources": {"seconds": 12.5},
        "started": "2026-01-02T03:04:05+00:00",
        "ended": "2026-01-02T03:05:05+00:00",
    }
    (folder / "provenance.json").write_text(json.dumps(record), encoding="utf-8")
    (folder / "config.yaml").write_text("study: compare  # <planted> & escaped\n", encoding="utf-8")


def _tables(arms: Mapping[str, Way], shape: Shape) -> tuple[pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(shape.seed)
    interventions = list(dict.fromkeys(name for way in arms.values() for name in way.doses))
    size = (shape.worlds, shape.replicates)
    shared = {
        name: rng.normal(0, 0.02, (shape.worlds, 1)) + rng.normal(0, 0.01, size) for name in shape.outcomes
    }
    design: list[dict[str, Any]] = []
    runs: list[pd.DataFrame] = []
    for order, (name, way) in enumerate(arms.items()):
        for world in range(shape.worlds):
            row = {"point": world * len(arms) + order, "world": world, "arm": name, "seed": 1 + world}
            row["floor.returning"] = 1.0 + world / 10
            design.append(row | {f"with.{each}": float(way.doses.get(each, 0.0)) for each in interventions})
        worlds, replicates = (index.ravel() for index in np.indices(size))
        points = worlds * len(arms) + order
        table = pd.DataFrame(
            {
                "run": points * shape.replicates + replicates,
                "point": points,
                "world": worlds,
                "arm": name,
                "replicate": replicates,
            }
        )
        spread = way.spread if order else 0.0
        for each in shape.outcomes:
            values = shared[each] - shared[each].mean() + rng.normal(0, spread, size)
            table[each] = (BASE.get(each, 0.5) + values + way.shift.get(each, 0.0)).ravel()
        table["error"] = None
        runs.append(table)
    order_of = pd.DataFrame(design).sort_values("point", ignore_index=True)
    return order_of, pd.concat(runs).sort_values("run", ignore_index=True)
