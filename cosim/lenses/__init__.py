"""Frameworks as lenses: the same stored runs, read through the questions that a framework asks.

A lens is data, one file each: its axes, the outcomes that each looks at, and the words for what is found.
Nothing is run again, and nothing in the model knows of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from cosim.config import arguments
from cosim.lenses import cube, iap2, principles
from cosim.lenses.lens import Axis, Check, Found, Lens, Scale

LENSES: Final[Mapping[str, Lens]] = {lens.name: lens for lens in (iap2.LENS, cube.LENS, principles.LENS)}
"""Every lens by name."""


def lens_named(name: str) -> Lens:
    """Return a lens.

    Raises
    ------
    ConfigError
        When there is none of this name, with those there are.
    """
    return LENSES[arguments.one_of(name, LENSES, "lens", "lens")]


__all__ = ["LENSES", "Axis", "Check", "Found", "Lens", "Scale", "lens_named"]
