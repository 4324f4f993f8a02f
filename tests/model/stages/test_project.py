"""A project begins: people as their groups say, and what strangers see in one another."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosim.model.stages.project import (
    ATTENDANCE,
    CONFIDENCE,
    EXPERIENTIAL,
    KNOWS,
    LOYALTY,
    MANDATE,
    OPENNESS,
    PRESTIGE,
    TIE_OTHER_ROLE,
    TIE_OWN_ROLE,
    correlated,
    cross_role_ties,
    mean_credibility,
)
from cosim.model.stages.project import WEIGHS as WEIGHS_IN_STAGES
from cosim.scenario import ATTRIBUTES
from cosim.scenario.team import ATTRIBUTE_NAMES, WEIGHS
from cosim.scenario.vocabulary import KINDS, ROLES
from tests.model.stages.rooms import NULL, TEAM, many, started


def test_places_of_attributes_are_those_of_the_records():
    names = ("prestige", "confidence", "openness", "mandate", "loyalty", "attendance", "knows_empirical")
    places = (PRESTIGE, CONFIDENCE, OPENNESS, MANDATE, LOYALTY, ATTENDANCE, KNOWS)
    assert [ATTRIBUTE_NAMES[place] for place in places] == list(names)
    assert WEIGHS_IN_STAGES == WEIGHS
    assert KINDS[EXPERIENTIAL] == "experiential"


def test_attributes_are_drawn_about_the_roles_means_with_the_groups_spread():
    """n = 300 projects of four researchers and patients: mean within 4 errors, SD within 15 %."""
    for role in ("researchers-1", "patients-1"):
        member = started(TEAM).at(role)
        drawn = many(started, TEAM, lambda room, i=member: room.state.drawn[i].copy())
        code = "researcher" if role.startswith("r") else "patient"
        for a, attribute in enumerate(ATTRIBUTES):
            mean = attribute.by_role[code]
            if not 0.25 <= mean <= 0.75:  # kept within 0..1: the mean is drawn inwards
                continue
            assert drawn[:, a].mean() == pytest.approx(mean, abs=4 * 0.08 / math.sqrt(300))
            assert drawn[:, a].std() == pytest.approx(0.08, rel=0.15)
        assert ((drawn >= 0.0) & (drawn <= 1.0)).all()


def test_attributes_of_one_person_and_of_two_are_uncorrelated():
    drawn = many(started, TEAM, lambda room: room.state.drawn[1:3].ravel().copy(), 400)
    varying = drawn[:, drawn.std(axis=0) > 0.0]
    together = np.corrcoef(varying.T) - np.eye(varying.shape[1])
    assert np.abs(together).max() < 5.0 / math.sqrt(400)


def test_without_spread_everyone_is_their_groups_mean():
    room = started(NULL)
    assert (room.state.drawn == room.plan.base).all()


@pytest.mark.parametrize(
    ("trait", "spread"),
    [("talkative", NULL.floor.talkativeness_spread), ("verbosity", NULL.speech.length_spread)],
)
def test_how_readily_and_at_what_length_people_speak_is_lognormal_with_mean_1(trait, spread):
    """n = 300 x 12: mean within 4 errors; SD of its log is the parameter."""
    drawn = many(started, NULL, lambda room: getattr(room.state, trait).copy()).ravel()
    error = math.sqrt((math.exp(spread**2) - 1.0) / len(drawn))
    assert drawn.mean() == pytest.approx(1.0, abs=4 * error)
    assert np.log(drawn).std() == pytest.approx(spread, rel=0.05)


def test_what_people_weigh_sums_to_1():
    weighs = started(TEAM).state.traits[:, WEIGHS : WEIGHS + 4]
    assert weighs.sum(axis=1) == pytest.approx(np.ones(12))


def test_who_weighs_nothing_weighs_all_alike():
    nothing = {f"team.patients.weighs_{kind}": 0.0 for kind in KINDS} | {"team.patients.spread": 0.0}
    room = started(TEAM.replace(nothing))
    assert room.state.traits[room.at("patients-1"), WEIGHS : WEIGHS + 4].tolist() == [0.25] * 4


def test_ties_begin_within_and_across_roles():
    room = started(TEAM)
    provider, patient = room.at("providers-1"), room.at("patients-1")
    assert room.state.tie[provider, room.at("providers-2")] == TIE_OWN_ROLE
    assert room.state.tie[provider, patient] == TIE_OTHER_ROLE
    assert cross_role_ties(room.plan, room.state) == pytest.approx(TIE_OTHER_ROLE)


def test_first_impressions_mix_knowledge_and_title_and_discount_lived_experience():
    """By hand, with own-role trust 0 and no spread: half knowledge, half prestige, times 0.8 salience."""
    plain = {"learning.own_role_trust": 0.0, "team.*.spread": 0.0, "learning.title_reliance": 0.5}
    room = started(TEAM.replace(plain))
    patient, researcher = room.at("patients-1"), room.at("researchers-1")
    reliance = 0.5 * TEAM.standing.title_salience
    seen = (1.0 - reliance) * 0.85 + reliance * 0.25
    assert room.state.credibility[patient, EXPERIENTIAL, room.at("patients-2")] == pytest.approx(seen)
    discounted = seen * (1.0 - TEAM.learning.experiential_discount)
    assert room.state.credibility[patient, EXPERIENTIAL, researcher] == pytest.approx(discounted)


def test_titles_left_out_are_not_relied_on():
    hidden = started(TEAM.replace({"facilitation.titles_hidden": 1.0, "learning.own_role_trust": 0.0}))
    patient, lead = hidden.at("patients-1"), hidden.at("lead")
    knows = hidden.state.traits[patient, KNOWS]
    assert hidden.state.credibility[patient, 0, lead] == pytest.approx(knows)


def test_mean_credibility_leaves_oneself_out():
    room = started(TEAM)
    seen = room.state.credibility[3]
    others = [j for j in range(12) if j != 3]
    assert mean_credibility(room.state.credibility, 3) == pytest.approx(seen[:, others].mean())


def test_correlated_deviates_have_the_correlation():
    draws = np.random.default_rng(4).standard_normal((4000, 3))
    pairs = np.array([[correlated(c, a, 0.6), correlated(c, b, 0.6)] for c, a, b in draws])
    assert np.corrcoef(pairs.T)[0, 1] == pytest.approx(0.6, abs=4 * 0.64 / math.sqrt(4000))
    assert pairs.std() == pytest.approx(1.0, rel=0.05)


def test_roles_are_the_codes_of_the_plan():
    room = started(TEAM)
    assert [ROLES[code] for code in room.plan.role] == (
        ["researcher"] * 4 + ["provider"] * 3 + ["policymaker"] + ["patient"] * 4
    )
