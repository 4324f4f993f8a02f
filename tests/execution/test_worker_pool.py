"""Workers that die: whole blocks of replicates, so that the people table does not depend on who died when."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import CancelledError, Executor, Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pandas as pd
import pytest

from cosim.execution.chunks import blocks
from cosim.execution.design import Design
from cosim.execution.executors import Workers
from cosim.execution.runner import Interrupted
from cosim.execution.tasks import Task
from cosim.execution.worker_pool import ExecutorError
from tests.execution.fakes import Blocky, toy_design
from tests.execution.studies import results, run

DESIGN = toy_design(2, 50)
Fate = Callable[[Task], bool]


class Mortal(Executor):
    """Does its work at once; dies, as a process pool does, when fate has it so."""

    def __init__(self, fate: Fate) -> None:
        self.fate, self.dead = fate, False

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        if self.dead:
            raise BrokenProcessPool
        future: Future = Future()
        if self.fate(args[1]):
            self.dead = True
            future.set_exception(BrokenProcessPool())
        else:
            future.set_result(fn(*args))
        return future


def mortals(fate: Fate) -> Workers:
    return Workers(2, lambda: Mortal(fate), isolated=True)


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("calm")
    run(DESIGN, Blocky(), path, per_chunk=40)
    assert len(pd.read_parquet(path / "people.parquet")) == 6
    return results(path)


@pytest.mark.parametrize("per_chunk", [20, 40, 1000])
@pytest.mark.parametrize("deaths", [1, 2, 3, 4, 5])
def test_deaths_in_a_row_do_not_show_in_any_table(
    deaths: int, per_chunk: int, calm: dict[str, bytes], tmp_path: Path
) -> None:
    left = [deaths]

    def fate(task: Task) -> bool:
        left[0] -= 1
        return left[0] >= 0

    run(DESIGN, Blocky(), tmp_path, per_chunk=per_chunk, workers=mortals(fate))
    assert results(tmp_path) == calm


@pytest.mark.parametrize("seed", range(10))
def test_deaths_at_random_do_not_show_in_any_table(seed: int, calm: dict[str, bytes], tmp_path: Path) -> None:
    rng = random.Random(seed)
    run(DESIGN, Blocky(), tmp_path, per_chunk=40, workers=mortals(lambda task: rng.random() < 0.25))
    assert results(tmp_path) == calm


@pytest.mark.parametrize("also", [0, 1, 4])
def test_a_deadly_run_gives_the_same_tables_however_often_others_die(also: int, tmp_path: Path) -> None:
    def deadly(task: Task) -> bool:
        return 23 in task.replicates and 1 in [point.point for point in task.points]

    left = [also]

    def and_more(task: Task) -> bool:
        left[0] -= 1
        return left[0] >= 0 or deadly(task)

    run(DESIGN, Blocky(), tmp_path / "a", per_chunk=40, workers=mortals(deadly))
    run(DESIGN, Blocky(), tmp_path / "b", per_chunk=1000, workers=mortals(and_more))
    assert results(tmp_path / "a") == results(tmp_path / "b")
    runs = pd.read_parquet(tmp_path / "a" / "runs.parquet")
    failed = runs[runs["error"].notna()]
    assert failed[["point", "replicate"]].to_numpy().tolist() == [[1, 23]]
    people = pd.read_parquet(tmp_path / "a" / "people.parquet")
    assert people["replicates"].tolist() == [20, 20, 10, 20, *[1] * 19, 10]
    assert 23 not in people.loc[people["point"] == 1, "replicate"].tolist()


def test_a_block_that_dies_while_its_runs_live_is_not_told_in_pieces(tmp_path: Path) -> None:
    with pytest.raises(ExecutorError, match=r"replicates 20 to 39 of point 0.*--resume"):
        run(
            DESIGN,
            Blocky(),
            tmp_path,
            per_chunk=20,
            workers=mortals(lambda task: task.replicates == range(20, 40)),
        )
    assert not (tmp_path / "runs.parquet").exists()
    run(DESIGN, Blocky(), tmp_path, per_chunk=20, resume=True)


def halves_of(task: Task) -> list[Task]:
    return [task] if task.one_block else [part for half in task.halves() for part in halves_of(half)]


@pytest.mark.parametrize("replicates", [range(1), range(20), range(21), range(50), range(40, 100), range(7)])
def test_halves_end_at_whole_blocks(replicates: range) -> None:
    points = toy_design(6, 100).points
    parts = halves_of(Task(points, replicates, 100, 7))
    assert [(p.points[0].point, p.replicates) for p in parts] == [
        (point.point, block) for point in points for block in blocks(replicates)
    ]
    with pytest.raises(ValueError, match="not cut"):
        parts[0].halves()


def lost_cluster(after: int) -> Workers:
    class Lost(Executor):
        def __init__(self) -> None:
            self.count = 0

        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            future: Future = Future()
            self.count += 1
            if self.count > after:
                future.cancel()
                future.set_running_or_notify_cancel()
            else:
                future.set_result(fn(*args))
            return future

    executor = Lost()
    return Workers(2, lambda: executor, isolated=True, owned=False)


def test_a_lost_cluster_is_an_interruption(calm: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(
        Interrupted, match=r"cluster was lost.*3 of 6 chunks are finished and safe.*--resume"
    ) as it:
        run(DESIGN, Blocky(), tmp_path, per_chunk=20, workers=lost_cluster(3))
    assert (it.value.done, it.value.total) == (3, 6)
    assert run(DESIGN, Blocky(), tmp_path, per_chunk=20, resume=True).chunks == 3
    assert results(tmp_path) == calm


def gone(error: type[Exception]) -> Workers:
    class Closed(Executor):
        def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
            raise error("no way")

    return Workers(2, Closed, isolated=True, owned=False, gone=(OSError,))


@pytest.mark.parametrize("error", [OSError, ConnectionResetError, CancelledError])
def test_a_cluster_that_takes_no_work_is_lost_too(error: type[Exception], tmp_path: Path) -> None:
    design: Design = toy_design(2, 2)
    with pytest.raises(Interrupted, match=r"cluster was lost.*0 of 1"):
        run(design, Blocky(), tmp_path, workers=gone(error))
