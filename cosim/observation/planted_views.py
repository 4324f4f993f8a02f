"""Teams whose influence is known, and what a survey of them records: to test methods, to plan studies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cosim.meeting_logs.turn_statistics import Floats
from cosim.meeting_logs.views_file import ViewTable, view_table
from cosim.observation.influence_model import RETEST
from cosim.patterns.views import EXACT_REPEATS


@dataclass(frozen=True)
class Planted:
    """A team with known influence.

    Attributes
    ----------
    public, others : int
        People.
    items : int
        In each meeting.
    meetings : int
    weight : float
        How much a public contributor weighs in what members move to, others weighing 1.
    closed : float
        How much of the distance between people is closed.
    social : float
        How much of that is heeding others; the rest is thinking again, which takes people to the plain mean.
    own, role, shift, change : float
        SDs on a scale of 0 to 1: of people within a role, between roles, of what moves everybody, of changes
        of one's own.
    points : int
        Of the scale on which people answer; answers are rounded to it, and kept within it.
    missing : float
        Share of answers that are missing.
    retest : float
    """

    public: int = 4
    others: int = 8
    items: int = 10
    meetings: int = 1
    weight: float = 1.0
    closed: float = 0.2
    social: float = 0.8
    own: float = 0.2
    role: float = 0.1
    shift: float = 0.07
    change: float = 0.12
    points: int = 9
    missing: float = 0.05
    retest: float = RETEST

    @property
    def share(self) -> float:
        """The public's true share in what members move to."""
        return self.public * self.weight / (self.public * self.weight + self.others)

    @property
    def equal(self) -> float:
        """The public's share of the people."""
        return self.public / (self.public + self.others)

    def views(self, rng: np.random.Generator) -> ViewTable:
        """Return what a survey of such a team records."""
        n = self.public + self.others
        role = np.repeat([0, 1], [self.public, self.others])
        w = np.where(role == 0, self.weight, 1.0)
        w = self.social * w / w.sum() + (1.0 - self.social) / n
        count = self.items * self.meetings
        level = rng.uniform(0.25, 0.75, (count, 1))
        apart = self.role * rng.standard_normal((count, 2))[:, role] + self.own * rng.standard_normal(
            (count, n)
        )
        before = level + apart
        moved = (1.0 - self.closed) * before + self.closed * (before @ w)[:, None]
        after = (
            moved
            + self.shift * rng.standard_normal((count, 1))
            + self.change * rng.standard_normal((count, n))
        )
        share = (1.0 - self.retest) / (1.0 - EXACT_REPEATS)
        spread = np.sqrt((self.own**2 + self.role**2) * share / (1.0 - share))
        first, second = spread * rng.standard_normal((2, count, n))
        again = np.where(rng.random((count, n)) < EXACT_REPEATS, first, second)
        answers = [self._answered(before + first, rng), self._answered(after + again, rng)]
        rows = np.indices((count, n)).reshape(2, -1)
        frame = pd.DataFrame(
            {
                "person": [f"P{one + 1}" for one in rows[1]],
                "role": np.where(role == 0, "public", "professionals")[rows[1]],
                "meeting": [str(one // self.items + 1) for one in rows[0]],
                "item": [f"item {one % self.items + 1}" for one in rows[0]],
                "before": answers[0].ravel(),
                "after": answers[1].ravel(),
            }
        )
        return view_table(frame, "planted views")

    def _answered(self, values: Floats, rng: np.random.Generator) -> Floats:
        top = self.points - 1.0
        kept = np.round(np.clip(values, 0.0, 1.0) * top) / top
        return np.where(rng.random(values.shape) < self.missing, np.nan, kept)
