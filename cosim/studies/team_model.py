"""The team model as what a study experiments on: design point to scenario to plan to runs.

Every point is resolved once and then run for all its replicates. Points of one world are run with the same
seed and the same replicate numbers (`world_seed`), so that arms are compared with the same random numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cosim.catalogue import load_scenario
from cosim.config.parameter import Parameter
from cosim.execution.chunks import blocks
from cosim.execution.design import Point
from cosim.execution.evaluator import Tables
from cosim.execution.factor import Factor
from cosim.execution.seeds import world_seed
from cosim.execution.settings import StudySettings
from cosim.interventions import INTERVENTIONS
from cosim.outcomes import OUTCOME_NAMES, PERSON_COLUMNS
from cosim.scenario import Scenario, parameters
from cosim.scenario.plan import Member, in_effect, resolve
from cosim.simulation.simulation import Engine, run_compiled, simulate

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
    """

    scenario: Scenario
    engine: Engine = "compiled"

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
        return tuple(INTERVENTIONS)

    def outcomes(self) -> Sequence[str]:
        """Return the names of all outcomes."""
        return OUTCOME_NAMES

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
            if point.changes != changes:
                changes, changed = point.changes, self.scenario.replace(point.changes)
            yield changed.with_interventions(point.interventions) if point.interventions else changed

    def __call__(self, points: Sequence[Point], replicates: range, seed: int) -> Tables:
        """Run every point for every replicate.

        Returns
        -------
        dict of DataFrame
            ``"runs"``: a row per point and replicate, a column per outcome.
            ``"people"``: a row per point, block of replicates and group of members, see :func:`group_rows`.
        """
        import pandas as pd

        runs: list[Floats] = []
        groups: list[tuple[Any, ...]] = []
        for point, scenario in zip(points, self.scenarios(points), strict=True):
            outcomes, people, members = self._run(scenario, replicates, world_seed(seed, point.world))
            runs.append(outcomes)
            for block in blocks(replicates):
                first = block.start - replicates.start
                part = people[first : first + len(block)]
                groups.extend(group_rows(part, members, point.point, block))
        table = pd.DataFrame(np.concatenate(runs), columns=list(OUTCOME_NAMES))
        table.insert(0, "point", np.repeat([point.point for point in points], len(replicates)))
        table.insert(1, "replicate", np.tile(np.asarray(replicates), len(points)))
        return {"runs": table, "people": pd.DataFrame(groups, columns=[*GROUP_KEYS, *PERSON_COLUMNS])}

    def _run(
        self, scenario: Scenario, replicates: range, seed: int
    ) -> tuple[Floats, Floats, Sequence[Member]]:
        plan, members = resolve(scenario)
        if self.engine == "compiled":
            rows = run_compiled(plan, replicates, seed)
            return rows.runs, rows.people, members
        result = simulate(scenario, replicates, seed, engine="reference")
        people = result.people[list(PERSON_COLUMNS)].to_numpy(dtype=np.float64)
        outcomes = result.runs[list(OUTCOME_NAMES)].to_numpy(dtype=np.float64)
        return outcomes, people.reshape(len(replicates), len(members), -1), members

    def why_no_factor(self, key: str) -> str | None:
        """Say why a parameter that exists cannot be a factor; None when there is none of this name."""
        found = next((record for record in parameters() if record.key == key), None)
        if found is None:
            return None
        if not found.numeric:
            words = ", ".join(str(word) for word in found.allowed)
            return f"is a choice of words ({words}) and has no range; use a sweep, or an arm for each word"
        return "has no plausible range of its own, or nothing in this scenario depends on it; use a sweep"

    @cached_property
    def _sound(self) -> set[str]:
        """What has been checked: the plain and the quick form of a config have most arms in common."""
        return set()

    @cached_property
    def _factors(self) -> tuple[Factor, ...]:
        found = (self._factor(record) for record in parameters())
        return tuple(factor for factor in found if factor is not None)

    def _factor(self, record: Parameter) -> Factor | None:
        """Return what a study may do with one parameter; None when it has no range, or nobody has it."""
        about: dict[str, Any] = {"unit": record.unit, "sentence": record.sentence}
        if not record.numeric:
            return None
        if record.kind == "lever":
            whole = isinstance(record.default, int)
            low, high = record.allowed
            return Factor(record.key, "lever", low, high, "int" if whole else "float", **about)
        if record.plausible is None or record.plausible[0] >= record.plausible[1]:
            return None
        settled = self._settled(record)
        if settled is None:
            return None
        return Factor(record.key, "uncertainty", *record.plausible, settled=settled, **about)

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
    if settings.counterfactual:
        from cosim.studies.counterfactual_team import CounterfactualTeam

        return CounterfactualTeam(scenario, settings.engine)
    return TeamModel(scenario, settings.engine)


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
