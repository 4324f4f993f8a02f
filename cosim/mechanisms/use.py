"""Use: what a result is worth where it is used, beside what it is worth in itself.

Value is embedded in a thing by whoever makes it, or arises where it is used, in the user's own context (the
distinction of service-dominant logic: Vargo & Lusch 2004, recalled; the form is ours).
"""

from __future__ import annotations

from cosim.mechanisms.compiled import rule


@rule
def counts_there(u: float) -> float:
    """Return how much a context makes one kind of merit count, from a uniform draw: mostly few kinds do."""
    return u * u * u * u


@rule
def weight_in_use(own: float, context: float, spread: float) -> float:
    """Return the weight of a kind of merit in use: one's own, mixed with the context's by `spread`, 0..1."""
    return (1.0 - spread) * own + spread * context
