"""What an output folder holds: ``study.json``, by which a study, its parts and its shards know each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from cosim.errors import ConfigError
from cosim.execution.chunks import Shard
from cosim.execution.json_files import DamagedError, check_keys, read_json, refuse_unknown

IDENTITY = "study.json"
_FORMAT = 1
_TYPES: Mapping[str, type] = {
    "format": int, "design": str, "points": int, "replicates": int, "runs_per_chunk": int, "people": bool,
    "shard": str, "code": str, "config": dict,
}  # fmt: skip
_LEAST = {"points": 0, "replicates": 1, "runs_per_chunk": 1}
REMEDY = "restore it from a copy, use the version of cosim that wrote it, or run the study into a new folder"


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
            When the folder holds no study, one of another version's format, or a damaged file.
        """
        path = folder / IDENTITY
        try:
            data = read_json(path)
        except (FileNotFoundError, NotADirectoryError):
            raise ConfigError(f"this folder holds no study (it has no {IDENTITY})", file=folder) from None
        except DamagedError as error:
            raise _with_remedy(error) from None
        if isinstance(data, dict) and data.get("format") != _FORMAT:
            raise ConfigError("was written by another version of cosim; use a new folder", file=path)
        try:
            known = {one.name: one for one in fields(cls)}
            if isinstance(data, dict):
                refuse_unknown(data, known, path)
            found = cls(**check_keys(data, _TYPES, path))
            found._check(path)
        except DamagedError as error:
            raise _with_remedy(error) from None
        return found

    def _check(self, path: Path) -> None:
        for key, least in _LEAST.items():
            value = getattr(self, key)
            if value < least:
                raise DamagedError("is damaged: out of range", file=path, key=key, value=value)
        try:
            Shard.parse(self.shard)
        except ConfigError:
            raise DamagedError("is damaged: not a shard", file=path, key="shard", value=self.shard) from None


def _with_remedy(error: DamagedError) -> DamagedError:
    return DamagedError(
        f"{error.message}; {REMEDY}",
        file=error.file,
        key=error.key,
        value=error.value,
        allowed=error.allowed,
        nearest=error.nearest,
    )
