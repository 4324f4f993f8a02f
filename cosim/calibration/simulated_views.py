"""What simulated people think before and after they talked: the counterparts of surveys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from cosim.calibration.simulated_projects import bench_for, patched, run_on
from cosim.errors import CosimError
from cosim.mechanisms import agenda, facilitation
from cosim.mechanisms import random_streams as chance
from cosim.meeting_logs.turn_statistics import Floats
from cosim.model.stages.project import WEIGHS, place_of
from cosim.model.state import State
from cosim.patterns.surveys import Survey, survey
from cosim.patterns.views import Ints, Views, asked_again
from cosim.scenario import Scenario
from cosim.scenario.plan import Plan, resolve

_ROOM = 1 << 14


@dataclass
class SimulatedSurvey:
    """A survey's simulated counterpart.

    Parameters
    ----------
    name : str
        In `SURVEYS`.
    scenario : Scenario, optional
        Another than the survey's own, such as a null model of it.
    """

    name: str
    scenario: Scenario | None = None
    survey: Survey = field(init=False)
    _plan: Plan = field(init=False)

    def __post_init__(self) -> None:
        self.survey = survey(self.name)
        self._plan = resolve(self.scenario or self.survey.build())[0]

    def views(self, changes: Mapping[str, float], replicates: Iterable[int], seed: int) -> Views:
        """Return what everybody thinks, before and after, of the options that were talked about.

        Parameters
        ----------
        changes : mapping of dotted key to number
            Parameters that differ from the survey's.
        replicates : iterable of int
        seed : int
        """
        plan = patched(self._plan, changes)
        d, options = plan.meetings[0], int(plan.phases[0]["options"])
        items = int(agenda.slots(d["talk_minutes"], d["agenda_minutes_per_item"], options))
        bench = bench_for(plan, _ROOM)
        parts = []
        for replicate in replicates:
            one = run_on(bench, replicate, seed)
            kept = np.sort(one.state.agenda[:items])
            weighs = one.state.traits[:, WEIGHS : WEIGHS + 4]
            after = np.einsum("ik,oki->io", weighs, one.state.belief)[:, kept]
            turns = np.bincount(one.contributions["speaker"], minlength=len(weighs)).astype(np.float64)
            if self.survey.panels > 1:  # the ballots have gathered everyone at one table again
                _deal_again(plan, one.state, seed, replicate)
            told = one.state.views_before[:, kept], after, turns, one.state.sure, one.state.table
            parts.append([each.copy() for each in told])
        before, after, turns, sure, table = (np.array(each) for each in zip(*parts, strict=True))
        return self._in_panels(before, after, turns, sure, table)

    def _in_panels(self, before: Floats, after: Floats, turns: Floats, sure: Floats, table: Ints) -> Views:
        """Return the tables of each project as groups of their own."""
        panels, (projects, people) = self.survey.panels, turns.shape
        order = np.argsort(table, axis=1, kind="stable")
        if (
            panels > 1
            and not (np.sort(table, axis=1) == np.repeat(np.arange(panels), people // panels)).all()
        ):
            raise CosimError(f"the tables of the survey {self.name} are not all of one size")
        rows = np.arange(projects)[:, None]
        shape = (projects * panels, people // panels)
        turns = turns[rows, order].reshape(shape)
        total = turns.sum(axis=1, keepdims=True)
        sure = sure[rows, order].reshape(shape)
        spread = sure.std()
        return Views(
            before[rows, order].reshape(*shape, -1),
            after[rows, order].reshape(*shape, -1),
            np.repeat(np.arange(projects), panels),
            turns / np.where(total > 0.0, total, 1.0) * shape[1],
            (sure - sure.mean()) / (spread if spread > 0.0 else 1.0),
        )

    def surveyed(self, changes: Mapping[str, float], replicates: Iterable[int], seed: int) -> Views:
        """Return the same with errors of answering, where the survey has them."""
        found = self.views(changes, replicates, seed)
        if self.survey.retest is None:
            return found
        return asked_again(found, self.survey.retest, np.random.default_rng([seed, 7]))


def _deal_again(plan: Plan, state: State, seed: int, replicate: int) -> None:
    """Seat people at the tables of a meeting that was held in small groups which stayed the same."""
    d = plan.meetings[0]
    order = [
        chance.uniform(chance.draws(seed, replicate, chance.TABLES, 0, place_of(int(uid), 0))[0])
        for uid in plan.uid
    ]
    mix, size = int(d["facilitation_group_mix"]), int(d["facilitation_group_size"])
    facilitation.deal_tables(state.may, plan.is_public, plan.role, mix, size, order, state.table)
