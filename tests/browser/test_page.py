"""The demo in a real browser: what a class would do with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cosim.browser.configs import to_config
from cosim.browser.pair import Pair
from cosim.browser.setup import Setup, Way, from_link, to_link
from cosim.simulation.simulation import simulate
from tests.browser.conftest import Watched, settle, step

pytestmark = pytest.mark.browser
ALIKE = "/?scenario=research_team&seed=1"
"""Two teams that work alike, outside of lessons."""


def test_the_page_shows_what_the_model_computes(watched: Watched) -> None:
    setup = Setup("research_team", 3, Way(), Way({"round_robin": 1.0}))
    page = watched.board("/?" + to_link(setup))
    pair = Pair(setup)
    for turn in range(1, 6):
        step(page, turn)
        pair.step()
    for team, watch in pair.teams.items():
        table = page.locator(f"[data-testid=team-{team}] svg[data-testid=table]")
        assert table.get_attribute("data-turn") == "5"
        assert table.get_attribute("data-voice-gini") == f"{watch.curves['voice'][-1]:.6f}"
        assert table.get_attribute("data-influence-gini") == f"{watch.curves['influence'][-1]:.6f}"
        people = table.locator("[data-person]").evaluate_all(
            "all => all.map(g => [g.dataset.person, g.dataset.voice, g.dataset.influence])"
        )
        expected = {p.id: [f"{p.voice:.6f}", f"{p.influence:.6f}"] for p in watch.scene().people}
        assert {name: rest for name, *rest in people} == expected
        assert page.get_by_test_id(f"now-{team}").inner_text() == watch.captions[0].text


def test_a_hundred_turns_play_and_pause_and_reset(watched: Watched) -> None:
    page = watched.board(ALIKE)
    page.locator("label").get_by_text("Single turns").click()
    slider = page.get_by_role("slider", name=re.compile("Pause"))
    slider.focus()
    slider.press("Home")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("document.querySelector('[data-testid=board]').dataset.step >= 100")
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    assert page.get_by_test_id("board").get_attribute("data-alike") == "yes"
    page.get_by_role("button", name="Reset", exact=True).click()
    page.wait_for_selector('[data-testid=board][data-step="0"]')


def test_every_kind_of_control(watched: Watched) -> None:
    page = watched.board(ALIKE)
    page.get_by_role("button", name="Facilitation").first.click()
    page.get_by_role("switch", name="Round robin").press("Space")
    page.wait_for_function("document.querySelector('[data-testid=ways-B]').innerText.includes('Round robin')")
    assert "no intervention" in page.get_by_test_id("ways-A").inner_text()
    seed = page.get_by_label("Seed", exact=False).first
    seed.fill("7")
    seed.press("Enter")
    page.get_by_role("button", name="Advanced parameters").click()
    page.get_by_role("button", name="Floor", exact=True).click()
    returning = page.get_by_role("slider", name=re.compile("returning"))
    returning.focus()
    returning.press("ArrowRight")
    page.wait_for_function("document.querySelector('[data-testid=ways-B]').innerText.includes('1 changed')")
    page.get_by_text("By person").click()
    page.wait_for_selector('[data-bar$=" (lead)"]')
    page.get_by_role("button", name="Share", exact=True).click()
    link = page.get_by_test_id("link").get_attribute("href")
    setup = from_link(link.partition("?")[2])
    assert setup.seed == 7
    assert setup.b.doses == {"round_robin": 1.0}
    assert list(setup.b.changes) == ["floor.returning"]
    step(page, 1)


def test_a_link_opens_the_same_set_up(watched: Watched) -> None:
    setup = Setup("token_seat", 12, Way(), Way({"critical_mass": 1.0}, {"facilitation.seating": "round"}))
    page = watched.board("/?" + to_link(setup))
    page.get_by_role("button", name="Share", exact=True).click()
    assert from_link(page.get_by_test_id("link").get_attribute("href").partition("?")[2]) == setup


def test_a_file_is_saved_and_opened_again(watched: Watched, tmp_path: Path) -> None:
    setup = Setup(
        "token_seat", 12, Way({"buddy": 0.5}), Way({"critical_mass": 1.0}, {"floor.returning": 2.0})
    )
    page = watched.board("/?" + to_link(setup))
    page.get_by_role("button", name="Share", exact=True).click()
    with page.expect_download() as saving:
        page.get_by_role("button", name="Save as a study config").click()
    saved = tmp_path / saving.value.suggested_filename
    saving.value.save_as(saved)
    assert saved.read_text(encoding="utf-8") == to_config(setup)
    page = watched.board()
    page.get_by_role("button", name="Share", exact=True).click()
    page.get_by_label("Open a set-up's file").set_input_files(saved)
    page.wait_for_selector('[data-testid=board][data-scenario="token_seat"]')
    assert opened_setup(page).team("B") == setup.team("B")
    assert opened_setup(page).team("A") == setup.team("A")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("study: compare\nscenario: token_seet\n", encoding="utf-8")
    page.get_by_label("Open a set-up's file").set_input_files(wrong)
    page.get_by_text("wrong.yaml cannot be opened").wait_for()
    step(page, 1)


def opened_setup(page: Any) -> Setup:
    """Return the set-up that the page's own link describes."""
    return from_link(page.get_by_test_id("link").get_attribute("href").partition("?")[2])


def test_two_hundred_projects_of_each_team(watched: Watched) -> None:
    page = watched.board("/?seed=3&b=round_robin:1")
    page.get_by_role("button", name="Run 200 projects of each team").click()
    spread = page.get_by_test_id("spread")
    spread.wait_for()
    runs = simulate(Setup("research_team", 3).team("A"), replicates=200, seed=3).runs
    shown = spread.locator("[data-team=A]")
    assert shown.get_attribute("data-runs") == "200"
    assert float(shown.get_attribute("data-median")) == pytest.approx(
        runs["influence_gini"].median(), abs=1e-6
    )


def test_light_and_dark(watched: Watched) -> None:
    page = watched.board()
    ink = "getComputedStyle(document.querySelector('svg[data-testid=table] text')).fill"
    settle(page)
    light = page.evaluate(ink)
    toggle = page.locator(".v-app-bar .v-toolbar__content > button").last
    for _ in range(3):  # light, dark or as the system says
        before = toggle.inner_html()
        toggle.click()
        page.wait_for_function(
            "([one, before]) => one.innerHTML !== before", arg=[toggle.element_handle(), before]
        )
        settle(page)
        if page.locator(".v-application.theme--dark").count():
            break
    assert page.locator(".v-application.theme--dark").count() == 1
    assert page.evaluate(ink) != light


def test_settings_go_to_the_team_that_is_chosen(watched: Watched) -> None:
    page = watched.board(ALIKE)
    page.get_by_role("button", name="Facilitation").first.click()
    page.get_by_role("button", name="Dose of Round robin").click()
    slider = page.get_by_role("slider", name=re.compile("^Dose"))
    page.get_by_role("button", name="Team A", exact=True).click()
    slider.press("End")
    page.get_by_test_id("ways-A").get_by_text("Round robin").wait_for()
    assert "Round robin" not in page.get_by_test_id("ways-B").inner_text()
    page.get_by_role("button", name="Both", exact=True).click()
    slider.press("Home")
    page.get_by_test_id("ways-A").get_by_text("no intervention").wait_for()
    page.get_by_role("switch", name="Round robin", checked=False).press("Space")
    page.get_by_test_id("ways-B").get_by_text("Round robin").wait_for()
    assert "Round robin" in page.get_by_test_id("ways-A").inner_text()


def test_the_keyboard_is_enough_to_step_and_play(watched: Watched) -> None:
    page = watched.board()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()") == "Step":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector('[data-testid=board][data-step="1"]')
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('[data-testid=board]').dataset.step >= 3")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Play", exact=True).wait_for()


def test_on_a_tablet_every_control_can_be_reached(watched: Watched) -> None:
    watched.page.set_viewport_size({"width": 820, "height": 1180})
    page = watched.board(ALIKE)
    page.wait_for_selector(".v-navigation-drawer--close", state="attached")
    step(page, 1)
    for name in ("Play", "Pause", "Reset"):
        page.get_by_role("button", name=name, exact=True).click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 820
    page.locator(".v-app-bar__nav-icon").click()
    page.get_by_role("button", name="Facilitation").first.click()
    page.get_by_role("switch", name="Round robin").press("Space")
    page.get_by_test_id("ways-B").get_by_text("Round robin").wait_for()


def test_a_wrong_link_is_told_in_words_and_the_page_lives(watched: Watched) -> None:
    page = watched.board("/?b=round_robbin:1")
    page.get_by_text("did you mean 'round_robin'").wait_for()
    step(page, 1)


def test_teachers_page_and_mesas_view(watched: Watched) -> None:
    page = watched.open("/teachers")
    page.get_by_text("What must not be claimed").wait_for()
    page = watched.open("/mesa")
    page.wait_for_selector("svg[data-testid=table]")
    page.get_by_text("Hands are called in turn").wait_for()
    assert page.get_by_text("Page 0").is_hidden()
    assert page.locator(".v-app-bar .v-btn--icon").count() == 2  # the settings, and light or dark once


def test_prediction_is_held_against_the_run(watched: Watched) -> None:
    page = watched.board(ALIKE)
    page.get_by_role("button", name="researcher", exact=True).click()
    step(page, 1)
    page.get_by_test_id("verdicts").get_by_text("predicted").first.wait_for()
