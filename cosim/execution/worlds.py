"""Sampled worlds: what nobody controls, drawn from the plausible range of every uncertain parameter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cosim.execution.factor import Factor
from cosim.execution.points import ScaledWorlds, Value, Worlds
from cosim.execution.samples import LatinHypercube, Sample, SobolSequence

Sampler = Literal["sobol", "latin"]
# Keeps the stream of the worlds apart from every other use of the study's seed.
_STREAM = 0x57A7E


def sample_worlds(
    factors: Sequence[Factor],
    count: int,
    sampler: Sampler,
    seed: int,
    *,
    scales: Sequence[float] = (1.0,),
    settle: Callable[[dict[str, Value]], dict[str, Value]] | None = None,
) -> Worlds:
    """Draw worlds; without factors or with ``count`` 0 the only world is the scenario as it stands.

    Parameters
    ----------
    factors : sequence of Factor
        The uncertain parameters.
    count : int
        Number of worlds.
    sampler : {"sobol", "latin"}
        A scrambled Sobol' sequence, of which more worlds only add to the end, or a Latin hypercube.
    seed : int
        Seed of the study.
    scales : sequence of float
        How many times as wide as usual ranges are; of several, each has `count` worlds, from the same rows.
    settle : callable, optional
        Puts what was drawn of a world in order.

    Returns
    -------
    Worlds
        A sequence of one mapping of dotted key to value per world, drawn when they are asked for.
    """
    if count == 0 or not factors:
        return Worlds()
    parts = [
        (
            scale,
            Worlds(
                [factor.scaled(scale) for factor in factors],
                unit_rows(len(factors), count, sampler, seed),
                settle,
            ),
        )
        for scale in scales
    ]
    return parts[0][1] if len(parts) == 1 else ScaledWorlds(parts)


def unit_rows(size: int, count: int, sampler: Sampler, seed: int) -> Sample:
    """Return a sample of `count` rows of the unit cube of `size` dimensions, not yet drawn."""
    kind = SobolSequence if sampler == "sobol" else LatinHypercube
    return kind(size, count, np.random.default_rng([_STREAM, seed]))


def unit_sample(size: int, count: int, sampler: Sampler, seed: int) -> NDArray[np.float64]:
    """Return `count` points of the unit cube, shape (count, size)."""
    return unit_rows(size, count, sampler, seed).rows(0, count)
