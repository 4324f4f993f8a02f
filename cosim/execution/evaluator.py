"""What a study experiments on: the few things that design, runner and store need to know of it.

The team model is one such subject; a test function with a known answer is another, so that the whole pipeline
can be checked against theory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from cosim.execution.factor import Factor
from cosim.execution.points import Point

if TYPE_CHECKING:
    import pandas as pd

Tables = dict[str, "pd.DataFrame"]


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
    """An evaluator that can also say what may be varied and what comes out.

    One may also have ``settle``, which puts a drawn world in order where one value limits another: it is
    given what was drawn, by key, and returns it as it is to be.
    """

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
