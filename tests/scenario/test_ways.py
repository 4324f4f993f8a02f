"""Ways of working of one's own: what cosim's interventions say can be said in a file, with the same plan."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest

from cosim.catalogue import load_scenario
from cosim.errors import ConfigError
from cosim.interventions import INTERVENTIONS, KNOWN, Intervention
from cosim.interventions.effects import Boost, Composition, Dial, Fix, Trait
from cosim.scenario import Scenario
from cosim.scenario.plan import resolve

TEAM = load_scenario("research_team")
WALK: dict[str, Any] = {
    "title": "Walking meeting",
    "sentence": "The first half hour of a meeting is walked, in pairs.",
    "effects": [{"dial": "facilitation.small_groups", "toward": 1, "share": 0.5}],
    "effort": [{"when": "every_meeting", "inside_minutes": 5, "money": 12}],
}


def as_way(one: Intervention) -> dict[str, Any]:
    """Write an intervention of cosim as a file would."""
    effects: list[dict[str, Any]] = []
    for effect in one.effects:
        match effect:
            case Dial(key, toward, share):
                effects.append({"dial": key, "toward": toward, "share": share})
            case Trait(who, attribute, toward, share):
                effects.append({"trait": attribute, "who": who, "toward": toward, "share": share})
            case Boost(who, state, amount, when):
                effects.append({"boost": state, "who": who, "amount": amount, "when": when})
            case Composition(public_share):
                effects.append({"public_share": public_share})
            case Fix(key, value):
                effects.append({"fix": key, "value": value})
    fields = ("when", "who", "inside_minutes", "outside_minutes", "money", "money_per_person", "facilitator")
    return {
        "title": one.title,
        "sentence": one.sentence,
        "family": one.family,
        "effects": effects,
        "effort": [{name: getattr(part, name) for name in fields} for part in one.effort],
        "evidence": {
            "grade": one.evidence.grade,
            "text": one.evidence.text,
            "sources": list(one.evidence.sources),
        },
        "compliance": one.compliance,
        "decay": one.decay,
        "needs_support": one.needs_support,
        "built_in": list(one.built_in),
        "conflicts": list(one.conflicts),
    }


@pytest.mark.parametrize("one", INTERVENTIONS.values(), ids=INTERVENTIONS)
def test_every_intervention_of_cosim_can_be_said_and_does_the_same(one: Intervention) -> None:
    team = TEAM.with_ways({"ours": as_way(one)})
    mine = team.known_interventions["ours"]
    for name in ("title", "effects", "effort", "evidence", "compliance", "decay", "built_in", "conflicts"):
        assert getattr(mine, name) == getattr(one, name)
    ours, members = resolve(team.with_interventions({"ours": 0.7}))
    theirs, others = resolve(TEAM.with_interventions({one.name: 0.7}))
    assert members == others
    for name, values in ours._asdict().items():
        np.testing.assert_array_equal(values, getattr(theirs, name))


def test_ways_are_part_of_the_scenario_and_of_its_id() -> None:
    team = TEAM.with_ways({"walk": WALK})
    assert "ways" not in TEAM.to_dict()
    assert team.identity != TEAM.identity
    assert Scenario.from_dict(team.to_dict()) == team
    assert pickle.loads(pickle.dumps(team)) == team
    assert team.replace({"ways.walk": None}) == TEAM
    other = TEAM.with_ways({"walk": {**WALK, "compliance": 0.9}})
    assert other.identity != team.identity
    with pytest.raises(ConfigError, match="already"):
        team.with_ways({"walk": WALK})


def test_the_order_of_writing_does_not_matter() -> None:
    more = {**WALK, "effects": [{"dial": "facilitation.small_groups", "toward": 0.4}]}
    plans = []
    for ways in ({"a": WALK, "b": more}, {"b": more, "a": WALK}):
        team = TEAM.with_ways(ways).with_interventions("b", "a")
        plans.append(resolve(team)[0].meetings["facilitation_small_groups"])
    assert (plans[0] == plans[1]).all()
    assert plans[0][0] == pytest.approx(0.4)


def test_what_is_built_in_is_taken_from_like_interventions_and_costs() -> None:
    assert TEAM.with_ways({"walk": WALK}).known_interventions["walk"].built_in == ("interruptions", "money")
    said = TEAM.with_ways({"walk": {**WALK, "built_in": ["voice_gini"]}}).known_interventions["walk"]
    assert said.built_in == ("voice_gini", "money")
    new = {**WALK, "effects": [{"trait": "prestige", "who": "professionals", "toward": 0.2}]}
    with pytest.raises(ConfigError, match="built_in"):
        TEAM.with_ways({"walk": new})
    assert TEAM.with_ways({"walk": {**new, "built_in": []}}).known_interventions["walk"].built_in == (
        "money",
    )


def test_conflicts_hold_in_both_directions() -> None:
    team = TEAM.with_ways({"walk": {**WALK, "conflicts": ["round_robin"]}})
    for names in (("walk", "round_robin"), ("round_robin", "walk")):
        with pytest.raises(ConfigError, match="contradicts"):
            team.with_interventions(*names)


EFFECT = "ways.walk.effects[0]"
WRONG: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "unknown key": (
        {"effects": [{"dial": "facilitation.rouns", "toward": 1}]}, f"{EFFECT}.dial", "facilitation.rounds",
    ),
    "out of range": ({"effects": [{"dial": "facilitation.rounds", "toward": 2}]}, f"{EFFECT}.toward", None),
    "whole number": ({"effects": [{"dial": "facilitation.tokens", "toward": 2}]}, f"{EFFECT}.dial", None),
    "word dialled": ({"effects": [{"dial": "facilitation.seating", "toward": 1}]}, f"{EFFECT}.dial", None),
    "number fixed": ({"effects": [{"fix": "facilitation.rounds", "value": "all"}]}, f"{EFFECT}.fix", None),
    "unknown word": (
        {"effects": [{"fix": "facilitation.seating", "value": "rund"}]}, f"{EFFECT}.value", "round",
    ),
    "unknown trait": (
        {"effects": [{"trait": "prestig", "who": "lead", "toward": 0}]}, f"{EFFECT}.trait", "prestige",
    ),
    "a state": ({"effects": [{"trait": "confidence", "who": "lead", "toward": 0}]}, f"{EFFECT}.trait", None),
    "unknown people": (
        {"effects": [{"boost": "ties", "who": "nurses", "amount": 0.1}]}, f"{EFFECT}.who", None,
    ),
    "two kinds": ({"effects": [{"dial": "facilitation.rounds", "fix": "x"}]}, EFFECT, None),
    "no kind": ({"effects": [{"dail": "facilitation.rounds", "toward": 1}]}, EFFECT, "dial"),
    "no mapping": ({"effects": [3]}, EFFECT, None),
    "no effect": ({"effects": []}, "ways.walk.effects", None),
    "unknown outcome": ({"built_in": ["voice_ginny"]}, "ways.walk.built_in[0]", "voice_gini"),
    "unknown conflict": ({"conflicts": ["round_robbin"]}, "ways.walk.conflicts[0]", "round_robin"),
    "slip": ({"complience": 1}, "ways.walk.complience", "compliance"),
    "negative": ({"effort": [{"money": -1}]}, "ways.walk.effort[0].money", None),
    "grade": ({"evidence": {"grade": "great"}}, "ways.walk.evidence.grade", None),
}  # fmt: skip


@pytest.mark.parametrize(("change", "key", "near"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_is_refused_where_it_stands(
    change: dict[str, Any], key: str, near: str | None
) -> None:
    with pytest.raises(ConfigError) as found:
        load_scenario({"extends": "research_team", "ways": {"walk": {**WALK, **change}}})
    assert found.value.key == key
    if near is not None:
        assert found.value.nearest == near


@pytest.mark.parametrize("name", ["round_robin", "Walk", "a b", "1st", "a.b", "ä", "x@1", ""])
def test_names_that_are_taken_or_would_confuse_are_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        load_scenario({"extends": "research_team", "ways": {name: WALK}})


def test_a_file_that_extends_may_change_or_remove_a_way(tmp_path: Any) -> None:
    import json

    base = tmp_path / "base.yaml"
    base.write_text(json.dumps({"extends": "research_team", "ways": {"walk": WALK}}), encoding="utf-8")
    changed = load_scenario({"extends": str(base), "ways": {"walk": {"decay": 0.1}}})
    assert changed.known_interventions["walk"].decay == 0.1
    assert changed.known_interventions["walk"].title == "Walking meeting"
    assert not load_scenario({"extends": str(base), "ways": {"walk": None}}).ways


def test_a_way_is_known_only_while_its_study_is_told_of() -> None:
    own = TEAM.with_ways({"walk": WALK}).known_interventions["walk"]
    with KNOWN.having({"walk": own}):
        assert KNOWN["walk"] is own
        assert list(KNOWN)[-1] == "walk"
        assert len(KNOWN) == len(INTERVENTIONS) + 1
    assert "walk" not in KNOWN
