"""The model as it stands, by the names of the fit: its defaults, and how kinds of meeting differ.

Most free parameters of the fit are parameters of the model, and have its defaults. What differs in chat or
among strangers is no parameter of the model; it has its value from the posterior given turn logs, which alone
tell it.
"""

from __future__ import annotations

from functools import cache

from cosim.calibration.calibration import FREE, Free
from cosim.calibration.fitted import logs_alone
from cosim.catalogue import load_scenario
from cosim.meeting_logs.corpora import CORPORA
from cosim.scenario import Scenario


@cache
def mode_values() -> dict[str, float]:
    """Return the value of every free parameter of the fit: the model's default, or the posterior's median."""
    usual = load_scenario("research_team")
    return {one.prior.name: _default(one, usual) for one in FREE}


def is_mode(one: Free) -> bool:
    """Say whether a free parameter is a difference between kinds of meeting, none of the model's own."""
    return one.prior.name not in one.keys and one.where != CORPORA


def _default(one: Free, usual: Scenario) -> float:
    if is_mode(one):
        return logs_alone().medians()[one.prior.name]
    section, name = one.keys[0].split(".")
    return float(getattr(getattr(usual, section), name))
