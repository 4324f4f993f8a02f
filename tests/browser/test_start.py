"""The start page: one question, and the film with the answer as the prediction."""

from __future__ import annotations

import html
import urllib.error
import urllib.request

import pytest

from cosim.browser.lesson import lessons
from cosim.browser.predictions import without_prediction
from cosim.browser.setup import from_link
from cosim.browser.story import option_told
from cosim.errors import ConfigError
from cosim.scenario.vocabulary import PHASES
from tests.browser.conftest import Watched


def test_a_prediction_is_taken_out_of_the_address_and_nothing_else_is() -> None:
    query = "lesson=voice_is_not_influence&predict=influence%3Athe%20same"
    assert without_prediction(query) == ("lesson=voice_is_not_influence", {"influence": "the same"})
    for wrong in ("predict=influence:perhaps", "predict=nothing:more", "a=round_robin:1"):
        assert without_prediction(wrong) == (wrong, {})
    with pytest.raises(ConfigError):
        from_link("predict=influence:perhaps")


def test_every_usual_option_has_a_name_of_its_own() -> None:
    for phase in PHASES:
        told = [option_told(phase, option) for option in range(9)]
        assert len(set(told)) == 9
        assert told[0].startswith("A, ")
        assert told[8] == "I"


@pytest.mark.browser
def test_one_question_three_answers_one_button(watched: Watched) -> None:
    page = watched.open("/")
    assert page.get_by_role("radio").count() == 3
    assert page.get_by_role("button").count() == 1
    for place in (page.get_by_role("radio").last, page.get_by_role("button")):
        box = place.bounding_box()
        assert box["y"] + box["height"] < 720  # in sight without scrolling
    page.get_by_text("The same").click()
    page.get_by_role("button").click()
    page.wait_for_selector("[data-testid=board]")
    page.wait_for_function("document.querySelector('[data-testid=board]').dataset.step > 1")  # it plays
    assert page.get_by_test_id("lesson").get_attribute("data-lesson") == lessons()[0].name
    page.wait_for_function(f"location.search === '?lesson={lessons()[0].name}'")
    page.get_by_role("button", name="2 Predict").click()
    given = page.get_by_role("group", name="And influence?").locator("button[aria-pressed=true]")
    assert given.inner_text().strip() == "the same"
    page.get_by_test_id("verdicts").wait_for()


@pytest.mark.browser
def test_every_lesson_has_a_worksheet_and_a_key_apart_from_it(address: str) -> None:
    for lesson in lessons():
        sheet, key = (
            urllib.request.urlopen(f"{address}/{kind}/{lesson.name}").read().decode()
            for kind in ("worksheet", "key")
        )
        assert html.escape(lesson.exit_question, quote=False) in html.unescape(sheet)
        assert lesson.misconceptions[0].but not in html.unescape(sheet)
        assert "of the projects with the same random numbers" not in sheet
        assert "of the projects with the same random numbers" in key
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{address}/worksheet/nothing")
