"""The version of cosim, as pyproject.toml and CITATION.cff have it."""

from __future__ import annotations

from typing import Final

__version__: Final = "0.2.0"
YEAR: Final = "2026"
MODEL: Final = ".".join(__version__.split(".")[:2])
"""Version of the model: results of one config are the same under one of these. Ids of scenarios carry it."""
