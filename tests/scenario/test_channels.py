"""Each channel can be switched off in any scenario, and then does nothing."""

from __future__ import annotations

from itertools import islice, permutations

from hypothesis import assume, given, settings

from cosim.catalogue import load_scenario
from cosim.errors import ConfigError
from cosim.outcomes import OUTCOME_NAMES
from cosim.scenario.channels import CHANNELS, NULLS, without
from cosim.scenario.plan import resolve
from cosim.simulation.simulation import run_compiled
from tests.strategies import scenarios

TEAM = load_scenario("research_team").replace({"phases.*.minutes": 15.0, "agenda.minutes_per_item": 3.0})


def outcome(scenario, name: str, n: int = 40):
    runs = run_compiled(resolve(scenario)[0], range(n), 3, people=False).runs
    return runs[:, OUTCOME_NAMES.index(name)]


@settings(max_examples=40)
@given(scenarios())
def test_every_channel_can_be_switched_off(scenario):
    for channel in CHANNELS:
        try:
            scenario.replace(without(channel))
        except ConfigError:
            assume(channel == "level and drift")  # a team of public members alone cannot collaborate


def test_nulls_are_made_of_channels():
    assert set(NULLS) == {"nobody is persuaded", "no ballot channel"}
    for channels in NULLS.values():
        TEAM.replace(without(*channels))


def test_changes_come_in_one_order_however_channels_are_named():
    usual = list(without(*CHANNELS))
    assert all(list(without(*order)) == usual for order in islice(permutations(CHANNELS), 0, None, 97))


def test_without_talk_nobody_moves_but_by_thinking_alone():
    quiet = TEAM.replace({**without("talk"), "uptake.reflection": 0.0})
    assert (outcome(quiet, "movement") == 0.0).all()
    assert (outcome(quiet, "parts_argued") == 0.0).all()
    assert (outcome(TEAM, "movement") > 0.0).all()


def test_without_bends_nothing_is_held_back():
    free = TEAM.replace(without("bend to the lead", "bend to the majority"))
    assert (outcome(free, "withheld_public") == 0.0).all()
    assert outcome(TEAM, "withheld_public").mean() > 0.02


def test_without_the_last_word_nothing_is_overridden():
    assert (outcome(TEAM.replace(without("last word")), "override_rate") == 0.0).all()
    assert outcome(TEAM, "override_rate").mean() > 0.02


def test_without_mandate_only_what_others_carry_is_left():
    assert (outcome(TEAM.replace({**without("mandate")}), "parts_carried") == 0.0).all()


def test_with_all_attending_nobody_is_away():
    there = TEAM.replace({**without("attendance")})
    assert (outcome(there, "attendance_public") == 1.0).all()
