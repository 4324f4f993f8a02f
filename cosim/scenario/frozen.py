"""A dict that cannot change, so that scenarios can be shared between runs, threads and processes."""

from __future__ import annotations

from typing import Any, Never, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class FrozenDict(dict[K, V]):
    """A picklable, read-only dict; every attempt to change it raises TypeError."""

    def _refuse(self, *_: Any, **__: Any) -> Never:
        raise TypeError("scenarios are immutable: use scenario.replace({...})")

    __setitem__ = __delitem__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse
    __ior__ = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return (FrozenDict, (dict(self),))
