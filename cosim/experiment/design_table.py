"""The design as a table: a row per point, a column per changed key and per intervention."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cosim.experiment.design import Design, changed_keys, luck_seed, used_interventions

if TYPE_CHECKING:
    import pyarrow as pa

WITH = "with."


def design_table(design: Design) -> pa.Table:
    """Return the design as it is stored.

    Returns
    -------
    pyarrow.Table
        Columns ``point``, ``world``, ``arm``, ``seed`` (what ``cosim.simulate`` is to be given to see the
        same luck); then a column per dotted key that some point changes (empty where it is left alone; lists
        as JSON), and a column ``with.NAME`` per intervention, its dose (0 where it is not used).
    """
    import pyarrow as pa

    points = design.points
    columns: dict[str, Any] = {
        "point": pa.array([p.point for p in points], pa.int64()),
        "world": pa.array([p.world for p in points], pa.int64()),
        "arm": pa.array([p.arm for p in points], pa.string()),
        "seed": pa.array([luck_seed(design.seed, p.world) for p in points], pa.int64()),
    }
    for key in changed_keys(points):
        columns[key] = _column([p.changes.get(key) for p in points])
    for name in used_interventions(points):
        columns[WITH + name] = pa.array([float(p.interventions.get(name, 0.0)) for p in points], pa.float64())
    return pa.table(columns)


def _column(values: Sequence[Any]) -> pa.Array:
    import pyarrow as pa

    found = [value for value in values if value is not None]
    if all(isinstance(value, bool) for value in found):
        return pa.array(values, pa.bool_())
    if all(isinstance(value, int) and not isinstance(value, bool) for value in found):
        return pa.array(values, pa.int64())
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in found):
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    if all(isinstance(value, str) for value in found):
        return pa.array(values, pa.string())
    texts = [None if value is None else json.dumps(value, ensure_ascii=False) for value in values]
    return pa.array(texts, pa.string())
