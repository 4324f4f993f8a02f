"""Which options no other option beats on every count: Pareto fronts, epsilon, hypervolume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.analysis.checks import checked
from cosim.analysis.intervals import wilson_interval
from cosim.analysis.resampling import FloatArray
from cosim.analysis.tables import cube, need_columns
from cosim.errors import ConfigError

Direction = Literal["min", "max"]
Objectives = Mapping[str, Direction]
"""Outcome columns and whether less ("min") or more ("max") of each is wanted."""


def costs_of(table: pd.DataFrame, objectives: Objectives) -> FloatArray:
    """Return objective columns as numbers of which less is better, shape (rows, objectives).

    Raises ConfigError for unknown columns, directions other than min and max, and values that are not finite.
    """
    if not objectives:
        raise ConfigError(
            "no objectives", key="objectives", allowed="at least one outcome with 'min' or 'max'"
        )
    need_columns(table, list(objectives), "outcome")
    columns = []
    for name, direction in objectives.items():
        if direction not in ("min", "max"):
            raise ConfigError("unknown direction", key=name, value=direction, allowed="'min' or 'max'")
        column = table[name].to_numpy(dtype=np.float64)
        if not np.isfinite(column).all():
            raise ConfigError(
                "an objective is missing or not finite",
                key=name,
                value=f"row {int(np.flatnonzero(~np.isfinite(column))[0])}",
            )
        columns.append(column if direction == "min" else -column)
    return np.column_stack(columns)


def _each(epsilon: Sequence[float] | float, objectives: int) -> FloatArray:
    """Return a margin for each objective, from one for all or a list of them."""
    found = np.asarray(epsilon, dtype=np.float64)
    if found.ndim > 1 or (found.ndim == 1 and found.size != objectives):
        raise ConfigError(
            "not a margin for each objective",
            key="epsilon",
            value=found.tolist(),
            allowed=f"a number, or {objectives} numbers",
        )
    return np.broadcast_to(found, (objectives,))


@checked
def non_dominated(costs: FloatArray, epsilon: Sequence[float] | float = 0.0) -> NDArray[np.bool_]:
    """Say which rows no other row dominates.

    Parameters
    ----------
    costs : ndarray of float, shape (rows, objectives)
        Less is better.
    epsilon : float or sequence of float
        Differences up to this size count as none. With 0 a row is dominated by any row that is nowhere
        worse and somewhere better. Otherwise a row is dominated by a row that is nowhere worse by more than
        epsilon and somewhere better by more than epsilon; equal rows stay together.

    Returns
    -------
    ndarray of bool, shape (rows,)
        True for rows on the front. With epsilon above 0 everything may be dominated in a circle; then rows
        of the plain front are kept.
    """
    margin = _each(epsilon, costs.shape[1])
    if (margin < 0).any():
        raise ConfigError(
            "differences that count as none cannot be below 0", key="epsilon", value=margin.tolist()
        )
    plain = np.ones(costs.shape[0], dtype=bool)
    kept = np.ones(costs.shape[0], dtype=bool)
    for i, row in enumerate(costs):
        plain[i] = not ((costs <= row).all(axis=1) & (costs < row).any(axis=1)).any()
        kept[i] = not ((costs <= row + margin).all(axis=1) & (costs < row - margin).any(axis=1)).any()
    return kept if kept.any() else plain


@checked
def epsilon_archive(costs: FloatArray, epsilon: Sequence[float] | float) -> NDArray[np.int64]:
    """Thin a front to one representative per box of size epsilon.

    Parameters
    ----------
    costs : ndarray of float, shape (rows, objectives)
        Less is better.
    epsilon : float or sequence of float
        Size of a box along each objective, above 0.

    Returns
    -------
    ndarray of int
        Rows kept, ascending: of the boxes that no other box dominates, the row nearest to the box's best
        corner.

    References
    ----------
    Laumanns et al. (2002), doi:10.1162/106365602760234108.
    """
    size = _each(epsilon, costs.shape[1])
    if (size <= 0).any():
        raise ConfigError("boxes need a size above 0", key="epsilon", value=size.tolist())
    boxes = np.floor(costs / size)
    distance = (((costs / size) - boxes) ** 2).sum(axis=1)
    best: dict[tuple[float, ...], int] = {}
    for i in np.lexsort((np.arange(len(costs)), distance)).tolist():
        best.setdefault(tuple(boxes[i].tolist()), i)
    rows = np.array(sorted(best.values()), dtype=np.int64)
    kept: NDArray[np.int64] = rows[non_dominated(boxes[rows])]
    return kept


@checked
def hypervolume(costs: FloatArray, reference: Sequence[float]) -> float:
    """Volume that a set of options dominates, up to a reference point; exact.

    Parameters
    ----------
    costs : ndarray of float, shape (rows, objectives)
        Less is better. Rows that are not better than the reference on every objective add nothing.
    reference : sequence of float
        The corner opposite the best: on every objective a value that is just acceptable.

    Notes
    -----
    Exclusive volumes are added up one by one (While, Bradstreet & Barone 2012,
    doi:10.1109/TEVC.2010.2077298): fit for some hundreds of rows and up to six objectives.
    """
    corner = np.asarray(reference, dtype=np.float64)
    if corner.shape != (costs.shape[1],) or not np.isfinite(corner).all():
        raise ConfigError(
            "the reference needs one finite value per objective", key="reference", value=list(reference)
        )
    inside = costs[(costs < corner).all(axis=1)]
    return _volume(np.unique(inside, axis=0), corner)


def _volume(costs: FloatArray, corner: FloatArray) -> float:
    if not len(costs):
        return 0.0
    front = costs[non_dominated(costs)]
    if costs.shape[1] == 2:
        ordered = front[np.argsort(front[:, 0])]
        heights = np.append(corner[1], ordered[:-1, 1]) - ordered[:, 1]
        return float(((corner[0] - ordered[:, 0]) * heights).sum())
    front = front[np.argsort(-front[:, -1])]
    total = 0.0
    for i, row in enumerate(front):
        limited = np.unique(np.maximum(front[i + 1 :], row), axis=0)
        total += float(np.prod(corner - row)) - _volume(limited, corner)
    return total


@checked
def front(
    table: pd.DataFrame, objectives: Objectives, epsilon: Mapping[str, float] | None = None
) -> pd.DataFrame:
    """Return a table of options with a column ``on_front``.

    Parameters
    ----------
    table : DataFrame
        A row per option.
    objectives : mapping of str to {"min", "max"}
        Columns to weigh against each other.
    epsilon : mapping of str to float, optional
        Differences that count as none, by objective.

    Examples
    --------
    >>> import pandas as pd
    >>> from cosim.analysis import front
    >>> ways = pd.DataFrame({"gini": [0.3, 0.2, 0.4], "minutes": [300, 360, 330]})
    >>> front(ways, {"gini": "min", "minutes": "min"})["on_front"].tolist()
    [True, True, False]
    """
    costs = costs_of(table, objectives)
    return table.assign(on_front=non_dominated(costs, _margins(objectives, epsilon)))


@checked
def front_shares(
    runs: pd.DataFrame,
    objectives: Objectives,
    epsilon: Mapping[str, float] | None = None,
    level: float = 0.95,
) -> pd.DataFrame:
    """Say in which share of worlds each arm is on the Pareto front of that world.

    Parameters
    ----------
    runs : DataFrame
        Run table with every arm in every world and replicate; means over replicates are weighed.
    objectives, epsilon
        See :func:`front`.
    level : float
        Level of the Wilson interval over worlds.

    Returns
    -------
    DataFrame
        Columns ``arm``, a mean per objective, ``on_front`` (of the means over worlds), ``front_share``,
        ``front_low``, ``front_high``, ``n_worlds``.

    Raises
    ------
    ConfigError, UnusableRunsError
        See :func:`cosim.analysis.tables.cube`.
    """
    cubes = {name: cube(runs, name) for name in objectives}
    first = next(iter(cubes.values()), None)
    if first is None:
        raise ConfigError(
            "no objectives", key="objectives", allowed="at least one outcome with 'min' or 'max'"
        )
    table = pd.DataFrame(
        {"arm": first.arms} | {name: c.values.mean(axis=(1, 2)) for name, c in cubes.items()}
    )
    table = front(table, objectives, epsilon)
    margins = _margins(objectives, epsilon)
    counts = np.zeros(len(first.arms))
    for world in range(len(first.worlds)):
        here = pd.DataFrame({name: c.values[:, world].mean(axis=1) for name, c in cubes.items()})
        counts += non_dominated(costs_of(here, objectives), margins)
    shares = [wilson_interval(float(count), len(first.worlds), level) for count in counts]
    return table.assign(
        front_share=[share.estimate for share in shares],
        front_low=[share.low for share in shares],
        front_high=[share.high for share in shares],
        n_worlds=len(first.worlds),
    )


def _margins(objectives: Objectives, epsilon: Mapping[str, float] | None) -> list[float]:
    for name in epsilon or {}:
        if name not in objectives:
            raise ConfigError("not an objective", key="epsilon", value=name, allowed=", ".join(objectives))
    return [float((epsilon or {}).get(name, 0.0)) for name in objectives]
