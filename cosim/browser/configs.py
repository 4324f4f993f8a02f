"""Set-ups as study configs: what the demo saves, `cosim run` runs, and what is saved can be opened again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any, Final

from cosim.browser.setup import DEFAULT_SCENARIO, TEAMS, Setup, Value, Way, check_seed
from cosim.catalogue import names
from cosim.errors import ConfigError, nearest_name
from cosim.scenario import Scenario
from cosim.yaml_source import parse_yaml

REPLICATES: Final = 200
ARM: Final = "team_b"
_OWN_WORDS: Final = ("name", "title", "question", "description", "sources")
_HEAD: Final = """\
# A set-up of the teaching demo. Run it with: cosim run THIS_FILE
# The baseline is team A; the arm team_b is team B. Same seed, same people, same luck.
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
        theirs = b[path] if path in b else _found(plain, path)
        mine = a[path] if path in a else _found(plain, path)
        if mine != theirs:
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


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    here = data
    for part in path[:-1]:
        here = here.setdefault(part, {})
    here[path[-1]] = value


# ---------------------------------------------------------------------- opening


def from_config(text: str) -> tuple[Setup, str]:
    """Return the set-up that a study config or a scenario file describes, and a note on what was left out.

    Raises
    ------
    ConfigError
        In words for whoever opened the file, with the line.
    """
    source = parse_yaml(text)
    data = source.data
    study = "scenario" in data or "study" in data
    base, way = _scenario(data.get("scenario", DEFAULT_SCENARIO) if study else data)
    arm, note = _arm(data) if study else (Way(), "")
    b = Way({**way.doses, **arm.doses}, {**way.changes, **arm.changes})
    setup = Setup(base, check_seed(data.get("seed", 1)), way, b)
    own = setup.base.interventions
    for team in TEAMS:
        tidy = setup.way(team)
        doses = {name: dose for name, dose in tidy.doses.items() if dose != own.get(name, 0.0)}
        setup = setup.with_way(team, Way(doses, _tidy(tidy.changes, setup.base)))
        setup.team(team)
    return setup, note


def _scenario(given: Any) -> tuple[str, Way]:
    known = names()
    if isinstance(given, str):
        if given not in known:
            raise _not_ours(given)
        return given, Way()
    if not isinstance(given, Mapping):
        raise ConfigError("must be a scenario's name, or a scenario that extends one", key="scenario")
    base = given.get("extends", given.get("name"))
    if not isinstance(base, str) or base not in known:
        raise _not_ours(base)
    changes: dict[str, Value] = {}
    doses: dict[str, float] = {}
    for key, value in given.items():
        if key in ("extends", *_OWN_WORDS):
            continue
        if key == "interventions":
            doses = {str(name): _dose(str(name), dose) for name, dose in dict(value or {}).items()}
        else:
            changes.update(_flat((str(key),), value))
    return base, Way(doses, changes)


def _not_ours(base: Any) -> ConfigError:
    near = nearest_name(base, names()) if isinstance(base, str) else None
    told = "the demo opens set-ups that extend a scenario of the catalogue"
    return ConfigError(told, key="scenario", value=base, nearest=near)


def _dose(name: str, dose: Any) -> float:
    if dose is None:
        return 0.0
    if isinstance(dose, bool) or not isinstance(dose, (int, float)) or not 0 <= dose <= 1:
        raise ConfigError("not a dose", key=name, value=dose, allowed="0 to 1")
    return float(dose)


def _flat(path: tuple[str, ...], value: Any) -> Iterator[tuple[str, Value]]:
    """Yield dotted keys; a group or phase that is new or removed stays whole."""
    if isinstance(value, Mapping) and len(path) < 3:
        for key, inner in value.items():
            yield from _flat((*path, str(key)), inner)
    else:
        yield ".".join(path), value


def _arm(data: Mapping[str, Any]) -> tuple[Way, str]:
    """Return the first arm of a config as team B's way."""
    arms = list(_arms(data))
    if not arms:
        return Way(), ""
    name, way = arms[0]
    if len(arms) == 1:
        return way, ""
    return way, f"The file compares {len(arms)} arms with its baseline; team B is the first, {name}."


def _arms(data: Mapping[str, Any]) -> Iterator[tuple[str, Way]]:
    for entry in data.get("interventions") or () if isinstance(data.get("interventions"), list) else ():
        doses = dict(entry) if isinstance(entry, Mapping) else {str(entry): 1.0}
        yield ", ".join(doses), Way({str(name): _dose(str(name), dose) for name, dose in doses.items()})
    for name, given in dict(data.get("bundles") or {}).items():
        yield str(name), Way(_doses(given))
    for name, given in dict(data.get("arms") or {}).items():
        arm = dict(given or {})
        yield str(name), Way(_doses(arm.get("with")), dict(arm.get("set") or {}))


def _doses(given: Any) -> dict[str, float]:
    if isinstance(given, list):
        doses: dict[str, float] = {}
        for entry in given:
            pairs = entry if isinstance(entry, Mapping) else {entry: 1.0}
            doses.update({str(name): _dose(str(name), dose) for name, dose in pairs.items()})
        return doses
    return {str(name): _dose(str(name), dose) for name, dose in dict(given or {}).items()}


def _tidy(changes: Mapping[str, Value], base: Scenario) -> dict[str, Value]:
    """Leave out what is as in the scenario; write what all phases share as ``phases.*``."""
    plain = base.to_dict()
    kept = {key: value for key, value in changes.items() if _found(plain, tuple(key.split("."))) != value}
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
