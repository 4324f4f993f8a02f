"""Value in use: the same decision in other contexts, by a second computation in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.mechanisms import counters, random_streams
from cosim.model.stages.project import WEIGHS, place_of
from cosim.model.stages.use import use_choice
from tests.model.stages.rooms import SEED, TEAM, in_meeting


def context(uid: int, kind: int) -> np.ndarray:
    """How much each kind counts where somebody uses the result; sums to 1."""
    words = random_streams.draws(SEED, 0, random_streams.CONTEXT, 0, place_of(uid, kind))
    peaked = np.array([random_streams.uniform(word) for word in words]) ** 4
    return peaked / peaked.sum()


def standing(values: np.ndarray, choice: int) -> float:
    return float((values[choice] - values.min()) / (values.max() - values.min()))


@pytest.mark.parametrize("spread", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("carried_out", [0.0, 1.0])
def test_value_in_use_is_the_mean_standing_over_members_and_constituencies(spread, carried_out):
    room = in_meeting(TEAM.replace({"system.context_spread": spread}))
    plan, state, choice = room.plan, room.state, 3
    use_choice(plan, state, 0, choice, carried_out, SEED, 0)
    merit = state.merit[:8]
    weighs = state.traits[:, WEIGHS : WEIGHS + 4]
    found = [
        standing(merit @ ((1.0 - spread) * own + spread * context(int(uid), 0)), choice)
        for uid, own in zip(plan.uid, weighs, strict=True)
    ]
    share = plan.phases[0].importance
    assert state.people[:, counters.IN_USE] == pytest.approx(share * carried_out * np.array(found))
    for c, uid in enumerate(plan.constituency_uid):
        own = weighs[np.array(plan.constituency) == c].mean(axis=0)
        found.append(standing(merit @ ((1.0 - spread) * own + spread * context(int(uid), 1)), choice))
    assert len(found) == 12 + 4
    assert state.totals[counters.T_IN_USE] == pytest.approx(share * carried_out * np.mean(found))


def test_the_same_decision_differs_in_use_and_not_in_itself():
    """Other contexts: value embedded is the same to the last bit, value in use another for most."""
    from cosim.model.stages.reception import value_choice

    totals = {}
    for spread in (0.0, 1.0):
        room = in_meeting(TEAM.replace({"system.context_spread": spread}))
        value_choice(room.plan, room.state, 0, 3)
        use_choice(room.plan, room.state, 0, 3, 1.0, SEED, 0)
        totals[spread] = (room.state.totals.copy(), room.state.people[:, counters.IN_USE].copy())
    assert totals[0.0][0][counters.T_QUALITY] == totals[1.0][0][counters.T_QUALITY]
    # Whose best option it is in both worlds sees no difference.
    assert (totals[0.0][1] != totals[1.0][1]).mean() > 0.7
