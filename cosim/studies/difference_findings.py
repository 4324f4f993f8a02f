"""What a study of a difference found: its paired differences, its level, and what moves which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from cosim.execution.points import Sampled
from cosim.execution.stored_table import HeldTable
from cosim.formatting.words import and_list, quoted
from cosim.outcomes import outcome_in_sentence
from cosim.studies.arm_titles import intervention_title
from cosim.studies.results import KEYS, Results


@dataclass(frozen=True)
class Difference:
    """A study of a difference, taken apart.

    Attributes
    ----------
    paired : Results
        The same design with the paired differences as its outcomes.
    level : Results
        The same design under the second way of working alone.
    first, second : str
        What the two are called.
    """

    paired: Results
    level: Results
    first: str
    second: str


def difference_of(results: Results) -> Difference | None:
    """Return the paired differences of a study of a difference; None for a study of a level."""
    sides = results.notes.get("between")
    if sides is None:
        return None
    runs = results.runs.sort_values(["point", "replicate"], kind="stable")
    second = (runs["point"].to_numpy() % 2).astype(bool)
    ours, theirs = (runs.loc[which].reset_index(drop=True) for which in (~second, second))
    level = _halved(theirs)
    paired = level.copy()
    for outcome in results.outcomes:
        paired[outcome] = _without_dust(ours[outcome], theirs[outcome])
    if "error" in runs.columns:
        paired["error"] = ours["error"].where(ours["error"].notna(), theirs["error"])
    rows = results.design.sort_values("point", kind="stable")
    design = rows.loc[rows["point"] % 2 == 1].assign(arm=Sampled.ARM)
    design = design.assign(point=design["point"] // 2).reset_index(drop=True)
    names = tuple(_title(dict(side)) for side in sides)
    return Difference(
        replace(results, run_table=HeldTable(paired), design_table=HeldTable(design)),
        replace(results, run_table=HeldTable(level), design_table=HeldTable(design)),
        *names,
    )


def _without_dust(ours: pd.Series, theirs: pd.Series) -> pd.Series:
    """Return a paired difference to 12 digits of the outcome: what is beyond them is rounding, not effect.

    Without it a factor that moves both arms by exactly as much would seem to move their difference a little,
    and ever so clearly.
    """
    largest = float(np.nanmax(np.abs([ours.to_numpy(dtype=float), theirs.to_numpy(dtype=float)])))
    if not (np.isfinite(largest) and largest > 0):
        return ours - theirs
    return (ours - theirs).round(11 - int(np.floor(np.log10(largest))))


def _halved(runs: pd.DataFrame) -> pd.DataFrame:
    found = runs.assign(point=runs["point"] // 2, arm=Sampled.ARM)
    found["run"] = range(len(found))
    first = [name for name in KEYS if name in found.columns]
    return found[[*first, *(name for name in found.columns if name not in first)]]


def _title(doses: dict[str, float]) -> str:
    if not doses:
        return "business as usual"
    return " + ".join(
        quoted(intervention_title(name)) + ("" if dose == 1 else f" at dose {dose:g}")
        for name, dose in doses.items()
    )


def leverage_of(
    difference: Difference, moves: Sequence[str], level: Sequence[str], names: Mapping[str, str]
) -> tuple[str, ...]:
    """Say in words what moves the level, what moves the difference, and what does both.

    Parameters
    ----------
    difference : Difference
    moves, level : sequence of str
        Factors that clearly move the difference, and the level under the second way, largest first.
    names : mapping of str to str
        What factors are called.
    """
    both = [name for name in level if name in moves]
    told = [
        f"Level: what moves the outcome itself, with {difference.second}: {_listed(level, names)}. Leverage: "
        f"what moves the difference between {difference.first} and {difference.second}: "
        f"{_listed(moves, names)}."
    ]
    if level and not both:
        told.append(
            "Nothing that clearly moves the level clearly moves the difference: to measure what makes the "
            "outcome large would not help to choose."
        )
    elif both:
        told.append(f"Both: {_listed(both, names)}.")
    return tuple(told)


def _listed(keys: Sequence[str], names: Mapping[str, str]) -> str:
    return and_list([quoted(names[key]) for key in keys]) or "nothing clearly"


def about(results: Results, outcome: str) -> str:
    """Return what a study is about, inside a sentence: an outcome, or the difference of two ways in it."""
    sides = results.notes.get("between")
    what = outcome_in_sentence(outcome)
    if sides is None:
        return what
    first, second = (_title(dict(side)) for side in sides)
    return f"the difference in {what} between {first} and {second}"
