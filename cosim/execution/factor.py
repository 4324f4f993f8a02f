"""One thing that a study may vary, with its range and how values are drawn from it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

Role = Literal["uncertainty", "lever", "fitted", "way", "price", "team", "design"]
Shape = Literal["uniform", "triangular", "beta", "lognormal"]
Plain = float | int | bool | str

_TAIL = 0.025
"""What lies beyond each end of a lognormal range, where it is cut off."""


@dataclass(frozen=True)
class Factor:
    """One thing that a study may vary.

    Attributes
    ----------
    key : str
        Dotted key, as in a scenario file, or a name that the subject understands.
    role : str
        ``uncertainty`` (what nobody controls), ``lever`` (what somebody can choose), ``fitted`` (several
        uncertainties that were estimated together), ``way`` (how an intervention is delivered), ``price``,
        ``team`` (what the team is) or ``design`` (another choice of the project).
    low, high : float
        Plausible range of an uncertainty, usable range of a lever; both ends belong to it. Ignored for
        choices.
    kind : {"float", "int", "choice"}
    choices : tuple of str, number or bool
        The values of a choice.
    unit, sentence : str
        For tables and figures.
    settled : bool
        Whether the subject itself says what it is, so that it is varied only where a config names it.
    shape : {"uniform", "triangular", "beta", "lognormal"}
        How values are drawn from the range.
    form : tuple of float
        Triangular: the most likely value. Beta: its two parameters.
    weights : tuple of float
        Of the choices; all alike when empty.
    usual : float or None
        The value when nobody says otherwise, about which a range is scaled.
    bounds : (low, high) or None
        What is allowed at all; a scaled range is cut there.
    of : str
        The intervention that it belongs to: it matters only where that is used.
    """

    key: str
    role: Role
    low: float = 0.0
    high: float = 1.0
    kind: Literal["float", "int", "choice"] = "float"
    choices: tuple[Plain, ...] = ()
    unit: str = ""
    sentence: str = ""
    settled: bool = False
    shape: Shape = "uniform"
    form: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    usual: float | None = None
    bounds: tuple[float, float] | None = None
    of: str = ""

    def at(self, share: float) -> Plain:
        """Return the value at a share of the way through the range (0..1): the quantile function."""
        if self.kind == "choice":
            return self.choices[_place(share, len(self.choices), self.weights)]
        if self.kind == "int":
            count = int(self.high) - int(self.low) + 1
            if self.shape == "uniform":
                return int(self.low) + min(int(share * count), count - 1)
            wide = replace(self, kind="float", high=self.high + 1.0, form=_half_up(self))
            return min(int(wide._between(share)), int(self.high))
        return self._between(share)

    def settings(self, share: float) -> dict[str, Plain]:
        """Return every key that it sets, with its value at a share of the way."""
        return {self.key: self.at(share)}

    @property
    def keys(self) -> tuple[str, ...]:
        """Every key that it sets."""
        return (self.key,)

    @property
    def limits(self) -> list[Plain]:
        """Its choices, or the two ends of its range."""
        return list(self.choices) if self.kind == "choice" else [self.low, self.high]

    def scaled(self, scale: float) -> Factor:
        """Return the factor with a range so many times as wide about its usual value, cut at what is allowed.

        A lognormal range is so many times as wide in proportion. Choices and whole numbers stay as they are.
        """
        if scale == 1.0 or self.kind != "float" or self.low >= self.high:
            return self
        usual = self.usual
        if usual is None or not self.low <= usual <= self.high:
            usual = (self.low + self.high) / 2.0
        if self.shape == "lognormal":
            ends = [usual * (end / usual) ** scale for end in (self.low, self.high)]
        else:
            ends = [usual + scale * (end - usual) for end in (self.low, self.high)]
        form = self.form
        if self.shape == "triangular":
            form = (usual + scale * (self.form[0] - usual),)
        if self.bounds is not None:
            ends = [min(max(end, self.bounds[0]), self.bounds[1]) for end in ends]
        if self.shape == "triangular":
            form = (min(max(form[0], ends[0]), ends[1]),)
        return replace(self, low=ends[0], high=ends[1], form=form)

    def _between(self, share: float) -> float:
        low, high = self.low, self.high
        if self.shape == "uniform":
            return float(min(low + share * (high - low), high))
        if self.shape == "triangular":
            middle, width = self.form[0], high - low
            if width <= 0.0:
                return low
            turn = (middle - low) / width
            if share <= turn:
                return float(low + math.sqrt(share * width * (middle - low)))
            return float(high - math.sqrt((1.0 - share) * width * (high - middle)))
        if self.shape == "beta":
            from scipy.special import betaincinv

            return float(low + (high - low) * float(betaincinv(self.form[0], self.form[1], share)))
        from scipy.special import ndtri

        z = float(ndtri(_TAIL + share * (1.0 - 2.0 * _TAIL))) / float(ndtri(1.0 - _TAIL))
        middle, half = math.log(low * high) / 2.0, math.log(high / low) / 2.0
        return float(min(max(math.exp(middle + z * half), low), high))


@dataclass(frozen=True)
class JointFactor(Factor):
    """Several numbers that were estimated together and are drawn together: a row of their joint sample.

    Its own value is the row's number. Rows should be ordered so that neighbours are alike.

    Attributes
    ----------
    names : tuple of str
        The keys of the numbers.
    rows : tuple of tuple of float
    limited : tuple of (low, high)
        What is allowed of each number.
    spread : float
        How many times as far from their mean the numbers lie as in the sample; see :meth:`scaled`.
    """

    names: tuple[str, ...] = ()
    rows: tuple[tuple[float, ...], ...] = ()
    limited: tuple[tuple[float, float], ...] = ()
    spread: float = 1.0

    def at(self, share: float) -> int:
        """Return the number of the row at a share of the way."""
        return _place(share, len(self.rows), self.weights)

    def settings(self, share: float) -> dict[str, Plain]:
        """Return the row's number by the factor's key, and each of its numbers by its own."""
        row = self.at(share)
        return {self.key: row, **self.numbers(row)}

    def numbers(self, row: int) -> dict[str, Plain]:
        """Return the numbers of a row by their keys."""
        found: dict[str, Plain] = {}
        for name, value, mean, (low, high) in zip(
            self.names, self.rows[row], self._means, self.limited, strict=True
        ):
            moved = value if self.spread == 1.0 else mean + self.spread * (value - mean)
            found[name] = min(max(moved, low), high)
        return found

    @property
    def keys(self) -> tuple[str, ...]:
        """Its own key and those of the numbers."""
        return (self.key, *self.names)

    def only(self, names: Container[str]) -> JointFactor:
        """Return the factor with only these of its numbers; what is left still is of one row."""
        kept = [place for place, name in enumerate(self.names) if name in names]
        return replace(
            self,
            names=tuple(self.names[place] for place in kept),
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
            limited=tuple(self.limited[place] for place in kept),
        )

    def scaled(self, scale: float) -> JointFactor:
        """Return the factor with every number so many times as far from its mean, correlations kept."""
        return replace(self, spread=self.spread * scale)

    @cached_property
    def _means(self) -> list[float]:
        weights = self.weights or (1.0,) * len(self.rows)
        total = math.fsum(weights)
        return [
            math.fsum(weight * row[k] for weight, row in zip(weights, self.rows, strict=True)) / total
            for k in range(len(self.names))
        ]


def settings_of(factors: Sequence[Factor], shares: Sequence[float]) -> dict[str, Plain]:
    """Return what factors set at one point of the unit cube."""
    found: dict[str, Plain] = {}
    for factor, share in zip(factors, shares, strict=True):
        found.update(factor.settings(float(share)))
    return found


def owners(factors: Sequence[Factor]) -> Mapping[str, str]:
    """Return the intervention that a key belongs to, for keys that belong to one."""
    return {key: factor.of for factor in factors if factor.of for key in factor.keys}


def _place(share: float, count: int, weights: tuple[float, ...]) -> int:
    if not weights:
        return min(int(share * count), count - 1)
    total = math.fsum(weights)
    for place, reached in enumerate(itertools.accumulate(weights)):
        if share * total < reached:
            return place
    return max(place for place, weight in enumerate(weights) if weight > 0.0)


def _half_up(factor: Factor) -> tuple[float, ...]:
    """Return the form of a shape that is one wider, so that whole numbers may be cut out of it."""
    return (factor.form[0] + 0.5,) if factor.shape == "triangular" else factor.form
