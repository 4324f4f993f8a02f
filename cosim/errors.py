"""Errors that a user of cosim can act on: each says where, what, and what would be right."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cosim.formatting.safe_text import visible

_LONGEST_NAME = 300
"""Letters beyond which a text is shortened in a message, and no name that was mistyped."""


class CosimError(Exception):
    """Base of every error that cosim raises on purpose."""


class ConfigError(CosimError, ValueError):
    """A scenario, a config or an argument that cannot be used; raised before any work starts.

    Parameters
    ----------
    message : str
        What is wrong, in the user's words.
    file, line, key, value : optional
        Where it stands and what was found there. ``line`` counts from 1.
    allowed : str, optional
        What would be accepted instead.
    nearest : str, optional
        The nearest valid name.
    """

    def __init__(
        self,
        message: str,
        *,
        file: str | Path | None = None,
        line: int | None = None,
        key: str | None = None,
        value: Any = None,
        allowed: str | None = None,
        nearest: str | None = None,
    ) -> None:
        self.message, self.file, self.line, self.key = message, file, line, key
        self.value, self.allowed, self.nearest = value, allowed, nearest
        super().__init__(self._text())

    def _text(self) -> str:
        place = f"{self.file}" if self.file is not None else ""
        if self.line is not None:
            place += f", line {self.line}" if place else f"line {self.line}"
        parts = [f"{place}: " if place else ""]
        if self.key is not None:
            parts.append(f"{_cut(self.key)}: ")
        parts.append(self.message.rstrip("."))
        if self.value is not None:
            parts.append(f" (found {_cut(repr(self.value))})")
        if self.allowed is not None:
            parts.append(f"; allowed: {self.allowed}")
        if self.nearest is not None:
            parts.append(f"; did you mean {self.nearest!r}?")
        # One line, whatever stands in a name.
        return visible("".join(parts)).replace("\n", "\\n")

    def located(self, *, file: str | Path | None = None, line: int | None = None) -> ConfigError:
        """Return the same error with a place filled in where it had none."""
        return ConfigError(
            self.message,
            file=self.file if self.file is not None else file,
            line=self.line if self.line is not None else line,
            key=self.key,
            value=self.value,
            allowed=self.allowed,
            nearest=self.nearest,
        )


def _cut(text: str) -> str:
    """Shorten what somebody gave: a message is to be read."""
    return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}..."


def nearest_name(name: object, known: Iterable[str]) -> str | None:
    """Return the known name most like `name`, or None when nothing is near, or it is no name at all."""
    if not isinstance(name, str) or len(name) > _LONGEST_NAME:
        return None
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return found[0] if found else None
