"""Design points that are counted before they are made, and made a block at a time.

A design may have hundreds of millions of points. What is kept of it is how its points are made (arms, and
samples of the unit cube that are themselves drawn in blocks), so that its size is known at once and no more
of it is in memory than is being worked on.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, overload

from cosim.execution.factor import Factor, owners, settings_of
from cosim.execution.samples import Sample

Value = float | int | bool | str | list[Any]
DUMMY = "dummy"
"""A changed key that no subject ever sees: what it seems to do is what chance alone does."""
WITH = "with."
"""Before the name of an intervention: its dose, as a column or a factor."""
SCALE = "ranges_scale"
"""A changed key that no subject ever sees: how many times as wide as usual the ranges of a world were."""
AGAIN = "looked_again"
"""A changed key that no subject ever sees: that a point lies in a fresh world, run to settle who is best."""
HIDDEN = (DUMMY, SCALE, AGAIN)
BLOCK = 1024
"""How many points are made at once where all are gone through."""
Item = TypeVar("Item")


class Lazy(Sequence[Item]):
    """A sequence of known length whose items are made when they are asked for.

    A subclass has a length, and makes the items ``start .. stop - 1``.
    """

    @abstractmethod
    def make(self, start: int, stop: int) -> list[Item]:
        """Return the items from `start` up to, not including, `stop`; both lie within the length."""

    @overload
    def __getitem__(self, index: int) -> Item: ...
    @overload
    def __getitem__(self, index: slice) -> list[Item]: ...
    def __getitem__(self, index: int | slice) -> Item | list[Item]:
        wanted = range(len(self))[index]
        if isinstance(wanted, int):
            return self.make(wanted, wanted + 1)[0]
        if wanted.step == 1:
            return self.make(wanted.start, wanted.stop) if wanted else []
        return [self.make(number, number + 1)[0] for number in wanted]

    def __iter__(self) -> Iterator[Item]:
        for start in range(0, len(self), BLOCK):
            yield from self.make(start, min(start + BLOCK, len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Point:
    """One setting to be run: a world (what nobody controls) and an arm (what somebody chose).

    Attributes
    ----------
    point : int
        Number of the point in its design, from 0.
    world : int
        Points of one world share their uncertain values and, replicate by replicate, their random numbers.
    arm : str
        Name of what was chosen; ``baseline`` for nothing.
    changes : dict
        Dotted scenario keys and the values they take.
    interventions : dict
        Intervention names and their dose (0..1), in the order in which they are applied.
    """

    point: int
    world: int = 0
    arm: str = "baseline"
    changes: Mapping[str, Value] = field(default_factory=dict)
    interventions: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Way:
    """An arm before it meets the worlds; ``key`` is its place in the config."""

    name: str
    interventions: Mapping[str, float] = field(default_factory=dict)
    changes: Mapping[str, Value] = field(default_factory=dict)
    key: tuple[str | int, ...] = ()


class LazyWays(Lazy[Way]):
    """Arms that follow from their number."""

    def __init__(self, count: int, way: Callable[[int], Way]) -> None:
        self._count, self._way = count, way

    def __len__(self) -> int:
        return self._count

    def make(self, start: int, stop: int) -> list[Way]:
        """Return some of the arms."""
        return [self._way(number) for number in range(start, stop)]


class Worlds(Lazy[dict[str, Value]]):
    """Sampled worlds, a mapping of key to value each; without a sample, the scenario as it stands.

    Parameters
    ----------
    factors : sequence of Factor
        One per column of the sample.
    sample : Sample, optional
    settle : callable, optional
        Puts what was drawn of a world in order, where one value limits another.

    Attributes
    ----------
    owners : mapping
        The intervention that a key belongs to: the key stands only at points that use it.
    """

    def __init__(
        self,
        factors: Sequence[Factor] = (),
        sample: Sample | None = None,
        settle: Callable[[dict[str, Value]], dict[str, Value]] | None = None,
    ) -> None:
        self._factors, self._sample, self._settle = factors, sample, settle
        self.owners = owners(factors)

    def __len__(self) -> int:
        return 1 if self._sample is None else len(self._sample)

    def make(self, start: int, stop: int) -> list[dict[str, Value]]:
        """Return some of the worlds."""
        if self._sample is None:
            return [{}]
        drawn: list[dict[str, Value]] = [
            {**settings_of(self._factors, row)} for row in self._sample.rows(start, stop)
        ]
        return drawn if self._settle is None else [self._settle(world) for world in drawn]

    @property
    def held(self) -> int:
        """Bytes that the sample holds while worlds are being made."""
        return 0 if self._sample is None else self._sample.held


class Drawn:
    """One world, from which arms take what concerns them.

    Parameters
    ----------
    world : mapping
        What was drawn.
    owner : mapping
        The intervention that a key belongs to.
    """

    def __init__(self, world: Mapping[str, Value], owner: Mapping[str, str]) -> None:
        self._shared: Mapping[str, Value] = world
        self._owned: dict[str, dict[str, Value]] = {}
        if owner:
            self._shared = {key: value for key, value in world.items() if key not in owner}
            for key, of in owner.items():
                self._owned.setdefault(of, {})[key] = world[key]

    def changes(self, way: Way) -> dict[str, Value]:
        """Return what an arm changes in this world: what it sets by itself wins."""
        changes = {**self._shared, **way.changes}
        for name in way.interventions:
            changes = {**self._owned.get(name, {}), **changes}
        return changes


class Points(Lazy[Point]):
    """The points of a design, numbered 0, 1, 2 ...

    Attributes
    ----------
    worlds : int
        Number of different worlds.
    held : int
        Bytes that are held while points are being made.
    """

    worlds: int
    held: int = 0

    @property
    @abstractmethod
    def arms(self) -> Sequence[str]:
        """Names of the arms, in order of first appearance."""

    @abstractmethod
    def typical(self) -> Sequence[Point]:
        """Return the first points, so many that every key, intervention and type of value stands in them."""


class ScaledWorlds(Worlds):
    """Worlds under ranges of several widths, one set after the other, from the same rows of one sample.

    Each world says in `SCALE` how many times as wide its ranges were.
    """

    def __init__(self, parts: Sequence[tuple[float, Worlds]]) -> None:
        super().__init__()
        self._parts = tuple(parts)
        self.owners = self._parts[0][1].owners

    def __len__(self) -> int:
        return sum(len(part) for _, part in self._parts)

    def make(self, start: int, stop: int) -> list[dict[str, Value]]:
        """Return some of the worlds."""
        found: list[dict[str, Value]] = []
        first = 0
        for scale, part in self._parts:
            low, high = max(start - first, 0), min(stop - first, len(part))
            if low < high:
                found += [{**world, SCALE: scale} for world in part.make(low, high)]
            first += len(part)
        return found

    @property
    def held(self) -> int:
        """Bytes that the samples hold while worlds are being made."""
        return sum(part.held for _, part in self._parts)


class Crossed(Points):
    """Every arm in every world; what an arm sets wins over what the world would be.

    What belongs to an intervention stands only at the points that use it.
    """

    def __init__(self, worlds: Worlds, ways: Sequence[Way]) -> None:
        self._worlds, self._ways = worlds, ways
        self.worlds, self.held = len(worlds), worlds.held

    def __len__(self) -> int:
        return self.worlds * len(self._ways)

    def make(self, start: int, stop: int) -> list[Point]:
        """Return some of the points."""
        size = len(self._ways)
        first, last = start // size, (stop - 1) // size
        points: list[Point] = []
        for number, world in enumerate(self._worlds[first : last + 1], first):
            low, high = max(start - number * size, 0), min(stop - number * size, size)
            drawn = Drawn(world, self._worlds.owners)
            points.extend(
                Point(number * size + k, number, way.name, drawn.changes(way), dict(way.interventions))
                for k, way in enumerate(self._ways[low:high], low)
            )
        return points

    @property
    def arms(self) -> Sequence[str]:
        """Names of the arms; made when they are asked for."""
        return _Names(self._ways)

    def typical(self) -> Sequence[Point]:
        """Return every arm in the first world: values of one factor are of one type in all worlds."""
        return self[: len(self._ways)]


class Sampled(Points):
    """A point per row of a sample of the unit cube.

    Parameters
    ----------
    factors : sequence of Factor
        One per column of the sample.
    sample : Sample
    world : callable
        World of a row; points with the same world share their random numbers.
    worlds : int
        How many different worlds there are.
    """

    ARM = "sample"

    def __init__(
        self, factors: Sequence[Factor], sample: Sample, world: Callable[[int], int], worlds: int
    ) -> None:
        self._factors, self._sample, self._world = factors, sample, world
        self.worlds, self.held = worlds, sample.held

    def __len__(self) -> int:
        return len(self._sample)

    def make(self, start: int, stop: int) -> list[Point]:
        """Return some of the points."""
        return [
            Point(number, self._world(number), self.ARM, *settings_at(self._factors, row))
            for number, row in enumerate(self._sample.rows(start, stop), start)
        ]

    @property
    def arms(self) -> Sequence[str]:
        """The one arm that there is."""
        return (self.ARM,)

    def typical(self) -> Sequence[Point]:
        """Return the first point: each has every factor."""
        return self[:1]


class Listed(Points):
    """Points that are there already."""

    def __init__(self, points: Sequence[Point]) -> None:
        self._points = tuple(points)
        self.worlds = len(dict.fromkeys(point.world for point in points))

    def __len__(self) -> int:
        return len(self._points)

    def make(self, start: int, stop: int) -> list[Point]:
        """Return some of the points."""
        return list(self._points[start:stop])

    @property
    def arms(self) -> Sequence[str]:
        """Names of the arms, in order of first appearance."""
        return tuple(dict.fromkeys(point.arm for point in self._points))

    def typical(self) -> Sequence[Point]:
        """Return all points."""
        return self._points


class _Names(Lazy[str]):
    """The names of arms."""

    def __init__(self, ways: Sequence[Way]) -> None:
        self._ways = ways

    def __len__(self) -> int:
        return len(self._ways)

    def make(self, start: int, stop: int) -> list[str]:
        return [way.name for way in self._ways[start:stop]]


def settings_at(
    factors: Sequence[Factor], shares: Iterable[float]
) -> tuple[dict[str, Value], dict[str, float]]:
    """Return changes and doses at one point of the unit cube."""
    changes: dict[str, Value] = {}
    doses: dict[str, float] = {}
    for factor, share in zip(factors, shares, strict=True):
        for key, value in factor.settings(float(share)).items():
            if key.startswith(WITH):
                doses[key.removeprefix(WITH)] = float(value)
            else:
                changes[key] = value
    return changes, doses


def without_dummy(points: Sequence[Point]) -> Sequence[Point]:
    """Return points as a subject sees them."""
    return [
        replace(point, changes={key: value for key, value in point.changes.items() if key not in HIDDEN})
        if any(key in point.changes for key in HIDDEN)
        else point
        for point in points
    ]


def number_points(
    rows: Iterable[tuple[int, str, Mapping[str, Value], Mapping[str, float]]],
) -> tuple[Point, ...]:
    """Make points of (world, arm, changes, interventions) rows, numbered from 0."""
    return tuple(
        Point(number, world, arm, dict(changes), dict(interventions))
        for number, (world, arm, changes, interventions) in enumerate(rows)
    )


def changed_keys(points: Sequence[Point]) -> list[str]:
    """Return every dotted key that some point changes, in order of first appearance."""
    return list(dict.fromkeys(key for point in points for key in point.changes))


def used_interventions(points: Sequence[Point]) -> list[str]:
    """Return every intervention that some point uses, in order of first appearance."""
    return list(dict.fromkeys(name for point in points for name in point.interventions))
