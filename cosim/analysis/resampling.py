"""Chance inside the analysis: seeds, and bootstrap weights for worlds and for replicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cosim.analysis.checks import checked_fields
from cosim.errors import ConfigError, nearest_name

FloatArray = NDArray[np.float64]

Replication = Literal["crossed", "nested"]
"""How replicates relate to worlds.

``crossed``: replicate number r meets the same random numbers in every world, point and arm (common random
numbers). What r has in common everywhere does not average out over worlds, and the intervals allow for it.
``nested``: every world (or point) has random numbers of its own, whatever the replicate number.
"""


def check_seed(seed: int) -> int:
    """Return `seed` if it is a whole number of at least 1; otherwise raise ConfigError."""
    if not _is_whole(seed) or seed < 1:
        raise ConfigError(
            "not a seed for an analysis", key="seed", value=seed, allowed="a whole number of at least 1"
        )
    return int(seed)


def _is_whole(number: object) -> bool:
    return isinstance(number, (int, np.integer)) and not isinstance(number, bool)


def check_level(level: float) -> float:
    """Return `level` if it is strictly between 0 and 1; otherwise raise ConfigError."""
    if not 0.0 < level < 1.0:
        raise ConfigError(
            "not a level for an interval", key="level", value=level, allowed="between 0 and 1, e.g. 0.95"
        )
    return float(level)


def check_replication(replication: str) -> str:
    """Return `replication` if it is a known arrangement of random numbers; otherwise raise ConfigError."""
    known = ("crossed", "nested")
    if replication not in known:
        raise ConfigError(
            "unknown arrangement of replicates",
            key="replication",
            value=replication,
            allowed=" or ".join(known),
            nearest=nearest_name(str(replication), known),
        )
    return replication


def generator(seed: int) -> np.random.Generator:
    """Return a random generator for a checked seed."""
    return np.random.default_rng(check_seed(seed))


@dataclass(frozen=True)
@checked_fields
class Resampling:
    """How a bootstrap is done.

    Parameters
    ----------
    draws : int
        Number of bootstrap draws, at least 20.
    seed : int
        Seed of the bootstrap; a whole number of at least 1. Zero is refused: some libraries read it as "no
        seed".
    level : float
        Level of the intervals, strictly between 0 and 1.
    replication : {"crossed", "nested"}
        See :data:`Replication`.
    """

    draws: int = 500
    seed: int = 1
    level: float = 0.95
    replication: Replication = "crossed"

    def __post_init__(self) -> None:
        check_seed(self.seed)
        check_level(self.level)
        check_replication(self.replication)
        if not _is_whole(self.draws) or self.draws < 20:
            raise ConfigError(
                "too few bootstrap draws",
                key="draws",
                value=self.draws,
                allowed="a whole number of at least 20",
            )

    def generator(self) -> np.random.Generator:
        """Return a fresh generator for this seed."""
        return generator(self.seed)


STANDARD = Resampling()
"""500 draws, seed 1, 95 % intervals, common random numbers."""


def row_weights(rng: np.random.Generator, rows: int) -> FloatArray:
    """Return how often each of `rows` units is drawn in one bootstrap sample, shape (rows,)."""
    return np.bincount(rng.integers(rows, size=rows), minlength=rows).astype(np.float64)


def replicate_weights(rng: np.random.Generator, replicates: int, replication: Replication) -> FloatArray:
    """Return how often each replicate is drawn in one bootstrap sample, shape (replicates,).

    Nested replicates travel with their unit and all weights are 1: drawing the units already
    carries the noise inside them. Crossed replicates are drawn too; a draw that holds only one
    distinct replicate cannot tell signal from noise and is drawn again.
    """
    if replication == "nested" or replicates < 3:
        return np.ones(replicates)
    while True:
        weights = row_weights(rng, replicates)
        if np.count_nonzero(weights) >= 2:
            return weights


def percentile_bounds(draws: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Return the lower and upper percentile bounds over axis 0 of `draws`.

    A column in which more draws are undefined than the interval leaves out has no interval: both bounds are
    nan.
    """
    tail = (1.0 - level) / 2.0
    undefined = np.mean(~np.isfinite(draws), axis=0) > tail
    clean = np.where(np.isfinite(draws), draws, np.nan)
    clean = np.where(undefined, 0.0, clean)
    low, high = np.nanquantile(clean, [tail, 1.0 - tail], axis=0)
    return np.where(undefined, np.nan, low), np.where(undefined, np.nan, high)
