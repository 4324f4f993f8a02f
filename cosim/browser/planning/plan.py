"""A team as somebody describes it in a form, and the study config that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from io import StringIO
from typing import Any, Final

from cosim.browser.setup import base_scenario
from cosim.errors import ConfigError, nearest_name
from cosim.formatting.titles import LEVEL_WORDS
from cosim.interventions import INTERVENTIONS

SCENARIO: Final = "research_team"
SEED: Final = 1
REPLICATES: Final = 4
MOST_SETTINGS: Final = 32
"""A power of two, as Sobol' sequences like it."""
FEWEST_SETTINGS: Final = 8
_BUDGET: Final = 5.0
"""Seconds on two processors that a study is cut to; the rest of 15 is for starting and reading tables."""
_SPEED: Final = 1000.0
"""Projects a second of `SCENARIO` on two processors, measured; a slow machine only takes longer."""

DECIDES: Final[Mapping[str, str]] = {
    "sign_off": "The team votes, the lead signs off and may overrule",
    "comply_or_explain": "The team votes, a lead who overrules must explain it",
    "full_veto": "The team votes, the lead has a veto",
    "none": "The team votes, and that is that",
    "lead_decides": "The lead decides after hearing everybody",
}
"""Who decides, as the form asks; all but the last are forms of the lead's accountability."""

NUMBERS: Final[Mapping[str, tuple[str, int, int, int]]] = {
    "public": ("Public contributors", 4, 1, 12),
    "researchers": ("Researchers besides the lead", 3, 0, 12),
    "providers": ("Care providers", 3, 0, 12),
    "policymakers": ("Policymakers", 1, 0, 6),
    "meetings": ("Meetings in each of the four phases", 1, 1, 6),
    "minutes": ("Minutes of a meeting", 90, 15, 240),
}
"""Every number of the form: what it is, its start, and from where to where it goes."""
_GROUPS: Final = {"public": "patients", "researchers": "researchers", "providers": "providers"} | {
    "policymakers": "policymakers"
}
MOST_MONEY: Final = 1_000_000
LONGEST_NAME: Final = 80


@dataclass(frozen=True)
class Plan:
    """A team, how it meets and decides, and what it may spend.

    Attributes
    ----------
    public, researchers, providers, policymakers : int
        People of each role; the lead comes on top.
    meetings : int
        In each of the four phases.
    minutes : int
        Of each meeting.
    level : str
        Level of involvement, in all phases.
    decides : str
        One of `DECIDES`.
    money, time : int or None
        What a way of working may cost a project on top, in the currency of the prices and in minutes of
        everybody's meetings and preparation; None: not asked.
    name : str
        What the team is called.
    """

    public: int = 4
    researchers: int = 3
    providers: int = 3
    policymakers: int = 1
    meetings: int = 1
    minutes: int = 90
    level: str = "collaborate"
    decides: str = "sign_off"
    money: int | None = None
    time: int | None = None
    name: str = ""

    @property
    def people(self) -> int:
        """People on the team, the lead included."""
        return 1 + self.public + self.researchers + self.providers + self.policymakers

    @property
    def settings(self) -> int:
        """Sampled settings that its study has: fewer for a team whose projects take long."""
        arms = len(INTERVENTIONS) + 1
        usual = base_scenario(SCENARIO)
        there = sum(group.count for group in usual.team.values())
        talk = sum(phase.meetings * phase.minutes for phase in usual.phases.values())
        size = self.people * self.meetings * self.minutes * len(usual.phases) / (there * talk)
        count = MOST_SETTINGS
        while count > FEWEST_SETTINGS and arms * count * REPLICATES * size / _SPEED > _BUDGET:
            count //= 2
        return count

    def affordable(self, money: float, minutes: float) -> bool:
        """Return whether what a way of working costs on top is within what may be spent."""
        return (self.money is None or money <= self.money) and (self.time is None or minutes <= self.time)


def plan_from_form(given: Mapping[str, str]) -> Plan:
    """Return the plan that a form describes.

    Raises
    ------
    ConfigError
        With the field, what was written and what is allowed.
    """
    known = [field.name for field in fields(Plan)]
    for key in given:
        if key not in known:
            raise ConfigError("the form has no such field", key=key[:40], nearest=nearest_name(key, known))
    numbers = {key: _number(key, given, *NUMBERS[key]) for key in NUMBERS}
    level, decides = given.get("level", "collaborate"), given.get("decides", "sign_off")
    for key, value, allowed in (("level", level, LEVEL_WORDS), ("decides", decides, DECIDES)):
        if value not in allowed:
            raise ConfigError(
                "there is no such choice", key=key, value=value[:40], allowed=", ".join(allowed)
            )
    money, time = _spent("money", given), _spent("time", given)
    name = " ".join(given.get("name", "").split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise ConfigError("a name is one short line", key="name", allowed=f"at most {LONGEST_NAME} letters")
    return Plan(**numbers, level=level, decides=decides, money=money, time=time, name=name)


def _number(key: str, given: Mapping[str, str], words: str, start: int, low: int, high: int) -> int:
    value = _whole(key, given.get(key, str(start)), f"{low} to {high}", words.lower())
    if not low <= value <= high:
        raise ConfigError(f"out of range: {words.lower()}", key=key, value=value, allowed=f"{low} to {high}")
    return value


def _spent(key: str, given: Mapping[str, str]) -> int | None:
    text = given.get(key, "").strip()
    if not text:
        return None
    value = _whole(key, text, f"0 to {MOST_MONEY:,}, or nothing", key)
    if not 0 <= value <= MOST_MONEY:
        raise ConfigError(
            f"out of range: {key}", key=key, value=value, allowed=f"0 to {MOST_MONEY:,}, or nothing"
        )
    return value


def _whole(key: str, text: str, allowed: str, words: str) -> int:
    text = text.strip()
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 9):
        raise ConfigError(f"not a whole number: {words}", key=key, value=text[:40], allowed=allowed)
    return int(text)


_HEAD: Final = """\
# A team planned in the demo of cosim: which ways of working would share influence in it?
# Run it:            cosim run THIS_FILE          (the same tables as the page showed)
# For a closer look: more settings, e.g. worlds: {count: 256, over: all}, and replicates: 16
"""


def plan_config(plan: Plan) -> str:
    """Return the study of a plan as the text of a config of kind `compare`; `cosim run` runs it as it is."""
    from ruamel.yaml import YAML

    phase: dict[str, Any] = {"level": plan.level, "meetings": plan.meetings, "minutes": float(plan.minutes)}
    form = plan.decides
    if plan.decides == "lead_decides":
        phase["rule"], form = "lead_decides", "sign_off"
    scenario = {
        "extends": SCENARIO,
        "title": plan.name or f"A team of {plan.people}",
        "team": {group: {"count": getattr(plan, key)} for key, group in _GROUPS.items()},
        "phases": {name: dict(phase) for name in base_scenario(SCENARIO).phases},
        "accountability": {"form": form},
    }
    data = {
        "study": "compare",
        "title": f"{plan.name or f'A team of {plan.people}'}: which ways of working share influence?",
        "scenario": scenario,
        "interventions": "all",
        "worlds": {"count": plan.settings, "over": "all"},
        "replicates": REPLICATES,
        "seed": SEED,
    }
    writer = YAML()
    writer.indent(mapping=2, sequence=4, offset=2)
    writer.width = 100
    text = StringIO()
    writer.dump(data, text)
    spend = [f"{plan.money:,} of money"] if plan.money is not None else []
    spend += [f"{plan.time:,} minutes"] if plan.time is not None else []
    told = f"# What may be spent on top: {' and '.join(spend)} a project.\n" if spend else ""
    return _HEAD + told + text.getvalue()
