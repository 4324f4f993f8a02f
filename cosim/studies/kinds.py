"""The kinds of study, by name. A new kind is one small module here and one line in the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cosim.errors import CosimError
from cosim.studies.bundles import design as bundles
from cosim.studies.compare import design as compare
from cosim.studies.factorial import design as factorial
from cosim.studies.failures import design as failures
from cosim.studies.kind import Ask, Made, StudyKind
from cosim.studies.screen import design as screen
from cosim.studies.sobol import design as sobol
from cosim.studies.structure import design as structure
from cosim.studies.sweep import design as sweep

__all__ = ["KINDS", "Ask", "Made", "StudyKind", "collect"]


def collect(kinds: Iterable[StudyKind]) -> Mapping[str, StudyKind]:
    """Return kinds by name; two of the same name are a mistake.

    Raises
    ------
    CosimError
        When two kinds have the same name.
    """
    known: dict[str, StudyKind] = {}
    for kind in kinds:
        if kind.name in known:
            raise CosimError(f"two study kinds are called {kind.name!r}")
        known[kind.name] = kind
    return known


KINDS: Mapping[str, StudyKind] = collect(
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
"""Every kind of study by name."""
