"""Every way of running a study gives the same bytes; nothing that is finished is lost."""

from __future__ import annotations

import io
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest

from cosim.errors import ConfigError
from cosim.execution.chunks import Shard, cut
from cosim.execution.evaluator import Tables
from cosim.execution.executors import Workers, given, local
from cosim.execution.progress import Progress, duration
from cosim.execution.run_tables import EvaluatorError
from cosim.execution.runner import Interrupted
from cosim.execution.worker_pool import ExecutorError
from cosim.studies.shards import merge
from tests.execution.fakes import Toy, toy_design
from tests.execution.studies import names, parts, results, run

DESIGN = toy_design(20, 6)
TOY = Toy(people=3)

needs_unix = pytest.mark.skipif(sys.platform == "win32", reason="needs Unix signals")


class Backwards(Executor):
    """A foreign executor: does everything at once, newest first, in the caller's thread."""

    def __init__(self) -> None:
        self.jobs: list[tuple[Future, object, tuple]] = []

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[no-untyped-def]
        future: Future = Future()
        self.jobs.append((future, fn, args))
        if len(self.jobs) >= 4:
            self.flush()
        return future

    def flush(self) -> None:
        while self.jobs:
            future, fn, args = self.jobs.pop()
            future.set_result(fn(*args))


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study run by one thread without disturbance."""
    path = tmp_path_factory.mktemp("calm")
    run(DESIGN, TOY, path, keep_parts=True)
    return path


def assert_same(path: Path, calm: Path) -> None:
    assert results(path) == results(calm)
    assert sorted(results(calm)) == ["design.parquet", "people.parquet", "runs.parquet"]


def test_the_tables_hold_every_run(calm: Path) -> None:
    runs = pd.read_parquet(calm / "runs.parquet")
    assert runs["run"].tolist() == list(range(120))
    assert (runs["run"] == runs["point"] * 6 + runs["replicate"]).all()
    paired = runs.pivot_table(index=["world", "replicate"], columns="arm", values="effect")
    assert (paired["louder"] - paired["baseline"]).round(12).eq(2.0).all(), (
        "worlds share their random numbers"
    )
    noise = runs[runs.arm == "baseline"].eval("effect - world / 10").round(12)
    assert noise.nunique() == 60, "and different between worlds and replicates"
    people = pd.read_parquet(calm / "people.parquet")
    assert people["run"].tolist() == [run for run in range(120) for _ in range(3)]


@pytest.mark.parametrize("kind", ["threads", "processes"])
@pytest.mark.parametrize("count", [1, 7])
def test_any_number_of_workers_gives_the_same_bytes(
    kind: str, count: int, calm: Path, tmp_path: Path
) -> None:
    if kind == "processes" and count == 7:
        count = 3  # seven interpreters take long to start; the slow test starts them
    run(DESIGN, TOY, tmp_path, workers=local(kind, count), keep_parts=True)  # type: ignore[arg-type]
    assert_same(tmp_path, calm)
    assert parts(tmp_path) == parts(calm)


@pytest.mark.slow
def test_seven_processes_give_the_same_bytes(calm: Path, tmp_path: Path) -> None:
    run(DESIGN, TOY, tmp_path, workers=local("processes", 7))
    assert_same(tmp_path, calm)


def test_any_executor_will_do(calm: Path, tmp_path: Path) -> None:
    run(DESIGN, TOY, tmp_path / "backwards", workers=given(Backwards(), 8))
    assert_same(tmp_path / "backwards", calm)
    with ThreadPoolExecutor(3) as executor:
        run(DESIGN, TOY, tmp_path / "threads", workers=given(executor, 3))
        assert executor.submit(int, "1").result() == 1, "what was lent is given back in working order"
    assert_same(tmp_path / "threads", calm)


def test_another_chunk_size_gives_the_same_tables(calm: Path, tmp_path: Path) -> None:
    for size in (1, 4, 1000):
        run(DESIGN, TOY, tmp_path / str(size), per_chunk=size)
        assert_same(tmp_path / str(size), calm)


def test_twenty_shards_merged_give_the_same_bytes(calm: Path, tmp_path: Path) -> None:
    shards = [Shard(i, 20) for i in range(1, 21)]
    random.Random(1).shuffle(shards)
    for shard in shards:
        run(DESIGN, TOY, tmp_path / shard.folder, shard=shard)
    folders = sorted(tmp_path.glob("shard-*"))
    chunks = cut(20, 6, 8)
    with pytest.raises(ConfigError, match=r"1 of 20 shards is missing: 7/20"):
        merge([*folders[:6], *folders[7:]], tmp_path, DESIGN, chunks)
    with merge(folders, tmp_path, DESIGN, chunks) as folder:
        folder.finish(DESIGN, chunks)
    assert_same(tmp_path, calm)
    with merge(folders, tmp_path, DESIGN, chunks) as folder:
        assert folder.finished, "merging again changes nothing"


def test_shards_of_different_studies_are_not_merged(tmp_path: Path) -> None:
    chunks = cut(20, 6, 8)
    run(DESIGN, TOY, tmp_path / "a", shard=Shard(1, 2))
    run(toy_design(20, 6, seed=8), TOY, tmp_path / "b", shard=Shard(2, 2))
    with pytest.raises(ConfigError, match=r"another study or program"):
        merge([tmp_path / "a", tmp_path / "b"], tmp_path / "out", DESIGN, chunks)
    with pytest.raises(ConfigError, match=r"another study"):
        merge([tmp_path / "b"], tmp_path / "out", DESIGN, chunks)
    with pytest.raises(ConfigError, match=r"no shards"):
        merge([], tmp_path / "out", DESIGN, chunks)
    run(DESIGN, TOY, tmp_path / "c", shard=Shard(2, 2))
    (tmp_path / "a" / "parts" / "runs-0000000.parquet").unlink()
    with pytest.raises(ConfigError, match=r"runs-0000000.parquet: is missing.*--resume --shard 1/2"):
        merge([tmp_path / "a", tmp_path / "c"], tmp_path / "out", DESIGN, chunks)


def test_failed_runs_are_rows_and_the_others_are_there(calm: Path, tmp_path: Path) -> None:
    bad = ((0, 0), (0, 5), (7, 3), (19, 0), (19, 1), (19, 2), (19, 3), (19, 4), (19, 5))
    tally = run(DESIGN, Toy(people=3, failing=bad), tmp_path)
    assert tally.failed == len(bad)
    runs, good = pd.read_parquet(tmp_path / "runs.parquet"), pd.read_parquet(calm / "runs.parquet")
    failed = runs["error"].notna()
    assert {(row.point, row.replicate) for row in runs[failed].itertuples()} == set(bad)
    assert runs.loc[7 * 6 + 3, "error"] == "ValueError: run 7/3 went wrong in <object object at 0x...>"
    assert runs.loc[failed, ["effect", "minutes", "winner"]].isna().all(axis=None)
    pd.testing.assert_frame_equal(runs[~failed], good[~failed])
    people = pd.read_parquet(tmp_path / "people.parquet")
    assert set(people["run"]) == set(runs.loc[~failed, "run"])
    run(DESIGN, Toy(people=3, failing=bad), tmp_path / "again", workers=local("threads", 3))
    assert results(tmp_path / "again") == results(tmp_path)


def test_a_study_in_which_everything_fails(tmp_path: Path) -> None:
    everything = tuple((p, r) for p in range(4) for r in range(2))
    run(toy_design(4, 2), Toy(failing=everything), tmp_path, per_chunk=3)
    assert pd.read_parquet(tmp_path / "runs.parquet")["error"].notna().all()


@needs_unix
@pytest.mark.slow
def test_a_run_that_kills_its_worker_is_a_failed_run(calm: Path, tmp_path: Path) -> None:
    deadly = ((2, 3),)
    run(DESIGN, Toy(people=3, dying=deadly), tmp_path, workers=local("processes", 2), per_chunk=12)
    runs, good = pd.read_parquet(tmp_path / "runs.parquet"), pd.read_parquet(calm / "runs.parquet")
    failed = runs["error"].notna()
    assert runs.loc[failed, ["point", "replicate"]].to_numpy().tolist() == [[2, 3]]
    assert runs.loc[15, "error"].startswith("WorkerDied: the worker process died while it evaluated this run")
    pd.testing.assert_frame_equal(runs[~failed], good[~failed])


@needs_unix
@pytest.mark.slow
def test_a_worker_killed_from_outside_costs_nothing(calm: Path, tmp_path: Path) -> None:
    once = Toy(people=3, die_once=str(tmp_path / "died"))
    run(DESIGN, once, tmp_path / "out", workers=local("processes", 2))
    assert (tmp_path / "died").exists()
    assert_same(tmp_path / "out", calm)


def _without_runs(tables: Tables) -> Tables:
    return {}


def _out_of_memory(tables: Tables) -> Tables:
    raise MemoryError


def test_what_is_no_runs_fault_stops_the_study(tmp_path: Path) -> None:
    with pytest.raises(EvaluatorError, match=r"no table 'runs'"):
        run(DESIGN, Toy(tamper=_without_runs), tmp_path / "a")
    with pytest.raises(ExecutorError, match=r"too little memory.*fewer workers"):
        run(DESIGN, Toy(tamper=_out_of_memory), tmp_path / "b")
    with pytest.raises(ExecutorError, match=r"cannot be sent to other processes"):
        run(DESIGN, Toy(tamper=lambda tables: tables), tmp_path / "c", workers=local("processes", 1))
    assert not list(tmp_path.glob("*/runs.parquet"))
    assert not list(tmp_path.glob("*/.lock"))


def test_an_executor_that_breaks_is_told(tmp_path: Path) -> None:
    with ProcessPoolExecutor(1) as executor:
        executor.submit(os._exit, 1).exception()
        with pytest.raises(ExecutorError, match=r"take no more work"):
            run(DESIGN, TOY, tmp_path, workers=given(executor, 1))


def test_workers_are_counted() -> None:
    assert local("threads").width >= 1
    with pytest.raises(ConfigError, match=r"workers"):
        local("threads", 0)
    assert isinstance(local("threads", 2), Workers)


def test_progress_in_words_without_a_terminal(tmp_path: Path) -> None:
    screen = io.StringIO()
    run(DESIGN, Toy(failing=((0, 0),)), tmp_path, screen=screen)
    log = (tmp_path / "run.log").read_text()
    for text in (log, screen.getvalue()):
        assert "120 runs\n" in text
        assert "120 runs in " in text
        assert "1 failed" in text
        assert "\r" not in text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal(tmp_path: Path) -> None:
    now = 0.0
    screen = Terminal()
    progress = Progress(tmp_path / "run.log", screen, clock=lambda: now)
    progress.start(1000, done=200, failed=1)
    for _ in range(4):
        now += 5
        progress.advance(100, 1)
    drawn = screen.getvalue().split("\r")[-1].strip()
    assert drawn == "60.0 %  600 of 1,000 runs  20 runs/s  20 s left  5 failed"
    assert (tmp_path / "run.log").read_text().count(" left") == 2, "a line every ten seconds"
    progress.say("note")
    assert screen.getvalue().endswith("note\n")


def test_durations() -> None:
    assert [duration(s) for s in (0.4, 59.4, 61, 3599, 3600, 90061)] == [
        "0 s", "59 s", "1 min 1 s", "59 min 59 s", "1 h 0 min", "1 d 1 h",
    ]  # fmt: skip


SCRIPT = """
import sys; from pathlib import Path
from cosim.execution.executors import local
from tests.execution.fakes import Toy, toy_design
from tests.execution.studies import run
kind, path, resume = sys.argv[1], Path(sys.argv[2]), sys.argv[3] == "resume"
if __name__ == "__main__":
    toy = Toy(people=3, seconds=0.004)
    run(toy_design(20, 6), toy, path, workers=local(kind, 2), resume=resume, screen=sys.stderr)
"""


def start(path: Path, *, resume: bool, kind: str = "threads") -> subprocess.Popen[str]:
    script = path.parent / "script.py"
    script.write_text(SCRIPT)
    command = [sys.executable, str(script), kind, str(path), "resume" if resume else "new"]
    return subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )


def kill_and_resume(path: Path, moments: list[float], kind: str = "threads") -> int:
    """Kill the study again and again, each time a little later; return how many kills hit it at work."""
    hits = 0
    for number, moment in enumerate(moments):
        process = start(path, resume=number > 0 and (path / "study.json").exists(), kind=kind)
        deadline = time.monotonic() + 30
        while not (path / ".lock").exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.002)
        time.sleep(moment)
        process.kill()
        process.communicate()
        hits += process.returncode == -signal.SIGKILL
    process = start(path, resume=True, kind=kind)
    _, told = process.communicate()
    assert process.returncode == 0, told
    return hits


@needs_unix
def test_kill_9_and_resume_gives_the_same_bytes(calm: Path, tmp_path: Path) -> None:
    assert kill_and_resume(tmp_path / "out", [0.0, 0.06, 0.11]) == 3
    assert_same(tmp_path / "out", calm)
    assert names(tmp_path / "out") == sorted([*results(calm), "manifest.json", "run.log", "study.json"])


@needs_unix
@pytest.mark.slow
@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_kill_9_at_twenty_random_moments(kind: str, calm: Path, tmp_path: Path) -> None:
    rng = random.Random(20)
    for number in range(20 if kind == "threads" else 3):  # starting processes takes long
        hits = kill_and_resume(
            tmp_path / f"out{number}", [rng.uniform(0, 0.6 if kind == "threads" else 3)], kind
        )
        assert hits <= 1
        assert_same(tmp_path / f"out{number}", calm)


@needs_unix
@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (signal.SIGINT, "threads"),
        (signal.SIGTERM, "threads"),
        pytest.param(signal.SIGINT, "processes", marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, "processes", marks=pytest.mark.slow),
    ],
)
def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(
    number: int, kind: str, calm: Path, tmp_path: Path
) -> None:
    path = tmp_path / "out"
    process = start(path, resume=False, kind=kind)
    deadline = time.monotonic() + 30
    while not list(path.glob("parts/runs-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(number)
    _, told = process.communicate()
    assert process.returncode != 0
    assert "stopping: chunks at work are finished first" in told
    kept = len(list(path.glob("parts/runs-*")))
    assert f"Interrupted: stopped: {kept} of 20 chunks are finished and safe in {path}" in told
    assert "go on with the same command and --resume" in told
    assert 0 < kept < 20
    assert not (path / ".lock").exists()
    assert run(DESIGN, TOY, path, resume=True).chunks == 20 - kept
    assert_same(path, calm)


def test_interrupted_knows_how_far_it_came() -> None:
    error = Interrupted("x", 3, 20)
    assert (error.done, error.total) == (3, 20)


@needs_unix
@pytest.mark.slow
def test_workers_do_not_outlive_their_parent(tmp_path: Path) -> None:
    psutil = pytest.importorskip("psutil")
    process = start(tmp_path / "out", resume=False, kind="processes")
    deadline = time.monotonic() + 30
    while not list((tmp_path / "out").glob("parts/runs-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    children = psutil.Process(process.pid).children(recursive=True)
    assert children
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive
