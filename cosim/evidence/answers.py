"""What members would choose before and after they have talked: who keeps, who adopts whose answer, who wins.

A member's answer is the option that they rate highest. The same definitions serve any table of answers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.evidence.projects import projects
from cosim.evidence.turns import Floats
from cosim.mechanisms.facilitation import WRITTEN
from cosim.plan import Plan
from cosim.scenario.vocabulary import KINDS
from cosim.stages.project import WEIGHS

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Answers:
    """What the members of G groups answered.

    Attributes
    ----------
    before, after : arrays of shape (G, N)
        Each member's answer (a code); all groups have N members.
    right : array of shape (G,)
        The right answer.
    turns : array of shape (G, N)
        Turns that each member took.
    decided : array of shape (G,)
        The group's decision.
    """

    before: Ints
    after: Ints
    right: Ints
    turns: Floats
    decided: Ints

    def kept(self) -> float:
        """Return the share of members who end on the answer that they began with."""
        return float((self.before == self.after).mean())

    def agreement(self) -> tuple[float, float]:
        """Return the share of pairs with the same answer before, and after."""
        return _pairs_alike(self.before), _pairs_alike(self.after)

    def right_share(self) -> tuple[float, float]:
        """Return the share of members who are right before, and after."""
        return (
            float((self.before == self.right[:, None]).mean()),
            float((self.after == self.right[:, None]).mean()),
        )

    def adoption(self) -> pd.DataFrame:
        """Return a row per member with anyone who first disagreed.

        Returns
        -------
        DataFrame
            adoption: share of those who first answered otherwise and end on this member's first answer;
            voice: the member's share of turns times people; correct: whether the first answer was right (0 or
            1); support: share of the others who first gave the same answer.
        """
        count = self.before.shape[1]
        same = self.before[:, :, None] == self.before[:, None, :]  # group, member, other
        came = self.after[:, None, :] == self.before[:, :, None]
        others = ~same
        disagreed = others.sum(axis=2)
        total = self.turns.sum(axis=1, keepdims=True)
        voice = self.turns / np.where(total > 0.0, total, 1.0) * count
        known = (disagreed > 0) & (total > 0.0)
        adopted = (came & others).sum(axis=2) / np.where(disagreed > 0, disagreed, 1)
        return pd.DataFrame(
            {
                "adoption": adopted[known],
                "voice": voice[known],
                "correct": (self.before == self.right[:, None])[known].astype(float),
                "support": ((same.sum(axis=2) - 1) / (count - 1))[known],
            }
        )

    def win_rate(self, supporters: int) -> tuple[float, int]:
        """Return how often an option with so many first supporters is decided on, and in how many cases.

        Every option of every group that has so many first supporters is a case.
        """
        wins = cases = 0
        for option in np.unique(self.before).tolist():
            backed = (self.before == option).sum(axis=1) == supporters
            cases += int(backed.sum())
            wins += int((self.decided[backed] == option).sum())
        return (wins / cases if cases else math.nan), cases


def slopes(members: pd.DataFrame) -> dict[str, float]:
    """Return the least-squares slopes of adoption on voice, correct and support (see `Answers.adoption`)."""
    names = ["voice", "correct", "support"]
    design = np.column_stack([np.ones(len(members)), members[names].to_numpy(float)])
    found = np.linalg.lstsq(design, members["adoption"].to_numpy(float), rcond=None)[0]
    return dict(zip(names, found[1:].tolist(), strict=True))


def _pairs_alike(answers: Ints) -> float:
    one, two = np.triu_indices(answers.shape[1], k=1)
    return float((answers[:, one] == answers[:, two]).mean())


def simulated_answers(plan: Plan, replicates: Iterable[int], seed: int = 1) -> Answers:
    """Simulate projects of one phase and return what their members answer before and after.

    Parameters
    ----------
    plan : Plan
        Of a project with one phase.
    replicates : iterable of int
    seed : int
    """
    before, after, right, turns, decided = [], [], [], [], []
    options = int(plan.phases["options"][0])
    for one in projects(plan, replicates, seed):
        state = one.state
        weighs = state.traits[:, WEIGHS : WEIGHS + 4]
        before.append(state.views_before[:, :options].argmax(axis=1))
        views = np.einsum("okn,nk->no", state.belief[:options], weighs)
        after.append(views.argmax(axis=1))
        row = plan.meetings[-1]
        society = [row[f"knowledge_society_{kind}"] for kind in KINDS]
        right.append(int((state.merit[:options] @ np.array(society)).argmax()))
        spoken = one.log[one.log["mode"] != WRITTEN]["speaker"]
        turns.append(np.bincount(spoken, minlength=len(plan.uid)).astype(float))
        decided.append(int(one.choices[0]))
    return Answers(np.array(before), np.array(after), np.array(right), np.array(turns), np.array(decided))
