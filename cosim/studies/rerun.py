"""Compare a finished study with the same study run again, file by file, and say what that does not cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cosim.errors import ConfigError
from cosim.execution.identity import IDENTITY
from cosim.execution.json_files import DamagedError
from cosim.execution.manifest import (
    COLUMNS,
    CONFIG,
    DESIGN,
    FILE,
    LOG,
    NO_MANIFEST,
    PARTS,
    PROVENANCE,
    RUNS,
    TABLES,
    Fault,
    Manifest,
    damage_error,
    files_in,
    lost_manifest,
    of_report,
)
from cosim.execution.provenance import read_provenance, report_versions
from cosim.execution.run_tables import read_final
from cosim.execution.table_differences import TOLERANCE, csv_differences, table_differences

_MOST_TOLD = 20


@dataclass(frozen=True)
class Files:
    """What the manifest of a folder says of its files.

    Attributes
    ----------
    faults : tuple of Fault
        Files that are not as they were written.
    strangers : tuple of str
        Files that the manifest does not name.
    count : int
        How many it names; 0 without a manifest.
    """

    faults: tuple[Fault, ...] = ()
    strangers: tuple[str, ...] = ()
    count: int = 0

    def text(self) -> str:
        """Say it in a few lines."""
        if self.faults:
            head = f"{len(self.faults)} files are not as they were written:"
            return "\n".join([head, *(f"  {fault}" for fault in self.faults)])
        return f"all {self.count} files are as they were written ({FILE})" if self.count else NO_MANIFEST


@dataclass(frozen=True)
class Comparison:
    """What a comparison of two folders has found.

    Attributes
    ----------
    same_platform : bool
        Whether system, processor, Python, packages and program are the same, so that equal bits are
        expected.
    identical : bool
        Whether every file that was compared has the same bytes.
    within : bool
        Whether every table has the same values within `TOLERANCE`, and every other file the same bytes.
    differences : tuple of str
        What differs, in words.
    files : Files
        What the manifest of the old folder says of its files.
    compared, left_out : tuple of str
        What was compared, and what was not and why.
    versions : tuple of (str, str, str)
        What it is a version of, there and here.
    """

    same_platform: bool
    identical: bool
    within: bool
    differences: tuple[str, ...] = ()
    files: Files = field(default_factory=Files)
    compared: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    versions: tuple[tuple[str, str, str], ...] = ()

    @property
    def reproduced(self) -> bool:
        """Whether the results are as close as the platforms allow, and the folder is as it was written."""
        return (self.identical if self.same_platform else self.within) and not self.files.faults

    def text(self) -> str:
        """Say it in a few lines."""
        lines = [self._verdict(), *(f"  {line}" for line in _some(self.differences))]
        lines += [self.files.text()]
        lines += [f"  not in {FILE}, so not written by cosim: {name}" for name in _some(self.files.strangers)]
        lines += [f"compared: {_grouped(self.compared)}"]
        lines += ["not compared:", *(f"  {line}" for line in self.left_out)]
        unlike = [(what, there, here) for what, there, here in self.versions if there != here]
        lines += ["versions that differ:" if unlike else "versions: the same on both sides"]
        lines += [f"  {what}: {there} there, {here} here" for what, there, here in unlike]
        alike = [f"{what} {there}" for what, there, here in self.versions if there == here]
        lines += [f"  the same: {', '.join(alike)}"] if alike else []
        return "\n".join(lines)

    def _verdict(self) -> str:
        changed = {fault.name for fault in self.files.faults}
        if self.identical and not changed:
            return f"reproduced: all {len(self.compared)} files compared are identical, bit for bit"
        if changed:
            return "NOT reproduced: files of this folder were changed or lost after they were written"
        where = "the same platform" if self.same_platform else "another platform or with other versions"
        verdict = "reproduced" if self.reproduced else "NOT reproduced"
        close = f"all values agree within a relative tolerance of {TOLERANCE:g}"
        return f"{verdict}: on {where}, {close if self.within else 'results differ'}"


def check_files(folder: Path) -> Files:
    """Hold every file of a finished folder against its manifest.

    Raises
    ------
    ConfigError
        When it holds no finished study.
    """
    try:
        manifest = Manifest.read(folder)
    except DamagedError as error:
        return Files((Fault(FILE, error.message.partition(";")[0], "nothing in the folder can be checked"),))
    if manifest is None:
        _refuse_unfinished(folder)
        lost = "manifest" in read_provenance(folder)
        return Files((lost_manifest(),)) if lost else Files()
    return Files(tuple(manifest.faults(folder)), tuple(manifest.strangers(folder)), len(manifest.files))


def check_finished(folder: Path) -> Files:
    """Refuse a folder that cannot be run again and compared, before a study is run for that.

    Returns
    -------
    Files
        What can be said of its files.

    Raises
    ------
    ConfigError
        When it holds no finished study, a table cannot be read, or what is to be run was changed.
    """
    files = check_files(folder)
    grave = [fault for fault in files.faults if fault.name == CONFIG or _unreadable(folder, fault)]
    if grave:
        raise damage_error(folder, grave)
    _refuse_unfinished(folder)
    for name in TABLES:
        if (folder / name).exists():
            read_final(folder / name)
    return files


def compare_folders(
    old: Path, new: Path, *, report: Path | None = None, no_report: str = "it was not made again"
) -> Comparison:
    """Compare a finished folder with the same study run again.

    Parameters
    ----------
    old : Path
        The folder in question.
    new : Path
        Where the study was run again.
    report : Path, optional
        Where the report of the new tables was written, with the record of the old ones.
    no_report : str
        Why there is none.

    Raises
    ------
    ConfigError
        When one of them holds no finished study, or a table is damaged.
    """
    for folder in (old, new):
        _refuse_unfinished(folder)
    there, here = (_versions(read_provenance(folder)) for folder in (old, new))
    same = not there or there == here
    looked = _Look(check_files(old))
    for name in TABLES:
        looked.at_table(old / name, new / name)
    if (old / COLUMNS).exists():
        looked.at_table(old / COLUMNS, new / COLUMNS)
    if not (old / "report.html").exists() and not any(of_report(name) for name in files_in(old)):
        looked.left_out.append("report, figures and CSV tables: the folder has none")
    elif report is None:
        looked.left_out.append(f"report, figures and CSV tables: {no_report}")
    else:
        looked.at_report(old, report)
    kept = [name for name in (PROVENANCE, LOG, CONFIG, IDENTITY) if (old / name).exists()]
    looked.left_out.append(f"{', '.join(kept)}: how, when and where it was run, not what came out")
    if any((old / PARTS).glob("*.parquet")):
        looked.left_out.append(f"{PARTS}/: the same rows as in the tables")
    versions = tuple(
        (what, there.get(what, "not known"), here.get(what, "none"))
        for what in dict.fromkeys([*here, *there])
    )
    return Comparison(
        same,
        looked.identical,
        looked.within,
        tuple(looked.differences),
        looked.files,
        tuple(looked.compared),
        tuple(looked.left_out),
        versions,
    )


class _Look:
    """What a look at the files of two folders has found so far."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.identical = self.within = True
        self.differences: list[str] = []
        self.compared: list[str] = []
        self.left_out: list[str] = []
        self._changed = {fault.name for fault in files.faults}

    def at_table(self, old: Path, new: Path) -> None:
        """Compare a Parquet table, which both folders or neither should have."""
        if old.exists() or new.exists():
            self._pair(old, new, old.name)

    def at_report(self, old: Path, new: Path) -> None:
        """Compare report, figures and CSV tables: bit for bit where the same versions made them."""
        manifest = _manifest(old)
        made = dict(manifest.report) if manifest else {}
        here = report_versions()
        unlike = [key for key in dict.fromkeys([*made, *here]) if made.get(key) != here.get(key)]
        names = [name for name in dict.fromkeys([*files_in(old), *files_in(new)]) if of_report(name)]
        pending: list[str] = []
        for name in names:
            if manifest is not None and name not in manifest.files and not (new / name).exists():
                continue
            if unlike and not (old / name).exists() and (manifest is None or name not in manifest.files):
                self.left_out.append(f"{name}: another version writes it beside the others")
                continue
            if unlike and not name.endswith(".csv") and not _same(old / name, new / name):
                pending.append(name)
            else:
                self._pair(old / name, new / name, name)
        if pending:
            why = (
                f"made with {', '.join(f'{key} {made[key]}' for key in unlike if key in made)}"
                if made
                else "it is not known with which versions they were made"
            )
            self.left_out.append(f"{', '.join(pending)}: other bytes here, but {why}")

    def _pair(self, old: Path, new: Path, name: str) -> None:
        self.compared.append(name)
        told = f"{name} (changed since it was written)" if name in self._changed else name
        if _same(old, new):
            return
        self.identical = False
        if not (old.exists() and new.exists()):
            found, close = [f"{told} is in one folder only"], False
        elif name.endswith(".parquet"):
            found, close = table_differences(read_final(old), read_final(new), told)
            # Equal values in other bytes: somebody has written the file again.
            found = found or [f"{told}: the same values in other bytes"]
        elif name.endswith(".csv"):
            found, close = csv_differences(old, new, told)
        else:
            found, close = [f"{told}: other bytes"], False
        self.differences += found
        self.within = self.within and close


def _grouped(names: tuple[str, ...]) -> str:
    """Return file names, those in folders counted."""
    folders = [name.partition("/")[0] for name in names if "/" in name]
    counts = [f"{folders.count(one)} in {one}/" for one in dict.fromkeys(folders)]
    return ", ".join([*(name for name in names if "/" not in name), *counts])


def _same(old: Path, new: Path) -> bool:
    return old.is_file() and new.is_file() and old.read_bytes() == new.read_bytes()


def _some(lines: tuple[str, ...]) -> list[str]:
    more = [f"and {len(lines) - _MOST_TOLD} more"] if len(lines) > _MOST_TOLD else []
    return [*lines[:_MOST_TOLD], *more]


def _manifest(folder: Path) -> Manifest | None:
    try:
        return Manifest.read(folder)
    except DamagedError:
        return None


def _unreadable(folder: Path, fault: Fault) -> bool:
    """Say whether a table cannot be read, or one is gone without which there is nothing to compare."""
    if fault.name not in TABLES or not (folder / fault.name).exists():
        return fault.name in (RUNS, DESIGN)
    try:
        read_final(folder / fault.name)
    except ConfigError:
        return True
    return False


def _refuse_unfinished(folder: Path) -> None:
    if not (folder / RUNS).exists():
        raise ConfigError("holds no finished study (it has no runs.parquet)", file=folder)


def _versions(record: Mapping[str, object]) -> dict[str, str]:
    """Return what a record says of program and platform; empty when it does not know."""
    software, platform = record.get("software"), record.get("platform")
    if not isinstance(software, dict) or not isinstance(platform, dict):
        return {}
    own = software.get("plugins")
    plugins = {"plugins": ", ".join(map(str, own))} if isinstance(own, list) else {}
    return {"cosim": str(software.get("version")), "code": str(software.get("code")), **plugins, **platform}
