"""The project in C gives the compiled engine's numbers to the last bit, and refuses what it leaves out."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from cosim import load_scenario
from cosim.engine.batch import run_compiled
from cosim.scenario.plan import resolve

SOURCE = Path(__file__).parents[2] / "experiments" / "benchmarks" / "kernel.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("kernel_benchmark", SOURCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def kernel(benchmark):
    try:
        return benchmark.compile_kernel()
    except benchmark.NoCompilerError as missing:
        pytest.skip(f"{missing}: the kernel can be compared only where there is one")


def plan_of(changes=None, interventions=()):
    scenario = load_scenario("research_team").replace(changes or {})
    return resolve(scenario.with_interventions(*interventions))[0]


@pytest.mark.parametrize("seed", [1, 2**40 + 7])
def test_same_numbers_to_the_last_bit(kernel, seed):
    plan = plan_of()
    ours, theirs = kernel.run(plan, 20, seed), run_compiled(plan, range(20), seed)
    assert np.array_equal(ours.runs, theirs.runs, equal_nan=True)
    assert np.array_equal(ours.people, theirs.people, equal_nan=True)
    assert np.array_equal(ours.choices, theirs.choices)


@pytest.mark.parametrize(
    "changes",
    [
        {"uptake.rule": "bayesian", "team.patients.count": 7},
        {"uptake.rule": "bounded_confidence", "phases.governance.meetings": 3},
        {"floor.rule": "luce", "phases.conducting.options": 13, "facilitation.feedback": 0.5},
        {"facilitation.rounds": 1.0, "accountability.form": "comply_or_explain"},
        {"facilitation.rounds": 0.3, "facilitation.passing": 0.4, "facilitation.invitation": 0.5},
        {"facilitation.queue": 0.8, "facilitation.talk_cap": 0.7, "facilitation.tokens": 2},
        {"floor.rule": "queue", "facilitation.ground_rules": 0.5, "decision.secret_ballot": 0.5},
        {"phases.governance.level": "involve", "phases.conducting.level": "empower"},
        {"phases.governance.level": "inform", "system.plan_flexibility": 0.5, "attendance.payment": 0.0},
        {"facilitation.power_audit": 0.2, "facilitation.mixed_seating": 1.0, "agenda.public_slot": 0.3},
    ],
    ids=" ".join,
)
def test_same_numbers_beside_the_default(benchmark, kernel, changes):
    benchmark.check(kernel, plan_of(changes), 8, 3)


def test_same_numbers_with_moves_at_the_start_of_a_meeting(benchmark, kernel):
    plan = plan_of()
    plan.boost_confidence[1] = 0.3
    plan.boost_credibility[0, 8:] = 0.5
    plan.boost_ties[2] = 0.2
    plan.boost_own_ties[:, 3] = 0.4
    benchmark.check(kernel, plan, 8, 3)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"facilitation.small_groups": 0.5}, "facilitation.small_groups"),
        ({"facilitation.silent_writing": 0.5}, "facilitation.silent_writing"),
        ({"facilitation.anonymous_input": 0.5}, "facilitation.anonymous_input"),
        ({"facilitation.monitoring": 0.5}, "facilitation.monitoring"),
        ({"facilitation.co_chair": 0.5}, "facilitation.co_chair"),
        ({"facilitation.consultation": 0.5}, "facilitation.consultation"),
        ({"system.late_evidence": 0.5}, "system.late_evidence"),
        ({"system.drift": 0.5}, "system.drift"),
        ({"phases.conducting.level": "consult"}, "level"),
        ({"phases.conducting.rule": "consensus"}, "rule"),
        ({"phases.conducting.options": 17}, "options"),
        ({"team.patients.count": 9}, "members"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_refuses_what_it_leaves_out(benchmark, kernel, changes, named):
    with pytest.raises(benchmark.NotCoveredError, match=named):
        kernel.run(plan_of(changes), 1, 1)


def test_room_for_a_larger_team(benchmark, kernel):
    larger = benchmark.compile_kernel(members=24)
    benchmark.check(larger, plan_of({"team.patients.count": 12}), 4, 1)


def test_tells_the_first_difference(benchmark, kernel):
    plan = plan_of()
    engine = run_compiled(plan, range(3), 1)
    engine.people[1, 4, 2] += 1e-16
    told = benchmark.first_difference(kernel.run(plan, 3, 1), engine)
    assert told.startswith("replicate 1, uptake_share of member 4: kernel ")
    engine.runs[0, 5] = np.nan
    assert "replicate 0, uptake_parity_public: kernel " in benchmark.first_difference(
        kernel.run(plan, 3, 1), engine
    )


def test_both_are_measured_in_turns(benchmark, kernel):
    paces = benchmark.pace(kernel, plan_of(), projects=2, repeats=3)
    assert len(paces.ratios) == 3
    assert all(0.0 < ratio < 100.0 for ratio in paces.ratios)
    assert paces.ratios[1] == paces.engine[1] / paces.kernel[1]


def test_without_a_compiler_the_message_says_so(benchmark, monkeypatch):
    monkeypatch.setenv("CC", "no-such-compiler")
    with pytest.raises(benchmark.NoCompilerError, match="no-such-compiler"):
        benchmark.find_compiler()
    monkeypatch.delenv("CC")
    monkeypatch.setenv("PATH", "")
    with pytest.raises(benchmark.NoCompilerError, match="no C compiler"):
        benchmark.find_compiler()
