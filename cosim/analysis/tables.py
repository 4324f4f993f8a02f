"""Reading run and design tables: joined by id, complete and finite, or refused with the ids at fault."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.analysis.checks import checked, checked_fields
from cosim.analysis.resampling import FloatArray
from cosim.errors import ConfigError, CosimError, nearest_name

KEYS = ("run", "point", "world", "arm", "replicate")
"""Columns of a run table that say which run it is."""

_SHOWN = 10


class UnusableRunsError(CosimError, ValueError):
    """Runs that failed, are missing, or have a value that no analysis can use.

    Parameters
    ----------
    message : str
        What is wrong, naming the runs.
    run_ids : sequence of int
        Ids of the runs that are there but cannot be used, ascending; empty when the runs are absent
        altogether.
    """

    def __init__(self, message: str, run_ids: Sequence[int] = ()) -> None:
        super().__init__(message)
        self.run_ids = tuple(run_ids)


@dataclass(frozen=True)
@checked_fields
class Factors:
    """The factors of a sensitivity study.

    Parameters
    ----------
    names : sequence of str
        Factor columns of the design table, in the order in which the design was made.
    groups : mapping of str to str, optional
        Group of each factor; a factor that is not mentioned is a group of its own.
    dummy : str, optional
        Name of a factor (or group) that the model ignores: what it seems to do is the floor of significance.
    """

    names: Sequence[str]
    groups: Mapping[str, str] | None = None
    dummy: str | None = None

    def __post_init__(self) -> None:
        names = list(self.names)
        if isinstance(self.names, str) or not names:
            raise ConfigError(
                "no factors", key="factors", value=self.names, allowed="a list of factor columns"
            )
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ConfigError("a factor is listed twice", key="factors", value=twice[0])
        for name in self.groups or {}:
            if name not in names:
                raise ConfigError(
                    "a group names an unknown factor",
                    key="groups",
                    value=name,
                    nearest=nearest_name(name, names),
                )
        if self.dummy is not None and self.dummy not in self.units:
            raise ConfigError(
                "the dummy is not among the factors",
                key="dummy",
                value=self.dummy,
                nearest=nearest_name(self.dummy, self.units),
            )

    @property
    def membership(self) -> list[str]:
        """Group of each factor, in the order of `names`."""
        groups = self.groups or {}
        return [groups.get(name, name) for name in self.names]

    @property
    def units(self) -> list[str]:
        """Groups in order of first appearance; the factors themselves when there are no groups."""
        return list(dict.fromkeys(self.membership))

    @property
    def grouped(self) -> bool:
        """Whether any group holds more than one factor."""
        return len(self.units) < len(self.names)

    def columns_of(self, unit: str) -> list[int]:
        """Positions in `names` of the factors of one group."""
        return [i for i, group in enumerate(self.membership) if group == unit]


@dataclass(frozen=True)
class Response:
    """One outcome over a design.

    Attributes
    ----------
    points : ndarray of int, shape (n,)
        Design points, ascending.
    replicates : ndarray of int, shape (r,)
        Replicate numbers, ascending.
    values : ndarray of float, shape (n, r)
        The outcome, all finite.
    """

    points: NDArray[np.int64]
    replicates: NDArray[np.int64]
    values: FloatArray


@dataclass(frozen=True)
class Cube:
    """One outcome over arms, worlds and replicates.

    Attributes
    ----------
    arms, worlds, replicates : list
        Labels along each axis; arms in order of first appearance, the others ascending.
    values : ndarray of float, shape (arms, worlds, replicates)
        The outcome, all finite.
    """

    arms: list[str]
    worlds: list[int]
    replicates: list[int]
    values: FloatArray

    def arm(self, name: str) -> FloatArray:
        """Values of one arm, shape (worlds, replicates)."""
        values: FloatArray = self.values[self.arms.index(known_name(name, self.arms, "arm"))]
        return values


def known_name(name: str, known: Sequence[str], key: str) -> str:
    """Return `name` if it is known; otherwise raise ConfigError with the nearest known name."""
    if name not in known:
        shown = ", ".join(str(entry) for entry in known[:20]) + (", ..." if len(known) > 20 else "")
        raise ConfigError(
            f"unknown {key}",
            key=key,
            value=name,
            allowed=shown,
            nearest=nearest_name(str(name), map(str, known)),
        )
    return name


def need_columns(table: pd.DataFrame, columns: Sequence[str], what: str) -> None:
    """Raise ConfigError when a column is absent from a table or stands in it twice."""
    present = [str(column) for column in table.columns]
    for column in columns:
        if column not in present:
            raise ConfigError(
                f"the {what} table has no such column",
                key="column",
                value=column,
                nearest=nearest_name(column, present),
            )
        if present.count(column) > 1:
            raise ConfigError(f"the {what} table has this column more than once", key="column", value=column)


def listed(ids: Sequence[object], noun: str) -> str:
    """Return ids as words: the first ten, and how many more."""
    shown = ", ".join(str(entry) for entry in ids[:_SHOWN])
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return f"{noun}{'s' if len(ids) != 1 else ''} {shown}{more}"


@checked
def check_runs(runs: pd.DataFrame, outcomes: Sequence[str], keys: Sequence[str] = KEYS) -> None:
    """Check that a run table can bear an analysis of `outcomes`.

    Parameters
    ----------
    runs : DataFrame
        Run table.
    outcomes : sequence of str
        Outcome columns that will be read.
    keys : sequence of str
        Identifying columns that will be read.

    Raises
    ------
    ConfigError
        A column is absent, an outcome is not numeric, or the table is empty.
    UnusableRunsError
        A run failed, has a missing or non-finite outcome, or a run id stands twice; the ids are named.
    """
    need_columns(runs, ["run", *keys, *outcomes], "run")
    if runs.empty:
        raise ConfigError("the run table has no rows", key="runs", allowed="at least one run")
    ids = runs["run"].to_numpy()
    twice = np.unique(ids[runs["run"].duplicated().to_numpy()])
    if twice.size:
        raise UnusableRunsError(f"more than one row for {listed(twice.tolist(), 'run')}", twice.tolist())
    if "error" in runs.columns and runs["error"].notna().any():
        failed = runs.loc[runs["error"].notna()].sort_values("run")
        raise UnusableRunsError(
            f"{len(failed)} of {len(runs)} runs failed: {listed(failed['run'].tolist(), 'run')}; "
            f"run {failed['run'].iloc[0]} says: {failed['error'].iloc[0]}",
            failed["run"].tolist(),
        )
    for outcome in outcomes:
        _check_finite(runs, outcome)


def _narrow(runs: pd.DataFrame, keys: Sequence[str], outcome: str) -> pd.DataFrame:
    """Return the columns that one outcome takes, so that what is sorted and cut later copies no more."""
    names = list(dict.fromkeys(["run", *keys, outcome]))
    need_columns(runs, names, "run")
    return runs[[*names, *(["error"] if "error" in runs.columns else [])]]


def _check_finite(runs: pd.DataFrame, outcome: str) -> None:
    column = runs[outcome]
    if not pd.api.types.is_numeric_dtype(column.dtype):
        raise ConfigError("the outcome is not numeric", key=outcome, value=str(column.dtype))
    bad = ~np.isfinite(column.to_numpy(dtype=np.float64, na_value=np.nan))
    if bad.any():
        ids = np.sort(runs["run"].to_numpy()[bad]).tolist()
        raise UnusableRunsError(
            f"outcome {outcome!r} is missing or not finite in {len(ids)} of {len(runs)} runs: "
            f"{listed(ids, 'run')}",
            ids,
        )


def response(runs: pd.DataFrame, design: pd.DataFrame, outcome: str) -> Response:
    """Return one outcome as a matrix of design points by replicates.

    Parameters
    ----------
    runs : DataFrame
        Run table; runs of points that are not in `design` are left out.
    design : DataFrame
        Design table; says which points there must be.
    outcome : str
        Outcome column.

    Raises
    ------
    ConfigError, UnusableRunsError
        See :func:`check_runs`; also when a point lacks a replicate that another point has.
    """
    need_columns(design, ["point"], "design")
    runs = _narrow(runs, ("point", "replicate"), outcome)
    if design["point"].duplicated().any():
        raise ConfigError(
            "a design point stands twice",
            key="point",
            value=int(design.loc[design["point"].duplicated(), "point"].iloc[0]),
        )
    points = np.sort(design["point"].to_numpy(dtype=np.int64))
    chosen = runs.loc[runs["point"].isin(points)]
    if chosen.empty:
        raise UnusableRunsError(f"no run belongs to any of the {len(points)} design points")
    check_runs(chosen, [outcome], keys=("point", "replicate"))
    matrix = _grid(chosen, outcome, ["point", "replicate"], {"point": points})
    replicates = np.unique(chosen["replicate"].to_numpy(dtype=np.int64))
    return Response(points, replicates, matrix)


def factor_values(design: pd.DataFrame, factors: Factors) -> pd.DataFrame:
    """Return the factor columns of a design, ordered by point, with no missing value in them."""
    need_columns(design, ["point", *factors.names], "design")
    table = design.sort_values("point", kind="stable")[list(factors.names)]
    for name in factors.names:
        if table[name].isna().any():
            at = design.loc[design[name].isna(), "point"].sort_values().tolist()
            raise ConfigError(f"the factor has no value at {listed(at, 'point')}", key=name)
    return table.reset_index(drop=True)


def numeric_factors(design: pd.DataFrame, factors: Factors) -> FloatArray:
    """Return the factor columns as numbers, shape (points, factors), ordered by point.

    Categories (text, booleans) are replaced by their rank in sorted order: enough for methods that only
    look at which values are equal, or that cut a factor into slices.
    """
    table = factor_values(design, factors)
    columns = []
    for name in factors.names:
        column = table[name]
        if pd.api.types.is_numeric_dtype(column.dtype):
            columns.append(column.to_numpy(dtype=np.float64))
        else:
            columns.append(
                np.unique(column.astype(str).to_numpy(dtype=str), return_inverse=True)[1].astype(np.float64)
            )
    return np.column_stack(columns)


def cube(runs: pd.DataFrame, outcome: str, arms: Sequence[str] | None = None) -> Cube:
    """Return one outcome as an array of arms by worlds by replicates.

    Parameters
    ----------
    runs : DataFrame
        Run table.
    outcome : str
        Outcome column.
    arms : sequence of str, optional
        Arms to keep, in this order; all, in order of their first point, when absent.

    Raises
    ------
    ConfigError, UnusableRunsError
        See :func:`check_runs`; also when an arm lacks a world or a replicate that another arm has.
    """
    runs = _narrow(runs, KEYS, outcome)
    if runs.empty:
        raise ConfigError("the run table has no rows", key="runs", allowed="at least one run")
    known = runs.sort_values("point", kind="stable")["arm"].drop_duplicates().tolist()
    wanted = [known_name(arm, known, "arm") for arm in arms] if arms is not None else known
    chosen = runs.loc[runs["arm"].isin(wanted)]
    check_runs(chosen, [outcome])
    worlds = np.unique(chosen["world"].to_numpy()).tolist()
    replicates = np.unique(chosen["replicate"].to_numpy()).tolist()
    values = _grid(chosen, outcome, ["arm", "world", "replicate"], {"arm": np.asarray(wanted, dtype=object)})
    return Cube(wanted, worlds, replicates, values)


def _grid(
    runs: pd.DataFrame, outcome: str, axes: Sequence[str], labels: Mapping[str, NDArray[np.generic]]
) -> FloatArray:
    """Spread a column over a full grid of ids; refuse cells that are empty or filled twice."""
    used = {axis: labels[axis] if axis in labels else np.unique(runs[axis].to_numpy()) for axis in axes}
    shape = tuple(len(used[axis]) for axis in axes)
    codes = [pd.Index(used[axis]).get_indexer(pd.Index(runs[axis])) for axis in axes]
    flat = np.ravel_multi_index(tuple(codes), shape)
    counts = np.bincount(flat, minlength=int(np.prod(shape)))
    if (counts > 1).any():
        rows = np.isin(flat, np.flatnonzero(counts > 1))
        ids = np.sort(runs["run"].to_numpy()[rows]).tolist()
        raise UnusableRunsError(
            f"{listed(ids, 'run')} share the same {', '.join(axes)}: each may hold one run only", ids
        )
    if (counts == 0).any():
        empty = np.flatnonzero(counts == 0)
        cells = np.unravel_index(empty[:_SHOWN], shape)
        shown = "; ".join(
            ", ".join(f"{axis} {used[axis][cells[k][i]]}" for k, axis in enumerate(axes))
            for i in range(len(cells[0]))
        )
        more = f"; and {len(empty) - _SHOWN} more" if len(empty) > _SHOWN else ""
        raise UnusableRunsError(f"{len(empty)} of {counts.size} runs are not in the table: {shown}{more}")
    grid = np.empty(counts.size)
    grid[flat] = runs[outcome].to_numpy(dtype=np.float64)
    return grid.reshape(shape)
