"""One part file: the rows of one chunk, sealed with the study, the chunk and a checksum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cosim.experiment.chunks import Chunk
from cosim.experiment.tables import checksum, read_parquet, write_parquet
from cosim.experiment.whole_files import write_whole

if TYPE_CHECKING:
    import pyarrow as pa


def write_part(path: Path, table: pa.Table, seal: Mapping[str, str]) -> None:
    """Write a part, whole or not at all; `seal` is kept in the file's metadata."""
    write_whole(path, lambda temporary: write_parquet([table], table.schema, temporary, seal))


def read_part(path: Path, design: str, chunk: Chunk) -> pa.Table | None:
    """Return a part, or None when it is absent, damaged or of another study."""
    import pyarrow as pa

    try:
        table = read_parquet(path)
    except (OSError, pa.ArrowException):
        return None
    seal = table.schema.metadata or {}
    wanted = {b"cosim.design": design.encode(), b"cosim.chunk": str(chunk.number).encode()}
    if any(seal.get(key) != value for key, value in wanted.items()):
        return None
    return table if seal.get(b"cosim.sha256", b"").decode() == checksum(table) else None


def count_failed(table: pa.Table) -> int:
    """Count the rows that have an error."""
    return len(table) - int(table.column("error").null_count)


def read_parts(parts: Sequence[Path]) -> Iterator[pa.Table]:
    """Yield the tables of parts one after the other, without their seals."""
    for part in parts:
        yield read_parquet(part).replace_schema_metadata(None)
