"""Where people sit: who is at the head of the table, and who faces whom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cosim.scenario.vocabulary import Seating

Floats = NDArray[np.float64]


def block_order(leads: Sequence[bool]) -> list[int]:
    """Return members seat by seat as people tend to sit: the lead at the head, then role by role."""
    members = range(len(leads))
    return sorted(members, key=lambda i: (not leads[i], i))


def mixed_order(roles: Sequence[int], leads: Sequence[bool]) -> list[int]:
    """Return members seat by seat with roles dealt among one another, the lead first."""
    waiting = {
        role: [i for i in range(len(roles)) if roles[i] == role and not leads[i]]
        for role in sorted(set(roles))
    }
    order = [i for i in range(len(roles)) if leads[i]]
    while any(waiting.values()):
        # The largest remaining role goes next, unless it sits beside itself and another is left.
        ranked = sorted(
            (role for role in waiting if waiting[role]), key=lambda role: (-len(waiting[role]), role)
        )
        beside = roles[order[-1]] if order else None
        pick = next((role for role in ranked if role != beside), ranked[0])
        order.append(waiting[pick].pop(0))
    return order


def facing(order: Sequence[int]) -> Floats:
    """Return how far members face one another round the table: 0 for neighbours, 1 for opposite seats."""
    count = len(order)
    seat = np.empty(count)
    seat[list(order)] = np.arange(count)
    apart = np.abs(seat[:, None] - seat[None, :])
    ring = np.minimum(apart, count - apart)
    reach = max(count // 2 - 1, 1)
    return np.asarray(np.clip((ring - 1.0) / reach, 0.0, 1.0))


def seats(roles: Sequence[int], leads: Sequence[bool], seating: Seating) -> tuple[Floats, Floats, Floats]:
    """Return the head seat (N,), and who faces whom (N, N) in role blocks and with roles mixed."""
    pull = {"rectangular": 1.0, "u_shape": 0.5, "round": 0.0}[seating]
    head = pull * np.array([float(lead) for lead in leads])
    return head, facing(block_order(leads)), facing(mixed_order(roles, leads))
