"""How a rule is declared: plain Python here, compiled when called from compiled code."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba.extending import register_jitable

P = ParamSpec("P")
R = TypeVar("R")


def rule(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a pure function of numbers and arrays as a rule that both engines call."""
    declared: Callable[P, R] = register_jitable(no_cfunc_wrapper=True)(function)
    return declared


def turn_rule(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a rule that is called inside a turn: compiled code takes it in whole instead of calling it."""
    declared: Callable[P, R] = register_jitable(forceinline=True, no_cfunc_wrapper=True)(function)
    return declared
