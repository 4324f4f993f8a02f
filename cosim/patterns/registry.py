"""Every pattern by its id, read from one YAML file each."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from cosim.config import plugins
from cosim.config.error_messages import config_errors_from_pydantic
from cosim.config.registry import Registry
from cosim.config.yaml_source import Source, parse_yaml, read_yaml
from cosim.errors import ConfigError
from cosim.patterns.pattern import Pattern


@cache
def patterns() -> Registry[Pattern]:
    """Return the patterns that come with cosim, by id, in the order A1, A2, ..., C1, ...; then plugins'.

    Raises
    ------
    ConfigError
        When a file is not a pattern, or two have one id.
    """
    folder = files("cosim.patterns") / "rows"
    found = sorted(
        (item for item in folder.iterdir() if item.name.endswith(".yaml")), key=lambda item: item.name
    )
    own = collect(parse_yaml(item.read_text(encoding="utf-8"), Path(item.name)) for item in found)
    plugins.fill(
        "cosim.patterns",
        plugins.data_files,
        lambda file: own.add(read_pattern(parse_yaml(file[1], file[0]))).id,
    )
    return own


def load_patterns(folder: str | Path) -> Registry[Pattern]:
    """Return the patterns of a folder of YAML files, by id.

    Raises
    ------
    ConfigError
        When the folder holds no pattern, a file is not a pattern, or two have one id.
    """
    place = Path(folder)
    found = sorted(place.glob("*.yaml"))
    if not found:
        raise ConfigError("there is no pattern (*.yaml) in this folder", file=place)
    return collect(read_yaml(path) for path in found)


def collect(sources: Iterable[Source]) -> Registry[Pattern]:
    """Validate patterns and put them in order.

    Raises
    ------
    ConfigError
        Naming file, line, key and value; for two of one id, both files.
    """
    known: dict[str, Pattern] = {}
    files_of: dict[str, Path | None] = {}
    for source in sources:
        one = read_pattern(source)
        if one.id in known:
            told = f"there is already a pattern of this id, in {files_of[one.id]}"
            raise source.error(told, "id", value=one.id)
        known[one.id], files_of[one.id] = one, source.path
    order = sorted(known, key=lambda name: (name[0], int(name[1:])))
    return Registry("pattern", (known[name] for name in order), name=lambda one: one.id)


def read_pattern(source: Source) -> Pattern:
    """Return the pattern that a YAML file holds.

    Raises
    ------
    ConfigError
        Naming file, line, key and value.
    """
    try:
        return Pattern.model_validate(source.data)
    except ValidationError as error:
        raise config_errors_from_pydantic(error, source, Pattern) from error


def pattern(name: str) -> Pattern:
    """Return a pattern by its id.

    Raises
    ------
    ConfigError
        With the nearest id.
    """
    return patterns().find(name)
