"""Speech: what is said, how much of it is one's own view, how long it takes, and what is cut."""

from __future__ import annotations

from typing import Any

from cosim.mechanisms import random_streams
from cosim.mechanisms.arithmetic import unit_interval
from cosim.mechanisms.compiled import turn_rule


@turn_rule
def kind_spoken(knows: Any, technicality: Any, word: int) -> int:
    """Return the kind of knowledge spoken from: chance proportional to expertise times relevance.

    Both arguments are arrays over kinds; a speaker who knows nothing relevant speaks from the first.
    """
    total = 0.0
    for k in range(4):
        total += knows[k] * technicality[k]
    if total <= 0.0:
        return 0
    mark = random_streams.uniform(word) * total
    reached = 0.0
    for k in range(3):
        reached += knows[k] * technicality[k]
        if mark < reached:
            return k
    return 3


@turn_rule
def safety(base: float, ground_rules: float) -> float:
    """Return psychological safety, 0..1, given how far ground rules are kept."""
    return base + (1.0 - base) * 0.7 * ground_rules


@turn_rule
def cut_chance(standing: float, interruption: float, ground_rules: float) -> float:
    """Return the chance that a turn is cut short: likelier against lower standing."""
    return unit_interval(interruption * (1.0 - standing) * (1.0 - ground_rules))


@turn_rule
def minutes_of(words: float, words_per_minute: float, pause_seconds: float) -> float:
    """Return the minutes that a turn and the pause around it take."""
    return words / words_per_minute + pause_seconds / 60.0


@turn_rule
def off_remit_chance(most: float, role_clarity: float) -> float:
    """Return the chance that a turn is spent off the remit: the less clear the roles, the likelier."""
    return most * (1.0 - role_clarity)


@turn_rule
def heard_share(cut: bool, off_remit: bool, cut_heard: float) -> float:
    """Return the share of a contribution that reaches listeners at all."""
    if off_remit:
        return 0.0
    return cut_heard if cut else 1.0
