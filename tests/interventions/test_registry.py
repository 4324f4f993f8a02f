"""Registration and the refusal of what cannot be combined."""

from __future__ import annotations

import dataclasses

import pytest

from cosim.errors import ConfigError, CosimError
from cosim.interventions import INTERVENTIONS, check_interventions
from cosim.interventions.registry import collect

ONE = INTERVENTIONS["round_robin"]
LONER = dataclasses.replace(ONE, conflicts=())


def test_two_of_one_name_are_refused():
    with pytest.raises(CosimError, match="'round_robin'"):
        collect((LONER,), (LONER,))


def test_a_conflict_with_a_stranger_is_refused():
    with pytest.raises(CosimError, match="conflicts with 'hand_raising_queue', which does not exist"):
        collect((ONE,))


def test_an_unknown_name_gets_the_nearest():
    with pytest.raises(ConfigError) as caught:
        check_interventions({"round_robbin": 1.0})
    assert caught.value.key == "interventions.round_robbin"
    assert caught.value.nearest == "round_robin"


@pytest.mark.parametrize("pair", [(a.name, b) for a in INTERVENTIONS.values() for b in a.conflicts])
def test_contradictions_are_refused(pair):
    with pytest.raises(ConfigError, match=f"contradicts {pair[1]!r}"):
        check_interventions(dict.fromkeys(pair, 1.0))
    check_interventions({pair[0]: 1.0, pair[1]: 0.0})


def test_everything_without_a_contradiction_can_be_combined():
    free = {name: 0.5 for name, one in INTERVENTIONS.items() if not one.conflicts}
    assert len(free) > 25
    check_interventions(free)
