"""Each effect applies itself: a new kind is one class, and neither the plan nor any page has to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from cosim import interventions
from cosim.catalogue import load_scenario
from cosim.errors import ConfigError
from cosim.interventions.costs import Effort
from cosim.interventions.effects import Boost, Builder, Composition, Dial, Effect, Fix, Team, Trait
from cosim.interventions.registry import collect
from cosim.interventions.table import rows
from cosim.scenario import plan as planning
from cosim.scenario import scenario
from cosim.scenario.plan import resolve

TEAM = load_scenario("research_team")
BASE, MEMBERS = resolve(TEAM)


@dataclass(frozen=True, slots=True)
class Break(Effect):
    """A kind of effect that no other file knows: shorter meetings, and one group grows."""

    minutes: float

    def reshape(self, team: Team, strength: float) -> Mapping[str, Any]:
        return {f"team.{name}.count": size + 1 for name, size in team.public_groups().items()}

    def apply(self, builder: Builder, strength: float) -> None:
        builder.inside_minutes += strength * self.minutes

    def moves(self) -> str:
        return "break"

    def words(self) -> str:
        return f"a break of {self.minutes:g} min"


def with_effects(monkeypatch, *effects: Effect, **changes: Any):
    """The registry with one more intervention that has these effects, no cost and full compliance."""
    model = interventions.INTERVENTIONS["round_robin"]
    one = replace(model, **{"name": "novel", "effects": effects, "effort": (), "compliance": 1.0} | changes)
    known = collect((*interventions.INTERVENTIONS.values(), one))
    monkeypatch.setattr(interventions, "INTERVENTIONS", known)
    monkeypatch.setattr(scenario, "INTERVENTIONS", known)
    return one


def test_a_new_kind_of_effect_is_one_class(monkeypatch):
    one = with_effects(monkeypatch, Break(10.0))
    plan, members = resolve(TEAM.with_interventions({"novel": 0.5}))
    grown = len(TEAM.public_groups())
    assert grown > 0
    assert len(members) == len(MEMBERS) + grown
    assert plan.meetings["talk_minutes"] == pytest.approx(BASE.meetings["talk_minutes"] - 5.0)
    assert next(iter(rows([one])))["mechanism"] == "a break of 10 min"
    assert interventions.movers("break") == [one]


def test_one_that_cannot_be_carried_out_names_the_intervention(monkeypatch):
    with_effects(monkeypatch, Composition(0.9))
    without = load_scenario({"extends": "research_team", "team": {"patients": None}})
    with pytest.raises(ConfigError) as found:
        resolve(without.replace({"interventions": {"novel": 1.0}}))
    assert found.value.key == "interventions.novel"


@pytest.mark.parametrize(
    "effect", [Dial("uptake.rate", 1.0), Trait("public", "openness", 1.0), Boost("public", "ties", 0.5)]
)
def test_an_effect_fades_with_the_meetings(monkeypatch, effect):
    """Half of the effect is gone after each meeting; a boost made once is not made again."""
    with_effects(monkeypatch, effect, decay=0.5)
    plan = resolve(TEAM.with_interventions({"novel": 1.0}))[0]
    fading = 0.5 ** np.arange(len(plan.meetings))
    first = int(np.flatnonzero(plan.is_public)[0])
    match effect:
        case Dial():
            before = BASE.meetings["uptake_rate"]
            assert plan.meetings["uptake_rate"] == pytest.approx(before + fading * (1.0 - before))
        case Trait():
            a = list(planning.ATTRIBUTE_NAMES).index("openness")
            assert plan.scale[:, first, a] == pytest.approx(1.0 - fading)
            assert plan.shift[:, first, a] == pytest.approx(fading)
        case Boost():
            assert plan.boost_ties[:, first] == pytest.approx(np.where(fading == 1.0, 0.5, 0.0))


def test_a_dial_of_phases_is_moved_once_and_weights_still_sum_to_one(monkeypatch):
    with_effects(monkeypatch, Dial("phases.*.quorum", 1.0, share=0.5), Dial("phases.*.importance", 1.0))
    plan = resolve(TEAM.with_interventions({"novel": 1.0}))[0]
    assert plan.phases["quorum"] == pytest.approx((BASE.phases["quorum"] + 1.0) / 2.0)
    assert plan.phases["importance"] == pytest.approx(1.0 / len(plan.phases))


def test_whom_an_effect_needs():
    assert Trait("patient", "openness", 1.0).needs_public()
    assert Boost("public", "ties", 0.5).needs_public()
    assert Composition(0.5).needs_public()
    for other in (Dial("uptake.rate", 1.0), Fix("decision.rule", "x"), Trait("lead", "openness", 0.0)):
        assert not other.needs_public()


def test_costs_scale_with_the_dose_and_count_heads(monkeypatch):
    once = Effort(who="public", outside_minutes=30.0, money=100.0, money_per_person=10.0)
    each = Effort(when="every_meeting", who="lead", inside_minutes=4.0, outside_minutes=60.0)
    with_effects(monkeypatch, effort=(once, each, Effort(facilitator=True)))
    plan = resolve(TEAM.with_interventions({"novel": 0.5}))[0]
    public = int(plan.is_public.sum())
    later = np.arange(len(plan.meetings)) > 0
    assert plan.meetings["money"] == pytest.approx(np.where(later, 0.0, 50.0 + 5.0 * public))
    assert plan.meetings["public_hours"] == pytest.approx(np.where(later, 0.0, 0.25 * public))
    assert plan.meetings["staff_hours"] == pytest.approx(0.5)
    assert plan.meetings["outside_minutes"] == pytest.approx(np.where(later, 30.0, 45.0))
    assert plan.meetings["talk_minutes"] == pytest.approx(BASE.meetings["talk_minutes"] - 2.0)
    assert (plan.meetings["facilitated"] == 1).all()
