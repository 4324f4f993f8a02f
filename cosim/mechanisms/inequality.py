"""Inequality of shares."""

from __future__ import annotations

from typing import Any

from cosim.mechanisms.arithmetic import apart
from cosim.mechanisms.compiled import rule


@rule
def gini(values: Any, counted: Any) -> float:
    """Return the Gini coefficient of non-negative `values` over those `counted`; 0 when all are 0.

    Mean absolute difference over twice the mean; between 0 (equal) and 1 - 1/n (one has all).
    """
    total = 0.0
    differences = 0.0
    people = 0.0
    for i in range(len(values)):
        if counted[i]:
            people += 1.0
            total += values[i]
            for j in range(i):
                if counted[j]:
                    differences += apart(values[i], values[j])
    if total <= 0.0:
        return 0.0
    return differences / (people * total)


@rule
def theil(shares: Any, role: Any) -> tuple[float, float]:
    """Return Theil's T of shares that sum to 1, and the part of it that lies within roles."""
    count = len(shares)
    total = 0.0
    for i in range(count):
        if shares[i] > 0.0:
            total += shares[i] * logarithm(shares[i] * count)
    if total < 1e-12:  # alike but for rounding
        return 0.0, 0.0
    between = 0.0
    for r in range(4):
        share = 0.0
        seats = 0.0
        for i in range(count):
            if role[i] == r:
                share += shares[i]
                seats += 1.0
        if share > 0.0:
            between += share * logarithm(share * count / seats)
    within = total - between
    return total, within if within > 0.0 else 0.0


@rule
def logarithm(x: float) -> float:
    """Return the natural logarithm of ``x > 0`` from + - * / alone (same bits everywhere), to about 1e-15."""
    halvings = 0
    while x > 1.4142135623730951:
        x = x * 0.5
        halvings += 1
    while x < 0.7071067811865476:
        x = x * 2.0
        halvings -= 1
    y = (x - 1.0) / (x + 1.0)
    square = y * y
    total = 0.0
    for n in range(21, 0, -2):
        total = total * square + 1.0 / n
    return 2.0 * y * total + halvings * 0.6931471805599453
