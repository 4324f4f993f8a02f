"""Where an observed log comes from: its file, its hash, and how to cite and repeat what was made of it."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Literal

from cosim.meeting_logs.bundled_logs import LOGS, attribution
from cosim.version import __version__

_BLOCK = 1 << 20


@dataclass(frozen=True)
class Source:
    """A log's file.

    Attributes
    ----------
    name : str
        Of the file, without its folder.
    sha256 : str
        Of its bytes, those of several files one after another.
    size : int
        Bytes.
    words : tuple of str
        The command that was given, from ``observe`` on.
    year : int
    attribution : str
        Authors and licence, where the log is one that comes with cosim.
    coded : bool
        Whether codes stand for the names of people and files.
    views : tuple of str
        SHA-256 of the files of views and decisions.
    kind : {"log", "views"}
        What the file is.
    """

    name: str
    sha256: str
    size: int
    words: tuple[str, ...]
    year: int
    attribution: str = ""
    coded: bool = False
    views: tuple[str, ...] = ()
    kind: Literal["log", "views"] = "log"

    @property
    def version(self) -> str:
        """Version of cosim."""
        return __version__

    @property
    def command(self) -> str:
        """The command that gives the same report."""
        return f"{shlex.join(['cosim', *self.words])}  # cosim {__version__}"

    @property
    def citation(self) -> str:
        """The reference for a list of references."""
        return (
            f"cosim contributors ({self.year}). cosim: power in co-produced health-research teams, simulated "
            f"(version {__version__}) [Computer software]. "
            f"{'Meeting log' if self.kind == 'log' else 'Table of views'} {self.name}, SHA-256 "
            f"{self.sha256[:16]}."
        )

    def stamp(self, seed: int) -> str:
        """Return what is written small on every figure."""
        return f"cosim {__version__} · {self.kind} {self.name}, SHA-256 {self.sha256[:12]} · seed {seed}"


def source_of(
    paths: Sequence[Path],
    words: tuple[str, ...],
    name: str | None = None,
    views: Sequence[Path] = (),
    kind: Literal["log", "views"] = "log",
) -> Source:
    """Return where a log comes from, or a table of views.

    Parameters
    ----------
    paths : sequence of Path
        Files that were read before.
    words : tuple of str
        The command that was given, from ``observe`` on.
    name : str, optional
        What the log is called instead of by its files, where codes stand for names.
    views : sequence of Path
        Files of views and decisions.
    kind : {"log", "views"}
    """
    digest = _sha256(paths)
    known = {_sha256([Path(str(files("cosim.meeting_logs") / "data" / one))]) for one in LOGS.values()}
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return Source(
        name=name or f"{paths[0].name}{more}",
        sha256=digest,
        size=sum(path.stat().st_size for path in paths),
        words=words,
        year=datetime.now().astimezone().year,
        attribution=attribution() if digest in known else "",
        coded=name is not None,
        views=tuple(_sha256([path]) for path in views),
        kind=kind,
    )


def _sha256(paths: Sequence[Path]) -> str:
    """Return the hash of the bytes of files, one after another."""
    digest = hashlib.sha256()
    for path in paths:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()
