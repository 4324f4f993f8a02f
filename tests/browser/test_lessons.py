"""Lessons are data that can be run, and no two are alike."""

from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

import pytest

import cosim
from cosim.browser.lesson import (
    SAME_SHARE,
    Lesson,
    answers_markdown,
    from_address,
    lesson_markdown,
    lessons,
    lessons_document,
    size_of,
    sizes,
    teachers_markdown,
    to_address,
)
from cosim.browser.pair import Pair
from cosim.browser.predictions import OUTCOME_CHOICES, QUESTIONS, in_short, share_of, verdicts, watched_answer
from cosim.browser.replicates import Replicates
from cosim.browser.setup import Setup, from_link, to_link
from cosim.errors import ConfigError
from cosim.formatting.titles import OUTCOME_WORDS
from cosim.interventions import INTERVENTIONS
from cosim.scenario.plan import resolve

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
    "who_holds_the_power",
    "changing_ones_mind",
    "attendance_and_payment",
    "value_in_use",
)


def test_the_lessons_are_there_in_order() -> None:
    assert tuple(lesson.name for lesson in lessons()) == TOPICS
    assert [lesson.order for lesson in lessons()] == list(range(1, 13))


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_a_lesson_runs_and_its_teams_differ(lesson: Lesson) -> None:
    assert 10 <= lesson.minutes <= 15
    assert from_link(to_link(lesson.setup)) == lesson.setup
    assert lesson.setup.team("A") != lesson.setup.team("B")
    pair = Pair(lesson.setup)
    for _ in range(25):
        pair.step(look=False)
        if pair.parted is not None:
            break
    # What the lead may do shows at the end of a phase only.
    assert pair.parted is not None or lesson.name in ("the_accountable_lead", "who_holds_the_power")
    text = lesson_markdown(lesson)
    for heading in (
        "Set-up",
        "Predict",
        "Run",
        "Look at",
        "What many projects show",
        "Discuss",
        "Further reading",
        "Goals",
        "Before you go",
        "Often thought",
    ):
        assert f"**{heading}" in text
    assert "What many projects show" not in lesson_markdown(lesson, answers=False)
    assert from_address(to_address(lesson.setup, lesson.name)) == (lesson.setup, lesson.name)
    other = lesson.setup.with_way(
        "A", lesson.setup.a.with_dose("buddy", 0.5, lesson.setup.base.interventions)
    )
    assert from_address(to_address(other, lesson.name)) == (other, lesson.name)
    assert from_address(to_address(lesson.setup)) == (lesson.setup, "")


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_a_lesson_promises_what_the_model_gives_on_average(lesson: Lesson) -> None:
    """A direction is a difference that its own luck does not explain and that is worth the word."""
    runs = {t: cosim.simulate(lesson.setup.team(t), replicates=200, seed=lesson.seed).runs for t in "AB"}
    assert set(sizes()[lesson.name]) == {promise.outcome for promise in lesson.expect}
    for promise in lesson.expect:
        told = sizes()[lesson.name][promise.outcome]
        found_size = size_of(list(runs["A"][promise.outcome]), list(runs["B"][promise.outcome]))
        assert astuple(told) == pytest.approx(astuple(found_size), abs=2e-6), (
            "python -m experiments.demo_pages"
        )
        assert promise.outcome in OUTCOME_CHOICES
        apart = runs["B"][promise.outcome] - runs["A"][promise.outcome]
        worth = SAME_SHARE * abs(float(runs["A"][promise.outcome].mean()))
        mean, error = float(apart.mean()), float(apart.std()) / len(apart) ** 0.5
        found = "about the same" if abs(mean) < worth else "higher" if mean > 0 else "lower"
        assert found == promise.team_b, (promise, mean, worth)
        assert found == "about the same" or abs(mean) > 3.0 * error, (promise, mean, error)
        # The first of them is the project that a class watches: it goes the way that the lesson promises.
        assert found == "about the same" or apart[0] * mean > 0.0, (promise, apart[0])


@pytest.mark.parametrize("lesson", lessons(), ids=lambda lesson: lesson.name)
def test_what_is_put_in_is_what_the_registry_says(lesson: Lesson) -> None:
    used = [INTERVENTIONS[name] for name in lesson.setup.doses("B") if name not in lesson.setup.doses("A")]
    text = answers_markdown(lesson)
    for promise in lesson.expect:
        if any(promise.outcome in one.built_in for one in used):
            assert lesson.put_in(promise.outcome)
        line = next(line for line in text.splitlines() if OUTCOME_WORDS[promise.outcome] in line)
        assert ("no finding" in line) == lesson.put_in(promise.outcome)
        assert "in team A" in line  # a size, not only a direction
    assert not all(lesson.put_in(promise.outcome) for promise in lesson.expect)


def test_no_lesson_sells_a_construction() -> None:
    """Delegation forbids the override, and private ranking evens influence by its rule."""
    known = {lesson.name: lesson for lesson in lessons()}
    assert known["the_accountable_lead"].put_in("influence_gini")
    assert known["equality_costs_time"].put_in("influence_gini")
    assert known["voice_is_not_influence"].put_in("voice_gini")
    assert known["voice_is_not_influence"].put_in("voice_influence_gap")
    assert not known["voice_is_not_influence"].put_in("influence_gini")


def test_the_seats_that_a_lesson_counts_are_those_of_its_teams() -> None:
    lesson = next(one for one in lessons() if one.name == "token_or_critical_mass")
    public = [
        sum(member.role == "patient" for member in resolve(lesson.setup.team(team))[1]) for team in "AB"
    ]
    assert public == [1, 6]
    assert "one public contributor" in lesson.question
    assert "six" in lesson.question


def test_ties_are_said_as_such() -> None:
    size = size_of([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 3.0])
    assert (size.lower, size.same, size.higher) == (0.25, 0.75, 0.0)
    assert "lower in 25%, the same in 75% and higher in 0%" in size.words
    assert (size.a, size.b) == (2.5, 2.25)
    assert "10% lower" in size.words


def test_a_size_from_next_to_nothing_has_no_percentage() -> None:
    for a, b in ((-0.00006, 0.28), (0.00006, 0.28), (-0.1, 0.1), (0.0, 0.5)):
        words = size_of([a], [b]).words
        assert words.count("%") == 3, words  # the shares lower, same and higher
        assert "e-" not in words


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("lesson=voice_is_not_influense", "did you mean"),
        ("lesson=x&seed=0", "lesson"),
        ("lesson=../../x", "lesson"),
    ],
)
def test_addresses_of_lessons_that_cannot_be(query: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words):
        from_address(query)


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
    assert many.size("influence_gini").lower == 0.5
    assert many.count == 2
    for question in QUESTIONS:
        assert watched_answer(question.name, pair) in question.answers
    table = verdicts({"voice": "more equally"}, pair, many)
    assert "more equally (as predicted)" in table
    assert "100%" in table
    assert "not run yet" in verdicts({"voice": "the same"}, pair, None)


def test_a_prediction_is_answered_in_short_once_both_teams_have_decided() -> None:
    pair = Pair(lessons()[0].setup)
    given = {"influence": "the same", "voice": "less equally"}
    while not all(one.decisions for one in pair.teams.values()):
        assert in_short(given, pair) == ""
        pair.scene()
    told = in_short(given, pair)
    assert told.count("<li>") == 2
    assert "And influence? <b>the same</b> (as you said)" in told
    assert "<b>more equally</b> (you said: less equally)" in told
    assert in_short({}, pair) == ""
