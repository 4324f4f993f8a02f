"""How ways of working are delivered: numbers with ranges, and what changing them does to the plan."""

from __future__ import annotations

import numpy as np
import pytest

from cosim.catalogue import load_scenario
from cosim.errors import ConfigError
from cosim.interventions import INTERVENTIONS
from cosim.interventions.delivery import QUANTITIES, delivered, numbers_of
from cosim.scenario import Scenario
from cosim.scenario.plan import resolve

TEAM = load_scenario("research_team")
EACH = pytest.mark.parametrize("one", INTERVENTIONS.values(), ids=INTERVENTIONS)


@EACH
def test_every_number_has_a_range_round_its_value_and_a_source(one) -> None:
    numbers = {number.quantity: number for number in numbers_of(one)}
    assert {"compliance", "decay"} <= set(numbers)
    assert ("share" in numbers) == any(effect.most() > 0 for effect in one.effects)
    assert ("money" in numbers) == any(part.money or part.money_per_person for part in one.effort)
    for number in numbers.values():
        low, high = number.allowed
        assert low <= number.low <= number.value <= number.high <= high
        assert number.status in ("assumption", "expert", "empirical")
        assert len(number.source) > 6
    assert numbers["compliance"].value == one.compliance
    assert numbers["decay"].value == one.decay


@EACH
def test_as_recorded_is_as_it_was(one) -> None:
    usual = {number.quantity: number.value for number in numbers_of(one)}
    assert delivered(one, usual) == one
    assert delivered(one, {}) is one


@EACH
def test_a_share_never_goes_further_than_all_the_way(one) -> None:
    for number in numbers_of(one):
        if number.quantity == "share":
            for end in (number.low, number.high):
                wanted = [effect.most() * end for effect in one.effects]
                found = [effect.most() for effect in delivered(one, {"share": end}).effects]
                assert found == pytest.approx(wanted)
                assert max(found) <= 1.0


def plan_of(name: str, **numbers: float):
    return resolve(TEAM.with_interventions(name).with_delivery({name: numbers}))[0]


def test_each_number_does_what_it_says_to_the_plan() -> None:
    usual, half = plan_of("round_robin"), plan_of("round_robin", share=0.5)
    assert (usual.meetings["facilitation_rounds"] == 1.0).all()
    assert (half.meetings["facilitation_rounds"] == 0.5).all()
    fading = plan_of("round_robin", compliance=0.8, decay=0.5)
    np.testing.assert_allclose(fading.meetings["facilitation_rounds"], [0.8, 0.4, 0.2, 0.1])
    planned = usual.meetings["planned_minutes"]
    longer = plan_of("round_robin", minutes=3.0)
    np.testing.assert_allclose(planned - usual.meetings["talk_minutes"], 2.0)
    np.testing.assert_allclose(planned - longer.meetings["talk_minutes"], 6.0)
    fee = plan_of("co_chairing", money=2.0).meetings["money"] - plan_of("co_chairing").meetings["money"]
    np.testing.assert_allclose(fee, 75.0)


def test_a_scenario_says_how_its_ways_are_delivered() -> None:
    said = TEAM.replace({"delivery.round_robin.compliance": 0.7, "delivery.round_robin.minutes": 2.0})
    assert said.delivery == {"round_robin": {"compliance": 0.7, "minutes": 2.0}}
    assert said == TEAM.with_delivery({"round_robin": {"compliance": 0.7}}).with_delivery(
        {"round_robin": {"minutes": 2.0}}
    )
    assert Scenario.from_dict(said.to_dict()) == said
    assert said.identity != TEAM.identity
    assert "delivery" not in TEAM.to_dict(), "who says nothing of it keeps the identity"
    assert load_scenario({"extends": "research_team", "delivery": {"payment": {"decay": 0.2}}}).delivery


@pytest.mark.parametrize(
    ("delivery", "key", "said"),
    [
        ({"round_robbin": {"decay": 0.1}}, "delivery.round_robbin", "round_robin"),
        ({"round_robin": {"complience": 0.1}}, "delivery.round_robin.complience", "compliance"),
        ({"round_robin": {"decay": 1.5}}, "delivery.round_robin.decay", "0 to 1"),
        ({"round_robin": {"money": 11}}, "delivery.round_robin.money", "10"),
        ({"round_robin": {"money": "much"}}, "delivery.round_robin.money", "number"),
    ],
)
def test_what_cannot_be_delivered_is_refused(delivery, key: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_scenario({"extends": "research_team", "delivery": delivery})
    assert caught.value.key == key
    assert said in str(caught.value)


def test_the_quantities_are_five() -> None:
    assert QUANTITIES == ("compliance", "decay", "share", "minutes", "money")
