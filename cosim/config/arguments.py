"""What may be given to cosim's functions: each kind of argument is checked here and nowhere else.

Every check returns the argument as the plain Python value that the rest of cosim works with, whatever NumPy
made of it, or raises a `ConfigError` that names the argument, what is allowed and the nearest valid name.
Nothing here imports a library, so that a check costs no start-up time.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any, Final, TypeVar

from cosim.config.paths import read_path
from cosim.errors import ConfigError, nearest_name

MAX_SEED: Final = 2**63 - 1
MAX_REPLICATE: Final = 2**32 - 1
MAX_WORKERS: Final = 4096
_SHOWN: Final = 80
_LISTED: Final = 60

T = TypeVar("T")


def refused(message: str, key: str, value: object, allowed: str | None = None) -> ConfigError:
    """Return (not raise) the error about one argument; what was given is shown in a few words."""
    if value is None:
        message += "; None was given"
    return ConfigError(message, key=key, value=brief(value), allowed=allowed)


def brief(value: object) -> Any:
    """Return a value as a message shows it: short plain values themselves, of others their class."""
    if isinstance(value, bool | int | float | str):
        if isinstance(value, str) and len(value) > _SHOWN:
            return f"{value[: _SHOWN - 3]}..."
        if isinstance(value, int) and value.bit_length() > 256:
            return "an integer of very many digits"
        return value
    if isinstance(value, Integral):
        return int(value)
    return None if value is None else _Class(type(value).__name__)


class _Class:
    """The class of a value that is too long to be shown."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return f"an object of class {self._name}"


def whole(value: object, key: str, low: int, high: int, what: str = "a whole number") -> int:
    """Return a whole number between `low` and `high`, both allowed; truth values and text are none."""
    allowed = f"a whole number from {_power(low)} to {_power(high)}"
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise refused(f"not {what}", key, value, allowed)
    number = int(value)
    if not low <= number <= high:
        raise refused(f"not {what}", key, number, allowed)
    return number


def _power(number: int) -> str:
    """Write a bound the way people do: 2^63 - 1."""
    power = number.bit_length()
    return f"2^{power} - 1" if number > 10**6 and number == 2**power - 1 else str(number)


def seed(value: object, key: str = "seed") -> int:
    """Return a seed, 0..2^63-1."""
    return whole(value, key, 0, MAX_SEED, "a seed")


def replicate(value: object, key: str = "replicate") -> int:
    """Return the number of one replicate, 0..2^32-1."""
    return whole(value, key, 0, MAX_REPLICATE, "a replicate")


def replicates(value: object, key: str = "replicates") -> range:
    """Return which replicates are meant: the first so many, or a range of their numbers."""
    if not isinstance(value, range):
        return range(whole(value, key, 1, MAX_REPLICATE, "a number of replicates"))
    if not value or min(value[0], value[-1]) < 0 or max(value[0], value[-1]) > MAX_REPLICATE:
        raise ConfigError(
            "not a range of replicates",
            key=key,
            value=str(value),
            allowed="at least one, numbered from 0 to 2^32 - 1",
        )
    return value


def workers(value: object, key: str = "workers") -> int:
    """Return a number of workers."""
    return whole(value, key, 1, MAX_WORKERS, "a number of workers")


def flag(value: object, key: str) -> bool:
    """Return a truth value; 0, 1, words and None are none."""
    found = _plain_scalar(value)
    if not isinstance(found, bool):
        raise refused("not a truth value", key, value, "True or False")
    return found


def number(value: object, key: str, low: float, high: float) -> float:
    """Return a finite number between `low` and `high`, both allowed."""
    allowed = f"a number from {low:g} to {high:g}"
    if isinstance(value, bool) or not isinstance(value, Real):
        raise refused("not a number", key, value, allowed)
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not low <= found <= high or not math.isfinite(found):
        raise refused("out of range", key, found, allowed)
    return found


def dose(value: object, key: str) -> float:
    """Return the dose of an intervention, 0..1."""
    return number(value, key, 0.0, 1.0)


def one_of(value: object, known: Iterable[str], key: str, what: str) -> str:
    """Return a name that is known; for another one, name the nearest."""
    names = list(known)
    if isinstance(value, str) and value in names:
        return str(value)
    allowed = ", ".join(names) if len(names) <= _LISTED else None
    near = nearest_name(value, names) if isinstance(value, str) else None
    message = f"there is no such {what}" + ("; None was given" if value is None else "")
    raise ConfigError(message, key=key, value=brief(value), allowed=allowed, nearest=near)


def names(value: object, known: Iterable[str], key: str, what: str) -> list[str]:
    """Return a list of different names that are all known; one name alone is a list of one."""
    known = list(known)
    if isinstance(value, str):
        value = [value]
    if isinstance(value, Mapping) or not isinstance(value, Iterable):
        raise refused(f"not a list of names, each of a {what}", key, value, "a name or a list of names")
    found = [one_of(one, known, key, what) for one in value]
    for index, name in enumerate(found):
        if name in found[:index]:
            raise ConfigError(f"this {what} is listed twice", key=key, value=name)
    return found


def mapping(value: object, key: str, allowed: str) -> dict[str, Any]:
    """Return a mapping with text for keys, everything in it made plain (see `plain`)."""
    if not isinstance(value, Mapping):
        raise refused("not a mapping", key, value, allowed)
    found: dict[str, Any] = plain(value, key)
    return found


def plain(value: object, key: str = "") -> Any:
    """Return data as scenarios and configs hold it: NumPy's numbers and arrays as Python's own.

    Raises
    ------
    ConfigError
        For keys that are not text, and for data that contains itself.
    """
    return _plain(value, key, ())


def _plain(value: object, key: str, inside: tuple[int, ...]) -> Any:
    if id(value) in inside or len(inside) > 100:
        raise ConfigError("is nested too deeply, or contains itself", key=key or None)
    within = (*inside, id(value))
    if isinstance(value, Mapping):
        found = {}
        for name, one in value.items():
            if not isinstance(name, str):
                told = "a key must be text" + ("; None was given" if name is None else "")
                raise ConfigError(told, key=key or None, value=brief(name))
            found[str(name)] = _plain(one, f"{key}.{name}" if key else str(name), within)
        return found
    if isinstance(value, list | tuple):
        return [_plain(one, f"{key}[{index}]", within) for index, one in enumerate(value)]
    return _plain_scalar(value)


def _plain_scalar(value: object) -> Any:
    """Return a NumPy scalar or array as Python's own; anything else as it is."""
    if type(value).__module__.split(".")[0] == "numpy" and hasattr(value, "tolist"):
        return value.tolist()
    return value


def path(value: object, key: str, what: str = "a path") -> Path:
    """Return a path that a file system can hold."""
    if not isinstance(value, str | os.PathLike):
        raise refused(f"not {what}", key, value, "text or a pathlib.Path")
    text = os.fspath(value)
    if not isinstance(text, str):
        raise refused(f"not {what}", key, value, "text or a pathlib.Path")
    return read_path(text, key=key)


def instance(value: object, kind: type[T], key: str, what: str) -> T:
    """Return an object of a class."""
    if not isinstance(value, kind):
        raise refused(f"not {what}", key, value, f"an object of class {kind.__name__}")
    return value


def subclass(value: object, kind: type[T], key: str) -> type[T]:
    """Return a class that is, or is made from, another."""
    if not isinstance(value, type) or not issubclass(value, kind):
        given = value if not isinstance(value, type) else value.__name__
        raise refused("not a class of the right kind", key, given, f"a subclass of {kind.__name__}")
    return value
