"""The scenario files that come with cosim, by name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from cosim.config import arguments
from cosim.config.yaml_source import Source, parse_yaml

_FOLDER = "scenarios"
_ENDING = ".yaml"


@cache
def names() -> tuple[str, ...]:
    """Return the names of all scenarios of the catalogue, in alphabetical order."""
    folder = files("cosim.catalogue").joinpath(_FOLDER)
    found = [item.name.removesuffix(_ENDING) for item in folder.iterdir() if item.name.endswith(_ENDING)]
    return tuple(sorted(found))


def text(name: str) -> str:
    """Return a catalogue scenario's file as it is written, comments and all.

    Raises
    ------
    ConfigError
        When there is no such scenario, with the nearest name.
    """
    return _file(name)[1]


def catalogue_source(name: str) -> Source:
    """Return a catalogue scenario's own data, with the line of every key, before any `extends`."""
    path, content = _file(name)
    return parse_yaml(content, path)


def _file(name: str) -> tuple[Path, str]:
    name = arguments.one_of(name, names(), "name", "scenario in the catalogue")
    found = files("cosim.catalogue").joinpath(_FOLDER, name + _ENDING)
    return Path(str(found)), found.read_text(encoding="utf-8")
