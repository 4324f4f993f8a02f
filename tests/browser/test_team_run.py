"""What an observer sees of a running team equals what the model says, and looking changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

import cosim
from cosim.browser.measures import (
    inequality,
    influence_shares,
    standing_influence,
    standing_of_options,
    voice_shares,
)
from cosim.browser.pair import Pair
from cosim.browser.setup import Setup, Way
from cosim.browser.team_run import EVERY, KEPT_CAPTIONS, Watch
from cosim.model.model import AGENT_REPORTERS, MODEL_REPORTERS, CoproductionModel
from cosim.scenario import Scenario


def short(name: str = "research_team", minutes: float = 5.0) -> Scenario:
    return cosim.load_scenario(name).replace({"phases.*.minutes": minutes})


SCENARIOS = ("research_team", "dance", "changing_team", "user_controlled", "symmetric_null")


@pytest.mark.parametrize("name", SCENARIOS)
def test_at_the_end_shares_equal_the_outcomes(name: str) -> None:
    watch = Watch(short(name), 5)
    while watch.running:
        watch.step()
    model = watch.model
    outcomes, people = model.outcomes(), model.people()
    np.testing.assert_allclose(influence_shares(model), people["influence_share"], atol=1e-12)
    np.testing.assert_allclose(voice_shares(model), people["voice_share"], atol=1e-12)
    assert inequality(influence_shares(model)) == pytest.approx(outcomes["influence_gini"], abs=1e-12)
    assert inequality(voice_shares(model)) == pytest.approx(outcomes["voice_gini"], abs=1e-12)
    assert watch.by_role()["patient"][1] == pytest.approx(outcomes["influence_parity_public"], abs=1e-12)
    assert [made.choice for made in watch.decisions] == model.choices
    assert sum(m.overridden for m in watch.decisions) / len(watch.decisions) == pytest.approx(
        outcomes["override_rate"]
    )


def test_looking_changes_nothing() -> None:
    scenario = short().with_interventions("nominal_group", "mixed_small_groups")
    watch = Watch(scenario, 4)
    while watch.running:
        watch.step()
        watch.scene()
    plain = CoproductionModel(scenario, 4, collect=False).run_model()
    assert watch.model.outcomes() == plain.outcomes()
    assert watch.model.log == plain.log


def test_influence_as_it_stands_is_the_models_own() -> None:
    watch = Watch(short("dance"), 2)
    for _ in range(120):
        watch.step(look=False)
        np.testing.assert_allclose(
            standing_influence(watch.model), np.asarray(watch.model.influence_now()), atol=1e-14
        )


def test_voice_is_what_the_models_reporters_say() -> None:
    watch = Watch(short(), 2)
    for _ in range(50):
        watch.step()
    reported = MODEL_REPORTERS["voice_gini"](watch.model)
    assert watch.curves["voice"][-1] == pytest.approx(reported, rel=1e-6)
    turns = [AGENT_REPORTERS["turns"](agent) for agent in watch.model.participants]
    assert [round(p.voice * sum(turns)) for p in watch.scene().people] == turns


def test_what_would_win_is_what_wins() -> None:
    """The last look before a phase ends names the option chosen, where nobody can override it."""
    for name in ("symmetric_null", "citizen_panel"):
        scenario = short(name).replace({"accountability.form": "none"})
        watch = Watch(scenario, 3)
        while watch.running:
            watch.step()
            if watch.decisions and len(watch.decisions) == len(watch.model.choices):
                assert watch.standing is not None
                if watch.place > watch.model.meeting:
                    assert watch.standing.leading == watch.decisions[-1].choice


def test_before_the_first_turn_all_are_equal() -> None:
    watch = Watch(short(), 1)
    scene = watch.scene()
    assert scene.saying is None
    assert {person.influence for person in scene.people} == {1 / 12}
    assert {person.voice for person in scene.people} == {0.0}
    assert all(person.present for person in scene.people)
    assert watch.standing is None
    assert watch.place == 0


def test_the_scene_follows_the_room() -> None:
    base = short()
    assert Watch(base, 1).scene().form == "rectangular"
    assert Watch(base.with_interventions("round_table"), 1).scene().form == "round"
    assert Watch(base.replace({"facilitation.seating": "u_shape"}), 1).scene().form == "u_shape"
    blocks, mixed = Watch(base, 1).scene().order, Watch(base.with_interventions("mixed_seating"), 1).scene()
    assert blocks != mixed.order
    assert sorted(blocks) == sorted(mixed.order)
    groups = Watch(short(minutes=30.0).with_interventions("mixed_small_groups"), 1)
    groups.step()
    assert groups.scene().tables > 1
    led = Watch(base.with_interventions("process_facilitator"), 1)
    led.step()
    assert led.scene().facilitated
    assert not Watch(base, 1).scene().facilitated


def test_hands_are_raised_in_a_queue() -> None:
    watch = Watch(short().with_interventions("hand_raising_queue"), 1)
    seen = False
    for _ in range(20):
        watch.step()
        seen = seen or any(person.hand for person in watch.scene().people)
    assert seen


def test_who_is_not_in_the_phase_has_no_seat() -> None:
    watch = Watch(short("late_entry"), 1)
    watch.step()
    absent = [p.name for p in watch.scene().people if not p.member]
    assert absent
    assert len(watch.scene().order) == len(watch.scene().people) - len(absent)


def test_at_inform_the_public_has_no_influence() -> None:
    watch = Watch(short("priority_setting_trial_control", 30.0), 1)
    for _ in range(40):
        watch.step(look=False)
    for person in watch.scene().people:
        if person.role == "patient":
            assert person.influence == 0.0


def test_captions_are_kept_in_bounds_and_name_every_event() -> None:
    watch = Watch(short("accountable_lead", 8.0), 3)
    tones = set()
    while watch.running:
        watch.step()
        tones |= {caption.tone for caption in watch.captions}
    assert len(watch.captions) == KEPT_CAPTIONS
    assert {"turn", "meeting", "decision"} <= tones
    assert all(c.text[0].isupper() and c.text.endswith(".") for c in watch.captions)


def test_curves_grow_by_one_number_a_step() -> None:
    watch = Watch(short(), 1)
    for number in range(1, 40):
        watch.step()
        assert {len(curve) for curve in watch.curves.values()} == {number}


def test_a_finished_team_stays_as_it_is() -> None:
    watch = Watch(short(minutes=2.0), 1)
    while watch.running:
        watch.step()
    turns = watch.turns
    watch.step()
    assert watch.turns == turns
    assert watch.place == watch.meetings


def test_agreement_is_the_outcomes_correlation() -> None:
    scenario = short("symmetric_null", 10.0)
    watch = Watch(scenario, 6)
    while watch.running:
        watch.step()
    assert standing_of_options(watch.model).agreement == pytest.approx(
        watch.model.outcomes()["agreement_after"], abs=1e-9
    )


def brief(scenario: str, seed: int, **doses: float) -> Setup:
    minutes = {"phases.*.minutes": 3.0}
    return Setup(scenario, seed, Way({}, minutes), Way(dict(doses), minutes))


@pytest.mark.parametrize("scenario", ["research_team", "token_seat", "co_chaired"])
def test_influence_is_shown_as_if_the_team_decided_now(scenario: str) -> None:
    """So that a decision that nobody overrides moves no shape: it only settles what was in sight."""
    pair = Pair(brief(scenario, 3, round_robin=1.0))
    seen = 0
    while pair.running:
        before = {
            team: (watch.shares()[1].copy(), len(watch.decisions)) for team, watch in pair.teams.items()
        }
        pair.step()
        for team, watch in pair.teams.items():
            shares, made = before[team]
            now = watch.shares()[1]
            assert now.sum() == pytest.approx(1.0)
            last = watch.decisions[-1] if len(watch.decisions) > made else None
            if last is not None and not last.overridden and not last.settled and watch.turns > 10:
                assert np.abs(now - shares).max() < 0.02
                seen += 1
    assert seen >= 2


def test_the_decision_is_the_first_line_when_it_parts_the_teams() -> None:
    """The lesson on the accountable lead is about the decision, which may be where two teams first differ."""
    found = 0
    for seed in range(1, 40):
        if found >= 2:
            break
        pair = Pair(brief("accountable_lead", seed, delegated_decisions=1.0))
        while pair.running and pair.parted is None:
            pair.step(look=False)
        for watch in pair.teams.values():
            tones = [caption.tone for caption in watch.captions]
            if pair.parted is not None and "decision" in tones[:2]:
                assert tones[:2] == ["decision", "difference"]
                found += 1
    assert found >= 2


def test_a_chairs_turns_are_told_with_the_members_and_counted_as_nobodys() -> None:
    watch = Watch(short().replace({"facilitation.chairing": 0.5, "phases.*.minutes": 3.0}), 4)
    while watch.running:
        before = len(watch.model.log)
        watch.step()
        watch.scene_over(before)
    spoken = [row for row in watch.model.log if row[5] >= 0]
    assert watch.turns == len(spoken) < len(watch.model.log)
    assert watch.scene().facilitated
    handed = [one for one in watch.captions if "handed the floor by the facilitator" in one.text]
    assert 0 < len(handed) < len(spoken)


def test_curves_are_true_at_every_turn_that_they_are_drawn_through():
    """However a meeting is watched: by turns, or by jumps in which influence is counted now and then."""
    seen, jumped = (Watch(short(), 3) for _ in range(2))
    for _ in range(130):
        seen.step()
        jumped.step(look=False, count=False)
    assert jumped.curves["voice"] == seen.curves["voice"]
    assert {EVERY - 1, 2 * EVERY - 1} <= set(jumped.counted)  # and at decisions
    for turn in jumped.counted:
        assert jumped.curves["influence"][turn] == seen.curves["influence"][turn]
    jumped.count_now()
    assert jumped.counted[-1] == 129
    assert jumped.curves["influence"][129] == seen.curves["influence"][129]
