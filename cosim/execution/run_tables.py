"""Run tables in one exact form: same rows, same bytes, whoever computed them.

Numbers are float64, text is text, a failed run has its error and nothing else. Rows are in the order of their
run number. Nothing in a file depends on the time, the machine's name or the number of workers.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cosim.errors import ConfigError, CosimError
from cosim.execution.design import Point, run_number

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

KEYS = ("run", "point", "world", "arm", "replicate")
ERROR = "error"
NUMBERS_PER_GROUP = 500_000
"""Rows times columns of what is held and written at once: 4 MB of numbers, and several times that beside."""
_SETTINGS: Mapping[str, Any] = {
    "version": "2.6",
    "compression": "zstd",
    "compression_level": 3,
    "data_page_version": "1.0",
    "write_page_checksum": True,
}


class EvaluatorError(CosimError):
    """An evaluator did not keep to its contract: a mistake in the program, not in the study."""


def runs_table(frame: pd.DataFrame, points: Sequence[Point], replicates: range, total: int) -> pa.Table:
    """Put an evaluator's run table into the form in which it is stored.

    Parameters
    ----------
    frame : DataFrame
        Columns ``point``, ``replicate``, the outcomes, and optionally ``error``.
    points, replicates
        What was asked for: the frame must have exactly one row for each pair.
    total : int
        Replicates per point in the whole study, which run numbers are made of.

    Returns
    -------
    pyarrow.Table
        Columns run, point, world, arm, replicate, the outcomes, error; sorted by run.

    Raises
    ------
    EvaluatorError
        When rows are missing, repeated or not asked for, or a column is neither numbers nor text.
    """
    import pyarrow as pa

    frame, keys = _with_keys(frame, points, replicates, total)
    wanted = [run_number(p.point, r, total) for p in points for r in replicates]
    if keys["run"].tolist() != wanted:
        raise EvaluatorError(
            f"the evaluator returned {len(frame)} runs where {len(wanted)} were asked for "
            f"(points {points[0].point} to {points[-1].point}, replicates {replicates})"
        )
    errors = _errors(frame)
    failed = np.array([error is not None for error in errors], dtype=bool)
    columns = _key_columns(keys)
    for name in frame.columns:
        if name not in KEYS and name != ERROR:
            columns[name] = _outcome(frame[name], failed, str(name))
    columns[ERROR] = pa.array(errors, pa.string())
    return pa.table(columns)


def people_table(frame: pd.DataFrame, points: Sequence[Point], replicates: range, total: int) -> pa.Table:
    """Put an evaluator's people table into the form in which it is stored: sorted by run, then as it came."""
    import pyarrow as pa

    frame, keys = _with_keys(frame, points, replicates, total)
    columns = _key_columns(keys)
    present = np.zeros(len(frame), dtype=bool)
    for name in frame.columns:
        if name in KEYS:
            continue
        kind = frame[name].dtype.kind
        if kind in "iu":
            columns[name] = pa.array(frame[name].to_numpy(dtype=np.int64))
        elif kind == "b":
            columns[name] = pa.array(frame[name].to_numpy(dtype=bool))
        else:
            columns[name] = _outcome(frame[name], present, str(name))
    return pa.table(columns)


def failed_table(points: Sequence[Point], replicates: range, total: int, error: str) -> pa.Table:
    """Return the rows of runs that could not be had."""
    import pandas as pd

    frame = pd.DataFrame(
        [(p.point, r, error) for p in points for r in replicates], columns=["point", "replicate", ERROR]
    )
    return runs_table(frame, points, replicates, total)


def joined(tables: Sequence[pa.Table]) -> pa.Table:
    """Stack tables whose outcome columns may differ (failed runs have none); ``error`` stays last."""
    import pyarrow as pa

    schema = common_schema([table.schema for table in tables])
    return pa.concat_tables([fitted(table, schema) for table in tables]).combine_chunks()


def common_schema(schemas: Iterable[pa.Schema]) -> pa.Schema:
    """Return the schema that holds every column of all of them, in order of first appearance.

    Raises
    ------
    EvaluatorError
        When a column is text in one and numbers in another.
    """
    import pyarrow as pa

    fields: dict[str, Any] = {}
    for schema in schemas:
        for found in schema:
            known = fields.setdefault(found.name, found.type)
            if known != found.type:
                raise EvaluatorError(
                    f"column {found.name!r} is {known} in one chunk and {found.type} in another"
                )
    if ERROR in fields:
        fields[ERROR] = fields.pop(ERROR)
    return pa.schema(list(fields.items()))


def fitted(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Give a table every column of a schema, in its order; what it had not is empty."""
    import pyarrow as pa

    columns = [
        table.column(wanted.name) if wanted.name in table.column_names else pa.nulls(len(table), wanted.type)
        for wanted in schema
    ]
    return pa.table(columns, schema=schema)


def checksum(table: pa.Table) -> str:
    """SHA-256 of what a table says (names, types, values, gaps), not of how it happens to lie in memory."""
    import pyarrow as pa
    import pyarrow.compute as pc

    digest = hashlib.sha256(str(len(table)).encode())
    for name, column in zip(table.column_names, table.columns, strict=True):
        digest.update(f"|{name}|{column.type}|".encode())
        flat = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        digest.update(np.packbits(flat.is_null().to_numpy(zero_copy_only=False)).tobytes())
        if pa.types.is_string(flat.type):
            full = flat.fill_null("")
            digest.update(pc.binary_length(full).to_numpy(zero_copy_only=False).tobytes())
            digest.update("".join(full.to_pylist()).encode())
        else:
            zero = False if pa.types.is_boolean(flat.type) else 0
            digest.update(np.ascontiguousarray(flat.fill_null(zero).to_numpy(zero_copy_only=False)).tobytes())
    return digest.hexdigest()


Fields = Mapping[str, Mapping[str, str]]
"""What is known of each column, by its name: unit, range, description and source."""

Describe = Callable[[str, Sequence[str]], Fields]
"""Tells what is known of the columns of a table, from its name without ending and their names."""


def described(schema: pa.Schema, fields: Fields) -> pa.Schema:
    """Return a schema whose columns say what they are."""
    import pyarrow as pa

    return pa.schema([one.with_metadata(fields[one.name]) if one.name in fields else one for one in schema])


def write_parquet(
    tables: Iterable[pa.Table],
    schema: pa.Schema,
    path: Path,
    metadata: Mapping[str, str],
    fields: Fields | None = None,
) -> int:
    """Write tables as one Parquet file whose bytes do not depend on how the rows were cut into tables.

    Parameters
    ----------
    tables : iterable of pyarrow.Table
    schema : pyarrow.Schema
        The columns of the file.
    path : Path
    metadata : mapping of str to str
        What the file says of itself.
    fields : mapping, optional
        What each column's metadata says of it.

    Returns
    -------
    int
        Number of rows.
    """
    import pyarrow.parquet as pq

    schema = described(schema, fields or {}).with_metadata(dict(sorted(metadata.items())))
    at_once = max(NUMBERS_PER_GROUP // max(len(schema), 1), 1)
    rows = 0
    with pq.ParquetWriter(path, schema, **_SETTINGS) as writer:
        for group in _groups(tables, schema, at_once):
            writer.write_table(group, row_group_size=at_once)
            rows += len(group)
    return rows


def free_unused() -> None:
    """Give back to the system what tables have held: Arrow keeps it for the next ones."""
    import pyarrow as pa

    pa.default_memory_pool().release_unused()


def read_parquet(path: Path) -> pa.Table:
    """Read a Parquet file, page checksums verified."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, page_checksum_verification=True) as file:
        return file.read()


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """Tell a final table that cannot be read as what it is.

    Raises
    ------
    ConfigError
        With how to make it again.
    """
    import pyarrow as pa

    try:
        yield
    except (OSError, pa.ArrowException):
        raise ConfigError(
            "is missing or damaged; delete runs.parquet and make the tables again with cosim run --resume",
            file=path,
        ) from None


def read_final(path: Path) -> pa.Table:
    """Read a final table.

    Raises
    ------
    ConfigError
        When it is missing or damaged.
    """
    with damage_told(path):
        return read_parquet(path)


def read_frame(path: Path, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Read a final table, or some of its columns, as a data frame that is never held twice.

    The numbers, nearly all of a run table, go straight into the one block in which the frame keeps them.

    Raises
    ------
    ConfigError
        When it is missing or damaged.
    """
    import pandas as pd
    import pyarrow as pa
    import pyarrow.parquet as pq

    with damage_told(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        schema = file.schema_arrow
        names = list(schema.names if columns is None else columns)
        numbers = [name for name in names if pa.types.is_float64(schema.field(name).type)]
        block = np.empty((len(numbers), file.metadata.num_rows))
        row = 0
        for group in range(file.num_row_groups if numbers else 0):
            table = file.read_row_group(group, columns=numbers)
            for place, name in enumerate(numbers):
                block[place, row : row + len(table)] = table.column(name).to_numpy()
            row += len(table)
        others = file.read(columns=[name for name in names if name not in numbers]).to_pandas()
    first = names.index(numbers[0]) if numbers else len(names)
    parts = [
        others.iloc[:, :first],
        pd.DataFrame(block.T, columns=numbers, copy=False),
        others.iloc[:, first:],
    ]
    frame: pd.DataFrame = pd.concat(parts, axis=1)
    return frame if list(frame.columns) == names else frame.loc[:, names]


def _groups(tables: Iterable[pa.Table], schema: pa.Schema, size: int) -> Iterator[pa.Table]:
    """Cut a stream of tables again, into groups of `size` rows."""
    import pyarrow as pa

    waiting: list[pa.Table] = []
    count = 0
    for table in tables:
        waiting.append(fitted(table, schema))
        count += len(table)
        while count >= size:
            whole = pa.concat_tables(waiting)
            yield whole.slice(0, size).combine_chunks()
            waiting = [whole.slice(size)]
            count -= size
    if count:
        yield pa.concat_tables(waiting).combine_chunks()


def _with_keys(
    frame: pd.DataFrame, points: Sequence[Point], replicates: range, total: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the frame in the order of its runs, and the key columns that go with it."""
    import pandas as pd

    missing = [name for name in ("point", "replicate") if name not in frame.columns]
    if missing:
        raise EvaluatorError(f"the evaluator's table has no column {missing[0]!r}")
    point = frame["point"].to_numpy(dtype=np.int64)
    replicate = frame["replicate"].to_numpy(dtype=np.int64)
    known = {p.point: p for p in points}
    strange = sorted({int(p) for p in point} - set(known))
    if strange:
        raise EvaluatorError(f"the evaluator returned point {strange[0]}, which it was not asked for")
    if any(int(r) not in replicates for r in np.unique(replicate)):
        raise EvaluatorError(f"the evaluator returned replicates outside {replicates}")
    run = point * total + replicate
    order = np.argsort(run, kind="stable")
    keys = pd.DataFrame(
        {
            "run": run[order],
            "point": point[order],
            "world": np.array([known[int(p)].world for p in point[order]], dtype=np.int64),
            "arm": [known[int(p)].arm for p in point[order]],
            "replicate": replicate[order],
        }
    )
    return frame.iloc[order].reset_index(drop=True), keys


def _key_columns(keys: pd.DataFrame) -> dict[str, Any]:
    import pyarrow as pa

    return {
        name: pa.array(keys[name].tolist(), pa.string())
        if name == "arm"
        else pa.array(keys[name].to_numpy(dtype=np.int64))
        for name in KEYS
    }


def _errors(frame: pd.DataFrame) -> list[str | None]:
    if ERROR not in frame.columns:
        return [None] * len(frame)
    return [error if isinstance(error, str) else None for error in frame[ERROR].tolist()]


def _outcome(column: pd.Series[Any], failed: np.ndarray, name: str) -> pa.Array:
    """Return numbers as float64 and text as text; a gap only where the run failed or text is missing."""
    import pyarrow as pa

    if column.dtype.kind in "fiub":
        return pa.array(column.to_numpy(dtype=np.float64), pa.float64(), mask=failed)
    values = column.tolist()
    found = [value for value, bad in zip(values, failed, strict=True) if not bad and not _is_gap(value)]
    if all(isinstance(value, str) for value in found):
        return pa.array(
            [None if bad or _is_gap(value) else value for value, bad in zip(values, failed, strict=True)],
            pa.string(),
        )
    if all(isinstance(value, (bool, int, float, np.number, np.bool_)) for value in found):
        numbers = [
            np.nan if bad or _is_gap(value) else float(value)
            for value, bad in zip(values, failed, strict=True)
        ]
        return pa.array(np.array(numbers), pa.float64(), mask=failed)
    raise EvaluatorError(f"column {name!r} is neither numbers nor text")


def _is_gap(value: Any) -> bool:
    import pandas as pd

    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))
