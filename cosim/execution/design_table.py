"""The design as a table: a row per point, a column per changed key and per intervention."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosim.execution.design import Design, Point, changed_keys, used_interventions
from cosim.execution.points import WITH
from cosim.execution.run_tables import Describe, write_parquet
from cosim.execution.seeds import world_seed

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS = 2048

Kind = Callable[[Any], Any]


def design_table(design: Design) -> pa.Table:
    """Return the design as it is stored, in one piece.

    Returns
    -------
    pyarrow.Table
        Columns ``point``, ``world``, ``arm``, ``seed`` (what ``cosim.simulate`` is to be given to see the
        same random numbers); then a column per dotted key that some point changes (empty where it is left
        alone; lists as JSON), and a column ``with.NAME`` per intervention, its dose (0 where it is not used).
    """
    import pyarrow as pa

    return pa.concat_tables(_Columns(design).tables()).combine_chunks()


def write_design(
    design: Design, path: Path, metadata: Mapping[str, str], describe: Describe | None = None
) -> int:
    """Write the design table a block of points at a time; return the number of points."""
    columns = _Columns(design)
    fields = describe(path.stem, columns.schema.names) if describe else None
    return write_parquet(columns.tables(), columns.schema, path, metadata, fields)


class _Columns:
    """The columns of a design table, known before its rows are made."""

    def __init__(self, design: Design) -> None:
        import pyarrow as pa

        self._design = design
        typical = design.typical()
        self._changes = {
            key: _kind([p.changes[key] for p in typical if p.changes.get(key) is not None])
            for key in changed_keys(typical)
        }
        self._doses = used_interventions(typical)
        self.schema = pa.schema(
            [("point", pa.int64()), ("world", pa.int64()), ("arm", pa.string()), ("seed", pa.int64())]
            + [(key, kind) for key, (kind, _) in self._changes.items()]
            + [(WITH + name, pa.float64()) for name in self._doses]
        )

    def tables(self) -> Iterator[pa.Table]:
        """Yield the rows, block by block."""
        points = self._design.points
        for start in range(0, len(points), _ROWS):
            yield self._table(points[start : start + _ROWS])

    def _table(self, points: Sequence[Point]) -> pa.Table:
        import pyarrow as pa

        seed = self._design.seed
        columns: list[list[Any]] = [
            [p.point for p in points],
            [p.world for p in points],
            [p.arm for p in points],
            [world_seed(seed, p.world) for p in points],
        ]
        for key, (_, stored) in self._changes.items():
            values = [p.changes.get(key) for p in points]
            columns.append([None if value is None else stored(value) for value in values])
        columns.extend([float(p.interventions.get(name, 0.0)) for p in points] for name in self._doses)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, self.schema.types, strict=True)]
        return pa.Table.from_arrays(arrays, schema=self.schema)


def _kind(found: Sequence[Any]) -> tuple[pa.DataType, Kind]:
    """Return the type in which all of these values can be stored, and how one is."""
    import pyarrow as pa

    if all(isinstance(value, bool) for value in found):
        return pa.bool_(), bool
    if all(isinstance(value, int) and not isinstance(value, bool) for value in found):
        return pa.int64(), int
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in found):
        return pa.float64(), float
    if all(isinstance(value, str) for value in found):
        return pa.string(), str
    return pa.string(), lambda value: json.dumps(value, ensure_ascii=False)
