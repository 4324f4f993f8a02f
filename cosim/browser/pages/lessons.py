"""The lessons: what to ask, set up, predict, run, look at and discuss."""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

import markdown

from cosim.browser.lesson import Lesson, lesson_markdown, lessons
from cosim.browser.pages import state
from cosim.browser.pages.parts import component, solara


@component
def Lessons() -> None:
    """Show all lessons; one click sets up the two teams."""
    solara.Title("cosim: lessons")
    found = lessons()
    chosen = solara.use_reactive(state.lesson.value or found[0].name)
    with solara.Row(style="flex-wrap: wrap; row-gap: 8px; padding: 8px", gap="8px"):
        for lesson in found:
            solara.Button(
                lesson.title,
                on_click=lambda name=lesson.name: chosen.set(name),
                color="primary" if lesson.name == chosen.value else None,
                outlined=lesson.name != chosen.value,
            )
    One(next(lesson for lesson in found if lesson.name == chosen.value))


@component
def One(lesson: Lesson) -> None:
    """Show one lesson."""
    router = solara.use_router()

    def begin() -> None:
        state.choose(lesson.setup, lesson.name)
        router.push("/")

    with solara.Column(style="padding: 4px 16px", gap="8px"):
        solara.Button("Set up this lesson's two teams", on_click=begin, color="primary")
        text = markdown.markdown(lesson_markdown(lesson), extensions=["tables"])
        solara.HTML(
            tag="article",
            unsafe_innerHTML=text,
            classes=["cosim-text"],
            attributes={"data-lesson": lesson.name},
        )
