"""Solara for the pages: its names carry no types, so they are taken as they are; components get one."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any, ParamSpec

P = ParamSpec("P")

solara: Any = import_module("solara")
import_module("solara.lab")


def component(function: Callable[P, None]) -> Callable[P, Any]:
    """Make a Solara component of a function."""
    made: Callable[P, Any] = solara.component(function)
    return made
