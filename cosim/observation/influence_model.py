r"""Whose views before a meeting are found in where the group ends: a model of views, fitted to one team.

What members think of an item before is a level of the item, a part shared within their role, and their own.
What they think afterwards is

    after_i = (1 - c) before_i + c [s sum_j W_j before_j + (1 - s) mean_j before_j] + shift + change_i,

where c is how far people move toward all together, W_j how much member j weighs in what the others moved to
(weights of the members of a role are alike; all add up to 1), s the part of this that is heeding others
rather than thinking again by oneself, which takes people toward what is usual as well, and shift is what
moved everybody: new facts, a text, somebody from outside. Answers are views with errors; of these the share
`EXACT_REPEATS` is the same before and after, so that people asked again without any talk correlate by
`retest`.

Everything is normal given the parameters, so that missing answers are left out exactly. The posterior is
drawn by importance sampling from a multivariate t distribution about its mode. What identifies W is whether
the group as a whole moves toward one role from item to item: a team with few items says little about it,
however many people it has, and the intervals say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from cosim.calibration.posterior import weighted_quantile
from cosim.errors import ConfigError
from cosim.meeting_logs.turn_statistics import Floats
from cosim.observation.view_blocks import Blocks, Ints
from cosim.patterns.views import EXACT_REPEATS

RETEST: Final = 0.87
"""Correlation of answers to one question, asked again without any talk: 92 people, 644 answers.

Gurcay, Mellers & Baron 2015; own computation.
"""

SPREADS: Final = (("own", 0.20, 0.5), ("role", 0.10, 0.8), ("shift", 0.07, 0.7), ("change", 0.12, 0.6))
"""SDs of the model on a scale of 0 to 1: name, prior median, prior SD of the logarithm.

Centres from views before and after in mini-publics and expert panels: groups' means shift by .05 to .10.
"""
CLOSED: Final = (0.2, 1.0)
"""Prior of c: median, and SD on the logit scale; 95 % lie between .03 and .64. Contested choices close .03 to
.22 of the spread, tasks with an answer .4 to .6."""
WEIGHT_SD: Final = 0.7
"""Prior SD of the logarithm of a member's weight by role: 95 % between a quarter and four times the usual."""
SOCIAL: Final = (0.75, 1.5)
"""Prior of s: median, and SD on the logit scale; 95 % lie between .14 and .98.

Assumed: no data set has people who thought again for as long without any talk.
"""
VOICE: Final = (0.5, 0.4)
"""Prior of the exponent of voice: a doubled share of words adds 25 to 65 % in four data sets."""

DRAWS: Final = 2_000
_ITEM_SD: Final = 1.0
_DEGREES: Final = 5.0
_FLOOR: Final = 1e-6
_ROUNDS: Final = 6
_ENOUGH: Final = 0.35
_LEAST_TALK: Final = 0.02

Flags = NDArray[np.bool_]
Parts = tuple[Floats, Floats, Floats, Floats | None]


def check_retest(retest: float) -> None:
    """Refuse what is no correlation of answers with themselves.

    Raises
    ------
    ConfigError
    """
    if not EXACT_REPEATS < retest <= 1.0:
        told = "not a correlation of answers with themselves"
        raise ConfigError(told, key="--retest", value=retest, allowed=f"above {EXACT_REPEATS:g}, at most 1")


@dataclass(frozen=True)
class InfluencePosterior:
    """What views say of one team.

    Attributes
    ----------
    roles : tuple of str
    heads : array of shape (R,)
        People of each role.
    closed : array of shape (S,)
        Draws of how much of the distance between people is closed.
    weights : array of shape (S, R)
        Draws of each role's share in what members moved to by heeding others; rows add up to 1.
    social : array of shape (S,)
        Draws of s; 1 for decisions.
    voice : array of shape (S,) or None
        Draws of the exponent of relative talk, where it was asked for.
    spreads : array of shape (S, 4)
        Draws of `SPREADS`.
    probability : array of shape (S,)
        Of each draw; they add up to 1.
    items : int
    prior : array of shape (R,)
        Prior mean of the logarithm of a member's weight by role.
    """

    roles: tuple[str, ...]
    heads: Floats
    closed: Floats
    weights: Floats
    social: Floats
    voice: Floats | None
    spreads: Floats
    probability: Floats
    items: int
    prior: Floats

    @property
    def effective_size(self) -> float:
        """Size of an unweighted sample that would be as precise (Kish)."""
        return float(1.0 / np.sum(self.probability**2))

    @property
    def equal(self) -> Floats:
        """Each role's share of the people, shape (R,)."""
        return np.asarray(self.heads / self.heads.sum())

    @property
    def outcome(self) -> Floats:
        """Each role's share in where the group ends, if every view counts alike afterwards; shape (S, R)."""
        c = (self.closed * self.social)[:, None]
        return np.asarray((1.0 - c) * self.equal + c * self.weights)

    def interval(self, values: Floats, level: float = 0.95) -> tuple[float, float, float]:
        """Return weighted median and the ends of the interval of some values, shape (S,)."""
        tail = (1.0 - level) / 2.0
        low, middle, high = weighted_quantile(values, self.probability, np.array([tail, 0.5, 1.0 - tail]))
        return float(middle), float(low), float(high)

    def chance(self, holds: Floats) -> float:
        """Return the posterior probability of what holds in some draws, shape (S,)."""
        return float(self.probability @ np.asarray(holds, dtype=np.float64))


@dataclass
class InfluenceModel:
    """The model of views for a team's blocks.

    Parameters
    ----------
    blocks : Blocks
    retest : float
        Correlation of answers if nothing happens, above `EXACT_REPEATS`, at most 1.
    prior : array of shape (R,), optional
        Prior mean of the logarithm of a member's weight by role; by default all alike.
    weight_sd : float
        Prior SD of it.
    voice : bool
        Whether a member's weight also grows with their relative talk, to a power that is estimated.
    thinks : bool
        Whether people may also think again by themselves; else s is 1.
    decision : bool
        Whether what is explained is the decision (`Block.decided`) instead of views afterwards.
    """

    blocks: Blocks
    retest: float = RETEST
    prior: Floats | None = None
    weight_sd: float = WEIGHT_SD
    voice: bool = False
    thinks: bool = True
    decision: bool = False
    _groups: list[_Alike] = field(init=False)
    _apart: _Apart = field(init=False)

    def __post_init__(self) -> None:
        check_retest(self.retest)
        roles = len(self.blocks.roles)
        if self.prior is None:
            self.prior = np.zeros(roles)
        self._groups, self._apart = _summed(self.blocks, self.decision, self.voice)
        if not self._groups:
            raise ConfigError("nothing that was decided has views beforehand" if self.decision else
                              "nobody's view is known afterwards")  # fmt: skip

    @property
    def items(self) -> int:
        """Number of items that say something."""
        return sum(len(group.means) for group in self._groups)

    @property
    def size(self) -> int:
        """Number of parameters."""
        return len(self._ways()) + len(self.blocks.roles) + len(SPREADS) + int(self.voice)

    def _ways(self) -> list[tuple[float, float]]:
        """Return the priors of c and s, as far as these are free."""
        return [] if self.decision else [CLOSED, SOCIAL] if self.thinks else [CLOSED]

    def _centre(self) -> tuple[Floats, Floats]:
        assert self.prior is not None
        first = self._ways()
        at = [float(np.log(one[0] / (1.0 - one[0]))) for one in first]
        sd = [one[1] for one in first]
        at += [*self.prior.tolist(), *(float(np.log(one[1])) for one in SPREADS)]
        sd += [*([self.weight_sd] * len(self.blocks.roles)), *(one[2] for one in SPREADS)]
        if self.voice:
            at, sd = [*at, VOICE[0]], [*sd, VOICE[1]]
        return np.array(at), np.array(sd)

    def _parted(self, theta: Floats) -> Parts:
        """Return c and s (S, 2), log weights (S, R), SDs (S, 4) and the exponent of voice (S,)."""
        roles, at = len(self.blocks.roles), len(self._ways())
        closed = np.ones((len(theta), 2))
        closed[:, :at] = 1.0 / (1.0 + np.exp(-theta[:, :at]))
        logs = theta[:, at : at + roles]
        spreads = np.exp(np.clip(theta[:, at + roles : at + roles + len(SPREADS)], -7.0, 0.5))
        return closed, logs, spreads, theta[:, -1] if self.voice else None

    def log_density(self, theta: Floats) -> Floats:
        """Return the log posterior density of parameter sets, shape (S, size) gives (S,)."""
        centre, sd = self._centre()
        total = -0.5 * (((theta - centre) / sd) ** 2).sum(axis=1)
        parts = self._parted(theta)
        total = total + self._apart.log_likelihood(parts, self.retest, self.decision)
        for group in self._groups:
            total = total + group.log_likelihood(parts, self.retest, self.decision)
        return np.where(np.isfinite(total), total, -np.inf)

    def fit(self, seed: int = 1, draws: int = DRAWS) -> InfluencePosterior:
        """Draw from the posterior."""
        centre, sd = self._centre()
        mode = self._mode(centre, sd)
        root = _root(self.log_density, mode, sd)
        rng = np.random.default_rng([seed, 31])
        theta, weight = self._adapted(mode, root, draws, rng)
        closed, logs, spreads, voice = self._parted(theta)
        heads = self.blocks.heads.astype(np.float64)
        each = heads * np.exp(logs - logs.max(axis=1, keepdims=True))
        assert self.prior is not None
        return InfluencePosterior(
            roles=self.blocks.roles,
            heads=heads,
            closed=closed[:, 0],
            weights=each / each.sum(axis=1, keepdims=True),
            social=closed[:, 1],
            voice=voice,
            spreads=spreads,
            probability=weight,
            items=self.items,
            prior=self.prior,
        )

    def _adapted(
        self, centre: Floats, root: Floats, draws: int, rng: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """Return the best of several rounds of importance sampling, each about what the last found."""
        best, size = _importance(self.log_density, centre, root, draws, rng), 0.0
        spread, found = root @ root.T, best
        for _ in range(_ROUNDS):
            theta, weight = found
            own = float(1.0 / np.sum(weight**2))
            if own > size:
                best, size = found, own
            if size > _ENOUGH * draws:
                break
            centre = weight @ theta
            apart = theta - centre
            new = apart.T @ (apart * weight[:, None])
            trust = own / (own + 10.0 * len(centre))
            spread = 1.2 * trust * new + (1.0 - trust) * spread
            wide = np.linalg.cholesky(spread + 1e-10 * np.eye(len(centre)))
            found = _importance(self.log_density, centre, np.asarray(wide, dtype=np.float64), draws, rng)
        return best

    def _mode(self, centre: Floats, sd: Floats) -> Floats:
        step = 1e-4

        def value(z: Floats) -> tuple[float, Floats]:
            points = np.concatenate([z[None], z + step * np.eye(len(z)), z - step * np.eye(len(z))])
            found = -self.log_density(centre + sd * points)
            found = np.where(np.isfinite(found), found, 1e12)
            k = len(z)
            return float(found[0]), (found[1 : k + 1] - found[k + 1 :]) / (2.0 * step)

        found = minimize(value, np.zeros(len(centre)), jac=True, method="L-BFGS-B", options={"maxiter": 200})
        return np.asarray(centre + sd * found.x)


@dataclass(frozen=True)
class _Alike:
    """Blocks whose people fall into the same classes: of one role, with the same answers.

    Members of a class are alike, so that their mean and their differences from it say all.

    Attributes
    ----------
    role, count : arrays of shape (C,)
    before, after : arrays of bool of shape (C,)
    talk : array of shape (C,) or None
        Where given, every class is one person.
    means : array of shape (K, m)
        A row per block: means of the classes before, then after (or the decision).
    """

    role: Ints
    count: Floats
    before: Flags
    after: Flags
    talk: Floats | None
    means: Floats

    def log_likelihood(self, parts: Parts, retest: float, decision: bool) -> Floats:
        """Return the log density of the blocks' means under each parameter set, shape (S,)."""
        closed, logs, spreads, voice = parts
        own, shared, shift, change = (spreads[:, one, None] ** 2 for one in range(4))
        error, c, social = (own + shared) * _noise(retest), closed[:, [0]], closed[:, [1]]
        raw = logs[:, self.role]
        if voice is not None and self.talk is not None:
            raw = raw + voice[:, None] * np.log(np.maximum(self.talk, _LEAST_TALK))
        w = np.exp(raw - raw.max(axis=1, keepdims=True))
        w = social * w / (w @ self.count)[:, None] + (1.0 - social) / self.count.sum()
        same = (self.role[:, None] == self.role).astype(np.float64)
        each = np.diag(1.0 / self.count)
        u = _ITEM_SD**2 + shared * ((w * self.count) @ same) + own * w
        level = ((u * w) @ self.count)[:, None]
        views = _ITEM_SD**2 + shared[:, :, None] * same + own[:, :, None] * each
        first = views + error[:, :, None] * each
        b = self.before
        if decision:
            cross, last = u[:, b, None], (level + shift + change)[:, :, None]
        else:
            a, c3 = self.after, c[:, :, None]
            kept = EXACT_REPEATS * error[:, :, None] * each
            both = (c * (1.0 - c))[:, :, None] * (u[:, :, None] + u[:, None, :])
            later = (1.0 - c3) ** 2 * views + both + (c**2 * level + shift)[:, :, None] + kept
            later = later + change[:, :, None] * each
            cross = ((1.0 - c3) * views + c3 * u[:, :, None] + kept)[:, b][:, :, a]
            last = later[:, a][:, :, a]
        top = np.concatenate([first[:, b][:, :, b], cross], axis=2)
        bottom = np.concatenate([np.swapaxes(cross, 1, 2), last], axis=2)
        return _normal(self.means, np.concatenate([top, bottom], axis=1))


@dataclass(frozen=True)
class _Apart:
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
        error = (own + shared) * _noise(retest)
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


def _noise(retest: float) -> float:
    """Return the variance of errors of answering over that of views."""
    share = (1.0 - retest) / (1.0 - EXACT_REPEATS)
    return share / (1.0 - share)


def _normal(data: Floats, covariance: Floats) -> Floats:
    """Return the log density of all rows of `data` (K, m) under each covariance (S, m, m), about 0."""
    m = data.shape[1]
    root = np.linalg.cholesky(covariance + _FLOOR * np.eye(m))
    solved = np.linalg.solve(root, np.broadcast_to(data.T, (len(root), *data.T.shape)))
    half = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    return np.asarray(-0.5 * (solved**2).sum(axis=(1, 2)) - len(data) * half, dtype=np.float64)


def _summed(blocks: Blocks, decision: bool, voice: bool) -> tuple[list[_Alike], _Apart]:
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
    groups = []
    for signature_, rows in held.items():
        role, count, kind, talk = np.array(signature_).T
        groups.append(
            _Alike(
                role.astype(np.int64),
                count,
                (kind.astype(int) & 1).astype(bool),
                (kind.astype(int) & 2).astype(bool),
                talk if voice else None,
                np.array(rows),
            )
        )
    return groups, _Apart(both, freedom, once)


def _root(density: Callable[[Floats], Floats], mode: Floats, sd: Floats) -> Floats:
    """Return a root of the covariance at the mode: the inverse of minus the second derivatives."""
    k, step = len(mode), 0.02 * sd
    pairs = [(i, j) for i in range(k) for j in range(i, k)]
    points = [mode]
    for i, j in pairs:
        for si, sj in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
            point = mode.copy()
            point[i] += si * step[i]
            point[j] += sj * step[j]
            points.append(point)
    found = density(np.array(points))[1:].reshape(len(pairs), 4)
    curve = np.zeros((k, k))
    for (i, j), (pp, pm, mp, mm) in zip(pairs, found, strict=True):
        curve[i, j] = curve[j, i] = -(pp - pm - mp + mm) / (4.0 * step[i] * step[j])
    values, vectors = np.linalg.eigh(curve * np.outer(sd, sd))
    values = np.clip(np.where(np.isfinite(values), values, 1.0), 0.5, None)
    return np.asarray(sd[:, None] * vectors / np.sqrt(values))


def _importance(
    density: Callable[[Floats], Floats], centre: Floats, root: Floats, draws: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return draws from a t distribution, and their weights under a density."""
    k = len(centre)
    normal = rng.standard_normal((draws, k))
    scale = np.sqrt(_DEGREES / rng.chisquare(_DEGREES, draws))
    theta = centre + (normal * scale[:, None]) @ root.T
    proposal = -0.5 * (_DEGREES + k) * np.log1p((normal**2).sum(axis=1) * scale**2 / _DEGREES)
    logs = density(theta) - proposal
    weight = np.exp(logs - logs.max())
    return theta, weight / weight.sum()
