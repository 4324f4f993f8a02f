"""What a team is, as factors: its size, its public members, its meetings, who decides and how.

The names and the stated mix stand here, one record each.  A drawn team is a change of the study's scenario:
its groups keep their proportions among the professionals, and its public groups theirs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final, get_args

from cosim.errors import ConfigError
from cosim.execution.factor import Factor
from cosim.execution.points import Value
from cosim.scenario import Scenario
from cosim.scenario.vocabulary import LEVELS, PUBLIC, Accountability, Rule
from cosim.studies.kind import TEAM

SIZE: Final = TEAM + "size"
SHARE: Final = TEAM + "public_share"
REMOTE: Final = TEAM + "remote"
_OF_PHASES: Final = {"meetings": "meetings", "minutes": "minutes", "level": "level", "rule": "rule"}
_SOURCE: Final = "the stated mix, assumed"

TRAITS: Final[tuple[Factor, ...]] = (
    Factor(SIZE, "team", 4, 30, "int", unit="people", shape="triangular", form=(10.0,),
           sentence=f"Members of the team, the lead among them ({_SOURCE}: most often ten)."),
    Factor(SHARE, "team", 0.1, 0.6, unit="share",
           sentence=f"Share of public members, one at least ({_SOURCE})."),
    Factor(TEAM + "meetings", "team", kind="choice", choices=(1, 2, 3), weights=(3.0, 2.0, 1.0),
           unit="meetings", sentence=f"Meetings in each phase ({_SOURCE})."),
    Factor(TEAM + "minutes", "team", kind="choice", choices=(60.0, 90.0, 120.0), weights=(2.0, 2.0, 1.0),
           unit="minutes", sentence=f"Planned length of a meeting ({_SOURCE})."),
    Factor(TEAM + "level", "team", kind="choice", choices=LEVELS[1:], weights=(1.0, 2.0, 4.0, 1.0),
           sentence=f"Involvement level of every phase ({_SOURCE})."),
    Factor(TEAM + "rule", "team", kind="choice", choices=get_args(Rule),
           weights=(3.0, 1.0, 1.0, 2.0, 1.0, 2.0, 1.0),
           sentence=f"Rule by which ballots become a decision ({_SOURCE})."),
    Factor(TEAM + "accountability", "team", kind="choice", choices=get_args(Accountability),
           weights=(1.0, 1.0, 3.0, 1.0, 1.0), sentence=f"Form of the lead's accountability ({_SOURCE})."),
    Factor(REMOTE, "team", kind="choice", choices=(False, True), weights=(3.0, 2.0),
           sentence=f"Whether the team meets remotely ({_SOURCE})."),
)  # fmt: skip
"""What a team is drawn over, with the mix that holds where a config states none."""

REMOTELY: Final[Mapping[str, tuple[str, float]]] = {
    "facilitation.level_table": ("becomes", 1.0),
    "speech.interruption": ("times", 0.5),
    "learning.tie_gain": ("times", 0.5),
}
"""What meeting remotely changes, all assumed: no head of a table, and half as many interruptions and ties.

That turns are handed over more formally with fewer interruptions over video: Sellen 1995, doi
10.1207/s15327051hci1004_2, recalled and unchecked; sizes assumed.
"""


def traits(scenario: Scenario) -> tuple[Factor, ...]:
    """Return what a team of a scenario may be drawn over; nothing without public members or professionals."""
    if not _groups(scenario, public=True) or not _groups(scenario, public=False):
        return ()
    found = TRAITS
    if not any(group.lead for group in scenario.team.values()):
        found = tuple(_without(factor, "lead_decides") for factor in found)
    return found


def settled(scenario: Scenario, drawn: dict[str, Value]) -> dict[str, Value]:
    """Return a drawn world with the share of public members that its team really has, in whole people."""
    if SIZE not in drawn or SHARE not in drawn:
        return drawn
    size = int(_number(drawn[SIZE]))
    return {**drawn, SHARE: public_members(scenario, size, _number(drawn[SHARE])) / size}


def public_members(scenario: Scenario, size: int, share: float) -> int:
    """Return how many of a team are of the public: one at least, and not all."""
    least = 1 if any(group.lead and group.role != PUBLIC for group in scenario.team.values()) else 0
    return min(max(math.floor(share * size + 0.5), 1), size - max(least, 1))


def team_changes(scenario: Scenario, changes: Mapping[str, Value]) -> dict[str, Value]:
    """Return what the traits of a team change in a scenario, by dotted key.

    Parameters
    ----------
    scenario : Scenario
    changes : mapping
        Everything that a design point changes: traits of the team, and dotted keys.

    Raises
    ------
    ConfigError
        When the scenario has no such team, or a trait a value that cannot be.
    """
    given = {key.removeprefix(TEAM): value for key, value in changes.items() if key.startswith(TEAM)}
    found: dict[str, Value] = {}
    if "size" in given or "public_share" in given:
        found.update(_counts(scenario, given))
    for trait, key in _OF_PHASES.items():
        if trait in given:
            found[f"phases.*.{key}"] = given[trait]
    if "accountability" in given:
        found["accountability.form"] = given["accountability"]
    if given.get("remote"):
        found.update(_remotely(scenario, changes))
    return found


def _counts(scenario: Scenario, given: Mapping[str, Value]) -> dict[str, Value]:
    """Return the size of every group."""
    public, others = _groups(scenario, public=True), _groups(scenario, public=False)
    if not public:
        raise ConfigError("this team has no public members whose share could be drawn", key=SHARE)
    size = int(_number(given.get("size", scenario.size)))
    if not 2 <= size <= 60:
        raise ConfigError("out of range", key=SIZE, value=size, allowed="2 to 60")
    usual = sum(public.values()) / max(scenario.size, 1)
    share = _number(given.get("public_share", usual))
    if not 0.0 <= share <= 1.0:
        raise ConfigError("out of range", key=SHARE, value=share, allowed="0 to 1")
    leads = sum(group.count for group in scenario.team.values() if group.lead)
    members = public_members(scenario, size, share)
    counts = {**_parted(members, public), **_parted(size - members - leads, others)}
    return {f"team.{name}.count": count for name, count in counts.items()}


def _parted(whole: int, groups: Mapping[str, int]) -> dict[str, int]:
    """Part people among groups in proportion to their sizes, by largest remainders."""
    total = sum(groups.values())
    if not total:
        return dict(groups)
    exact = {name: whole * count / total for name, count in groups.items()}
    found = {name: math.floor(value + 1e-9) for name, value in exact.items()}
    left = whole - sum(found.values())
    for name in sorted(groups, key=lambda name: found[name] - exact[name])[:left]:
        found[name] += 1
    return found


def _remotely(scenario: Scenario, changes: Mapping[str, Value]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, (how, number) in REMOTELY.items():
        section, name = key.split(".")
        usual = changes.get(key, getattr(getattr(scenario, section), name))
        found[key] = number if how == "becomes" else _number(usual) * number
    return found


def _groups(scenario: Scenario, *, public: bool) -> dict[str, int]:
    """Return the groups that grow and shrink, with their size: those of the lead stay as they are."""
    return {
        name: group.count
        for name, group in scenario.team.items()
        if group.count and not group.lead and (group.role == PUBLIC) == public
    }


def _without(factor: Factor, word: str) -> Factor:
    if word not in factor.choices:
        return factor
    kept = [place for place, choice in enumerate(factor.choices) if choice != word]
    return replace(
        factor,
        choices=tuple(factor.choices[place] for place in kept),
        weights=tuple(factor.weights[place] for place in kept),
    )


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise ConfigError("must be a number", key=TEAM.rstrip("_"), value=value)
    return float(value)
