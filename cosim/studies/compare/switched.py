"""Arms with channels of influence switched off: the two nulls, and what a Shapley split has to run.

They are further points of a comparison, behind its own, in its first worlds and with their random numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cosim.errors import ConfigError
from cosim.execution.points import Way
from cosim.scenario.channels import CHANNELS, NULLS, without
from cosim.studies.arms import check_way
from cosim.studies.kind import Ask

Off = frozenset[str]


@dataclass(frozen=True)
class Switched:
    """A group of arms that are run with channels off.

    Attributes
    ----------
    arms : tuple of str
        What is run so.
    sets : tuple of frozenset of str
        The channels that are off, set by set.
    worlds : int
        In how many of the first worlds.
    orders : tuple of tuple of str
        Orders of a Shapley split; empty for the nulls.
    """

    arms: tuple[str, ...]
    sets: tuple[Off, ...]
    worlds: int
    orders: tuple[tuple[str, ...], ...] = ()

    def notes(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "arms": list(self.arms),
            "sets": [sorted(off) for off in self.sets],
            "worlds": self.worlds,
            "orders": [list(order) for order in self.orders],
        }

    @classmethod
    def of_notes(cls, notes: Mapping[str, Any]) -> Switched:
        """Read what `notes` has written."""
        return cls(
            tuple(notes["arms"]),
            tuple(frozenset(off) for off in notes["sets"]),
            int(notes["worlds"]),
            tuple(tuple(order) for order in notes["orders"]),
        )


def nulls(arms: Sequence[str], worlds: int) -> Switched:
    """Return what shows every effect with nobody persuaded, and with no ballot channel."""
    return Switched(tuple(arms), tuple(frozenset(off) for off in NULLS.values()), worlds)


def split(arms: Sequence[str], worlds: int, count: int, seed: int) -> Switched:
    """Return what a Shapley split over the channels takes, by so many sampled orders."""
    from cosim.analysis.channel_split import every, orders, visited  # slow to load: SciPy's statistics

    given = orders(tuple(CHANNELS), count, seed)
    found = visited(given)
    most = every(tuple(CHANNELS))
    return Switched(tuple(arms), tuple(found if len(found) < len(most) else most), worlds, tuple(given))


def name_of(arm: str, off: Off) -> str:
    """Return what an arm is called in the tables while channels are off."""
    return f"{arm} | without {', '.join(channel for channel in CHANNELS if channel in off)}"


def ways_of(ways: Sequence[Way], groups: Sequence[Switched]) -> dict[int, list[Way]]:
    """Return the further arms by the number of worlds that they are run in, each once."""
    known = {way.name: way for way in ways}
    worlds: dict[str, int] = {}
    made: dict[str, Way] = {}
    for group in groups:
        for off in group.sets:
            for arm in group.arms if off else ():
                way, name = known[arm], name_of(arm, off)
                made[name] = Way(name, way.interventions, {**way.changes, **without(*off)}, way.key)
                worlds[name] = max(worlds.get(name, 0), group.worlds)
    found: dict[int, list[Way]] = {}
    for name, way in made.items():
        found.setdefault(worlds[name], []).append(way)
    return found


def check_channels(ask: Ask, ways: Sequence[Way], key: str) -> None:
    """Refuse to switch channels off where there are none, before anything is run.

    Raises
    ------
    ConfigError
        With the key that asks for it.
    """
    try:
        for way in ways:
            check_way(ask, way)
    except ConfigError as error:
        told = f"the channels of influence cannot be switched off here ({error.message})"
        raise ask.error(told, key, value=error.value) from None
