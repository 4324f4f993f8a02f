"""How likely a team's answers are under the model of views, for many sets of parameters at once.

People of one role with the same answers (a class) are alike, so that the means of classes and the differences
within them say all, and a group of thirty costs no more than one of six.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cosim.meeting_logs.turn_statistics import Floats
from cosim.observation.view_blocks import Blocks, Ints
from cosim.patterns.views import EXACT_REPEATS

Flags = NDArray[np.bool_]
Parts = tuple[Floats, Floats, Floats, Floats | None]
"""c and s (S, 2), log weights (S, R), SDs (S, 4), exponents of voice (S,)."""

_ITEM_SD: Final = 1.0
_FLOOR: Final = 1e-6
_LEAST_TALK: Final = 0.02
_HUGE: Final = 1e12


@dataclass(frozen=True)
class Alike:
    """Blocks whose people fall into classes of the same roles with the same answers; G sets of head counts.

    Attributes
    ----------
    role : array of shape (C,)
    before, after : arrays of bool of shape (C,)
    count : array of shape (G, C)
        People of each class.
    talk : array of shape (G, C) or None
        Where given, every class is one person.
    blocks : array of shape (G,)
        How many there are of each.
    rows : array of shape (G, K, m)
        Means of the classes before, then after (or the decision); of many blocks a root of the sum of their
        squares and products; 0 where there are fewer than K.
    decision : bool
        Whether the last column is the decision.
    """

    role: Ints
    before: Flags
    after: Flags
    count: Floats
    talk: Floats | None
    blocks: Floats
    rows: Floats
    decision: bool

    @cached_property
    def _classes(self) -> tuple[Ints, Ints]:
        """Return which class each row of the covariance is about, before and after."""
        after = np.zeros(1, dtype=np.int64) if self.decision else np.flatnonzero(self.after)
        return np.flatnonzero(self.before), after

    @cached_property
    def _shapes(self) -> Floats:
        """Return what `_amounts` multiply so that the covariance is their sum, shape (G, 9 + m, m * m)."""
        first, last = self._classes
        both = np.concatenate([first, last])
        g, m = len(self.count), len(both)
        later = np.arange(m) >= len(first)
        same = (self.role[both][:, None] == self.role[both]).astype(np.float64)
        each = (both[:, None] == both) / self.count[:, None, both]
        if self.decision:
            each[:, -1] = each[:, :, -1] = 0.0
            each[:, -1, -1] = 1.0
        parts = []
        for block in (~later[:, None] & ~later, later[:, None] ^ later, later[:, None] & later):
            parts += [np.broadcast_to(block * 1.0, each.shape), np.broadcast_to(block * same, each.shape)]
            parts.append(block * each)
        parts[0] = parts[0] + _FLOOR * np.eye(m)
        for row in range(m):
            part = np.zeros(each.shape)
            part[:, row] += later
            part[:, :, row] += later
            parts.append(part)
        return np.stack(parts, axis=1).reshape(g, 9 + m, m * m)

    def _weights(self, parts: Parts) -> Floats:
        """Return how much a member of each class weighs in what all move to, shape (G, S, C)."""
        closed, logs, _, voice = parts
        raw = np.exp(logs[:, self.role] - logs.max(axis=1, keepdims=True))[None]
        if voice is not None and self.talk is not None:
            raw = raw * np.maximum(self.talk, _LEAST_TALK)[:, None] ** voice[:, None]
        social, count = closed[:, [1]], self.count[:, :, None]
        return np.asarray(social * raw / (raw @ count) + (1.0 - social) / count.sum(axis=1, keepdims=True))

    def _amounts(self, parts: Parts, retest: float) -> Floats:
        """Return what the covariance holds of each of `_shapes`, shape (G, S, 9 + m)."""
        own, shared, shift, change = (parts[2].T ** 2)[:, :, None]
        c, w, count = parts[0][:, [0]], self._weights(parts), self.count[:, :, None]
        error, stay = (own + shared) * noise(retest), 1.0 - c
        kept = 0.0 if self.decision else EXACT_REPEATS * error
        same = (self.role[:, None] == self.role).astype(np.float64)
        u = _ITEM_SD**2 + shared * (w * self.count[:, None] @ same) + own * w
        level = (u * w) @ count
        first, last = self._classes
        found = np.empty((len(count), len(c), 9 + len(first) + len(last)))
        once = (np.full_like(c, _ITEM_SD**2), shared, own + error)
        cross = (stay * _ITEM_SD**2, stay * shared, stay * own + kept)
        again = (stay**2 * _ITEM_SD**2 + shift, stay**2 * shared, stay**2 * own + kept + change)
        found[..., :9] = np.concatenate((*once, *cross, *again), axis=1)
        found[..., 6:7] += c**2 * level
        found[..., 9 : 9 + len(first)] = c * u[..., first]
        found[..., 9 + len(first) :] = c * stay * u[..., last]
        return found

    def log_likelihood(self, parts: Parts, retest: float) -> Floats:
        """Return the log density of the blocks' means under each parameter set, shape (S,)."""
        found = self._amounts(parts, retest) @ self._shapes
        m = self.rows.shape[2]
        return _normal(self.rows, self.blocks, found.reshape(*found.shape[:2], m, m))


@dataclass(frozen=True)
class Apart:
    """Sums of squares and products of differences within classes, over all blocks.

    Attributes
    ----------
    both : array of shape (3,)
        Of those who answered twice: before, before times after, after.
    freedom : array of shape (3,)
        Degrees of freedom of those who answered twice, only before, only after.
    once : array of shape (2,)
        Of those who answered only before, only after.
    """

    both: Floats
    freedom: Floats
    once: Floats

    def log_likelihood(self, parts: Parts, retest: float, decision: bool) -> Floats:
        """Return the log density of the differences under each parameter set, shape (S,)."""
        closed, spreads = parts[0][:, 0], parts[2]
        own, shared, change = spreads[:, 0] ** 2, spreads[:, 1] ** 2, spreads[:, 3] ** 2
        error = (own + shared) * noise(retest)
        first = own + error + _FLOOR
        found = -0.5 * (self.freedom[1] * np.log(first) + self.once[0] / first)
        if decision:
            return np.asarray(found)
        kept = EXACT_REPEATS * error
        cross = (1.0 - closed) * own + kept
        last = (1.0 - closed) ** 2 * own + kept + change + _FLOOR
        left = first * last - cross**2
        square = (last * self.both[0] - 2.0 * cross * self.both[1] + first * self.both[2]) / left
        found = found - 0.5 * (self.freedom[0] * np.log(left) + square)
        return np.asarray(found - 0.5 * (self.freedom[2] * np.log(last) + self.once[1] / last))


def noise(retest: float) -> float:
    """Return the variance of errors of answering over that of views."""
    share = (1.0 - retest) / (1.0 - EXACT_REPEATS)
    return share / (1.0 - share)


def _normal(rows: Floats, blocks: Floats, covariance: Floats) -> Floats:
    """Return the log density of vectors about 0, `blocks` of each of G kinds, under S covariances of each.

    A root of the covariance (G, S, m, m) with the rows (G, K, m) below it holds the rows divided by the root.
    """
    (g, k, m), s = rows.shape, covariance.shape[1]
    whole = np.zeros((g, s, m + k, m + k))
    whole[..., :m, :m] = covariance
    whole[..., m:, :m] = rows[:, None]
    whole[..., range(m, m + k), range(m, m + k)] = _HUGE
    root = np.linalg.cholesky(whole)
    half = np.log(np.diagonal(root, axis1=2, axis2=3)[..., :m]).sum(axis=2)
    return np.asarray(-0.5 * (root[..., m:, :m] ** 2).sum(axis=(0, 2, 3)) - blocks @ half)


def summed(blocks: Blocks, decision: bool, voice: bool) -> tuple[list[Alike], Apart]:
    """Return what the blocks say of their classes' means, and of differences within these."""
    known = np.concatenate([one.before[~np.isnan(one.before)] for one in blocks.blocks])
    middle = float(known.mean())
    held: dict[tuple[tuple[float, ...], ...], list[Floats]] = {}
    both, freedom, once = np.zeros(3), np.zeros(3), np.zeros(2)
    for block in blocks.blocks:
        has_before = ~np.isnan(block.before)
        has_after = np.zeros(len(has_before), dtype=bool) if decision else ~np.isnan(block.after)
        if np.isnan(block.decided) if decision else not has_after.any():
            continue
        pattern = has_before + 2 * has_after
        person = np.arange(len(pattern)) if voice else np.zeros(len(pattern))
        keys = sorted(
            {(int(r), int(p), float(i)) for r, p, i in zip(block.role, pattern, person, strict=True) if p}
        )
        signature, first, last = [], [], []
        for role, kind, one in keys:
            here = (block.role == role) & (pattern == kind) & (person == one)
            talk = float(block.talk[here][0]) if voice else 1.0
            signature.append((float(role), float(here.sum()), float(kind), talk))
            x, y = block.before[here] - middle, block.after[here] - middle
            if kind & 1:
                first.append(x.mean())
            if kind & 2:
                last.append(y.mean())
            x, y, free = x - x.mean(), y - y.mean(), len(x) - 1.0
            if kind == 3:
                both += [x @ x, x @ y, y @ y]
                freedom[0] += free
            else:
                once[kind - 1] += x @ x if kind == 1 else y @ y
                freedom[kind] += free
        row = np.array([*first, *([block.decided - middle] if decision else last)])
        held.setdefault(tuple(signature), []).append(row)
    kinds: dict[tuple[int, tuple[tuple[float, float], ...]], list[tuple[Floats, Floats, list[Floats]]]] = {}
    for signature_, rows in held.items():
        role, count, kind, talk = np.array(signature_).T
        key = (min(len(rows), 3), tuple(zip(role, kind, strict=True)))
        kinds.setdefault(key, []).append((count, talk, rows))
    groups = [_alike(classes, parts, decision, voice) for (_, classes), parts in kinds.items()]
    return groups, Apart(both, freedom, once)


def _alike(
    classes: tuple[tuple[float, float], ...],
    parts: list[tuple[Floats, Floats, list[Floats]]],
    decision: bool,
    voice: bool,
) -> Alike:
    role, kind = np.array(classes).astype(np.int64).T
    m = len(parts[0][2][0])
    roots = [np.linalg.qr(rows, mode="r") if len(rows) > m else np.array(rows) for _, _, rows in parts]
    held = np.zeros((len(parts), max(len(one) for one in roots), m))
    for place, one in enumerate(roots):
        held[place, : len(one)] = one
    return Alike(
        role,
        (kind & 1).astype(bool),
        (kind & 2).astype(bool),
        np.array([count for count, _, _ in parts]),
        np.array([talk for _, talk, _ in parts]) if voice else None,
        np.array([float(len(rows)) for _, _, rows in parts]),
        held,
        decision,
    )
