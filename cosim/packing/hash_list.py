"""The hash list of a pack: every file with size and SHA-256, what was left out, and a seal over all of it.

Whoever makes the list again after a change gets another seal. So the seal vouches for the pack only if it is
known from elsewhere: from the authors, a paper, a registry.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cosim.execution.json_files import DamagedError, check_keys
from cosim.execution.manifest import Entry

FILE: Final = "hashes.json"
FILE_PATH: Final = Path(FILE)
_FORMAT: Final = 1


@dataclass(frozen=True)
class HashList:
    """Every file of a pack as it was packed.

    Attributes
    ----------
    cosim, code : str
        Version, and version with fingerprint, of the program that packed it.
    files : mapping of str to Entry
        By name inside the pack.
    left_out : mapping of str to Entry
        Files of the study that are not in the pack; their hashes tell whether a re-run makes the same ones.
    """

    cosim: str
    code: str
    files: Mapping[str, Entry]
    left_out: Mapping[str, Entry] = field(default_factory=dict)

    @property
    def seal(self) -> str:
        """SHA-256, in hexadecimal, of everything in the list."""
        return hashlib.sha256(json.dumps(self._plain(), sort_keys=True).encode()).hexdigest()

    def text(self) -> str:
        """Return it as it is written."""
        return json.dumps({**self._plain(), "seal": self.seal}, indent=1, sort_keys=True) + "\n"

    @classmethod
    def parsed(cls, text: bytes) -> HashList:
        """Read a list.

        Raises
        ------
        DamagedError
            When it is not what cosim writes, or does not have its own seal.
        """
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            raise DamagedError("is no JSON", key=FILE) from None
        if isinstance(found, dict) and found.get("format") != _FORMAT:
            raise DamagedError("was written by another version of cosim", key=FILE)
        types = {
            **dict.fromkeys(("cosim", "code", "seal"), str),
            **dict.fromkeys(("files", "left_out"), dict),
        }
        data = check_keys(found, {"format": int, **types}, FILE_PATH)
        made = cls(data["cosim"], data["code"], _entries(data["files"]), _entries(data["left_out"]))
        if made.text().encode() != text:
            raise DamagedError("was changed: it does not have its own seal", key=FILE)
        return made

    def _plain(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "cosim": self.cosim,
            "code": self.code,
            "files": _plain(self.files),
            "left_out": _plain(self.left_out),
        }


def entry_of_bytes(content: bytes) -> Entry:
    """Return size and SHA-256 of a file's content."""
    return Entry(len(content), hashlib.sha256(content).hexdigest())


def _plain(entries: Mapping[str, Entry]) -> dict[str, Any]:
    return {name: {"size": one.size, "sha256": one.sha256} for name, one in entries.items()}


def _entries(data: Mapping[str, Any]) -> dict[str, Entry]:
    found = {}
    for name, entry in data.items():
        one = check_keys(entry, {"size": int, "sha256": str}, FILE_PATH)
        found[name] = Entry(one["size"], one["sha256"])
    return found
