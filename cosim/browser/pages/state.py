"""What one browser tab holds: its set-up, its two teams, its prediction.

Solara keeps the value of each reactive per tab, so nothing here is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import solara

from cosim.browser.setup import Setup, from_link
from cosim.errors import CosimError

setup: solara.Reactive[Setup] = solara.reactive(Setup())
"""The set-up as the controls show it."""
pair: solara.Reactive[Any] = solara.reactive(None)
"""The two teams (`cosim.browser.pair.Pair`), or None before they are made."""
ended: solara.Reactive[tuple[str, ...]] = solara.reactive(())
"""The teams whose project is over."""
_painters: solara.Reactive[Any] = solara.reactive(None)
playing = solara.reactive(False)
skipping = solara.reactive(False)
interval = solara.reactive(500)
error = solara.reactive("")
note = solara.reactive("")
by_person = solara.reactive(False)
charts = solara.reactive(True)
scope = solara.reactive("B")
"""Whose settings the controls change: A, B or both."""
opened = solara.reactive("")
"""The link that this tab was last set up from."""
lesson = solara.reactive("")
predictions: solara.Reactive[dict[str, str]] = solara.reactive({})
replicates: solara.Reactive[Any] = solara.reactive(None)
running_replicates = solara.reactive(False)


Seen = Sequence[str] | None


def painters() -> list[Callable[[Seen], None]]:
    """Return what draws this tab's pictures anew; whoever shows one adds a function and takes it away."""
    if _painters.peek() is None:
        _painters.set([])
    known: list[Callable[[Seen], None]] = _painters.peek()
    return known


def redraw(seen: Seen = None) -> None:
    """Draw the pictures anew: all, or of those that have parts only the parts in sight."""
    teams = pair.peek()
    ended.set(() if teams is None else tuple(team for team, one in teams.teams.items() if not one.running))
    for paint in tuple(painters()):
        paint(seen)


def rebuild() -> None:
    """Start both teams anew from the set-up; an error is shown in words and the teams stay as they were."""
    from cosim.browser.pair import Pair

    playing.set(False)
    skipping.set(False)
    try:
        pair.set(Pair(setup.value))
    except CosimError as problem:
        error.set(f"{problem}")
    else:
        error.set("")
    redraw()


def change(new: Setup) -> None:
    """Take over a changed set-up: at once before the first turn, else when the teams start again."""
    try:
        for team in "AB":
            new.team(team)
    except CosimError as problem:
        error.set(f"That cannot be: {problem}")
        return
    error.set("")
    setup.set(new)
    if pair.value is None or pair.value.steps == 0:
        rebuild()


def choose(new: Setup, lesson_name: str = "") -> None:
    """Start with quite another set-up."""
    setup.set(new)
    lesson.set(lesson_name)
    predictions.set({})
    replicates.set(None)
    rebuild()


def open_link(query: str | None) -> None:
    """Set the tab up from the link it was opened with, once."""
    told = query or "-"
    if opened.value == told and pair.value is not None:
        return
    opened.set(told)
    if not query:
        if pair.value is None:
            rebuild()
        return
    try:
        choose(from_link(query))
    except CosimError as problem:
        setup.set(Setup())
        rebuild()
        told = f"The link cannot be opened as it is ({problem}). Here is the default set-up instead."
        error.set(told)


def step(seen: Seen = None) -> None:
    """Take one turn in both teams; an error is shown in words and stops the play."""
    teams = pair.peek()
    if teams is None:
        return
    try:
        teams.step(look=not playing.peek())
    except Exception as problem:
        playing.set(False)
        error.set(f"The teams cannot go on: {problem}. Press Reset, or change a setting.")
    if not teams.running:
        playing.set(False)
    redraw(seen if playing.peek() else None)


def skip(stop_after: int) -> bool:
    """Take at most `stop_after` turns without drawing; return whether the meeting is over."""
    teams = pair.peek()
    if teams is None:
        return True
    here = teams.place
    for _ in range(stop_after):
        if not teams.running or teams.place != here:
            return True
        teams.step(look=False)
    return not teams.running or teams.place != here
