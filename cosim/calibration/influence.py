"""The second step of the fit: what views before and after say of floor and influence together.

The floor is fitted to turn logs first (`calibration`), which say nothing of whose view moved. What is
believed of it then is the prior of its numbers here, beside those of influence: Bayes' rule, one data set
after the other. Every simulation of the surveys has a floor of its own, which stays with its numbers of
influence, so that the posterior is one of all numbers given both data sets; views may change what is believed
of the floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosim.calibration.calibration import FREE, Free
from cosim.calibration.posterior import Posterior
from cosim.calibration.priors import Prior, UpdatedPriors
from cosim.calibration.simulated_views import SimulatedSurvey
from cosim.meeting_logs.turn_statistics import Floats
from cosim.patterns import Pattern, Target, patterns
from cosim.patterns.surveys import SURVEYS
from cosim.patterns.views import OF_VIEWS

PROJECTS: Final[Mapping[str, int]] = {
    "experts": 13,
    "forums": 18,
    "facts": 75,
    "facts_chat": 150,
    "scores": 50,
}
"""Simulated projects of each survey in the fit: about as many groups as were really observed."""


def _free(name: str, low: float, high: float, sentence: str) -> Free:
    return Free(Prior(name, low, high), (name,), sentence)


INFLUENCE: Final[tuple[Free, ...]] = (
    _free("knowledge.belief_noise", 0.1, 0.35, "How much people differ before they talk."),
    _free("arguments.step", 0.2, 4.0, "How far an argument moves whoever hears it for the first time."),
    _free("arguments.held", 0.2, 1.0, "How many experts hold an argument of their kind of knowledge."),
    _free("arguments.voiced", 0.01, 0.6, "How often a turn says the argument that its speaker holds."),
    _free("uptake.rate", 0.03, 1.0, "How far fresh voices pull, all others' together."),
    _free("uptake.voices", 1.5, 15.0, "How much further where one answer must come out."),
    _free("uptake.fading", 0.05, 0.95, "How much a position said again still weighs."),
    _free("uptake.certainty", 0.0, 1.5, "How much further whoever is surer pulls."),
    _free("uptake.reflection", 0.02, 0.5, "How much a day of thinking by oneself draws again."),
)
"""The free numbers of influence, in the order of the posterior's columns."""


@dataclass(frozen=True, slots=True)
class ViewAim:
    """One target of the fit: a statistic of views in a survey."""

    pattern: Pattern
    target: Target

    @property
    def survey(self) -> str:
        """The survey in which it was found."""
        return str(self.target.at["survey"])

    def half_width(self) -> float:
        """Return what counts as one unit of distance: half of what is accepted."""
        low, high = self.target.accepted()[0]
        return (high - low) / 2.0


def view_aims(without: tuple[str, ...] = ()) -> tuple[ViewAim, ...]:
    """Return every target about views before and after, but for those of some surveys.

    Also those that do not count in the validation, since noise alone comes near them: together with others
    they say how much of the change is noise.
    """
    return tuple(
        ViewAim(one, target)
        for one in patterns().values()
        for target in one.targets
        if "survey" in target.at and target.at["survey"] not in without
    )


EVERY: Final = (*FREE, *INFLUENCE)
"""The free numbers of both steps, in the order of the posterior's columns."""
IN_GROUPS: Final = tuple(one for one in FREE if "icsi" in one.where and one.how == "sets")
"""The floor's numbers in a standing group, whose values a scenario takes as they are."""
OWN_IN_CHAT: Final = ("speech.words_log_mean", "floor.returning")
"""A chat has lengths and replies of its own."""


def joint_priors(floor: Posterior) -> UpdatedPriors:
    """Return the priors of all numbers once the floor has been fitted to turn logs."""
    return UpdatedPriors([one.prior for one in EVERY], floor.theta, floor.weights)


def changes_in_views(name: str, values: Mapping[str, float]) -> dict[str, float]:
    """Return what fitted values change in the scenario of a survey; the floor is that of a standing group."""
    changes: dict[str, float] = {}
    for one in (*IN_GROUPS, *INFLUENCE):
        if one.prior.name in values and not (name == "facts_chat" and one.prior.name in OWN_IN_CHAT):
            changes.update(dict.fromkeys(one.keys, values[one.prior.name]))
    return changes


@dataclass
class ViewLikeness:
    """Simulates surveys under parameter sets; a `Simulator` for `abc_smc.fit`.

    Parameters
    ----------
    aims : tuple of ViewAim
    times : int
        So many times the projects of `PROJECTS`.
    """

    aims: tuple[ViewAim, ...] = field(default_factory=view_aims)
    times: int = 1
    _surveys: dict[str, SimulatedSurvey] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name in SURVEYS:
            if any(aim.survey == name for aim in self.aims):
                self._surveys[name] = SimulatedSurvey(name)

    @property
    def observed(self) -> Floats:
        """The targets' values."""
        return np.array([aim.target.values[0] for aim in self.aims])

    @property
    def scale(self) -> Floats:
        """One unit of distance of each."""
        return np.array([aim.half_width() for aim in self.aims])

    def summaries(self, values: Mapping[str, float], seed: int) -> Floats:
        """Return the simulated values of all targets; a number that is not given has the model's default."""
        views = {
            name: one.surveyed(changes_in_views(name, values), range(self.times * PROJECTS[name]), seed)
            for name, one in self._surveys.items()
        }
        return np.array(
            [OF_VIEWS[aim.target.statistic]([views[aim.survey]], aim.target.at) for aim in self.aims]
        )

    def __call__(self, theta: Floats, seeds: NDArray[np.int64], /) -> Floats:
        """Return the summaries of parameter sets, a column for each of `EVERY`; shape (m, s)."""
        names = [one.prior.name for one in EVERY]
        rows = [
            self.summaries(dict(zip(names, row.tolist(), strict=True)), int(seed))
            for row, seed in zip(theta, seeds, strict=True)
        ]
        return np.array(rows)
