"""A project set up to a point, for tests of single stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cosim.catalogue import load_scenario
from cosim.mechanisms import decision
from cosim.model.model import readable
from cosim.model.stages.meeting import open_meeting
from cosim.model.stages.phase import begin_phase
from cosim.model.stages.project import begin_project
from cosim.model.state import State, new_state
from cosim.scenario import Scenario
from cosim.scenario.plan import Variation, resolve, unchanged

SEED = 9
TEAM = load_scenario("research_team")
NULL = load_scenario("symmetric_null")


@dataclass
class Room:
    """A plan, a state, and how far the project has come."""

    plan: Any
    state: State
    names: list[str]
    replicate: int
    variation: Variation
    level: int = decision.COLLABORATE
    items: int = 0

    def at(self, name: str) -> int:
        return self.names.index(name)


def started(scenario: Scenario, replicate: int = 0) -> Room:
    """People are drawn."""
    plan, members = resolve(scenario)
    options = int(plan.phases["options"].max())
    state = new_state(len(members), plan.base.shape[1], options, len(plan.constituency_uid))
    room = Room(readable(plan), state, [member.name for member in members], replicate, unchanged(plan))
    begin_project(room.plan, state, SEED, replicate)
    return room


def in_phase(scenario: Scenario, replicate: int = 0, phase: int = 0) -> Room:
    """The options are known, and what everyone thinks of them."""
    room = started(scenario, replicate)
    room.level = begin_phase(room.plan, room.state, room.variation, phase, SEED, replicate)
    return room


def in_meeting(scenario: Scenario, replicate: int = 0) -> Room:
    """The first meeting is open."""
    room = in_phase(scenario, replicate)
    room.items = open_meeting(room.plan, room.state, 0, room.level, SEED, replicate)
    return room


def many(make: Any, scenario: Scenario, of: Any, count: int = 300) -> np.ndarray:
    """What `of` sees in rooms of many replicates."""
    return np.array([of(make(scenario, replicate)) for replicate in range(count)])
