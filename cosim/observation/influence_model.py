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
from scipy.optimize import minimize

from cosim.calibration.posterior import weighted_quantile
from cosim.errors import ConfigError
from cosim.meeting_logs.turn_statistics import Floats
from cosim.observation.view_blocks import Blocks
from cosim.observation.view_likelihood import Alike, Apart, Parts, summed
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
_DEGREES: Final = 5.0
_ROUNDS: Final = 6
_ENOUGH: Final = 0.35
_AT_ONCE: Final = 128
_NEAR_ENOUGH: Final = {"maxiter": 200, "ftol": 1e-6, "gtol": 1e-2}


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
    _groups: list[Alike] = field(init=False)
    _apart: Apart = field(init=False)

    def __post_init__(self) -> None:
        check_retest(self.retest)
        roles = len(self.blocks.roles)
        if self.prior is None:
            self.prior = np.zeros(roles)
        self._groups, self._apart = summed(self.blocks, self.decision, self.voice)
        if not self._groups:
            raise ConfigError("nothing that was decided has views beforehand" if self.decision else
                              "nobody's view is known afterwards")  # fmt: skip

    @property
    def items(self) -> int:
        """Number of items that say something."""
        return int(sum(group.blocks.sum() for group in self._groups))

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
        for start in range(0, len(theta), _AT_ONCE):
            here = slice(start, start + _AT_ONCE)
            parts = self._parted(theta[here])
            total[here] += self._apart.log_likelihood(parts, self.retest, self.decision)
            for group in self._groups:
                total[here] += group.log_likelihood(parts, self.retest)
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

        start: Floats = np.zeros(len(centre))
        found = minimize(value, start, jac=True, method="L-BFGS-B", options=_NEAR_ENOUGH)  # type: ignore[call-overload]
        return np.asarray(centre + sd * found.x)


def _root(density: Callable[[Floats], Floats], mode: Floats, sd: Floats) -> Floats:
    """Return a root of the covariance at the mode: the inverse of minus the second derivatives.

    In units of `sd` it is the symmetric one, which no processor turns another way.
    """
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
    return np.asarray(sd[:, None] * ((vectors / np.sqrt(values)) @ vectors.T))


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
