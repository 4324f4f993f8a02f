"""What was fitted, as factors: rows of a posterior, so that what was estimated together is drawn together."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

from cosim.calibration.calibration import FREE
from cosim.calibration.fitted.fitted import fitted
from cosim.calibration.fitted_influence import fitted_influence
from cosim.calibration.influence import INFLUENCE
from cosim.calibration.posterior import Posterior
from cosim.execution.factor import JointFactor
from cosim.scenario import parameters

TALK: Final = "fitted_talk"
INFLUENCED: Final = "fitted_influence"
_SPEECH: Final = "icsi"
"""The corpus whose kind of meeting is that of a scenario: a standing group that talks."""


def fitted_factors() -> tuple[JointFactor, ...]:
    """Return a factor for each half of the fit: who talks, and whose view moves."""
    return _factors()


@cache
def _factors() -> tuple[JointFactor, ...]:
    talk = {
        key: one.prior.name for one in FREE if _SPEECH in one.where and one.how == "sets" for key in one.keys
    }
    influence = {key: one.prior.name for one in INFLUENCE for key in one.keys}
    return (
        _joint(TALK, fitted().posterior, talk, "what talk in real meetings was fitted to"),
        _joint(
            INFLUENCED, fitted_influence().posterior, influence, "what views before and after were fitted to"
        ),
    )


def _joint(name: str, posterior: Posterior, columns: dict[str, str], about: str) -> JointFactor:
    """Return a posterior's sample as a factor; rows in the order of their first principal component."""
    allowed = {record.key: record.allowed for record in parameters()}
    keys = [key for key in columns if key in allowed and columns[key] in posterior.names]
    table = np.column_stack([posterior.column(columns[key]) for key in keys])
    spread = table.std(axis=0)
    standard = (table - table.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    first = np.linalg.svd(standard, full_matrices=False)[2][0]
    # The sign of a component is arbitrary: the number that weighs most in it rises.
    first = first * np.sign(first[np.argmax(np.abs(first))])
    order = np.argsort(np.round(standard @ first, 9), kind="stable")
    return JointFactor(
        name,
        "fitted",
        0.0,
        float(len(table) - 1),
        "int",
        unit="row",
        sentence=f"{len(keys)} numbers drawn together: a row of the sample of {about}.",
        weights=tuple(posterior.weights[order].tolist()),
        names=tuple(keys),
        rows=tuple(tuple(row) for row in table[order].tolist()),
        limited=tuple((float(allowed[key][0]), float(allowed[key][1])) for key in keys),
    )
