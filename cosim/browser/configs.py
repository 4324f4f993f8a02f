"""Set-ups as study configs: what the demo saves, `cosim run` runs, and what is saved can be opened again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from io import StringIO
from typing import Any, Final, cast

from cosim.browser.setup import OWN_WAY, TEAMS, Setup, Value, Way, check_seed
from cosim.catalogue import is_scenario, names, scenario_from_source
from cosim.config.yaml_source import KeyPath, Source, parse_yaml
from cosim.errors import ConfigError, nearest_name
from cosim.scenario import Scenario, parameters
from cosim.studies.config import check_arms, check_keys
from cosim.studies.team_model import team_model

REPLICATES: Final = 200
ARM: Final = "team_b"
LONGEST: Final = 100_000
"""Letters of a file that the demo opens; a set-up has some hundred."""
MOST_ARMS: Final = 100
_OWN_WORDS: Final = ("name", "title", "question", "description", "sources", "assumed", "discrepancies")
_HEAD: Final = """\
# A set-up of the teaching demo. Run it with: cosim run THIS_FILE
# The baseline is team A; the arm team_b is team B. Same seed, same people, same random numbers.
"""


def to_config(setup: Setup, title: str = "") -> str:
    """Return a set-up as the text of a study config of kind `compare`."""
    from ruamel.yaml import YAML

    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = 100
    text = StringIO()
    writer.dump(_config(setup, title), text)
    return _HEAD + text.getvalue()


def _config(setup: Setup, title: str) -> dict[str, Any]:
    scenario: dict[str, Any] = {"extends": setup.scenario}
    base = setup.base
    for key, value in setup.a.changes.items():
        for path in _spelled(key, base):
            _put(scenario, path, value)
    if setup.a.doses:
        scenario["interventions"] = dict(setup.a.doses)
    arm: dict[str, Any] = {}
    doses = _differences(setup.a.doses, setup.b.doses, base.interventions)
    if doses:
        arm["with"] = doses
    changes = _changed(setup, base)
    if changes:
        arm["set"] = changes
    return {
        "study": "compare",
        "title": title or f"{base.title}: two ways of working",
        "scenario": scenario,
        "arms": {ARM: arm},
        "replicates": REPLICATES,
        "seed": setup.seed,
    }


def _differences(
    a: Mapping[str, float], b: Mapping[str, float], own: Mapping[str, float]
) -> dict[str, float]:
    """Return the doses that turn team A into team B."""
    found = {}
    for name in dict.fromkeys([*b, *a]):
        mine, theirs = a.get(name, own.get(name, 0.0)), b.get(name, own.get(name, 0.0))
        if mine != theirs:
            found[name] = float(theirs)
    return found


def _changed(setup: Setup, base: Scenario) -> dict[str, Value]:
    """Return the values that turn team A into team B, key by key."""
    plain = base.to_dict()

    def spelled(way: Way) -> dict[tuple[str, ...], Value]:
        return {path: value for key, value in way.changes.items() for path in _spelled(key, base)}

    a, b = spelled(setup.a), spelled(setup.b)
    changes: dict[str, Value] = {}
    for path in dict.fromkeys([*b, *a]):
        theirs = b[path] if path in b else _said(plain, path)
        mine = a[path] if path in a else _said(plain, path)
        if mine != theirs:
            if theirs is None:
                told = "team A has what team B has not; a file cannot say so, but a link can"
                raise ConfigError(told, key=".".join(path))
            changes[".".join(path)] = theirs
    return changes


def _spelled(key: str, base: Scenario) -> Iterator[tuple[str, ...]]:
    """Yield the paths that a dotted key stands for: ``phases.*.minutes`` is one for each phase."""
    parts = key.split(".")
    if len(parts) == 3 and parts[1] == "*":
        named: Any = getattr(base, parts[0])
        for name in named:
            yield (parts[0], name, parts[2])
    else:
        yield tuple(parts)


def _found(data: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    here: Any = data
    for part in path:
        if not isinstance(here, Mapping) or part not in here:
            return None
        here = here[part]
    return here


def _said(data: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    """Return the value of a key, also of one that a scenario leaves to its default; None: it has none."""
    value = _found(data, path)
    if value is None and len(path) == 3 and path[0] == "team":
        role = _found(data, (*path[:2], "role"))
        return None if role is None else _said(data, ("roles", role, path[2]))
    if value is None and path[0] == "roles":
        return _role_defaults().get(path)
    return value


@cache
def _role_defaults() -> dict[tuple[str, ...], Any]:
    return {tuple(record.key.split(".")): record.default for record in parameters()}


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    here = data
    for part in path[:-1]:
        here = here.setdefault(part, {})
    here[path[-1]] = value


# ---------------------------------------------------------------------- opening


def from_config(text: str) -> tuple[Setup, str]:
    """Return the set-up that a study config or a scenario file describes, and a note on what was left out.

    The file is checked as `cosim check` does it, apart from a study's worlds and design; it may extend
    scenarios of the catalogue, but no file of the machine that the demo runs on.

    Raises
    ------
    ConfigError
        In words for whoever opened the file, with the line.
    """
    if len(text) > LONGEST:
        raise ConfigError("the file is larger than any set-up", allowed=f"at most {LONGEST:,} letters")
    source = parse_yaml(text)
    if is_scenario(source.data):
        base, way = _scenario(source, ())
        scenario_from_source(source)
        return _setup(source, base, way, Way()), ""
    if "extends" in source.data:
        raise source.error("the demo opens files that stand alone; write out what it extends", "extends")
    settings = check_keys(source)
    base, way = _scenario(source, ("scenario",))
    way = Way(way.doses, {**way.changes, **_own_ways(source.data)})
    singles = settings.interventions if isinstance(settings.interventions, list) else ()
    if len(singles) + len(settings.bundles) + len(settings.arms) > MOST_ARMS:
        raise source.error(f"the demo opens files of up to {MOST_ARMS} arms", ())
    arms = check_arms(source, team_model)[1:]  # the first is the baseline
    arm = Way(dict(arms[0].interventions), cast(dict[str, Value], dict(arms[0].changes))) if arms else Way()
    note = ""
    if len(arms) > 1:
        note = f"The file compares {len(arms)} arms with its baseline; team B is the first, {arms[0].name}."
    return _setup(source, base, way, arm), note


def _setup(source: Source, base: str, way: Way, arm: Way) -> Setup:
    """Put a set-up together; what a scenario says anyway is left out of the ways."""
    b = Way({**way.doses, **arm.doses}, {**way.changes, **arm.changes})
    try:
        seed = check_seed(source.data.get("seed", 1))
    except ConfigError as error:
        raise source.error(error.message, "seed", value=error.value, allowed=error.allowed) from None
    setup = Setup(base, seed, way, b)
    own = setup.base.interventions
    for team in TEAMS:
        tidy = setup.way(team)
        doses = {name: dose for name, dose in tidy.doses.items() if dose != own.get(name, 0.0)}
        setup = setup.with_way(team, Way(doses, _tidy(tidy.changes, setup.base)))
        setup.team(team)
    return setup


def _scenario(source: Source, at: KeyPath) -> tuple[str, Way]:
    """Return the scenario of the catalogue that a file starts from, and what it changes of it."""
    given = source.sub(at).data if at and isinstance(source.data["scenario"], dict) else source.data
    if at and given is source.data:
        given = {"extends": source.data["scenario"]}
    key = "extends" if "extends" in given else "name"
    base = given.get(key)
    if not isinstance(base, str) or base not in names():
        near = nearest_name(base, names()) if isinstance(base, str) else None
        told = "the demo opens set-ups that extend a scenario of the catalogue"
        raise source.error(told, (*at, key) if source.has((*at, key)) else at, value=base, nearest=near)
    changes: dict[str, Value] = {}
    doses: dict[str, float] = {}
    for name, value in given.items():
        if name == "interventions" and isinstance(value, Mapping):
            doses = {str(one): 0.0 if dose is None else dose for one, dose in value.items()}
        elif name == "ways":
            changes.update(_own_ways(given))
        elif name not in ("extends", *_OWN_WORDS):
            changes.update(_flat((str(name),), value))
    return base, Way(doses, changes)


def _own_ways(data: Mapping[str, Any]) -> dict[str, Value]:
    """Return the ways of working that a file defines, each as one change."""
    ways = data.get("ways")
    return {f"{OWN_WAY}{name}": way for name, way in ways.items()} if isinstance(ways, Mapping) else {}


def _flat(path: tuple[str, ...], value: Any) -> Iterator[tuple[str, Value]]:
    """Yield dotted keys; a group or phase that is new or removed stays whole."""
    if isinstance(value, Mapping) and len(path) < 3:
        for key, inner in value.items():
            yield from _flat((*path, str(key)), inner)
    else:
        yield ".".join(path), value


def _tidy(changes: Mapping[str, Value], base: Scenario) -> dict[str, Value]:
    """Leave out what is as in the scenario; write what all phases share as ``phases.*``."""
    plain = base.to_dict()
    kept = {key: value for key, value in changes.items() if _said(plain, tuple(key.split("."))) != value}
    keys = list(
        dict.fromkeys(key.split(".")[2] for key in kept if key.startswith("phases.") and key.count(".") == 2)
    )
    for last in keys:
        every = [f"phases.{phase}.{last}" for phase in base.phases]
        if (
            len(every) > 1
            and all(key in kept for key in every)
            and len({repr(kept[key]) for key in every}) == 1
        ):
            kept[f"phases.*.{last}"] = kept[every[0]]
            kept = {key: value for key, value in kept.items() if key not in every}
    return kept
