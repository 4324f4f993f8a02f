"""What each column of a run's tables means: name, unit, range, sentence, and where it is defined.

The columns of statistics made from these tables are in `cosim.studies.columns`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cosim.outcomes.records import OUTCOMES, PERSON_COLUMNS, outcome_named

_OUTCOMES_AT: Final = "cosim/outcomes/measure.py; docs/ODD.md, outcomes"
_PEOPLE_AT: Final = "cosim/outcomes/measure.py, measure_people"
_TABLES_AT: Final = "cosim/execution/run_tables.py"
_INF: Final = math.inf


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of one column.

    Attributes
    ----------
    name : str
    unit : str
        Empty for text, counts of nothing in particular, and numbers without a unit.
    sentence : str
    least, greatest : float
        The smallest and the largest value that it can have; infinite where there is no end, and for text.
    source : str
        Where it is defined.
    """

    name: str
    unit: str
    sentence: str
    least: float = -_INF
    greatest: float = _INF
    source: str = ""

    @property
    def range_words(self) -> str:
        """Return the range in words; empty where it has no end on either side.

        >>> Column("x", "", "", 0.0, 1.0).range_words, Column("x", "", "", 0.0).range_words
        ('0 to 1', '0 or more')
        """
        low, high = f"{self.least:g}", f"{self.greatest:g}"
        if math.isinf(self.least):
            return "" if math.isinf(self.greatest) else f"{high} or less"
        return f"{low} or more" if math.isinf(self.greatest) else f"{low} to {high}"


_BY_UNIT: Final[Mapping[str, tuple[float, float]]] = {
    "Gini": (0.0, 1.0),
    "share": (0.0, 1.0),
    "0-1": (0.0, 1.0),
    "parts of 100": (0.0, 100.0),
    "correlation": (-1.0, 1.0),
    "level 0-4": (0.0, 4.0),
    **dict.fromkeys(("Theil index", "per hour", "turns", "minutes", "hours", "currency"), (0.0, _INF)),
}
# Where the unit alone does not say it.
_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    **dict.fromkeys(("uptake_per_turn_public", "influence_min", "influence_lead"), (0.0, _INF)),
    **dict.fromkeys(("promise_gap", "interruption_gap"), (0.0, _INF)),
    **dict.fromkeys(("movement_public", "movement_professionals", "movement", "group_shift"), (0.0, _INF)),
    **dict.fromkeys(("position_error_public", "voiced_error_public"), (0.0, _INF)),
    **dict.fromkeys(("ties_gained", "credibility_gained_public", "confidence_gained_public"), (-1.0, 1.0)),
    "closure": (-_INF, 1.0),
}


def outcome_range(name: str) -> tuple[float, float]:
    """Return the least and the largest value that an outcome can have; infinite where there is no end."""
    if name in _RANGES:
        return _RANGES[name]
    if "_parity_" in name:
        return 0.0, _INF
    return _BY_UNIT.get(outcome_named(name).unit, (-_INF, _INF))


def _of_outcomes() -> dict[str, Column]:
    return {
        one.name: Column(one.name, one.unit, one.sentence, *outcome_range(one.name), _OUTCOMES_AT)
        for one in OUTCOMES
    }


def _person(name: str, unit: str, sentence: str, least: float = 0.0, greatest: float = 1.0) -> Column:
    return Column(name, unit, sentence, least, greatest, _PEOPLE_AT)


_PERSON: Final[tuple[Column, ...]] = (
    _person("voice_share", "share", "Member's share of all spoken turns."),
    _person("words_share", "share", "Member's share of all words."),
    _person("uptake_share", "share", "Member's share of all movement of others by what was voiced."),
    _person(
        "influence_share",
        "share",
        "Member's share of what makes up the decisions: own views, carried views and arguments together.",
    ),
    _person("influence_own", "share", "Part of the decisions that is the views which the member came with."),
    _person(
        "influence_carried",
        "share",
        "Part of the decisions that is the member's constituency's views, carried by mandate.",
    ),
    _person(
        "influence_argued",
        "share",
        "Part of the decisions that is arguments which the member held when they were first said.",
    ),
    _person("brought", "share", "Part of the decisions that is arguments which the member was first to say."),
    _person("say", "share", "What the member's influence would be, if every ballot counted alike."),
    _person("agenda_share", "share", "Member's share in setting the agenda, mean over meetings."),
    _person("decision_weight", "share", "Member's weight in the decisions: what a ballot counts."),
    _person("perceived_influence", "0-1", "Influence that the member could notice."),
    _person("acceptance", "0-1", "How acceptable decision and process are to the member."),
    _person("turns", "turns", "Spoken turns of the member.", 0.0, _INF),
    _person("words", "words", "Words of the member.", 0.0, _INF),
    _person("written", "contributions", "Contributions that the member wrote and did not speak.", 0.0, _INF),
    _person(
        "equal_turns",
        "turns",
        "Turns that the member would have with an equal share among those present.",
        0.0,
        _INF,
    ),
    _person("cut", "turns", "Turns of the member that another cut short.", 0.0, _INF),
    _person("invited", "turns", "Turns that the facilitator gave to the member.", 0.0, _INF),
    _person("frankness", "share", "How much of what the member thinks is in what the member says, mean."),
    _person("attendance", "share", "Share of meetings that the member attended."),
    _person("confidence_first", "0-1", "Member's confidence before the first meeting."),
    _person("confidence_last", "0-1", "Member's confidence after the last meeting."),
    _person("credibility_first", "0-1", "Credibility that others gave the member at first, mean."),
    _person("credibility_last", "0-1", "Credibility that others gave the member at the end, mean."),
    _person(
        "value_in_use",
        "0-1",
        "How well the decision serves the member's own context, if it is carried out.",
    ),
    _person(
        "load",
        "hours asked / hours there are",
        "What is asked of the member beside what they can give.",
        0.0,
        _INF,
    ),
    *(
        _person(
            name,
            "parts of 100",
            f"Member's part of the decision on {name[5:].replace('_', ' ')}.",
            0.0,
            100.0,
        )
        for name in PERSON_COLUMNS
        if name.startswith("part_")
    ),
)


def _key(name: str, sentence: str, least: float = 0.0) -> Column:
    return Column(name, "", sentence, least, source=_TABLES_AT)


_KEYS: Final[tuple[Column, ...]] = (
    _key("run", "Number of the run: point x replicates + replicate."),
    _key("point", "Number of the design point; the design table has a row for each."),
    _key("world", "Number of the setting: one draw of what is uncertain."),
    _key("arm", "Name of the way of working.", -_INF),
    _key("replicate", "Number of the replicate; the first of those summarised, in the people table."),
    _key("error", "Why the run failed; empty when it did not.", -_INF),
    _key("replicates", "How many replicates a row summarises.", 1.0),
    _key("person", "Number of the member within the team."),
    _key("role", "Role of the member or group.", -_INF),
    _key("group", "Group of members, as the scenario names it.", -_INF),
    _key("constituency", "Whom the member speaks for; empty for nobody.", -_INF),
    _key("members", "How many members the group has.", 1.0),
    _key("seed", "Seed of the setting: what `cosim.simulate` is given to see the same random numbers."),
)


RUN_COLUMNS: Final[Mapping[str, Column]] = {one.name: one for one in (*_KEYS, *_of_outcomes().values())}
"""Columns of the runs' table, and the keys of every table."""

PEOPLE_COLUMNS: Final[Mapping[str, Column]] = {one.name: one for one in (*_KEYS, *_PERSON)}
"""Columns of the members' table. In a study they are means over the members of a group."""
