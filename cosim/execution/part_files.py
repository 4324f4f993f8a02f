"""The part files of a chunk: rows sealed with the study, the chunk, the table and a checksum."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cosim.execution.atomic_files import write_whole
from cosim.execution.chunks import Chunk
from cosim.execution.run_tables import checksum, read_parquet, write_parquet

if TYPE_CHECKING:
    import pyarrow as pa

RUNS, PEOPLE = "runs", "people"


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a chunk's parts: the file, and why it cannot be used."""

    file: Path
    wrong: str


class _UnsoundError(Exception):
    """A part cannot be used; says why."""


def part_name(chunk: Chunk, table: str) -> str:
    """Return the file name of a chunk's part of a table."""
    return f"{table}-{chunk.number:07d}.parquet"


def write_part(path: Path, table: pa.Table, seal: Mapping[str, str]) -> None:
    """Write a part, whole or not at all; `seal` is kept in the file's metadata."""
    write_whole(path, lambda temporary: write_parquet([table], table.schema, temporary, seal))


def write_parts(folder: Path, chunk: Chunk, design: str, runs: pa.Table, people: pa.Table | None) -> None:
    """Keep a chunk. Its runs are written last: where they are, everything else is.

    Raises
    ------
    StoreError
        When the system refuses; the chunk then counts as not done.
    """

    def seal(table: str, sha256: str) -> dict[str, str]:
        return {"cosim.design": design, "cosim.chunk": str(chunk.number), "cosim.table": table,
                "cosim.sha256": sha256}  # fmt: skip

    beside = ""
    if people is None:
        (folder / part_name(chunk, PEOPLE)).unlink(missing_ok=True)
    else:
        beside = checksum(people)
        write_part(folder / part_name(chunk, PEOPLE), people, seal(PEOPLE, beside))
    path = folder / part_name(chunk, RUNS)
    write_part(path, runs, {**seal(RUNS, checksum(runs)), "cosim.people": beside})


def flaw_of(folder: Path, design: str, chunk: Chunk) -> Flaw | None:
    """Look whether a chunk's parts are there and sound: rows, checksums, and of this study, chunk and table.

    The runs part is sealed with the checksum of the people part that was written with it, so that a people
    part that is missing, left over or of another study is noticed as surely as a runs part.

    Parameters
    ----------
    folder : Path
        Where parts lie.
    design : str
        Hash of the study's design.
    chunk : Chunk

    Returns
    -------
    Flaw or None
        The first thing that is wrong; None when the chunk is done.
    """
    path = folder / part_name(chunk, RUNS)
    try:
        runs = _read_sealed(path, design, chunk, RUNS)
        if "run" not in runs.column_names or runs.column("run").to_pylist() != list(
            range(chunk.first_run, chunk.stop_run)
        ):
            raise _UnsoundError("does not hold the runs of its chunk")
        wanted = (runs.schema.metadata or {}).get(b"cosim.people", b"").decode()
        path = folder / part_name(chunk, PEOPLE)
        if not wanted:
            if path.exists():
                raise _UnsoundError("does not belong to its runs, which were kept without people")
            return None
        if checksum(_read_sealed(path, design, chunk, PEOPLE)) != wanted:
            raise _UnsoundError(
                f"does not belong to {part_name(chunk, RUNS)}: it was made by another run of the study"
            )
    except _UnsoundError as unsound:
        return Flaw(path, str(unsound))
    return None


def count_failed(table: pa.Table) -> int:
    """Count the rows that have an error."""
    return len(table) - int(table.column("error").null_count)


def read_parts(parts: Sequence[Path]) -> Iterator[pa.Table]:
    """Yield the tables of parts one after the other, without their seals."""
    for part in parts:
        yield read_parquet(part).replace_schema_metadata(None)


def _read_sealed(path: Path, design: str, chunk: Chunk, table: str) -> pa.Table:
    import pyarrow as pa

    if not path.is_file():
        raise _UnsoundError("is no file" if path.exists() else "is missing")
    try:
        found = read_parquet(path)
    except (OSError, pa.ArrowException):
        raise _UnsoundError("is damaged: it cannot be read as a table") from None
    seal = {key.decode(errors="replace"): value.decode(errors="replace")
            for key, value in (found.schema.metadata or {}).items()}  # fmt: skip
    if seal.get("cosim.design") != design:
        raise _UnsoundError("belongs to another study")
    if seal.get("cosim.table") != table:
        raise _UnsoundError(f"is a part of another table ({seal.get('cosim.table', 'unknown')})")
    if seal.get("cosim.chunk") != str(chunk.number):
        raise _UnsoundError(f"is part {seal.get('cosim.chunk')}, not {chunk.number}")
    if seal.get("cosim.sha256") != checksum(found):
        raise _UnsoundError("is damaged: its checksum is wrong")
    return found
