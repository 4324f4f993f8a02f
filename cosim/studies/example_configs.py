"""The example configs that come with cosim: found by name wherever cosim is installed."""

from __future__ import annotations

from pathlib import Path, PurePath

import cosim.execution
from cosim.errors import ConfigError, nearest_name

_FOLDER = "configs"


def folder() -> Path:
    """Return where the example configs lie: in an installed package inside it, in a checkout beside it."""
    package = Path(cosim.execution.__file__).parents[1]
    inside = package / _FOLDER
    return inside if inside.is_dir() else package.parent / _FOLDER


def names() -> tuple[str, ...]:
    """Return the names of all example configs, sorted."""
    return tuple(sorted(path.stem for path in folder().glob("*.yaml")))


def path_of(name: str) -> Path:
    """Return the file of an example config.

    Raises
    ------
    ConfigError
        When there is none of this name, with the nearest.
    """
    if name not in names():
        raise ConfigError("there is no such example config", value=name, nearest=nearest_name(name, names()))
    return folder() / f"{name}.yaml"


def found(given: Path) -> Path:
    """Return the file that a user means: their own if it is there, else the example config of that name.

    Parameters
    ----------
    given : Path
        A file, or ``NAME``, ``NAME.yaml`` or ``configs/NAME.yaml`` of an example config. A file of the user's
        own always comes first, and a path to any other folder never means an example.
    """
    parent = PurePath(given).parent
    if parent.parts in ((), (_FOLDER,)) and given.suffix in ("", ".yaml") and not given.exists():
        return folder() / f"{given.stem}.yaml" if given.stem in names() else given
    return given


def titles() -> dict[str, str]:
    """Return the title of each example config, by name."""
    from cosim.config.yaml_source import read_yaml

    return {name: str(read_yaml(path_of(name)).data["title"]) for name in names()}
