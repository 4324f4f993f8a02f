"""Inequality of shares."""

from __future__ import annotations

from typing import Any

from cosim.mechanisms.rule import rule


@rule
def gini(values: Any, counted: Any) -> float:
    """Return the Gini coefficient of non-negative `values` over those `counted`; 0 when all are 0.

    Mean absolute difference over twice the mean; between 0 (equal) and 1 - 1/n (one has all).
    """
    total = 0.0
    apart = 0.0
    people = 0.0
    for i in range(len(values)):
        if counted[i]:
            people += 1.0
            total += values[i]
            for j in range(i):
                if counted[j]:
                    apart += values[i] - values[j] if values[i] > values[j] else values[j] - values[i]
    if total <= 0.0:
        return 0.0
    return apart / (people * total)
