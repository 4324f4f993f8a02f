"""The team model as what a study experiments on: design point to scenario to plan to runs.

Every point is resolved once and then run for all its replicates. Points of one world are run with the same
seed and the same replicate numbers (`world_seed`), so that arms are compared with the same random numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosim.catalogue import load_scenario
from cosim.config import plugins
from cosim.config.parameter import Parameter
from cosim.errors import ConfigError, nearest_name
from cosim.execution.chunks import blocks
from cosim.execution.design import Point
from cosim.execution.evaluator import Tables
from cosim.execution.factor import Factor, JointFactor, Role
from cosim.execution.points import Value
from cosim.execution.run_tables import EvaluatorError
from cosim.execution.seeds import world_seed
from cosim.execution.settings import StudySettings
from cosim.interventions.delivery import DeliveryNumber
from cosim.model.turn_records import log_table
from cosim.outcomes import COUNTERFACTUAL_NAMES, MEASURES, OUTCOME_NAMES, PERSON_COLUMNS, Project
from cosim.scenario import Scenario, parameters
from cosim.scenario.frozen import FrozenDict
from cosim.scenario.plan import Member, in_effect, resolve
from cosim.simulation.counterfactual import changed_decisions, of_roles
from cosim.simulation.own_agents import FACILITATOR, AgentClass, read_agents
from cosim.simulation.simulation import (
    NO_AGENTS,
    Agents,
    Engine,
    compiled_log,
    run_compiled,
    simulate,
)
from cosim.simulation.tables import people_table
from cosim.studies.delivered_ways import ways
from cosim.studies.fitted_numbers import fitted_factor
from cosim.studies.kind import TEAM
from cosim.studies.teams import REMOTELY, settled, team_changes, traits

Floats = NDArray[np.float64]
GROUP_KEYS = ("point", "replicate", "replicates", "role", "group", "members")


@dataclass(frozen=True)
class TeamModel:
    """A scenario, as the subject of a study.

    Attributes
    ----------
    scenario : Scenario
        What the points of a design change.
    engine : {"compiled", "reference"}
        The two give the same results.
    measures : tuple of str
        Outcomes of plugins that are measured beside cosim's own.
    agents : mapping of str to AgentClass
        Classes in the place of cosim's own, by role, or ``facilitator``; then the reference engine runs.
    stamps : tuple of str
        Plugins and classes that results depend on, as they are here; a worker must have the same ones.
    counterfactual : bool
        Measure, too, how many decisions change when a role's first views are all drawn again: the second
        definition of influence, which follows no ballots. It takes a further run of every project for each
        role.
    """

    scenario: Scenario
    engine: Engine = "compiled"
    measures: tuple[str, ...] = ()
    agents: Mapping[str, AgentClass] = field(default_factory=FrozenDict)
    stamps: tuple[str, ...] = ()
    counterfactual: bool = False

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return self.scenario.name

    def describe(self) -> Mapping[str, Any]:
        """Return the resolved scenario as plain data."""
        return self.scenario.to_dict()

    def factors(self) -> Sequence[Factor]:
        """Return every uncertain parameter, member attribute and lever, in the order of the records.

        What the scenario itself sets to another value than the default is marked as settled: it is part of
        what the scenario is, and sampled only where a config names it.
        """
        return self._factors

    def interventions(self) -> Sequence[str]:
        """Return the names of all interventions."""
        return tuple(self.scenario.known_interventions)

    def outcomes(self) -> Sequence[str]:
        """Return the names of all outcomes."""
        further = COUNTERFACTUAL_NAMES if self.counterfactual else ()
        return (*OUTCOME_NAMES, *self.measures, *further)

    def check(self, point: Point) -> None:
        """Raise ConfigError when a design point cannot be run on this team."""
        said = repr((point.changes, point.interventions))
        if said not in self._sound:
            [scenario] = self.scenarios([point])
            in_effect(scenario)
            self._sound.add(said)

    def scenarios(self, points: Sequence[Point]) -> Iterator[Scenario]:
        """Yield the scenario of each point; neighbours with the same changes share the work of checking.

        Raises
        ------
        ConfigError
            For an unknown key, a value that is not allowed, or interventions that contradict each other.
        """
        changes: Mapping[str, Any] = {}
        changed = self.scenario
        for point in points:
            shared = {key: value for key, value in point.changes.items() if key not in self._ways}
            if shared != changes:
                changes, changed = shared, self.scenario.replace(self._in_keys(shared))
            scenario = changed.with_interventions(point.interventions) if point.interventions else changed
            yield (
                scenario
                if len(shared) == len(point.changes)
                else scenario.with_delivery(self._delivery(point.changes))
            )

    def settle(self, drawn: dict[str, Value]) -> dict[str, Value]:
        """Return a drawn world in whole people: the share of the public is what its team really has."""
        return settled(self.scenario, drawn)

    def _in_keys(self, changes: Mapping[str, Value]) -> dict[str, Value]:
        """Return what a point changes by dotted keys: a team's traits become groups and phases.

        What the point says by its own key, an arm's above all, wins.
        """
        plain = {
            key: value for key, value in changes.items() if not key.startswith(TEAM) and key not in self._rows
        }
        if len(plain) == len(changes):
            return plain
        for key, row in changes.items():
            if key in self._rows:
                numbers = self._rows[key].numbers(_row_of(self._rows[key], row))
                plain = {**numbers, **plain}
            elif key.startswith(TEAM) and key not in self._traits:
                near = nearest_name(key, self._traits)
                raise ConfigError(
                    "teams have no such trait", key=key, allowed=", ".join(self._traits), nearest=near
                )
        team = team_changes(self.scenario, changes)
        return {**team, **plain, **{key: value for key, value in team.items() if key in REMOTELY}}

    def _delivery(self, changes: Mapping[str, Value]) -> dict[str, dict[str, float]]:
        found: dict[str, dict[str, float]] = {}
        for key, value in changes.items():
            if key in self._ways:
                number = self._ways[key]
                if isinstance(value, bool) or not isinstance(value, (int, float)):
                    raise ConfigError("must be a number", key=key, value=value)
                found.setdefault(number.intervention, {})[number.quantity] = float(value)
        return found

    def __call__(self, points: Sequence[Point], replicates: range, seed: int) -> Tables:
        """Run every point for every replicate.

        Returns
        -------
        dict of DataFrame
            ``"runs"``: a row per point and replicate, a column per outcome.
            ``"people"``: a row per point, block of replicates and group of members, see :func:`group_rows`.
        """
        import pandas as pd

        self._refuse_other_plugins()
        runs: list[Floats] = []
        groups: list[tuple[Any, ...]] = []
        for point, scenario in zip(points, self.scenarios(points), strict=True):
            outcomes, people, members = self._run(scenario, replicates, world_seed(seed, point.world))
            if self.measures:
                said = (scenario, members, world_seed(seed, point.world))
                outcomes = np.column_stack([outcomes, self._measured(said, replicates, outcomes, people)])
            if self.counterfactual:
                plan = resolve(scenario)[0]
                changed = changed_decisions(plan, replicates, world_seed(seed, point.world), of_roles(plan))
                outcomes = np.column_stack([outcomes, changed])
            runs.append(outcomes)
            for block in blocks(replicates):
                first = block.start - replicates.start
                part = people[first : first + len(block)]
                groups.extend(group_rows(part, members, point.point, block))
        table = pd.DataFrame(np.concatenate(runs), columns=list(self.outcomes()))
        table.insert(0, "point", np.repeat([point.point for point in points], len(replicates)))
        table.insert(1, "replicate", np.tile(np.asarray(replicates), len(points)))
        return {"runs": table, "people": pd.DataFrame(groups, columns=[*GROUP_KEYS, *PERSON_COLUMNS])}

    def _run(
        self, scenario: Scenario, replicates: range, seed: int
    ) -> tuple[Floats, Floats, Sequence[Member]]:
        plan, members = resolve(scenario)
        if self.engine == "compiled" and not self.agents:
            rows = run_compiled(plan, replicates, seed)
            return rows.runs, rows.people, members
        result = simulate(scenario, replicates, seed, engine="reference", agents=self._classes)
        people = result.people[list(PERSON_COLUMNS)].to_numpy(dtype=np.float64)
        outcomes = result.runs[list(OUTCOME_NAMES)].to_numpy(dtype=np.float64)
        return outcomes, people.reshape(len(replicates), len(members), -1), members

    def _measured(
        self,
        said: tuple[Scenario, Sequence[Member], int],
        replicates: range,
        outcomes: Floats,
        people: Floats,
    ) -> Floats:
        """Return (replicates, measures) of what plugins measure in finished projects."""
        scenario, members, seed = said
        wanted = [MEASURES.find(name) for name in self.measures]
        found = np.empty((len(replicates), len(wanted)))
        for row, replicate in enumerate(replicates):
            one = range(replicate, replicate + 1)
            log = None
            if any(measure.log for measure in wanted):
                log = self._log(scenario, members, replicate, seed)
            project = Project(
                people_table(people[row : row + 1], members, one).drop(columns="replicate"),
                log,
                dict(zip(OUTCOME_NAMES, outcomes[row].tolist(), strict=True)),
            )
            found[row] = [measure.value(project) for measure in wanted]
        return found

    def _log(self, scenario: Scenario, members: Sequence[Member], replicate: int, seed: int) -> Any:
        if self.engine == "compiled" and not self.agents:
            plan, _ = resolve(scenario)
            return log_table(compiled_log(plan, replicate, seed), [member.name for member in members])
        one = range(replicate, replicate + 1)
        return simulate(scenario, one, seed, engine="reference", log=True, agents=self._classes).log

    def _refuse_other_plugins(self) -> None:
        """Refuse to work where plugins are missing or other ones: results would be of another study.

        Raises
        ------
        EvaluatorError
            Naming them.
        """
        own = {one.stamp for one in self.agents.values()}
        wanted = set(self.stamps) - own
        missing = sorted(wanted - plugins.installed()) if wanted else []
        if missing:
            raise EvaluatorError(f"this worker lacks {', '.join(missing)}, which the study uses")

    @property
    def _classes(self) -> Agents:
        """The classes that stand in for cosim's own, as this process loads them: they are never sent."""
        kinds = {seat: one.load() for seat, one in self.agents.items()}
        facilitator = kinds.pop(FACILITATOR, None)
        return Agents(kinds, facilitator) if self.agents else NO_AGENTS

    def why_no_factor(self, key: str) -> str | None:
        """Say why a parameter that exists cannot be a factor; None when there is none of this name."""
        found = next((record for record in parameters() if record.key == key), None)
        if found is None:
            return None
        return "has no plausible range of its own, or nothing in this scenario depends on it; use a sweep"

    @cached_property
    def _sound(self) -> set[str]:
        """What has been checked: the plain and the quick form of a config have most arms in common."""
        return set()

    @cached_property
    def _factors(self) -> tuple[Factor, ...]:
        found = (self._factor(record) for record in parameters())
        plain = tuple(factor for factor in found if factor is not None)
        return (*plain, *self._fitted(plain), *self._delivered(), *traits(self.scenario))

    def _fitted(self, plain: Sequence[Factor]) -> Iterator[Factor]:
        """Yield what was fitted jointly, without what the scenario itself sets."""
        free = {factor.key for factor in plain if factor.role == "uncertainty" and not factor.settled}
        joint = fitted_factor().only(free)
        if joint.names:
            yield joint

    def _delivered(self) -> Iterator[Factor]:
        """Yield how interventions are delivered, without what the scenario itself says."""
        for key, number in self._ways.items():
            own = self.scenario.delivery.get(number.intervention, {})
            if number.low < number.high:
                yield Factor(
                    key, "way", number.low, number.high, unit=number.unit, shape=number.shape,
                    sentence=number.sentence, settled=number.quantity in own, usual=number.value,
                    bounds=number.allowed, of=number.intervention,
                )  # fmt: skip

    @cached_property
    def _ways(self) -> Mapping[str, DeliveryNumber]:
        return ways(self.scenario.known_interventions)

    @cached_property
    def _rows(self) -> Mapping[str, JointFactor]:
        return {factor.key: factor for factor in self._factors if isinstance(factor, JointFactor)}

    @cached_property
    def _traits(self) -> tuple[str, ...]:
        return tuple(factor.key for factor in self._factors if factor.role == "team")

    def _factor(self, record: Parameter) -> Factor | None:
        """Return what a study may do with one parameter; None when it has no range, or nobody has it."""
        about: dict[str, Any] = {"unit": record.unit, "sentence": record.sentence}
        if not record.numeric:
            return Factor(record.key, "design", kind="choice", choices=record.allowed, **about)
        if record.kind == "lever":
            whole = isinstance(record.default, int)
            low, high = record.allowed
            return Factor(record.key, "lever", low, high, "int" if whole else "float", **about)
        about |= {"usual": float(record.default), "bounds": record.allowed}
        if record.plausible is None or record.plausible[0] >= record.plausible[1]:
            return None
        settled = self._settled(record)
        if settled is None:
            return None
        role: Role = "price" if record.kind == "cost" else "uncertainty"
        return Factor(record.key, role, *record.plausible, settled=settled, **about)

    def _settled(self, record: Parameter) -> bool | None:
        """Say whether the scenario sets a parameter itself; None when nothing in it depends on it."""
        section, *rest = record.key.split(".")
        if section != "roles":
            return bool(getattr(getattr(self.scenario, section), rest[0]) != record.default)
        role, attribute = rest
        groups = [group for group in self.scenario.team.values() if group.role == role]
        if all(getattr(group, attribute) is not None for group in groups):
            return None
        return attribute in dict(self.scenario.roles).get(role, {})  # type: ignore[call-overload]


def team_model(wanted: str | Path | Mapping[str, Any], settings: StudySettings) -> TeamModel:
    """Make the subject of a study from what its config says under ``scenario``.

    Raises
    ------
    ConfigError
        When there is no such scenario, or it is not a valid one.
    """
    scenario = load_scenario(wanted)
    scenario = scenario.with_ways(settings.ways) if settings.ways else scenario
    agents = FrozenDict(read_agents(settings.agents)) if settings.agents else FrozenDict[str, AgentClass]()
    stamps = tuple(sorted(one.stamp for one in agents.values()))
    if settings.counterfactual and agents:
        raise ConfigError(
            "counterfactual influence is not available for agents of one's own",
            key="counterfactual",
            value=True,
        )
    return TeamModel(scenario, settings.engine, _measures(settings), agents, stamps, settings.counterfactual)


def _measures(settings: StudySettings) -> tuple[str, ...]:
    """Return the outcomes of plugins that a config names."""
    told = [*settings.outcomes, settings.precision.outcome]
    for own in settings.own_outcomes.values():
        told += re.findall(r"[a-z_][a-z0-9_]*", own.is_)
    if all(name in OUTCOME_NAMES for name in told):
        return ()
    return tuple(name for name in MEASURES if name in told)


def _row_of(joint: JointFactor, row: Value) -> int:
    if isinstance(row, bool) or not isinstance(row, int) or not 0 <= row < len(joint.rows):
        allowed = f"a row of the sample: 0 to {len(joint.rows) - 1}"
        raise ConfigError("there is no such row", key=joint.key, value=row, allowed=allowed)
    return row


def group_rows(
    people: Floats, members: Sequence[Member], point: int, replicates: range
) -> list[tuple[Any, ...]]:
    """Summarise the members of each group over replicates, so that a study's people table stays small.

    Parameters
    ----------
    people : ndarray, shape (replicates, N, columns)
        A row per member, in the order of `cosim.outcomes.PERSON_COLUMNS`.
    members : sequence of Member
        The N members.
    point : int
    replicates : range
        The replicates summarised.

    Returns
    -------
    list of tuple
        A row per group, with the columns `GROUP_KEYS` (``replicate`` is the first of those summarised,
        ``replicates`` how many they are), then each person column's mean over members and replicates. Rows
        of one point are put together with the weights ``replicates``; groups with the weights ``members``.
    """
    # Replicates one after the other: the sum, and so its last bit, does not depend on how memory lies.
    means = people.sum(axis=0) / len(replicates)
    groups = list(dict.fromkeys(member.group for member in members))
    rows = []
    for group in groups:
        own = [i for i, member in enumerate(members) if member.group == group]
        role = members[own[0]].role
        values = means[own].sum(axis=0) / len(own)
        rows.append((point, replicates[0], len(replicates), role, group, len(own), *values.tolist()))
    return rows
