"""A study cut into chunks: the unit of work, of storage and of resuming.

The cut depends on the design alone, never on speed, workers or shards, so that every way of running a study
writes the same parts with the same bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cosim.errors import ConfigError
from cosim.execution.design import Design, Point
from cosim.execution.points import Lazy

# Meant to be one or two seconds of work for either engine on an ordinary laptop.
RUNS_PER_CHUNK = {"compiled": 2000, "reference": 20}
# Replicates that the table of people summarises in one row. No chunk cuts through such a block, so that the
# table, to its last bit, does not depend on how many runs make a part.
BLOCK = 20


@dataclass(frozen=True, slots=True)
class Chunk:
    """A slice of the points times a slice of the replicates: the runs ``first_run`` to ``stop_run - 1``.

    It holds either several points with all their replicates, or some replicates of one point.
    """

    number: int
    first_point: int
    stop_point: int
    first_replicate: int
    stop_replicate: int
    first_run: int
    stop_run: int

    @property
    def runs(self) -> int:
        """Number of runs."""
        return self.stop_run - self.first_run

    @property
    def replicates(self) -> range:
        """The replicate numbers."""
        return range(self.first_replicate, self.stop_replicate)

    def points(self, design: Design) -> Sequence[Point]:
        """Return the chunk's points."""
        return design.points[self.first_point : self.stop_point]


class Chunks(Lazy[Chunk]):
    """All chunks of a study: counted at once, made when they are asked for.

    Parameters
    ----------
    points, replicates, runs_per_chunk : int
    """

    def __init__(self, points: int, replicates: int, runs_per_chunk: int) -> None:
        self._points, self._replicates = points, replicates
        self._whole_points = replicates <= runs_per_chunk
        if self._whole_points:
            self._step = max(1, runs_per_chunk // replicates)
            self._count = math.ceil(points / self._step)
        else:
            self._step = max(1, runs_per_chunk // BLOCK) * BLOCK
            self._of_a_point = math.ceil(replicates / self._step)
            self._count = points * self._of_a_point

    def __len__(self) -> int:
        return self._count

    def make(self, start: int, stop: int) -> list[Chunk]:
        """Return some of the chunks."""
        return [self._chunk(number) for number in range(start, stop)]

    def _chunk(self, number: int) -> Chunk:
        if self._whole_points:
            first = number * self._step
            return self._slice(number, first, min(first + self._step, self._points), 0, self._replicates)
        point, part = divmod(number, self._of_a_point)
        first = part * self._step
        return self._slice(number, point, point + 1, first, min(first + self._step, self._replicates))

    def _slice(self, number: int, first: int, stop: int, low: int, high: int) -> Chunk:
        run = first * self._replicates + low
        return Chunk(number, first, stop, low, high, run, run + (stop - first) * (high - low))


def cut(points: int, replicates: int, runs_per_chunk: int) -> Chunks:
    """Cut a study of `points` times `replicates` runs into chunks of about `runs_per_chunk` runs.

    The replicates of a point are cut at whole blocks only, see :func:`blocks`.
    """
    return Chunks(points, replicates, runs_per_chunk)


def blocks(replicates: range) -> Iterator[range]:
    """Yield consecutive replicate numbers in blocks that end at multiples of `BLOCK`."""
    start = replicates.start
    while start < replicates.stop:
        stop = min((start // BLOCK + 1) * BLOCK, replicates.stop)
        yield range(start, stop)
        start = stop


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `of` parts of a study, numbered from 1: for array jobs that share nothing but a disk."""

    index: int = 1
    of: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.index <= self.of:
            raise ConfigError(
                "no such shard", key="shard", value=str(self), allowed=f"1/{self.of} to {self.of}/{self.of}"
            )

    def __str__(self) -> str:
        return f"{self.index}/{self.of}"

    @property
    def whole(self) -> bool:
        """Whether this is the whole study."""
        return self.of == 1

    @property
    def folder(self) -> str:
        """Name of the shard's folder inside the study's folder."""
        width = len(str(self.of))
        return f"shard-{self.index:0{width}d}-of-{self.of}"

    def of_chunks(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """Return the shard's chunks; dealt out like cards, since neighbours cost much the same."""
        return [chunk for chunk in chunks if chunk.number % self.of == self.index - 1]

    @classmethod
    def parse(cls, text: str) -> Shard:
        """Read ``3/20``.

        Raises
        ------
        ConfigError
            When the text is anything else.
        """
        index, slash, of = text.partition("/")
        if not (slash and index.strip().isdecimal() and of.strip().isdecimal()) or int(of) < 1:
            raise ConfigError("not a shard", key="shard", value=text, allowed="i/n, such as 3/20")
        return cls(int(index), int(of))
