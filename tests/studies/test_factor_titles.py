"""What a study's factors are called, and which of them a rule makes do what they do."""

from __future__ import annotations

import pytest

from cosim.interventions import WHO_DECIDES
from cosim.scenario import parameters
from cosim.studies.factor_titles import builds_in, factor_title


@pytest.mark.parametrize(
    ("name", "outcome", "built_in"),
    [
        ("system.plan_flexibility", "influence_gini", True),
        ("accountability.delegation", "influence_gini", True),
        ("with.secret_ballot", "influence_parity_public", True),
        ("system.plan_flexibility", "decision_quality", False),
        ("floor.returning", "influence_gini", False),
        ("with.round_robin", "influence_gini", False),
        ("with.round_robin", "voice_gini", True),
    ],
)
def test_who_decides_moves_influence_by_construction(name: str, outcome: str, built_in: bool) -> None:
    assert builds_in(name, outcome) is built_in


@pytest.mark.parametrize("name", WHO_DECIDES)
def test_what_settles_who_decides_is_a_parameter(name: str) -> None:
    assert name in {record.key for record in parameters()}


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("roles.patient.prestige", "Prestige, public"),
        ("with.round_robin", "Round robin"),
        ("system.plan_flexibility", "Plan flexibility"),
        ("uptake.rate", "Uptake rate"),
        ("stance.conformity", "Stance conformity"),
        ("system.drift", "System drift"),
        ("floor.unknown", "Unknown"),
        ("dummy", "Dummy (changes nothing)"),
    ],
)
def test_factors_are_called_in_words(name: str, title: str) -> None:
    assert factor_title(name) == title
