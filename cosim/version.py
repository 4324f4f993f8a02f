"""The version of cosim, as pyproject.toml and CITATION.cff have it."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.1.0"
