"""The backward pass: the same as forward bookkeeping, whatever happens in a phase, however short the tape."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from cosim import batches
from cosim.catalogue import load_scenario
from cosim.model import CoproductionModel
from cosim.plan import resolve, unchanged
from cosim.stages.ballot import find_sources
from cosim.stages.project import MANDATE, WEIGHS
from cosim.state import EVENTS_WANTED, new_state, with_tape
from tests.forward import of_decision, source_values, source_weights
from tests.strategies import scenarios


@settings(max_examples=30)
@given(scenarios())
def test_backward_is_forward(scenario):
    """To 1e-12, for the ballots' mean and for any one member's judgement; and the tape tells the beliefs."""
    model = CoproductionModel(scenario, 5, 0, collect=False).run_model()
    state, n = model.state, model.size
    options = model.plan.phases[model.phase].options
    if scenario.system.late_evidence == 0.0:  # it changes what one came with, in the middle of the talk
        told = np.einsum("okns,oks->okn", source_weights(state), source_values(model.plan, state))
        assert told[:options] == pytest.approx(state.belief[:options], abs=1e-12)
    for shares in (state.vote, np.eye(n)[n // 2]):
        find_sources(model.plan, state, options, shares)
        expected = of_decision(
            model.plan, state, options, shares, state.traits[:, MANDATE], state.traits[:, WEIGHS : WEIGHS + 4]
        )
        assert state.sources == pytest.approx(expected, abs=1e-12)
        assert state.sources.sum() == pytest.approx(1.0, abs=1e-12)


def test_a_tape_that_is_too_short_is_made_longer_and_changes_nothing(monkeypatch):
    plan, _ = resolve(load_scenario("research_team").replace({"phases.*.minutes": 10.0}))
    usual = batches.run_compiled(plan, range(5), 7)
    monkeypatch.setattr(batches, "_events_of", lambda plan: 3)
    rows = batches.room_for(plan, 5, people=True)
    bench = batches.Bench(plan, unchanged(plan), rows)
    bench.run(7, np.arange(5))
    assert len(bench.state.tape_events) >= bench.state.tape_used[EVENTS_WANTED] > 3
    for name in ("runs", "people", "choices"):
        assert np.array_equal(getattr(rows, name), getattr(usual, name))


def test_a_longer_tape_keeps_what_is_on_it():
    state = new_state(3, 14, 2, 2, tape=4)
    state.tape_rows[:] = 0.25
    longer = with_tape(state, 9, 11)
    assert longer.tape_events.shape[0] == longer.tape_terms.shape[0] == 9
    assert (longer.tape_rows[:8] == 0.25).all()
    assert longer.tape_rows.shape == (11, 3)
    assert longer.belief is state.belief
