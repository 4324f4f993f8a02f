"""Whether a pack is as it was packed: in seconds by its hashes, or by running its study again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cosim.execution.json_files import DamagedError
from cosim.execution.manifest import Entry
from cosim.packing.archive import Archive, read_archive
from cosim.packing.consistency import contradictions, inner_faults
from cosim.packing.hash_list import FILE as HASHES
from cosim.packing.hash_list import HashList, entry_of_bytes
from cosim.version import __version__

_STUDY: Final = "study/"
_MOST_TOLD: Final = 30
UNKNOWABLE: Final = (
    "What this cannot know: whether somebody changed a file and made every hash anew. The seal tells that, "
    "if "
    "you have it from the authors (`--seal`); a re-run (`--rerun`) tells whether the numbers are the "
    "program's."
)
SEALED: Final = (
    "The seal is the one that you gave: every file is the one that its holder sealed. Whether the numbers "
    "are the "
    "program's, a re-run (`--rerun`) tells."
)


@dataclass(frozen=True)
class Verdict:
    """What a check of a pack has found.

    Attributes
    ----------
    faults : tuple of str
        What is not as it was packed, or contradicts itself.
    facts : tuple of (str, str)
        What it says of itself.
    seal : str
        Of its hash list; empty when there is none that can be read.
    count : int
        Files whose hashes were checked.
    left_out : mapping of str to Entry
        Files of the study that are not in it.
    files : mapping of str to bytes
        Every sound file.
    sealed : bool
        Whether its seal is the one that was asked for.
    """

    faults: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    seal: str = ""
    count: int = 0
    left_out: Mapping[str, Entry] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    sealed: bool = False

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    def text(self) -> str:
        """Say it in a few lines."""
        if self.faults:
            head = "NOT whole: " + ("1 fault" if len(self.faults) == 1 else f"{len(self.faults)} faults")
        else:
            head = f"whole: all {self.count} files are as they were packed, and fit each other"
        lines = [head, *(f"  {fault}" for fault in self.faults[:_MOST_TOLD])]
        if len(self.faults) > _MOST_TOLD:
            lines.append(f"  and {len(self.faults) - _MOST_TOLD} more")
        lines += [f"{name}: {told}" for name, told in self.facts]
        if self.left_out:
            lines.append(f"left out by whoever packed it: {', '.join(self.left_out)}")
        return "\n".join(lines)


def verify(path: Path, seal: str = "") -> Verdict:
    """Check a pack without running anything and without writing anything.

    Parameters
    ----------
    path : Path
        The zip.
    seal : str, optional
        The seal that it should have, or its first digits (at least 8).

    Raises
    ------
    ConfigError
        When it is no zip at all.
    """
    archive = read_archive(path)
    faults = list(archive.faults)
    try:
        hashes = HashList.parsed(archive.files[HASHES])
    except KeyError:
        told = f"there is no {HASHES}: it is no pack of cosim, or its hash list was taken away"
        return Verdict((*faults, told), files=archive.files)
    except DamagedError as error:
        faults.append(f"{HASHES} {error.message}: no file can be checked by it")
        return Verdict(tuple(faults), tuple(_facts(archive, None)), files=archive.files)
    faults += _by_hash(archive, hashes)
    wanted = seal.strip().lower()
    sealed = bool(wanted) and hashes.seal.startswith(wanted)
    if wanted and not sealed:
        faults.append(f"its seal is {hashes.seal}, not the one that you gave: the hash list was made anew")
    study = {name[len(_STUDY) :]: each for name, each in archive.files.items() if name.startswith(_STUDY)}
    left_out = frozenset(name[len(_STUDY) :] for name in hashes.left_out)
    faults += inner_faults(study, left_out)
    faults += [f"contradiction: {told}" for told in contradictions(study)]
    faults = list(dict.fromkeys(faults))
    facts = tuple(_facts(archive, hashes))
    return Verdict(
        tuple(faults), facts, hashes.seal, len(hashes.files), hashes.left_out, archive.files, sealed
    )


def _by_hash(archive: Archive, hashes: HashList) -> list[str]:
    faults = []
    by_entry = {entry: name for name, entry in hashes.files.items()}
    for name, entry in hashes.files.items():
        content = archive.files.get(name)
        if content is None:
            faults.append(f"{name} is missing")
            continue
        found = entry_of_bytes(content)
        if found == entry:
            continue
        other = by_entry.get(found)
        if other is not None:
            faults.append(f"{name} holds what belongs in {other}")
        elif found.size != entry.size:
            faults.append(f"{name} was changed: {found.size:,} bytes, of {entry.size:,}")
        else:
            faults.append(f"{name} was changed: its SHA-256 is not the one in {HASHES}")
    strangers = [name for name in archive.files if name not in hashes.files and name != HASHES]
    return [*faults, *(f"{name} was added after it was packed" for name in strangers)]


def _facts(archive: Archive, hashes: HashList | None) -> list[tuple[str, str]]:
    """Return what a pack says of itself; nothing of it is checked here but by its hashes."""
    found: list[tuple[str, str]] = []
    try:
        record: dict[str, Any] = json.loads(archive.files[f"{_STUDY}provenance.json"])
        study, software = record["study"], record["software"]
        found.append(("study", f"{study['name']} ({study['kind']}), design {study['design'][:16]}"))
        found.append(("runs", f"{study.get('runs', '?')}, seed {study['seed']}, {study['engine']} engine"))
        written = f"cosim {software['version']} (code {software.get('code', 'not known')})"
        found.append(("written by", f"{written}, {record.get('ended', 'at an unknown time')}"))
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        found.append(("study", "its record cannot be read"))
    if hashes is not None:
        found.append(("packed by", f"cosim {hashes.cosim} (code {hashes.code})"))
        found.append(("checked by", f"cosim {__version__}"))
        found.append(("seal", hashes.seal))
    return found
