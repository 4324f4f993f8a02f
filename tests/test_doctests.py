"""The examples in the public docstrings are run as they stand."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil

import pytest

import cosim

pytestmark = pytest.mark.usefixtures("one_format")
MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(cosim.__path__, "cosim.")
    if not name.startswith(("cosim.browser", "cosim.__main__"))
]
PUBLIC_WITH_EXAMPLE = ("load_scenario", "load_study", "run_study", "simulate")
ANALYSIS_WITH_EXAMPLE = (
    *("compare", "differences", "mean_interval", "paired_interval", "wilson_interval", "monte_carlo_error"),
    *("morris", "sobol_indices", "prim", "regret", "satisficing", "front", "replicates_needed", "failing"),
    *("rank_arms", "parity_gaps", "split_half", "bonferroni", "expected_by_chance"),
)


def examples_in(module):
    """Return the doctests of a module that have something to run."""
    return [test for test in doctest.DocTestFinder(exclude_empty=True).find(module) if test.examples]


def with_source(words):
    """Return those modules whose source has a prompt: only they are imported."""
    found = []
    for name in words:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin and spec.origin.endswith(".py"):
            with open(spec.origin, encoding="utf-8") as file:  # noqa: PTH123
                if ">>> " in file.read():
                    found.append(name)
    return found


@pytest.mark.parametrize("name", with_source(MODULES))
def test_examples(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tests = examples_in(importlib.import_module(name))
    assert tests
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE)
    told = []
    for test in tests:
        runner.run(test, out=told.append)
    assert not runner.summarize(verbose=False).failed, "".join(told)


@pytest.mark.parametrize("name", PUBLIC_WITH_EXAMPLE)
def test_the_front_door_has_examples(name):
    assert ">>> " in inspect.getdoc(getattr(cosim, name))


@pytest.mark.parametrize("name", ANALYSIS_WITH_EXAMPLE)
def test_the_analysis_has_examples(name):
    assert ">>> " in inspect.getdoc(getattr(cosim.analysis, name))


@pytest.mark.parametrize("name", cosim.analysis.__all__)
def test_whatever_the_analysis_exports_says_what_it_is(name):
    thing = getattr(cosim.analysis, name)
    assert thing.__module__.startswith("cosim.analysis.")
    assert len(inspect.getdoc(thing)) > 30
