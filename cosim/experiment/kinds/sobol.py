"""sobol: how much of an outcome's variance is each factor's, alone and with others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from cosim.config_errors import meant_alone
from cosim.experiment.kinds.factors import Chosen, FactorList, Groups, choose, sampled_points
from cosim.experiment.kinds.kind import Ask, Made, StudyKind
from cosim.experiment.settings import Settings
from cosim.experiment.worlds import unit_sample

Sample = tuple[NDArray[np.float64], NDArray[np.int64]]


@meant_alone("samples")
class SobolBlock(Settings):
    """What only a variance-based study has."""

    factors: FactorList = "all"
    groups: Groups = Field(default_factory=dict, description="Factors looked at together, by group name.")
    method: Literal["saltelli", "fast", "space_filling"] = Field(
        "saltelli",
        description="saltelli: first, total and second order; fast: first and total, cheaper; "
        "space_filling: a Sobol' sequence, for RBD-FAST, PAWN and delta.",
    )
    samples: int = Field(
        1024, ge=8, le=1_048_576, description="Base samples N (a power of two); for fast: points per curve."
    )
    second_order: bool = Field(True, description="For saltelli: also the indices of pairs.")
    curves: int = Field(4, ge=1, le=1000, description="For fast: independent search curves per factor.")
    harmonics: int = Field(4, ge=1, le=20, description="For fast: the interference parameter M.")
    dummy: bool = Field(True, description="Add a factor that changes nothing, to show what chance does.")
    luck: Literal["own", "shared"] = Field(
        "own",
        description="own: every point has its own luck, so that the dummy shows the floor of significance; "
        "shared: points that are compared share it (a dummy then shows nothing).",
    )


def make(ask: Ask) -> Made:
    """Sample with SALib (saltelli, fast) or scipy (space_filling)."""
    block: SobolBlock = ask.block
    chosen = choose(ask, block.factors, ("sobol", "factors"), dummy=block.dummy, groups=block.groups)
    if block.method != "saltelli" and block.groups:
        raise ask.error(f"the method `{block.method}` looks at one factor at a time", "sobol.groups")
    samplers: dict[str, Callable[[Ask, Chosen], Sample]] = {
        "saltelli": _saltelli,
        "fast": _fast,
        "space_filling": _space_filling,
    }
    sample, worlds = samplers[block.method](ask, chosen)
    if block.luck == "own":
        worlds = np.arange(len(sample))
    notes: dict[str, Any] = {**chosen.notes(), "method": block.method, "samples": block.samples}
    if block.method == "saltelli":
        notes["second_order"] = block.second_order
    if block.method == "fast":
        notes |= {"curves": block.curves, "harmonics": block.harmonics}
    return Made(sampled_points(chosen.factors, sample, worlds), {**notes, "luck": "nested"})


def _saltelli(ask: Ask, chosen: Chosen) -> Sample:
    from SALib.sample import sobol

    n: int = ask.block.samples
    if n & (n - 1):
        low = 1 << (n.bit_length() - 1)
        raise ask.error(
            "must be a power of two, or the sequence is out of balance",
            "sobol.samples",
            value=n,
            allowed=f"for instance {low} or {2 * low}",
        )
    second: bool = ask.block.second_order
    sample = sobol.sample(chosen.problem(), n, calc_second_order=second, seed=ask.settings.seed)
    units = len(chosen.units)
    step = 2 * units + 2 if second else units + 2
    base, place = np.divmod(np.arange(len(sample)), step)
    # The first sample and its neighbours share luck; the second has other luck, or S1 would hold some of it.
    of_second = (place == step - 1) | (place > units)
    return sample, 2 * base + of_second


def _fast(ask: Ask, chosen: Chosen) -> Sample:
    from SALib.sample import fast_sampler

    block: SobolBlock = ask.block
    least = 4 * block.harmonics**2 + 1
    if block.samples < least:
        raise ask.error(
            "too few points for a curve", "sobol.samples", value=block.samples, allowed=f">= {least}"
        )
    # Each curve with a seed of its own; the first is the study's.
    parts = [
        fast_sampler.sample(chosen.problem(), block.samples, M=block.harmonics, seed=generator)
        for generator in (np.random.default_rng([ask.settings.seed, curve]) for curve in range(block.curves))
    ]
    sample = np.clip(np.vstack(parts), 0.0, 1.0)
    return sample, np.arange(len(sample))


def _space_filling(ask: Ask, chosen: Chosen) -> Sample:
    sample = unit_sample(len(chosen.factors), ask.block.samples, "sobol", ask.settings.seed)
    return sample, np.arange(len(sample))


KIND = StudyKind(
    name="sobol",
    sentence="How much of the variance of an outcome is due to each factor, alone and together with others?",
    block=SobolBlock,
    uses=(),
    make=make,
)
