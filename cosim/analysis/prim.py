"""Scenario discovery: boxes in the space of factors where an option fails (PRIM, peeling and pasting)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from cosim.analysis.boxes import BoolArray, Box, box_rows, is_number, joined_cases
from cosim.analysis.checks import checked, checked_fields
from cosim.analysis.resampling import STANDARD, FloatArray, Resampling
from cosim.analysis.tables import Factors
from cosim.errors import ConfigError


@dataclass(frozen=True)
@checked_fields
class PrimSettings:
    """How boxes are peeled and pasted.

    Parameters
    ----------
    peel_alpha, paste_alpha : float
        Share of the points in the box that one step takes away or adds, between 0 and 0.5.
    mass_min : float
        Smallest share of all points that a box may hold, above 0.
    density : float
        Wanted density of the box that is picked from the trajectory, 0..1.
    quasi_p_max : float
        Limits of the picked box with a larger quasi-p are dropped at the end, the least sure one first,
        even if this costs density; 1 keeps them all (plain PRIM).
    """

    peel_alpha: float = 0.05
    paste_alpha: float = 0.05
    mass_min: float = 0.05
    density: float = 0.8
    quasi_p_max: float = 0.05

    def __post_init__(self) -> None:
        for name in ("peel_alpha", "paste_alpha"):
            if not 0 < getattr(self, name) < 0.5:
                raise ConfigError(
                    "not a share to peel or paste",
                    key=name,
                    value=getattr(self, name),
                    allowed="above 0 and below 0.5",
                )
        for name in ("mass_min", "density", "quasi_p_max"):
            if not 0 < getattr(self, name) <= 1:
                raise ConfigError(
                    "not a share", key=name, value=getattr(self, name), allowed="above 0, up to 1"
                )


_Candidate = tuple[Box, BoolArray]
"""A box and the points that it holds."""

_Columns = Mapping[str, FloatArray | None]
"""Values of each factor; None for factors that are no numbers."""

PLAIN = PrimSettings()
"""Steps of 5 %, at least 5 % of the points, density 0.8."""


@dataclass(frozen=True)
class PrimResult:
    """The boxes of one peeling and pasting.

    Attributes
    ----------
    trajectory : DataFrame
        A row per box: ``box`` (number), ``stage`` (``"start"``, ``"peel"``, ``"paste"``, ``"prune"``),
        ``coverage`` (share of all failures that lie in the box), ``density`` (share of failures among the
        points in the box), ``mass`` (share of all points), ``n_points``, ``failures``, ``n_restricted``.
    boxes : tuple of Box
        The boxes, by number.
    picked : int
        Number of the picked box: of the peeled ones that with the largest coverage among those of the
        wanted density (the densest one when none is that dense), after pasting and dropping.
    limits : DataFrame
        A row per limit of the picked box: ``factor``, ``side`` (``"at least"``, ``"at most"``, ``"one
        of"``), ``limit``, ``quasi_p``, ``density_without``.
    """

    trajectory: pd.DataFrame
    boxes: tuple[Box, ...]
    picked: int
    limits: pd.DataFrame

    @property
    def box(self) -> Box:
        """The picked box."""
        return self.boxes[self.picked]


@checked
def prim(
    design: pd.DataFrame, cases: pd.DataFrame, factors: Factors, settings: PrimSettings = PLAIN
) -> PrimResult:
    """Find a box of factor values in which failures are dense.

    Parameters
    ----------
    design : DataFrame
        Design table.
    cases : DataFrame
        Columns ``point`` and ``failing`` (0..1, or True and False), a row per design point, as from
        :func:`cosim.analysis.boxes.failing`.
    factors : Factors
        Factors to restrict. Numbers get ranges; text and booleans get sets of values.
    settings : PrimSettings
        Steps, smallest box, wanted density.

    Raises
    ------
    ConfigError
        Nothing fails, or everything does; cases are missing, double or outside 0..1.

    Notes
    -----
    Each step takes the box whose mean rises most per point lost or gained. Peeling goes down to the
    smallest box; then the picked box is pasted onto while its mean rises; then limits that are not borne
    out are dropped. Quasi-p: probability, if the limit did not matter, of at least as many failures among
    the points of the box (one-sided binomial, against the density without this limit). It is no p-value
    proper: the data chose the limit.

    References
    ----------
    Friedman & Fisher (1999), doi:10.1023/A:1008894516817; Bryant & Lempert (2010),
    doi:10.1016/j.techfore.2009.08.002.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from cosim.analysis import Factors, prim
    >>> x = np.linspace(0, 1, 200)
    >>> design = pd.DataFrame({"point": range(200), "x": x})
    >>> cases = pd.DataFrame({"point": range(200), "failing": x > 0.6})
    >>> found = prim(design, cases, Factors(["x"]))
    >>> low, _ = found.boxes[found.picked].ranges["x"]
    >>> 0.45 < low < 0.61  # a wider box may hold a share of points that do not fail
    True
    """
    table, y = joined_cases(design, cases, factors)
    return _run(table, y, np.ones(y.size, dtype=bool), settings)


@checked
def prim_boxes(
    design: pd.DataFrame, cases: pd.DataFrame, factors: Factors, settings: PrimSettings = PLAIN, most: int = 3
) -> list[PrimResult]:
    """Find one box after another, each among the points that no earlier box holds.

    Stops after `most` boxes, or when the next box does not reach the wanted density, or when too few points
    or no failures are left. Coverage and mass are shares of all failures and of all points. Other
    parameters are those of :func:`prim`.
    """
    table, y = joined_cases(design, cases, factors)
    left = np.ones(y.size, dtype=bool)
    found: list[PrimResult] = []
    while len(found) < most and left.sum() > settings.mass_min * y.size and y[left].sum() > 0:
        result = _run(table, y, left, settings)
        if result.trajectory["density"].iloc[result.picked] < settings.density:
            break
        found.append(result)
        left &= ~result.box.holds(table)
    return found


@checked
def reproducibility(
    design: pd.DataFrame,
    cases: pd.DataFrame,
    factors: Factors,
    settings: PrimSettings = PLAIN,
    resampling: Resampling = STANDARD,
) -> pd.DataFrame:
    """Say how often PRIM restricts each factor when it sees a random half of the points.

    Returns
    -------
    DataFrame
        Columns ``factor`` and ``restricted_share`` over ``resampling.draws`` halves, largest first. A
        factor that comes and goes is no robust finding.
    """
    table, y = joined_cases(design, cases, factors)
    rng = resampling.generator()
    counts = dict.fromkeys(factors.names, 0)
    used = 0
    for _ in range(resampling.draws):
        half = np.sort(rng.permutation(y.size)[: y.size // 2])
        if 0 < y[half].sum() < half.size:
            used += 1
            part = table.iloc[half].reset_index(drop=True)
            for name in _run(part, y[half], np.ones(half.size, dtype=bool), settings).box.restricted:
                counts[name] += 1
    shares = pd.DataFrame(
        {"factor": list(counts), "restricted_share": [count / max(used, 1) for count in counts.values()]}
    )
    return shares.sort_values("restricted_share", ascending=False, kind="stable", ignore_index=True)


def quasi_p(table: pd.DataFrame, y: FloatArray, box: Box, wider: Box) -> float:
    """Probability of at least the failures in `box` if its points failed as often as those of `wider`."""
    inside, around = box.holds(table), wider.holds(table)
    n, failures = int(inside.sum()), float(y[inside].sum())
    return float(stats.binom.sf(math.floor(failures + 1e-9) - 1, n, float(y[around].mean())))


def _run(table: pd.DataFrame, y: FloatArray, left: BoolArray, settings: PrimSettings) -> PrimResult:
    boxes, stages = [Box()], ["start"]
    columns = {
        str(name): table[name].to_numpy(dtype=np.float64) if is_number(table[name]) else None
        for name in table.columns
    }
    while (smaller := _peel(table, columns, y, left, boxes[-1], settings)) is not None:
        boxes.append(smaller)
        stages.append("peel")
    inside = [box.holds(table) & left for box in boxes]
    density = np.array([y[here].mean() for here in inside])
    covered = np.where(density >= settings.density, [y[here].sum() for here in inside], -1.0)
    picked = int(covered.argmax() if covered.max() >= 0 else density.argmax())
    box = boxes[picked]
    while (larger := _paste(table, y, left, box, settings)) is not None:
        box, picked = larger, len(boxes)
        boxes.append(box)
        stages.append("paste")
    remaining, failures = table.loc[left].reset_index(drop=True), y[left]
    limits = _limits(remaining, failures, box)
    while len(limits) and limits["quasi_p"].max() > settings.quasi_p_max:
        worst = limits.iloc[int(limits["quasi_p"].to_numpy().argmax())]
        box, picked = _freed(box, str(worst["factor"]), str(worst["side"])), len(boxes)
        boxes.append(box)
        stages.append("prune")
        limits = _limits(remaining, failures, box)
    rows = [
        {
            "box": number,
            "stage": stage,
            **box_rows(y, box.holds(table) & left),
            "n_restricted": len(box.restricted),
        }
        for number, (box, stage) in enumerate(zip(boxes, stages, strict=True))
    ]
    return PrimResult(pd.DataFrame(rows), tuple(boxes), picked, limits)


def _freed(box: Box, name: str, side: str) -> Box:
    """Return the box without one of its limits."""
    if side == "one of":
        return box.without(name)
    low, high = box.ranges[name]
    return box.with_range(
        name, -math.inf if side == "at least" else low, math.inf if side == "at most" else high
    )


def _limits(table: pd.DataFrame, y: FloatArray, box: Box) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for name, (low, high) in box.ranges.items():
        for side, limit, wider in (
            ("at least", low, box.with_range(name, -math.inf, high)),
            ("at most", high, box.with_range(name, low, math.inf)),
        ):
            if math.isfinite(limit):
                rows.append({"factor": name, "side": side, "limit": limit} | _tested(table, y, box, wider))
    for name, allowed in box.categories.items():
        rows.append(
            {"factor": name, "side": "one of", "limit": allowed} | _tested(table, y, box, box.without(name))
        )
    return pd.DataFrame(rows, columns=["factor", "side", "limit", "quasi_p", "density_without"])


def _tested(table: pd.DataFrame, y: FloatArray, box: Box, wider: Box) -> dict[str, object]:
    return {"quasi_p": quasi_p(table, y, box, wider), "density_without": float(y[wider.holds(table)].mean())}


def _peel(
    table: pd.DataFrame, columns: _Columns, y: FloatArray, left: BoolArray, box: Box, settings: PrimSettings
) -> Box | None:
    inside = box.holds(table) & left
    return _best(y, inside, _peels(table, columns, inside, box, settings.peel_alpha), settings, grow=False)


def _paste(
    table: pd.DataFrame, y: FloatArray, left: BoolArray, box: Box, settings: PrimSettings
) -> Box | None:
    inside = box.holds(table) & left
    step = max(1, math.ceil(settings.paste_alpha * int(inside.sum())))
    return _best(y, inside, _pastes(table, left, box, step), settings, grow=True)


def _best(
    y: FloatArray,
    inside: BoolArray,
    candidates: Iterator[_Candidate],
    settings: PrimSettings,
    *,
    grow: bool,
) -> Box | None:
    """Return the candidate whose mean rises most per point lost or gained.

    Peeling goes on when no mean rises, as in the original method: a good box may lie behind a bad step.
    Pasting does not, and nothing is peeled off a box in which everything fails.
    """
    n, mean = int(inside.sum()), float(y[inside].mean())
    best, best_score = None, (1e-12 if grow else -math.inf, 0)
    if not grow and mean == 1.0:
        return None
    for candidate, chosen in candidates:
        m = int(chosen.sum())
        if m < settings.mass_min * y.size or m == 0 or (m <= n if grow else m >= n):
            continue
        score = ((float(y[chosen].mean()) - mean) / abs(m - n), -len(candidate.restricted))
        if score > best_score:
            best, best_score = candidate, score
    return best


def _peels(
    table: pd.DataFrame, columns: _Columns, inside: BoolArray, box: Box, alpha: float
) -> Iterator[_Candidate]:
    for name, column in columns.items():
        if column is not None:
            values = np.sort(column[inside])
            low, high = box.ranges.get(name, (-math.inf, math.inf))
            whole = bool((values == np.floor(values)).all())
            if (cut := _cut(values, alpha, whole=whole)) is not None:
                yield box.with_range(name, cut, high), inside & (column >= cut)
            if (cut := _cut(-values[::-1], alpha, whole=whole)) is not None:
                yield box.with_range(name, low, -cut), inside & (column <= -cut)
        else:
            every = _values(table[name])
            allowed = box.categories.get(name, every)
            if len(allowed) > 1:
                for value in allowed:
                    rest = tuple(v for v in allowed if v != value)
                    fewer = box.with_categories(name, rest, len(every))
                    yield fewer, inside & fewer.only(name).holds(table)


def _cut(values: FloatArray, alpha: float, *, whole: bool) -> float | None:
    """Lower limit that cuts about alpha of ascending values off; None when they are all equal."""
    first = int(np.searchsorted(values, values[min(int(alpha * values.size), values.size - 1)], side="left"))
    if first == 0:  # the whole first step of a staircase goes
        first = int(np.searchsorted(values, values[0], side="right"))
    if first >= values.size:
        return None
    # Between two measured values the limit is anywhere; half-way is fair. Whole numbers stay whole.
    return float(values[first]) if whole else float(0.5 * (values[first - 1] + values[first]))


def _pastes(table: pd.DataFrame, left: BoolArray, box: Box, step: int) -> Iterator[_Candidate]:
    for name, (low, high) in box.ranges.items():
        around = box.without(name).holds(table) & left
        values = np.sort(table[name].to_numpy(dtype=np.float64)[around])
        below, above = values[values < low], values[values > high]
        if math.isfinite(low):
            wider = box.with_range(name, _reach(-below[::-1], step, -1.0), high)
            yield wider, around & wider.only(name).holds(table)
        if math.isfinite(high):
            wider = box.with_range(name, low, _reach(above, step, 1.0))
            yield wider, around & wider.only(name).holds(table)
    for name, allowed in box.categories.items():
        around = box.without(name).holds(table) & left
        every = _values(table[name])
        for value in every:
            if value not in allowed:
                more = tuple(v for v in every if v in allowed or v == value)
                wider = box.with_categories(name, more, len(every))
                yield wider, around & wider.only(name).holds(table)


def _reach(outside: FloatArray, step: int, sign: float) -> float:
    """Return the limit that takes in `step` more of the ascending values outside; infinite if that is all."""
    return sign * (float(outside[step - 1]) if outside.size > step else math.inf)


def _values(column: pd.Series) -> tuple[object, ...]:
    return tuple(sorted(column.unique().tolist(), key=str))
