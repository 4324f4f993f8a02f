"""The reports by kind of study. A new one is one small module here and one line in the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cosim.errors import ConfigError, CosimError, nearest_name
from cosim.studies.bundles import report as bundles
from cosim.studies.compare import report as compare
from cosim.studies.factorial import report as factorial
from cosim.studies.failures import report as failures
from cosim.studies.report_kind import ReportKind
from cosim.studies.screen import report as screen
from cosim.studies.sobol import report as sobol
from cosim.studies.structure import report as structure
from cosim.studies.sweep import report as sweep

__all__ = ["REPORTS", "ReportKind", "collect", "report_for"]


def collect(kinds: Iterable[ReportKind]) -> Mapping[str, ReportKind]:
    """Return report kinds by name.

    Raises
    ------
    CosimError
        When two have the same name.
    """
    known: dict[str, ReportKind] = {}
    for kind in kinds:
        if kind.name in known:
            raise CosimError(f"two report kinds are called {kind.name!r}")
        known[kind.name] = kind
    return known


REPORTS: Mapping[str, ReportKind] = collect(
    [
        compare.KIND,
        screen.KIND,
        sobol.KIND,
        factorial.KIND,
        sweep.KIND,
        bundles.KIND,
        failures.KIND,
        structure.KIND,
    ]
)
"""Every report kind by the name of its kind of study."""


def report_for(kind: str) -> ReportKind:
    """Return the report of a kind of study.

    Raises
    ------
    ConfigError
        When there is none, with those there are.
    """
    if kind not in REPORTS:
        raise ConfigError(
            "there is no report for this kind of study yet; its tables can be read as they are",
            key="study",
            value=kind,
            allowed=", ".join(REPORTS),
            nearest=nearest_name(kind, REPORTS),
        )
    return REPORTS[kind]
