"""The team of a user's own log in the model: who sits for whom, who leads, which meetings are one team's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pandas as pd
from pydantic import PrivateAttr

from cosim.calibration.counterparts import Team, teams_of
from cosim.catalogue import load_scenario
from cosim.errors import ConfigError, nearest_name
from cosim.meeting_logs.corpora import Corpus, Person, corpora
from cosim.meeting_logs.roles import model_role
from cosim.meeting_logs.turn_log import NO_ROLE, TurnLog
from cosim.meeting_logs.turn_statistics import LEAST_WORDS, meetings
from cosim.scenario import ATTRIBUTES, Scenario
from cosim.scenario.vocabulary import KINDS, Role

MOST_MEMBERS: Final = 60
"""The model has room for so many."""

MOST_WORK: Final = 80_000
"""Of a log that is longer than this, as `work` counts it, a part of its meetings is simulated."""

_WORK_OF_MEETING: Final = 200
_MOST_MEETINGS: Final = 20  # the model has room for 30 in a phase

_LEADS: Final = frozenset(("lead", "leader", "pi"))
_LEAD_PHRASES: Final = ("principal investigator", "chief investigator", "project manager")
_EVERYONE: Final = "member"
_LEAD: Final = "lead"
_ALIKE: Final = {"prestige": 0.5, "confidence": 0.6, "knowledge": 0.5}  # as in the corpora of peers


class OwnPerson(Person):
    """Someone whose role is known: what they know and weigh are the model's defaults for the role."""

    def group(self, count: int, *, lead: bool = False) -> dict[str, Any]:
        """Return a group of a scenario's team; nobody differs from the mean but in talkativeness."""
        return {
            "role": self.role,
            "count": count,
            "lead": lead,
            "spread": 0.0,
            "prestige": self.prestige,
            "confidence": self.confidence,
            "attendance": 1.0,
        }


class OwnTeams(Corpus):
    """The teams of a log: like a corpus that comes with cosim, but read from the user's own file.

    Meetings in which exactly the same people spoke are one team's; whoever meets in changing company is
    counted as another person each time.
    """

    _log: TurnLog = PrivateAttr()
    _team_of: dict[str, str] = PrivateAttr()
    _told: tuple[str, ...] = PrivateAttr(default=())

    def team(self, meeting: str) -> str:
        """Return which team held a meeting."""
        return self._team_of[meeting]

    def read(self) -> TurnLog:
        """Return the log, each speaker's role being a name in `people`."""
        return self._log

    def group(self, role: str) -> str:
        """Return what a role's group is called in the team: roles of a log may hold any character."""
        return f"role_{list(self.people).index(role) + 1}"

    @property
    def told(self) -> tuple[str, ...]:
        """How roles were understood, one sentence each."""
        return self._told

    @property
    def mapped(self) -> bool:
        """Whether roles set people apart in the simulated team."""
        return any(name not in (_EVERYONE, _LEAD) for name in self.people)

    def usual(self) -> Team:
        """Return the team whose composition is the most frequent; of several, the one that met first."""
        teams = teams_of(self)
        counts = Counter(team.who for team in teams)
        return max(teams, key=lambda team: (counts[team.who], -teams.index(team)))

    def project(self, team: Team, minutes: float) -> Scenario:
        """Return a whole project of such a team, with the powers that a lead has in `research_team`.

        Where nobody leads, everyone sets the agenda and nobody signs off. The table is round: a log does not
        say who sat where.

        Parameters
        ----------
        team : Team
        minutes : float
            Of each meeting.
        """
        alone = self.scenario(dict(team.who), len(team.turns), minutes)
        groups = {name: group.model_dump(exclude_none=True) for name, group in alone.team.items()}
        led = any(group.lead for group in alone.team.values())
        standard = load_scenario("research_team")
        absent = {name: None for name in standard.team if name not in groups}
        powers = {} if led else {"agenda": {"shared": 1.0}, "accountability": {"form": "none"}}
        return load_scenario(
            {
                "extends": "research_team",
                "name": "observed_team",
                "title": f"A team of {team.size} like the observed one",
                "question": "",
                "description": "Made from a meeting log by `cosim observe`.",
                "sources": [],
                "team": {**absent, **groups},
                "phases": {
                    **dict.fromkeys(standard.phases),
                    "priority_setting": {
                        "level": "collaborate",
                        "minutes": minutes,
                        "meetings": len(team.turns),
                    },
                },
                "facilitation": {"seating": "round", "level_table": 1.0},
                **powers,
            }
        )


def work(turns: float, meetings: int) -> float:
    """Return how long meetings take to simulate, in turns: getting ready for one counts as 200."""
    return turns + _WORK_OF_MEETING * meetings


def own_teams(
    log: TurnLog, *, least: int = LEAST_WORDS, lead: str | None = None, most: float = MOST_WORK
) -> OwnTeams:
    """Return the teams of a log, as far as they can be simulated.

    Roles are understood in this order: if every role is one of a corpus that comes with cosim, people are as
    there; if every role stands for one of the model's four, people have that role's defaults; if a single
    one cannot be told, all people are alike.

    Parameters
    ----------
    log : TurnLog
    least : int
        Words below which an utterance is no floor turn.
    lead : str, optional
        The speaker who leads. By default whoever's role says so.
    most : float
        Work (see `work`) beyond which a part of the meetings stands for all.

    Raises
    ------
    ConfigError
        When nobody of that name speaks, or no meeting can be simulated: fewer than two people or more than
        60, or nothing of `least` words.
    """
    if lead is not None and lead not in set(log.frame["speaker"]):
        speakers = sorted(set(log.frame["speaker"]))
        near = nearest_name(lead, speakers)
        raise ConfigError("nobody of this name speaks in the log", key="lead", value=lead, nearest=near)
    used, notes = _simulated(log, least, most)
    names = [str(role) for role in used.frame["role"].unique()]
    people, leading, told = _understood(names, lead)
    frame = used.frame
    if set(people) != set(names):
        frame = frame.assign(role=_EVERYONE)
    if lead is not None:
        frame = frame.assign(role=frame["role"].where(frame["speaker"] != lead, _LEAD))
        people, leading = {**people, _LEAD: _lead_like(used, lead, people)}, _LEAD
        told = (*told, f"{lead} leads.")
    elif leading is None:
        told = (*told, "Nobody's role says that they lead; the simulated team has no lead.")
    labels = set(frame["role"])
    teams = OwnTeams(
        name="own_log",
        title="The log's own teams",
        log="own_log",
        least=least,
        lead=leading if leading in labels else None,
        people={name: person for name, person in people.items() if name in labels},
    )
    teams._log = replace(used, frame=frame)
    teams._team_of = _team_of(used)
    teams._told = (*told, *_company(used, teams._team_of), *notes)
    return teams


def _simulated(log: TurnLog, least: int, most: float) -> tuple[TurnLog, tuple[str, ...]]:
    """Return the part of a log that the model can hold, and what was left out."""
    table = meetings(log, least)
    fits = table[(table["n"] >= 2) & (table["n"] <= MOST_MEMBERS) & (table["turns"] > 0)]
    if fits.empty:
        told = f"no meeting of the log {log.name} can be simulated"
        raise ConfigError(told, allowed=f"2 to {MOST_MEMBERS} people and at least one turn of {least} words")
    notes = []
    if len(fits) < len(table):
        notes.append(
            f"{len(table) - len(fits)} of {len(table)} meetings cannot be simulated and are left out."
        )
    total = work(float(fits["turns"].sum()), len(fits))
    if total > most:
        count = max(1, int(len(fits) * most / total))
        places = np.unique(np.linspace(0, len(fits) - 1, count).round().astype(int))
        notes.append(
            f"The log is long: {len(places)} of its {len(fits)} meetings, evenly spread, are simulated."
        )
        fits = fits.iloc[places]
    return (log if len(fits) == len(table) else log.only(fits["meeting"])), tuple(notes)


def _understood(
    names: Sequence[str], lead: str | None
) -> tuple[dict[str, Person], str | None, tuple[str, ...]]:
    """Return who people of these roles are, the role that leads, and a sentence about it."""
    for corpus in corpora().values():
        if corpus.lead is not None and set(names) <= set(corpus.people):
            people = {name: person for name, person in corpus.people.items() if name in names}
            leading = corpus.lead if corpus.lead in names else None
            told = (
                f"All roles occur in the {corpus.name.upper()} meetings, and people are simulated as there."
            )
            return people, leading, (told,)
    meant = {name: model_role(name) for name in names}
    unknown = [name for name, role in meant.items() if role is None]
    leading = next((name for name in names if _leads(name)), None)
    if not unknown:
        found: dict[str, Person] = {
            name: _of_role(role, name == leading) for name, role in meant.items() if role is not None
        }
        said = ", ".join(f"{name}: {'public contributor' if role == 'patient' else role}"
                         for name, role in meant.items())  # fmt: skip
        return found, leading, (f"Roles were understood as {said}.",)
    if set(names) == {NO_ROLE}:
        told = "The log gives no roles"
    else:
        shown = ", ".join(repr(name) for name in unknown[:5]) + (" ..." if len(unknown) > 5 else "")
        told = f"These roles are none that the model knows: {shown}"
    return (
        {_EVERYONE: Person(role="researcher", **_ALIKE)},
        None,
        (f"{told}; all people are simulated alike.",),
    )


def _leads(role: str) -> bool:
    text = " ".join(re.findall(r"[a-z]+", role.casefold()))
    return bool(_LEADS & set(text.split())) or any(phrase in text for phrase in _LEAD_PHRASES)


def _default(name: str, role: Role) -> float:
    return next(attribute.by_role[role] for attribute in ATTRIBUTES if attribute.name == name)


def _of_role(role: Role, leads: bool = False) -> OwnPerson:
    """Return someone with a role's defaults; a leading researcher is as the lead of `research_team`."""
    prestige, confidence = _default("prestige", role), _default("confidence", role)
    if leads and role == "researcher":
        standard = load_scenario("research_team").team["lead"]
        prestige, confidence = standard.prestige or prestige, standard.confidence or confidence
    knowledge = float(np.mean([_default(f"knows_{kind}", role) for kind in KINDS]))
    return OwnPerson(role=role, prestige=prestige, confidence=confidence, knowledge=knowledge)


def _lead_like(log: TurnLog, lead: str, people: Mapping[str, Person]) -> Person:
    """Return the named lead: as people of their role are, but leading."""
    roles = log.frame.loc[log.frame["speaker"] == lead, "role"]
    role = str(roles.iloc[0]) if len(roles) else ""
    person = people.get(role, next(iter(people.values())))
    return _of_role(person.role, leads=True) if isinstance(person, OwnPerson) else person


def _team_of(log: TurnLog) -> dict[str, str]:
    """Return which team held each meeting, called after its first; a team's project ends after 20 of them."""
    held: dict[frozenset[str], list[str]] = {}
    found: dict[str, str] = {}
    for name, speakers in log.frame.groupby("meeting", sort=False)["speaker"].unique().items():
        meetings_of = held.setdefault(frozenset(speakers), [])
        meetings_of.append(str(name))
        found[str(name)] = meetings_of[(len(meetings_of) - 1) // _MOST_MEETINGS * _MOST_MEETINGS]
    return found


def _company(log: TurnLog, team_of: Mapping[str, str]) -> tuple[str, ...]:
    """Say how many sets of people there are, and whether people meet in changing company."""
    if len(team_of) < 2:
        return ()
    company = log.frame.groupby("meeting", sort=False)["speaker"].unique().map(frozenset)
    sets = company.nunique()
    told = []
    if sets == 1:
        told.append("The same people spoke in all meetings: they are simulated as one team.")
    else:
        told.append(f"{sets:,} sets of people spoke; each is simulated as a team of its own.")
    teams = pd.DataFrame({"speaker": log.frame["speaker"], "set": log.frame["meeting"].map(company)})
    changing = int((teams.drop_duplicates().groupby("speaker").size() > 1).sum())
    if changing:
        told[-1] += f" {changing:,} people belong to several of them, and are counted again in each."
    if len(set(team_of.values())) > sets:
        most = _MOST_MEETINGS
        told.append(f"Of more than {most} meetings of the same people, each {most} are one project.")
    return tuple(told)
