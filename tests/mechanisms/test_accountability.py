"""Accountability: the chance that an opposed lead overrides, under each form."""

from __future__ import annotations

from typing import get_args

import pytest

from cosim.mechanisms import accountability
from cosim.mechanisms.accountability import COMPLY_OR_EXPLAIN, DELEGATED, FULL_VETO, NO_OVERRIDE, SIGN_OFF
from cosim.scenario.vocabulary import Accountability


def test_codes_are_the_order_of_the_words():
    words = {
        **{"none": NO_OVERRIDE, "comply_or_explain": COMPLY_OR_EXPLAIN, "sign_off": SIGN_OFF},
        **{"full_veto": FULL_VETO, "delegated": DELEGATED},
    }
    assert [words[word] for word in get_args(Accountability)] == list(range(5))


@pytest.mark.parametrize(
    ("form", "delegated", "chance"),
    [
        (NO_OVERRIDE, False, 0.0),
        (COMPLY_OR_EXPLAIN, False, 0.2),
        (SIGN_OFF, False, 0.4),
        (FULL_VETO, True, 1.0),
        (DELEGATED, True, 0.0),
        (DELEGATED, False, 0.4),
    ],
)
def test_chance_that_an_opposed_lead_overrides(form, delegated, chance):
    assert accountability.override_chance(form, 0.4, 0.5, delegated, 0.0) == pytest.approx(chance)
    assert accountability.override_chance(form, 0.4, 0.5, delegated, 1.0) == 0.0
