"""What a command prints survives every encoding, and no full disk behind its streams ends a study."""

from __future__ import annotations

import errno
import io
import sys
from pathlib import Path
from typing import Any

import pytest

from cosim.cli.streams import Lenient, plain, safe_streams
from cosim.errors import ConfigError
from cosim.execution.executors import local
from cosim.execution.progress import Progress
from tests.cli.terminal import cosim, cosim_process, tables

CONFIG = """\
study: sweep
title: "Übung − 研究"
scenario: research_team
sweep: { over: { facilitation.rounds: { from: 1.0, to: 0.0, steps: 2 } } }
outcomes: [influence_gini]
replicates: 2
"""


class Full(io.StringIO):
    """A stream whose disk is full."""

    def __init__(self, error: int = errno.ENOSPC) -> None:
        super().__init__()
        self.error = error

    def write(self, text: str) -> int:
        raise OSError(self.error, "No space left on device")


@pytest.mark.parametrize(
    ("encoding", "wanted"), [("cp1252", "- ± ? 0"), ("ascii", "- +/- ? 0"), ("utf-8", "− ± 研 0")]
)
def test_letters_that_an_encoding_lacks_are_replaced(
    encoding: str, wanted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding=encoding))
    with safe_streams():
        sys.stdout.write("− ± 研 0")
        sys.stdout.write("\udcff")
    assert raw.getvalue().decode(encoding) == f"{wanted}?"


def test_only_what_cannot_be_encoded_is_replaced() -> None:
    with pytest.raises(UnicodeDecodeError):
        plain(UnicodeDecodeError("ascii", b"\xff", 0, 1, "no"))


def test_a_stream_that_is_full_is_remembered_and_a_closed_pipe_is_not_hidden() -> None:
    stream = Lenient(Full())
    assert stream.write("abc") == 3
    stream.flush()
    assert stream.lost
    with pytest.raises(BrokenPipeError):
        Lenient(Full(errno.EPIPE)).write("abc")


def test_progress_that_cannot_be_told_is_no_reason_to_stop(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "no" / "run.log", Full())
    progress.start(10)
    progress.advance(10, 0)
    progress.finish()
    assert progress.done == 10


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_study_is_finished_when_nothing_of_it_can_be_printed(tmp_path: Path) -> None:
    import subprocess

    config = tmp_path / "c.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    found = []
    for name, where in (("a", "stdout"), ("b", "stderr"), ("c", None)):
        with Path("/dev/full").open("w") as full:
            words = [sys.executable, "-m", "cosim", "run", config, "-o", tmp_path / name, "--no-report"]
            given: dict[str, Any] = {where: full} if where else {}
            done = subprocess.run(words, check=False, cwd=tmp_path, **given)
        assert done.returncode == 0, name
        found.append(tables(tmp_path / name))
    assert found[0] == found[1] == found[2] != {}
    with Path("/dev/full").open("w") as full:
        shown = subprocess.run([sys.executable, "-m", "cosim", "catalogue"], check=False, stdout=full)
    assert shown.returncode == 1, "what was asked for was lost, and that is said"


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "latin-1", "utf-8"])
def test_a_study_with_every_letter_ends_well_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    config.write_text(CONFIG, encoding="utf-8")
    surroundings = {"PYTHONUTF8": "0", "PYTHONIOENCODING": encoding}
    done = cosim_process("run", config, "-o", tmp_path / "out", **surroundings)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").exists()
    missing = cosim_process("check", tmp_path / "研究.yaml", **surroundings)
    assert missing.returncode == 2
    assert missing.stderr.count("\n") == 1


def test_processes_that_cannot_be_had_are_told_in_one_message(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("cosim.execution.executors.ProcessPoolExecutor", refused)
    with pytest.raises(ConfigError, match="threads"):
        local("processes", 2).make()
    config = tmp_path / "c.yaml"
    config.write_text(CONFIG + "executor: processes\nworkers: 2\n", encoding="utf-8")
    result = cosim("run", config, "-o", tmp_path / "out", "--no-report")
    assert result.exit_code == 2
    assert "executor" in result.stderr
    config.write_text(CONFIG, encoding="utf-8")
    assert cosim("run", config, "-o", tmp_path / "out", "--no-report", "--resume").exit_code == 0
