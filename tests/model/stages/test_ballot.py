"""A phase ends: what is tallied of the decision, checked by independent computation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cosim.mechanisms import counters
from cosim.model.model import CoproductionModel
from cosim.model.stages.ballot import best_listed, list_options
from cosim.model.stages.phase import view_of
from cosim.model.stages.project import WEIGHS
from cosim.model.stages.reception import correlation
from tests.model.stages.rooms import SEED, TEAM, in_meeting, in_phase

LISTS = st.lists(st.floats(0.0, 1.0).map(lambda x: round(x, 3)), min_size=3, max_size=8)


@given(LISTS, st.integers(0, 1000))
def test_correlation_is_pearsons(x, seed):
    y = np.random.default_rng(seed + 1).random(len(x))
    assume(np.std(x) > 1e-6)
    assert correlation(np.array(x), y, len(x)) == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-9)


def test_who_does_not_differ_cannot_disagree():
    assert correlation(np.full(4, 0.3), np.array([0.1, 0.5, 0.2, 0.9]), 4) == 1.0


@pytest.mark.parametrize(("closed", "count"), [(0.0, 8), (1.0, 3)])
def test_a_closed_phase_lists_what_has_been_on_an_agenda(closed, count):
    room = in_meeting(TEAM.replace({"agenda.closed": closed, "agenda.minutes_per_item": 30.0}))
    assert list_options(room.plan, room.state, 0, SEED, 0) == count
    listed = room.state.listed[:count].tolist()
    assert listed == (sorted(room.state.agenda[:3].tolist()) if closed else list(range(8)))
    values = np.random.default_rng(3).random(8)
    assert best_listed(room.state, values, count) == max(listed, key=lambda option: values[option])


def test_phases_are_closed_as_often_as_the_scenario_says():
    """n = 400."""
    room = in_meeting(TEAM.replace({"agenda.closed": 0.3, "agenda.minutes_per_item": 30.0}))
    counts = [list_options(room.plan, room.state, 0, SEED, replicate) for replicate in range(400)]
    assert set(counts) == {3, 8}
    assert counts.count(3) / 400 == pytest.approx(0.3, abs=4 * (0.3 * 0.7 / 400) ** 0.5)


@pytest.fixture(scope="module", params=[0, 3, 7], ids=lambda n: f"replicate {n}")
def ended(request) -> CoproductionModel:
    """One phase of the default team, ten minutes, played to its end."""
    one = {f"phases.{name}": None for name in list(TEAM.phases)[1:]}
    scenario = TEAM.replace({**one, "phases.*.minutes": 10.0, "agenda.minutes_per_item": 2.0})
    return CoproductionModel(scenario, SEED, request.param, collect=False).run_model()


def standing(values: np.ndarray, choice: int) -> float:
    return float((values[choice] - values.min()) / (values.max() - values.min()))


def test_quality_rigour_and_relevance(ended):
    state, knowledge = ended.state, ended.project.knowledge
    society = np.array([getattr(knowledge, f"society_{kind}") for kind in _kinds()])
    value = state.merit @ (society / society.sum())
    outcomes, choice = ended.outcomes(), ended.choices[0]
    assert outcomes["decision_quality"] == pytest.approx(standing(value, choice))
    assert outcomes["rigour"] == pytest.approx(standing(state.merit[:, 0], choice))
    assert outcomes["relevance"] == pytest.approx(standing(state.merit[:, 1], choice))
    public = [member.constituency for member in ended.members].index("patient")
    theirs = state.group_view[:, :, ended.plan.constituency[public]] @ (society / society.sum())
    assert outcomes["representation_error"] == pytest.approx(1.0 - standing(theirs, choice))


def _kinds() -> tuple[str, ...]:
    return ("empirical", "experiential", "practice", "policy")


def judged(ended, beliefs: np.ndarray) -> np.ndarray:
    return np.einsum("okn,nk->no", beliefs, ended.state.traits[:, WEIGHS : WEIGHS + 4])


def test_acceptability_and_agreement(ended):
    before, after = ended.state.views_before[:, :8], judged(ended, ended.state.belief)
    outcomes, choice = ended.outcomes(), ended.choices[0]
    close = np.array([standing(view, choice) for view in after])
    people = ended.state.people
    came = people[:, counters.EXPECTED] > 0.0
    say = np.zeros(len(people))  # of who was never there
    say[came] = np.minimum(people[came, counters.FRANKNESS] / people[came, counters.EXPECTED], 1.0)
    weight = ended.project.decision.fair_process
    assert 0.0 < weight < 1.0
    assert say.min() < say.max() == 1.0
    accepted = (1.0 - weight) * close + weight * say
    assert outcomes["acceptability_mean"] == pytest.approx(accepted.mean())
    assert outcomes["acceptability_sd"] == pytest.approx(accepted.std())
    sides = np.array(ended.plan.is_public)
    for name, views in (("agreement_before", before), ("agreement_after", after)):
        both = np.corrcoef(views[sides].mean(axis=0), views[~sides].mean(axis=0))[0, 1]
        assert outcomes[name] == pytest.approx(both)
    moved = np.abs(after[sides].mean(axis=0) - before[sides].mean(axis=0)).mean()
    assert outcomes["movement_public"] == pytest.approx(moved)
    moved = np.abs(after[~sides].mean(axis=0) - before[~sides].mean(axis=0)).mean()
    assert outcomes["movement_professionals"] == pytest.approx(moved)


def test_first_position_of_the_public_side(ended):
    room = in_phase(ended.project, ended.replicate)
    theirs = room.state.group_view[:, :, room.plan.constituency]
    errors = (room.state.belief - theirs)[:, :, np.array(ended.plan.is_public)]
    assert ended.outcomes()["position_error_public"] == pytest.approx(np.abs(errors.mean(axis=2)).mean())


def test_the_decisions_score_is_made_of_the_ballots_that_carried_it(ended):
    state = ended.state
    if state.totals[counters.T_OVERRIDDEN] > 0.0:
        latitude = ended.terms.stance_latitude
        alone = [view_of(ended.plan, state, 0, o, latitude) for o in range(8)]
        weights, ballots = np.eye(ended.size)[0], np.tile(alone, (ended.size, 1))
    else:
        weights, ballots = state.carrying, state.ballots
        assert ended.people()["decision_weight"].to_numpy() == pytest.approx(state.vote)
    assert ended.outcomes()["decision_score"] == pytest.approx(weights @ scores(ballots).mean(axis=1))


def scores(ballots: np.ndarray) -> np.ndarray:
    return ballots[:, :8]


def test_parts_add_up_to_100(ended):
    outcomes = ended.outcomes()
    parts = [outcomes[f"parts_{name}"] for name in ("own", "carried", "argued", "outside")]
    assert min(parts) >= 0.0
    assert sum(parts) == pytest.approx(100.0)
    people = ended.people()
    for name in ("own", "carried", "argued"):
        assert 100.0 * people[f"influence_{name}"].sum() == pytest.approx(outcomes[f"parts_{name}"])
    assert 100.0 * people["brought"].sum() == pytest.approx(outcomes["parts_argued"])
    public = people.query("role == 'patient'")["influence_share"].sum()
    assert outcomes["parts_public"] == pytest.approx(100.0 * public)


def test_how_minds_moved(ended):
    state, outcomes = ended.state, ended.outcomes()
    before, after = state.views_before[:, :8], judged(ended, state.belief)
    assert outcomes["movement"] == pytest.approx(np.abs(after - before).mean())
    changed = (after.argmax(axis=1) != before.argmax(axis=1)).mean()
    assert outcomes["first_choice_changed"] == pytest.approx(changed)
    assert outcomes["group_shift"] == pytest.approx(np.abs(after.mean(axis=0) - before.mean(axis=0)).mean())
    closed = 1.0 - after.std(axis=0).sum() / before.std(axis=0).sum()
    assert outcomes["closure"] == pytest.approx(closed)
    dissent = state.vote[after.argmax(axis=1) != ended.choices[0]].sum()
    assert outcomes["private_dissent"] == pytest.approx(dissent)


def test_false_agreement_counts_ballots_for_another_than_the_private_best(ended):
    private = judged(ended, ended.state.belief).argmax(axis=1)
    hidden = sum(
        ended.state.vote[i] for i in range(ended.size) if ended.state.ballots[i, :8].argmax() != private[i]
    )
    assert ended.outcomes()["false_agreement"] == pytest.approx(hidden)


@settings(max_examples=20)
@given(st.integers(0, 500))
def test_a_secret_ballot_hides_nothing(replicate):
    one = {f"phases.{name}": None for name in list(TEAM.phases)[1:]}
    frank = {"decision.secret_ballot": 1.0, "team.*.mandate": 0.0, "team.*.spread": 0.0}
    scenario = TEAM.replace({**one, **frank, "phases.*.minutes": 1.0})
    model = CoproductionModel(scenario, SEED, replicate, collect=False).run_model()
    assert model.outcomes()["false_agreement"] == 0.0
