"""Builders of run tables with known content; always shuffled, so that nothing leans on the order of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest

ArmRuns = Callable[[Mapping[str, Mapping[str, np.ndarray]]], pd.DataFrame]
PointRuns = Callable[..., pd.DataFrame]


@pytest.fixture
def arm_runs() -> ArmRuns:
    """Run table from arm -> outcome -> array of worlds by replicates."""

    def build(arms: Mapping[str, Mapping[str, np.ndarray]]) -> pd.DataFrame:
        tables = []
        for a, (arm, outcomes) in enumerate(arms.items()):
            shape = next(iter(outcomes.values())).shape
            world, replicate = np.indices(shape).reshape(2, -1)
            point = world + a * 10_000
            table = pd.DataFrame(
                {"run": point * shape[1] + replicate, "point": point, "world": world, "arm": arm}
            )
            table["replicate"] = replicate
            for outcome, values in outcomes.items():
                table[outcome] = np.asarray(values, dtype=float).reshape(-1)
            tables.append(table.assign(error=None))
        return pd.concat(tables, ignore_index=True).sample(frac=1.0, random_state=np.random.default_rng(8))

    return build


@pytest.fixture
def point_runs() -> PointRuns:
    """Run table from an array of points by replicates."""

    def build(values: np.ndarray, outcome: str = "y") -> pd.DataFrame:
        values = np.asarray(values, dtype=float)
        point, replicate = np.indices(values.shape).reshape(2, -1)
        table = pd.DataFrame(
            {"run": point * values.shape[1] + replicate, "point": point, "world": 0, "arm": "a"}
        )
        table["replicate"] = replicate
        table[outcome] = values.reshape(-1)
        return table.assign(error=None).sample(frac=1.0, random_state=np.random.default_rng(8))

    return build


@pytest.fixture
def point_design() -> Callable[[np.ndarray, list[str]], pd.DataFrame]:
    """Design table from an array of points by factors."""

    def build(values: np.ndarray, names: list[str]) -> pd.DataFrame:
        table = pd.DataFrame(values, columns=names).assign(world=0, arm="a")
        table.insert(0, "point", np.arange(len(table)))
        return table.sample(frac=1.0, random_state=np.random.default_rng(9))

    return build
