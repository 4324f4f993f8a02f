"""How a rule is declared: plain Python here, compiled when called from compiled code."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from numba.core.cpu import CPUTargetOptions
from numba.core.options import TargetOptions
from numba.extending import register_jitable

# Numba has the flag, for its own functions, but no name for it among the options of others.
if not hasattr(CPUTargetOptions, "noalias"):
    CPUTargetOptions.noalias = TargetOptions.Mapping("noalias")  # type: ignore[no-untyped-call]

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


def lane_rule(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a turn's rule that goes over members side by side: the arrays handed to it do not overlap.

    Knowing that, the compiler works on several members at once; told wrongly, it would give wrong numbers.
    """
    declared: Callable[P, R] = register_jitable(forceinline=True, noalias=True, no_cfunc_wrapper=True)(
        function
    )
    return declared
