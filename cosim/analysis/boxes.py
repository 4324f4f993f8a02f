"""Boxes in the space of factors, and the cases (does this option fail here?) that they are made to hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.analysis.checks import checked
from cosim.analysis.resampling import FloatArray
from cosim.analysis.robustness import Criterion
from cosim.analysis.tables import Factors, factor_values, listed, need_columns, response
from cosim.errors import ConfigError

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Box:
    """Limits on factors; factors without a limit are free.

    Attributes
    ----------
    ranges : mapping of str to (float, float)
        Lowest and highest value allowed, both included; infinite where there is no limit.
    categories : mapping of str to tuple
        Values allowed, for factors that are not numbers.
    """

    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    categories: Mapping[str, tuple[object, ...]] = field(default_factory=dict)

    @property
    def restricted(self) -> list[str]:
        """Names of the factors that have a limit."""
        return [*self.ranges, *self.categories]

    def holds(self, table: pd.DataFrame) -> BoolArray:
        """Say which rows of a table of factors lie in the box."""
        inside = np.ones(len(table), dtype=bool)
        for name, (low, high) in self.ranges.items():
            values = table[name].to_numpy(dtype=np.float64)
            inside &= (values >= low) & (values <= high)
        for name, allowed in self.categories.items():
            inside &= table[name].isin(list(allowed)).to_numpy()
        return inside

    def words(self) -> str:
        """Say the limits in words, e.g. ``0.6 <= prestige and rule is lead or mean``."""
        parts = []
        for name, (low, high) in self.ranges.items():
            below = f" <= {high:.3g}" if math.isfinite(high) else ""
            parts.append((f"{low:.3g} <= " if math.isfinite(low) else "") + name + below)
        for name, allowed in self.categories.items():
            parts.append(f"{name} is {' or '.join(map(str, allowed))}")
        return " and ".join(parts) if parts else "everything"

    def only(self, name: str) -> Box:
        """Return the box with all factors but one set free."""
        return Box(
            {k: v for k, v in self.ranges.items() if k == name},
            {k: v for k, v in self.categories.items() if k == name},
        )

    def without(self, name: str) -> Box:
        """Return the box with one factor set free."""
        return Box(
            {k: v for k, v in self.ranges.items() if k != name},
            {k: v for k, v in self.categories.items() if k != name},
        )

    def with_range(self, name: str, low: float, high: float) -> Box:
        """Return the box with another range for one factor."""
        if math.isinf(low) and math.isinf(high):
            return self.without(name)
        return Box({**self.ranges, name: (low, high)}, self.categories)

    def with_categories(self, name: str, allowed: tuple[object, ...], of: int) -> Box:
        """Return the box with other categories for one factor that has `of` of them."""
        if len(allowed) == of:
            return self.without(name)
        return Box(self.ranges, {**self.categories, name: allowed})


@checked
def failing(runs: pd.DataFrame, design: pd.DataFrame, criteria: Mapping[str, Criterion]) -> pd.DataFrame:
    """Say in which share of its replicates each design point fails.

    Parameters
    ----------
    runs, design : DataFrame
        Run and design tables.
    criteria : mapping of str to (operator, threshold)
        What success is, by outcome, e.g. ``{"influence_parity_public": (">=", 0.8)}``; a run that misses
        any of these fails.

    Returns
    -------
    DataFrame
        Columns ``point`` and ``failing``, 0..1.

    Examples
    --------
    >>> import pandas as pd
    >>> from cosim.analysis import failing
    >>> design = pd.DataFrame({"point": [0, 1], "x": [0.1, 0.9]})
    >>> runs = pd.DataFrame({
    ...     "run": range(4),
    ...     "point": [0, 0, 1, 1],
    ...     "replicate": [0, 1, 0, 1],
    ...     "gini": [0.1, 0.3, 0.5, 0.6],
    ... })
    >>> failing(runs, design, {"gini": ("<=", 0.2)})["failing"].tolist()
    [0.5, 1.0]
    """
    if not criteria:
        raise ConfigError(
            "no requirements", key="criteria", allowed="at least one outcome with an operator and a number"
        )
    met: BoolArray | None = None
    points: NDArray[np.int64] = np.empty(0, dtype=np.int64)
    for outcome, (operator, threshold) in criteria.items():
        if operator not in ("<=", ">="):
            raise ConfigError("unknown operator", key=outcome, value=operator, allowed="'<=' or '>='")
        values = response(runs, design, outcome)
        here = values.values <= threshold if operator == "<=" else values.values >= threshold
        met = here if met is None else met & here
        points = values.points
    assert met is not None
    return pd.DataFrame({"point": points, "failing": 1.0 - met.mean(axis=1)})


def joined_cases(
    design: pd.DataFrame, cases: pd.DataFrame, factors: Factors
) -> tuple[pd.DataFrame, FloatArray]:
    """Return the factors of a design and its cases, both ordered by point; refuse gaps and useless cases."""
    need_columns(cases, ["point", "failing"], "case")
    table = factor_values(design, factors)
    points = np.sort(design["point"].to_numpy())
    if cases["point"].duplicated().any():
        raise ConfigError(
            "a design point has two cases",
            key="point",
            value=int(cases.loc[cases["point"].duplicated(), "point"].iloc[0]),
        )
    found = cases.set_index("point")["failing"].reindex(points)
    absent = points[found.isna().to_numpy()]
    if absent.size:
        raise ConfigError(f"no case for {listed(absent.tolist(), 'point')}", key="cases")
    y = found.to_numpy(dtype=np.float64)
    if (y < 0).any() or (y > 1).any():
        raise ConfigError(
            "failing must be a share", key="failing", value=float(y[(y < 0) | (y > 1)][0]), allowed="0..1"
        )
    if y.sum() == 0 or (y == 1).all():
        raise ConfigError(
            "every point fails" if y.sum() else "no point fails",
            key="failing",
            allowed="some that do and some that do not",
        )
    return table, y


def box_rows(y: FloatArray, inside: BoolArray) -> dict[str, float | int]:
    """Coverage, density, mass, number of points and failures of a box."""
    failures, n = float(y[inside].sum()), int(inside.sum())
    return {
        "coverage": failures / float(y.sum()),
        "density": failures / n,
        "mass": n / y.size,
        "n_points": n,
        "failures": failures,
    }


def is_number(column: pd.Series) -> bool:
    """Say whether a factor has an order and ranges; booleans and text have sets of values."""
    return pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_bool_dtype(column.dtype)
