"""The scenario files that come with cosim, by name."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from importlib.resources import files
from pathlib import Path

from cosim.config import arguments, plugins
from cosim.config.yaml_source import Source, parse_yaml
from cosim.errors import CosimError

_FOLDER = "scenarios"
_ENDING = ".yaml"


@cache
def names() -> tuple[str, ...]:
    """Return the names of all scenarios of the catalogue, in alphabetical order."""
    return tuple(sorted({*_own(), *_of_plugins()}))


@cache
def _own() -> tuple[str, ...]:
    folder = files("cosim.catalogue").joinpath(_FOLDER)
    return tuple(item.name.removesuffix(_ENDING) for item in folder.iterdir() if item.name.endswith(_ENDING))


@cache
def _of_plugins() -> Mapping[str, tuple[Path, str]]:
    """Return path and text of the scenarios that other packages add, by name."""
    found: dict[str, tuple[Path, str]] = {}

    def add(file: tuple[Path, str]) -> str:
        path, content = file
        if path.stem in found or path.stem in _own():
            raise CosimError(f"there is a scenario {path.stem!r} already")
        parse_yaml(content, path)
        found[path.stem] = file
        return path.stem

    plugins.fill("cosim.scenarios", plugins.data_files, add)
    return found


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
    read = _parsed(*_file(name))
    return Source(read.path, deepcopy(read.data), dict(read.places))


@cache
def _parsed(path: Path, content: str) -> Source:
    """Return what a file says; reading YAML takes nearly all of the time in which a scenario is loaded."""
    return parse_yaml(content, path)


def _file(name: str) -> tuple[Path, str]:
    name = arguments.one_of(name, names(), "name", "scenario in the catalogue")
    if name in _of_plugins():
        return _of_plugins()[name]
    found = files("cosim.catalogue").joinpath(_FOLDER, name + _ENDING)
    return Path(str(found)), found.read_text(encoding="utf-8")
