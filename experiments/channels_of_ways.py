"""What each way of working moves of influence, and through which channel.

Question
    What does each way of working do to the public's parity and to the inequality of influence, and how much
    of that is gone when one channel is switched off (`cosim.scenario.channels`)?

No claims are held here: `cosim interventions NAME` shows what the table says.  What goes through a channel is
the effect as it is less the effect with that channel off, replicate by replicate (same random numbers),
as the mean of three teams of the catalogue.  Channels overlap: their parts need not add up to the effect.

Run it
    python -m experiments.channels_of_ways [WAY ...]        writes cosim/interventions/through_channels.csv
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from cosim.analysis import mean_interval
from cosim.catalogue import load_scenario
from cosim.engine.batch import run_compiled
from cosim.execution.atomic_files import write_text
from cosim.interventions import INTERVENTIONS
from cosim.interventions.through_channels import AS_IT_IS, COLUMNS, FILE, OUTCOMES
from cosim.outcomes import OUTCOME_NAMES
from cosim.scenario.channels import CHANNELS, without
from cosim.scenario.plan import resolve

TEAMS: Final = ("research_team", "token_seat", "hostile_system")
SEED, REPLICATES = 20261130, 100
_AT: Final = [OUTCOME_NAMES.index(name) for name in OUTCOMES]


def outcomes_of(team: str, changes: Mapping[str, Any], *ways: str) -> Any:
    """Return the outcomes of a team of the catalogue, (replicates, outcomes)."""
    scenario = load_scenario(team).replace(dict(changes)).with_interventions(*ways)
    return run_compiled(resolve(scenario)[0], range(REPLICATES), SEED, people=False).runs[:, _AT]


def rows_of(ways: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the table's rows for some ways of working."""
    settings = {AS_IT_IS: {}, **{channel: without(channel) for channel in CHANNELS}}
    usual = {(team, name): outcomes_of(team, off) for team in TEAMS for name, off in settings.items()}
    rows = []
    for way in ways:
        effect = {
            name: np.mean([outcomes_of(team, off, way) - usual[team, name] for team in TEAMS], axis=0)
            for name, off in settings.items()
        }
        for name, found in effect.items():
            moved = found if name == AS_IT_IS else effect[AS_IT_IS] - found
            for column, outcome in enumerate(OUTCOMES):
                one = mean_interval(moved[:, column])
                numbers = (f"{value:.4f}" for value in (one.estimate, one.low, one.high))
                rows.append(dict(zip(COLUMNS, (way, name, outcome, *numbers), strict=True)))
    return rows


def main(ways: tuple[str, ...]) -> None:
    """Write the table that comes with the package: all of it, or the rows of some ways of working."""
    path = Path(str(FILE))
    rows: dict[str, list[str]] = {way: [] for way in INTERVENTIONS}
    for line in path.read_text(encoding="utf-8").splitlines()[1:] if path.exists() else ():
        rows.get(line.partition(",")[0], []).append(line)
    for way in ways:
        rows[way] = []
    for row in rows_of(ways):
        rows[row["way"]].append(",".join(row.values()))
    write_text(
        path, "\n".join([",".join(COLUMNS), *(line for each in rows.values() for line in each)]) + "\n"
    )


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or tuple(INTERVENTIONS))
