"""Designs that are counted before they are made: the same points however they are asked for."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from cosim.errors import ConfigError
from cosim.execution.design import canonical_json
from cosim.execution.design_table import design_table, write_design
from cosim.execution.run_tables import write_parquet
from cosim.execution.samples import FourierCurves, Saltelli, Sample, SobolSequence, Trajectories
from cosim.studies.config import StudyConfig, check_config, config_from_text
from cosim.studies.memory import in_bytes, memory_of_run, refuse_what_cannot_fit
from cosim.studies.study import Study
from tests.studies.test_config import toy

KINDS = {
    "compare": "interventions: [louder]\nworlds: {count: 5}\n",
    "latin": "interventions: [louder]\nworlds: {count: 5, sampler: latin}\n",
    "sweep": "sweep: {mode: grid, over: {rule.form: [plain, rich], louder: [0.1, 1]}}\nworlds: {count: 3}\n",
    "factorial": "factorial: {factors: [floor.x, louder, team.count]}\nworlds: {count: 2}\n",
    "structure": "structure: {variants: {a: {rule.form: rich}}}\ninterventions: all\nworlds: {count: 3}\n",
    "bundles": "search: {objectives: {effect: max}}\nworlds: {count: 3}\n",
    "sobol": "sobol: {samples: 8, random_numbers: common}\n",
    "screen": "screen: {trajectories: 3, factors: [floor.x, floor.y, slower]}\n",
}


def config(text: str) -> StudyConfig:
    return check_config(config_from_text(f"scenario: toy\nseed: 11\nreplicates: 3\n{text}"), toy)


def of_kind(kind: str) -> StudyConfig:
    return config(f"study: {'compare' if kind == 'latin' else kind}\n{KINDS[kind]}")


def problem(columns: int, groups: list[str] | None = None) -> dict[str, Any]:
    names = [f"x{k}" for k in range(columns)]
    found: dict[str, Any] = {"num_vars": columns, "names": names, "bounds": [[0.0, 1.0]] * columns}
    return found if groups is None else {**found, "groups": groups}


@pytest.mark.parametrize("second", [True, False])
@pytest.mark.parametrize("groups", [None, ["a", "b", "a", "c", "b"]])
def test_saltellis_design_is_that_of_salib(second: bool, groups: list[str] | None) -> None:
    from SALib.sample import sobol

    wanted = sobol.sample(problem(5, groups), 16, calc_second_order=second, seed=11)
    found = Saltelli(groups or [f"x{k}" for k in range(5)], 16, second, 11)
    assert len(found) == len(wanted)
    np.testing.assert_array_equal(found.rows(0, len(found)), wanted)


@pytest.mark.parametrize(("columns", "count", "harmonics"), [(4, 65, 4), (9, 97, 2), (1, 65, 4)])
def test_the_curves_of_fast_are_those_of_salib(columns: int, count: int, harmonics: int) -> None:
    from SALib.sample import fast_sampler

    made = [np.random.default_rng([11, curve]) for curve in range(3)]
    again = [np.random.default_rng([11, curve]) for curve in range(3)]
    wanted = [fast_sampler.sample(problem(columns), count, M=harmonics, seed=one) for one in again]
    found = FourierCurves(columns, count, harmonics, made)
    np.testing.assert_array_equal(found.rows(0, len(found)), np.clip(np.vstack(wanted), 0, 1))


@pytest.mark.parametrize("groups", [None, ["a", "b", "a", "c"]])
def test_trajectories_are_those_of_salib_drawn_at_once(groups: list[str] | None) -> None:
    from SALib.sample import morris

    wanted = morris.sample(problem(4, groups), 100, num_levels=6, seed=11)
    found = Trajectories(problem(4, groups), 3 if groups else 4, 100, 6, 11)
    np.testing.assert_array_equal(found.rows(0, len(found)), wanted)
    np.testing.assert_array_equal(found.rows(7, 30), wanted[7:30])


def samples() -> dict[str, Sample]:
    curves = [np.random.default_rng(k) for k in range(2)]
    return {
        "sobol": SobolSequence(3, 9000, np.random.default_rng(3)),
        "saltelli": Saltelli(["a", "b", "b"], 2048, True, 3),
        "fast": FourierCurves(3, 900, 4, curves),
        "morris": Trajectories(problem(3), 3, 200, 4, 3),
    }


@pytest.mark.parametrize("name", ["sobol", "saltelli", "fast", "morris"])
def test_rows_do_not_depend_on_how_they_are_asked_for(name: str) -> None:
    whole: NDArray[np.float64] = samples()[name].rows(0, len(samples()[name]))
    one, chance = samples()[name], np.random.default_rng(1)
    for _ in range(12):  # forwards and backwards, within a block and over several
        start = int(chance.integers(0, len(whole) - 1))
        stop = int(chance.integers(start + 1, min(len(whole), start + 6000) + 1))
        np.testing.assert_array_equal(one.rows(start, stop), whole[start:stop])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_points_do_not_depend_on_how_they_are_asked_for(kind: str) -> None:
    points = of_kind(kind).design().points
    every = list(points)
    assert [point.point for point in every] == list(range(len(points)))
    assert [points[number] for number in reversed(range(len(points)))] == every[::-1]
    cuts = sorted({0, 1, len(points) // 3, len(points) // 2, len(points)})
    assert [point for low, high in pairwise(cuts) for point in points[low:high]] == every
    assert points[::3] == every[::3]
    assert points[-1] == every[-1]
    with pytest.raises(IndexError):
        points[len(points)]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_counts_columns_and_hash_are_those_of_the_points(kind: str) -> None:
    design = of_kind(kind).design()
    every = list(design.points)
    assert design.worlds == len({point.world for point in every})
    assert list(design.arms) == list(dict.fromkeys(point.arm for point in every))
    keys = dict.fromkeys(key for point in every for key in point.changes)
    assert [name for name in design_table(design).column_names if name in keys] == list(keys)
    digest = hashlib.sha256()
    head = {
        "replicates": 3,
        "seed": 11,
        "subject": design.subject,
        "kind": design.kind,
        "notes": design.notes,
    }
    digest.update(canonical_json(head).encode())
    for point in every:
        row = [point.world, point.arm, dict(point.changes), list(point.interventions.items())]
        digest.update(canonical_json(row).encode())
    assert design.hash == digest.hexdigest()


def test_a_design_table_written_in_blocks_has_the_bytes_of_one_written_at_once(tmp_path: Path) -> None:
    design = config("study: compare\ninterventions: [louder]\nworlds: {count: 9000}\n").design()
    table = design_table(design)
    write_parquet([table], table.schema, tmp_path / "whole", {"a": "b"})
    assert write_design(design, tmp_path / "blocks", {"a": "b"}) == 18_000
    assert (tmp_path / "blocks").read_bytes() == (tmp_path / "whole").read_bytes()


HUGE = {
    "worlds": ("study: compare\ninterventions: [louder]\nworlds: {count: 1000000}\n", 2_000_000),
    "latin": (
        "study: compare\ninterventions: [louder]\nworlds: {count: 1000000, sampler: latin}\n", 2_000_000
    ),
    "saltelli": ("study: sobol\nsobol: {samples: 1048576}\n", 14 * 1_048_576),
    "fast": ("study: sobol\nsobol: {samples: 1048576, curves: 1000, method: fast}\n", 6000 * 1_048_576),
    "space": ("study: sobol\nsobol: {samples: 1048576, method: space_filling}\n", 1_048_576),
    "screen": (
        "study: screen\nscreen: {trajectories: 100000, factors: [floor.x, louder]}\n", 400_000
    ),
    "grid": (
        "study: sweep\nsweep: {mode: grid, over: {floor.x: {from: 0, to: 1, steps: 50}, "
        "floor.y: {from: 0, to: 1, steps: 40}}}\nworlds: {count: 1000000}\n",
        2_000 * 1_000_000,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(HUGE))
def test_a_huge_design_is_counted_without_drawing_a_sample(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def drawn(*_: object) -> None:
        raise AssertionError("a sample was drawn to count points")

    for kind in Sample.__subclasses__():
        monkeypatch.setattr(kind, "rows", drawn)
    text, points = HUGE[name]
    study = Study(config(text))
    assert len(study.design.points) == points
    assert study.design.runs == 3 * points
    assert len(study.chunks) >= points // 2000
    assert memory_of_run(study) > 0


def test_what_does_not_fit_is_refused_with_the_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cosim.studies.memory.usable_memory", lambda: 5e9)
    small = Study(config("study: compare\ninterventions: [louder]\nworlds: {count: 4}\n"))
    refuse_what_cannot_fit(small, with_report=True)
    study = Study(config(HUGE["saltelli"][0]))
    refuse_what_cannot_fit(study, with_report=False)
    with pytest.raises(ConfigError, match=f"{study.design.runs:,} runs.*5.0 GB.*--no-report"):
        refuse_what_cannot_fit(study, with_report=True)
    many = HUGE["fast"][0] + "output: {runs_per_chunk: 100}\n"
    with pytest.raises(ConfigError, match="runs take about"):
        refuse_what_cannot_fit(Study(config(many)), with_report=False)


@given(st.floats(1e6, 1e16))
def test_amounts_are_written_in_the_unit_that_suits(size: float) -> None:
    many, unit = in_bytes(size).replace(",", "").split()
    factor = {"MB": 1e6, "GB": 1e9, "TB": 1e12}[unit]
    assert abs(float(many) * factor - size) <= max(0.06 * size, 0.51e6)


def test_arms_that_are_only_combinations_are_all_checked_when_the_study_is_run() -> None:
    over = "{louder: {from: 0, to: 1, steps: 40}, slower: {from: 0, to: 1, steps: 40}}"
    found = config(f"study: sweep\nsweep: {{mode: grid, over: {over}}}\n")
    assert len(found.made.unchecked) == 1600
    found.check_every_arm()
    few = config("study: factorial\nfactorial: {factors: [floor.x, slower]}\n")
    assert len(few.made.unchecked) == 0


CHECK = """
import sys
from click.testing import CliRunner
from cosim.cli import main
result = CliRunner().invoke(main, ["check", sys.argv[1]])
assert result.exit_code == 0, result.output
print(result.stdout.splitlines()[-1].split("= ")[-1].split()[0].replace(",", ""))
# Not getrusage: its maximum counts the parent's memory from before the new program was loaded.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""
LARGEST = {
    "worlds": ("study: compare\ninterventions: all\nworlds: {count: 1000000}\n", 2_000_000),
    "sobol": ("study: sobol\nsobol: {samples: 1048576}\n", 600_000_000),
    "arms": (
        "study: compare\narms:\n"
        + "".join(
            f"  a{k}: {{with: [round_robin], set: {{uptake.rate: {0.1 + k / 1e4}}}}}\n" for k in range(1000)
        ),
        2002,
    ),
}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is counted in KB on Linux")
@pytest.mark.parametrize("name", sorted(LARGEST))
def test_the_largest_legal_configs_are_checked_in_flat_memory(name: str, tmp_path: Path) -> None:
    text, least = LARGEST[name]
    file = tmp_path / "large.yaml"
    file.write_text(f"scenario: research_team\nreplicates: 2\n{text}")
    done = subprocess.run(
        [sys.executable, "-c", CHECK, str(file)],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    runs, memory = map(int, done.stdout.split())
    assert runs >= least
    assert memory < 300
