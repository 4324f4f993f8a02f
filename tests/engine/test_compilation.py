"""The compiled engine: kept between sessions, safe for several processes, readable without a compiler."""

from __future__ import annotations

import hashlib
import logging
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numba import types

from cosim.catalogue import load_scenario
from cosim.engine import compilation
from cosim.engine.array_struct import Bundle
from cosim.scenario.plan import resolve, unchanged
from cosim.simulation.simulation import run_compiled

PROGRAM = """
import hashlib
from cosim.catalogue import load_scenario
from cosim.scenario.plan import resolve
from cosim.simulation.simulation import compiled_log, run_compiled
scenario = load_scenario("research_team")
scenario = scenario.replace({f"phases.{name}.minutes": 4 for name in scenario.phases})
plan = resolve(scenario)[0]
rows = run_compiled(plan, range(2), 1)
parts = (rows.runs, rows.people, rows.choices, compiled_log(plan, 1, 1))
print(hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest())
"""


def doubled(number: int) -> int:
    return 2 * number


def tripled(number: int) -> int:
    return 3 * number


def sextupled(number: int) -> int:
    return doubled_of(tripled(number))


def doubled_of(number: int) -> int:
    return 2 * number


def digest_here() -> str:
    from cosim.simulation.simulation import compiled_log

    scenario = load_scenario("research_team")
    plan = resolve(scenario.replace({f"phases.{name}.minutes": 4 for name in scenario.phases}))[0]
    rows = run_compiled(plan, range(2), 1)
    parts = (rows.runs, rows.people, rows.choices, compiled_log(plan, 1, 1))
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


def start(program: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(Path(compilation.__file__).parents[2]), **environment},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_without_a_compiler_the_same_code_gives_the_same_bits():
    alone = start(PROGRAM, NUMBA_DISABLE_JIT="1")
    assert alone.communicate(timeout=120)[0].strip() == digest_here()


SMALL = """
from numba import types
from cosim.engine import compilation
from tests.engine.test_compilation import doubled_of, sextupled, tripled
engine = compilation.Engine()
for part in (doubled_of, tripled, sextupled):
    engine.part(types.int64(types.int64))(part)
print(engine.load()["sextupled"](7))
"""


def test_processes_that_compile_at_once_do_not_disturb_one_another(tmp_path):
    for _ in range(2):
        both = [start(SMALL, COSIM_CACHE_DIR=str(tmp_path)) for _ in range(3)]
        assert [one.communicate(timeout=600)[0].strip() for one in both] == ["42"] * 3


def test_what_a_helper_compiles_from_the_end_is_loaded_and_not_compiled_again(tmp_path, monkeypatch):
    monkeypatch.setenv("COSIM_CACHE_DIR", str(tmp_path))
    signature = types.int64(types.int64)
    engine = compilation.Engine()
    for part in (doubled_of, tripled, sextupled):
        engine.part(signature)(part)
    assert not engine.kept()
    engine.fill_cache(backwards=True)
    assert engine.kept()
    files = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.nbc")}
    assert engine.load("raise AssertionError('nothing is missing')")["sextupled"](7) == 42
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.nbc")} == files


def test_a_helper_that_fails_is_no_loss(tmp_path, monkeypatch):
    monkeypatch.setenv("COSIM_CACHE_DIR", str(tmp_path))
    engine = compilation.Engine()
    engine.part(types.int64(types.int64))(doubled)
    assert engine.load("raise SystemExit('of no help')")["doubled"](21) == 42


def test_damaged_machine_code_is_compiled_again(tmp_path, caplog):
    """Every part's files are cut short in turn, as a full disk or a power cut may leave them."""
    signature = types.int64(types.int64)
    bad = tmp_path / "kept"
    for damage in (b"", b"not what was written", None):
        made = compilation._compiled(doubled, signature, bad)
        assert made(21) == 42
        files = sorted(bad.rglob("*.nb?"))
        assert files
        for file in files:
            file.write_bytes(file.read_bytes()[:100] if damage is None else damage)
        with caplog.at_level(logging.WARNING, "cosim"):
            again = compilation._compiled(doubled, signature, bad)
        assert again(21) == 42
    assert "compiling again" in caplog.text


def test_the_folder_is_named_after_the_sources(tmp_path, monkeypatch):
    monkeypatch.setenv("COSIM_CACHE_DIR", str(tmp_path))
    folder = compilation.cache_folder()
    assert folder is not None
    assert folder == tmp_path / "cosim" / compilation.fingerprint()
    for name in compilation.SOURCES:
        assert (Path(compilation.__file__).parents[1] / name).exists(), f"{name} is not there any more"


def test_compiled_code_refuses_arrays_it_would_misread():
    plan, _ = resolve(load_scenario("research_team"))
    change = unchanged(plan)
    Bundle(change)
    for wrong in (change.nudge.astype(np.float32), np.zeros((3, 3)), np.zeros(24)[::2]):
        with pytest.raises(TypeError, match=r"Variation\.nudge"):
            Bundle(change._replace(nudge=wrong))
