"""The search for bundles: a planted front is found, and a stopped search goes on to the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from cosim.analysis.pareto import costs_of, non_dominated
from cosim.analysis.tables import UnusableRunsError
from cosim.errors import ConfigError, CosimError
from cosim.execution.chunks import Shard
from cosim.execution.design import Point
from cosim.execution.evaluator import Tables
from cosim.execution.executors import local
from cosim.execution.factor import Factor
from cosim.execution.seeds import world_seed
from cosim.studies.config import check_config, config_from_text
from cosim.studies.rerun import compare_folders
from cosim.studies.study import Study, _Plain
from tests.execution.fakes import uniform
from tests.execution.studies import parts, results

NAMES = tuple(f"way{k}" for k in range(10))
GOOD = {"way1": 0.2, "way4": 0.3, "way7": 0.1}
TEXT = """\
study: bundles
scenario: planted
search:
  together: 5
  objectives: {gap: min, minutes: min}
  limits: {minutes: 45.0}
  exhaustive_up_to: 50
  evaluations: 240
  population: 24
worlds: {count: 2}
replicates: 2
seed: 3
output: {runs_per_chunk: 40}
"""


@dataclass(frozen=True)
class Planted:
    """Three of ten ways of working close the gap; all take time, more of it in some worlds."""

    left: list[int] | None = field(default=None, compare=False)
    bad: str = ""
    seconds: float = 0.0
    name: str = "planted"

    def describe(self) -> Mapping[str, Any]:
        return {"planted": True}

    def factors(self) -> Sequence[Factor]:
        return (Factor("hall.distance", "uncertainty", 0.5, 1.5),)

    def interventions(self) -> Sequence[str]:
        return NAMES

    def outcomes(self) -> Sequence[str]:
        return ("gap", "minutes")

    def check(self, point: Point) -> None:
        if {"way2", "way3"} <= set(point.interventions):
            raise ConfigError("way2 and way3 contradict each other")

    def __call__(self, points: Sequence[Point], replicates: range, seed: int) -> Tables:
        if self.left is not None:
            if not self.left[0]:
                raise MemoryError
            self.left[0] -= 1
        time.sleep(self.seconds)
        rows = []
        for point in points:
            distance = float(point.changes["hall.distance"])  # type: ignore[arg-type]
            for replicate in replicates:
                if self.bad and self.bad in point.interventions:
                    raise ValueError("this way does not work")
                noise = uniform(world_seed(seed, point.world), replicate)
                gap, minutes = outcome(point.interventions)
                rows.append((point.point, replicate, gap + 0.01 * noise, minutes * distance))
        return {"runs": pd.DataFrame(rows, columns=["point", "replicate", "gap", "minutes"])}


def outcome(members: Mapping[str, float] | Sequence[str]) -> tuple[float, float]:
    return 1.0 - sum(GOOD.get(name, 0.0) for name in members), 10.0 * len(members)


def study(subject: Planted | None = None, text: str = TEXT) -> Study:
    return Study(check_config(config_from_text(text, Path("c.yaml")), lambda *_: subject or Planted()))


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("search") / "out"
    study().run(path)
    return path


def means(folder: Path) -> pd.DataFrame:
    return pd.read_parquet(folder / "runs.parquet").groupby("arm")[["gap", "minutes"]].mean()


def test_the_planted_front_is_found(calm: Path) -> None:
    table = means(calm)
    assert 100 < len(table) < 300, "a search, not all 600 sets"
    within = table[table["minutes"] <= 45.0]
    found = set(within.index[non_dominated(costs_of(within, {"gap": "min", "minutes": "min"}))])
    # For each number of minutes the best set is the one of the strongest ways.
    assert found == {"baseline", "way4", "way1+way4", "way1+way4+way7"}


def test_every_set_is_run_once_in_every_world(calm: Path) -> None:
    design = pd.read_parquet(calm / "design.parquet")
    assert design["point"].tolist() == list(range(len(design)))
    assert not design.duplicated(["arm", "world"]).any()
    assert set(design.groupby("arm")["world"].nunique()) == {2}
    assert not any({"way2", "way3"} <= set(arm.split("+")) for arm in design["arm"])
    assert max(arm.count("+") for arm in design["arm"]) == 4
    runs = pd.read_parquet(calm / "runs.parquet")
    assert runs["run"].tolist() == list(range(2 * len(design)))
    assert not (calm / "parts").exists()


def test_a_search_may_go_by_an_outcome_that_the_study_defines(tmp_path: Path) -> None:
    text = TEXT.replace("gap: min", "net: min") + 'outcomes: {net: "200 * gap + minutes"}\n'
    by_net = study(text=text)
    by_net.run(tmp_path)
    table = means(tmp_path)
    assert 100 < len(table) < 300, "a search, not all 600 sets"
    table["net"] = 200 * table["gap"] + table["minutes"]
    within = table[table["minutes"] <= 45.0]
    found = set(within.index[non_dominated(costs_of(within, {"net": "min", "minutes": "min"}))])
    assert found == {"baseline", "way4", "way1+way4", "way1+way4+way7"}
    other = study(text=text.replace("200", "100"))
    assert other.design.hash != by_net.design.hash, "what a search chooses by is part of what it is"
    told = study(text=TEXT + 'outcomes: {net: "200 * gap + minutes"}\n')
    assert told.design.hash == study().design.hash, "what is only told of is not"


@pytest.mark.parametrize("chunks", [0, 1, 6, 17])
def test_a_stopped_search_goes_on_to_the_same_bytes(calm: Path, tmp_path: Path, chunks: int) -> None:
    folder = tmp_path / "out"
    with pytest.raises(CosimError, match="memory"):
        study(Planted(left=[chunks])).run(folder, workers=_Plain(local("threads", 1)))
    assert len(parts(folder)) == chunks
    assert not (folder / "runs.parquet").exists()
    study().run(folder, resume=True)
    assert results(folder) == results(calm)


def test_any_number_of_workers_gives_the_same_bytes(calm: Path, tmp_path: Path) -> None:
    study().run(tmp_path / "out", workers=_Plain(local("threads", 4)))
    assert results(tmp_path / "out") == results(calm)
    assert compare_folders(calm, tmp_path / "out").identical


def test_a_finished_search_is_not_run_again(calm: Path) -> None:
    before = results(calm)
    tally = study(Planted(left=[0])).run(calm, resume=True)
    assert tally.runs == 0
    assert results(calm) == before


@pytest.mark.slow
def test_a_killed_search_goes_on_to_the_same_bytes(calm: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tests.studies.test_adaptive import Planted, study; "
        "study(Planted(seconds=0.1)).run(Path(sys.argv[1]), resume=True)"
    )
    folder, kills = tmp_path / "out", 0
    for wait in (0.3, 0.9, 1.4):
        root = Path(__file__).resolve().parents[2]
        process = subprocess.Popen([sys.executable, "-c", code, str(folder)], cwd=root)
        while process.poll() is None and not list(folder.glob("parts/*")):
            time.sleep(0.05)
        time.sleep(wait)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
    assert kills >= 1
    study().run(folder, resume=True)
    assert results(folder) == results(calm)


def test_what_a_search_cannot_bear_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnusableRunsError, match=r"runs failed: run.*this way does not work"):
        study(Planted(bad="way4")).run(tmp_path / "bad")
    with pytest.raises(ConfigError, match="cannot be cut into shards"):
        study().run(tmp_path / "part", shard=Shard(1, 2))
    with pytest.raises(ConfigError, match="fewer evaluations than one generation"):
        study(text=TEXT.replace("evaluations: 240", "evaluations: 20"))


def test_listed_bundles_are_run_and_nothing_else(tmp_path: Path) -> None:
    listed = study(text=TEXT + "bundles: {pair: [way1, way4]}\n")
    assert not listed.grows
    listed.run(tmp_path / "out")
    assert set(means(tmp_path / "out").index) == {"baseline", "pair"}


def test_an_estimate_counts_what_a_search_may_ask_for() -> None:
    assert study().most_points == 2 * (1 + len(NAMES)) + 2 * 240
