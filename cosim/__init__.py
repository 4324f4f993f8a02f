"""cosim: power in co-produced health-research teams, simulated.

Names are imported when they are first used, so that ``import cosim`` and ``cosim --help`` are quick.
"""

from __future__ import annotations

from importlib import import_module as _import_module
from typing import TYPE_CHECKING as _TYPE_CHECKING

from cosim.version import __version__

if _TYPE_CHECKING:
    from cosim import analysis
    from cosim.api import Findings, StudyResults, load_study, run_study
    from cosim.catalogue import load_scenario
    from cosim.errors import ConfigError, CosimError
    from cosim.model.model import CoproductionModel
    from cosim.scenario import Scenario
    from cosim.simulation.simulation import Agents, Result, simulate

__all__ = [
    "Agents",
    "ConfigError",
    "CoproductionModel",
    "CosimError",
    "Findings",
    "Result",
    "Scenario",
    "StudyResults",
    "__version__",
    "analysis",
    "load_scenario",
    "load_study",
    "run_study",
    "simulate",
]

_HOMES = {
    "Agents": "cosim.simulation",
    "ConfigError": "cosim.errors",
    "CoproductionModel": "cosim.model",
    "CosimError": "cosim.errors",
    "Findings": "cosim.api",
    "Result": "cosim.simulation",
    "Scenario": "cosim.scenario",
    "StudyResults": "cosim.api",
    "load_scenario": "cosim.catalogue",
    "load_study": "cosim.api",
    "run_study": "cosim.api",
    "simulate": "cosim.simulation",
}


def __getattr__(name: str) -> object:
    if name == "analysis":
        return _import_module("cosim.analysis")
    if name in _HOMES:
        return getattr(_import_module(_HOMES[name]), name)
    from cosim.errors import nearest_name

    near = nearest_name(name, __all__)
    raise AttributeError(
        f"module 'cosim' has no attribute {name!r}" + (f"; did you mean {near!r}?" if near else "")
    )


def __dir__() -> list[str]:
    return sorted(__all__)
