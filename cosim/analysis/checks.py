"""Every public function and settings class of the analysis checks its arguments here, by their annotations.

A value of the wrong kind is refused with the argument's name before anything is computed; NumPy's whole
numbers are taken for whole numbers. What a function asks beyond the kind of an argument, it checks itself.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from numbers import Real
from typing import Any, ParamSpec, TypeVar

import numpy as np
import pandas as pd

from cosim.config.arguments import flag, instance, plain, refused, whole

P = ParamSpec("P")
R = TypeVar("R")
C = TypeVar("C", bound=type)
Check = Callable[[object, str], Any]

_FAR = 2**63 - 1


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function refuse arguments that are not of the annotated kind."""
    signature = inspect.signature(function)
    kinds = {name: one.annotation for name, one in signature.parameters.items()}

    @functools.wraps(function)
    def with_checks(*given: P.args, **named: P.kwargs) -> R:
        bound = signature.bind(*given, **named)
        for name, value in bound.arguments.items():
            bound.arguments[name] = _checked(value, kinds[name], name, function.__globals__)
        return function(*bound.args, **bound.kwargs)

    return with_checks


def checked_fields(record: C) -> C:
    """Let a frozen dataclass refuse fields that are not of the annotated kind, before its own checks."""
    space = inspect.getmodule(record).__dict__
    own = getattr(record, "__post_init__", None)

    def check(self: Any) -> None:
        for field in fields(self):
            value = _checked(getattr(self, field.name), str(field.type), field.name, space)
            object.__setattr__(self, field.name, value)
        if own is not None:
            own(self)

    record.__post_init__ = check  # type: ignore[attr-defined]
    return record


def _checked(value: object, annotation: str, key: str, space: Mapping[str, Any]) -> Any:
    kind = annotation.removesuffix(" | None")
    if value is None and kind != annotation:
        return None
    if kind in _KINDS:
        return _KINDS[kind](value, key)
    if kind.startswith("Callable") or kind == "Evaluate":
        return _callable(value, key)
    found = space.get(kind)
    return instance(value, found, key, f"a {kind}") if isinstance(found, type) else value


def _table(value: object, key: str) -> pd.DataFrame:
    return instance(value, pd.DataFrame, key, "a table")


def _text(value: object, key: str) -> str:
    return instance(value, str, key, "a name")


def _texts(value: object, key: str) -> list[str]:
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise refused("not a list of names", key, value, "a list of names")
    return [_text(one, key) for one in value]


def _two_texts(value: object, key: str) -> tuple[str, ...]:
    found = _texts(value, key)
    if len(found) != 2:
        raise refused("not a pair of names", key, value, "two names")
    return tuple(found)


def _pairs(value: object, key: str) -> list[tuple[str, ...]]:
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise refused("not a list of pairs of names", key, value, "a list of pairs")
    return [_two_texts(one, key) for one in value]


def _real(value: object, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, Real):
        raise refused("not a number", key, value, "a number")
    return value  # type: ignore[return-value]


def _whole(value: object, key: str) -> int:
    return whole(value, key, -_FAR, _FAR)


def _wholes(value: object, key: str) -> list[int]:
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise refused("not a list of whole numbers", key, value, "a list of whole numbers")
    return [_whole(one, key) for one in value]


def _numbers(value: object, key: str) -> Any:
    """Return an array of numbers; text is none, though NumPy would read it."""
    allowed = "an array of numbers"
    if isinstance(value, str | bytes | Mapping) or not isinstance(value, Iterable):
        raise refused("not an array of numbers", key, value, allowed)
    try:
        found: Any = np.asarray(value if isinstance(value, np.ndarray) else list(value))
        if found.dtype.kind not in "iufb":
            found = found.astype(np.float64)
    except (TypeError, ValueError):
        raise refused("not an array of numbers", key, value, allowed) from None
    return value


def _matrix(value: object, key: str) -> Any:
    found: Any = np.asarray(_numbers(value, key))
    if found.ndim != 2:
        raise refused("not a matrix of numbers", key, value, "an array with two axes")
    return found


def _number_or_numbers(value: object, key: str) -> Any:
    if isinstance(value, str | bytes | Mapping | bool) or value is None:
        raise refused(
            "not a number, nor a list of numbers", key, value, "a number, or one for each objective"
        )
    return _real(value, key) if isinstance(value, Real) else _numbers(value, key)


def _callable(value: object, key: str) -> Any:
    if not callable(value) or isinstance(value, type):
        raise refused("not a function", key, value, "a function")
    return value


def _mapping(of: Check) -> Check:
    def check(value: object, key: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise refused("not a mapping", key, value, "{NAME: VALUE}")
        return {_text(name, key): of(one, f"{key}.{name}") for name, one in value.items()}

    return check


def _criterion(value: object, key: str) -> tuple[str, float]:
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise refused("not a requirement", key, value, "('<=' or '>=', a number)")
    return _text(value[0], key), _real(value[1], key)


def _direction(value: object, key: str) -> Any:
    """Return a word or a number; which ones there are, the function says."""
    if isinstance(value, bool) or not isinstance(value, str | Real):
        raise refused("not a direction", key, value, "a word or a number")
    return plain(value)


_KINDS: Mapping[str, Check] = {
    "pd.DataFrame": _table,
    "str": _text,
    "Replication": _text,
    "Better": _direction,
    "Literal['lower', 'higher']": _text,
    'Literal["lower", "higher"]': _text,
    "Sequence[str]": _texts,
    "tuple[str, ...]": lambda value, key: tuple(_texts(value, key)),
    "tuple[str, str]": _two_texts,
    "Sequence[tuple[str, str]]": _pairs,
    "float": _real,
    "int": _whole,
    "bool": flag,
    "Sequence[int]": _wholes,
    "ArrayLike": _numbers,
    "FloatArray": _matrix,
    "NDArray[np.int64]": _matrix,
    "Sequence[float]": _numbers,
    "Sequence[float] | float": _number_or_numbers,
    "Mapping[str, Criterion]": _mapping(_criterion),
    "Mapping[str, Better]": _mapping(_direction),
    "Mapping[str, float]": _mapping(_real),
    "Mapping[str, str]": _mapping(_text),
    "Mapping[str, Mapping[str, float]]": _mapping(_mapping(_real)),
    "Objectives": _mapping(_text),
}
"""How an argument is checked, by its annotation."""
