"""What a study experiments on: the few things that design, runner and store need to know of it.

The team model is one such subject; a test function with a known answer is another, so that the whole pipeline
can be checked against theory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

if TYPE_CHECKING:
    import pandas as pd

    from cosim.execution.design import Point

Tables = dict[str, "pd.DataFrame"]


@dataclass(frozen=True)
class Factor:
    """One thing that a study may vary.

    Attributes
    ----------
    key : str
        Dotted key, as in a scenario file.
    role : {"uncertainty", "lever"}
        What nobody controls, or what somebody can choose.
    low, high : float
        Plausible range of an uncertainty, usable range of a lever; both ends belong to it. Ignored for
        choices.
    kind : {"float", "int", "choice"}
    choices : tuple of str
        The values of a choice.
    unit, sentence : str
        For tables and figures.
    settled : bool
        Whether the subject itself says what it is, so that it is varied only where a config names it.
    """

    key: str
    role: Literal["uncertainty", "lever"]
    low: float = 0.0
    high: float = 1.0
    kind: Literal["float", "int", "choice"] = "float"
    choices: tuple[str, ...] = ()
    unit: str = ""
    sentence: str = ""
    settled: bool = False

    def at(self, share: float) -> float | int | str:
        """Return the value at a share of the way through the range (0..1): the quantile function."""
        if self.kind == "choice":
            return self.choices[min(int(share * len(self.choices)), len(self.choices) - 1)]
        if self.kind == "int":
            count = int(self.high) - int(self.low) + 1
            return int(self.low) + min(int(share * count), count - 1)
        return float(min(self.low + share * (self.high - self.low), self.high))


class Evaluator(Protocol):
    """Runs design points; the only part of a study that knows the model. Must be picklable."""

    def __call__(self, points: Sequence[Point], replicates: range, seed: int) -> Tables:
        """Run every point for every replicate.

        Parameters
        ----------
        points : sequence of Point
        replicates : range
            Consecutive replicate numbers; the same one means the same random numbers under every point of a
            world.
        seed : int
            Seed of the study; see :func:`cosim.execution.seeds.world_seed`.

        Returns
        -------
        dict of DataFrame
            ``"runs"``: a row per point and replicate with columns ``point``, ``replicate`` and the outcomes,
            and optionally ``error``. Optionally ``"people"``: any number of rows per run, same two columns
            first.
        """
        ...


@runtime_checkable
class Subject(Evaluator, Protocol):
    """An evaluator that can also say what may be varied and what comes out."""

    @property
    def name(self) -> str:
        """What reports call it."""
        ...

    def describe(self) -> Mapping[str, Any]:
        """Return everything that fixes the results, as plain data (goes into the design's hash)."""
        ...

    def factors(self) -> Sequence[Factor]:
        """Return what may be varied, in a fixed order."""
        ...

    def interventions(self) -> Sequence[str]:
        """Return the names of all interventions, in a fixed order."""
        ...

    def outcomes(self) -> Sequence[str]:
        """Return the names of the outcomes that every run has."""
        ...

    def check(self, point: Point) -> None:
        """Raise ConfigError when a design point cannot be run."""
        ...
