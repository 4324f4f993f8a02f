"""One corpus: its log, and who sits for whom in the model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cosim.catalogue import load_scenario
from cosim.config.error_messages import config_errors_from_pydantic
from cosim.config.registry import Registry
from cosim.config.yaml_source import parse_yaml
from cosim.errors import ConfigError, nearest_name
from cosim.meeting_logs.bundled_logs import shipped_log
from cosim.meeting_logs.turn_log import TurnLog
from cosim.scenario import Scenario
from cosim.scenario.vocabulary import KINDS, Role

CORPORA: Final = ("icsi", "ami", "delidata")
"""Names of the corpora, in the order in which they are told of."""

Share = Annotated[float, Field(ge=0.0, le=1.0)]
_NOBODY: Final = {"researchers": None, "providers": None, "policymakers": None, "patients": None}


class Person(BaseModel):
    """What someone with a role in the log is in the model; `knowledge` is that of all four kinds."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    role: Role
    prestige: Share
    confidence: Share
    knowledge: Share

    def group(self, count: int, *, lead: bool = False) -> dict[str, Any]:
        """Return a group of a scenario's team; nobody differs from the mean but in talkativeness."""
        attributes = {
            "openness": 0.5,
            "mandate": 0.2,
            "loyalty": 0.0,
            "attendance": 1.0,
            **{f"knows_{kind}": self.knowledge for kind in KINDS},
            **{f"weighs_{kind}": 0.25 for kind in KINDS},
        }
        return {
            "role": self.role,
            "count": count,
            "lead": lead,
            "spread": 0.0,
            "prestige": self.prestige,
            "confidence": self.confidence,
            **attributes,
        }


class Corpus(BaseModel):
    """A corpus of real meetings.

    Attributes
    ----------
    name, title : str
    log : str
        Name among the bundled logs.
    least : int
        Words below which an utterance is no floor turn.
    series : bool
        Whether meetings whose names differ in the last letter alone are sessions of one team.
    lead : str, optional
        The role in the log whose first member leads the team.
    people : mapping of role in the log to Person
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    title: str
    log: str
    least: int = Field(ge=1)
    series: bool = False
    lead: str | None = None
    people: dict[str, Person]

    def team(self, meeting: str) -> str:
        """Return which team held a meeting."""
        return meeting[:-1] if self.series else meeting

    def read(self) -> TurnLog:
        """Return the real log."""
        return _log(self.log)

    def scenario(self, who: Mapping[str, int], sessions: int = 1, minutes: float = 60.0) -> Scenario:
        """Return the model's team for people of these roles in the log.

        Groups are called after the roles in lower case, the lead's group ``lead``.

        Parameters
        ----------
        who : mapping of role in the log to int
        sessions : int
            Meetings that they hold.
        minutes : float
            Of each.

        Raises
        ------
        ConfigError
            When a role is not of this corpus.
        """
        team: dict[str, Any] = dict(_NOBODY)
        for role, count in who.items():
            if role not in self.people:
                near = nearest_name(role, self.people)
                raise ConfigError(
                    f"nobody in {self.name} has this role", key="role", value=role, nearest=near
                )
            leads = role == self.lead and count > 0
            if leads:
                team["lead"] = self.people[role].group(1, lead=True)
            if count > leads:
                team[self.group(role)] = self.people[role].group(count - leads)
        return load_scenario(
            {
                "extends": "symmetric_null",
                "name": self.name,
                "title": self.title,
                "team": team,
                "phases": {
                    "priority_setting": {"level": "collaborate", "minutes": minutes, "meetings": sessions}
                },
            }
        )

    def group(self, role: str) -> str:
        """Return what a role's group is called in the team."""
        return role.casefold().replace(" ", "_")

    def labels(self) -> dict[str, str]:
        """Return the role in the log of every group that a team may have."""
        named = {self.group(role): role for role in self.people}
        return {**named, "lead": self.lead} if self.lead else named


@cache
def _log(name: str) -> TurnLog:
    return shipped_log(name)


@cache
def corpora() -> Registry[Corpus]:
    """Return the corpora that come with cosim, by name.

    Raises
    ------
    ConfigError
        When a file is not a corpus.
    """
    folder = files("cosim.meeting_logs.corpora")
    found = Registry[Corpus]("corpus")
    for name in CORPORA:
        source = parse_yaml((folder / f"{name}.yaml").read_text(encoding="utf-8"), Path(f"{name}.yaml"))
        try:
            found.add(Corpus.model_validate(source.data))
        except ValidationError as error:
            raise config_errors_from_pydantic(error, source, Corpus) from error
    return found


def corpus(name: str) -> Corpus:
    """Return a corpus by name.

    Raises
    ------
    ConfigError
        With the nearest name.
    """
    return corpora().find(name)
