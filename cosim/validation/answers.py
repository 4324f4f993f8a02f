"""What members would choose before and after they have talked: who keeps, who adopts whose answer, who wins.

A member's answer is the option that they rate highest. The same definitions serve any table of answers.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.calibration.simulated_projects import projects
from cosim.mechanisms import counters
from cosim.meeting_logs.turn_statistics import Floats
from cosim.model.stages.project import WEIGHS
from cosim.scenario.plan import Plan
from cosim.scenario.vocabulary import KINDS

Ints = NDArray[np.int64]
Where = Mapping[str, int | float | str]


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
    agreed : array of shape (G,)
        Whether the group's own rule reached it; a group that did not agree is hung.
    score_before, score_after : arrays of shape (G, N)
        Worth of each member's answer, from 0 (the worst there is) to 1 (the right one).
    """

    before: Ints
    after: Ints
    right: Ints
    turns: Floats
    decided: Ints
    agreed: NDArray[np.bool_]
    score_before: Floats
    score_after: Floats

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.right)

    def take(self, places: Ints) -> Answers:
        """Return the answers of some groups; one may be taken twice."""
        return Answers(*(getattr(self, one.name)[places] for one in fields(self)))

    def kept(self) -> Floats:
        """Return the share of each group's members who end on the answer that they began with."""
        return np.asarray((self.before == self.after).mean(axis=1))

    def agreement(self) -> tuple[Floats, Floats]:
        """Return the share of each group's pairs with the same answer before, and after."""
        return _pairs_alike(self.before), _pairs_alike(self.after)

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

    def cases(self, supporters: int) -> tuple[int, int]:
        """Return how often an option with so many first supporters is agreed on, and in how many cases.

        Every option of every group that has so many first supporters is a case; hung groups lose it.
        """
        wins = cases = 0
        for option in np.unique(self.before).tolist():
            backed = (self.before == option).sum(axis=1) == supporters
            cases += int(backed.sum())
            wins += int(((self.decided == option) & self.agreed)[backed].sum())
        return wins, cases


def slopes(members: pd.DataFrame) -> dict[str, float]:
    """Return the least-squares slopes of adoption on voice, correct and support (see `Answers.adoption`)."""
    names = ["voice", "correct", "support"]
    design = np.column_stack([np.ones(len(members)), members[names].to_numpy(float)])
    found = np.linalg.lstsq(design, members["adoption"].to_numpy(float), rcond=None)[0]
    return dict(zip(names, found[1:].tolist(), strict=True))


def _pairs_alike(answers: Ints) -> Floats:
    one, two = np.triu_indices(answers.shape[1], k=1)
    return np.asarray((answers[:, one] == answers[:, two]).mean(axis=1))


def simulated_answers(plan: Plan, replicates: Iterable[int], seed: int = 1) -> Answers:
    """Simulate projects of one phase and return what their members answer before and after.

    Parameters
    ----------
    plan : Plan
        Of a project with one phase.
    replicates : iterable of int
    seed : int
    """
    found: list[tuple[Any, ...]] = []
    options = int(plan.phases["options"][0])
    society = np.array([plan.meetings[-1][f"knowledge_society_{kind}"] for kind in KINDS])
    for one in projects(plan, replicates, seed):
        state = one.state
        weighs = state.traits[:, WEIGHS : WEIGHS + len(KINDS)]
        before = state.views_before[:, :options].argmax(axis=1)
        after = np.einsum("okn,nk->no", state.belief[:options], weighs).argmax(axis=1)
        worth = state.merit[:options] @ society
        worth = (worth - worth.min()) / max(float(worth.max() - worth.min()), 1e-12)
        turns = np.bincount(one.spoken["speaker"], minlength=len(plan.uid)).astype(float)
        decided, agreed = int(one.choices[0]), state.totals[counters.T_UNDECIDED] == 0.0
        right = int(worth.argmax())
        found.append((before, after, right, turns, decided, agreed, worth[before], worth[after]))
    return Answers(*(np.array(column) for column in zip(*found, strict=True)))


# ---------------------------------------------------------------- the statistics by name

Groups = Sequence[Answers]
"""Answers of groups, those of one size together."""

OfAnswers = Callable[[Groups, Where], float]


def _adoption(name: str) -> OfAnswers:
    def slope(groups: Groups, _: Where) -> float:
        members = pd.concat([one.adoption() for one in groups if one.before.shape[1] >= 3])
        return slopes(members)[name]

    return slope


def _win_rate(groups: Groups, at: Where) -> float:
    wins, cases = np.sum([one.cases(int(at["supporters"])) for one in groups], axis=0)
    return float(wins / cases) if cases else math.nan


def _kept(groups: Groups, _: Where) -> float:
    return float(np.concatenate([(one.before == one.after).ravel() for one in groups]).mean())


def _agreement_gain(groups: Groups, _: Where) -> float:
    before, after = zip(*(one.agreement() for one in groups), strict=True)
    return float((np.concatenate(after) - np.concatenate(before)).mean())


def _correctness_gain(groups: Groups, _: Where) -> float:
    return float(np.concatenate([(one.score_after - one.score_before).ravel() for one in groups]).mean())


OF_ANSWERS: Final[Mapping[str, OfAnswers]] = MappingProxyType(
    {
        "kept_answer": _kept,
        "agreement_gain": _agreement_gain,
        "correctness_gain": _correctness_gain,
        "adoption_by_voice": _adoption("voice"),
        "adoption_if_correct": _adoption("correct"),
        "adoption_by_support": _adoption("support"),
        "win_rate": _win_rate,
    }
)
"""The statistics of `patterns.statistics` that are about members' answers."""
