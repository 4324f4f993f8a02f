"""A real meeting log beside equal chance, beside simulated teams like it, and, if wanted, fitted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final, Literal

import pandas as pd

from cosim.calibration.calibration import changes_for
from cosim.calibration.fitted import fitted
from cosim.errors import ConfigError
from cosim.meeting_logs.people_file import People
from cosim.meeting_logs.turn_log import TurnLog
from cosim.meeting_logs.turn_statistics import LEAST_WORDS
from cosim.meeting_logs.views_file import ViewTable
from cosim.observation.fit_team import MOST_WORK, TeamFit, check_fit, fit_team
from cosim.observation.influence_model import RETEST
from cosim.observation.learning import Learned, learn
from cosim.observation.matched_simulations import LEAD_TURNS, LEAD_WORDS, AlikeLogs
from cosim.observation.next_meeting import NextMeeting, next_meeting
from cosim.observation.observation import COMPARED, Observation, observe, place
from cosim.observation.own_team import OwnTeams, own_teams
from cosim.observation.ranked_interventions import DRAWS, TeamWays, team_ways
from cosim.observation.team_views import TeamViews, look_at_views

Kind = Literal["standing", "strangers", "chat"]
KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {"standing": "icsi", "strangers": "ami", "chat": "delidata"}
)
"""Kinds of meeting, and the corpus whose differences from others each has: a group that meets again and
again, people brought together for one task, and written chat."""

_SHOWN: Final = (*COMPARED, LEAD_WORDS, LEAD_TURNS)
_FITTED: Final = 400
_MINUTES: Final = (10.0, 240.0)
_MOST_MEETINGS: Final = 6


@dataclass(frozen=True)
class Options:
    """How a log is looked at.

    Attributes
    ----------
    kind : {"standing", "strangers", "chat"}
    least : int or None
        Words below which an utterance is no floor turn; by default 3, in chat 1.
    lead : str or None
        The speaker who leads.
    seed : int
        Of all that is simulated; 1 or more.
    """

    kind: Kind = "standing"
    least: int | None = None
    lead: str | None = None
    seed: int = 1

    @property
    def words(self) -> int:
        """Words below which an utterance is no floor turn."""
        return self.least or (1 if self.kind == "chat" else LEAST_WORDS)


@dataclass(frozen=True)
class Asked:
    """What a team was asked.

    Attributes
    ----------
    views : ViewTable
    decided : DataFrame or None
        As `decisions_file.read_decisions` returns it.
    retest : float
        Correlation of answers if nothing happens.
    people : People
        Roles of those who gave views and said nothing.
    """

    views: ViewTable
    decided: pd.DataFrame | None = None
    retest: float = RETEST
    people: People = field(default_factory=People)


@dataclass(frozen=True)
class Likeness:
    """Where a log lies among simulations of it.

    Attributes
    ----------
    teams : OwnTeams
    simulated : DataFrame
        A row per simulation of the whole log.
    placed : DataFrame
        As `observe.place`.
    meetings : int
        Meetings that are compared.
    """

    teams: OwnTeams
    simulated: pd.DataFrame
    placed: pd.DataFrame
    meetings: int


@dataclass(frozen=True)
class Fitted:
    """A team's own floor, and what the model says of ways of working for it.

    Attributes
    ----------
    fit : TeamFit
    simulated : DataFrame
        A row per simulation of the log, each under one draw from the posterior.
    placed : DataFrame
    ways : TeamWays
    learned : Learned or None
        The packaged posterior of influence, weighted by the team's views.
    usual : TeamWays or None
        The same ways under the packaged posterior alone.
    next : NextMeeting or None
        What further records would be worth, where that was asked.
    """

    fit: TeamFit
    simulated: pd.DataFrame
    placed: pd.DataFrame
    ways: TeamWays
    learned: Learned | None = None
    usual: TeamWays | None = None
    next: NextMeeting | None = None


@dataclass(frozen=True)
class Observed:
    """All that was found.

    Attributes
    ----------
    log : TurnLog
    options : Options
    observation : Observation
    likeness : Likeness or None
        None where no simulated team can be like it; `why_not` says why.
    fitted : Fitted or None
    why_not : str
    views : TeamViews or None
        What members thought before and after, where they were asked.
    """

    log: TurnLog
    options: Options
    observation: Observation
    likeness: Likeness | None
    fitted: Fitted | None = None
    why_not: str = ""
    views: TeamViews | None = None


@dataclass(frozen=True)
class Surveyed:
    """What views before and after say without a log of the meeting between.

    Attributes
    ----------
    views : TeamViews
    seed : int
    """

    views: TeamViews
    seed: int


def look_at_survey(asked: Asked, seed: int = 1) -> Surveyed:
    """Say what views before and after show where nobody's talk is known.

    Raises
    ------
    ConfigError
        When no item has two people who answered beforehand, or none of them afterwards.
    """
    views = look_at_views(asked.views, asked.retest, people=asked.people, decided=asked.decided, seed=seed)
    return Surveyed(views, seed)


def look_at(
    log: TurnLog,
    options: Options | None = None,
    *,
    asked: Asked | None = None,
    fit: bool = False,
    then: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Observed:
    """Describe a log, place it among simulated teams of the same people and length, and fit it if wanted.

    Parameters
    ----------
    log : TurnLog
    options : Options, optional
    asked : Asked, optional
        What members thought before and after.
    fit : bool
        Whether the team's floor is estimated, and ways of working are compared under it.
    then : bool
        Whether it is also worked out what would be worth recording next.
    tell : callable, optional
        Told what is being done next.

    Raises
    ------
    ConfigError
        When the log cannot be a team's, or cannot be fitted though it should be.
    """
    options = options or Options()
    if fit:
        check_fit(_to_fit(log, options))
    observation = observe(log, least=options.words, seed=options.seed)
    changes = _changes(options.kind)
    try:
        teams = own_teams(log, least=options.words, lead=options.lead)
    except ConfigError as error:
        if fit or error.key == "lead":
            raise
        found = Observed(log, options, observation, None, why_not=str(error))
        return _with_views(found, asked, None, tell)
    alike = AlikeLogs(teams, changes)
    replicates = alike.replicates()
    tell(f"simulating the same people and turns {replicates:,} times ...")
    simulated = alike.table(replicates, options.seed)
    likeness = Likeness(teams, simulated, _placed(alike, simulated), alike.meetings)
    found = _with_views(Observed(log, options, observation, likeness), asked, teams, tell)
    if not fit:
        return found
    return replace(found, fitted=_fit(found, changes, asked, then, tell))


def _with_views(
    found: Observed, asked: Asked | None, teams: OwnTeams | None, tell: Callable[[str], None]
) -> Observed:
    if asked is None:
        return found
    tell("reading views before and after ...")
    views = look_at_views(
        asked.views,
        asked.retest,
        log=found.log,
        people=asked.people,
        teams=teams,
        decided=asked.decided,
        seed=found.options.seed,
    )
    return replace(found, views=views)


def project_minutes(observation: Observation) -> float:
    """Return how long a meeting of the log is: by its times, else by its words at 150 a minute; 10 to 240."""
    table = observation.meetings
    minutes = table["minutes"].where(table["minutes"] > 0.0, table["words"] / 150.0)
    low, high = _MINUTES
    return float(min(max(5.0 * round(float(minutes.median()) / 5.0), low), high))


def _fit(
    seen: Observed,
    changes: Mapping[str, float],
    asked: Asked | None,
    then: bool,
    tell: Callable[[str], None],
) -> Fitted:
    log, options = seen.log, seen.options
    tell("fitting the team's floor: about half a minute ...")
    teams = _to_fit(log, options)
    found = fit_team(teams, changes=changes, seed=options.seed)
    alike = AlikeLogs(teams, changes)
    simulated = alike.posterior_table(found.draws(_FITTED, options.seed), options.seed)
    usual = teams.usual()
    usual = type(usual)(usual.name, usual.who, usual.turns[:_MOST_MEETINGS])
    project = teams.project(usual, project_minutes(seen.observation))
    tell("weighing what is believed of influence by the team's views ...")
    learned = learn(
        project,
        found.posterior,
        found.lengths,
        seen.views,
        changes=changes,
        corpus=KINDS[options.kind],
        seed=options.seed,
    )
    tell("comparing ways of working for this team, and under the model's defaults ...")
    ways = team_ways(project, learned.draws(DRAWS, options.seed), seed=options.seed)
    default = team_ways(project, fitted().sets(KINDS[options.kind], DRAWS, options.seed), seed=options.seed)
    worth = None
    if then:
        tell("working out what would be worth recording next ...")
        retest = asked.retest if asked is not None else RETEST
        worth = next_meeting(learned, project, alike, retest=retest, seed=options.seed)
    return Fitted(found, simulated, _placed(alike, simulated), ways, learned, default, worth)


def _to_fit(log: TurnLog, options: Options) -> OwnTeams:
    return own_teams(log, least=options.words, lead=options.lead, most=MOST_WORK)


def _placed(alike: AlikeLogs, simulated: pd.DataFrame) -> pd.DataFrame:
    seen = alike.observed()
    return place({name: seen[name] for name in _SHOWN if name in seen}, simulated)


def _changes(kind: Kind) -> dict[str, float]:
    """Return how a kind of meeting differs from the model's defaults."""
    if kind == "standing":
        return {}
    from cosim.calibration.defaults import mode_values

    return changes_for(KINDS[kind], mode_values())
