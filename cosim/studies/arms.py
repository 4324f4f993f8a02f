"""Arms and worlds, as most kinds of study cross them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cosim.config.yaml_source import KeyPath
from cosim.errors import ConfigError, nearest_name
from cosim.execution.factor import Factor, JointFactor, settings_of
from cosim.execution.points import Crossed, Point, Value, Way, Worlds
from cosim.execution.settings import check_names
from cosim.execution.worlds import sample_worlds
from cosim.studies.kind import Ask, Made

BASELINE = "baseline"
BLOCKS: Mapping[str, tuple[str, ...]] = {
    "parameters": ("fitted", "uncertainty"),
    "ways": ("way", "price"),
    "team": ("team",),
}
"""What may be drawn together, by name, with the roles of its factors."""
_DRAWN = ("uncertainty", "fitted", "way", "price", "team")
MOST_ARMS = 100_000
_ALL_CHECKED = 1000
_TEAMS_CHECKED = 200
# The golden section: steps of it fall evenly over a list, and in step with no regular pattern in it.
_GOLDEN = 0.6180339887498949


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


def worlds_of(ask: Ask, count: int | None = None, seed: int | None = None) -> Worlds:
    """Draw the worlds that a config asks for, or another number of them, or others by another seed."""
    worlds = ask.settings.worlds
    if ask.settings.team and "team" not in worlds.names:
        near = "worlds: {over: [parameters, team]}"
        raise ask.error("the mix of teams is drawn only in worlds over `team`", ("team",), allowed=near)
    return sample_worlds(
        uncertain_factors(ask),
        worlds.count if count is None else count,
        worlds.sampler,
        ask.settings.seed if seed is None else seed,
        # One width is in the factors already; several have worlds of their own.
        scales=ask.settings.ranges.scales if len(ask.settings.ranges.scales) > 1 else (1.0,),
        settle=getattr(ask.subject, "settle", None),
    )


def uncertain_factors(ask: Ask) -> list[Factor]:
    """Return what the worlds are drawn over.

    Raises
    ------
    ConfigError
        When a name is unknown, or stands twice, by itself or in a block.
    """
    over = ask.settings.worlds.names
    if over == ["all"]:
        return [factor for factor in ask.factors if factor.role == "uncertainty" and not factor.settled]
    known = {factor.key: factor for factor in ask.factors if factor.role in _DRAWN}
    place = ("worlds", "over")
    check_names(over, [*BLOCKS, *known], "uncertain parameter", ask.source, place)
    chosen: list[Factor] = []
    for index, name in enumerate(over):
        more = block_of(ask, name) if name in BLOCKS else [known[name]]
        if not more:
            raise ask.error("there is nothing of this kind to draw", (*place, index), value=name)
        taken = {key for factor in chosen for key in factor.keys}
        if any(key in taken for factor in more for key in factor.keys):
            raise ask.error("is drawn already, by itself or in a block", (*place, index), value=name)
        chosen.extend(more)
    return chosen


def block_of(ask: Ask, name: str) -> list[Factor]:
    """Return the factors of a block: what was fitted jointly stands in `parameters` as one factor."""
    free = [factor for factor in ask.factors if not factor.settled]
    if name == "parameters":
        own = set(ask.settings.ranges.set)  # drawn by itself; the others stay together
        parts = [one.only(set(one.names) - own) for one in free if isinstance(one, JointFactor)]
        joint = [one for one in parts if one.names]
        together = {key for factor in joint for key in factor.keys}
        return joint + [one for one in free if one.role == "uncertainty" and one.key not in together]
    return [factor for factor in free if factor.role in BLOCKS[name]]


def made_of(ask: Ask, ways: Sequence[Way], notes: Mapping[str, Any], *, combined: bool = False) -> Made:
    """Cross arms with the worlds that a config asks for.

    Parameters
    ----------
    ask : Ask
    ways : sequence of Way
    notes : mapping
    combined : bool
        Whether the arms were made by combining what the config says, and are still to be checked. Of more
        than a thousand a thousand are checked, spread evenly; the others when the study is run.

    Raises
    ------
    ConfigError
        When an arm that was checked cannot be.
    """
    left: Sequence[Way] = ()
    if combined:
        count = len(ways)
        numbers: Iterable[int] = range(count)
        if count > _ALL_CHECKED:
            left = ways
            spread = (int(k * _GOLDEN * count) % count for k in range(_ALL_CHECKED))
            numbers = dict.fromkeys([0, count - 1, *spread])
        for number in numbers:
            check_way(ask, ways[number])
    worlds = worlds_of(ask)
    _check_teams(ask, ways)
    return Made(Crossed(worlds, ways), notes, left)


def _check_teams(ask: Ask, ways: Sequence[Way]) -> None:
    """Refuse an arm that cannot be in the smallest or the largest team of the mix, as far as a look goes."""
    if not ask.settings.worlds.count or "team" not in ask.settings.worlds.names:
        return
    factors = block_of(ask, "team")
    settle = getattr(ask.subject, "settle", None)
    for end in (0.0, 1.0):
        drawn: dict[str, Value] = {**settings_of(factors, [end] * len(factors))}
        team = drawn if settle is None else settle(drawn)
        for way in ways[:_TEAMS_CHECKED]:
            check_way(ask, Way(way.name, way.interventions, {**team, **way.changes}, way.key or ("team",)))


def refuse_too_many(ask: Ask, count: int, key: str, what: str) -> None:
    """Refuse more arms than a study can hold and a report can show.

    Raises
    ------
    ConfigError
        With the number.
    """
    if count > MOST_ARMS:
        raise ask.error(f"{count:,} {what} are too many", key, allowed=f"up to {MOST_ARMS:,}")


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
