"""Team A beside team B: the central view."""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

import asyncio
import time

from cosim.browser.lesson import to_address
from cosim.browser.pages import state
from cosim.browser.pages.controls import Controls
from cosim.browser.pages.lesson_panel import LessonPanel
from cosim.browser.pages.live import Address, Live
from cosim.browser.pages.parts import component, solara
from cosim.browser.pages.predict import Predict, PredictFirst
from cosim.browser.setup import TEAMS

GLANCE = 0.5
"""Seconds from one picture to the next on the way to the end of a meeting."""


@component
def Compare() -> None:
    """Show both teams, what drives them and what they are."""
    router = solara.use_router()
    solara.use_memo(lambda: state.open_link(router.search), [router.search])
    with solara.Sidebar():
        Controls()
    with solara.Column(gap="6px", style="padding: 4px 8px", classes=["cosim-page"]):
        solara.HTML(
            tag="h1", unsafe_innerHTML="Who was heard, who decided: two teams", classes=["cosim-title"]
        )
        LessonPanel()
        PredictFirst()
        RunBar()
        Messages()
        Board()
        Predict()
        # At the end, since what has no size still has a gap.
        solara.Title("cosim: who was heard, who decided")
        Address.element(query=to_address(state.setup.value, state.lesson.value))


@component
def RunBar() -> None:
    """Step, play, pause, reset, speed."""
    playing = state.playing.value
    over = len(state.ended.value) == len(TEAMS)

    async def skip() -> None:
        drawn = time.perf_counter()
        while state.skipping.peek():
            if state.skip(0.02):
                done = len(state.ended.peek()) == len(TEAMS)
                state.skipping.set(0 if done else state.skipping.peek() - 1)
                state.count_now()
                state.redraw()
            elif time.perf_counter() - drawn > GLANCE:
                state.count_now()
                state.redraw()
                drawn = time.perf_counter()
            await asyncio.sleep(0.002)

    async def act() -> None:
        while state.acting.peek():
            if state.scene(0.02):
                state.acting.set(False)
                state.redraw()
            await asyncio.sleep(0.002)

    def leave() -> None:
        state.playing.set(False)
        state.skipping.set(0)
        state.acting.set(False)

    solara.lab.use_task(act, dependencies=[state.acting.value], prefer_threaded=False)
    solara.lab.use_task(skip, dependencies=[state.skipping.value > 0], prefer_threaded=False)
    solara.use_effect(lambda: leave, [])
    busy = playing or state.skipping.value > 0 or state.acting.value
    with solara.Row(gap="8px", style="align-items: center; flex-wrap: wrap"):
        forward(playing, busy, over)
        solara.Button("Reset", on_click=state.rebuild, outlined=True)
        looks()
        for_the_room()


def forward(playing: bool, busy: bool, over: bool) -> None:
    """Go on by a step, by a scene, to the end of the meeting, or until paused."""
    solara.Button(
        "Step",
        on_click=state.step,
        disabled=busy or over,
        color="primary",
        outlined=True,
        attributes={"data-key": "step", "title": "Right arrow"},
    )
    solara.Button(
        "Pause" if playing else "Play",
        on_click=lambda: state.playing.set(not playing),
        disabled=over or state.skipping.value > 0,
        color="primary",
        attributes={"data-key": "play", "title": "Space"},
    )
    solara.Button(
        "Next scene",
        on_click=lambda: state.acting.set(True),
        disabled=busy or over,
        outlined=True,
        attributes={"data-key": "scene", "title": "N"},
    )
    solara.Button(
        "To the end of the meeting",
        on_click=lambda: state.skipping.set(1),
        disabled=busy or over,
        outlined=True,
        attributes={"data-key": "end", "title": "E"},
    )


def looks() -> None:
    """Let the viewer choose what is shown, and how fast."""
    solara.Checkbox(label="Single turns", value=state.single)
    if state.single.value:
        with solara.Div(style="width: 250px"):
            solara.SliderInt(
                f"Pause: {state.interval.value} ms",
                value=state.interval,
                min=50,
                max=2000,
                step=50,
            )
    solara.Checkbox(label="By person", value=state.by_person)
    solara.Checkbox(label="Charts", value=state.charts)


def for_the_room() -> None:
    """Fill the screen, or save what it shows."""
    solara.Button(
        "Present",
        text=True,
        small=True,
        attributes={"data-present": "yes", "data-key": "present", "title": "P: full screen, and back"},
    )
    for kind in ("png", "csv"):
        solara.Button(
            kind.upper(),
            text=True,
            small=True,
            attributes={"data-save": kind, "title": "Save what the tables show"},
        )


@component
def Messages() -> None:
    """Errors and notes, in words."""
    if state.error.value:
        solara.Error(state.error.value)
    if state.note.value:
        solara.Info(state.note.value)
    teams = state.pair.value
    if teams is not None and teams.setup != state.setup.value:
        with solara.Warning("Settings changed: the teams still run with the old ones.", dense=True):
            solara.Button("Start again with the new settings", on_click=state.rebuild, outlined=True)


@component
def Board() -> None:
    """Draw both teams."""
    from cosim.browser.side_by_side import board_html

    by_person, charts = state.by_person.value, state.charts.value

    def draw(seen: state.Seen) -> str:
        teams = state.pair.peek()
        return "" if teams is None else board_html(teams, by_person=by_person, charts=charts, seen=seen)

    Live(draw, plays=True)
