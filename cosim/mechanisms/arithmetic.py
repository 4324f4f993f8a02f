"""Small arithmetic with the same bits everywhere: only + - * / and comparisons."""

from __future__ import annotations

from cosim.mechanisms.compiled import rule, turn_rule


@turn_rule
def clip(x: float, low: float, high: float) -> float:
    """Return `x` held within ``low..high``."""
    if x < low:
        return low
    if x > high:
        return high
    return x


@turn_rule
def unit_interval(x: float) -> float:
    """Return `x` held within 0..1."""
    return clip(x, 0.0, 1.0)


@turn_rule
def apart(x: float, y: float) -> float:
    """Return the distance between two numbers, >= 0."""
    return x - y if x > y else y - x


@rule
def exponential(x: float) -> float:
    """Return e to the power `x`, for -20 <= x <= 20, to about 1e-14 relative.

    A Taylor sum of ``x / 64`` squared six times: library exponentials differ between machines in
    the last bit, this one cannot.  Also takes arrays, element by element.
    """
    y = x / 64.0
    term = 1.0
    total = 1.0
    for n in range(1, 15):
        term = term * y / n
        total = total + term
    for _ in range(6):
        total = total * total
    return total


@rule
def lognormal(sd: float, z: float) -> float:
    """Return a lognormal factor of mean 1 from a standard normal draw: how people, or days, differ."""
    return exponential(sd * z - 0.5 * sd * sd)


@turn_rule
def toward(x: float, target: float, strength: float) -> float:
    """Return `x` moved toward `target` by a share `strength` of the distance."""
    return x + strength * (target - x)
