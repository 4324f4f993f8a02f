"""Sampled worlds: what nobody controls, drawn from the plausible range of every uncertain parameter."""

from __future__ import annotations

import inspect
import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from cosim.experiment.design import Value
from cosim.experiment.subject import Factor

Sampler = Literal["sobol", "latin"]
# Keeps the stream of the worlds apart from every other use of the study's seed.
_STREAM = 0x57A7E


def sample_worlds(
    factors: Sequence[Factor], count: int, sampler: Sampler, seed: int
) -> list[dict[str, Value]]:
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

    Returns
    -------
    list of dict
        One mapping of dotted key to value per world.
    """
    if count == 0 or not factors:
        return [{}]
    shares = unit_sample(len(factors), count, sampler, seed)
    return [
        {factor.key: factor.at(float(u)) for factor, u in zip(factors, row, strict=True)} for row in shares
    ]


def unit_sample(size: int, count: int, sampler: Sampler, seed: int) -> NDArray[np.float64]:
    """Return `count` points of the unit cube, shape (count, size)."""
    from scipy.stats import qmc

    kind: Any = qmc.Sobol if sampler == "sobol" else qmc.LatinHypercube
    # scipy before 1.15 calls the generator `seed`.
    name = "rng" if "rng" in inspect.signature(kind.__init__).parameters else "seed"
    engine = kind(d=size, scramble=True, **{name: np.random.default_rng([_STREAM, seed])})
    if sampler == "sobol":
        # A whole power of two keeps the sequence balanced; its first points do not depend on how many follow.
        drawn = engine.random_base2(max(1, math.ceil(math.log2(count))))[:count]
    else:
        drawn = engine.random(count)
    return np.asarray(drawn, dtype=np.float64)
