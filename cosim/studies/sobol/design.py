"""sobol: how much of an outcome's variance is each factor's, alone and with others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np
from pydantic import Field

from cosim.config.error_messages import meant_alone
from cosim.execution.points import Sampled
from cosim.execution.samples import FourierCurves, Saltelli, Sample, ShapleyWalks
from cosim.execution.settings import RandomNumbers, Settings, random_numbers_field
from cosim.execution.worlds import unit_rows
from cosim.studies.difference import BETWEEN, Between, Paired, sides_of
from cosim.studies.factors import Chosen, FactorList, Groups, choose
from cosim.studies.kind import NESTED, Ask, Made, StudyKind

Drawn = tuple[Sample, Callable[[int], int], int]
"""A sample, the world of each row with common random numbers, and how many of these worlds there are."""


@meant_alone("samples")
class SobolBlock(Settings):
    """What only a variance-based study has."""

    factors: FactorList = "all"
    groups: Groups = Field(default_factory=dict, description="Factors looked at together, by group name.")
    between: Between | None = Field(None, description=BETWEEN)
    method: Literal["saltelli", "fast", "shapley", "space_filling"] = Field(
        "saltelli",
        description="saltelli: first, total and second order; fast: first and total, cheaper; "
        "shapley: Shapley effects, which add up to all of the variance; "
        "space_filling: a Sobol' sequence, for RBD-FAST, PAWN and delta.",
    )
    samples: int = Field(
        1024,
        ge=8,
        le=1_048_576,
        description="Base samples N (a power of two); for fast: points per curve; for shapley: walks.",
    )
    second_order: bool = Field(True, description="For saltelli: also the indices of pairs.")
    curves: int = Field(4, ge=1, le=1000, description="For fast: independent search curves per factor.")
    harmonics: int = Field(4, ge=1, le=20, description="For fast: the interference parameter M.")
    dummy: bool = Field(True, description="Add a factor that changes nothing, to show what chance does.")
    random_numbers: RandomNumbers = random_numbers_field(
        "common",
        "common: points that are compared share their random numbers, which takes several times fewer runs "
        "(a dummy is then exactly 0); own: every point has its own, and the dummy shows what noise does.",
    )


def make(ask: Ask) -> Made:
    """Choose factors and the sample by which they are varied."""
    block: SobolBlock = ask.block
    chosen = choose(ask, block.factors, ("sobol", "factors"), dummy=block.dummy, groups=block.groups)
    if block.method != "saltelli" and block.groups:
        raise ask.error(f"the method `{block.method}` looks at one factor at a time", "sobol.groups")
    samplers: dict[str, Callable[[Ask, Chosen], Drawn]] = {
        "saltelli": _saltelli,
        "fast": _fast,
        "shapley": _shapley,
        "space_filling": _space_filling,
    }
    sample, world, worlds = samplers[block.method](ask, chosen)
    if block.random_numbers == "own":
        world, worlds = _own, len(sample)
    notes: dict[str, Any] = {**chosen.notes(), "method": block.method, "samples": block.samples}
    if block.method == "saltelli":
        notes["second_order"] = block.second_order
    if block.method == "fast":
        notes |= {"curves": block.curves, "harmonics": block.harmonics}
    points = Sampled(chosen.factors, sample, world, worlds)
    notes |= NESTED
    if block.between is None:
        return Made(points, notes)
    sides = sides_of(ask, block.between, chosen, ("sobol", "between"))
    return Made(Paired(points, sides), {**notes, "between": [dict(way.interventions) for way in sides]})


def _own(row: int) -> int:
    return row


def _saltelli(ask: Ask, chosen: Chosen) -> Drawn:
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
    sample = Saltelli(chosen.membership, n, second, ask.settings.seed)
    units, step = len(chosen.units), sample.step

    def world(row: int) -> int:
        # The first sample and its neighbours share random numbers; the second has others, or S1 would hold
        # some of the noise.
        base, place = divmod(row, step)
        return 2 * base + (place == step - 1 or place > units)

    return sample, world, 2 * n


def _fast(ask: Ask, chosen: Chosen) -> Drawn:
    block: SobolBlock = ask.block
    least = 4 * block.harmonics**2 + 1
    if block.samples < least:
        raise ask.error(
            "too few points for a curve", "sobol.samples", value=block.samples, allowed=f">= {least}"
        )
    # Each curve with a seed of its own; the first is the study's.
    generators = [np.random.default_rng([ask.settings.seed, curve]) for curve in range(block.curves)]
    sample = FourierCurves(len(chosen.factors), block.samples, block.harmonics, generators)
    return sample, _own, len(sample)


def _shapley(ask: Ask, chosen: Chosen) -> Drawn:
    sample = ShapleyWalks(chosen.problem(), ask.block.samples, ask.settings.seed)
    step = sample.step
    return sample, lambda row: row // step, ask.block.samples


def _space_filling(ask: Ask, chosen: Chosen) -> Drawn:
    sample = unit_rows(len(chosen.factors), ask.block.samples, "sobol", ask.settings.seed)
    return sample, _own, len(sample)


KIND = StudyKind(
    name="sobol",
    sentence="How much of the variance of an outcome is due to each factor, alone and together with others?",
    block=SobolBlock,
    uses=("team", "ranges"),
    make=make,
)
