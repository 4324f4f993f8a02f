"""Mentions of shared and unshared information: hand-made numbers, and a team of which the answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cosim.errors import ConfigError
from cosim.patterns import pattern
from cosim.scenario.plan import Plan, resolve
from cosim.validation.mentions import mentioned, shared_and_unshared, standardised_difference


def hidden_profile(**changes: object) -> Plan:
    setup = pattern("A11").setup
    assert setup is not None
    return resolve(setup.build(changes=changes))[0]


def test_a_difference_in_standard_deviations_between_groups() -> None:
    # Means .8 and .4; both vary with SD .1 between groups.
    shares = np.array([[0.7, 0.3], [0.8, 0.4], [0.9, 0.5]])
    assert standardised_difference(shares) == pytest.approx(4.0)
    assert math.isnan(standardised_difference(np.array([[1.0, 0.5], [1.0, 0.5]])))


def test_the_set_up_has_one_shared_kind_and_three_that_one_member_has() -> None:
    shared, unshared = shared_and_unshared(hidden_profile())
    assert shared.tolist() == [True, False, False, False]
    assert unshared.tolist() == [False, True, True, True]


def test_a_team_without_hidden_profile_is_refused() -> None:
    with pytest.raises(ConfigError, match="hidden profile"):
        shared_and_unshared(_everyone_alike())


def _everyone_alike() -> Plan:
    return hidden_profile(
        **{f"team.*.knows_{kind}": 0.9 for kind in ("empirical", "experiential", "practice", "policy")}
    )


def test_what_nobody_can_speak_of_is_not_mentioned_and_what_all_know_is_mentioned_more() -> None:
    found = mentioned(hidden_profile(), range(40))
    assert found.shape == (40, 2)
    assert ((found >= 0.0) & (found <= 1.0)).all()
    assert found[:, 0].mean() > found[:, 1].mean()
    short = mentioned(hidden_profile(**{"phases.priority_setting.minutes": 5.0}), range(40))
    assert short.mean() < found.mean()
