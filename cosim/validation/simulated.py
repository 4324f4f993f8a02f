"""The statistics of patterns on simulated teams: not one number but the spread of samples of that size.

What was really observed is one sample: 51 meetings, 326 groups, 997 juries. The model is asked for many
samples of the same size and make-up, so that a target is seen beside what the model would show by chance.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from cosim.calibration.calibration import SIZES, changes_for
from cosim.calibration.counterparts import Counterparts, Team, teams_of
from cosim.calibration.defaults import mode_values
from cosim.calibration.simulated_projects import patched, simulated_log
from cosim.calibration.simulated_views import SimulatedSurvey
from cosim.errors import ConfigError
from cosim.meeting_logs.corpora import corpus
from cosim.meeting_logs.turn_statistics import Floats
from cosim.patterns import Pattern, Setup, Target
from cosim.patterns.array_statistics import OF_TALLIES, Tallies, tally, utterances_of
from cosim.patterns.statistics import Where
from cosim.patterns.surveys import survey
from cosim.patterns.views import OF_VIEWS, Views
from cosim.scenario.plan import Plan, resolve
from cosim.validation.answers import OF_ANSWERS, Answers, simulated_answers
from cosim.validation.mentions import mentioned, standardised_difference
from cosim.validation.null_models import WHOLE, Variant

PUZZLERS: Final = (3, 4, 5, 6)
"""Sizes of the groups whose answers are looked at."""


@dataclass(frozen=True)
class Effort:
    """How much is simulated.

    Attributes
    ----------
    samples : int
        Simulated samples of a corpus.
    groups : int
        Simulated groups of whose answers samples are drawn.
    projects : int
        Projects of each arm of a direction.
    seed : int
        1 or more.
    """

    samples: int = 100
    groups: int = 4000
    projects: int = 1000
    seed: int = 1

    def __post_init__(self) -> None:
        for key in ("samples", "groups", "projects", "seed"):
            if getattr(self, key) < (1 if key == "seed" else 10):
                raise ConfigError("too small", key=key, value=getattr(self, key))


QUICK: Final = Effort(samples=20, groups=600, projects=60)

GROUPS_EACH: Final = {"experts": 20, "forums": 40, "facts": 10, "facts_chat": 10, "scores": 10}
"""One project of a survey's pool takes the place of so many groups of an effort, by its cost."""

_OF_STATUS: Final = {"status_ratio": "role_ratio_turns", "status_ratio_words": "role_ratio_words"}


@dataclass(frozen=True)
class Sampled:
    """A statistic's values in simulated samples.

    Attributes
    ----------
    values : array of shape (samples, k)
        k is above 1 for shares by rank.
    size : int
        Groups in a sample.
    unit : str
        What is counted there: meetings, groups, projects, team.
    """

    values: Floats
    size: int
    unit: str

    @property
    def median(self) -> tuple[float, ...]:
        """Median over samples, leaving out those that say nothing."""
        return self._quantile(0.5)

    @property
    def interval(self) -> tuple[tuple[float, float], ...]:
        """Central 95 % of samples."""
        return tuple(zip(self._quantile(0.025), self._quantile(0.975), strict=True))

    def _quantile(self, at: float) -> tuple[float, ...]:
        known = self.values[~np.isnan(self.values).any(axis=1)]
        if not len(known):
            return (float("nan"),) * int(self.values.shape[1])
        found: list[float] = list(map(float, np.quantile(known, at, axis=0)))
        return tuple(found)


@dataclass
class Simulation:
    """The model, or a variant of it, asked for the statistics of patterns.

    Parameters
    ----------
    effort : Effort
    variant : Variant
    further : mapping of dotted key to number
        Parameters that differ from the defaults, such as a probed one.
    """

    effort: Effort = Effort()
    variant: Variant = WHOLE
    further: Mapping[str, float] = field(default_factory=dict)
    _tallies: dict[str, list[Tallies]] = field(init=False, default_factory=dict)
    _answers: dict[str, tuple[Answers, ...]] = field(init=False, default_factory=dict)
    _views: dict[str, Views] = field(init=False, default_factory=dict)

    def sample(self, one: Pattern, target: Target) -> Sampled:
        """Return a target's statistic in simulated samples.

        Raises
        ------
        ConfigError
            When the model has no way to that statistic.
        """
        assert one.setup is not None
        name = target.statistic
        if name in OF_ANSWERS:
            return self._of_answers(one.setup, target)
        if name in OF_VIEWS and one.setup.surveys is not None:
            return self._of_views(target)
        if name == "shared_bias":
            return self._of_mentions(one.setup, target)
        if name == "members":
            team = one.setup.build(changes=target.changes).team.values()
            counted = sum(group.count for group in team if group.role == target.at["role"])
            return Sampled(np.array([[float(counted)]]), 1, "team")
        if name not in OF_TALLIES and name not in _OF_STATUS:
            raise ConfigError("simulated teams do not tell this statistic", key=one.id, value=name)
        if one.setup.corpus is not None:
            return self._of_corpus(str(target.data or one.setup.corpus), target)
        return self._of_logs(one.setup, target)

    # ------------------------------------------------------------ turns

    def _of_corpus(self, name: str, target: Target) -> Sampled:
        if name not in self._tallies:
            teams = Counterparts(
                self.variant.corpus(corpus(name)), SIZES[name] if name == "delidata" else None
            )
            changes = {**changes_for(name, mode_values()), **self.further, **self.variant.numbers()}
            first = self.effort.seed * 10_000
            self._tallies[name] = [
                teams.simulate(changes, first + place) for place in range(self.effort.samples)
            ]
        every = self._tallies[name]
        size = len(every[0].n)
        if "n" in target.at:
            size = round(float(np.mean([(each.n == target.at["n"]).sum() for each in every])))
        return Sampled(_values(every, target.statistic, target.at), size, "meetings")

    def _of_logs(self, setup: Setup, target: Target) -> Sampled:
        key = _key(setup, target)
        if key not in self._tallies:
            samples = max(10, self.effort.samples // 4)
            scenario = self.variant.scenario(setup.build(changes={**target.changes, **self.further}))
            log = simulated_log(
                scenario,
                range(samples * setup.replicates),
                self.effort.seed,
                labels=setup.labels,
                facilitator=setup.facilitator,
            )
            counted = tally(utterances_of(log))
            sample = np.array([int(name[:-1]) // setup.replicates for name in log.meetings])
            self._tallies[key] = [counted.only(sample == place) for place in range(samples)]
        every = self._tallies[key]
        return Sampled(_values(every, target.statistic, target.at), len(every[0].n), "meetings")

    # ------------------------------------------------------------ views before and after

    def _of_views(self, target: Target) -> Sampled:
        name = str(target.at["survey"])
        real = survey(name)
        if name not in self._views:
            projects = range(max(2 * real.sample, self.effort.groups // GROUPS_EACH[name]))
            simulated = SimulatedSurvey(name, self.variant.scenario(real.build()))
            self._views[name] = simulated.surveyed(self.further, projects, self.effort.seed)
        pool = self._views[name]
        rng = np.random.default_rng(self.effort.seed)
        measure = OF_VIEWS[target.statistic]
        values = [
            [measure([pool.resampled(rng, real.sample)], target.at)] for _ in range(self.effort.samples)
        ]
        return Sampled(np.array(values), real.sample * real.panels, "groups")

    # ------------------------------------------------------------ answers and mentions

    def _of_answers(self, setup: Setup, target: Target) -> Sampled:
        key = _key(setup, target)
        if key not in self._answers:
            if setup.corpus is not None:
                self._answers[key] = self._puzzles(setup, target)
            else:
                plan = self._plan(setup, target)
                self._answers[key] = (simulated_answers(plan, range(self.effort.groups), self.effort.seed),)
        pool = self._answers[key]
        measure = OF_ANSWERS[target.statistic]
        total = sum(one.groups for one in pool)
        rng = np.random.default_rng(self.effort.seed)
        values = []
        for _ in range(self.effort.samples):
            drawn = [
                one.take(rng.integers(0, one.groups, max(1, round(setup.replicates * one.groups / total))))
                for one in pool
            ]
            values.append([measure(drawn, target.at)])
        return Sampled(np.array(values), setup.replicates, "groups")

    def _puzzles(self, setup: Setup, target: Target) -> tuple[Answers, ...]:
        """Return answers of counterparts of a corpus's groups, those of one size together."""
        name = str(setup.corpus)
        real = corpus(name)
        changes = {**changes_for(name, mode_values()), **self.further, **self.variant.numbers()}
        teams = teams_of(real, PUZZLERS)
        again = max(1, round(self.effort.groups / len(teams)))
        found = []
        for size in PUZZLERS:
            own = [team for team in teams if team.size == size]
            if not own:
                continue
            made = self.variant.corpus(real).scenario(dict(own[0].who))
            plan = patched(resolve(made.replace({**setup.changes, **target.changes}))[0], changes)
            parts = [
                simulated_answers(
                    _as_long_as(plan, team), range(place * again, (place + 1) * again), self.effort.seed
                )
                for place, team in enumerate(own)
            ]
            found.append(_joined(parts))
        return tuple(found)

    def _of_mentions(self, setup: Setup, target: Target) -> Sampled:
        plan = self._plan(setup, target)
        each = setup.replicates
        samples = min(self.effort.samples, max(10, self.effort.groups // each))
        shares = mentioned(plan, range(samples * each), self.effort.seed)
        values = [[standardised_difference(part)] for part in shares.reshape(samples, each, 2)]
        return Sampled(np.array(values), each, "groups")

    def _plan(self, setup: Setup, target: Target) -> Plan:
        built = setup.build(changes={**target.changes, **self.further})
        return resolve(self.variant.scenario(built))[0]


def _key(setup: Setup, target: Target) -> str:
    return json.dumps([setup.model_dump(), target.changes], default=str)


def _values(every: list[Tallies], statistic: str, at: Where) -> Floats:
    """Return a statistic of each sample; one in which shares cannot be ranked says nothing."""
    name, where = statistic, at
    if statistic in _OF_STATUS:
        name, where = _OF_STATUS[statistic], {"role": "high"}
    rows: list[tuple[float, ...]] = []
    for tallies in every:
        try:
            found = tallies.statistic(name, where)
        except ConfigError:
            found = float("nan")
        rows.append(found if isinstance(found, tuple) else (found,))
    width = max(len(row) for row in rows)
    return np.array([row if len(row) == width else (float("nan"),) * width for row in rows])


def _as_long_as(plan: Plan, team: Team) -> Plan:
    """Return a plan whose meeting has room for as many turns, on average, as a real group took."""
    rows = plan.meetings.copy()
    seconds = rows["speech_handover_seconds"] + 60.0 * plan.words.mean() / rows["speech_words_per_minute"]
    rows["talk_minutes"] = rows["planned_minutes"] = sum(team.turns) / len(team.turns) * seconds / 60.0
    return plan._replace(meetings=rows)


def _joined(parts: list[Answers]) -> Answers:
    columns: dict[str, Any] = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in Answers.__dataclass_fields__
    }
    return Answers(**columns)
