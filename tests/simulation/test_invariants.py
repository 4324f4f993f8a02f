"""What must hold in every scenario: the invariants of docs/ODD.md, most of them over random scenarios.

Random scenarios come from the whole configuration space (`tests.strategies.scenarios`); each test says what
it sets on top of them.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosim.catalogue import load_scenario
from cosim.mechanisms import facilitation
from cosim.model.model import CoproductionModel
from cosim.model.stages.meeting import lead_of
from cosim.model.stages.phase import view_of
from cosim.outcomes import OUTCOME_NAMES, PERSON_COLUMNS
from cosim.scenario import Scenario
from cosim.scenario.plan import Plan, resolve, unchanged
from cosim.scenario.vocabulary import LEVELS, PUBLIC, ROLES
from cosim.simulation.simulation import compiled_log, run_compiled, simulate
from tests.model.forward import Books
from tests.strategies import scenarios, with_changes

SEED = 5
RUNS = range(4)
OWN = PERSON_COLUMNS.index("influence_own")
CARRIED = PERSON_COLUMNS.index("influence_carried")
ARGUED = PERSON_COLUMNS.index("influence_argued")
BROUGHT = PERSON_COLUMNS.index("brought")
SAY = PERSON_COLUMNS.index("say")
SHARE = PERSON_COLUMNS.index("influence_share")
VOTE = PERSON_COLUMNS.index("decision_weight")
UPTAKE = PERSON_COLUMNS.index("uptake_share")
NULL = load_scenario("symmetric_null")


def column(runs: Any, name: str) -> Any:
    return runs[:, OUTCOME_NAMES.index(name)]


def run(scenario: Scenario) -> tuple[Plan, Any, Any]:
    """Run some replicates compiled: the plan, (replicates, outcomes), (replicates, N, columns)."""
    plan, _ = resolve(scenario)
    rows = run_compiled(plan, RUNS, SEED)
    return plan, rows.runs, rows.people


def played(scenario: Scenario) -> CoproductionModel:
    """Run the readable model to its end."""
    return CoproductionModel(scenario, SEED, 0, collect=False).run_model()


def meetings_of(log: Any) -> Iterator[Any]:
    """Yield the members' spoken turns of each meeting in order."""
    spoken = log[(log["turn"] >= 0) & (log["speaker"] >= 0)]
    for meeting in np.unique(spoken["meeting"]):
        yield spoken[spoken["meeting"] == meeting]


def facilitation_only(log: Any, rows: Any) -> bool:
    """Say whether turns that are no member's are all a chair's."""
    chairs = [code for code, mode in enumerate(facilitation.MODES) if mode.startswith("chair ")]
    return bool(np.isin(log["mode"][rows], chairs).all())


# ---------------------------------------------------------------- 1 symmetric null


@pytest.mark.parametrize("shift", range(4), ids=lambda n: f"roles moved by {n}")
def test_equals_have_equal_influence_whatever_their_role_is_called(shift):
    """Parity of every role is 1 within 3 Monte Carlo errors, n = 2,000, under each relabelling."""
    moved = {f"team.{name}.role": ROLES[(at + shift) % 4] for at, name in enumerate(NULL.team)}
    short = {"phases.*.minutes": 30.0, "agenda.minutes_per_item": 5.0} if shift else {}
    runs = simulate(NULL.replace({**moved, **short}), replicates=2000, seed=11).runs
    for role in ROLES:
        parity = runs[f"influence_parity_{'public' if role == PUBLIC else role}"]
        error = parity.std() / np.sqrt(len(parity))
        assert abs(parity.mean() - 1.0) <= 3.0 * error, f"{role}: {parity.mean():.4f} +- {error:.4f}"
    voice = runs["voice_parity_public"]
    assert abs(voice.mean() - 1.0) <= 3.0 * voice.std() / np.sqrt(len(voice))


# ---------------------------------------------------------------- 2 shares


@settings(max_examples=80)
@given(scenarios())
def test_influence_shares_are_not_negative_and_sum_to_1(scenario):
    _, runs, people = run(scenario)
    assert people[:, :, OWN].min() >= 0.0
    assert people[:, :, CARRIED].min() >= 0.0
    assert people[:, :, ARGUED].min() >= 0.0
    outside = column(runs, "parts_outside") / 100.0
    assert outside.min() >= 0.0
    assert people[:, :, SHARE].sum(axis=1) + outside == pytest.approx(np.ones(len(people)), abs=1e-9)
    assert people[:, :, BROUGHT].sum(axis=1) == pytest.approx(people[:, :, ARGUED].sum(axis=1), abs=1e-9)
    assert (people[:, :, SAY].sum(axis=1) <= 1.0 + 1e-9).all()
    assert people[:, :, VOTE].sum(axis=1) == pytest.approx(np.ones(len(people)), abs=1e-9)
    assert np.isfinite(runs).all()
    assert np.isfinite(people).all()


# ---------------------------------------------------------------- 3 levels and vetoes


@settings(max_examples=40)
@given(with_changes({"phases.*.level": "inform"}))
def test_informed_the_public_has_no_influence_at_all(scenario):
    plan, runs, people = run(scenario)
    assert (people[:, plan.is_public, SHARE] == 0.0).all()
    assert (people[:, plan.is_public, PERSON_COLUMNS.index("turns")] == 0.0).all()
    assert (column(runs, "influence_parity_public") == 0.0).all()


@settings(max_examples=40)
@given(with_changes({"phases.*.level": "empower", "system.drift": 0.0}))
def test_empowered_the_public_alone_has_decision_weight(scenario):
    plan, _, people = run(scenario)
    assert (people[:, ~plan.is_public, VOTE] == 0.0).all()


@settings(max_examples=30)
@given(with_changes({"phases.*.level": "empower", "system.drift": 0.0, "facilitation.consultation": 0.0}))
def test_empowered_and_deaf_the_public_alone_has_influence(scenario):
    """Professionals have none otherwise: theirs comes through uptake and through the majority they show."""
    deaf = scenario.replace({"team.*.openness": 0.0, "team.*.spread": 0.0, "stance.conformity": 0.0})
    plan, _, people = run(deaf)
    assert people[:, ~plan.is_public, SHARE] == pytest.approx(0.0, abs=1e-12)


@settings(max_examples=30)
@given(
    with_changes(
        {
            "accountability.form": "full_veto",
            "accountability.tolerance": 0.0,
            "accountability.delegation": 0.0,
            "system.plan_flexibility": 1.0,
            "interventions.delegated_decisions": None,
        }
    )
)
def test_under_full_veto_the_decision_is_one_that_the_lead_likes_best(scenario):
    model = played(scenario)
    lead = lead_of(model.plan, model.state.member, model.level)
    if lead < 0:  # nobody leads in this phase
        return
    options = model.plan.phases[model.phase].options
    latitude = model.terms.stance_latitude
    likes = [view_of(model.plan, model.state, lead, o, latitude) for o in range(options)]
    assert likes[model.choices[-1]] == max(likes)


def test_full_veto_of_an_opposed_lead_always_wins():
    """Where the team alone would decide otherwise, a lead with a full veto still gets their way."""
    team = load_scenario("research_team").replace({"phases.*.minutes": 10.0, "accountability.tolerance": 0.0})
    ours = {
        form: run_compiled(resolve(team.replace({"accountability.form": form}))[0], range(200), SEED)
        for form in ("none", "full_veto", "sign_off", "comply_or_explain")
    }
    rates = {form: column(rows.runs, "override_rate").mean() for form, rows in ours.items()}
    changed = {form: (rows.choices != ours["none"].choices).mean() for form, rows in ours.items()}
    assert rates["none"] == 0.0
    assert changed["full_veto"] > 0.1
    assert rates["full_veto"] > rates["sign_off"] > rates["comply_or_explain"] > 0.0


# ---------------------------------------------------------------- 4 closed minds; Friedkin-Johnsen


@settings(max_examples=30)
@given(
    with_changes(
        {
            "team.*.openness": 0.0,
            "team.*.spread": 0.0,
            "system.late_evidence": 0.0,
            "uptake.reflection": 0.0,
        }
    )
)
def test_with_openness_0_nobody_moves(scenario):
    _, runs, people = run(scenario)
    assert (people[:, :, UPTAKE] == 0.0).all()
    assert column(runs, "movement_public") == pytest.approx(0.0, abs=1e-12)
    assert column(runs, "movement_professionals") == pytest.approx(0.0, abs=1e-12)


PLAIN = {
    **{f"team.*.knows_{kind}": 1.0 for kind in ("empirical", "experiential", "practice", "policy")},
    **{"team.*.prestige": 1.0, "team.*.mandate": 0.0, "team.*.attendance": 1.0},
    **{"team.researchers.openness": 0.9, "team.providers.openness": 0.6, "team.patients.openness": 0.2},
    "knowledge.technicality": 0.3,
    "stance.deference": 0.0,
    "stance.conformity": 0.0,
    "arguments.voiced": 0.0,
    "uptake.rule": "friedkin_johnsen",
    "uptake.reflection": 0.0,
    "speech.interruption": 0.0,
    "speech.off_remit": 0.0,
    "uptake.jargon": 0.0,
    "uptake.unfamiliarity": 0.0,
    "uptake.legitimacy": 0.0,
    "uptake.confirmation": 0.0,
    "phases.*.demonstrability": 0.0,
    "uptake.rate": 0.2,
    "uptake.anchor": 0.02,
    "learning.experiential_discount": 0.0,
}
"""Candour 1, comprehension 1, credibility 1, mandate 0."""


@pytest.mark.parametrize(
    "floor",
    [
        {},
        {"floor.rule": "luce"},
        {"floor.rule": "queue"},
        {"facilitation.rounds": 1.0},
        {"facilitation.invitation": 1.0, "facilitation.talk_cap": 1.0},
    ],
    ids=str,
)
def test_without_status_and_jargon_the_model_is_friedkin_johnsen(floor):
    """Beliefs and influence equal products of matrices on the speaking sequence that the log tells."""
    scenario = NULL.replace({**PLAIN, **floor, "phases.*.minutes": 40.0, "phases.*.options": 3})
    model = played(scenario)
    n, state = model.size, model.state
    openness = np.array([scenario.team[member.group].openness for member in model.members])
    step, pull = 0.2 * openness, 0.02 * (1.0 - openness)
    log = model.raw_log()
    assert len(log) > 100
    maps = np.tile(np.eye(n), (3, 4, 1, 1))  # from initial to present beliefs, of each option and kind
    for turn in log:
        i, now = turn["speaker"], maps[turn["item"], turn["kind"]]
        heard = np.arange(n) != i
        said = now[i].copy()
        mixed = (1.0 - pull)[:, None] * ((1.0 - step)[:, None] * now + step[:, None] * said)
        now[heard] = (mixed + np.diag(pull))[heard]
    beliefs = np.einsum("okns,oks->okn", maps, state.initial)
    assert state.belief == pytest.approx(beliefs, abs=1e-12)
    assert not np.allclose(state.belief, state.initial)
    assert Books(state).belief[:, :, :, :n] == pytest.approx(maps, abs=1e-12)
    weighs = np.full((n, 4), 0.25)
    shares = np.einsum("nk,okns->s", weighs, maps) / (n * 3)
    assert model.people()["influence_share"].to_numpy() == pytest.approx(shares, abs=1e-12)


def test_a_long_round_settles_where_friedkin_and_johnsen_say():
    """The fixed point of one round of the same talk: x = M x + (I - M 1) x0, solved as a linear system."""
    n = NULL.size
    changes = {**PLAIN, "facilitation.rounds": 1.0, "phases.*.options": 2, "phases.*.minutes": 600.0}
    # Everyone weighs, knows and turns to one kind alone, so that a round is the same list of turns again.
    others = ("experiential", "practice", "policy")
    changes |= {f"team.*.knows_{kind}": 0.0 for kind in others} | {"agenda.minutes_per_item": 240.0}
    scenario = NULL.replace({**changes, "agenda.self_interest": 0.0, "speech.words_log_sd": 0.0})
    model = played(scenario)
    state, log = model.state, model.raw_log()
    item = int(log["item"][0])
    first = log[log["item"] == item]
    assert len(first) > 100 * n
    assert (first["kind"] == 0).all()
    order = first["speaker"][:n]
    openness = np.array([scenario.team[member.group].openness for member in model.members])
    step, pull = 0.2 * openness, 0.02 * (1.0 - openness)
    turns = []  # of each speaker: how beliefs are pushed, and pulled back
    for i in order:
        push = np.diag((1.0 - pull) * (1.0 - step))
        push[:, i] += (1.0 - pull) * step
        push[i] = np.eye(n)[i]
        turns.append((push, np.diag(np.where(np.arange(n) == i, 0.0, pull))))
    pushed, pulled = np.eye(n), np.zeros((n, n))
    for push, back in turns:
        pushed, pulled = push @ pushed, push @ pulled + back
    start = state.initial[item, 0]
    settled = np.linalg.solve(np.eye(n) - pushed, pulled @ start)
    for push, back in turns[: len(first) % n]:
        settled = push @ settled + back @ start
    assert state.belief[item, 0] == pytest.approx(settled, abs=1e-9)


# ---------------------------------------------------------------- 5 tracked influence is a derivative

BLIND = {
    # Floor and agenda that do not look at beliefs ...
    "floor.stake": 0.0,
    "agenda.self_interest": 0.0,
    "standing.appraisal_salience": 0.0,
    "facilitation.monitoring": 0.0,
    "facilitation.silent_writing": 0.0,
    # ... uptake that minds neither the distance of what is said nor whether it is right ...
    "uptake.confirmation": 0.0,
    "phases.*.demonstrability": 0.0,
    # ... no consequence of what was decided for what follows, and nobody who overrides it.
    "knowledge.opens": 0.0,
    "agenda.closed": 0.0,
    "attendance.dissatisfaction": 0.0,
    "facilitation.feedback": 0.0,
    "accountability.form": "none",
    "system.late_evidence": 0.0,
    # ... no bend that depends on which side somebody is on, and no thinking alone that ends at 0 or 1.
    "stance.conformity": 0.0,
    "uptake.reflection": 0.0,
}


@settings(max_examples=30)
@given(
    with_changes(BLIND),
    st.sampled_from(["mean_score", "rank_sum", "lead_decides"]),
    st.sampled_from(["shared_attention", "friedkin_johnsen", "bayesian"]),
    st.sampled_from([0.0, 1.0]),
)
def test_tracked_influence_is_the_derivative_of_the_decision(scenario, rule, form, flexibility):
    """Nudge one source's initial views: the decision's score moves by its tracked share of that."""
    plan = blind_plan(scenario, rule, form, flexibility)
    n, nudge = len(plan.uid), 0.01
    base = run_compiled(plan, range(1), SEED)
    score = column(base.runs, "decision_score")[0]
    for i in range(n):
        variation = unchanged(plan)
        variation.nudge[i] = nudge
        moved = column(
            run_compiled(plan, range(1), SEED, variation=variation, people=False).runs, "decision_score"
        )
        assert (moved[0] - score) / nudge == pytest.approx(base.people[0, i, OWN], abs=1e-9)
    for c in range(len(plan.constituency_uid)):
        variation = unchanged(plan)
        variation.nudge_constituency[c] = nudge
        moved = column(
            run_compiled(plan, range(1), SEED, variation=variation, people=False).runs, "decision_score"
        )
        carried = base.people[0, plan.constituency == c, CARRIED].sum()
        assert (moved[0] - score) / nudge == pytest.approx(carried, abs=1e-9)


def blind_plan(scenario: Scenario, rule: str, form: str, flexibility: float) -> Plan:
    """The plan of a scenario without interventions, under a rule that looks at scores only."""
    if rule == "lead_decides" and not any(group.lead for group in scenario.team.values()):
        rule = "mean_score"
    changes = {f"interventions.{name}": None for name in scenario.interventions}
    changes |= {"phases.*.rule": rule, "uptake.rule": form, "system.plan_flexibility": flexibility}
    return resolve(scenario.replace(changes))[0]


# ---------------------------------------------------------------- 6 the floor


@settings(max_examples=80)
@given(scenarios())
def test_nobody_speaks_twice_in_a_row(scenario):
    plan, members = resolve(scenario)
    log = compiled_log(plan, 0, SEED)
    for turns in meetings_of(log):
        assert (turns["speaker"][1:] != turns["speaker"][:-1]).all()
    if len(log):
        assert facilitation_only(log, log["speaker"] < 0)
        assert log["speaker"].max() < len(members)
        options = plan.phases["options"][log["phase"]]
        assert ((log["item"] >= 0) & (log["item"] < options)).all()
        assert set(log["kind"][log["speaker"] >= 0]) <= {0, 1, 2, 3}
        assert ((log["frank"] >= 0.0) & (log["frank"] <= 1.0)).all()
        assert (log["words"][log["turn"] >= 0] > 0.0).all()


@settings(max_examples=40)
@given(
    with_changes({"facilitation.small_groups": 1.0, "facilitation.remix": 1, "facilitation.group_size": 3})
)
def test_nobody_speaks_twice_in_a_row_at_a_small_table(scenario):
    plan, _ = resolve(scenario)
    for turns in meetings_of(compiled_log(plan, 0, SEED)):
        for table in np.unique(turns["table"]):
            speakers = turns["speaker"][turns["table"] == table]
            assert (speakers[1:] != speakers[:-1]).all()


@settings(max_examples=50)
@given(with_changes({"facilitation.rounds": 1.0, "facilitation.passing": 0.0}))
def test_a_round_gives_equal_turns(scenario):
    plan, runs, _ = run(scenario)
    for turns in meetings_of(compiled_log(plan, 0, SEED)):
        assert len(set(np.bincount(turns["speaker"])) - {0}) == 1
    heard = column(runs, "voice_parity_public")
    if min(LEVELS.index(phase.level) for phase in scenario.phases.values()) >= 2:
        drifts = scenario.system.drift > 0.0
        for parity, turns in zip(heard, column(runs, "turns"), strict=True):
            assert parity in (0.0, 1.0) or drifts, (parity, turns)


@settings(max_examples=30)
@given(
    with_changes(
        {
            "facilitation.talk_cap": 1.0,
            "facilitation.rounds": 0.0,
            "facilitation.invitation": 0.0,
            "facilitation.monitoring": 0.0,
            "facilitation.queue": 0.0,
            "facilitation.small_groups": 0.0,
        }
    ),
    st.integers(1, 4),
)
def test_talk_caps_hold(scenario, tokens):
    """Nobody takes more turns than tokens until all who could speak next have spent theirs."""
    names: dict[str, Any] = {f"interventions.{name}": None for name in scenario.interventions}
    names["phases.*.owner"] = None  # who opens an item needs no token
    plan, _ = resolve(scenario.replace({**names, "facilitation.tokens": tokens, "floor.rule": "luce"}))
    model_log = compiled_log(plan, 0, SEED)
    for turns in meetings_of(model_log):
        speakers = turns["speaker"]
        spent = dict.fromkeys(sorted(set(speakers.tolist())), 0)
        for before, i in itertools.pairwise([-1, *speakers.tolist()]):
            waiting = [j for j in spent if j != before]
            if all(spent[j] >= tokens for j in waiting):
                spent = dict.fromkeys(spent, 0)
            assert spent[i] < tokens
            spent[i] += 1


# ---------------------------------------------------------------- 7 the hull


@settings(max_examples=40)
@given(with_changes({"system.late_evidence": 0.0, "uptake.reflection": 0.0, "arguments.voiced": 0.0}))
def test_beliefs_stay_among_the_initial_beliefs(scenario):
    """On the option, whatever the kind of knowledge: a stance is of the whole option."""
    model = played(scenario)
    within(model, [model.state.initial, model.state.group_view])


@settings(max_examples=30)
@given(scenarios())
def test_beliefs_and_what_is_voiced_stay_within_0_to_1(scenario):
    model = played(scenario)
    assert model.state.belief.min() >= 0.0
    assert model.state.belief.max() <= 1.0
    said = model.raw_log()["said"]
    assert ((said >= -1e-12) & (said <= 1.0 + 1e-12)).all()


@pytest.mark.parametrize("weight", [0.3, 1.0])
def test_new_evidence_widens_the_hull_by_itself_alone(weight):
    team = load_scenario("research_team").replace({"phases.*.minutes": 5.0})
    team = team.replace({f"phases.{name}": None for name in list(team.phases)[1:]})
    team = team.replace({"uptake.reflection": 0.0, "arguments.voiced": 0.0})
    first = played(team).state.initial.copy()
    model = played(team.replace({"system.late_evidence": weight}))
    assert not np.array_equal(first, model.state.initial)
    within(model, [first, model.state.group_view, model.state.merit[:, :, None]])


def within(model: CoproductionModel, known: list[Any]) -> None:
    """Check that the last phase's beliefs and contributions lie among what was known."""
    options = model.plan.phases[model.phase].options
    sources = np.concatenate([part[:options] for part in known], axis=2)
    low, high = sources.min(axis=(1, 2)) - 1e-12, sources.max(axis=(1, 2)) + 1e-12
    beliefs = model.state.belief[:options]
    assert (beliefs >= low[:, None, None]).all()
    assert (beliefs <= high[:, None, None]).all()
    for turn in model.raw_log():
        if turn["phase"] == model.phase and turn["speaker"] >= 0:  # a chair says nothing of an item
            assert low[turn["item"]] <= turn["said"] <= high[turn["item"]]


# ---------------------------------------------------------------- 8 same seed, same bytes

PRINT_HASH = """
import hashlib
from cosim import load_scenario, simulate
scenario = load_scenario("co_chaired").with_interventions("round_robin", {"ground_rules": 0.5})
made = simulate(scenario, replicates=5, seed=123, log=True)
print(hashlib.sha256("".join(t.to_csv() for t in (made.runs, made.people, made.log)).encode()).hexdigest())
print(scenario.identity)
"""


def test_same_seed_same_bytes_in_processes_with_other_hash_seeds():
    said = [
        subprocess.run(
            [sys.executable, "-c", PRINT_HASH],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("0", "4711")
    ]
    assert said[0] == said[1]
    assert len(said[0].split()[0]) == 64


@settings(max_examples=25)
@given(scenarios(), st.sampled_from([2, 7]))
def test_workers_order_and_neighbours_do_not_matter(scenario, workers):
    plan, _ = resolve(scenario)
    together = run_compiled(plan, range(6), SEED)
    assert digest(together) == digest(run_compiled(plan, range(6), SEED, workers=workers))
    alone = run_compiled(plan, range(4, 5), SEED)
    assert (alone.runs[0] == together.runs[4]).all()
    assert (alone.people[0] == together.people[4]).all()


def digest(rows: Any) -> str:
    return hashlib.sha256(rows.runs.tobytes() + rows.people.tobytes() + rows.choices.tobytes()).hexdigest()


# ---------------------------------------------------------------- 9 the order of listing


@settings(max_examples=30)
@given(scenarios())
def test_the_order_of_listing_groups_and_phases_does_not_matter(scenario):
    data = scenario.to_dict()
    for part in ("team", "phases", "interventions"):
        data[part] = dict(reversed(list(data[part].items())))
    other = Scenario.from_dict(data)
    assert other.identity == scenario.identity
    one, two = resolve(scenario), resolve(other)
    assert [member.name for member in one[1]] == [member.name for member in two[1]]
    assert digest(run_compiled(one[0], RUNS, SEED)) == digest(run_compiled(two[0], RUNS, SEED))


def test_a_member_keeps_their_random_numbers_whoever_else_is_there():
    """Adding a group does not change what the others are like: attributes, talkativeness, first beliefs."""
    one = load_scenario("research_team")
    two = one.replace({"team.nurses": {"role": "provider", "count": 2, "constituency": "nurses"}})
    drawn = {}
    for scenario in (one, two):
        model = CoproductionModel(scenario, SEED, 3, collect=False)
        model.step()
        drawn[scenario.size] = {
            member.name: (
                model.state.drawn[i].tolist(),
                model.state.talkative[i],
                model.state.initial[:, :, i].tolist(),
            )
            for i, member in enumerate(model.members)
        }
    for name, mine in drawn[one.size].items():
        assert drawn[two.size][name] == mine


# ---------------------------------------------------------------- the random scenarios reach everything


def test_random_scenarios_reach_every_feature():
    """What the twin and these tests quantify over: each feature turns up among 300 random scenarios."""
    seen: dict[str, int] = {}

    def count(name: str, found: Any) -> None:
        seen[name] = seen.get(name, 0) + bool(found)

    @settings(max_examples=300)
    @given(scenarios())
    def look(scenario: Scenario) -> None:
        plan, runs, people = run(scenario)
        log = compiled_log(plan, 0, SEED)
        for code, mode in enumerate(facilitation.MODES):
            count(f"mode {mode}", (log["mode"] == code).any())
        for name in ("cut", "anonymous", "off_remit"):
            count(name, log[name].any())
        count("small groups", (log["table"] > 0).any())
        count("candour below 1", (log["frank"] < 1.0).any())
        count("override", column(runs, "override_rate").any())
        count("settled before", column(runs, "settled_before").any())
        count("consensus", column(runs, "consensus_rate").any())
        count("not reached", column(runs, "non_decision_rate").any())
        count("absence", (people[:, :, PERSON_COLUMNS.index("attendance")] < 1.0).any())
        count("carried influence", people[:, :, CARRIED].any())
        watched = (plan.meetings["facilitation_monitoring"] > 0.0)[log["meeting"]]
        count(
            "monitoring", (watched & (log["turn"] >= plan.meetings["facilitation_monitoring_every"][0])).any()
        )
        count("slipped level", (column(runs, "enacted_level") % 1 != 0).any() or scenario.system.drift > 0)
        count("late evidence", (plan.meetings["system_late_evidence"] > 0.0).any())
        count("joins or leaves", (plan.joins > 0).any() or (plan.leaves < 3).any())
        count("talk cap", (plan.meetings["facilitation_talk_cap"] > 0.0).any())
        count("co-chair", (plan.meetings["facilitation_co_chair"] > 0.0).any())
        count("consultation", (plan.meetings["facilitation_consultation"] > 0.0).any())
        for field, codes in (("rule", 7), ("level", 5)):
            for code in range(codes):
                count(f"{field} {code}", (plan.phases[field] == code).any())
        for field, codes in (("floor_rule", 3), ("uptake_rule", 3), ("accountability_form", 5)):
            for code in range(codes):
                count(f"{field} {code}", (plan.meetings[field] == code).any())

    look()
    rare = {name: times for name, times in seen.items() if times < 5}
    assert not rare, f"of 300 random scenarios these features appear in fewer than 5: {rare}"
