"""What the model's second edition says differently: the tables of docs/second_edition.md.

Question
    By which channels does influence come to be unequal, does it still when nobody is persuaded or no ballot
    bends, and does anybody gain influence by staying away?

No claims are held here: the page reports whatever the tables say.

Run it
    python -m experiments.second_edition docs/second_edition.md
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cosim.analysis import mean_interval
from cosim.catalogue import load_scenario
from cosim.reporting.generated import Parts, markdown_table, refill
from cosim.scenario.channels import CHANNELS, NULLS, without
from cosim.simulation import simulate

SEED, REPLICATES = 20261129, 400
SCENARIOS = ("research_team", "priority_setting_partnership", "token_seat", "co_chaired")
WAYS = ("round_robin", "names_without_titles", "ground_rules", "secret_ballot")
PARITY, GINI, PUBLIC, LEAD = "influence_parity_public", "influence_gini", "parts_public", "parts_lead"
ATTENDANCES = (1.0, 2 / 3, 1 / 3, 0.0)


@cache
def _runs(name: str, changes: tuple[tuple[str, Any], ...], way: str = "") -> pd.DataFrame:
    scenario = load_scenario(name).replace(dict(changes))
    if way:
        scenario = scenario.with_interventions(way)
    return simulate(scenario, replicates=REPLICATES, seed=SEED).runs.set_index("replicate")


def _interval(values: pd.Series[float], decimals: int, signed: bool = False) -> str:
    """Return a mean with its 95 % interval over replicates; pairs share their random numbers."""
    found = mean_interval(np.asarray(values, dtype=float))
    form = f"{'+' if signed else ''}.{decimals}f"
    return f"{found.estimate:{form}} ({found.low:{form}} to {found.high:{form}})"


def channel_table() -> str:
    """Return what each channel makes of the public's gap and the lead's part, scenario by scenario."""
    rows = []
    for name in SCENARIOS:
        as_it_is = _runs(name, ())
        rows.append([name, "as it is", _interval(as_it_is[PARITY], 2), _interval(as_it_is[LEAD], 1)])
        for channel in CHANNELS:
            off = _runs(name, _frozen(without(channel)))
            changed = [_interval(off[one] - as_it_is[one], n, True) for one, n in ((PARITY, 2), (LEAD, 1))]
            rows.append(["", f"{channel} off", *changed])
    return markdown_table(("scenario", "channel", "public's parity", "lead's parts of 100"), rows)


def null_table() -> str:
    """Return the effect of four ways of working on inequality, as it is and under both nulls."""
    rows = []
    for way in WAYS:
        cells = []
        for off in ((), *NULLS.values()):
            changes = _frozen(without(*off))
            with_it, as_usual = (_runs("research_team", changes, one)[GINI] for one in (way, ""))
            cells.append(_interval(with_it - as_usual, 3, True))
        rows.append([way, *cells])
    return markdown_table(("way of working", "as it is", *NULLS), rows)


def attendance_table() -> str:
    """Return the public's parts of 100 at four attendances, without and with ballots in writing."""
    rows = []
    for name in SCENARIOS:
        for written in (0.0, 1.0):
            cells = []
            for share in ATTENDANCES:
                changes = {"decision.written_ballots": written, **_attendance(name, share)}
                cells.append(_interval(_runs(name, _frozen(changes))[PUBLIC], 1))
            rows.append([name if not written else "", "in writing" if written else "none", *cells])
    heads = tuple(f"comes {share:.0%}" if share in (0, 1) else f"comes {share:.2f}" for share in ATTENDANCES)
    return markdown_table(("scenario", "ballots of the absent", *heads), rows)


def _attendance(name: str, share: float) -> dict[str, float]:
    team = load_scenario(name).team
    return {f"team.{group}.attendance": share for group, of in team.items() if of.role == "patient"}


def _frozen(changes: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(sorted(changes.items()))


PARTS: Parts = {"channels": channel_table, "nulls": null_table, "attendance": attendance_table}

if __name__ == "__main__":
    for given in sys.argv[1:]:
        refill(Path(given), PARTS)
