"""What every intervention must satisfy, walked through the registry."""

from __future__ import annotations

import itertools
import re
from typing import get_args

import pytest

from cosim.catalogue import load_scenario
from cosim.interventions import INTERVENTIONS, WHO_DECIDES, built_in_by, is_classified, movers, table
from cosim.interventions.effects import Boost, Composition, Dial, Fix, Trait
from cosim.interventions.intervention import Family, Grade
from cosim.outcomes import OUTCOME_NAMES
from cosim.scenario import parameters, phase_parameters
from cosim.scenario.team import ATTRIBUTE_NAMES
from tests import paired

WANTED = {
    *("preparation_meeting", "public_premeeting", "skills_training", "buddy"),
    *("professional_training", "plain_language", "population_data", "wider_consultation"),
    *("process_facilitator", "round_robin", "nominal_group", "one_two_four_all"),
    *("talking_tokens", "hand_raising_queue", "mixed_small_groups", "public_breakout"),
    *("round_table", "mixed_seating", "names_without_titles", "ground_rules"),
    *("shared_agenda", "public_agenda_slot", "co_chairing", "anonymous_input"),
    *("secret_ballot", "consent_rule", "critical_mass", "payment"),
    *("feedback_loop", "power_audit", "role_clarity", "delegated_decisions"),
    *("community_links", "relationship_time", "assumptions_round", "constant_monitoring"),
}

# What a mechanism moves by its own definition: whoever uses it must say so.  Who speaks, and how openly, is
# part of how acceptable a decision is (fair process).
BY_CONSTRUCTION = {
    "facilitation.rounds": {
        "voice_gini",
        "voice_parity_public",
        "interruptions",
        "steered",
        "acceptability_mean",
    },
    "facilitation.invitation": {"voice_gini", "voice_parity_public", "steered", "acceptability_mean"},
    "facilitation.talk_cap": {"voice_gini", "voice_parity_public", "acceptability_mean"},
    "facilitation.queue": {"voice_gini", "voice_parity_public", "steered", "acceptability_mean"},
    "facilitation.monitoring": {"voice_gini", "voice_parity_public", "steered", "acceptability_mean"},
    "facilitation.ground_rules": {"interruptions", "withheld_public", "acceptability_mean"},
    "facilitation.small_groups": {"interruptions"},  # counted per hour, at several tables at once
    "facilitation.anonymous_input": {"withheld_public", "acceptability_mean"},
    "facilitation.silent_writing": {"withheld_public", "acceptability_mean"},
    "facilitation.power_audit": {"credibility_gained_public"},
    "facilitation.co_chair": {"agenda_parity_public"},
    "agenda.shared": {"agenda_parity_public"},
    "agenda.public_slot": {"agenda_parity_public"},
    "speech.interruption": {"interruptions"},
    "stance.deference": {"withheld_public", "acceptability_mean"},
    "decision.secret_ballot": {"influence_gini", "influence_parity_public", "false_agreement"},
    "decision.written_ballots": {"visible_parity_public", "influence_gini", "influence_parity_public"},
    "accountability.delegation": {"influence_gini", "influence_parity_public", "override_rate"},
    "attendance.payment": {"attendance_public", "money"},
    "system.role_clarity": {"off_remit"},
    "mandate": {"influence_carried_public", "position_error_public", "voiced_error_public"},
    "confidence": {"confidence_gained_public"},
    "credibility": {"credibility_gained_public"},
    "ties": {"ties_gained"},
}
PARAMETERS = {one.key: one for one in (*parameters(), *phase_parameters())}
EACH = pytest.mark.parametrize("one", INTERVENTIONS.values(), ids=INTERVENTIONS)


def test_every_wanted_intervention_is_there():
    assert len(WANTED) == 36
    assert set(INTERVENTIONS) >= WANTED


@EACH
def test_is_described(one):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", one.name)
    assert one.title[0].isupper() or one.title[0].isdigit()
    assert one.sentence.endswith(".")
    assert len(one.sentence) > 20
    assert one.family in get_args(Family)


@EACH
def test_has_a_mechanism_of_existing_keys(one):
    assert one.effects
    for effect in one.effects:
        match effect:
            case Dial(key, toward, share):
                record = PARAMETERS[key]
                low, high = record.allowed
                assert isinstance(record.default, float), (
                    f"{key} is not a number that can be moved by degrees"
                )
                assert toward in (low, high), f"{key} should be moved toward an end of {low}..{high}"
                assert 0.0 < share <= 1.0
            case Trait(_, attribute, toward, share):
                assert attribute in ATTRIBUTE_NAMES
                assert attribute != "confidence", "a state: use Boost"
                assert toward in (0.0, 1.0)
                assert 0.0 < share <= 1.0
            case Boost(_, _, amount, _):
                assert 0.0 < amount <= 1.0
            case Composition(public_share):
                assert 0.0 < public_share < 1.0
            case Fix(key, value):
                assert value in PARAMETERS[key].allowed


@EACH
def test_has_an_effort(one):
    assert one.effort
    for part in one.effort:
        amounts = (part.inside_minutes, part.outside_minutes, part.money, part.money_per_person)
        assert min(amounts) >= 0.0
        assert max(amounts) > 0.0 or part.facilitator, "an effort that takes nothing"


@EACH
def test_costs_are_built_in(one):
    """What it costs is moved by construction, so a report must not show it as a finding.

    Minutes inside a meeting are taken from its talk; they lengthen nothing.
    """
    minutes = any(part.outside_minutes for part in one.effort)
    money = any(
        part.money
        or part.money_per_person
        or part.facilitator
        or (
            part.outside_minutes and part.who in ("public", "patient", "everyone")
        )  # public members' time is paid
        for part in one.effort
    )
    assert ("minutes" in one.built_in) == minutes
    assert ("person_hours" in one.built_in) == minutes
    assert ("money" in one.built_in) == money


@EACH
def test_asking_too_much_of_the_public_builds_in_that_fewer_come(one):
    """In the default team: the hours of a meeting and of all around it, over what members can give."""
    for effort in one.effort:
        hours = 1.5 + effort.outside_minutes / 60.0
        if (
            effort.who in ("public", "patient", "everyone")
            and hours > PARAMETERS["attendance.capacity"].default
        ):
            assert "attendance_public" in one.built_in


@EACH
def test_has_evidence_with_grade_and_sources(one):
    assert one.evidence.grade in get_args(Grade)
    assert one.evidence.text.endswith(".")
    assert "assumed" in one.evidence.text, "say which amounts are assumed"
    assert one.evidence.sources
    for source in one.evidence.sources:
        assert "http" in source or "doi 10." in source or "(recalled, unchecked)" in source, source


@EACH
def test_built_in_outcomes_are_known(one):
    assert set(one.built_in) <= set(OUTCOME_NAMES)
    assert len(set(one.built_in)) == len(one.built_in)


@EACH
def test_what_a_mechanism_moves_by_definition_is_built_in(one):
    for effect in one.effects:
        match effect:
            case Dial(key, _, _):
                by_definition = BY_CONSTRUCTION.get(key, set())
            case Trait(_, attribute, _, _):
                by_definition = BY_CONSTRUCTION.get(attribute, set())
            case Boost(_, state, _, _):
                by_definition = BY_CONSTRUCTION.get(state, set())
            case _:
                by_definition = set()
        assert by_definition <= set(one.built_in), f"{effect}"


def test_influence_is_built_in_only_where_ballots_change_hands():
    """Elsewhere it has to emerge, or it is not an answer to the question."""
    at_the_vote = {
        *("secret_ballot", "nominal_group", "delegated_decisions", "written_ballots"),
        "consent_rule",  # instead of the lead's word, say
    }
    moved = {one.name for one in INTERVENTIONS.values() if "influence_parity_public" in one.built_in}
    assert moved == at_the_vote


@EACH
def test_strength_is_a_share_and_dose_0_is_nothing(one):
    assert 0.0 < one.compliance <= 1.0
    assert 0.0 <= one.decay < 1.0
    for meeting, support in itertools.product((0, 1, 7), (0.0, 0.5, 1.0)):
        assert one.strength(0.0, meeting, support) == 0.0
        assert 0.0 <= one.strength(1.0, meeting, support) <= 1.0
    assert one.strength(1.0, 1, 1.0) == pytest.approx(one.compliance * (1.0 - one.decay))
    assert one.strength(0.5, 0, 1.0) == pytest.approx(0.5 * one.strength(1.0, 0, 1.0))
    assert one.needs_support == (one.strength(1.0, 0, 0.0) == 0.0)


def test_titles_and_ground_rules_fade():
    assert INTERVENTIONS["names_without_titles"].decay > 0.1
    assert INTERVENTIONS["ground_rules"].decay > 0.1


@EACH
def test_conflicts_are_mutual(one):
    assert one.name not in one.conflicts
    for other in one.conflicts:
        assert one.name in INTERVENTIONS[other].conflicts


def test_contradictory_words_are_conflicts():
    """Two interventions that set one word differently cannot both be carried out."""
    for one, other in itertools.combinations(INTERVENTIONS.values(), 2):
        mine = {effect.key: effect.value for effect in one.effects if isinstance(effect, Fix)}
        theirs = {effect.key: effect.value for effect in other.effects if isinstance(effect, Fix)}
        if any(theirs.get(key, value) != value for key, value in mine.items()):
            assert other.name in one.conflicts, f"{one.name} and {other.name}"


def test_no_intervention_undoes_another():
    """Whatever moves one key moves it the same way, so that several add up in any order."""
    moves: dict[str, list[tuple[str, Dial | Trait]]] = {}
    for one in INTERVENTIONS.values():
        for effect in one.effects:
            if isinstance(effect, Dial):
                moves.setdefault(effect.key, []).append((one.name, effect))
            elif isinstance(effect, Trait):
                moves.setdefault(f"{effect.who}.{effect.attribute}", []).append((one.name, effect))
    shared = [pair for found in moves.values() for pair in itertools.combinations(found, 2)]
    assert shared, "nothing to compare"
    for (name, first), (other, second) in shared:
        assert first.toward == second.toward, f"{name} and {other}"
        one_way = second.moved(first.moved(0.4, 0.9), 0.5)
        assert one_way == pytest.approx(first.moved(second.moved(0.4, 0.5), 0.9))
        alone = first.moved(0.4, 0.9)
        assert abs(one_way - first.toward) <= abs(alone - first.toward)


def test_professionals_are_acted_on_too():
    """Not only the public is trained, invited and corrected."""
    on_listeners = {
        *("facilitation.mutual_learning", "facilitation.power_audit", "learning.experiential_discount"),
        *("speech.interruption", "facilitation.ground_rules", "facilitation.talk_cap"),
    }
    acting = [
        one.name
        for one in INTERVENTIONS.values()
        if any(isinstance(effect, Dial) and effect.key in on_listeners for effect in one.effects)
    ]
    assert len(acting) >= 5, acting


def test_table_has_a_plain_row_for_each():
    rows = table()
    assert [row["name"] for row in rows] == list(INTERVENTIONS)
    for row in rows:
        assert all(isinstance(value, (str, float, bool)) for value in row.values())
        assert all(row[column] for column in ("mechanism", "effort", "grade", "evidence", "sources"))
    by_name = {row["name"]: row for row in rows}
    assert by_name["round_robin"]["mechanism"] == "facilitation.rounds all the way to 1"
    assert by_name["public_agenda_slot"]["mechanism"] == "agenda.public_slot 30 % of the way to 1"
    assert by_name["public_agenda_slot"]["effort"] == "15 min for each of the public members, each meeting"


@pytest.mark.parametrize(("key", "outcomes"), BY_CONSTRUCTION.items(), ids=BY_CONSTRUCTION)
def test_a_bare_change_builds_in_what_its_mechanism_moves(key, outcomes):
    if movers(key):
        assert outcomes <= built_in_by(key)


def test_a_dial_does_not_answer_for_the_company_it_keeps():
    """Rounds stand in the nominal group technique beside a secret ballot, which builds in influence."""
    assert "influence_gini" in INTERVENTIONS["nominal_group"].built_in
    assert "influence_gini" in built_in_by("decision.secret_ballot")
    assert "influence_gini" not in built_in_by("facilitation.rounds")
    assert built_in_by("uptake.rate") == frozenset()


@pytest.mark.parametrize(
    ("key", "outcomes"),
    [
        *((key, {"influence_gini", "influence_parity_public", "override_rate"}) for key in WHO_DECIDES),
        (
            "phases.*.rule",
            {"influence_parity_public", "consensus_rate", "non_decision_rate"},
        ),
        ("phases.governance.rule", {"influence_gini", "consensus_rate"}),
        ("phases.conducting.quorum", {"influence_parity_public", "non_decision_rate"}),
        ("phases.*.delegated", {"influence_gini", "override_rate"}),
        ("phases.*.level", {"influence_parity_public", "voice_parity_public", "promise_gap"}),
        ("phases.*.declared", {"promise_gap"}),
    ],
)
def test_what_settles_who_decides_is_built_in_though_no_intervention_moves_it(key, outcomes):
    assert outcomes <= built_in_by(key) < set(OUTCOME_NAMES)
    assert is_classified(key)


def test_what_a_phase_is_about_builds_nothing_in():
    for key in ("phases.*.options", "phases.*.meetings", "phases.governance.task", "uptake.rate"):
        assert built_in_by(key) == frozenset()
        assert not is_classified(key)


def test_every_word_and_share_that_settles_who_decides_is_known():
    """Each form of accountability, and each field of a phase on who decides, is there to be changed."""
    assert {"accountability.form", "phases.*.rule", "phases.*.quorum"} <= set(PARAMETERS)
    assert set(WHO_DECIDES) <= set(PARAMETERS)


def test_whatever_changes_the_last_word_or_the_rule_moves_influence_in_the_runs():
    """What is said to be built in does move: the default team, 200 projects, 95 %."""
    team = load_scenario("research_team").replace({"phases.*.minutes": 15.0})
    for changes, outcome in (
        ({"accountability.form": "full_veto"}, "override_rate"),
        ({"accountability.form": "none"}, "influence_gini"),
        ({"phases.*.rule": "lead_decides"}, "influence_gini"),
        ({"phases.*.level": "inform"}, "voice_parity_public"),
    ):
        found = paired.effect(team, changes, outcome, 200)
        assert found.above or found.below, f"{changes}: {found}"
