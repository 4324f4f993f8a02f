"""What every test shares: fixed Hypothesis examples, reference results, no windows, no skips in CI."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from cosim.execution.executors import usable_processors
from tests.reference_results import ReferenceResults

os.environ.setdefault("MPLBACKEND", "Agg")

# The same examples on every machine and in every run, so that a failure is a fact about the code.
# `--hypothesis-profile=explore` looks at more and new examples each time.
_COMMON = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow], "print_blob": True}
settings.register_profile("fixed", derandomize=True, database=None, max_examples=40, **_COMMON)
settings.register_profile("explore", derandomize=False, max_examples=500, **_COMMON)
settings.load_profile("fixed")

NEVER_SKIPPED_IN_CI = ("browser", "dask")


def in_ci() -> bool:
    """Whether this run must show everything: set by .ci/run and by most CI services."""
    return os.environ.get("COSIM_CI") == "1" or os.environ.get("CI", "").lower() in {"1", "true"}


# ---------------------------------------------------------------- reference results


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-reference",
        action="store_true",
        help="rewrite the reference results of the tests that run, instead of comparing with them",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-reference") and in_ci():
        raise pytest.UsageError("--update-reference is a decision of a person; it is refused in CI")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: a test that drives a browser or another process mostly waits."""
    return usable_processors() + 1


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> ReferenceResults:
    """Compare numbers with the stored ones: ``reference("name", {"voice_gini": 0.31})``."""
    return ReferenceResults(
        folder=Path(__file__).parent / "reference", update=request.config.getoption("--update-reference")
    )


# ---------------------------------------------------------------- figures


@pytest.fixture(scope="module")
def one_format() -> Iterator[None]:
    """Write figures as SVG alone: where a report is not about its figures, PNG and PDF only take time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("cosim.charts.export.FORMATS", ("svg",))
        yield


@pytest.fixture
def every_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write figures as users get them, in a module that has `one_format`."""
    monkeypatch.setattr("cosim.charts.export.FORMATS", ("png", "svg", "pdf"))


# ---------------------------------------------------------------- no skips in CI


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped browser or Dask test into a failure in CI: there, both must have run."""
    report = yield
    guarded = [name for name in NEVER_SKIPPED_IN_CI if item.get_closest_marker(name)]
    if in_ci() and guarded and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"a {guarded[0]} test must not be skipped in CI: {_reason(report)}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn a module that skips itself into a failure in CI, where every extra is installed."""
    report = yield
    if in_ci() and report.outcome == "skipped":
        report.outcome = "failed"
        report.longrepr = f"no test module may be skipped in CI: {_reason(report)}"
    return report


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return the words a test gave for skipping itself."""
    longrepr = report.longrepr
    return str(longrepr[2] if isinstance(longrepr, tuple) else longrepr)
