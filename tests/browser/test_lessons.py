"""Lessons are data that can be run, and no two are alike."""

from __future__ import annotations

from pathlib import Path

import pytest

import cosim
from cosim.browser.lesson import (
    SAME_SHARE,
    Lesson,
    lesson_markdown,
    lessons,
    lessons_document,
    teachers_markdown,
)
from cosim.browser.pair import Pair
from cosim.browser.predictions import OUTCOME_CHOICES, QUESTIONS, share_of, verdicts, watched_answer
from cosim.browser.replicates import Replicates
from cosim.browser.setup import Setup, from_link, to_link

TEACHING = Path(__file__).resolve().parents[2] / "docs" / "teaching"

TOPICS = (
    "voice_is_not_influence",
    "titles_and_seating",
    "who_sets_the_agenda",
    "heard_or_understood",
    "whom_do_you_speak_for",
    "the_accountable_lead",
    "token_or_critical_mass",
    "equality_costs_time",
)


def test_the_lessons_are_there_in_order() -> None:
    assert tuple(lesson.name for lesson in lessons()) == TOPICS
    assert [lesson.order for lesson in lessons()] == list(range(1, 9))


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_a_lesson_runs_and_its_teams_differ(lesson: Lesson) -> None:
    assert 10 <= lesson.minutes <= 15
    assert from_link(to_link(lesson.setup)) == lesson.setup
    assert lesson.setup.team("A") != lesson.setup.team("B")
    pair = Pair(lesson.setup)
    for _ in range(25):
        pair.step(look=False)
    # What the lead may do shows at the end of a phase only.
    assert pair.parted is not None or lesson.name == "the_accountable_lead"
    text = lesson_markdown(lesson)
    for heading in (
        "Set-up",
        "Predict",
        "Run",
        "Look at",
        "What many projects show",
        "Discuss",
        "Further reading",
    ):
        assert f"**{heading}" in text


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_a_lesson_promises_what_the_model_gives_on_average(lesson: Lesson) -> None:
    """A direction is a difference that its own luck does not explain and that is worth the word."""
    runs = {t: cosim.simulate(lesson.setup.team(t), replicates=200, seed=lesson.seed).runs for t in "AB"}
    for promise in lesson.expect:
        assert promise.outcome in OUTCOME_CHOICES
        apart = runs["B"][promise.outcome] - runs["A"][promise.outcome]
        worth = SAME_SHARE * abs(float(runs["A"][promise.outcome].mean()))
        mean, error = float(apart.mean()), float(apart.std()) / len(apart) ** 0.5
        found = "about the same" if abs(mean) < worth else "higher" if mean > 0 else "lower"
        assert found == promise.team_b, (promise, mean, worth)
        assert found == "about the same" or abs(mean) > 3.0 * error, (promise, mean, error)


def test_the_documents_say_what_the_demo_says() -> None:
    remake = "python -m experiments.demo_pages"
    assert (TEACHING / "lessons.md").read_text(encoding="utf-8") == lessons_document(), remake
    assert teachers_markdown() in (TEACHING / "README.md").read_text(encoding="utf-8"), remake


def test_the_page_for_teachers_has_a_plan_and_says_what_must_not_be_claimed() -> None:
    assert "What must not be claimed" in teachers_markdown()
    assert "| minutes |" in teachers_markdown()


def test_predictions_are_held_against_the_run_and_many_runs() -> None:
    pair = Pair(lessons()[0].setup)
    for _ in range(40):
        pair.step(look=False)
    runs = {
        "A": {"voice_gini": [0.5, 0.5], "influence_gini": [0.2, 0.3], "influence_parity_public": [0.5, 0.6]},
        "B": {"voice_gini": [0.1, 0.1], "influence_gini": [0.2, 0.1], "influence_parity_public": [0.9, 0.6]},
    }
    many = Replicates(Setup(), runs, {"A": ["researcher", "provider"], "B": ["researcher", "researcher"]})
    assert share_of("most", "researcher", many) == 0.5
    assert share_of("voice", "more equally", many) == 1.0
    assert share_of("influence", "the same", many) == 0.5
    assert share_of("public", "more", many) == 0.5
    assert many.share_lower("influence_gini") == 0.5
    for question in QUESTIONS:
        assert watched_answer(question.name, pair) in question.answers
    table = verdicts({"voice": "more equally"}, pair, many)
    assert "more equally (as predicted)" in table
    assert "100%" in table
    assert "not run yet" in verdicts({"voice": "the same"}, pair, None)
