"""Influence by forward bookkeeping: the oracle that the backward pass is held against.

Every belief's weights on its sources are carried along with each event of a phase, as the beliefs themselves
were.  Slow and large (a weight for each option, kind, member and source), but plainly right: the weights
times the sources' values are the beliefs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cosim.stages import tape
from cosim.state import EVENTS, KIND, LEAD, OPTION, ROW, SPEAKER, WHAT


def source_weights(state: Any) -> Any:
    """Replay a phase's tape; return the weights of each belief on the sources, (O, 4, N, 2N)."""
    options, kinds, n = state.belief.shape
    weights = np.zeros((options, kinds, n, 2 * n))
    weights[:, :, np.arange(n), np.arange(n)] = 1.0
    for at in range(state.tape_used[EVENTS]):
        event = state.tape_events[at]
        replay(
            weights[event[OPTION], event[KIND]], event, state.tape_terms[at], state.tape_rows[event[ROW] :]
        )
    return weights


def replay(now: Any, event: Any, terms: Any, rows: Any) -> None:
    """Carry the weights (N, 2N) of one option and kind through one event."""
    n = len(now)
    own = np.eye(n, 2 * n)
    share = rows[0][:, None]
    if event[WHAT] == tape.EVIDENCE:
        now[:] = (1.0 - share) * now + share * own
        return
    if event[WHAT] == tape.REPORT:
        said = rows[1] @ now
        said[n:] += rows[2]
        now[:] = (1.0 - share) * now + share * said
        return
    i, (frank, mandate) = event[SPEAKER], terms
    echoed = event[LEAD] if event[LEAD] >= 0 else i
    said = frank * (1.0 - mandate) * now[i] + (1.0 - frank) * now[echoed]
    said[n + i] += frank * mandate
    back = rows[1][:, None]
    now[:] = (1.0 - back) * ((1.0 - share) * now + share * said) + back * own


def source_values(plan: Any, state: Any) -> Any:
    """Return the value of every source on every option and kind, (O, 4, 2N)."""
    return np.concatenate([state.initial, state.group_view[:, :, plan.constituency]], axis=2)


def of_decision(plan: Any, state: Any, options: int, shares: Any, mandate: Any, weighs: Any) -> Any:
    """Return the weights on the sources, (2N,), of a decision that is so much each member's judgement."""
    n = len(shares)
    weights = source_weights(state)[:options]
    found = np.einsum("m,mk,okms->s", shares * (1.0 - mandate), weighs, weights) / options
    found[n:] += shares * mandate
    return found
