"""How far people moved and toward whom, beside what answering twice gives without any talk.

People who are asked again give other answers although nothing has happened, and seem to move toward the
others, since whoever answered far out by error answers less far out the next time. Every number here stands
beside the spread of what it would be if nobody had moved: the first answers, answered again.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cosim.meeting_logs.turn_statistics import Floats
from cosim.observation.view_blocks import Blocks
from cosim.patterns.views import EXACT_REPEATS

DRAWS: Final = 500
PERMUTATIONS: Final = 2_000
LEAST_ITEMS: Final = 3


@dataclass(frozen=True)
class Movement:
    """What is seen in views before and after.

    Attributes
    ----------
    people, roles : DataFrame
        A row per person or role: name, (role), people, answers (pairs), moved (mean size of a move), net
        (mean move), closed (share of the distance to the mean of the others that was closed); and the 95 %
        interval of moved and closed if people had only answered again.
    toward : DataFrame
        A row per pair of roles: role, toward, closed (share of the distance to the mean of `toward` that was
        closed), again_low, again_high.
    team : DataFrame
        A row per statistic of the whole group: statistic, value, again_low, again_high.
    drawn : DataFrame
        A row per role: role, drawn (how much of its distance to the group's mean the group as a whole moved
        toward it, from item to item), p (share of permutations of items at least as far from 0), fewest (the
        smallest p that so many items could give); NaN for fewer than three items.
    """

    people: pd.DataFrame
    roles: pd.DataFrame
    toward: pd.DataFrame
    team: pd.DataFrame
    drawn: pd.DataFrame


def movement(blocks: Blocks, retest: float, *, seed: int = 1, draws: int = DRAWS) -> Movement:
    """Describe how views moved.

    Parameters
    ----------
    blocks : Blocks
    retest : float
        Correlation of answers if nothing happens.
    seed : int
    draws : int
        Of the group that is asked again and has not moved.
    """
    before, after = blocks.dense()
    known = ~np.isnan(before) & ~np.isnan(after)
    rng = np.random.default_rng([seed, 37])
    again = [np.where(known, one, np.nan) for one in _asked_again(before, blocks, retest, rng, draws)]
    first = np.where(known, before, np.nan)
    seen = _statistics(first, np.where(known, after, np.nan), blocks)
    null = [_statistics(first, one, blocks) for one in again]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of a role of one, nobody moves toward the role
        spread = {key: np.nanquantile([one[key] for one in null], [0.025, 0.975], axis=0) for key in seen}

    def beside(table: pd.DataFrame, keys: tuple[str, ...], of: str) -> pd.DataFrame:
        for key in keys:
            table[key] = seen[f"{of}_{key}"]
            table[f"{key}_again_low"], table[f"{key}_again_high"] = spread[f"{of}_{key}"]
        return table

    people = pd.DataFrame(
        {
            "person": list(blocks.people),
            "role": [blocks.roles[one] for one in blocks.role_of],
            "answers": known.sum(axis=0),
            "net": seen["person_net"],
        }
    )
    roles = pd.DataFrame(
        {
            "role": list(blocks.roles),
            "people": blocks.heads,
            "answers": np.bincount(blocks.role_of, known.sum(axis=0), len(blocks.roles)).astype(int),
            "net": seen["role_net"],
        }
    )
    pairs = [(one, other) for one in blocks.roles for other in blocks.roles]
    toward = pd.DataFrame(pairs, columns=["role", "toward"])
    toward["closed"] = seen["toward"].ravel()
    toward["again_low"], toward["again_high"] = (ends.ravel() for ends in spread["toward"])
    names = [key for key in seen if key.startswith("team_")]
    team = pd.DataFrame(
        {
            "statistic": [key.removeprefix("team_") for key in names],
            "value": [float(seen[key]) for key in names],
            "again_low": [float(spread[key][0]) for key in names],
            "again_high": [float(spread[key][1]) for key in names],
        }
    )
    return Movement(
        beside(people, ("moved", "closed"), "person"),
        beside(roles, ("moved", "closed"), "role"),
        toward,
        team,
        _drawn(before, after, blocks, rng),
    )


def agreement(blocks: Blocks, public: str, others: str, retest: float, *, seed: int = 1) -> pd.DataFrame:
    """Say how well two groups agree before and after.

    Parameters
    ----------
    blocks : Blocks
        Regrouped, so that these are two of its roles.
    public, others : str
    retest : float
    seed : int

    Returns
    -------
    DataFrame
        A row per statistic: distance (mean distance of the two groups' means over items), correlation (of
        their means over items; NaN for fewer than four): before, after, change with its 95 % interval by
        bootstrap over items, and the interval of the change if people had only answered again.
    """
    before, after = blocks.dense()
    known = ~np.isnan(before) & ~np.isnan(after)
    rng = np.random.default_rng([seed, 41])
    first, last = np.where(known, before, np.nan), np.where(known, after, np.nan)
    here = [blocks.role_of == blocks.roles.index(one) for one in (public, others)]
    rows = []
    keep = known[:, here[0]].any(axis=1) & known[:, here[1]].any(axis=1)
    again = _asked_again(before, blocks, retest, rng, DRAWS)
    for name, of in (("distance", _distance), ("correlation", _correlation)):
        start, end = (of(_two(x[keep], here)) for x in (first, last))
        changes = []
        for _ in range(1_000):
            pick = rng.integers(0, int(keep.sum()), int(keep.sum())) if keep.any() else np.zeros(0, dtype=int)
            changes.append(of(_two(last[keep][pick], here)) - of(_two(first[keep][pick], here)))
        null = [of(_two(np.where(known, x, np.nan)[keep], here)) - start for x in again]
        few = int(keep.sum()) < 4
        low, high = (np.nan, np.nan) if few or np.isnan(start) else np.nanquantile(changes, [0.025, 0.975])
        again_low, again_high = (np.nan, np.nan) if np.isnan(start) else np.nanquantile(null, [0.025, 0.975])
        rows.append((name, start, end, end - start, low, high, again_low, again_high))
    columns = ["statistic", "before", "after", "change", "low", "high", "again_low", "again_high"]
    return pd.DataFrame(rows, columns=columns)


def _two(values: Floats, here: list[np.ndarray]) -> tuple[Floats, Floats]:
    first, second = (_mean(values[:, one], 1) for one in here)
    return first, second


def _distance(two: tuple[Floats, Floats]) -> float:
    return float(np.abs(two[0] - two[1]).mean()) if len(two[0]) else float("nan")


def _correlation(two: tuple[Floats, Floats]) -> float:
    if len(two[0]) < 4 or two[0].std() < 1e-12 or two[1].std() < 1e-12:
        return float("nan")
    return float(np.corrcoef(*two)[0, 1])


def _mean(values: Floats, axis: int) -> Floats:
    known = ~np.isnan(values)
    count = known.sum(axis=axis)
    total = np.where(known, values, 0.0).sum(axis=axis)
    return np.asarray(np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0))


def _asked_again(
    before: Floats, blocks: Blocks, retest: float, rng: np.random.Generator, draws: int
) -> list[Floats]:
    """Return what the same people would have answered the second time if they had not moved.

    A first answer is a view plus an error; given the answer, the view is nearer to the mean of the item. Some
    repeat the answer exactly; answers stay on the points of the scale that people used.
    """
    mean = _mean(before, 1)[:, None]
    within = float(np.nanmean((before - mean) ** 2)) * len(blocks.people) / max(len(blocks.people) - 1, 1)
    share = (1.0 - retest) / (1.0 - EXACT_REPEATS)
    view = mean + (1.0 - share) * (before - mean)
    sd = np.sqrt(within * ((1.0 - share) * share + share))
    points = np.unique(before[~np.isnan(before)])
    found = []
    for _ in range(draws):
        fresh = view + sd * rng.standard_normal(before.shape)
        if len(points) <= 21:
            fresh = points[np.abs(np.nan_to_num(fresh)[..., None] - points).argmin(axis=-1)]
        fresh = np.where(rng.random(before.shape) < EXACT_REPEATS, before, np.clip(fresh, 0.0, 1.0))
        found.append(np.where(np.isnan(before), np.nan, fresh))
    return found


def _statistics(before: Floats, after: Floats, blocks: Blocks) -> dict[str, Floats]:
    """Return every statistic of answers before and after; both known, or both NaN."""
    known = ~np.isnan(before)
    move = after - before
    member = blocks.role_of[:, None] == np.arange(len(blocks.roles))
    filled = np.where(known, before, 0.0)
    total, count = filled.sum(axis=1, keepdims=True), known.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        others = (total - filled) / (count - known)
        gap = np.where(known & (count > 1), others - before, np.nan)
        by_role = filled @ member, known.astype(float) @ member
        toward = np.full((len(blocks.roles), len(blocks.roles)), np.nan)
        for other in range(len(blocks.roles)):
            own = member[:, other][None, :] & known
            left = by_role[1][:, [other]] - own
            mean = (by_role[0][:, [other]] - np.where(own, filled, 0.0)) / np.where(left > 0, left, np.nan)
            apart = np.where(known, mean - before, np.nan)
            for one in range(len(blocks.roles)):
                toward[one, other] = _slope(move[:, member[:, one]], apart[:, member[:, one]])
        people = range(len(blocks.people))
        roles = range(len(blocks.roles))
        changed = np.nanmean(np.abs(_mean(after, 1) - _mean(before, 1)))
        spread = [_mean((x - _mean(x, 1)[:, None]) ** 2, 1) for x in (before, after)]
        closed = 1.0 - np.nanmean(np.sqrt(spread[1])) / np.nanmean(np.sqrt(spread[0]))
    return {
        "person_moved": _mean(np.abs(move), 0),
        "person_net": _mean(move, 0),
        "person_closed": np.array([_slope(move[:, i], gap[:, i]) for i in people]),
        "role_moved": np.array([_all(np.abs(move[:, member[:, r]])) for r in roles]),
        "role_net": np.array([_all(move[:, member[:, r]]) for r in roles]),
        "role_closed": np.array([_slope(move[:, member[:, r]], gap[:, member[:, r]]) for r in roles]),
        "toward": toward,
        "team_moved": np.asarray(_all(np.abs(move))),
        "team_unchanged": np.asarray(_all(np.where(known, np.abs(move) < 1e-9, np.nan))),
        "team_shift": np.asarray(changed),
        "team_closed": np.asarray(closed),
        "team_same_order": np.asarray(_same_order(before, after)),
    }


def _all(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def _slope(move: Floats, apart: Floats) -> float:
    kept = ~np.isnan(move) & ~np.isnan(apart)
    square = float((apart[kept] ** 2).sum())
    return float((move[kept] * apart[kept]).sum() / square) if square > 1e-12 else float("nan")


def _same_order(before: Floats, after: Floats) -> float:
    x, y = (v - _mean(v, 1)[:, None] for v in (before, after))
    kept = ~np.isnan(x) & ~np.isnan(y)
    size = float(np.sqrt((x[kept] ** 2).sum() * (y[kept] ** 2).sum()))
    return float((x[kept] * y[kept]).sum() / size) if size > 1e-12 else float("nan")


def _drawn(before: Floats, after: Floats, blocks: Blocks, rng: np.random.Generator) -> pd.DataFrame:
    """Test whether the group as a whole moved toward a role from item to item.

    If all weigh alike, where the group's mean goes has nothing to do with where a role stands: shifts of the
    mean are shuffled among items. People are not shuffled, since those of one role think alike.
    """
    known = ~np.isnan(before) & ~np.isnan(after)
    shift = _mean(np.where(known, after - before, np.nan), 1)
    mean = _mean(np.where(known, before, np.nan), 1)
    rows = []
    for place, role in enumerate(blocks.roles):
        here = blocks.role_of == place
        apart = _mean(np.where(known & here, before, np.nan), 1) - mean
        kept = ~np.isnan(apart) & ~np.isnan(shift)
        x, y = apart[kept] - apart[kept].mean(), shift[kept] - shift[kept].mean()
        if len(x) < LEAST_ITEMS or here.all() or not x.any() or not y.any():
            rows.append((role, float("nan"), float("nan"), float("nan")))
            continue
        seen = float(x @ y) / len(x)
        order = np.argsort(rng.random((PERMUTATIONS, len(x))), axis=1)
        null = (y[order] @ x) / len(x)
        p = (1.0 + float((np.abs(null) >= abs(seen) - 1e-12).sum())) / (PERMUTATIONS + 1.0)
        rows.append((role, seen / float(x @ x) * len(x), p, 1.0 / math.factorial(min(len(x), 20))))
    return pd.DataFrame(rows, columns=["role", "drawn", "p", "fewest"])
