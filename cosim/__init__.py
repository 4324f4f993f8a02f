"""cosim: power in co-produced health-research teams, simulated.

Names are imported when they are first used, so that ``import cosim`` and ``cosim --help`` are quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from cosim.version import __version__

if TYPE_CHECKING:
    from cosim.catalogue import load_scenario
    from cosim.errors import ConfigError, CosimError
    from cosim.model import CoproductionModel
    from cosim.scenario import Scenario
    from cosim.simulation import Result, simulate

__all__ = [
    "ConfigError",
    "CoproductionModel",
    "CosimError",
    "Result",
    "Scenario",
    "__version__",
    "load_scenario",
    "simulate",
]

_HOMES = {
    "ConfigError": "cosim.errors",
    "CoproductionModel": "cosim.model",
    "CosimError": "cosim.errors",
    "Result": "cosim.simulation",
    "Scenario": "cosim.scenario",
    "load_scenario": "cosim.catalogue",
    "simulate": "cosim.simulation",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'cosim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
