"""The lessons: what to ask, set up, predict, run, look at and discuss."""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

import markdown

from cosim.browser.lesson import Lesson, answers_markdown, lesson_markdown, lessons
from cosim.browser.pages import state
from cosim.browser.pages.parts import component, solara


@component
def Lessons() -> None:
    """Show all lessons; one click sets up the two teams."""
    solara.Title("cosim: lessons")
    found = lessons()
    chosen = solara.use_reactive(state.lesson.value or found[0].name)
    solara.HTML(tag="h1", unsafe_innerHTML="Lessons", classes=["cosim-heading"])
    with solara.Row(style="flex-wrap: wrap; row-gap: 8px; padding: 8px", gap="8px"):
        for lesson in found:
            solara.Button(
                lesson.title,
                on_click=lambda name=lesson.name: chosen.set(name),
                color="primary" if lesson.name == chosen.value else None,
                outlined=lesson.name != chosen.value,
            )
    One(next(lesson for lesson in found if lesson.name == chosen.value)).key(chosen.value)


@component
def One(lesson: Lesson) -> None:
    """Show one lesson; what many projects show is shown when somebody asks for it."""
    router = solara.use_router()
    shown = solara.use_reactive(False)

    def begin() -> None:
        state.begin_lesson(lesson.name)
        router.push("/")

    with solara.Column(style="padding: 4px 16px", gap="8px"):
        with solara.Row():
            solara.Button("Set up this lesson's two teams", on_click=begin, color="primary")
            for path, words in (("worksheet", "Worksheet to print"), ("key", "Answer key")):
                solara.HTML(
                    tag="a",
                    unsafe_innerHTML=words,
                    attributes={"href": f"/{path}/{lesson.name}", "target": "_blank"},
                )
        solara.HTML(
            tag="article",
            unsafe_innerHTML=as_html(lesson_markdown(lesson, answers=False)),
            classes=["cosim-text"],
            attributes={"data-lesson": lesson.name},
        )
        with solara.Row():
            solara.Button(
                "Hide what many projects show" if shown.value else "Show what many projects show",
                on_click=lambda: shown.set(not shown.value),
                outlined=True,
            )
        if shown.value:
            solara.HTML(
                tag="article",
                unsafe_innerHTML=as_html(answers_markdown(lesson)),
                classes=["cosim-text"],
                attributes={"data-testid": "answers"},
            )


def as_html(text: str) -> str:
    """Return text of our own, written in Markdown, as HTML."""
    return str(markdown.markdown(text, extensions=["tables"]))
