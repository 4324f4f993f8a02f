"""From a name, a file or plain data to a scenario, through any number of `extends`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cosim.catalogue.bundled import catalogue_source, names
from cosim.config import arguments
from cosim.config.paths import is_dir, is_file, read_path, refuse_special
from cosim.config.yaml_source import Source, overlay, read_yaml, walk
from cosim.errors import ConfigError, nearest_name
from cosim.interventions import check_delivery, check_interventions
from cosim.outcomes import OUTCOME_NAMES
from cosim.scenario import Scenario
from cosim.scenario.organisation import Costs, relabelled
from cosim.scenario.ways import Way

OPEN_BLOCKS = ("team", "phases", "roles", "interventions", "delivery", "ways")
"""Blocks whose entries have free names, so that an extending file may remove one by writing null."""

OWN_KEYS = ("name", "title", "question", "description", "discrepancies")
"""What tells one scenario from another; an extending file never inherits it."""

_YAML_ENDINGS = (".yaml", ".yml")

ScenarioLike = Scenario | str | os.PathLike[str] | Mapping[str, Any]
"""What may be given where a scenario is wanted: itself, its name, a file, or its content."""


def as_scenario(given: ScenarioLike, key: str = "scenario") -> Scenario:
    """Return the scenario that is meant by an argument.

    Parameters
    ----------
    given : Scenario, str, Path or mapping
        A scenario, or what `load_scenario` takes.
    key : str
        What the argument is called.

    Raises
    ------
    ConfigError
        As `load_scenario` raises it.
    """
    if isinstance(given, Scenario):
        return given
    _refuse_others(given, key)
    return load_scenario(given)


def load_scenario(name_or_path: str | os.PathLike[str] | Mapping[str, Any]) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    name_or_path : str, Path or mapping
        A name in the catalogue, a path to a YAML file, or the same content as a mapping.  Either may say
        ``extends: NAME_OR_FILE`` (a file's path counts from the folder of the file that names it) and then
        gives only what differs: blocks merge key by key, lists and values are replaced, and null removes a
        group, a phase, a role's attributes or an intervention.  ``sources`` and ``assumed`` are inherited;
        name, title, question, description and discrepancies are not.  A file without a name is called after
        itself.

    Returns
    -------
    Scenario
        Validated; its interventions exist and do not contradict one another.

    Raises
    ------
    ConfigError
        Naming file, line, key, value, what is allowed and the nearest valid name.

    Examples
    --------
    >>> from cosim.catalogue import load_scenario
    >>> load_scenario({"extends": "research_team", "team": {"patients": {"count": 6}}}).size
    14
    """
    return _checked(resolve(name_or_path))


def scenario_from_source(own: Source) -> Scenario:
    """Return the scenario of a text that may extend scenarios of the catalogue, but no file.

    Raises
    ------
    ConfigError
        As `load_scenario` does.
    """
    return _checked(_named(_extended(own, None, ("this scenario",)), own.data, "unnamed"))


def is_scenario(data: Mapping[str, Any]) -> bool:
    """Say whether a file's content is meant as a scenario: no study, but what only scenarios have."""
    if "study" in data:
        return False
    own = [key for key in Scenario.model_fields if key not in ("title", "question", "interventions", "name")]
    return data.get("extends") in names() or any(key in data for key in own)


def _checked(source: Source) -> Scenario:
    scenario = Scenario.from_source(source)
    refuse_unknown_outcomes(scenario.ways, source)
    try:
        check_interventions(scenario.interventions, scenario.known_interventions)
    except ConfigError as error:
        place = ("interventions", *_tail(error.key))
        raise error.located(file=source.file(place), line=source.line(place)) from None
    try:
        check_delivery(scenario.delivery, scenario.known_interventions)
    except ConfigError as error:
        place = ("delivery", *_tail(error.key))
        raise error.located(file=source.file(place), line=source.line(place)) from None
    return scenario


def refuse_unknown_outcomes(ways: Mapping[str, Way], source: Source) -> None:
    """Refuse ways of working that say of outcomes that do not exist that they are built in.

    Raises
    ------
    ConfigError
        With the nearest outcome, and the place in the file.
    """
    for name, way in ways.items():
        for index, outcome in enumerate(way.built_in or ()):
            if outcome not in OUTCOME_NAMES:
                raise source.error(
                    "there is no such outcome",
                    ("ways", name, "built_in", index),
                    value=outcome,
                    nearest=nearest_name(outcome, OUTCOME_NAMES),
                )


def resolve(name_or_path: str | os.PathLike[str] | Mapping[str, Any]) -> Source:
    """Return the data of a scenario, every `extends` laid out, before validation; see `load_scenario`."""
    _refuse_others(name_or_path)
    if isinstance(name_or_path, Mapping):
        data = arguments.mapping(name_or_path, "", "the keys of a scenario and their values")
        source = _extended(Source(path=None, data=data), Path(), ("this scenario",))
        return source if "extends" not in data else _named(source, data, "unnamed")
    if isinstance(name_or_path, str) and name_or_path in names():
        return _from_catalogue(name_or_path, ())
    if isinstance(name_or_path, str) and not _is_path(name_or_path):
        raise _unknown(name_or_path)
    path = arguments.path(name_or_path, "name_or_path", "the path of a scenario")
    refuse_special(path)
    if is_dir(path):
        raise ConfigError("this is a directory, not a scenario file", value=str(path))
    if not path.exists():
        raise ConfigError("there is no such file", file=path, nearest=_meant(path))
    return _from_file(path, ())


def _refuse_others(given: object, key: str = "name_or_path") -> None:
    if not isinstance(given, (str, os.PathLike, Mapping)):
        told = "the name of a catalogue scenario, the path of a file, or a mapping"
        raise arguments.refused("not a scenario", key, given, told)


def _from_catalogue(name: str, chain: tuple[str, ...]) -> Source:
    own = catalogue_source(name)
    return _named(_extended(own, None, (*chain, name)), own.data, name)


def _from_file(path: Path, chain: tuple[str, ...]) -> Source:
    own = read_yaml(path)
    return _named(_extended(own, path.parent, (*chain, str(path.resolve()))), own.data, path.stem)


def _named(source: Source, own: Mapping[str, Any], name: str) -> Source:
    """Leave out what belongs to the extended scenario alone, and give the extending one a name."""
    data = {key: value for key, value in source.data.items() if key in own or key not in OWN_KEYS}
    data.setdefault("name", name)
    places = {path: place for path, place in source.places.items() if not path or path[0] in data}
    return Source(source.path, data, places)


def _extended(own: Source, folder: Path | None, chain: tuple[str, ...]) -> Source:
    """Lay `own` over what it extends.

    Parameters
    ----------
    own : Source
    folder : Path or None
        Where relative paths count from; None inside the catalogue, where only names are meant.
    chain : tuple of str
        The scenarios that led here, to notice a circle.
    """
    if "extends" not in own.data:
        return own
    wanted = own.data["extends"]
    if not isinstance(wanted, str):
        raise own.error(
            ("must be the name of a catalogue scenario or the path of a file"), "extends", value=wanted
        )
    base = _base(own, wanted, folder, chain)
    _refuse_relabelling(own, base)
    here = Source(own.path, {key: value for key, value in own.data.items() if key != "extends"}, _places(own))
    removed = _removed(here, base)
    if own.path is None:  # keys given in memory must not be blamed on a line of the extended file
        given = {keys for keys, _ in walk(own.data)}
        base = Source(
            base.path, base.data, {at: where for at, where in base.places.items() if at not in given}
        )
    merged = overlay(base, here)
    for block, name in removed:
        merged.data[block] = {key: value for key, value in merged.data[block].items() if key != name}
    return merged


def _refuse_relabelling(own: Source, base: Source) -> None:
    """Refuse another currency over the prices of the extended scenario."""
    mine, theirs = own.data.get("costs"), base.data.get("costs")
    before = theirs.get("currency") if isinstance(theirs, dict) else None
    refused = relabelled(mine if isinstance(mine, dict) else {}, str(before or Costs().currency))
    if refused is not None:
        place = ("costs", "currency")
        raise refused.located(file=own.file(place), line=own.line(place))


def _base(own: Source, wanted: str, folder: Path | None, chain: tuple[str, ...]) -> Source:
    if wanted in names():
        if wanted in chain:
            raise _circle(own, wanted, chain)
        return _from_catalogue(wanted, chain)
    if folder is None or not _is_path(wanted, folder):
        raise _unknown(wanted, own)
    path = folder / read_path(wanted, file=own.path, line=own.line("extends"), key="extends")
    if str(path.resolve()) in chain:
        raise _circle(own, wanted, chain)
    if is_dir(path):
        raise own.error("this is a directory, not a scenario file", "extends", value=wanted)
    if not path.exists():
        raise own.error(
            "there is no such file to extend", "extends", value=wanted, nearest=_meant(path, own.path)
        )
    return _from_file(path, chain)


def _removed(own: Source, base: Source) -> list[tuple[str, str]]:
    """Return the entries that `own` removes by writing null; refuse to remove what is not there."""
    found: list[tuple[str, str]] = []
    for block in OPEN_BLOCKS:
        entries, known = own.data.get(block), base.data.get(block)
        known = known if isinstance(known, dict) else {}
        for name, value in entries.items() if isinstance(entries, dict) else ():
            if value is not None:
                continue
            if name not in known:
                told = "nothing of this name is there to be removed"
                near = nearest_name(str(name), known)
                raise own.error(told, (block, name), allowed=", ".join(known) or None, nearest=near)
            found.append((block, name))
    return found


def _places(own: Source) -> dict[tuple[str | int, ...], tuple[Path | None, int]]:
    return {path: place for path, place in own.places.items() if path[:1] != ("extends",)}


def _is_path(text: str, folder: Path = Path()) -> bool:
    """Say whether `text` is meant as a file: it ends like one, has a slash, or exists."""
    return text.endswith(_YAML_ENDINGS) or "/" in text or "\\" in text or is_file(folder / text)


def _meant(path: Path, asking: Path | None = None) -> str | None:
    """Return what may have been meant by a file that is not there: a catalogue name, or a file beside it."""
    if path.stem in names():
        return path.stem
    beside = path.parent.glob("*.y*ml") if path.parent.is_dir() else ()
    return nearest_name(path.name, sorted(other.name for other in beside if other != asking))


def _unknown(name: str, own: Source | None = None) -> ConfigError:
    told = "there is no such scenario in the catalogue, nor a file of that name"
    allowed, near = ", ".join(names()), nearest_name(name, names())
    if own is None:
        return ConfigError(told, value=name, allowed=allowed, nearest=near)
    return own.error(told, "extends", value=name, allowed=allowed, nearest=near)


def _circle(own: Source, wanted: str, chain: tuple[str, ...]) -> ConfigError:
    way = " -> ".join([*(Path(step).name for step in chain), Path(wanted).name])
    return own.error(f"these scenarios extend each other in a circle: {way}", "extends", value=wanted)


def _tail(key: str | None) -> tuple[str, ...]:
    return tuple(key.split(".", 1)[1:]) if key else ()
