"""The same bytes from a Dask cluster, even when one of its workers is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cosim.errors import ConfigError
from cosim.execution.dask_cluster import address, cluster_workers
from cosim.execution.runner import Interrupted
from cosim.execution.settings import Cluster
from tests.execution.fakes import Toy, toy_design
from tests.execution.studies import results, run

DESIGN = toy_design(20, 6)


def test_an_address_is_checked() -> None:
    assert address("tcp://127.0.0.1:8786").address == "tcp://127.0.0.1:8786"
    for text in ("127.0.0.1:8786", "tcp://", "http://x:1", ""):
        with pytest.raises(ConfigError, match="tcp://HOST:PORT"):
            address(text)


@pytest.mark.dask
def test_three_processes_of_which_one_is_killed_give_the_same_bytes(tmp_path: Path) -> None:
    distributed = pytest.importorskip("distributed")
    run(DESIGN, Toy(people=2), tmp_path / "calm")
    slow = Toy(people=2, seconds=0.03)
    killed: list[int] = []
    with distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
    ) as cluster:
        victim = next(iter(cluster.workers.values())).pid

        def kill() -> None:
            while len(list((tmp_path / "out").glob("parts/runs-*"))) < 3:
                time.sleep(0.01)
            os.kill(victim, signal.SIGKILL if sys.platform != "win32" else signal.SIGTERM)
            killed.append(len(list((tmp_path / "out").glob("parts/runs-*"))))

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        with cluster_workers(address(cluster.scheduler_address)) as workers:
            assert workers.width == 3
            tally = run(DESIGN, slow, tmp_path / "out", per_chunk=6, workers=workers)
        killer.join(timeout=10)
    assert killed, "the worker was not killed while the study ran"
    assert killed[0] < 20, "the worker was killed after the study"
    assert tally.failed == 0
    assert results(tmp_path / "out") == results(tmp_path / "calm")


@pytest.mark.dask
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs Unix signals")
def test_a_run_that_kills_every_worker_is_a_failed_run(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with cluster_workers(Cluster(workers=2)) as workers:
        tally = run(toy_design(4, 2), Toy(dying=((1, 1),)), tmp_path, per_chunk=4, workers=workers)
    assert tally.failed == 1


@pytest.mark.dask
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs Unix signals")
def test_a_cluster_without_workers_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("cosim.execution.worker_pool._DESERTED_SECONDS", 1.0)
    monkeypatch.setattr("cosim.execution.worker_pool._LOOK_SECONDS", 0.5)
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        cluster_workers(address(cluster.scheduler_address)) as workers,
    ):
        cluster.scale(0)
        with pytest.raises(Interrupted, match=r"no workers for 1 s: 0 of 2 .* safe .*--resume"):
            run(toy_design(4, 2), Toy(seconds=0.2), tmp_path, per_chunk=4, workers=workers)


@pytest.mark.dask
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs Unix signals")
def test_a_lost_scheduler_is_told_and_loses_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed")
    place = tmp_path / "scheduler.json"
    started = [
        _dask("dask_scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(place)),
        _dask("dask_worker", "--scheduler-file", str(place), "--nthreads", "1", "--no-dashboard"),
    ]
    try:
        _wait_for(lambda: place.exists() and bool(place.read_text().strip()))

        def kill() -> None:
            _wait_for(lambda: len(list((tmp_path / "out").glob("parts/runs-*"))) >= 3)
            started[0].kill()

        threading.Thread(target=kill, daemon=True).start()
        with (
            pytest.raises(Interrupted, match=r"cluster was lost.* of 20 chunks .* safe.*--resume"),
            cluster_workers(address(json.loads(place.read_text())["address"])) as workers,
        ):
            run(DESIGN, Toy(people=2, seconds=0.05), tmp_path / "out", per_chunk=6, workers=workers)
    finally:
        for process in started:
            process.kill()
            process.wait()
    assert "Traceback" not in capfd.readouterr().err
    run(DESIGN, Toy(people=2), tmp_path / "calm", per_chunk=6)
    assert 0 < run(DESIGN, Toy(people=2), tmp_path / "out", per_chunk=6, resume=True).chunks < 20
    assert results(tmp_path / "out") == results(tmp_path / "calm")


def _dask(module: str, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", f"distributed.cli.{module}", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )


def _wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)


@pytest.mark.dask
def test_an_address_where_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cosim.execution.dask_cluster._CONNECT_SECONDS", "1s")
    pytest.importorskip("distributed")
    with (
        pytest.raises(ConfigError, match="no scheduler answers"),
        cluster_workers(Cluster(kind="address", address="tcp://127.0.0.1:9")),
    ):
        pass


def test_without_dask_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    remedy = r"pip install 'cosim-teams\[cluster\]'"
    with pytest.raises(ConfigError, match=remedy), cluster_workers(Cluster()):
        pass
