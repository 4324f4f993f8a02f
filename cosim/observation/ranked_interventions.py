"""Which ways of working the model ranks first for an observed team: paired runs under its fitted floor.

Every draw from the posterior of the team's floor is a world; in each, every way of working is run with the
same random numbers as the same team without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cosim.calibration.simulated_projects import patched
from cosim.engine.batch import run_compiled
from cosim.errors import ConfigError
from cosim.interventions import INTERVENTIONS, Intervention
from cosim.outcomes import OUTCOME_NAMES
from cosim.scenario import Scenario
from cosim.scenario.plan import Plan, resolve

BASELINE: Final = "baseline"
RANKED_BY: Final = "influence_gini"
OUTCOMES: Final = (RANKED_BY, "influence_parity_public", "voice_gini", "minutes", "money")
"""Columns of the run table."""

DRAWS: Final = 32
REPLICATES: Final = 32

_ABOUT_PUBLIC: Final = (
    "agenda.public_slot",
    "attendance.payment",
    "facilitation.co_chair",
    "facilitation.consultation",
)
_SEAT: Final = "facilitation.level_table"


@dataclass(frozen=True)
class TeamWays:
    """What was run.

    Attributes
    ----------
    runs : DataFrame
        A row per run: run, point, world (a draw from the posterior), arm, replicate, and the outcomes.
    scenario : Scenario
        The team without any way of working.
    left_out : mapping of str to str
        Ways of working that were not tried, and why.
    idle : tuple of str
        Ways that changed no run's influence in this team.
    draws, replicates, seed : int
    """

    runs: pd.DataFrame
    scenario: Scenario
    left_out: Mapping[str, str]
    idle: tuple[str, ...]
    draws: int
    replicates: int
    seed: int


def team_ways(
    scenario: Scenario,
    draws: Sequence[Mapping[str, float]],
    *,
    replicates: int = REPLICATES,
    seed: int = 1,
    workers: int = 2,
) -> TeamWays:
    """Run a team with each way of working alone, and without any, under every draw.

    Parameters
    ----------
    scenario : Scenario
    draws : sequence of mapping of dotted key to number
        The team's floor, as drawn from its posterior.
    replicates : int
        Runs of each way of working under each draw.
    seed : int
        1 or more.
    workers : int
        Threads; results do not depend on it.

    Raises
    ------
    ConfigError
        When there are no draws.
    """
    if not draws:
        raise ConfigError("there is no draw to run under", key="draws")
    plans, left_out = _plans(scenario)
    parts = []
    for world, draw in enumerate(draws):
        for place, (name, plan) in enumerate(plans.items()):
            changed = patched(plan, draw)
            found = run_compiled(changed, range(replicates), seed + world, workers=workers, people=False).runs
            columns = {one: found[:, OUTCOME_NAMES.index(one)] for one in OUTCOMES}
            point = world * len(plans) + place
            parts.append(
                pd.DataFrame(
                    {
                        "run": point * replicates + np.arange(replicates),
                        "point": point,
                        "world": world,
                        "arm": name,
                        "replicate": np.arange(replicates),
                        **columns,
                    }
                )
            )
    runs = pd.concat(parts, ignore_index=True)
    return TeamWays(runs, scenario, left_out, _idle(runs), len(draws), replicates, seed)


def _plans(scenario: Scenario) -> tuple[dict[str, Plan], dict[str, str]]:
    """Return the plan of every arm, and why some have none."""
    plans = {BASELINE: resolve(scenario)[0]}
    left_out: dict[str, str] = {}
    public = scenario.count("patient") > 0
    for name, one in INTERVENTIONS.items():
        reason = _not_for(one, public)
        if reason is None:
            try:
                plans[name] = resolve(scenario.with_interventions(name))[0]
            except ConfigError as error:
                reason = error.message
        if reason is not None:
            left_out[name] = reason
    return plans, left_out


def _not_for(one: Intervention, public: bool) -> str | None:
    """Say why a way of working has no place in the comparison; None when it has."""
    keys = {effect.moves() for effect in one.effects}
    if keys == {_SEAT}:
        return "a log does not say who sat where, and a round table is assumed"
    for_public = any(effect.needs_public() for effect in one.effects) or keys & set(_ABOUT_PUBLIC)
    if not public and (for_public or one.name == "public_breakout"):
        return "it is for public contributors, and nobody in the log is known to be one"
    return None


def _idle(runs: pd.DataFrame) -> tuple[str, ...]:
    """Return the arms whose every run has exactly the influence of the same run without them."""
    table = runs.pivot_table(index=["world", "replicate"], columns="arm", values=RANKED_BY)
    same = table.eq(table[BASELINE], axis=0).all()
    return tuple(str(name) for name in runs["arm"].unique() if name != BASELINE and bool(same[name]))
