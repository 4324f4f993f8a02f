"""The backward pass: the same as forward bookkeeping, whatever happens in a phase, however short the tape."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from cosim.catalogue import load_scenario
from cosim.engine import batch as batches
from cosim.model.model import CoproductionModel
from cosim.model.stages import tape
from cosim.model.stages.credit import find_sources, note_intakes
from cosim.model.stages.phase import begin_phase
from cosim.model.stages.project import begin_project
from cosim.model.state import (
    BEFOREHAND,
    BOUND,
    BY_BALLOTS,
    BY_LEAD,
    BY_LEADS_BALLOT,
    EVENTS,
    EVENTS_WANTED,
    SPEAKER,
    TO_LEAD,
    TO_OTHERS,
    WHAT,
    new_state,
    with_tape,
)
from cosim.scenario.plan import resolve, unchanged
from tests.model.forward import Books, of_decision, source_values
from tests.strategies import scenarios, with_changes


def ended(scenario):
    model = CoproductionModel(scenario, 5, 0, collect=False).run_model()
    return model, model.state, int(model.plan.phases[model.phase].options)


@settings(max_examples=40)
@given(scenarios())
def test_backward_is_forward(scenario):
    """To 1e-12: for the ballots that carried the decision, for their mean, and for any one of them."""
    model, state, options = ended(scenario)
    n = model.size
    voter = int(np.flatnonzero(state.vote)[-1])
    for shares in (state.carrying.copy(), state.vote, np.eye(n)[voter]):
        find_sources(model.plan, state, model.meeting, BY_BALLOTS, model.lead, shares)
        assert state.sources == pytest.approx(of_decision(state, options, shares), abs=1e-12)
        assert state.sources.sum() == pytest.approx(1.0, abs=1e-12)
        assert state.sources.min() >= 0.0
        assert state.credit_stance == pytest.approx(0.0, abs=1e-15)


UNBENT = {"stance.deference": 0.0, "stance.conformity": 0.0, "team.*.loyalty": 0.0, "team.*.spread": 0.0}


@settings(max_examples=25)
@given(with_changes({**UNBENT, "uptake.reflection": 0.0}))
def test_the_tape_tells_the_beliefs(scenario):
    """Weights times the values of the sources are the beliefs, where nothing is bent or thought out alone."""
    first = {f"phases.{name}": None for name in list(scenario.phases)[1:]}
    model, state, _ = ended(scenario.replace({**first, "phases.*.importance": 1.0}))
    start = new_state(model.size, *state.drawn.shape[1:], len(state.merit), state.group_view.shape[2])
    begin_project(model.plan, start, 5, 0)
    begin_phase(model.plan, start, model.variation, 0, 5, 0)
    carried = start.group_view[:, :, model.plan.constituency]
    mandate = np.minimum(start.mandate_first, 1.0 - 1e-9)
    mind = (start.initial - mandate * carried) / (1.0 - mandate)
    values = source_values(model.plan, state, mind)
    told = np.einsum("okns,oks->okn", Books(state).belief, values)
    assert told == pytest.approx(state.belief, abs=1e-6 if (mandate > 0.999).any() else 1e-11)


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


@settings(max_examples=25)
@given(scenarios())
def test_what_was_taken_in_at_each_turn_adds_up(scenario):
    """With what voters came with, were bound to and bent to: own part of the ballots, and 1 in all."""
    model, state, options = ended(scenario)
    meeting, how, lead = (int(x) for x in state.decided)
    note_intakes(model.plan, state)
    events = state.tape_used[EVENTS]
    kept = state.credit[:options].sum() + state.credit_base[:options].sum()
    bound = bent = 0.0
    if how in (BY_BALLOTS, BY_LEADS_BALLOT):
        parts = state.carrying if how == BY_BALLOTS else np.eye(model.size)[lead]
        for event, terms in zip(state.tape_events[:events], state.tape_terms[:events], strict=True):
            if event[WHAT] == tape.BALLOT:
                part = parts[event[SPEAKER]] / options
                share = terms[TO_LEAD] + terms[TO_OTHERS]
                bent += part * share
                bound += part * (1.0 - share) * terms[BOUND]
    elif how == BY_LEAD:
        bound = float(state.sources[model.size + lead])
    total = state.tape_taken[:events].sum() + kept + bound + bent
    assert total == pytest.approx(0.0 if how == BEFOREHAND else 1.0, abs=1e-12)
    assert state.tape_taken[:events].min() >= 0.0
    assert meeting < len(model.plan.meetings)


def test_the_log_tells_what_was_taken_in_and_silence_brings_nothing():
    scenario = load_scenario("research_team").replace({"phases.*.minutes": 10.0})
    log = CoproductionModel(scenario, 5, 0, collect=False).run_model().turn_log()
    assert (log["intake"] >= 0.0).all()
    assert (log.groupby("phase")["intake"].sum() > 0.0).all()
    assert (log[log["off_remit"]]["intake"] == 0.0).all()
