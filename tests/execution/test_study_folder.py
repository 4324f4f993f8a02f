"""The output folder: whole parts or none, one writer, one study."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cosim.errors import ConfigError
from cosim.execution import atomic_files
from cosim.execution import part_files as parts_module
from cosim.execution.atomic_files import StoreError, write_text, write_whole
from cosim.execution.chunks import cut
from cosim.execution.folder_lock import FolderLock, LockedError
from cosim.execution.study_folder import StudyFolder
from cosim.execution.tasks import evaluate_task, task_of
from tests.execution.fakes import Toy, toy_design
from tests.execution.studies import identity, names, parts, results, run

DESIGN = toy_design()
CHUNKS = cut(10, 4, 8)


def write_all(folder: StudyFolder, people: int = 2) -> None:
    for chunk in CHUNKS:
        folder.write(
            chunk, evaluate_task(Toy(people=people), task_of(chunk, chunk.points(DESIGN), 4, 7, True))
        )


def test_parts_become_final_tables_and_go(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "out"
    with StudyFolder.open(path, identity(DESIGN, 8)) as folder:
        assert folder.done(CHUNKS) == []
        assert not folder.finished
        write_all(folder)
        assert folder.done(CHUNKS) == CHUNKS
        folder.finish(DESIGN, CHUNKS, keep_parts=True)
        assert folder.finished
        assert len(parts(path)) == 2 * len(CHUNKS)
        folder.finish(DESIGN, CHUNKS)
    assert names(path) == [
        "design.parquet", "manifest.json", "people.parquet", "runs.parquet", "study.json",
    ]  # fmt: skip


def test_a_part_that_is_not_sound_counts_as_not_done(tmp_path: Path) -> None:
    with StudyFolder.open(tmp_path, identity(DESIGN, 8)) as folder:
        write_all(folder)
        torn, flipped, strange, swapped, lonely = (folder.part(chunk) for chunk in CHUNKS)
        torn.write_bytes(torn.read_bytes()[:-100])
        raw = bytearray(flipped.read_bytes())
        raw[200] ^= 4
        flipped.write_bytes(raw)
        strange.write_text("not parquet at all")
        swapped.write_bytes(lonely.read_bytes())
        folder.part(CHUNKS[4], "people").unlink()
        assert folder.done(CHUNKS) == []


def test_a_part_of_another_study_counts_as_not_done(tmp_path: Path) -> None:
    other = toy_design(seed=8)
    with StudyFolder.open(tmp_path, identity(DESIGN, 8)) as folder:
        write_all(folder)
    (tmp_path / "study.json").unlink()
    for part in (tmp_path / "parts").iterdir():
        part.rename(tmp_path.parent / part.name)
    with StudyFolder.open(tmp_path, identity(other, 8)) as folder:
        for part in tmp_path.parent.glob("*.parquet"):
            part.rename(tmp_path / "parts" / part.name)
        assert folder.done(CHUNKS) == []


def test_finishing_without_all_parts_is_refused(tmp_path: Path) -> None:
    with StudyFolder.open(tmp_path, identity(DESIGN, 8)) as folder:
        write_all(folder)
        folder.part(CHUNKS[3]).unlink()
        with pytest.raises(StoreError, match=r"1 parts are missing, the first is number 3"):
            folder.finish(DESIGN, CHUNKS)
        assert not folder.finished


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("precious")
    with pytest.raises(ConfigError, match=r"holds files that are no study .thesis.docx.") as caught:
        StudyFolder.open(tmp_path, identity(DESIGN, 8), resume=True)
    assert caught.value.key == "output"
    assert names(tmp_path) == ["thesis.docx"]


def test_a_foreign_parts_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "engine.step").write_text("precious")
    with pytest.raises(ConfigError, match=r"no study"):
        StudyFolder.open(tmp_path, identity(DESIGN, 8))


def test_only_our_own_parts_are_removed(tmp_path: Path) -> None:
    with StudyFolder.open(tmp_path, identity(DESIGN, 8)) as folder:
        write_all(folder)
        (tmp_path / "parts" / "note.txt").write_text("mine")
        folder.finish(DESIGN, CHUNKS)
    assert names(tmp_path / "parts") == ["note.txt"]


def test_a_folder_of_another_study_is_refused_with_the_difference(tmp_path: Path) -> None:
    run(DESIGN, Toy(), tmp_path)
    before = results(tmp_path)
    for resume in (False, True):
        with pytest.raises(ConfigError, match=r"another study .seed: 7 there, 8 here."):
            run(toy_design(seed=8), Toy(), tmp_path, resume=resume)
    with pytest.raises(ConfigError, match=r"another study"):
        run(DESIGN, Toy(), tmp_path, per_chunk=4, resume=True)
    assert results(tmp_path) == before
    assert ".lock" not in names(tmp_path)


def test_the_same_study_again_needs_resume(tmp_path: Path) -> None:
    run(DESIGN, Toy(), tmp_path)
    before = results(tmp_path)
    with pytest.raises(ConfigError, match=r"already holds this study \(finished\); go on with --resume"):
        run(DESIGN, Toy(), tmp_path)
    assert run(DESIGN, Toy(failing=((0, 0),)), tmp_path, resume=True).runs == 0
    assert results(tmp_path) == before, "a finished study is not run again"


def test_parts_of_another_program_are_not_mixed_in(tmp_path: Path) -> None:
    with StudyFolder.open(tmp_path, identity(DESIGN, 8)):
        pass
    newer = replace(identity(DESIGN, 8), code="2")
    with pytest.raises(ConfigError, match=r"another version of the program"):
        StudyFolder.open(tmp_path, newer, resume=True)
    StudyFolder.open(tmp_path, newer, resume=True, other_code=True).close()


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("x")
    for path in (tmp_path / "out", tmp_path / "out" / "below"):
        with pytest.raises(ConfigError) as caught:
            StudyFolder.open(path, identity(DESIGN, 8))
        assert str(path) in str(caught.value)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a place where nobody may write")
def test_an_output_that_cannot_be_written() -> None:
    with pytest.raises(ConfigError, match=r"cannot be written"):
        StudyFolder.open(Path("/proc/self/out"), identity(DESIGN, 8))


def test_a_damaged_identity_is_told(tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text("{")
    with pytest.raises(ConfigError, match=r"study.json: cannot be read"):
        StudyFolder.open(tmp_path, identity(DESIGN, 8), resume=True)
    (tmp_path / "study.json").write_text('{"format": 99}')
    with pytest.raises(ConfigError, match=r"another version of cosim"):
        StudyFolder.open(tmp_path, identity(DESIGN, 8), resume=True)


def test_two_writers(tmp_path: Path) -> None:
    with StudyFolder.open(tmp_path, identity(DESIGN, 8)):
        with pytest.raises(LockedError, match=f"process {os.getpid()} on "):
            StudyFolder.open(tmp_path, identity(DESIGN, 8), resume=True)
        code = (
            "import sys; from pathlib import Path; from cosim.execution.folder_lock import *\n"
            "try: FolderLock(Path(sys.argv[1]))\nexcept LockedError as e: print(e)"
        )
        told = subprocess.run(
            [sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=True
        )
        assert f"process {os.getpid()} on " in told.stdout
    StudyFolder.open(tmp_path, identity(DESIGN, 8), resume=True).close()


def test_the_lock_of_a_dead_process_is_taken_over(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from cosim.execution.folder_lock import *\n"
        "lock = FolderLock(Path(sys.argv[1])); print(os.getpid(), flush=True); os.kill(os.getpid(), 9)"
    )
    dead = subprocess.run([sys.executable, "-c", code, tmp_path], capture_output=True, text=True, check=False)
    with StudyFolder.open(tmp_path, identity(DESIGN, 8)) as folder:
        assert folder.notices == [
            f"process {dead.stdout.strip()} on {socket.gethostname()} ended without letting go of this "
            "folder; its lock is taken over"
        ]


def test_a_lock_from_another_computer_is_respected(tmp_path: Path) -> None:
    (tmp_path / ".lock").write_text(json.dumps({"host": "elsewhere", "pid": 1}))
    with pytest.raises(LockedError, match=r"process 1 on elsewhere took this folder.*delete"):
        FolderLock(tmp_path)
    assert (tmp_path / ".lock").exists()


def test_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "f.txt"
    write_text(path, "old")

    def full(to: Path) -> None:
        to.write_text("half of")
        raise OSError(28, "No space left on device")

    with pytest.raises(StoreError, match=r"cannot write .*f.txt: No space left on device"):
        write_whole(path, full)

    def stopped(to: Path) -> None:
        to.write_text("half of")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(path, stopped)
    assert path.read_text() == "old"
    assert names(tmp_path) == ["f.txt"]


def test_a_full_disk_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(DESIGN, Toy(people=2), tmp_path / "calm")
    path, write, count = tmp_path / "full", parts_module.write_parquet, 0

    def write_until_full(*args: object) -> int:
        nonlocal count
        count += 1
        if count > 5:
            raise OSError(28, "No space left on device")
        return write(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(parts_module, "write_parquet", write_until_full)
    with pytest.raises(StoreError, match=r"No space left on device"):
        run(DESIGN, Toy(people=2), path)
    monkeypatch.undo()
    assert [name for name in parts(path) if name.startswith("runs")] == [
        "runs-0000000.parquet", "runs-0000001.parquet",
    ]  # fmt: skip
    assert run(DESIGN, Toy(people=2), path, resume=True).chunks == len(CHUNKS) - 2
    assert results(path) == results(tmp_path / "calm")


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits on file size")
def test_the_system_refuses_a_large_file(tmp_path: Path) -> None:
    """The real thing: the kernel stops the write of the final table in the middle."""
    code = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from tests.execution.fakes import Toy, toy_design; from tests.execution.studies import run\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (6000, 6000))\n"
        "run(toy_design(40, 20), Toy(), Path(sys.argv[1]), per_chunk=40)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "out"], capture_output=True, text=True, check=False
    )
    assert "StoreError: cannot write" in found.stderr, found.stderr
    assert not [name for name in names(tmp_path / "out") if name.endswith(".tmp") or name == "runs.parquet"]
    run(toy_design(40, 20), Toy(), tmp_path / "out", per_chunk=40, resume=True)
    run(toy_design(40, 20), Toy(), tmp_path / "calm", per_chunk=40)
    assert results(tmp_path / "out") == results(tmp_path / "calm")


def test_leftovers_of_killed_writers_are_cleared(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    (tmp_path / ".study.json.99.tmp").write_text("half")
    with StudyFolder.open(tmp_path, identity(DESIGN, 8)):
        (tmp_path / "parts" / ".runs-0000001.parquet.99.tmp").write_text("half")
    with StudyFolder.open(tmp_path, identity(DESIGN, 8), resume=True):
        assert names(tmp_path) == [".lock", "parts", "study.json"]
        assert names(tmp_path / "parts") == []


def test_every_file_is_made_durable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.path.isdir(f"/proc/self/fd/{descriptor}"))  # noqa: PTH112
        real(descriptor)

    monkeypatch.setattr(atomic_files.os, "fsync", fsync)
    write_text(tmp_path / "f", "x")
    assert len(synced) == (1 if sys.platform == "win32" else 2), "the file, then its name in the folder"
