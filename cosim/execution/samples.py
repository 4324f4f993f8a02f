"""Samples of the unit cube, drawn a block of rows at a time, the same rows however they are asked for.

The designs of Saltelli and of FAST are those of SALib (Herman and Usher 2017, doi:10.21105/joss.00097), row
by row, without being held whole: with all of the model's parameters and the largest number of samples the
first would take 368 GiB.
"""

from __future__ import annotations

import inspect
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]
Chance = np.random.Generator | int
_BLOCK = 4096  # rows of a sequence; a power of two keeps the sequence balanced from its first block
_TRAJECTORIES = 32


class Sample(ABC):
    """Rows of the unit cube.

    Attributes
    ----------
    held : int
        Bytes in memory while rows are being drawn.
    """

    held: int

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of rows."""

    @abstractmethod
    def rows(self, start: int, stop: int) -> Rows:
        """Return the rows ``start .. stop - 1``, shape (stop - start, columns)."""


class SobolSequence(Sample):
    """A scrambled Sobol' sequence, of which more rows only add to the end.

    Parameters
    ----------
    columns, count : int
    chance : numpy Generator or int
        Scrambles the sequence: a generator, or a seed.
    """

    def __init__(self, columns: int, count: int, chance: Chance) -> None:
        self._columns, self._count, self._chance = columns, count, chance
        self._size = min(_BLOCK, 1 << max(1, math.ceil(math.log2(count))))
        self._engine: Any = None
        self._at, self._block = -1, np.empty((0, columns))
        # The engine's direction numbers and their scrambling: 30 bits, twice.
        self.held = 8 * columns * (self._size + 30 * 31)

    def __len__(self) -> int:
        return self._count

    def rows(self, start: int, stop: int) -> Rows:
        """Return some rows; going on is cheap, going back begins again."""
        parts = []
        for number in range(start // self._size, (stop - 1) // self._size + 1):
            first = number * self._size
            parts.append(self._drawn(number)[max(start - first, 0) : stop - first])
        return np.concatenate(parts)

    def _drawn(self, number: int) -> Rows:
        if number != self._at:
            if self._engine is None:
                self._engine = _engine("Sobol", self._columns, self._chance)
            first = number * self._size
            if first < self._engine.num_generated:
                self._engine.reset()
            if first > self._engine.num_generated:
                self._engine.fast_forward(first - self._engine.num_generated)
            self._block = np.asarray(self._engine.random(self._size), dtype=np.float64)
            self._at = number
        return self._block


class LatinHypercube(Sample):
    """A Latin hypercube; its rows depend on how many there are, so it is drawn as a whole."""

    def __init__(self, columns: int, count: int, chance: Chance) -> None:
        self._columns, self._count, self._chance = columns, count, chance
        self._whole: Rows | None = None
        self.held = 3 * 8 * columns * count

    def __len__(self) -> int:
        return self._count

    def rows(self, start: int, stop: int) -> Rows:
        """Return some rows."""
        if self._whole is None:
            engine = _engine("LatinHypercube", self._columns, self._chance)
            self._whole = np.asarray(engine.random(self._count), dtype=np.float64)
        return self._whole[start:stop]


class Saltelli(Sample):
    """Saltelli's extension of a Sobol' sequence, as `SALib.sample.sobol.sample` makes it.

    Each row of the base sequence holds two points A and B. Of these come the rows A; A with the columns of
    one unit taken from B, for each unit; with second order, B with the columns of one unit from A; and B.

    Parameters
    ----------
    membership : sequence of str
        Unit (group, or the factor itself) of each column.
    count : int
        Rows of the base sequence, a power of two.
    second_order : bool
    seed : int
    """

    def __init__(self, membership: Sequence[str], count: int, second_order: bool, seed: int) -> None:
        columns = len(membership)
        units = list(dict.fromkeys(membership))
        self._base = SobolSequence(2 * columns, count, seed)
        # Which columns of each of a base row's rows come from B.
        alone = np.array([[unit == own for own in membership] for unit in units])
        kinds = [np.zeros((1, columns), bool), alone, np.ones((1, columns), bool)]
        if second_order:
            kinds.insert(2, ~alone)
        self._from_second = np.vstack(kinds)
        self.held = self._base.held

    @property
    def step(self) -> int:
        """Rows per row of the base sequence."""
        return len(self._from_second)

    def __len__(self) -> int:
        return len(self._base) * self.step

    def rows(self, start: int, stop: int) -> Rows:
        """Return some rows."""
        numbers = np.arange(start, stop)
        first = start // self.step
        base = self._base.rows(first, (stop - 1) // self.step + 1)[numbers // self.step - first]
        columns = base.shape[1] // 2
        second = self._from_second[numbers % self.step]
        return np.where(second, base[:, columns:], base[:, :columns])


class FourierCurves(Sample):
    """Search curves of the extended FAST, as `SALib.sample.fast_sampler.sample` makes them.

    Parameters
    ----------
    columns : int
        Number of factors.
    count : int
        Points per curve.
    harmonics : int
        The interference parameter M.
    generators : sequence of numpy Generator
        One for each set of curves; a set holds a curve per factor.
    """

    def __init__(
        self, columns: int, count: int, harmonics: int, generators: Sequence[np.random.Generator]
    ) -> None:
        self._columns, self._count = columns, count
        self._phases = np.array([_phases(generator, columns) for generator in generators])
        first = math.floor((count - 1) / (2 * harmonics))
        most = math.floor(first / (2 * harmonics))
        if most >= columns - 1:
            others = np.floor(np.linspace(1, most, columns - 1))
        else:
            others = np.arange(columns - 1) % most + 1
        self._first, self._others = float(first), others.astype(np.float64)
        self.held = self._phases.nbytes

    def __len__(self) -> int:
        return self._phases.size * self._count

    def rows(self, start: int, stop: int) -> Rows:
        """Return some rows."""
        parts = []
        for curve in range(start // self._count, (stop - 1) // self._count + 1):
            low = max(start - curve * self._count, 0)
            high = min(stop - curve * self._count, self._count)
            parts.append(self._curve(curve, low, high))
        return np.clip(np.vstack(parts), 0.0, 1.0)

    def _curve(self, curve: int, low: int, high: int) -> Rows:
        of, factor = divmod(curve, self._columns)
        at = (2 * math.pi / self._count) * np.arange(low, high)
        frequencies = np.insert(self._others, factor, self._first)
        found = np.empty((high - low, self._columns))
        for column, frequency in enumerate(frequencies):
            angle = frequency * at + self._phases[of, factor]
            found[:, column] = 0.5 + (1 / math.pi) * np.arcsin(np.sin(angle))
        return found


class Trajectories(Sample):
    """Morris trajectories, drawn by SALib a few at a time.

    Parameters
    ----------
    problem : mapping
        As SALib wants it.
    units : int
        Number of groups, or of factors.
    count : int
        Number of trajectories.
    levels : int
    seed : int
    """

    def __init__(self, problem: Mapping[str, Any], units: int, count: int, levels: int, seed: int) -> None:
        self._problem, self._count, self._levels = dict(problem), count, levels
        self.step = units + 1
        self._stream = np.random.default_rng(seed).bit_generator
        # State of the generator before each block: what has been passed can be drawn again.
        self._states: list[Any] = [self._stream.state]
        self._at, self._block = -1, np.empty((0, 0))
        self.held = 8 * 4 * _TRAJECTORIES * self.step * int(problem["num_vars"])

    def __len__(self) -> int:
        return self._count * self.step

    def rows(self, start: int, stop: int) -> Rows:
        """Return some rows; those far ahead need all before them to be drawn."""
        size = _TRAJECTORIES * self.step
        parts = []
        for number in range(start // size, (stop - 1) // size + 1):
            parts.append(self._drawn(number)[max(start - number * size, 0) : stop - number * size])
        return np.concatenate(parts)

    def _drawn(self, number: int) -> Rows:
        if number != self._at:
            for block in range(min(number, len(self._states) - 1), number + 1):
                self._draw(block)
        return self._block

    def _draw(self, number: int) -> None:
        self._stream.state = self._states[number]
        count = min(_TRAJECTORIES, self._count - number * _TRAJECTORIES)
        self._block = self._sampled(count)
        self._at = number
        if number + 1 == len(self._states):
            self._states.append(self._stream.state)

    def _sampled(self, count: int) -> Rows:
        from SALib.sample import morris

        found: Rows = np.asarray(
            morris.sample(self._problem, count, num_levels=self._levels, seed=self._stream)
        )
        return found


class ShapleyWalks(Trajectories):
    """Walks for Shapley effects (Goda 2021), drawn by SALib a few at a time: each moves every factor once.

    Parameters
    ----------
    problem : mapping
        As SALib wants it, without groups.
    count : int
        Number of walks.
    seed : int
    """

    def __init__(self, problem: Mapping[str, Any], count: int, seed: int) -> None:
        super().__init__(problem, int(problem["num_vars"]), count, 0, seed)

    def _sampled(self, count: int) -> Rows:
        from SALib.sample import shapley

        # The stream itself: of a generator SALib would take a child, another one each time.
        found: Rows = np.asarray(shapley.sample(self._problem, count, seed=self._stream))
        return found


def _phases(generator: np.random.Generator, columns: int) -> list[float]:
    [own] = generator.spawn(1)  # as SALib does, which leaves the generator it is given as it was
    return [2 * math.pi * own.random() for _ in range(columns)]


def _engine(name: str, columns: int, chance: Chance) -> Any:
    from scipy.stats import qmc

    kind: Any = getattr(qmc, name)
    # scipy before 1.15 calls the generator `seed`; a number means another stream to each of the two names,
    # and SALib's is that of the older one.
    new = "rng" in inspect.signature(kind.__init__).parameters and not isinstance(chance, int)
    return kind(d=columns, scramble=True, **{"rng" if new else "seed": chance})
