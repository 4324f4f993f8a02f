"""Two-level factorial designs, full and fractional: main effects, interactions, and what is mixed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.analysis.checks import checked, checked_fields
from cosim.analysis.intervals import paired_interval
from cosim.analysis.resampling import FloatArray, Replication, check_level, check_replication
from cosim.analysis.tables import cube, listed, need_columns
from cosim.errors import ConfigError

Term = tuple[str, ...]

_MANY_WORDS = 16


@dataclass(frozen=True)
@checked_fields
class FactorialSettings:
    """How a factorial design is analysed.

    Parameters
    ----------
    order : int
        Highest order of interaction to estimate: 1 for main effects only, 2 for pairs, and so on.
    level : float
        Level of the intervals.
    replication : {"crossed", "nested"}
        See :data:`cosim.analysis.resampling.Replication`.
    """

    order: int = 2
    level: float = 0.95
    replication: Replication = "crossed"

    def __post_init__(self) -> None:
        check_level(self.level)
        check_replication(self.replication)
        if self.order < 1:
            raise ConfigError(
                "not an order of interaction", key="order", value=self.order, allowed="1, 2, ..."
            )


STANDARD = FactorialSettings()
"""Main effects and pairs, 95 %, common random numbers."""


@dataclass(frozen=True)
class Aliasing:
    """What a two-level design cannot tell apart.

    Attributes
    ----------
    factors : tuple of str
        The factors.
    words : tuple of tuple of str
        Independent defining words: products of these factors never change sign over the design.
    signs : tuple of int
        The sign (+1 or -1) of each word.
    resolution : int or None
        Length of the shortest defining word, generated ones included; None for a full factorial.
    regular : bool
        Whether effects are either alike but for sign or unrelated. Irregular designs (e.g. Plackett-Burman)
        mix effects in part, which the words do not show.
    """

    factors: tuple[str, ...]
    words: tuple[Term, ...]
    signs: tuple[int, ...]
    resolution: int | None
    regular: bool

    def sentence(self) -> str:
        """State the aliasing in one or two sentences."""
        if not self.regular:
            return (
                "This design is irregular: it mixes main effects with parts of interactions. Main effects "
                "are right only if interactions are small."
            )
        if self.resolution is None:
            return "Full factorial: no effect is mixed up with any other."
        words = ", ".join(
            ("" if sign > 0 else "-") + "*".join(word)
            for word, sign in zip(self.words, self.signs, strict=True)
        )
        meaning = {
            3: "main effects are mixed up with pairs",
            4: "main effects are mixed up with triples and pairs with other pairs",
        }
        said = meaning.get(
            self.resolution, "main effects and pairs are mixed up with interactions of three or more only"
        )
        return f"Fractional factorial of resolution {self.resolution} (defining words: {words}): {said}."


@checked
def factorial_effects(
    runs: pd.DataFrame,
    design: pd.DataFrame,
    outcome: str,
    factors: Sequence[str],
    settings: FactorialSettings = STANDARD,
) -> tuple[pd.DataFrame, Aliasing]:
    """Effects of two-level factors and of their interactions, in every world, with intervals over worlds.

    Parameters
    ----------
    runs : DataFrame
        Run table; every treatment in every world and replicate.
    design : DataFrame
        Design table with two values in every factor column; the higher one (True, or the later in the
        alphabet) is the high level. The same treatments in every world.
    outcome : str
        Outcome column.
    factors : sequence of str
        Factor columns.
    settings : FactorialSettings
        Order, level, replication.

    Returns
    -------
    table : DataFrame
        A row per effect that can be told apart: ``term`` (factors joined by ``*``), ``order``, ``effect``,
        ``low``, ``high``, ``se``, ``interval_over``, ``aliased_with`` (terms up to order + 1 that the
        estimate holds as well, with sign; empty when there is none). An effect is the mean at the high
        level minus that at the low level; that of an interaction is half the difference between effects at
        the levels of the other factor. Exact for a linear model. Without replicates and with one world
        there is no interval (nan).
    aliasing : Aliasing
        The design's defining words and resolution.

    Raises
    ------
    ConfigError
        A factor has not two values, factors are not balanced and orthogonal, or worlds have other treatments.
    UnusableRunsError
        Runs failed, are missing or not finite.

    References
    ----------
    Box, Hunter & Hunter (2005), Statistics for Experimenters, 2nd ed., chapters 5-6.
    """
    signs, contrasts_of = _treatments(design, list(factors))
    aliasing = design_aliasing(signs, tuple(factors))
    merged = _by_treatment(runs, design, contrasts_of)
    values = cube(merged, outcome)
    cells = values.values[np.argsort([int(treatment) for treatment in values.arms])]
    candidates = _products(signs, factors, settings.order + 1)
    names, matrix = list(candidates), np.stack(list(candidates.values()))
    rows: list[dict[str, object]] = []
    seen: list[NDArray[np.int64]] = []
    for term, column in candidates.items():
        if len(term) > settings.order or any(abs(int(column @ other)) == column.size for other in seen):
            continue  # an effect already listed has the same numbers and names this one as its alias
        seen.append(column)
        row = _effect_row(term, column, cells, settings)
        rows.append(row | {"aliased_with": _aliases(term, column, names, matrix)})
    return pd.DataFrame(rows), aliasing


@checked
def design_aliasing(signs: NDArray[np.int64], factors: tuple[str, ...]) -> Aliasing:
    """Find the defining words of a design.

    Parameters
    ----------
    signs : ndarray of int, shape (treatments, factors)
        Levels as -1 and +1, a row per distinct treatment.
    factors : tuple of str
        Names of the columns.
    """
    bits = (signs > 0).astype(np.uint8)
    basis = _null_space((bits ^ bits[0]).astype(np.uint8))
    regular = signs.shape[0] == 2 ** (len(factors) - len(basis))
    words = tuple(tuple(np.array(factors)[word.astype(bool)].tolist()) for word in basis)
    parity = tuple(int(np.prod(signs[0][word.astype(bool)])) for word in basis)
    if not basis:
        return Aliasing(factors, (), (), None, regular)
    if len(basis) > _MANY_WORDS:
        raise ConfigError("the design is too small for so many factors", key="design", value=signs.shape[0])
    lengths = []
    for mask in range(1, 2 ** len(basis)):
        total = np.zeros(len(factors), dtype=np.uint8)
        for k, word in enumerate(basis):
            if mask >> k & 1:
                total ^= word
        lengths.append(int(total.sum()))
    return Aliasing(factors, words, parity, min(lengths), regular)


def _null_space(rows: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Basis of all sets of columns whose sum is even in every row (arithmetic modulo 2)."""
    work, width = rows.copy(), rows.shape[1]
    pivots: list[int] = []
    for column in range(width):
        at = np.flatnonzero(work[len(pivots) :, column])
        if not at.size:
            continue
        here, there = len(pivots), len(pivots) + int(at[0])
        work[[here, there]] = work[[there, here]]
        others = np.flatnonzero(work[:, column])
        others = others[others != here]
        work[others] ^= work[here]
        pivots.append(column)
    basis = []
    for free in range(width):
        if free not in pivots:
            word = np.zeros(width, dtype=np.uint8)
            word[free] = 1
            for row, pivot in enumerate(pivots):
                word[pivot] = work[row, free]
            basis.append(word)
    return basis


def _treatments(design: pd.DataFrame, factors: list[str]) -> tuple[NDArray[np.int64], pd.Series]:
    """Distinct treatments as signs, and the number of each point's treatment (indexed by point)."""
    need_columns(design, ["point", "world", *factors], "design")
    coded = {}
    for name in factors:
        levels = np.unique(design[name].to_numpy()).tolist()
        if design[name].isna().any() or len(levels) != 2:
            raise ConfigError("a factor of a two-level design has two values", key=name, value=levels[:5])
        coded[name] = np.where(design[name].to_numpy() == levels[1], 1, -1)
    signs = pd.DataFrame(coded, index=design["point"])
    distinct = signs.drop_duplicates().sort_values(factors)
    number = signs.merge(distinct.assign(treatment=np.arange(len(distinct))), on=factors, how="left")[
        "treatment"
    ]
    matrix = distinct.to_numpy(dtype=np.int64)
    products = matrix.T @ matrix
    if matrix.sum(axis=0).any() or (products - np.diag(np.diag(products))).any():
        raise ConfigError(
            "the factors are not balanced and orthogonal over the design: main effects are mixed up "
            "with each other",
            key="design",
            value=f"{len(distinct)} treatments",
        )
    return matrix, pd.Series(number.to_numpy(), index=design["point"].to_numpy())


def _by_treatment(runs: pd.DataFrame, design: pd.DataFrame, treatment: pd.Series) -> pd.DataFrame:
    """Return the runs of the design's points with the treatment number in place of the arm."""
    chosen = runs.loc[runs["point"].isin(design["point"])]
    absent = sorted(set(design["point"]) - set(chosen["point"]))
    if absent:
        raise ConfigError(f"no runs for {listed(absent, 'point')}", key="runs")
    merged = chosen.assign(arm=chosen["point"].map(treatment).astype(str))
    return merged


def _effect_row(
    term: Term, column: NDArray[np.int64], cells: FloatArray, settings: FactorialSettings
) -> dict[str, object]:
    contrast = np.tensordot(column, cells, axes=1) * (2.0 / column.size)
    interval = paired_interval(contrast, settings.level, settings.replication)
    return {
        "term": "*".join(term),
        "order": len(term),
        "effect": interval.estimate,
        "low": interval.low,
        "high": interval.high,
        "se": interval.se,
        "interval_over": interval.unit,
    }


def _products(signs: NDArray[np.int64], factors: Sequence[str], order: int) -> dict[Term, NDArray[np.int64]]:
    """Return every term up to an order with its column of signs."""
    position = {name: k for k, name in enumerate(factors)}
    columns: dict[Term, NDArray[np.int64]] = {(): np.ones(signs.shape[0], dtype=np.int64)}
    for size in range(1, min(order, len(factors)) + 1):
        for term in combinations(factors, size):
            columns[term] = columns[term[:-1]] * signs[:, position[term[-1]]]
    del columns[()]
    return columns


def _aliases(term: Term, column: NDArray[np.int64], names: list[Term], matrix: NDArray[np.int64]) -> str:
    found = []
    overlap = matrix @ column
    for k in np.flatnonzero(overlap):
        if names[k] != term:
            part = int(overlap[k]) / column.size
            size = "" if abs(part) == 1 else f"{abs(part):.2g} "
            found.append(f"{'-' if part < 0 else '+'}{size}{'*'.join(names[k])}")
    return " ".join(found)
