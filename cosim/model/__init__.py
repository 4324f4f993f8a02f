"""The readable reference model: one step is one speaking turn.

The stages of a project (`cosim.model.stages`), its state and its turn records are shared with the compiled
engine, so they must not bring Mesa along: the model itself is imported when it is first asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["CoproductionModel"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        return getattr(import_module("cosim.model.model"), name)
    raise AttributeError(f"module 'cosim.model' has no attribute {name!r}")
