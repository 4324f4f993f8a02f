"""Simulated counterparts of real meetings: the same people by role, and as many floor turns.

Small meetings look unequal by chance alone, and shares depend on size; so the model is compared with a real
meeting only through a meeting of its own of the same size, composition and length.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from cosim.calibration.simulated_projects import bench_for, patched, run_on, whole_words
from cosim.engine.batch import Bench
from cosim.errors import ConfigError
from cosim.meeting_logs.corpora import Corpus
from cosim.meeting_logs.turn_statistics import Floats, meetings, people
from cosim.patterns.array_statistics import Ints, Tallies, Utterances, floor_turns, tally
from cosim.scenario.plan import Member, Plan, resolve

_SPARE: Final = (1.4, 2.0, 3.0, 5.0)
"""Simulated turns for each floor turn: some are too short to count, and two of one speaker become one.

Where people who talk at length use up the time before there are enough, the meetings are held again, longer.
"""


@dataclass(frozen=True)
class Team:
    """A real team, as far as its counterpart needs it.

    Attributes
    ----------
    name : str
    who : tuple of (role in the log, int)
    turns : tuple of int
        Floor turns of each of its meetings, in order.
    """

    name: str
    who: tuple[tuple[str, int], ...]
    turns: tuple[int, ...]

    @property
    def size(self) -> int:
        """Number of people."""
        return sum(count for _, count in self.who)


def teams_of(corpus: Corpus, sizes: Iterable[int] | None = None) -> tuple[Team, ...]:
    """Return the teams of a corpus, of some sizes or of all.

    A team of several meetings has the people of its first; meetings in which fewer than two spoke, or
    without floor turns, are left out.
    """
    log = corpus.read()
    wanted = None if sizes is None else set(sizes)
    person = people(log, corpus.least)
    present = {
        str(name): rows["role"].value_counts().to_dict()
        for name, rows in person.groupby("meeting", sort=False)
    }
    turns = meetings(log, corpus.least).set_index("meeting")["turns"]
    held: dict[str, list[str]] = {}
    for meeting in log.meetings:
        if turns[meeting] > 0 and sum(present[meeting].values()) >= 2:
            held.setdefault(corpus.team(meeting), []).append(meeting)
    found = []
    for name, names in held.items():
        first = present[names[0]]
        who = tuple((role, int(first[role])) for role in corpus.people if role in first)
        team = Team(name, who, tuple(int(turns[one]) for one in names))
        if wanted is None or team.size in wanted:
            found.append(team)
    return tuple(found)


@dataclass
class Counterparts:
    """The simulated counterparts of a corpus's teams.

    Parameters
    ----------
    corpus : Corpus
    sizes : iterable of int, optional
        Only teams of these sizes.
    repeats : int
        Counterparts of each team.
    """

    corpus: Corpus
    sizes: Iterable[int] | None = None
    repeats: int = 1
    teams: tuple[Team, ...] = field(init=False)
    _plans: dict[tuple[tuple[tuple[str, int], ...], int], tuple[Plan, tuple[Member, ...]]] = field(
        init=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        self.teams = teams_of(self.corpus, self.sizes)
        if not self.teams:
            raise ConfigError(f"{self.corpus.name} has no team of these sizes", key="sizes")
        if self.repeats < 1:
            raise ConfigError("must be at least 1", key="repeats", value=self.repeats)

    def simulate(self, changes: Mapping[str, float | str], seed: int = 1) -> Tallies:
        """Simulate every team's meetings and count them.

        Parameters
        ----------
        changes : mapping of dotted key to number
            Parameters that differ from the defaults; also ``floor.rule``, by its code.
        seed : int

        Returns
        -------
        Tallies
            A row per meeting, cut to as many floor turns as the real one had; team by team, the
            counterparts of one team after another.
        """
        numbers = {key: float(value) for key, value in changes.items()}
        seats = max(team.size for team in self.teams)
        parts: list[tuple[Ints, Ints, Floats]] = []  # meeting, speaker, words
        roles: list[list[str]] = []
        teams: list[int] = []
        limits: list[int] = []
        held = 0
        labels = self.corpus.labels()
        benches: dict[int, Bench] = {}
        longest = max(sum(team.turns) for team in self.teams)
        for place, team in enumerate(self.teams):
            plan, members = self._plan(team)
            if id(plan) not in benches:
                benches[id(plan)] = bench_for(patched(plan, numbers), int(1.5 * _SPARE[-1] * longest) + 100)
            bench = benches[id(plan)]
            row = [labels[member.group] for member in members] + [""] * (seats - len(members))
            first = place * self.repeats
            for replicate in range(first, first + self.repeats):
                met, speaker, words = self._hold(bench, team, replicate, seed)
                parts.append((met + held, speaker, words))
                held += len(team.turns)
                roles += [row] * len(team.turns)
                teams += [replicate] * len(team.turns)
                limits += team.turns
        meeting, speaker, words = (np.concatenate(each) for each in zip(*parts, strict=True))
        said = Utterances(
            meeting,
            speaker,
            words,
            np.array(roles, dtype=np.str_),
            np.array(teams, dtype=np.int64),
            np.array(limits, dtype=np.int64),
        )
        return tally(said, self.corpus.least)

    def _hold(self, bench: Bench, team: Team, replicate: int, seed: int) -> tuple[Ints, Ints, Floats]:
        """Return meeting, speaker and words of a team's turns.

        They hold as many floor turns as the team took, if five times as many turns give them.
        """
        for spare in _SPARE:
            lengthen(bench.plan, team.turns, spare)
            one = run_on(bench, replicate, seed)
            log = one.spoken
            meeting, speaker = log["meeting"].astype(np.int64), log["speaker"].astype(np.int64)
            words = whole_words(log["words"])
            begun = meeting[floor_turns(meeting, speaker, words, self.corpus.least)]
            if (np.bincount(begun, minlength=len(team.turns)) >= team.turns).all():
                break
        return meeting, speaker, words

    def _plan(self, team: Team) -> tuple[Plan, tuple[Member, ...]]:
        """Return the team's plan; teams alike share one."""
        key = (team.who, len(team.turns))
        if key not in self._plans:
            self._plans[key] = resolve(self.corpus.scenario(dict(team.who), len(team.turns)))
        return self._plans[key]


def lengthen(plan: Plan, turns: tuple[int, ...], spare: float) -> None:
    """Make a plan's meetings long enough for so many floor turns each, at `spare` simulated turns for one."""
    rows = plan.meetings
    wanted = spare * np.asarray(turns, dtype=np.float64) + 5.0
    seconds = rows["speech_handover_seconds"] + 60.0 * plan.words.mean() / rows["speech_words_per_minute"]
    minutes = wanted * (1.0 + 2.0 / np.sqrt(wanted)) * seconds / 60.0
    rows["talk_minutes"] = rows["planned_minutes"] = minutes
