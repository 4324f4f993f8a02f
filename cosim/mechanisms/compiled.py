"""How a rule is declared: plain Python here, compiled when called from compiled code.

A declaration is only noted down, so that whoever needs the rules in Python alone (to check a config, say)
never waits for the compiler to be loaded.  `cosim.engine.compilation` gives the notes to the compiler.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

_NOTED: list[tuple[Callable[..., Any], dict[str, bool]]] = []
_compilers: list[Callable[[Callable[..., Any], dict[str, bool]], None]] = []


def rule(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a pure function of numbers and arrays as a rule that both engines call."""
    return _noted(function, no_cfunc_wrapper=True)


def turn_rule(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a rule that is called inside a turn: compiled code takes it in whole instead of calling it."""
    return _noted(function, forceinline=True, no_cfunc_wrapper=True)


def lane_rule(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a turn's rule that goes over members side by side: the arrays handed to it do not overlap.

    Knowing that, the compiler works on several members at once; told wrongly, it would give wrong numbers.
    """
    return _noted(function, forceinline=True, noalias=True, no_cfunc_wrapper=True)


def declare_to(compiler: Callable[[Callable[..., Any], dict[str, bool]], None]) -> None:
    """Give a compiler every rule declared so far, and every later one at its declaration.

    Parameters
    ----------
    compiler : callable
        Takes a rule and the compiler's options for it.
    """
    _compilers.append(compiler)
    for function, options in _NOTED:
        compiler(function, options)


def _noted(function: Callable[P, R], **options: bool) -> Callable[P, R]:
    _NOTED.append((function, options))
    for compiler in _compilers:
        compiler(function, options)
    return function
