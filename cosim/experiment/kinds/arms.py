"""Arms and worlds, as most kinds of study cross them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cosim.errors import ConfigError, nearest_name
from cosim.experiment.design import Point, Value, number_points
from cosim.experiment.kinds.kind import Ask
from cosim.experiment.settings import check_names
from cosim.experiment.subject import Factor
from cosim.experiment.worlds import sample_worlds
from cosim.yaml_source import KeyPath

BASELINE = "baseline"


@dataclass(frozen=True)
class Way:
    """An arm before it meets the worlds."""

    name: str
    interventions: Mapping[str, float] = field(default_factory=dict)
    changes: Mapping[str, Value] = field(default_factory=dict)
    key: KeyPath = ()


def arms_of(ask: Ask) -> list[Way]:
    """Return the arms of a config: the baseline, single interventions, bundles, other arms.

    Raises
    ------
    ConfigError
        When a name is unknown or stands twice, or an arm cannot be.
    """
    ways = [Way(BASELINE), *_singles(ask)]
    for name, doses in ask.settings.bundles.items():
        ways.append(Way(name, dict(doses), {}, ("bundles", name)))
    for name, arm in ask.settings.arms.items():
        ways.append(Way(name, dict(arm.with_), dict(arm.set), ("arms", name)))
    seen: dict[str, Way] = {}
    for way in ways:
        if way.name in seen:
            raise ask.error("another arm has this name already", way.key, value=way.name)
        if way.key[:1] == ("bundles",) and not way.interventions:
            raise ask.error("an empty bundle is the baseline", way.key)
        check_way(ask, way)
        seen[way.name] = way
    return ways


def worlds_of(ask: Ask) -> list[dict[str, Value]]:
    """Draw the worlds that a config asks for."""
    worlds = ask.settings.worlds
    return sample_worlds(uncertain_factors(ask), worlds.count, worlds.sampler, ask.settings.seed)


def uncertain_factors(ask: Ask) -> list[Factor]:
    """Return the uncertain parameters that the worlds are drawn over."""
    known = {factor.key: factor for factor in ask.subject.factors() if factor.role == "uncertainty"}
    over = ask.settings.worlds.over
    if over == "all":
        return [factor for factor in known.values() if not factor.settled]
    check_names(over, list(known), "uncertain parameter", ask.source, ("worlds", "over"))
    return [known[key] for key in over]


def crossed(worlds: Sequence[Mapping[str, Value]], ways: Sequence[Way]) -> tuple[Point, ...]:
    """Return every arm in every world; what an arm sets wins over what the world would be."""
    return number_points(
        (number, way.name, {**world, **way.changes}, way.interventions)
        for number, world in enumerate(worlds)
        for way in ways
    )


def check_way(ask: Ask, way: Way) -> None:
    """Refuse an arm that cannot be, before anything is run."""
    try:
        ask.subject.check(Point(0, 0, way.name, way.changes, way.interventions))
    except ConfigError as error:
        place = way.key if ask.source.has(way.key) else way.key[:1]
        raise _placed(ask, error, place) from None


def _placed(ask: Ask, error: ConfigError, place: KeyPath) -> ConfigError:
    """Give an error about an arm the place of the arm in the config, most exact where that can be told."""
    message = error.message if error.key is None else f"{error.key}: {error.message}"
    return ask.error(message, place, value=error.value, allowed=error.allowed, nearest=error.nearest)


def _singles(ask: Ask) -> list[Way]:
    given = ask.settings.interventions
    known = list(ask.subject.interventions())
    if given == "none":
        return []
    if given == "all":
        return [Way(name, {name: 1.0}, {}, ("interventions",)) for name in known]
    ways = []
    for index, entry in enumerate(given):
        place: KeyPath = ("interventions", index)
        name, dose = _named_dose(ask, entry, place)
        if name not in known:
            near = nearest_name(name, known)
            raise ask.error("there is no such intervention", place, value=name, nearest=near)
        ways.append(Way(name if dose == 1.0 else f"{name}@{dose:g}", {name: dose}, {}, place))
    return ways


def _named_dose(ask: Ask, entry: object, place: KeyPath) -> tuple[str, float]:
    if isinstance(entry, str):
        return entry, 1.0
    if isinstance(entry, dict) and len(entry) == 1:
        [(name, dose)] = entry.items()
        if isinstance(dose, (int, float)) and not isinstance(dose, bool):
            if 0 < dose <= 1:
                return name, float(dose)
            raise ask.error("out of range", (*place, name), value=dose, allowed="above 0, up to 1")
    raise ask.error(
        "an intervention is a name, or a name with its dose",
        place,
        value=entry if isinstance(entry, (int, float, str, bool)) else None,
        allowed="NAME or {NAME: 0.5}",
    )
