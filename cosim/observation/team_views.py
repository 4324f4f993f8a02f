"""A team's views beside its talk: who moved, who was heard, whose views are found in where it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cosim.calibration.fitted import fitted
from cosim.calibration.simulated_projects import patched
from cosim.engine.batch import run_compiled
from cosim.meeting_logs.people_file import People
from cosim.meeting_logs.roles import model_role
from cosim.meeting_logs.turn_log import NO_ROLE, TurnLog
from cosim.meeting_logs.turn_statistics import Floats
from cosim.meeting_logs.views_file import ViewTable
from cosim.observation.influence_model import InfluenceModel, InfluencePosterior
from cosim.observation.movement import Movement, agreement, movement
from cosim.observation.own_team import OwnTeams
from cosim.observation.view_blocks import EVERYONE, Blocks, blocks_of, regrouped
from cosim.outcomes import PERSON_COLUMNS
from cosim.scenario.plan import resolve

PUBLIC: Final = "public"
PROFESSIONALS: Final = "professionals"
MOST_ROLES: Final = 6
"""Of more roles than this, those are told apart that the model has."""

PRIOR_DRAWS: Final = 24
PRIOR_REPLICATES: Final = 8
_WORDS: Final[Mapping[str, str]] = {"patient": PUBLIC}


@dataclass(frozen=True)
class TeamViews:
    """All that views before and after say of a team.

    Attributes
    ----------
    table : ViewTable
    blocks : Blocks
    retest : float
        Correlation of answers if nothing happens.
    moved : Movement
    heeded : InfluencePosterior or None
        Whose views members moved to, by role, with the model's own prior; None where nobody's role is known,
        or all have one.
    neutral : InfluencePosterior or None
        The same with a prior that takes all roles as alike.
    prior : mapping of role to number
        How much more than usual a member of each role moves others in the model's simulated teams.
    voice : InfluencePosterior or None
        With an exponent of voice; None without a log.
    decision : InfluencePosterior or None
        Whose views beforehand are found in what was decided.
    gaps : DataFrame
        A row per role: role, people, group (public or professionals, '' where it cannot be told), equal,
        talk, heeded (median), heeded_low, heeded_high, gap (heeded less talk), gap_low, gap_high, below
        (probability that the gap is below 0), below_equal (that heeded is below equal), outcome,
        outcome_low, outcome_high; two further rows for the public and the professionals where both are
        there. Talk, gap and below are NaN without a log.
    agreement : DataFrame
        As `movement.agreement`; empty where not both are there.
    notes : tuple of str
    """

    table: ViewTable
    blocks: Blocks
    retest: float
    moved: Movement
    heeded: InfluencePosterior | None
    neutral: InfluencePosterior | None
    prior: Mapping[str, float]
    voice: InfluencePosterior | None
    decision: InfluencePosterior | None
    gaps: pd.DataFrame
    agreement: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def spoken(self) -> bool:
        """Whether it is known who spoke how much."""
        return len(self.gaps) > 0 and bool(self.gaps["talk"].notna().any())


def look_at_views(
    table: ViewTable,
    retest: float,
    *,
    log: TurnLog | None = None,
    people: People | None = None,
    teams: OwnTeams | None = None,
    decided: pd.DataFrame | None = None,
    seed: int = 1,
) -> TeamViews:
    """Say what views before and after show.

    Parameters
    ----------
    table : ViewTable
    retest : float
        Correlation of answers if nothing happens; `influence_model.RETEST` where it is not known.
    log : TurnLog, optional
        Of the meetings between; gives roles and talk.
    people : People, optional
        Roles of those who say nothing.
    teams : OwnTeams, optional
        The log's teams; without them all roles are taken as alike beforehand.
    decided : DataFrame, optional
        As `decisions_file.read_decisions` returns it.
    seed : int

    Raises
    ------
    ConfigError
        When no item has two people who answered beforehand, or none of them afterwards.
    """
    notes = list(table.notes)
    roles = _roles(table, log, people)
    table = table.with_roles(roles)
    notes += _strangers(table, log)
    shown = _shown_roles(table, notes)
    talk = {} if log is None else _talk(log, table)
    blocks = blocks_of(table, shown, talk=talk, decided=decided)
    models = [InfluenceModel(blocks, retest)]
    prior = _model_prior(teams, blocks, shown, roles, seed) if teams is not None else {}
    if len(blocks.roles) > 1:
        logs = np.array([np.log(prior.get(role, 1.0)) for role in blocks.roles])
        models.append(InfluenceModel(blocks, retest, prior=logs))
    neutral = models[0].fit(seed)
    heeded = models[-1].fit(seed) if prior else neutral
    voice = InfluenceModel(blocks, retest, voice=True).fit(seed) if talk else None
    decision = None
    if decided is not None:
        decision = InfluenceModel(blocks, retest, prior=models[-1].prior, decision=True).fit(seed)
    groups = {role: _group(role) for role in blocks.roles}
    both = {PUBLIC, PROFESSIONALS} <= set(groups.values())
    agreed = pd.DataFrame()
    if both and "" not in groups.values():
        agreed = agreement(regrouped(blocks, groups), PUBLIC, PROFESSIONALS, retest, seed=seed)
    return TeamViews(
        table,
        blocks,
        retest,
        movement(blocks, retest, seed=seed),
        heeded if len(blocks.roles) > 1 else None,
        neutral if len(blocks.roles) > 1 else None,
        prior,
        voice,
        decision if len(blocks.roles) > 1 else None,
        _gaps(heeded, blocks, groups, _role_talk(blocks, log)) if len(blocks.roles) > 1 else pd.DataFrame(),
        agreed,
        tuple(notes),
    )


def _roles(table: ViewTable, log: TurnLog | None, people: People | None) -> dict[str, str]:
    found = {
        str(who): str(role) for who, role in zip(table.frame["person"], table.frame["role"], strict=True)
    }
    for name in found:
        known = (people or People()).roles.get(name)
        if known:
            found[name] = known
    if log is not None:
        own = log.frame[log.frame["role"] != NO_ROLE].drop_duplicates("speaker")
        found |= {str(name): str(role) for name, role in zip(own["speaker"], own["role"], strict=True)
                  if name in found}  # fmt: skip
    return found


def _strangers(table: ViewTable, log: TurnLog | None) -> list[str]:
    if log is None:
        return []
    heard = set(log.frame["speaker"].astype(str))
    silent = [name for name in table.people if name not in heard]
    without = [name for name in sorted(heard) if name not in table.people]
    notes = []
    if silent:
        notes.append(
            f"gave views and said nothing in the log ({len(silent)}): {', '.join(map(repr, silent))}"
        )
    if without:
        told = ", ".join(map(repr, without))
        notes.append(f"spoke and gave no views, and are left out of what follows ({len(without)}): {told}")
    return notes


def _shown_roles(table: ViewTable, notes: list[str]) -> dict[str, str]:
    """Return which group each person is counted in."""
    roles = dict(zip(table.frame["person"].astype(str), table.frame["role"].astype(str), strict=True))
    if set(roles.values()) == {NO_ROLE}:
        notes.append("nobody's role is known, so that roles are not compared; a table of people gives them")
        return dict.fromkeys(roles, EVERYONE)
    if len(set(roles.values())) <= MOST_ROLES:
        return roles
    meant = {name: model_role(role) for name, role in roles.items()}
    notes.append(f"more than {MOST_ROLES} roles: they are put together as the model does")
    return {name: _WORDS.get(role, role) if role else "other" for name, role in meant.items()}


def _group(role: str) -> str:
    """Return whether a role is of the public or of the professionals; '' where it cannot be told."""
    meant = model_role(role)
    if role == PUBLIC or meant == "patient":
        return PUBLIC
    return PROFESSIONALS if meant is not None or role in (PROFESSIONALS, "expert") else ""


def _talk(log: TurnLog, table: ViewTable) -> dict[tuple[str, str], float]:
    """Return relative talk of whoever gave views, by meeting of the views.

    Views of a meeting that the log has are set beside that meeting's talk, others beside all.
    """
    people = table.people
    found = {}
    for meeting in table.frame["meeting"].astype(str).unique():
        frame = log.frame[log.frame["meeting"] == meeting] if meeting in log.meetings else log.frame
        words = frame.groupby("speaker")["words"].sum().reindex(list(people)).fillna(0.0)
        total = float(words.sum())
        for name in people:
            found[meeting, name] = float(words[name]) / total * len(people) if total > 0.0 else 1.0
    return found


def _role_talk(blocks: Blocks, log: TurnLog | None) -> Floats:
    if log is None:
        return np.full(len(blocks.roles), np.nan)
    words = (
        log.frame.groupby("speaker")["words"].sum().reindex(list(blocks.people)).fillna(0.0).to_numpy(float)
    )
    by_role = np.bincount(blocks.role_of, words, len(blocks.roles))
    total = by_role.sum()
    return np.asarray(by_role / total if total > 0.0 else np.full(len(by_role), np.nan))


def _gaps(
    posterior: InfluencePosterior, blocks: Blocks, groups: Mapping[str, str], talk: Floats
) -> pd.DataFrame:
    names = set(groups.values())
    sets = [(role, [place]) for place, role in enumerate(blocks.roles)]
    if {PUBLIC, PROFESSIONALS} <= names:
        for group in (PUBLIC, PROFESSIONALS):
            members = [place for place, role in enumerate(blocks.roles) if groups[role] == group]
            if len(members) > 1 or blocks.roles[members[0]] != group:
                sets.append((group, members))
    rows = []
    for name, members in sets:
        said = float(talk[members].sum())
        weights = posterior.weights[:, members].sum(axis=1)
        outcome = posterior.outcome[:, members].sum(axis=1)
        middle, low, high = posterior.interval(weights)
        end, end_low, end_high = posterior.interval(outcome)
        rows.append(
            {
                "role": name,
                "people": int(posterior.heads[members].sum()),
                "group": groups.get(name, name),
                "equal": float(posterior.equal[members].sum()),
                "talk": said,
                "heeded": middle,
                "heeded_low": low,
                "heeded_high": high,
                "gap": middle - said,
                "gap_low": low - said,
                "gap_high": high - said,
                "below": posterior.chance(weights < said) if np.isfinite(said) else float("nan"),
                "below_equal": posterior.chance(weights < posterior.equal[members].sum()),
                "outcome": end,
                "outcome_low": end_low,
                "outcome_high": end_high,
            }
        )
    return pd.DataFrame(rows)


def _model_prior(
    teams: OwnTeams, blocks: Blocks, shown: Mapping[str, str], roles: Mapping[str, str], seed: int
) -> dict[str, float]:
    """Return how much a member of each role moves others in simulated teams of the log, 1 being the usual.

    The numbers are rows of the packaged posterior. Roles that the simulated team has not are left
    out, and taken as usual.
    """
    if not teams.mapped or len(blocks.roles) < 2:
        return {}
    scenario = teams.project(teams.usual(), 60.0)
    names = list(teams.people)
    label = {teams.group(name): name for name in names}
    groups = [label.get(key, names[0]) for key, group in scenario.team.items() for _ in range(group.count)]
    if teams.lead is not None:
        lead = [bool(group.lead) for group in scenario.team.values() for _ in range(group.count)]
        groups = [teams.lead if led else name for led, name in zip(lead, groups, strict=True)]
    plan = resolve(scenario)[0]
    uptake = PERSON_COLUMNS.index("uptake_share")
    sums = np.zeros(len(groups))
    for place, changes in enumerate(fitted().sets("icsi", PRIOR_DRAWS, seed)):
        changed = patched(plan, changes)
        found = run_compiled(changed, range(PRIOR_REPLICATES), seed + place, people=True).people
        sums += np.nan_to_num(found[:, :, uptake]).mean(axis=0)
    share = sums / sums.sum() * len(groups)
    by_name = {name: float(np.mean(share[[g == name for g in groups]])) for name in set(groups)}
    held: dict[str, list[float]] = {}
    lead_name = teams.lead if teams.lead in names else None
    for person, group in shown.items():
        role = roles.get(person, "")
        known = by_name.get(role) or (by_name.get(lead_name) if lead_name == role and lead_name else None)
        if known:
            held.setdefault(group, []).append(known)
    return {group: max(float(np.mean(values)), 0.05) for group, values in held.items()}
