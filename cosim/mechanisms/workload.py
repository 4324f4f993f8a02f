"""Workload: what a meeting and all around it ask of a member, and what too much of it does to coming."""

from __future__ import annotations

from cosim.mechanisms.arithmetic import unit_interval
from cosim.mechanisms.compiled import rule


@rule
def load(meeting_hours: float, items: float, hours_per_item: float, capacity: float) -> float:
    """Return what is asked of a member as a share of what they can give (above 1: too much).

    Parameters
    ----------
    meeting_hours : float
        Hours of the meeting and of what ways of working add for this member.
    items : float
        Items of the agenda that are theirs to prepare, >= 0; each takes `hours_per_item`.
    capacity : float
        Hours that they can give to one meeting and all around it, above 0.
    """
    return (meeting_hours + items * hours_per_item) / capacity


@rule
def odds_under(odds: float, loaded: float, overload: float, paid: float) -> float:
    """Return the chance of coming, 0..1, under a load; as far as the time is paid, too much costs nothing."""
    if loaded <= 1.0:
        return odds
    return odds * unit_interval(1.0 - overload * (loaded - 1.0) * (1.0 - paid))
