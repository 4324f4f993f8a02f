"""The film: scenes, what is shown of a decision, and that all of it is the model's."""

from __future__ import annotations

import re

import numpy as np
import pytest

from cosim.browser.decision_card import card_html
from cosim.browser.headline import headline_html
from cosim.browser.lesson import lessons
from cosim.browser.pair import SCENES, Pair
from cosim.browser.setup import TEAMS, Setup, Way
from cosim.browser.team_run import Watch
from cosim.formatting.titles import option_letter
from cosim.simulation.simulation import simulate
from tests.browser.conftest import Watched

SHORT = Way(changes={"phases.*.minutes": 8.0})
OVERRIDE = Setup("accountable_lead", 2, SHORT, Way({"delegated_decisions": 1.0}, dict(SHORT.changes)))


def test_a_meeting_is_a_dozen_scenes_and_they_are_the_same_project() -> None:
    setup = Setup("research_team", 3, SHORT, Way({"round_robin": 1.0}, dict(SHORT.changes)))
    film, turns = Pair(setup), Pair(setup)
    count = 0
    while film.running and film.place == 0:
        assert film.scene()
        count += 1
        while turns.steps < film.steps:
            turns.step()
        for team in TEAMS:
            a, b = film.teams[team], turns.teams[team]
            assert a.curves["influence"][-1] == b.curves["influence"][-1]
            assert a.curves["voice"][-1] == b.curves["voice"][-1]
            assert a.scene() == b.scene()
    assert SCENES <= count <= 2 * SCENES  # the teams' clocks are not quite the same
    while film.running:
        film.scene()
    for team in TEAMS:
        result = simulate(setup.team(team), 1, setup.seed)
        outcomes = film.teams[team].model.outcomes()
        assert outcomes["influence_gini"] == result.runs["influence_gini"][0]


def test_a_scene_can_be_cut_into_slices() -> None:
    whole, sliced = Pair(OVERRIDE), Pair(OVERRIDE)
    whole.scene()
    calls = 1
    while not sliced.scene(1e-4):
        calls += 1
    assert calls > 1
    assert sliced.steps == whole.steps
    assert [one.text for one in sliced.teams["A"].captions] == [one.text for one in whole.teams["A"].captions]


@pytest.mark.parametrize("seed", [2, 5])
def test_the_card_of_every_decision_is_what_the_model_did(seed: int) -> None:
    watch = Watch(OVERRIDE.team("A"), seed)
    told = []
    while watch.running:
        watch.step(look=False, count=False)
        if watch.decided is not None and (not told or told[-1] is not watch.decided):
            told.append(watch.decided)
            card = card_html(watch, watch.decided, "A")
            assert f"Decided: option {option_letter(watch.decided.choice)}" in card
            assert ("overrode the team" in card) == watch.decided.overridden
            others = watch.decided.choice in (watch.decided.public, watch.decided.professionals)
            assert ("the lead's word alone" in card) == (watch.decided.overridden and others)
            headline = headline_html(watch, "A")
            assert ("parts of the decisions so far" in headline) == (len(told) > 1)
            assert ("parts of the decision the" in headline) == (len(told) == 1)
            assert sum(sum(row[1:]) for row in watch.decided.parts) == pytest.approx(1.0)
            for place in card.split("<details>"):  # the bar's key, and the sentence behind it
                shown = [int(one) for one in re.findall(r"(?:lead|s|outside) (\d+)(?: \(|;|<)", place)]
                assert 96 <= sum(shown) <= 104
            wide = [float(one) for one in re.findall(r"width:([\d.]+)%", card)]
            assert sum(wide) == pytest.approx(100.0, abs=2.5)
        elif told and watch.decided is None and watch.turns % 50 == 0:
            assert "parts of the decisions so far" in headline_html(watch, "A")
    assert told == watch.decisions
    parts = simulate(OVERRIDE.team("A"), 1, seed).parts
    lead = parts.loc[parts["role"].eq("researcher") & parts["group"].eq("lead")]
    mine = [100 * sum(row[1:]) for made in told for row in made.parts if row[0] == "lead"]
    assert np.allclose(lead["all"], mine)


def test_the_headline_is_the_publics_share_and_moves() -> None:
    watch = Watch(lessons()[0].setup.team("A"), 3)
    seen = set()
    for _ in range(60):
        watch.step()
        told = headline_html(watch, "A")
        voice, influence = watch.shares()
        public = np.array(watch.model.plan.is_public, dtype=bool)
        assert f'data-talk="{voice[public].sum():.6f}"' in told
        assert f'data-decision="{influence[public].sum():.6f}"' in told
        assert f"have {100 * influence[public].sum():.0f}," in told
        seen.add(f"{influence[public].sum():.6f}")
    assert len(seen) > 30


@pytest.mark.browser
def test_a_film_stops_at_the_decision_with_its_card(watched: Watched) -> None:
    page = watched.board(
        "/?scenario=accountable_lead&seed=2&b=delegated_decisions:1"
        "&set_a=phases.*.minutes:8&set_b=phases.*.minutes:8"
    )
    page.keyboard.press("n")
    page.wait_for_function("document.querySelector('[data-testid=board]').dataset.step > 1")
    expected = Pair(OVERRIDE)
    expected.scene()
    assert page.get_by_test_id("board").get_attribute("data-step") == str(expected.steps)
    assert page.get_by_test_id("card-A").count() == 0
    page.get_by_role("button", name="To the end of the meeting").click()
    page.get_by_test_id("card-A").wait_for()
    while expected.place == 0:
        expected.scene()
    for team in TEAMS:
        made = expected.teams[team].decided
        assert made is not None
        assert page.get_by_test_id(f"card-{team}").get_attribute("data-choice") == str(made.choice)


@pytest.mark.browser
def test_what_a_lesson_says_to_do_has_a_button_that_does_it(watched: Watched) -> None:
    page = watched.board()
    page.get_by_role("button", name="3 Watch").click()
    acts = page.get_by_test_id("acts")
    acts.wait_for()
    assert acts.get_by_role("button").count() == sum(act.do != "look" for act in lessons()[0].watch)
    for turn in (1, 2):
        acts.locator("[data-do=turn]").click()
        page.wait_for_selector(f'[data-testid=board][data-step="{turn}"]')
    acts.locator("[data-do=meeting]").click()
    page.get_by_test_id("card-A").wait_for()
    acts.locator("[data-do=many]").click()
    page.wait_for_selector("[data-testid=spread]")


@pytest.mark.browser
def test_a_lesson_can_go_on_by_two_meetings(watched: Watched) -> None:
    page = watched.board("/?lesson=titles_and_seating")
    page.get_by_role("button", name="3 Watch").click()
    two = page.get_by_test_id("acts").locator("[data-do=meeting]").last
    two.click()
    page.get_by_test_id("team-A").get_by_text("Decided on priority setting", exact=False).first.wait_for()
    page.wait_for_function("one => !one.disabled", arg=two.element_handle())
    assert page.get_by_test_id("team-A").get_by_text("Decided on conducting").count() == 0  # no further


def test_a_lesson_watches_something_and_ends_with_many_projects() -> None:
    for lesson in lessons():
        assert lesson.watch[-1].do == "many", lesson.name
        assert any(act.do in ("turn", "film", "meeting") for act in lesson.watch), lesson.name
        assert lesson.run == " ".join(act.say for act in lesson.watch)
