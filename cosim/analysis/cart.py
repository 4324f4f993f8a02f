"""Scenario discovery: a classification tree (CART) whose leaves are boxes of factor values.

A tree of this kind is some hundred lines; scikit-learn would bring 30 MB for it, and its trees know no sets
of categories. A test compares the two where scikit-learn is installed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.analysis.boxes import BoolArray, Box, box_rows, is_number, joined_cases
from cosim.analysis.checks import checked, checked_fields
from cosim.analysis.resampling import STANDARD as ONCE
from cosim.analysis.resampling import FloatArray, Resampling
from cosim.analysis.tables import Factors
from cosim.errors import ConfigError


@dataclass(frozen=True)
@checked_fields
class CartSettings:
    """How a tree grows.

    Parameters
    ----------
    mass_min : float
        Smallest share of all points in a leaf, above 0.
    depth_max : int
        Largest number of splits on the way to a leaf.
    penalty : float or None
        Impurity (Gini, as a share of that of all points) that a split must take away to be kept, by
        cost-complexity pruning. None: chosen by cross-validation, with the one-standard-error rule.
    folds : int
        Folds of the cross-validation.
    """

    mass_min: float = 0.05
    depth_max: int = 4
    penalty: float | None = None
    folds: int = 5

    def __post_init__(self) -> None:
        if not 0 < self.mass_min < 0.5:
            raise ConfigError(
                "not a share of points", key="mass_min", value=self.mass_min, allowed="0 to 0.5"
            )
        if self.depth_max < 1 or self.folds < 2:
            raise ConfigError(
                "a tree needs a depth of at least 1 and 2 folds", key="depth_max", value=self.depth_max
            )
        if self.penalty is not None and not self.penalty >= 0:
            raise ConfigError("a penalty cannot be below 0", key="penalty", value=self.penalty)


STANDARD = CartSettings()
"""Leaves of at least 5 % of the points, at most 4 splits deep, pruned by cross-validation."""


@dataclass(frozen=True)
class CartResult:
    """A pruned tree.

    Attributes
    ----------
    leaves : DataFrame
        A row per leaf, densest first: ``leaf``, ``coverage``, ``density``, ``mass``, ``n_points``,
        ``failures``, ``rule`` (in words).
    boxes : tuple of Box
        The leaves as boxes, in the same order.
    penalty : float
        The penalty used.
    """

    leaves: pd.DataFrame
    boxes: tuple[Box, ...]
    penalty: float


@dataclass
class _Node:
    box: Box
    rows: NDArray[np.int64]
    impurity: float
    left: _Node | None = None
    right: _Node | None = None

    def leaves(self) -> list[_Node]:
        if self.left is None or self.right is None:
            return [self]
        return self.left.leaves() + self.right.leaves()


@checked
def cart(
    design: pd.DataFrame,
    cases: pd.DataFrame,
    factors: Factors,
    settings: CartSettings = STANDARD,
    resampling: Resampling = ONCE,
) -> CartResult:
    """Split the space of factors where failures are dense and where they are rare.

    Parameters
    ----------
    design, cases, factors
        As for :func:`cosim.analysis.prim.prim`.
    settings : CartSettings
        Growing and pruning.
    resampling : Resampling
        Seed of the folds.

    Raises
    ------
    ConfigError
        Nothing fails, or everything does; cases are missing, double or outside 0..1.

    References
    ----------
    Breiman, Friedman, Olshen & Stone (1984), Classification and Regression Trees; for scenario discovery:
    Lempert, Bryant & Bankes (2008), RAND WR-557-NSF.
    """
    table, y = joined_cases(design, cases, factors)
    penalty = settings.penalty
    if penalty is None:
        penalty = _cross_validated(table, y, settings, resampling.generator())
    root = _grow(table, y, np.arange(y.size), Box(), settings, 0)
    _prune(root, penalty * root.impurity)
    leaves = sorted(root.leaves(), key=lambda leaf: -float(y[leaf.rows].mean()))
    rows = []
    for number, leaf in enumerate(leaves):
        inside = np.zeros(y.size, dtype=bool)
        inside[leaf.rows] = True
        rows.append({"leaf": number, **box_rows(y, inside), "rule": leaf.box.words()})
    return CartResult(pd.DataFrame(rows), tuple(leaf.box for leaf in leaves), float(penalty))


def _gini(y: FloatArray) -> float:
    """Gini impurity times number of points."""
    share = float(y.mean()) if y.size else 0.0
    return 2.0 * share * (1.0 - share) * y.size


def _grow(
    table: pd.DataFrame, y: FloatArray, rows: NDArray[np.int64], box: Box, settings: CartSettings, depth: int
) -> _Node:
    node = _Node(box, rows, _gini(y[rows]))
    if depth == settings.depth_max or node.impurity == 0.0:
        return node
    smallest = max(1, math.ceil(settings.mass_min * len(table)))
    best: tuple[float, Box, Box, BoolArray] | None = None
    for name in table.columns:
        found = _split(table[name], y, rows, box, smallest)
        if found is not None and (best is None or found[0] > best[0] + 1e-12):
            best = found
    if best is not None:
        _, left, right, goes_left = best
        node.left = _grow(table, y, rows[goes_left], left, settings, depth + 1)
        node.right = _grow(table, y, rows[~goes_left], right, settings, depth + 1)
    return node


def _split(
    column: pd.Series, y: FloatArray, rows: NDArray[np.int64], box: Box, smallest: int
) -> tuple[float, Box, Box, BoolArray] | None:
    """Return the best split of some rows along one factor: gain, both boxes, and which rows go left."""
    name, here = str(column.name), y[rows]
    number = is_number(column)
    if number:
        order_by = column.to_numpy(dtype=np.float64)[rows]
        labels: list[object] = []
    else:
        # With categories sorted by their share of failures, the best split is a cut (Breiman et al. 1984).
        text = column.iloc[rows].reset_index(drop=True)
        means = pd.Series(here).groupby(text.to_numpy()).mean()
        ranked = means.sort_index(key=lambda index: index.astype(str)).sort_values(kind="stable")
        labels = ranked.index.tolist()
        order_by = text.map({label: k for k, label in enumerate(labels)}).to_numpy(dtype=np.float64)
    order = np.argsort(order_by, kind="stable")
    values, failures = order_by[order], np.cumsum(here[order])
    n = values.size
    counts = np.arange(1, n)
    allowed = (values[1:] > values[:-1]) & (counts >= smallest) & (n - counts >= smallest)
    if not allowed.any():
        return None
    left, right = failures[:-1], failures[-1] - failures[:-1]
    impurity = 2 * left * (1 - left / counts) + 2 * right * (1 - right / (n - counts))
    at = int(np.where(allowed, impurity, np.inf).argmin())
    gain = _gini(here) - float(impurity[at])
    if gain <= 1e-12:
        return None
    if number:
        whole = bool((values == np.floor(values)).all())
        low, high = box.ranges.get(name, (-math.inf, math.inf))
        cut = 0.5 * (values[at] + values[at + 1])
        below, above = (values[at], values[at + 1]) if whole else (cut, cut)
        return (
            gain,
            box.with_range(name, low, float(below)),
            box.with_range(name, float(above), high),
            order_by < cut,
        )
    split = int(values[at]) + 1
    parts = [tuple(sorted(part, key=str)) for part in (labels[:split], labels[split:])]
    boxes = [Box(box.ranges, {**box.categories, name: part}) for part in parts]
    return gain, boxes[0], boxes[1], order_by < split


def _prune(node: _Node, price: float) -> None:
    """Cut branches that take away less than `price` of impurity per extra leaf."""
    if node.left is None or node.right is None:
        return
    _prune(node.left, price)
    _prune(node.right, price)
    leaves = node.leaves()
    gain = node.impurity - sum(leaf.impurity for leaf in leaves)
    if gain < price * (len(leaves) - 1) or gain <= 0:
        node.left = node.right = None


def _cross_validated(
    table: pd.DataFrame, y: FloatArray, settings: CartSettings, rng: np.random.Generator
) -> float:
    """Largest penalty whose squared error on left-out points is within one standard error of the smallest."""
    penalties = [0.0, *np.geomspace(0.001, 0.5, 14).tolist()]
    fold = rng.permutation(np.arange(y.size) % settings.folds)
    errors = np.empty((len(penalties), y.size))
    for k in range(settings.folds):
        seen, new = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        root = _grow(
            table.iloc[seen].reset_index(drop=True), y[seen], np.arange(seen.size), Box(), settings, 0
        )
        whole = root.impurity
        held = table.iloc[new]
        for p, penalty in enumerate(penalties):  # ascending: a pruned tree can be pruned further
            _prune(root, penalty * whole)
            guess = np.full(new.size, float(y[seen].mean()))
            for leaf in root.leaves():
                guess[leaf.box.holds(held)] = float(y[seen][leaf.rows].mean())
            errors[p, new] = (guess - y[new]) ** 2
    means = errors.mean(axis=1)
    best = int(means.argmin())
    slack = float(errors[best].std(ddof=1)) / math.sqrt(y.size)
    return float(penalties[int(np.flatnonzero(means <= means[best] + slack).max())])
