"""Which seed a design point is run with: common random numbers within a world, others between worlds."""

from __future__ import annotations


def world_seed(seed: int, world: int) -> int:
    """Return the seed that every point of one world is run with.

    Points of the same world share their random numbers, so that their differences are paired; different
    worlds have different ones, so that averaging over worlds also averages replicate noise. World 0 keeps the
    study's own seed: a study without sampled worlds gives exactly what ``cosim.simulate`` gives with
    that seed.

    Parameters
    ----------
    seed : int
        1 .. 2**63 - 1.
    world : int
        From 0.

    Returns
    -------
    int
        1 .. 2**63 - 1.

    Notes
    -----
    The finaliser is SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195).
    """
    if world == 0:
        return seed
    mask = 2**64 - 1
    mixed = (seed + world * 0x9E3779B97F4A7C15) & mask
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & mask
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & mask
    mixed ^= mixed >> 31
    return max(mixed >> 1, 1)
