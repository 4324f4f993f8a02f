"""Influence by forward bookkeeping: the oracle that the backward pass is held against.

Every belief, every place where somebody stands by themselves and every stance shown has weights on sources,
which
are carried along with each event of a phase, as the beliefs themselves were.  Slow and large, but plainly
right: the weights times the sources' values are the beliefs.

Sources: what each member came with as their own (N), what they carried (N), the arguments (4 for each
option), evidence from outside (1).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.model.stages import tape
from cosim.model.state import (
    ARGUED,
    BACK,
    BOUND,
    EVENTS,
    KIND,
    LEAD,
    OPTION,
    OTHERS,
    SHARES,
    SHOWS,
    SPEAKER,
    TO_LEAD,
    TO_OTHERS,
    WEIGHED,
    WHAT,
)


class Books:
    """The weights of a phase, after its whole tape.

    Attributes
    ----------
    belief, base : (O, 4, N, sources)
    stance, ballot : (O, N, sources)
    """

    def __init__(self, state: Any) -> None:
        options, kinds, n = state.belief.shape
        self.n, self.outside = n, 2 * n + 4 * options
        first = np.zeros((n, self.outside + 1))
        first[np.arange(n), np.arange(n)] = 1.0 - state.mandate_first
        first[np.arange(n), n + np.arange(n)] = state.mandate_first
        self.belief = np.broadcast_to(first, (options, kinds, *first.shape)).copy()
        self.base = self.belief.copy()
        self.stance = np.zeros((options, *first.shape))
        self.ballot = np.zeros((options, *first.shape))
        for at in range(state.tape_used[EVENTS]):
            self.replay(state.tape_events[at], state.tape_terms[at], state.tape_rows)

    def shown(self, event: Any, terms: Any, rows: Any, own: Any) -> Any:
        """Return the weights of what is shown or said by somebody whose own view has the weights `own`."""
        to_lead, to_others, bound = terms[TO_LEAD], terms[TO_OTHERS], terms[BOUND]
        carried = np.zeros(self.outside + 1)
        carried[self.n + event[SPEAKER]] = 1.0
        found = (1.0 - to_lead - to_others) * ((1.0 - bound) * own + bound * carried)
        if to_lead > 0.0:
            found = found + to_lead * self.stance[event[OPTION], event[LEAD]]
        if to_others > 0.0:
            found = found + to_others * (rows[event[OTHERS]] @ self.stance[event[OPTION]])
        return found

    def replay(self, event: Any, terms: Any, rows: Any) -> None:
        """Carry the weights through one event."""
        o, k, i = event[OPTION], event[KIND], event[SPEAKER]
        belief, base = self.belief[o, k], self.base[o, k]
        if event[WHAT] == tape.BALLOT:
            view = terms[WEIGHED : WEIGHED + 4] @ self.belief[o, :, i]
            self.ballot[o, i] = self.shown(event, terms, rows, view)
            if terms[SHOWS]:
                self.stance[o, i] = self.ballot[o, i]
            return
        share = rows[event[SHARES]][:, None]
        if event[WHAT] == tape.EVIDENCE:
            outside = np.eye(self.outside + 1)[self.outside]
            belief[:] = (1.0 - share) * belief + share * outside
            base[:] = (1.0 - share) * base + share * outside
            return
        if event[WHAT] == tape.REPORT:
            said = rows[event[ARGUED]] @ belief
            said[self.n : 2 * self.n] += rows[event[OTHERS]]
            belief[:] = (1.0 - share) * belief + share * said
            return
        said = self.shown(event, terms, rows, belief[i])
        view = terms[WEIGHED : WEIGHED + 4] @ self.belief[o, :, i]
        stance = self.shown(event, terms, rows, view)
        belief[:] = (1.0 - share) * belief + share * said
        if event[ARGUED] >= 0:
            moved = rows[event[ARGUED]][:, None]
            argument = np.eye(self.outside + 1)[2 * self.n + 4 * o + k]
            belief[:] = (1.0 - moved) * belief + moved * argument
            base[:] = (1.0 - moved) * base + moved * argument
        if event[BACK] >= 0:
            back = rows[event[BACK]][:, None]
            belief[:] = (1.0 - back) * belief + back * base
        if terms[SHOWS]:
            self.stance[o, i] = stance


def source_values(plan: Any, state: Any, mind: Any) -> Any:
    """Return the value of every source on every option and kind, (O, 4, sources).

    `mind` (O, 4, N) is what members came with as their own, before their mandate.
    """
    options = len(mind)
    carried = state.group_view[:, :, plan.constituency]
    poles = np.zeros((options, 4, 4 * options))
    for o in range(options):
        for k in range(4):
            poles[o, k, 4 * o + k] = state.pole[o, k]
    outside = state.merit[:, :, None]
    return np.concatenate([mind, carried, poles, outside], axis=2)


def of_decision(state: Any, options: int, shares: Any) -> Any:
    """Return the weights on own, carried, arguments (as credited to members) and outside, (3 N + 1,)."""
    books = Books(state)
    n = books.n
    found = np.einsum("i,ois->s", shares, books.ballot[:options]) / options
    argued = found[2 * n : books.outside].reshape(-1, 4)
    credited = np.einsum("ok,okn->n", argued, state.credited)
    return np.concatenate([found[: 2 * n], credited, found[books.outside :]])
