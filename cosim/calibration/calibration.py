"""Calibration: which parameters are free, what they must reproduce, and the fit on the compiled engine.

One set of parameters serves every corpus; where kinds of meeting differ, the difference is a parameter with a
name. The targets are the patterns' own (those computed on the bundled logs), each in units of its tolerance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cosim.calibration.counterparts import Counterparts
from cosim.calibration.priors import Prior, Priors
from cosim.errors import ConfigError
from cosim.meeting_logs.corpora import CORPORA, corpus
from cosim.meeting_logs.turn_statistics import Floats
from cosim.patterns import Pattern, Target, patterns
from cosim.patterns.array_statistics import Tallies

SPEECH: Final = ("icsi", "ami")
STRANGERS: Final = ("ami", "delidata")
CHAT: Final = ("delidata",)
SIZES: Final[Mapping[str, tuple[int, ...] | None]] = {
    "icsi": (5, 6, 7, 8),
    "ami": None,
    "delidata": (3, 4, 5),
}
"""Group sizes that have enough meetings to compare with."""
REPEATS: Final[Mapping[str, int]] = {"icsi": 1, "ami": 1, "delidata": 1}
"""Counterparts of each team in the fit: one, so that a simulated corpus has the noise of the real one."""


@dataclass(frozen=True, slots=True)
class Free:
    """A parameter that the fit may move.

    Attributes
    ----------
    prior : Prior
        Its name is what the posterior's column is called.
    keys : tuple of str
        Parameters of the scenario that it sets, or multiplies.
    where : tuple of str
        Corpora in which it holds.
    how : {"sets", "multiplies"}
    sentence : str
        What it means, and why it may differ where it does.
    """

    prior: Prior
    keys: tuple[str, ...]
    sentence: str
    where: tuple[str, ...] = CORPORA
    how: Literal["sets", "multiplies"] = "sets"


FREE: Final[tuple[Free, ...]] = (
    Free(
        Prior("floor.talkativeness_spread", 0.3, 1.3),
        ("floor.talkativeness_spread",),
        "How much people differ in how readily they speak, in a standing group.",
    ),
    Free(
        Prior("floor.engagement_spread", 0.0, 1.2),
        ("floor.engagement_spread",),
        "How much a person's readiness to speak differs from item to item and day to day.",
    ),
    Free(
        Prior("strangers.spread_factor", 0.1, 1.0),
        ("floor.talkativeness_spread", "floor.engagement_spread"),
        "By how much less people differ, lastingly and by item, whom one task new to all brings together.",
        where=STRANGERS,
        how="multiplies",
    ),
    Free(
        Prior("floor.returning", 0.5, 6.0),
        ("floor.returning",),
        "How much likelier the floor returns to the previous-but-one speaker, in speech.",
        where=SPEECH,
    ),
    Free(
        Prior("chat.returning", -0.6, 0.4),
        ("floor.returning",),
        "The same in chat, where several write at once and whoever wrote last is busy reading.",
        where=CHAT,
    ),
    Free(
        Prior("standing.leadership_salience", 0.2, 1.0),
        ("standing.leadership_salience",),
        "How much being the lead counts as a status characteristic.",
    ),
    Free(
        Prior("standing.rank_salience", 0.2, 1.0),
        ("standing.title_salience", "standing.expertise_salience"),
        "How much title and recognised expertise count, which go together in academic rank.",
    ),
    Free(
        Prior("speech.length_by_standing", 0.0, 0.95),
        ("speech.length_by_standing",),
        "How much longer turns get with standing.",
    ),
    Free(
        Prior("speech.words_log_mean", 1.9, 2.7),
        ("speech.words_log_mean",),
        "Mean of the log number of words of a spoken turn.",
        where=SPEECH,
    ),
    Free(
        Prior("speech.words_log_sd", 0.8, 1.3),
        ("speech.words_log_sd",),
        "SD of the log number of words of a turn.",
    ),
)
"""The free parameters, in the order of the posterior's columns."""

CHAT_LENGTH: Final = {"speech.words_log_mean": 1.94, "speech.interruption": 0.0}
"""A message: half are of 8 words or fewer (DeliData, all 7,278 turns); nobody can be cut short."""


def changes_for(name: str, values: Mapping[str, float], free: Iterable[Free] = FREE) -> dict[str, float]:
    """Return what fitted values change in the scenarios of a corpus.

    Parameters
    ----------
    name : str
        The corpus.
    values : mapping of a free parameter's name to its value
    free : iterable of Free
    """
    changes: dict[str, float] = dict(CHAT_LENGTH) if name in CHAT else {}
    for one in free:
        if name in one.where and one.prior.name in values:
            for key in one.keys:
                value = values[one.prior.name]
                changes[key] = changes[key] * value if one.how == "multiplies" else value
    return changes


@dataclass(frozen=True, slots=True)
class Aim:
    """One target of the fit: the statistic of a pattern on a corpus."""

    pattern: Pattern
    target: Target

    @property
    def corpus(self) -> str:
        """The corpus on which it was computed."""
        return str(self.target.data)

    def scale(self) -> Floats:
        """Return what counts as one unit of distance: the tolerance; several values count as one together."""
        low, high = np.array(self.target.accepted()).T
        return np.asarray((high - low) / 2.0 * np.sqrt(len(self.target.values)), dtype=np.float64)

    def simulated(self, tallies: Tallies) -> Floats:
        """Return the simulated values; NaN where no meeting tells."""
        try:
            found = tallies.statistic(self.target.statistic, self.target.at)
        except ConfigError:
            return np.full(len(self.target.values), np.nan)
        values = np.atleast_1d(np.asarray(found, dtype=np.float64))
        return values if len(values) == len(self.target.values) else np.full(len(self.target.values), np.nan)


def aims(
    which: Iterable[str] = CORPORA,
    without: Iterable[tuple[str, int]] = (),
    *,
    gates: bool = True,
) -> tuple[Aim, ...]:
    """Return the targets of the fit: those of the patterns that were computed on these corpora.

    Parameters
    ----------
    which : iterable of str
        Corpora.
    without : iterable of (corpus, size)
        Targets about groups of these sizes are left out.
    gates : bool
        Only those that count as a gate.
    """
    wanted, left_out = set(which), set(without)
    return tuple(
        Aim(one, target)
        for one in patterns().values()
        for target in one.targets
        if target.data in wanted
        and (one.gates(target) or not gates)
        and (str(target.data), int(target.at.get("n", 0))) not in left_out
    )


@dataclass
class Likeness:
    """Simulates parameter sets and summarises them by the targets; a `Simulator` for `abc_smc.fit`."""

    aims: tuple[Aim, ...]
    free: tuple[Free, ...] = FREE
    repeats: Mapping[str, int] = field(default_factory=lambda: REPEATS)
    fixed: Mapping[str, float] = field(default_factory=dict)
    _counterparts: dict[str, Counterparts] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for name in dict.fromkeys(aim.corpus for aim in self.aims):
            self._counterparts[name] = Counterparts(corpus(name), SIZES[name], self.repeats[name])

    @property
    def observed(self) -> Floats:
        """The targets' values, one after another."""
        return np.concatenate([np.array(aim.target.values) for aim in self.aims])

    @property
    def scale(self) -> Floats:
        """One unit of distance of each."""
        return np.concatenate([aim.scale() for aim in self.aims])

    @property
    def priors(self) -> Priors:
        """The priors of the free parameters."""
        return Priors([one.prior for one in self.free])

    def tallies(self, values: Mapping[str, float], seed: int) -> dict[str, Tallies]:
        """Return the counted counterparts of each corpus under some values."""
        return {
            name: counterparts.simulate({**self.fixed, **changes_for(name, values, self.free)}, seed)
            for name, counterparts in self._counterparts.items()
        }

    def summaries(self, values: Mapping[str, float], seed: int) -> Floats:
        """Return the simulated values of all targets, one after another."""
        found = self.tallies(values, seed)
        return np.concatenate([aim.simulated(found[aim.corpus]) for aim in self.aims])

    def __call__(self, theta: Floats, seeds: NDArray[np.int64], /) -> Floats:
        """Return the summaries of parameter sets, shape (m, s)."""
        names = [one.prior.name for one in self.free]
        rows = [
            self.summaries(dict(zip(names, row.tolist(), strict=True)), int(seed))
            for row, seed in zip(theta, seeds, strict=True)
        ]
        return np.array(rows)
