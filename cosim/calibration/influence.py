"""The influence half of the fit: which numbers are free, and what views before and after ask of them.

The floor is fitted to turn logs (`calibration`), which say nothing of whose view moved. Its posterior is
taken as it is: every simulation of a survey draws the floor's numbers from it. What comes out is a sample of
both halves together, in which views have not changed what is believed of the floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosim.calibration.calibration import FREE, Free
from cosim.calibration.fitted import fitted
from cosim.calibration.priors import Prior, Priors
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


@dataclass
class ViewLikeness:
    """Simulates surveys under parameter sets; a `Simulator` for `abc_smc.fit`.

    Parameters
    ----------
    aims : tuple of ViewAim
    floor : bool
        Whether the numbers of the floor are drawn from their posterior for every simulation; else they are
        the model's defaults.
    times : int
        So many times the projects of `PROJECTS`.
    """

    aims: tuple[ViewAim, ...] = field(default_factory=view_aims)
    floor: bool = True
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

    @property
    def priors(self) -> Priors:
        """The priors of the free numbers."""
        return Priors([one.prior for one in INFLUENCE])

    def summaries(self, values: Mapping[str, float], seed: int) -> Floats:
        """Return the simulated values of all targets."""
        floor = _floor(seed) if self.floor else {}
        views = {
            name: one.surveyed({**_heard_in(name, floor), **values}, range(self.times * PROJECTS[name]), seed)
            for name, one in self._surveys.items()
        }
        return np.array(
            [OF_VIEWS[aim.target.statistic]([views[aim.survey]], aim.target.at) for aim in self.aims]
        )

    def __call__(self, theta: Floats, seeds: NDArray[np.int64], /) -> Floats:
        """Return the summaries of parameter sets, shape (m, s)."""
        names = [one.prior.name for one in INFLUENCE]
        rows = [
            self.summaries(dict(zip(names, row.tolist(), strict=True)), int(seed))
            for row, seed in zip(theta, seeds, strict=True)
        ]
        return np.array(rows)


def _floor(seed: int) -> dict[str, float]:
    """Return a draw of the floor's numbers in a standing group, by their keys in the scenario."""
    posterior = fitted().posterior
    rng = np.random.default_rng([seed, 11])
    row = posterior.theta[rng.choice(len(posterior.weights), p=posterior.weights)]
    values = dict(zip(posterior.names, row.tolist(), strict=True))
    changes: dict[str, float] = {}
    for one in FREE:
        if "icsi" in one.where and one.how == "sets" and one.prior.name in values:
            changes.update(dict.fromkeys(one.keys, values[one.prior.name]))
    return changes


def _heard_in(name: str, floor: Mapping[str, float]) -> dict[str, float]:
    """Return what of the floor's numbers holds in a survey: a chat has lengths and replies of its own."""
    if name != "facts_chat":
        return dict(floor)
    own = ("speech.words_log_mean", "floor.returning")
    return {key: value for key, value in floor.items() if key not in own}
