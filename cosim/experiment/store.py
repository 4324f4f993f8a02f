"""The output folder of a study: parts that are whole or absent, and the final tables made of them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from cosim.errors import ConfigError
from cosim.experiment.chunks import Chunk
from cosim.experiment.design import Design
from cosim.experiment.design_table import design_table
from cosim.experiment.evaluate import Piece
from cosim.experiment.lock import NAME as LOCK_NAME
from cosim.experiment.lock import FolderLock
from cosim.experiment.parts import count_failed, read_part, read_parts, write_part
from cosim.experiment.settings import MANNER_KEYS
from cosim.experiment.tables import checksum, common_schema, read_parquet, write_parquet
from cosim.experiment.whole_files import TEMPORARY, StoreError, remove_leftovers, write_text, write_whole

IDENTITY = "study.json"
LOG = "run.log"
PARTS = "parts"
RUNS, PEOPLE, DESIGN = "runs.parquet", "people.parquet", "design.parquet"
_FORMAT = 1
# What may lie in a folder that is still free: what an operating system or a job script puts there by itself.
_HARMLESS = (LOCK_NAME, LOG, ".DS_Store", "desktop.ini")


@dataclass(frozen=True)
class Identity:
    """What a folder holds: enough to know whether a study may go on in it.

    Attributes
    ----------
    design : str
        Hash of the design.
    points, replicates, runs_per_chunk : int
        How the study is cut into chunks; 0 points when it finds them on the way.
    people : bool
        Whether the people table is kept.
    shard : str
        ``1/1`` for a whole study.
    code : str
        Version and fingerprint of the program; parts of two programs are not mixed.
    config : mapping
        The resolved config, to tell the user what differs.
    """

    design: str
    points: int
    replicates: int
    runs_per_chunk: int
    people: bool
    shard: str = "1/1"
    code: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    format: int = _FORMAT

    @classmethod
    def read(cls, folder: Path) -> Identity:
        """Read a folder's identity.

        Raises
        ------
        ConfigError
            When the folder holds no study, or one of another version's format.
        """
        path = folder / IDENTITY
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
        except (FileNotFoundError, NotADirectoryError):
            raise ConfigError(f"this folder holds no study (it has no {IDENTITY})", file=folder) from None
        except (OSError, ValueError) as error:
            raise ConfigError(f"cannot be read: {error}", file=path) from None
        if not isinstance(data, dict) or data.get("format") != _FORMAT:
            raise ConfigError("was written by another version of cosim; use a new folder", file=path)
        return cls(**data)


class StudyFolder:
    """An output folder, held by one process.

    Use :meth:`open`; close it, or use it in a ``with`` statement.

    Attributes
    ----------
    path : Path
    identity : Identity
    notices : list of str
        What the user should be told about how the folder was found.
    """

    def __init__(self, path: Path, identity: Identity, lock: FolderLock) -> None:
        self.path, self.identity, self._lock = path, identity, lock
        self.notices: list[str] = [lock.notice] if lock.notice else []

    @classmethod
    def open(
        cls, path: Path, identity: Identity, *, resume: bool = False, other_code: bool = False
    ) -> StudyFolder:
        """Take a new folder, or go on with one that holds the same study.

        Parameters
        ----------
        path : Path
        identity : Identity
            Of the study that is to be written.
        resume : bool
            Whether a folder that already holds (part of) this study is welcome.
        other_code : bool
            Whether to go on with parts that another version of the program has made.

        Raises
        ------
        ConfigError
            When the folder holds anything else, or cannot be written.
        LockedError
            When another process is writing into it.
        """
        _refuse_foreign(path, identity, resume, other_code)
        try:
            (path / PARTS).mkdir(parents=True, exist_ok=True)
            lock = FolderLock(path)
        except OSError as error:
            raise ConfigError(
                f"the output folder cannot be written: {error.strerror or error}", file=path
            ) from None
        try:
            _refuse_foreign(path, identity, resume, other_code)
            remove_leftovers(path)
            remove_leftovers(path / PARTS)
            if not (path / IDENTITY).exists():
                write_text(path / IDENTITY, json.dumps(asdict(identity), indent=1, sort_keys=True) + "\n")
            return cls(path, identity, lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Let go of the folder."""
        self._lock.release()

    def __enter__(self) -> StudyFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def part(self, chunk: Chunk, table: str = "runs") -> Path:
        """Return where a chunk's part is kept."""
        return self.path / PARTS / f"{table}-{chunk.number:07d}.parquet"

    def write(self, chunk: Chunk, piece: Piece) -> None:
        """Keep a finished chunk. Its runs are written last: where they are, everything else is.

        Raises
        ------
        StoreError
            When the system refuses; the chunk then counts as not done.
        """
        seal = {"cosim.design": self.identity.design, "cosim.chunk": str(chunk.number)}
        people = ""
        if piece.people is not None:
            people = checksum(piece.people)
            write_part(self.part(chunk, "people"), piece.people, {**seal, "cosim.sha256": people})
        write_part(
            self.part(chunk),
            piece.runs,
            {**seal, "cosim.sha256": checksum(piece.runs), "cosim.people": people},
        )

    def done(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """Return the chunks whose parts are there and sound: rows, schema, checksum, and of this study."""
        return [chunk for chunk in chunks if self._sound(chunk)]

    def failed(self, chunks: Sequence[Chunk]) -> int:
        """Count the failed runs in finished chunks."""
        return sum(count_failed(read_parquet(self.part(chunk))) for chunk in chunks)

    @property
    def finished(self) -> bool:
        """Whether the final tables are there, whole and of this study."""
        return _finished(self.path, self.identity)

    def finish(self, design: Design, chunks: Sequence[Chunk], *, keep_parts: bool = False) -> None:
        """Make the final tables from the parts; ``runs.parquet`` comes last and says that all is done.

        Parameters
        ----------
        design : Design
        chunks : sequence of Chunk
            All chunks of the study; each must be done.
        keep_parts : bool
            Keep the parts beside the final tables.

        Raises
        ------
        StoreError
            When a part is missing, or the system refuses to write.
        """
        if not self.finished:
            missing = [chunk.number for chunk in chunks if not self.part(chunk).exists()]
            if missing:
                raise StoreError(
                    f"{self.path}: {len(missing)} parts are missing, the first is number {missing[0]}"
                )
            seal = {"cosim.design": self.identity.design}
            table = design_table(design)
            write_whole(self.path / DESIGN, lambda to: write_parquet([table], table.schema, to, seal))
            self._write_final(PEOPLE, [self.part(chunk, "people") for chunk in chunks], seal)
            self._write_final(RUNS, [self.part(chunk) for chunk in chunks], seal)
        if not keep_parts:
            self._remove_parts(chunks)

    def _remove_parts(self, chunks: Sequence[Chunk]) -> None:
        """Remove exactly what this study has written; whatever else may lie there is not ours to delete."""
        for chunk in chunks:
            for name in ("people", "runs"):
                self.part(chunk, name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (self.path / PARTS).rmdir()

    def _write_final(self, name: str, parts: Sequence[Path], seal: Mapping[str, str]) -> None:
        import pyarrow.parquet as pq

        there = [part for part in parts if part.exists()]
        if not there:
            (self.path / name).unlink(missing_ok=True)
            return
        schema = common_schema(pq.read_schema(part).remove_metadata() for part in there)
        write_whole(self.path / name, lambda to: write_parquet(read_parts(there), schema, to, seal))

    def _sound(self, chunk: Chunk) -> bool:
        runs = read_part(self.part(chunk), self.identity.design, chunk)
        if runs is None or runs.column("run").to_pylist() != list(range(chunk.first_run, chunk.stop_run)):
            return False
        wanted = (runs.schema.metadata or {}).get(b"cosim.people", b"").decode()
        if not wanted:
            return True
        people = read_part(self.part(chunk, "people"), self.identity.design, chunk)
        return people is not None and checksum(people) == wanted


def _finished(path: Path, identity: Identity) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_metadata(path / RUNS)
    except (OSError, pa.ArrowException):
        return False
    sealed = (found.metadata or {}).get(b"cosim.design", b"").decode()
    if not identity.points:
        return bool(sealed == identity.design and found.num_rows)
    return bool(sealed == identity.design and found.num_rows == identity.points * identity.replicates)


def _refuse_foreign(path: Path, identity: Identity, resume: bool, other_code: bool) -> None:
    """Raise unless the folder is new, free, or holds the very same study and may be gone on with."""
    if path.exists() and not path.is_dir():
        raise ConfigError(
            "the output must be a folder, but a file of that name exists", file=path, key="output"
        )
    if not (path / IDENTITY).exists():
        strange = _strangers(path) if path.exists() else []
        if strange:
            raise ConfigError(
                f"the output folder already holds files that are no study ({', '.join(strange[:3])}"
                f"{' ...' if len(strange) > 3 else ''}); name a new folder",
                file=path,
                key="output",
            )
        return
    found = Identity.read(path)
    told = f"the output folder holds another study ({_what_differs(found.config, identity.config)})"
    if replace(found, code="", config={}) != replace(identity, code="", config={}):
        raise ConfigError(f"{told}; name a new folder", file=path, key="output")
    if found.code != identity.code and not other_code:
        raise ConfigError(
            f"the folder's parts were made by another version of the program ({found.code}, this is "
            f"{identity.code}); results of two versions are not mixed: name a new folder",
            file=path,
            key="output",
        )
    if not resume:
        state = "finished" if _finished(path, identity) else "not finished"
        raise ConfigError(
            f"the output folder already holds this study ({state}); go on with --resume or name a new folder",
            file=path,
            key="output",
        )


def _strangers(path: Path) -> list[str]:
    """Return what lies in a folder without a study, apart from what a study killed at once leaves behind."""
    return [
        item.name
        for item in sorted(path.iterdir())
        if item.name not in _HARMLESS
        and not (item.name.startswith(".") and item.name.endswith(TEMPORARY))
        and not (item.name.startswith("shard-") and (item / IDENTITY).exists())
        and not (item.name == PARTS and item.is_dir() and not any(item.iterdir()))
    ]


def _what_differs(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """Name the first few settings in which two resolved configs differ, apart from how they are run."""
    keys = [
        key
        for key in dict.fromkeys([*found, *wanted])
        if key not in MANNER_KEYS and found.get(key) != wanted.get(key)
    ]
    told = []
    for key in keys[:3]:
        old, new = repr(found.get(key)), repr(wanted.get(key))
        short = max(len(old), len(new)) <= 40
        told.append(f"{key}: {old} there, {new} here" if short else f"{key} differs")
    return "; ".join(told) or "its design differs"
