"""What was fitted, as a factor: rows of the posterior, so that what was estimated together is drawn together.

The sample is read as it lies in the package: making a design needs none of what made the fit.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from cosim.execution.factor import JointFactor
from cosim.scenario import parameters

FITTED: Final = "fitted_numbers"
_FILE: Final = Path(__file__).resolve().parents[1] / "calibration" / "fitted" / "posterior.csv"
_WEIGHT: Final = "weight"
SEVERAL: Final[Mapping[str, tuple[str, ...]]] = {
    "standing.rank_salience": ("standing.title_salience", "standing.expertise_salience"),
}
"""Columns of the sample that stand for several parameters; the others are called like theirs."""


@cache
def fitted_factor() -> JointFactor:
    """Return all that was fitted as a factor; rows in the order of their first principal component."""
    with _FILE.open(encoding="utf-8", newline="") as stream:
        head, *lines = csv.reader(stream)
    table = np.array(lines, dtype=np.float64)
    allowed = {record.key: record.allowed for record in parameters()}
    columns = {
        key: place
        for place, column in enumerate(head)
        for key in SEVERAL.get(column, (column,))
        if key in allowed  # what differs in a chat or among strangers is no parameter of a scenario
    }
    values, weights = table[:, list(columns.values())], table[:, head.index(_WEIGHT)]
    spread = values.std(axis=0)
    standard = (values - values.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    first = np.linalg.svd(standard, full_matrices=False)[2][0]
    # The sign of a component is arbitrary: the number that weighs most in it rises.
    first = first * np.sign(first[np.argmax(np.abs(first))])
    order = np.argsort(np.round(standard @ first, 9), kind="stable")
    return JointFactor(
        FITTED,
        "fitted",
        0.0,
        float(len(values) - 1),
        "int",
        unit="row",
        sentence=f"{len(columns)} numbers drawn together: a row of what was fitted to meetings and views.",
        weights=tuple(weights[order].tolist()),
        names=tuple(columns),
        rows=tuple(tuple(row) for row in values[order].tolist()),
        limited=tuple((float(allowed[key][0]), float(allowed[key][1])) for key in columns),
    )
