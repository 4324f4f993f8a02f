"""The lesson that is under way, above the teams: ask, predict, watch, reveal, discuss."""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

from cosim.browser.drawing.svg import escaped
from cosim.browser.lesson import Lesson, answers_markdown, lessons
from cosim.browser.pages import state
from cosim.browser.pages.lessons import as_html
from cosim.browser.pages.live import Live
from cosim.browser.pages.parts import component, solara
from cosim.browser.pages.predict import Questions, RunMany
from cosim.browser.predictions import in_short
from cosim.browser.setup import TEAMS

STEPS = ("Ask", "Predict", "Watch", "Reveal", "Discuss")


@component
def LessonPanel() -> None:
    """Show the lesson's steps, one at a time."""
    lesson = next((one for one in lessons() if one.name == state.lesson.value), None)
    if lesson is None:
        return
    now = state.lesson_step.value
    with solara.Div(
        classes=["cosim-lesson"], attributes={"data-testid": "lesson", "data-lesson": lesson.name}
    ):
        solara.HTML(
            tag="h2",
            unsafe_innerHTML=f"Lesson {lesson.order}: {escaped(lesson.title)}",
            classes=["cosim-heading"],
        )
        with solara.Row(gap="4px", classes=["cosim-steps"]):
            for number, name in enumerate(STEPS):
                solara.Button(
                    f"{number + 1} {name}",
                    on_click=lambda number=number: state.lesson_step.set(number),
                    text=number != now,
                    outlined=number == now,
                    small=True,
                    attributes={
                        "aria-current": "step" if number == now else "false",
                        **({"data-key": "reveal", "title": "R"} if name == "Reveal" else {}),
                    },
                )
            solara.Button("Leave the lesson", on_click=lambda: state.lesson.set(""), text=True, small=True)
        Step(lesson, now).key(f"{lesson.name} {now}")


@component
def Step(lesson: Lesson, now: int) -> None:
    """Show what is to be done in a step."""
    if now == 0:
        Words(f"<strong>{escaped(lesson.question)}</strong> {escaped(lesson.why)}")
    elif now == 1:
        Words(escaped(lesson.predict))
        Questions()
    elif now == 2:
        Acts(lesson)
        Live(_as_predicted)
        Words(f"<em>Look at:</em> {escaped(' '.join(lesson.look_at))}")
    elif now == 3:
        Reveal(lesson)
    else:
        Words("<ul>" + "".join(f"<li>{escaped(one)}</li>" for one in lesson.discuss) + "</ul>")


def _as_predicted(_: state.Seen) -> str:
    """Answer a prediction where it was asked for, as soon as both teams have decided."""
    teams = state.pair.peek()
    return "" if teams is None else in_short(state.predictions.peek(), teams)


@component
def Acts(lesson: Lesson) -> None:
    """Show what to do while watching, each with a button that does it."""
    busy = state.skipping.value > 0 or state.acting.value
    over = len(state.ended.value) == len(TEAMS)
    with solara.Div(classes=["cosim-acts"], attributes={"data-testid": "acts"}):
        for act in lesson.watch:
            with solara.Row(gap="6px", classes=["cosim-act"]):
                if act.do != "look":
                    many = act.do == "many"
                    solara.Button(
                        "Do it",
                        on_click=lambda act=act: state.act_out(act),
                        disabled=state.running_replicates.value if many else busy or over,
                        outlined=True,
                        small=True,
                        attributes={"aria-label": f"Do it: {act.say}", "data-do": act.do},
                    )
                solara.Text(act.say, classes=["cosim-lesson-text"])


@component
def Words(text: str) -> None:
    """Show text of the lesson."""
    solara.HTML(tag="div", unsafe_innerHTML=text, classes=["cosim-lesson-text"])


@component
def Reveal(lesson: Lesson) -> None:
    """Show what many projects show, once they were run or somebody asks for it."""
    asked = solara.use_reactive(False)
    if asked.value or state.replicates.value is not None:
        Words(as_html(answers_markdown(lesson)))
        return
    Words("Run 200 projects of each team, or look at once what they show:")
    with solara.Row(gap="4px"):
        RunMany(small=True)
        solara.Button("Show it", on_click=lambda: asked.set(True), outlined=True, small=True)
