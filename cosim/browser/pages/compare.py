"""Team A beside team B: the central view."""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

import asyncio

from cosim.browser.pages import state
from cosim.browser.pages.controls import Controls
from cosim.browser.pages.live import Live
from cosim.browser.pages.parts import component, solara
from cosim.browser.pages.predict import Predict
from cosim.browser.setup import TEAMS


@component
def Compare() -> None:
    """Show both teams, what drives them and what they are."""
    router = solara.use_router()
    solara.use_memo(lambda: state.open_link(router.search), [router.search])
    solara.Title("cosim: who was heard, who decided")
    with solara.Sidebar():
        Controls()
    with solara.Column(gap="6px", style="padding: 4px 8px"):
        RunBar()
        Messages()
        Board()
        Predict()


@component
def RunBar() -> None:
    """Step, play, pause, reset, speed."""
    playing = state.playing.value
    over = len(state.ended.value) == len(TEAMS)

    async def skip() -> None:
        while state.skipping.peek():
            if state.skip(0.02):
                state.skipping.set(False)
                state.redraw()
            await asyncio.sleep(0.002)

    def leave() -> None:
        state.playing.set(False)
        state.skipping.set(False)

    solara.lab.use_task(skip, dependencies=[state.skipping.value], prefer_threaded=False)
    solara.use_effect(lambda: leave, [])
    busy = playing or state.skipping.value
    with solara.Row(gap="8px", style="align-items: center; flex-wrap: wrap"):
        solara.Button("Step", on_click=state.step, disabled=busy or over, color="primary", outlined=True)
        solara.Button(
            "Pause" if playing else "Play",
            on_click=lambda: state.playing.set(not playing),
            disabled=over or state.skipping.value,
            color="primary",
        )
        solara.Button(
            "To the end of the meeting",
            on_click=lambda: state.skipping.set(True),
            disabled=busy or over,
            outlined=True,
        )
        solara.Button("Reset", on_click=state.rebuild, outlined=True)
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
