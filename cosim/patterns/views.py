"""What members of groups think before and after they have talked, and how far it has moved.

A view is a number for each option or claim, higher for better; ranks count as views with the best the
highest. The same definitions serve real surveys and simulated ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosim.meeting_logs.turn_statistics import Floats

Ints = NDArray[np.int64]

EXACT_REPEATS: Final = 0.46
"""Share of answers that people repeat exactly when they are asked again at once.

92 people, 644 answers, without any talk between (Gurcay, Mellers & Baron 2015; own computation).
"""
THIRD: Final = 1.0 / 3.0


@dataclass(frozen=True)
class Views:
    """Views of G groups of n people on O options.

    Attributes
    ----------
    before, after : arrays of shape (G, n, O)
    question : array of shape (G,)
        What a group looks at; panels on the same claim have the same number.
    talk : array of shape (G, n)
        Share of the group's turns times n.
    sure : array of shape (G, n)
        Stated certainty, standardised.
    """

    before: Floats
    after: Floats
    question: Ints
    talk: Floats
    sure: Floats

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.question)

    def questions(self) -> int:
        """Return how many different questions there are."""
        return len(np.unique(self.question))

    def resampled(self, rng: np.random.Generator, count: int) -> Views:
        """Return so many questions, drawn with replacement, with their groups; they count as different."""
        names, place = np.unique(self.question, return_inverse=True)
        members = [np.flatnonzero(place == one) for one in range(len(names))]
        drawn = [members[one] for one in rng.integers(0, len(names), count)]
        rows = np.concatenate(drawn)
        numbers = np.repeat(np.arange(count), [len(one) for one in drawn])
        return replace(self._rows(rows), question=numbers)

    def _rows(self, rows: Ints) -> Views:
        return Views(
            self.before[rows], self.after[rows], self.question[rows], self.talk[rows], self.sure[rows]
        )

    def ratings(self) -> tuple[Floats, Floats, Ints]:
        """Return (before, after, question), a row per group and option; shapes (G O, n) and (G O,)."""
        g, n, o = self.before.shape
        numbers = (self.question[:, None] * o + np.arange(o)).ravel()
        before, after = (np.moveaxis(one, 2, 1).reshape(g * o, n) for one in (self.before, self.after))
        return before, after, numbers


def asked_again(views: Views, retest: float, rng: np.random.Generator) -> Views:
    """Return the views as a survey would record them.

    An answer is the view plus an error; of the errors of the second survey the share `EXACT_REPEATS` is that
    of the first, so that people asked twice without any talk correlate by `retest` and often repeat
    themselves.

    Parameters
    ----------
    views : Views
    retest : float
        Correlation of answers before and after among people of one group if nothing happens, above
        `EXACT_REPEATS` and at most 1.
    rng : Generator
    """
    share = (1.0 - retest) / (1.0 - EXACT_REPEATS)
    within = views.before.var(axis=1, ddof=1).mean(axis=0)
    spread = np.sqrt(within * share / (1.0 - share))
    first, second = spread * rng.standard_normal((2, *views.before.shape))
    again = np.where(rng.random(views.before.shape) < EXACT_REPEATS, first, second)
    return replace(views, before=views.before + first, after=views.after + again)


# ---------------------------------------------------------------- statistics of ratings


def _less_mean(values: Floats, question: Ints) -> Floats:
    """Return values less the mean of their question, over all its panels."""
    _, place = np.unique(question, return_inverse=True)
    count = np.bincount(place) * values.shape[1]
    mean = np.bincount(place, values.sum(axis=1)) / count
    return np.asarray(values - mean[place][:, None], dtype=np.float64)


def _regressed(y: Floats, *terms: Floats) -> Floats:
    """Return least-squares slopes, without the constant."""
    design = np.stack([np.ones(y.size), *(term.ravel() for term in terms)], axis=1)
    return np.asarray(np.linalg.lstsq(design, y.ravel(), rcond=None)[0][1:], dtype=np.float64)


def _others(values: Floats) -> Floats:
    """Return the mean of the others in the group, for each member."""
    return np.asarray((values.sum(axis=1, keepdims=True) - values) / (values.shape[1] - 1.0))


def spread_closed(views: Views) -> float:
    """Return 1 less the ratio of the mean SD within groups, after over before."""
    before, after, _ = views.ratings()
    return float(1.0 - after.std(axis=1, ddof=1).mean() / before.std(axis=1, ddof=1).mean())


def weights(views: Views) -> tuple[float, float]:
    """Return how much one's own view and the others' mean before count for one's view after."""
    before, after, question = views.ratings()
    first = _less_mean(before, question)
    own, others = _regressed(_less_mean(after, question), first, _others(first))
    return float(own), float(others)


def group_shift(views: Views, scale: float) -> float:
    """Return by how much groups' means move, relative to the SD within groups before, times `scale`.

    `scale` is that SD in the real survey: views are compared on its scale, whatever theirs is.
    """
    before, after, _ = views.ratings()
    moved = np.abs(after.mean(axis=1) - before.mean(axis=1)).mean()
    return float(moved / before.std(axis=1, ddof=1).mean() * scale)


def same_order(views: Views) -> float:
    """Return the correlation of views before and after over the people asked one question; mean over them."""
    before, after, question = views.ratings()
    _, place = np.unique(question, return_inverse=True)
    first, last = _less_mean(before, question), _less_mean(after, question)
    sums = [np.bincount(place, (a * b).sum(axis=1)) for a, b in ((first, last), (first, first), (last, last))]
    with np.errstate(invalid="ignore", divide="ignore"):
        return float(np.nanmean(sums[0] / np.sqrt(sums[1] * sums[2])))


def panel_share(values: Floats, question: Ints) -> float:
    """Return the share of the variance that lies between panels on one question (intraclass correlation)."""
    n = values.shape[1]
    _, place = np.unique(question, return_inverse=True)
    mean = values.mean(axis=1)
    count = np.bincount(place)
    apart = mean - (np.bincount(place, mean) / count)[place]
    between: float = float(np.mean(n * np.bincount(place, apart**2) / (count - 1.0)))
    inside = float(values.var(axis=1, ddof=1).mean())
    return float((between - inside) / (between + (n - 1.0) * inside))


def panels_rise(views: Views) -> float:
    """Return by how much the panels' share of the variance rises from before to after."""
    before, after, question = views.ratings()
    return panel_share(after, question) - panel_share(before, question)


def pull_by(views: Views, of: Floats) -> float:
    """Return how much more a member moves others per unit by which `of` (G, n) is above the usual.

    The slope relative to that of an average member.
    """
    before, after, _ = views.ratings()
    more = np.repeat(of, views.before.shape[2], axis=0)
    apart = before[:, None, :] - before[:, :, None]  # group, member, other
    others = before.shape[1] - 1.0
    base = apart.sum(axis=2) / others
    weighed = (apart * more[:, None, :]).sum(axis=2) / others
    usual, further = _regressed(after - before, base, weighed)
    return float(further / usual)


# ---------------------------------------------------------------- statistics of rankings


def _ranks(values: Floats) -> Floats:
    """Return ranks 1 (highest) .. O over the last axis; equal values share theirs."""
    from scipy.stats import rankdata

    return np.asarray(rankdata(-values, axis=-1), dtype=np.float64)


def _unit(ranks: Floats) -> Floats:
    apart = ranks - ranks.mean(axis=2, keepdims=True)
    length = np.sqrt((apart**2).sum(axis=2, keepdims=True))
    return np.asarray(apart / np.where(length > 0.0, length, 1.0))


def _disagreement(ranks: Floats) -> Floats:
    """Return each group's mean of (1 - r) / 2 over pairs of members."""
    n = ranks.shape[1]
    total = (_unit(ranks).sum(axis=1) ** 2).sum(axis=1)
    return np.asarray((1.0 - (total - n) / (n * (n - 1.0))) / 2.0)


def _backing(first: Ints, options: int) -> Floats:
    """Return the share of each group whose first choice each option is, shape (G, O)."""
    return np.asarray((first[:, :, None] == np.arange(options)).mean(axis=1))


def of_rankings(views: Views) -> dict[str, Floats]:
    """Return the statistics of rankings, group by group; NaN where a group has no such member."""
    first, last = _ranks(views.before), _ranks(views.after)
    options = first.shape[2]
    top, later = first.argmin(axis=2), last.argmin(axis=2)
    backing = _backing(top, options)
    own = np.take_along_axis(backing, top, axis=1) >= THIRD
    stays = top == later
    before, after = _disagreement(first), _disagreement(last)
    with np.errstate(invalid="ignore", divide="ignore"):
        large = (stays & own).sum(axis=1) / own.sum(axis=1)
        small = (stays & ~own).sum(axis=1) / (~own).sum(axis=1)
    return {
        "disagreement": before,
        "disagreement_closed": 1.0 - after / before,
        "rank_r": (_unit(first) * _unit(last)).sum(axis=2).mean(axis=1),
        "first_choice_changed": 1.0 - stays.mean(axis=1),
        "largest_camp": backing.max(axis=1),
        "rank_shift": np.abs(last.mean(axis=1) - first.mean(axis=1)).mean(axis=1) / (options - 1.0),
        "stay_large": large,
        "stay_small": small,
        "collective_first_kept": (
            first.mean(axis=1).argmin(axis=1) == last.mean(axis=1).argmin(axis=1)
        ).astype(np.float64),
    }


# ---------------------------------------------------------------- by name

Where = Mapping[str, int | float | str]
Measure = Callable[[Sequence[Views], Where], float]


def _mean_over(of: Callable[[Views, Where], float]) -> Measure:
    """Return a measure of several sets of groups of one size: mean over sets, by their number of groups."""

    def measure(every: Sequence[Views], at: Where) -> float:
        return float(np.average([of(one, at) for one in every], weights=[one.groups for one in every]))

    return measure


def _of_groups(name: str, how: Callable[[Floats], float]) -> Measure:
    def measure(every: Sequence[Views], _: Where) -> float:
        return how(np.concatenate([of_rankings(one)[name] for one in every]))

    return measure


def _mean(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _spread(values: Floats) -> float:
    return float(values.std(ddof=1))


OF_VIEWS: Final[Mapping[str, Measure]] = MappingProxyType(
    {
        "spread_closed": _mean_over(lambda one, _: spread_closed(one)),
        "weight_own": _mean_over(lambda one, _: weights(one)[0]),
        "weight_others": _mean_over(lambda one, _: weights(one)[1]),
        "group_shift": _mean_over(lambda one, at: group_shift(one, float(at["scale"]))),
        "view_r": _mean_over(lambda one, _: same_order(one)),
        "panels_rise": _mean_over(lambda one, _: panels_rise(one)),
        "pull_by_talk": _mean_over(lambda one, _: pull_by(one, one.talk - 1.0)),
        "pull_by_certainty": _mean_over(lambda one, _: pull_by(one, one.sure)),
        "disagreement": _of_groups("disagreement", _mean),
        "disagreement_closed": _of_groups("disagreement_closed", _mean),
        "disagreement_closed_sd": _of_groups("disagreement_closed", _spread),
        "rank_r": _of_groups("rank_r", _mean),
        "first_choice_changed": _of_groups("first_choice_changed", _mean),
        "largest_camp": _of_groups("largest_camp", _mean),
        "rank_shift": _of_groups("rank_shift", _mean),
        "stay_large": _of_groups("stay_large", _mean),
        "stay_small": _of_groups("stay_small", _mean),
        "collective_first_kept": _of_groups("collective_first_kept", _mean),
    }
)
"""Statistics of views, by name."""
