"""Designs one after the other: points that follow upon those of another design, in some of its worlds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from cosim.execution.points import Lazy, Point, Points, Value, Worlds


class FirstWorlds(Worlds):
    """The first few of other worlds."""

    def __init__(self, worlds: Worlds, count: int) -> None:
        super().__init__()
        self._all, self._count = worlds, min(count, len(worlds))

    def __len__(self) -> int:
        return self._count

    def make(self, start: int, stop: int) -> list[dict[str, Value]]:
        """Return some of the worlds."""
        return self._all[start:stop]

    @property
    def held(self) -> int:
        """Bytes that the sample holds; those of the other worlds' sample are counted there."""
        return 0


class Joined(Points):
    """The points of several designs, one after the other; worlds of the same number are the same world."""

    def __init__(self, parts: Sequence[Points]) -> None:
        self._parts = tuple(parts)
        self._ends = tuple(accumulate(len(part) for part in self._parts))
        self.worlds = max(part.worlds for part in self._parts)
        self.held = sum(part.held for part in self._parts)

    def __len__(self) -> int:
        return self._ends[-1]

    def make(self, start: int, stop: int) -> list[Point]:
        """Return some of the points."""
        found: list[Point] = []
        first = 0
        for part, end in zip(self._parts, self._ends, strict=True):
            low, high = max(start, first), min(stop, end)
            if low < high:
                own = part[low - first : high - first]
                found.extend(replace(point, point=point.point + first) if first else point for point in own)
            first = end
        return found

    @property
    def arms(self) -> Sequence[str]:
        """Names of the arms, in order of first appearance."""
        return _Chain([part.arms for part in self._parts])

    def typical(self) -> Sequence[Point]:
        """Return the typical points of every part."""
        return [point for part in self._parts for point in part.typical()]


class _Chain(Lazy[str]):
    """Names of several lists, one after the other."""

    def __init__(self, parts: Sequence[Sequence[str]]) -> None:
        self._parts = parts

    def __len__(self) -> int:
        return sum(len(part) for part in self._parts)

    def make(self, start: int, stop: int) -> list[str]:
        names = [name for part in self._parts for name in part]
        return names[start:stop]
