"""What a teacher or student does with mouse, finger and keys, on a projector, a tablet and a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from cosim.browser.lesson import lessons
from cosim.browser.setup import from_link
from tests.browser.conftest import TEAMS, Watched, settle, step

pytestmark = pytest.mark.browser
SIZES = {"projector": (1280, 720), "tablet": (820, 1180), "phone": (390, 844)}


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, chromium: Any, address: str) -> Iterator[Watched]:
    """A fresh page of each size; the smaller two are touched."""
    width, height = SIZES[request.param]
    seen = Watched(chromium, address)
    seen.context.close()
    seen.context = chromium.new_context(
        viewport={"width": width, "height": height}, has_touch=request.param != "projector"
    )
    seen.page = seen.context.new_page()
    seen.listen(seen.page)
    seen.touch = request.param != "projector"  # type: ignore[attr-defined]
    yield seen
    seen.context.close()
    assert seen.problems == []


def press(sized: Watched, place: Any) -> None:
    """Press with the mouse, or with a finger."""
    place.tap() if sized.touch else place.click()  # type: ignore[attr-defined]


def settings(sized: Watched, page: Any) -> None:
    """Bring the settings in sight, which lie behind a button on small screens."""
    if sized.touch:  # type: ignore[attr-defined]
        press(sized, page.locator(".v-app-bar__nav-icon"))
        page.wait_for_selector(".v-navigation-drawer--open")


def test_a_way_of_working_is_a_switch_and_its_dose_can_be_dragged(sized: Watched) -> None:
    page = sized.board("/?scenario=research_team&seed=3")
    settings(sized, page)
    press(sized, page.get_by_role("button", name="Facilitation", exact=True))
    switch = page.get_by_role("switch", name="Round robin")
    switch.scroll_into_view_if_needed()
    press(sized, page.locator("label").get_by_text("Round robin", exact=True))
    page.wait_for_function("document.querySelector('[data-testid=ways-B]').innerText === 'Round robin'")
    press(sized, page.get_by_role("button", name="Dose of Round robin"))
    track = page.locator(".cosim-way", has=switch).locator(".v-slider")
    track.scroll_into_view_if_needed()
    settle(page)
    place = track.bounding_box()
    assert place["width"] > 100
    x, y = place["x"] + 8 + (place["width"] - 16) * 0.3, place["y"] + place["height"] / 2
    if sized.touch:  # type: ignore[attr-defined]
        page.touchscreen.tap(x, y)
    else:
        page.mouse.move(place["x"] + place["width"] - 8, y)
        page.mouse.down()
        page.mouse.move(x, y, steps=8)
        page.mouse.up()
    page.wait_for_function("document.querySelector('[data-testid=ways-B]').innerText === 'Round robin (30%)'")
    press(sized, page.locator("label").get_by_text("Round robin", exact=True))
    page.wait_for_function("document.querySelector('[data-testid=ways-B]').innerText === 'no intervention'")


def test_a_dose_is_dragged_from_off_in_one_go(watched: Watched) -> None:
    """What appears beside a slider that is no longer off must not make it anew under the pointer."""
    page = watched.board("/?scenario=research_team&seed=3")
    page.get_by_role("button", name="Facilitation", exact=True).click()
    page.get_by_role("button", name="Dose of Round robin").click()
    way = page.locator(".cosim-way", has=page.get_by_role("switch", name="Round robin"))
    track = way.locator(".v-slider")
    track.scroll_into_view_if_needed()
    settle(page)
    place = track.bounding_box()
    y, wide = place["y"] + place["height"] / 2, place["width"] - 16
    page.mouse.move(place["x"] + 9, y)
    page.mouse.down()
    for share in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
        page.mouse.move(place["x"] + 8 + wide * share, y, steps=3)
        settle(page)
    page.mouse.up()
    page.wait_for_function("document.querySelector('[data-testid=ways-B]').innerText === 'Round robin (60%)'")


def test_every_track_can_be_used_and_nothing_hangs_over(sized: Watched) -> None:
    page = sized.board("/?scenario=research_team&seed=3")
    settings(sized, page)
    press(sized, page.get_by_role("button", name="Team and level of involvement"))
    press(sized, page.get_by_role("button", name="Advanced parameters"))
    press(sized, page.get_by_role("button", name="Floor", exact=True))
    page.get_by_role("slider", name=re.compile("returning")).wait_for(state="attached")
    settle(page)
    widths = page.locator(".v-slider").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().width)"
    )
    assert len(widths) > 5
    assert min(widths) > 100
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_what_a_setting_is_can_be_read_with_pointer_and_finger(sized: Watched) -> None:
    page = sized.board("/?scenario=research_team&seed=3")
    settings(sized, page)
    press(sized, page.get_by_role("button", name="Power", exact=True))
    about = page.get_by_role("button", name=re.compile("^About ")).first
    assert "Evidence:" in about.get_attribute("title")  # shown under a pointer
    press(sized, about)
    told = page.locator(".cosim-told")
    told.wait_for()
    settle(page)
    assert "Evidence:" in told.inner_text()
    place = told.bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= 312
    press(sized, about)
    told.wait_for(state="detached")


def test_the_first_page_is_lesson_1_and_asks_before_it_answers(sized: Watched) -> None:
    lesson = lessons()[0]
    page = sized.board()
    assert page.get_by_test_id("ways-A").inner_text() == "no intervention"
    assert "Round robin" in page.get_by_test_id("ways-B").inner_text()
    panel = page.get_by_test_id("lesson")
    settle(page)
    assert lesson.question in panel.inner_text()
    place = panel.bounding_box()
    assert place["y"] < 200  # in sight without scrolling
    assert page.locator("h1").count() == 1
    press(sized, page.get_by_role("button", name="2 Predict"))
    answer = page.get_by_role("group", name="And influence?").get_by_role("button", name="the same")
    press(sized, answer)
    assert page.wait_for_selector("button[aria-pressed=true]").inner_text().strip() == "the same"
    settle(page)
    for button in panel.get_by_role("button").all():
        box = button.bounding_box()
        assert box["x"] + box["width"] <= page.viewport_size["width"]
    step(page, 1)
    page.get_by_test_id("verdicts").get_by_text("the same").first.wait_for()
    page.wait_for_function("one => one.disabled", arg=answer.element_handle())  # a prediction is made before


def test_a_lesson_stays_when_the_page_is_loaded_again(sized: Watched) -> None:
    lesson = lessons()[5]
    page = sized.open("/lessons")
    press(sized, page.get_by_role("button", name=lesson.title))
    page.wait_for_selector(f"article[data-lesson={lesson.name}]")
    assert page.get_by_test_id("answers").count() == 0
    assert lesson.exit_answer not in page.locator("article").inner_text()
    press(sized, page.get_by_role("button", name="Set up this lesson"))
    page.wait_for_selector(f"[data-testid=lesson][data-lesson={lesson.name}]")
    page.wait_for_function(f"location.search === '?lesson={lesson.name}'")
    page.reload()
    page.wait_for_selector(f'[data-testid=board][data-scenario="{lesson.scenario}"]')
    page.wait_for_selector(f"[data-testid=lesson][data-lesson={lesson.name}]")
    assert page.get_by_test_id("ways-B").inner_text() == "Delegated decisions"
    press(sized, page.get_by_role("button", name="Leave the lesson"))
    page.wait_for_function("location.search.startsWith('?scenario=')")
    assert from_link(page.evaluate("location.search").removeprefix("?")) == lesson.setup
    page.get_by_test_id("predict").wait_for()


def test_settings_go_into_the_address_and_come_back(watched: Watched) -> None:
    page = watched.board("/?scenario=token_seat&seed=5")
    page.get_by_role("button", name="Credibility", exact=True).click()
    page.locator(".cosim-way label").first.click()
    page.wait_for_function("location.search.includes('&b=')")
    page.wait_for_function("document.querySelector('[data-testid=ways-B]').innerText !== 'no intervention'")
    ways = page.get_by_test_id("ways-B").inner_text()
    page.reload()
    page.wait_for_selector('[data-testid=board][data-scenario="token_seat"]')
    assert page.get_by_test_id("ways-B").inner_text() == ways


def test_the_decision_is_what_is_read_at_the_end_of_a_meeting(watched: Watched) -> None:
    page = watched.board(
        "/?lesson=the_accountable_lead&scenario=accountable_lead&seed=2&b=delegated_decisions:1"
        "&set_a=phases.*.minutes:6&set_b=phases.*.minutes:6"
    )
    page.get_by_role("button", name="To the end of the meeting").click()
    for team in "AB":
        page.get_by_test_id(f"card-{team}").wait_for()
    for team in "AB":
        told = page.get_by_test_id(f"now-{team}").inner_text()
        assert re.search(r"[Dd]ecided|overrode|Time was out", told), told
        assert "two teams part" not in told
        assert page.get_by_test_id(f"now-{team}").get_attribute("aria-live") == "polite"


def test_the_card_at_a_decision_is_in_sight_without_scrolling(sized: Watched) -> None:
    page = sized.board("/?lesson=the_accountable_lead")
    press(sized, page.get_by_role("button", name="3 Watch"))
    page.get_by_test_id("acts").wait_for()
    settle(page)  # or the button below moves away under the finger, and the driver scrolls to look for it
    press(sized, page.get_by_role("button", name="To the end of the meeting"))
    boxes = []
    for team in "AB":
        card = page.get_by_test_id(f"card-{team}")
        card.wait_for()
        settle(page)
        boxes.append(card.bounding_box())
    if page.viewport_size["width"] < 700:
        boxes.pop()  # the second team stands below the first
    bar = page.locator(".v-app-bar").bounding_box()
    for box in boxes:
        assert box["y"] >= bar["y"] + bar["height"]
        assert box["y"] + box["height"] <= page.viewport_size["height"]
    if page.viewport_size["width"] >= 700:
        assert (
            page.locator(".cosim-lesson").bounding_box()["y"] >= bar["y"] + bar["height"]
        )  # nothing scrolled
    ends = page.locator(".cosim-page").evaluate("one => one.getBoundingClientRect().bottom + scrollY")
    assert page.evaluate("document.documentElement.scrollHeight") < ends + 100  # nothing blank below
    more = page.get_by_test_id("card-A").locator("summary")
    press(sized, more)
    page.get_by_test_id("card-A").get_by_text("by their own views").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def test_keys_step_play_and_reveal(watched: Watched) -> None:
    page = watched.board()
    page.locator(".cosim-lesson-text").first.click()
    page.keyboard.press("ArrowRight")
    page.wait_for_selector('[data-testid=board][data-step="1"]')
    page.keyboard.press("r")
    page.get_by_role("button", name="Show it").wait_for()
    page.keyboard.press(" ")
    page.get_by_role("button", name="Pause", exact=True).wait_for()
    page.keyboard.press(" ")
    page.get_by_role("button", name="Play", exact=True).wait_for()
    page.get_by_role("button", name="Show it").click()
    page.get_by_text("of the projects with the same random numbers").first.wait_for()


@pytest.mark.parametrize("path", [TEAMS, "/lessons", "/teachers"])
def test_every_page_has_one_heading_and_every_button_a_name(watched: Watched, path: str) -> None:
    page = watched.open(path)
    page.wait_for_selector("h1", state="attached")
    assert page.locator("h1").count() == 1
    page.get_by_role("button", name="Light or dark").wait_for()
    nameless = page.get_by_role("button").evaluate_all(
        "all => all.filter(one => !(one.innerText.trim() || one.getAttribute('aria-label'))).length"
    )
    assert nameless == 0
    if path == TEAMS:
        page.get_by_role("button", name="Settings").wait_for()


def test_presenting_shows_the_teams_alone_and_goes_back(watched: Watched) -> None:
    page = watched.board()
    bar = page.locator(".v-app-bar")
    assert bar.is_visible()
    page.locator(".cosim-lesson-text").first.click()
    page.keyboard.press("p")
    bar.wait_for(state="hidden")
    wide = "document.querySelector('[data-testid=team-A]').getBoundingClientRect().width > 560"
    page.wait_for_function(wide)  # the panels take a moment to make room
    settle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page.keyboard.press("p")
    bar.wait_for()


def test_the_bar_has_room_for_its_links(sized: Watched) -> None:
    page = sized.board()
    page.get_by_role("button", name="Light or dark").wait_for()
    settle(page)
    bar = page.locator(".v-app-bar .v-toolbar__content").first
    shown = [one for one in bar.locator("button, a, .v-toolbar__title").all() if one.is_visible()]
    boxes = sorted((one.bounding_box() for one in shown), key=lambda box: box["x"])
    assert len(boxes) >= 5  # settings, three links, light or dark
    for left, right in pairwise(boxes):
        assert left["x"] + left["width"] <= right["x"] + 1
    assert boxes[-1]["x"] + boxes[-1]["width"] <= page.viewport_size["width"]
    for one in shown:
        assert one.evaluate(
            "it => it.scrollWidth <= it.clientWidth + 1 || getComputedStyle(it).display === 'inline'"
        )
