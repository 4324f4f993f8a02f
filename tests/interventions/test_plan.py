"""Interventions as the plan carries them out: dose 0 is nothing, each mechanism arrives, several add up."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.catalogue import load_scenario
from cosim.interventions import INTERVENTIONS
from cosim.interventions.effects import Boost, Composition, Dial, Fix, Trait
from cosim.scenario.plan import MEETING, Plan, resolve
from cosim.scenario.team import ATTRIBUTE_NAMES

TEAM = load_scenario("research_team")
BASE = resolve(TEAM)[0]
EACH = pytest.mark.parametrize("one", INTERVENTIONS.values(), ids=INTERVENTIONS)
COSTS = ("talk_minutes", "outside_minutes", "public_hours", "staff_hours", "money", "facilitated")


def differing(a: Plan, b: Plan) -> set[str]:
    """Names of the plan's parts, and of a meeting's fields, that differ."""
    found = {
        name
        for name in Plan._fields
        if name not in ("meetings", "phases") and not np.array_equal(getattr(a, name), getattr(b, name))
    }
    assert MEETING.names is not None
    found |= {name for name in MEETING.names if not np.array_equal(a.meetings[name], b.meetings[name])}
    return found | ({"phases"} if not np.array_equal(a.phases, b.phases) else set())


@EACH
def test_dose_0_changes_nothing(one):
    assert not differing(BASE, resolve(TEAM.with_interventions({one.name: 0.0}))[0])


@EACH
def test_full_dose_carries_out_the_mechanism_and_its_cost(one):
    scenario = TEAM.with_interventions(one.name)
    plan, members = resolve(scenario)
    strength = one.strength(1.0, 0, scenario.system.support)
    for effect in one.effects:
        match effect:
            case Dial(key, _, _):
                field = key.replace(".", "_")
                before = float(BASE.meetings[field][0])
                assert plan.meetings[field][0] == pytest.approx(effect.moved(before, strength))
            case Trait("public", attribute, _, _):
                a = ATTRIBUTE_NAMES.index(attribute)
                moved = plan.scale[0, plan.is_public, a] * 0.2 + plan.shift[0, plan.is_public, a]
                assert moved == pytest.approx(effect.moved(0.2, strength))
                assert (plan.scale[0, ~plan.is_public, a] == 1.0).all()
            case Boost(_, state, amount, when):
                boost = getattr(plan, f"boost_{state}")
                assert boost[0].max() == pytest.approx(amount * strength)
                assert (boost[1].max() > 0.0) == (when == "every_meeting")
            case Composition(public_share):
                assert sum(plan.is_public) / len(members) >= public_share - 1e-9
            case Fix(key, _):
                assert differing(BASE, plan) & {key.replace(".", "_"), "phases", "opposite"} or key.endswith(
                    "mix"
                )
            case _:
                pytest.fail(f"say how to see {effect}")
    assert differing(BASE, plan) & set(COSTS)


@EACH
@pytest.mark.parametrize(
    "name",
    ["symmetric_null", "token_seat", "user_controlled", "priority_setting_trial_control", "late_entry"],
)
def test_can_be_carried_out_in_unlike_teams(one, name):
    """Without a lead, with one public member, with a public lead, with nobody of the public coming."""
    plan, members = resolve(load_scenario(name).replace({"interventions": {one.name: 1.0}}))
    assert len(members) == len(plan.uid)


def test_ground_rules_and_a_facilitator_add_up():
    """Neither takes away what the other gives."""
    field = "facilitation_ground_rules"
    rules = resolve(TEAM.with_interventions("ground_rules"))[0].meetings[field][0]
    guided = resolve(TEAM.with_interventions("process_facilitator"))[0].meetings[field][0]
    both = resolve(TEAM.with_interventions("ground_rules", "process_facilitator"))[0].meetings[field][0]
    assert both > max(rules, guided)


def test_fading_is_seen_over_the_meetings():
    hidden = resolve(TEAM.with_interventions("names_without_titles"))[0].meetings[
        "facilitation_titles_hidden"
    ]
    assert hidden == pytest.approx(0.9 * 0.7 ** np.arange(len(hidden)))
