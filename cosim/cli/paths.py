"""Paths on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cosim.config.paths import read_path, write_path


class UserPath(click.Path):
    """A path that is to be read, or one that is to be written.

    Parameters
    ----------
    written : bool
    """

    def __init__(self, *, written: bool = False) -> None:
        super().__init__(path_type=Path)
        self._written = written

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path; raise ConfigError where it cannot be used."""
        name = param.name if param is not None else None
        return write_path(value, key=name) if self._written else read_path(value, key=name)
