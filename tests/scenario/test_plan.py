"""The plan: a scenario in numbers, each value where both engines look for it."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosim import load_scenario
from cosim.config.parameter import records_in
from cosim.errors import ConfigError
from cosim.model.model import readable
from cosim.scenario import ATTRIBUTES, SECTIONS
from cosim.scenario.plan import MEETING, normal_table, resolve, roster, unchanged, words_table
from cosim.scenario.seating import block_order, facing, mixed_order, seats
from cosim.scenario.vocabulary import PHASES, ROLES
from tests.strategies import scenarios

TEAM = load_scenario("research_team")


# ---------------------------------------------------------------- members


def test_members_are_in_canonical_order_with_the_lead_first_of_their_role():
    names = [member.name for member in roster(TEAM)]
    assert names == [
        *("lead", "researchers-1", "researchers-2", "researchers-3"),
        *("providers-1", "providers-2", "providers-3", "policymakers"),
        *("patients-1", "patients-2", "patients-3", "patients-4"),
    ]


@settings(max_examples=50)
@given(scenarios())
def test_ids_are_distinct_stable_and_do_not_depend_on_the_others(scenario):
    plan, members = resolve(scenario)
    assert len(set(plan.uid.tolist())) == len(members)
    assert ((plan.uid >= 0) & (plan.uid < 2**24)).all()
    assert [ROLES[code] for code in plan.role] == [member.role for member in members]
    assert plan.role.tolist() == sorted(plan.role)
    assert plan.is_lead.sum() <= 1
    again = dict(zip([m.name for m in resolve(scenario)[1]], resolve(scenario)[0].uid, strict=True))
    for member, uid in zip(members, plan.uid, strict=True):
        assert again[member.name] == uid


def test_a_constituency_is_shared_by_those_who_name_it():
    one = TEAM.replace(
        {"team.patients.constituency": "the town", "team.policymakers.constituency": "the town"}
    )
    plan, members = resolve(one)
    town = {plan.constituency[i] for i, member in enumerate(members) if member.constituency == "the town"}
    assert len(town) == 1
    assert len(plan.constituency_uid) == 3


def test_a_groups_own_value_wins_over_the_roles_and_that_over_the_default():
    scenario = TEAM.replace(
        {"roles.provider.openness": 0.9, "roles.patient.openness": 0.8, "team.patients.openness": 0.7}
    )
    plan, members = resolve(scenario)
    openness = [attribute.name for attribute in ATTRIBUTES].index("openness")
    by_group = {member.group: plan.base[i, openness] for i, member in enumerate(members)}
    assert by_group["patients"] == 0.7
    assert by_group["providers"] == 0.9
    assert by_group["researchers"] == 0.5


def test_joining_and_leaving_are_phase_codes():
    plan, members = resolve(load_scenario("changing_team"))
    at = {member.group: i for i, member in enumerate(members)}
    assert plan.joins[at["newcomers"]] == PHASES.index("conducting")
    assert plan.leaves[at["leaver"]] == PHASES.index("priority_setting")
    assert (plan.joins[at["lead"]], plan.leaves[at["lead"]]) == (0, 3)


# ---------------------------------------------------------------- meetings and phases


@settings(max_examples=60)
@given(scenarios())
def test_every_parameter_arrives_in_every_meeting(scenario):
    """Without interventions a meeting's record is the scenario's parameters, words as codes."""
    plain = scenario.replace({f"interventions.{name}": None for name in scenario.interventions})
    plan, _ = resolve(plain)
    for name, section in SECTIONS.items():
        for record in records_in(name, section):
            value = getattr(getattr(plain, name), record.key.split(".", 1)[1])
            expected = value if record.numeric else record.allowed.index(value)
            assert (plan.meetings[record.key.replace(".", "_")] == expected).all(), record.key


def test_phases_follow_one_another():
    scenario = TEAM.replace({"phases.conducting.meetings": 3, "phases.governance.importance": 2.0})
    phases = resolve(scenario)[0].phases
    assert phases["start"].tolist() == [0, 1, 2, 5]
    assert phases["stop"].tolist() == [1, 2, 5, 6]
    assert phases["importance"].tolist() == pytest.approx([0.4, 0.2, 0.2, 0.2])
    meetings = resolve(scenario)[0].meetings
    assert meetings["phase"].tolist() == [0, 1, 2, 2, 2, 3]
    assert meetings["first"].tolist() == [1, 1, 1, 0, 0, 1]
    assert meetings["last"].tolist() == [1, 1, 0, 0, 1, 1]


def test_a_deadline_and_interventions_take_from_the_talk():
    plain = resolve(TEAM)[0].meetings
    assert (plain["talk_minutes"] == 90.0).all()
    hurried = resolve(TEAM.replace({"system.deadline": 0.6}))[0].meetings
    assert hurried["talk_minutes"] == pytest.approx(54.0)
    explained = resolve(TEAM.with_interventions("round_robin"))[0].meetings
    assert explained["talk_minutes"] == pytest.approx(88.0)
    crammed = TEAM.replace({"phases.*.minutes": 10.0}).with_interventions("nominal_group", "shared_agenda")
    assert (resolve(crammed)[0].meetings["talk_minutes"] == 0.0).all()


def test_what_the_funder_requires_counts_as_declared():
    scenario = TEAM.replace({"phases.*.level": "consult", "system.required_level": "collaborate"})
    phases = resolve(scenario)[0].phases
    assert (phases["level"] == 1).all()
    assert (phases["declared"] == 3).all()


def test_a_public_lead_cannot_be_multiplied():
    """Critical mass adds public members to a group that can grow, never to the lead's."""
    alone = TEAM.replace({"team.lead.role": "patient", "team.patients": None})
    with pytest.raises(ConfigError, match="no public group that could grow"):
        resolve(alone.with_interventions("critical_mass"))
    grown = resolve(load_scenario("user_controlled").with_interventions("critical_mass"))[0]
    assert grown.is_lead.sum() == 1


def test_a_variation_that_changes_nothing():
    change = unchanged(resolve(TEAM)[0])
    assert not change.redraw.any()
    assert not change.nudge.any()
    assert not change.redraw_constituency.any()
    assert not change.nudge_constituency.any()


def test_the_readable_plan_says_the_same():
    plan = resolve(TEAM.with_interventions("round_robin"))[0]
    plain = readable(plan)
    for name in MEETING.names or ():
        for row, record in zip(plain.meetings, plan.meetings, strict=True):
            assert getattr(row, name) == record[name]


# ---------------------------------------------------------------- tables of quantiles


def test_normal_table_is_read_only_and_symmetric():
    table = normal_table()
    assert table[len(table) // 2] == 0.0
    with pytest.raises(ValueError, match="read-only"):
        table[0] = 1.0


@given(st.floats(0.0, 6.0), st.floats(0.0, 2.0))
def test_words_are_lognormal_and_at_least_one(mean, sd):
    table = words_table(mean, sd)
    assert table.min() >= 1.0
    assert (np.diff(table) >= 0.0).all()
    assert table[len(table) // 2] == pytest.approx(max(math.exp(mean), 1.0), rel=1e-12)
    quarter = mean - 0.6744897501960817 * sd
    assert table[len(table) // 4] == pytest.approx(max(math.exp(quarter), 1.0), rel=1e-9)


def test_mean_turn_of_the_default_is_the_corpus():
    """The lognormal's mean is exp(mean + sd^2 / 2): 20.1 words; the table loses under 2 % in the tail."""
    speech = TEAM.speech
    table = words_table(speech.words_log_mean, speech.words_log_sd)
    mean = math.exp(speech.words_log_mean + speech.words_log_sd**2 / 2)
    assert ((table[1:] + table[:-1]) / 2).mean() == pytest.approx(mean, rel=0.02)


# ---------------------------------------------------------------- seats


def test_neighbours_face_away_and_opposites_face_each_other():
    apart = facing(range(6))
    assert apart[0].tolist() == [0.0, 0.0, 0.5, 1.0, 0.5, 0.0]
    assert (apart == apart.T).all()


def test_blocks_keep_roles_together_and_mixing_takes_them_apart():
    roles, leads = [0, 0, 0, 1, 1, 3, 3, 3], [True] + [False] * 7
    assert block_order(leads) == list(range(8))
    mixed = mixed_order(roles, leads)
    assert sorted(mixed) == list(range(8))
    assert mixed[0] == 0
    assert all(roles[a] != roles[b] for a, b in itertools.pairwise(mixed))


@pytest.mark.parametrize(("shape", "pull"), [("rectangular", 1.0), ("u_shape", 0.5), ("round", 0.0)])
def test_the_lead_sits_at_the_head_as_far_as_the_table_has_one(shape, pull):
    head, _, _ = seats([0, 0, 3], [True, False, False], shape)
    assert head.tolist() == [pull, 0.0, 0.0]
