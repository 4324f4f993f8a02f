"""One engine for all tabs: each gets a slice of the work in turn, and none more than its share."""

from __future__ import annotations

import itertools
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Final, TypeVar

from cosim.errors import CosimError

T = TypeVar("T")
LONGEST_QUEUE: Final = 200
"""Tabs that may wait at once; a class has some thirty."""


class FullError(CosimError):
    """So many wait already that another would wait for ever."""


class Turns:
    """Lets those who ask work one at a time, the one who has worked the least first.

    A tab that asks for much and a tab that asks for little each get their turn: nobody waits for more than
    one slice of everybody else's work.
    """

    def __init__(self, longest: int = LONGEST_QUEUE) -> None:
        self._longest = longest
        self._changed = threading.Condition()
        self._waiting: OrderedDict[int, int] = OrderedDict()  # ticket: slices that its tab has had
        self._had: dict[str, int] = {}
        self._asking: dict[str, int] = {}
        self._numbers = itertools.count()
        self._busy = False

    @property
    def others(self) -> int:
        """Number of tabs that want to work now, the one at work included."""
        with self._changed:
            return len(self._asking)

    def enter(self, tab: str) -> None:
        """Begin to ask for slices.

        Raises
        ------
        FullError
            When the tab has work under way, or too many others have.
        """
        with self._changed:
            if tab in self._asking:
                raise FullError("this tab's projects are being run already")
            if len(self._asking) >= self._longest:
                raise FullError(f"{self._longest} others are waiting; try again in a minute")
            self._asking[tab] = 1
            # Who comes later begins level with those who have worked the least, not far ahead of all.
            self._had[tab] = min(self._had.values(), default=0)

    def leave(self, tab: str) -> None:
        """Ask no more."""
        with self._changed:
            self._asking.pop(tab, None)
            self._had.pop(tab, None)
            self._changed.notify_all()

    def slice(self, tab: str, work: Callable[[], T]) -> T:
        """Do a slice of work when it is this tab's turn; whatever `work` raises is passed on."""
        ticket = next(self._numbers)
        with self._changed:
            self._waiting[ticket] = self._had.get(tab, 0)
            self._changed.wait_for(lambda: not self._busy and self._first() == ticket)
            del self._waiting[ticket]
            self._busy = True
            self._had[tab] = self._had.get(tab, 0) + 1
        try:
            return work()
        finally:
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _first(self) -> int:
        """Return the ticket whose tab has had the fewest slices, the oldest of these."""
        return min(self._waiting, key=lambda ticket: (self._waiting[ticket], ticket))
