"""Records of the study at hand beside those that are always there: its own interventions and outcomes.

A report tells of one study; what that study defined itself is known while it is told of, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, TypeVar

T = TypeVar("T")


class AtHand(Mapping[str, T], Generic[T]):
    """Records by name: those that are always there, then those of the study at hand.

    Parameters
    ----------
    always : mapping of str to record

    Examples
    --------
    >>> known = AtHand({"round_robin": 1})
    >>> with known.having({"walking_meeting": 2}):
    ...     list(known)
    ['round_robin', 'walking_meeting']
    >>> list(known)
    ['round_robin']
    """

    def __init__(self, always: Mapping[str, T]) -> None:
        self._always = always
        self._own: ContextVar[Mapping[str, T]] = ContextVar("own", default={})  # noqa: B039 (never changed)

    @contextmanager
    def having(self, own: Mapping[str, T]) -> Iterator[None]:
        """Know further records for a while."""
        token = self._own.set({**own})
        try:
            yield
        finally:
            self._own.reset(token)

    def __getitem__(self, name: str) -> T:
        return self._always[name] if name in self._always else self._own.get()[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._always
        yield from (name for name in self._own.get() if name not in self._always)

    def __len__(self) -> int:
        return sum(1 for _ in self)
