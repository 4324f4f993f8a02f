"""The output folder of a study: parts that are whole or absent, and the final tables made of them."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from cosim.errors import ConfigError
from cosim.execution.atomic_files import TEMPORARY, StoreError, remove_leftovers, write_text, write_whole
from cosim.execution.chunks import Chunk
from cosim.execution.design import Design
from cosim.execution.design_table import write_design
from cosim.execution.folder_lock import NAME as LOCK_NAME
from cosim.execution.folder_lock import FolderLock
from cosim.execution.identity import IDENTITY, Identity
from cosim.execution.manifest import (
    CONFIG,
    DESIGN,
    LOG,
    NO_MANIFEST,
    PARTS,
    PEOPLE,
    PROVENANCE,
    RUNS,
    USED,
    Fault,
    Manifest,
    damage_error,
    lost_manifest,
    seal,
    unseal,
)
from cosim.execution.part_files import count_failed, flaw_of, part_name, read_parts, write_parts
from cosim.execution.provenance import read_provenance
from cosim.execution.run_tables import (
    Describe,
    common_schema,
    free_unused,
    read_final,
    read_parquet,
    write_parquet,
)
from cosim.execution.settings import MANNER_KEYS
from cosim.execution.tasks import Piece

__all__ = ["DESIGN", "IDENTITY", "LOG", "PARTS", "PEOPLE", "RUNS", "Identity", "StudyFolder"]

_PART = re.compile(r"(runs|people)-\d{7,}\.parquet")
# What may lie in a folder that is still free: what an operating system or a job script puts there by itself.
_HARMLESS = (LOCK_NAME, LOG, ".DS_Store", "desktop.ini")


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
            When the folder holds anything else, cannot be written, or is finished and was damaged since.
        LockedError
            When another process is writing into it.
        """
        if resume:
            refuse_damaged(path)
        _refuse_foreign(path, identity, resume, other_code)
        try:
            (path / PARTS).mkdir(parents=True, exist_ok=True)
            lock = FolderLock(path)
        except OSError as error:
            raise ConfigError(
                f"the output folder cannot be written: {error.strerror or error}", file=path
            ) from None
        try:
            notices = refuse_damaged(path) if resume else []
            _refuse_foreign(path, identity, resume, other_code)
            remove_leftovers(path)
            remove_leftovers(path / PARTS)
            if not (path / IDENTITY).exists():
                write_text(path / IDENTITY, json.dumps(asdict(identity), indent=1, sort_keys=True) + "\n")
            folder = cls(path, identity, lock)
            folder.notices += notices
            return folder
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
        return self.path / PARTS / part_name(chunk, table)

    def write(self, chunk: Chunk, piece: Piece) -> None:
        """Keep a finished chunk.

        Raises
        ------
        StoreError
            When the system refuses; the chunk then counts as not done.
        """
        write_parts(self.path / PARTS, chunk, self.identity.design, piece.runs, piece.people)

    def done(self, chunks: Sequence[Chunk]) -> list[Chunk]:
        """Return the chunks whose parts are there and sound; see `part_files.flaw_of`."""
        return [c for c in chunks if flaw_of(self.path / PARTS, self.identity.design, c) is None]

    def failed(self, chunks: Sequence[Chunk]) -> int:
        """Count the failed runs in finished chunks."""
        return sum(count_failed(read_parquet(self.part(chunk))) for chunk in chunks)

    @property
    def finished(self) -> bool:
        """Whether the final tables are there, whole and of this study, and only a report is left to do."""
        return _finished(self.path, self.identity)

    def begin(self) -> None:
        """Say that work goes on: what stands in a manifest from before does not hold any more."""
        unseal(self.path)

    def finish(
        self, design: Design, chunks: Sequence[Chunk], *, keep_parts: bool = False,
        record: Callable[[], None] | None = None, describe: Describe | None = None,
    ) -> None:  # fmt: skip
        """Make the final tables from the parts; the manifest comes last and says that all is done.

        Parameters
        ----------
        design : Design
        chunks : sequence of Chunk
            All chunks of the study; each must be done.
        keep_parts : bool
            Keep the parts beside the final tables.
        record : callable, optional
            Writes what else belongs to the folder, once the tables are there.
        describe : callable, optional
            Tells what the columns of a table are; it is written into the table.

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
            unseal(self.path)
            metadata = {"cosim.design": self.identity.design}
            free_unused()
            write_whole(self.path / DESIGN, lambda to: write_design(design, to, metadata, describe))
            self._write_final(PEOPLE, [self.part(chunk, "people") for chunk in chunks], metadata, describe)
            self._write_final(RUNS, [self.part(chunk) for chunk in chunks], metadata, describe)
            if record is not None:
                record()
            seal(self.path, parts=keep_parts)
        if not keep_parts:
            self._remove_parts()

    def seal(self) -> None:
        """Write the manifest of a folder that keeps its parts as they are, such as a shard's.

        Raises
        ------
        StoreError
            When the system refuses.
        """
        seal(self.path, parts=True)

    @property
    def lacking(self) -> list[str]:
        """Files of a finished folder that are not there, or were being written when a process was killed."""
        manifest = Manifest.read(self.path)
        return [
            name
            for name in (CONFIG, PROVENANCE)
            if not (self.path / name).exists() or (manifest is not None and name not in manifest.files)
        ]

    @contextlib.contextmanager
    def rewriting(self, names: Sequence[str]) -> Iterator[None]:
        """Write some files of a finished folder again; the others stand in the manifest as they stood.

        While they are written they do not stand there, so that a kill leaves no file that seems damaged.
        """
        manifest = Manifest.read(self.path)
        if manifest is not None:
            manifest.without(names).write(self.path)
        yield
        if manifest is not None:
            manifest.with_files(self.path, names).write(self.path)

    def _remove_parts(self) -> None:
        """Remove what this study has written; whatever else may lie there is not ours to delete."""
        ours = [part for part in sorted((self.path / PARTS).glob("*.parquet")) if _PART.fullmatch(part.name)]
        manifest = Manifest.read(self.path)
        names = {f"{PARTS}/{part.name}" for part in ours}
        if manifest and names & manifest.files.keys():
            manifest.without(names).write(self.path)
        for part in ours:
            part.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            (self.path / PARTS).rmdir()

    def _write_final(
        self, name: str, parts: Sequence[Path], seal: Mapping[str, str], describe: Describe | None
    ) -> None:
        import pyarrow.parquet as pq

        there = [part for part in parts if part.exists()]
        if not there:
            (self.path / name).unlink(missing_ok=True)
            return
        free_unused()
        schema = common_schema(pq.read_schema(part).remove_metadata() for part in there)
        fields = describe(Path(name).stem, schema.names) if describe else None
        write_whole(self.path / name, lambda to: write_parquet(read_parts(there), schema, to, seal, fields))


def refuse_damaged(path: Path, *, mends: bool = True) -> list[str]:
    """Refuse a finished folder in which something that results are read from is not as it was written.

    Parameters
    ----------
    path : Path
        A study's folder, finished or not, or none.
    mends : bool
        Whether what is missing is going to be written again.

    Returns
    -------
    list of str
        What the user should be told beside: files that are made again, or that nothing depends on.

    Raises
    ------
    DamagedError
        With every damaged file, what is wrong with it, and what to do.
    """
    manifest = Manifest.read(path)
    if manifest is None:
        return _without_manifest(path) if (path / IDENTITY).exists() else []
    faults = manifest.faults(path)
    if not mends:
        grave = [fault for fault in faults if fault.name in USED]
        notices = [str(fault) for fault in faults if fault not in grave]
    elif RUNS in manifest.files and not (path / RUNS).exists():
        notices = [f"{RUNS} is missing: the tables are made again"]
        grave = [fault for fault in faults if fault.name == IDENTITY]
    else:
        mended = [fault for fault in faults if fault.name in (CONFIG, PROVENANCE) and not _there(path, fault)]
        parts = [fault for fault in faults if RUNS not in manifest.files and fault.name.startswith(PARTS)]
        grave = [fault for fault in faults if fault.name in USED and fault not in mended]
        notices = [f"{fault.name} is missing: it is written again" for fault in mended]
        notices += [f"{fault.name} {fault.wrong}: it is run again" for fault in parts]
        others = [fault for fault in faults if fault not in (*grave, *mended, *parts)]
        notices += [str(fault) for fault in others]
    if grave:
        raise damage_error(path, grave)
    return notices


def _there(path: Path, fault: Fault) -> bool:
    return (path / fault.name).exists() or (path / fault.name).is_symlink()


def _without_manifest(path: Path) -> list[str]:
    """Tell of a finished folder without a manifest: it is old, or the manifest was lost."""
    if not (path / RUNS).exists() or any((path / PARTS).glob("*.parquet")):
        return []
    if "manifest" in read_provenance(path):
        raise damage_error(path, [lost_manifest()])
    for name in (DESIGN, RUNS, PEOPLE):
        if name != PEOPLE or (path / name).exists():
            read_final(path / name)
    return [NO_MANIFEST]


def _finished(path: Path, identity: Identity) -> bool:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        found = pq.read_metadata(path / RUNS)
    except (OSError, pa.ArrowException):
        return False
    manifest = Manifest.read(path)
    if RUNS not in manifest.files if manifest else any((path / PARTS).glob("*.parquet")):
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
