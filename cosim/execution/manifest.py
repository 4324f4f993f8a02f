"""The manifest of a finished folder: every file that cosim wrote into it, with its size and SHA-256.

``manifest.json`` is written last: a folder that has one is finished, and what has changed since can be named.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from cosim.errors import ConfigError
from cosim.execution.atomic_files import write_text
from cosim.execution.identity import IDENTITY
from cosim.execution.json_files import DamagedError, check_keys, read_json

FILE = "manifest.json"
LOG = "run.log"
CONFIG = "config.yaml"
PROVENANCE = "provenance.json"
PARTS = "parts"
COLUMNS = "columns.csv"
RUNS, PEOPLE, DESIGN = "runs.parquet", "people.parquet", "design.parquet"
TABLES = (RUNS, PEOPLE, DESIGN)
REPORT, FIGURES, TABLES_OF_REPORT = "report.html", "figures", "tables"
# What results are read from; everything else is made of these, or nothing depends on it.
USED = (*TABLES, IDENTITY, CONFIG, PROVENANCE)
NO_MANIFEST = (
    f"this folder has no {FILE} (it was written by a version of cosim before 0.2): whether its files are as "
    "they were written cannot be checked"
)
_FORMAT = 1
_BLOCK = 1 << 20
# What an operating system, a lock or a shard puts there.
_NOT_OURS = (FILE, ".lock", "desktop.ini", "Thumbs.db")


@dataclass(frozen=True)
class Entry:
    """A file as it was written: bytes, and their SHA-256 in hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Fault:
    """A file that is not as it was written: its name inside the folder, what is wrong, what to do."""

    name: str
    wrong: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.name} {self.wrong}; {self.remedy}"


@dataclass(frozen=True)
class Manifest:
    """Every file of a finished folder as it was written.

    Attributes
    ----------
    files : mapping of str to Entry
        By name inside the folder, with forward slashes. Of ``run.log``, to which later commands add lines,
        it is the beginning.
    report : mapping of str to str
        Versions of what made report, figures and CSV tables; empty while there are none.
    """

    files: Mapping[str, Entry]
    report: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """Read a folder's manifest; None when there is none.

        Raises
        ------
        DamagedError
            When it is not what cosim wrote.
        """
        path = folder / FILE
        try:
            found = read_json(path)
            if isinstance(found, dict) and found.get("format") not in (_FORMAT, None):
                raise DamagedError("was written by another version of cosim", file=path)
            manifest = cls._parsed(found, path)
            if path.read_bytes() != manifest._text().encode():
                raise DamagedError("is damaged or edited: it does not have its own checksum", file=path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except DamagedError as error:
            raise DamagedError(
                f"{error.message}; {_remedy(FILE)}", file=path, key=error.key, value=error.value
            ) from None
        return manifest

    @classmethod
    def _parsed(cls, found: Any, path: Path) -> Manifest:
        data = check_keys(found, {"format": int, "files": dict, "report": dict, "sha256": str}, path)
        files = {}
        for name, entry in data["files"].items():
            one = check_keys(entry, {"size": int, "sha256": str}, path)
            place = PurePosixPath(name)
            if place.is_absolute() or ".." in place.parts or "\\" in name or "\0" in name:
                raise DamagedError("names a file outside of its folder", file=path, value=name)
            files[name] = Entry(one["size"], one["sha256"])
        check_keys(data["report"], dict.fromkeys(data["report"], str), path)
        return cls(files, data["report"])

    def write(self, folder: Path) -> None:
        """Write the manifest, whole or not at all.

        Raises
        ------
        StoreError
            When the system refuses.
        """
        write_text(folder / FILE, self._text())

    def with_files(
        self, folder: Path, names: Iterable[str], *, report: Mapping[str, str] | None = None
    ) -> Manifest:
        """Return the manifest with these files as they now are; the others stand as they stood."""
        files = {**self.files, **{name: entry_of(folder / name) for name in names}}
        return Manifest(dict(sorted(files.items())), self.report if report is None else report)

    def without(self, names: Iterable[str]) -> Manifest:
        """Return the manifest without these files."""
        gone = set(names)
        return Manifest({name: entry for name, entry in self.files.items() if name not in gone}, self.report)

    def faults(self, folder: Path) -> list[Fault]:
        """Return every file that is not as it was written, those first that results are read from."""
        found = [
            Fault(name, wrong, _remedy(name))
            for name, entry in self.files.items()
            if (wrong := self._wrong(folder / name, name, entry))
        ]
        return sorted(found, key=lambda fault: (fault.name not in USED, fault.name))

    def strangers(self, folder: Path) -> list[str]:
        """Return the files in the folder that the manifest does not name."""
        return [name for name in files_in(folder) if name not in self.files]

    def _wrong(self, path: Path, name: str, entry: Entry) -> str:
        """Say what is wrong with a file; empty when nothing is."""
        try:
            found = entry_of(path, entry.size if name == LOG else None)
        except FileNotFoundError:
            return "is missing"
        except (OSError, ValueError) as error:
            return f"cannot be read: {getattr(error, 'strerror', None) or error}"
        if found == entry:
            return ""
        taken = [other for other, wanted in self.files.items() if wanted == found and other != name]
        if taken:
            return f"holds what belongs in {taken[0]}"
        if found.size != entry.size:
            return f"was changed after it was written: {found.size:,} bytes, of {entry.size:,}"
        return "was changed after it was written: its SHA-256 is not the one in the manifest"

    def _plain(self) -> dict[str, Any]:
        files = {name: {"size": entry.size, "sha256": entry.sha256} for name, entry in self.files.items()}
        return {"format": _FORMAT, "files": files, "report": dict(self.report)}

    def _text(self) -> str:
        plain = self._plain()
        own = hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()
        return json.dumps({**plain, "sha256": own}, indent=1, sort_keys=True) + "\n"


def seal(folder: Path, *, parts: bool) -> None:
    """Write the manifest of a folder whose tables are finished; a report adds its own files later.

    Parameters
    ----------
    folder : Path
    parts : bool
        Whether the parts stay.

    Raises
    ------
    StoreError
        When the system refuses.
    """
    names = [name for name in (*USED, COLUMNS, LOG) if (folder / name).is_file()]
    if parts:
        names += [f"{PARTS}/{part.name}" for part in sorted((folder / PARTS).glob("*.parquet"))]
    Manifest({}).with_files(folder, names).write(folder)


def unseal(folder: Path) -> None:
    """Remove the manifest of a folder in which work goes on."""
    (folder / FILE).unlink(missing_ok=True)


def entry_of(path: Path, first: int | None = None) -> Entry:
    """Return size and SHA-256 of a plain file, or of its first bytes.

    Raises
    ------
    OSError, ValueError
        When there is no such file, or it is no plain file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise ValueError("it is a folder or a device, not a file")
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as stream:
        while first is None or size < first:
            block = stream.read(_BLOCK if first is None else min(_BLOCK, first - size))
            if not block:
                break
            digest.update(block)
            size += len(block)
    return Entry(size, digest.hexdigest())


def files_in(folder: Path) -> list[str]:
    """Return the names of all files of a study's folder; hidden ones and those of its shards are left out."""
    found = []
    for place, folders, names in os.walk(folder):
        inside = Path(place)
        folders[:] = sorted(one for one in folders if not _foreign(inside / one))
        found += [
            (inside / name).relative_to(folder).as_posix()
            for name in sorted(names)
            if name not in _NOT_OURS and not name.startswith(".")
        ]
    return found


def _foreign(folder: Path) -> bool:
    return folder.name.startswith(".") or (folder.name.startswith("shard-") and (folder / IDENTITY).exists())


def of_report(name: str) -> bool:
    """Say whether a file is made from the tables, by a report."""
    return name == REPORT or name.startswith((f"{FIGURES}/", f"{TABLES_OF_REPORT}/"))


def damage_error(folder: Path, faults: Iterable[Fault]) -> ConfigError:
    """Return one error that names every fault, a line each."""
    from cosim.config.error_messages import ManyConfigError

    errors: list[ConfigError] = [
        DamagedError(f"{fault.wrong}; {fault.remedy}", file=folder / fault.name) for fault in faults
    ]
    return errors[0] if len(errors) == 1 else ManyConfigError(errors)


def lost_manifest() -> Fault:
    """Return the fault of a finished folder whose record says that it has a manifest, and that has none."""
    return Fault(FILE, "is missing, so that no file of this folder can be checked", _remedy(FILE))


def _remedy(name: str) -> str:
    again = f"delete {RUNS} and make the tables again (the same `cosim run` with --resume, or `cosim merge`)"
    if name in TABLES:
        return f"restore it from a copy, or {again}"
    if name in (CONFIG, PROVENANCE):
        return "restore it from a copy, or delete it and have it written again by `cosim run --resume`"
    if name == IDENTITY:
        return "restore it from a copy, or run the study again into a new folder"
    if name == FILE:
        return f"restore it from a copy; or compare the folder with `cosim rerun`; or delete {FILE}, {again}"
    if name in (LOG, COLUMNS) or name.startswith(f"{PARTS}/"):
        return "no result depends on it"
    return "`cosim report` writes it again"
