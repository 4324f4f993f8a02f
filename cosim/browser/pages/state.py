"""What one browser tab holds: its set-up, its two teams, its prediction.

Solara keeps the value of each reactive per tab, so nothing here is shared.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import solara

from cosim.browser.configs import from_config
from cosim.browser.hush import SORRY, tell_console
from cosim.browser.lesson import Act, from_address, lessons
from cosim.browser.predictions import without_prediction
from cosim.browser.setup import TEAMS, Setup
from cosim.errors import CosimError
from cosim.formatting.safe_text import visible

setup: solara.Reactive[Setup] = solara.reactive(lessons()[0].setup)
"""The set-up as the controls show it."""
pair: solara.Reactive[Any] = solara.reactive(None)
"""The two teams (`cosim.browser.pair.Pair`), or None before they are made."""
ended: solara.Reactive[tuple[str, ...]] = solara.reactive(())
"""The teams whose project is over."""
_painters: solara.Reactive[Any] = solara.reactive(None)
playing = solara.reactive(False)
skipping = solara.reactive(0)
"""How many meetings the teams are yet to go to the end of."""
single = solara.reactive(False)
"""Whether Play takes single turns, not scenes."""
acting = solara.reactive(False)
"""Whether a scene is under way."""
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
"""The lesson that is under way, by name; nothing outside of lessons."""
lesson_step = solara.reactive(0)
"""Its step, counted from 0."""
begun = solara.reactive(False)
"""Whether the teams have taken a turn: predictions are then locked."""
predictions: solara.Reactive[dict[str, str]] = solara.reactive({})
replicates: solara.Reactive[Any] = solara.reactive(None)
running_replicates = solara.reactive(False)
progress: solara.Reactive[Any] = solara.reactive(None)
"""How far the replicates are (`cosim.browser.replicates.Progress`), or None."""


Seen = Sequence[str] | None
MOST_LINES = 10
"""Lines of a message that a page shows."""


def painters() -> list[Callable[[Seen], None]]:
    """Return what draws this tab's pictures again; whoever shows one adds a function and takes it away."""
    if _painters.peek() is None:
        _painters.set([])
    known: list[Callable[[Seen], None]] = _painters.peek()
    return known


def redraw(seen: Seen = None) -> None:
    """Draw the pictures again: all, or of those that have parts only the parts in sight."""
    teams = pair.peek()
    begun.set(teams is not None and teams.steps > 0)
    ended.set(() if teams is None else tuple(team for team, one in teams.teams.items() if not one.running))
    for paint in tuple(painters()):
        paint(seen)


def rebuild() -> None:
    """Start both teams again from the set-up; an error is shown in words and the teams stay as they were."""
    from cosim.browser.pair import Pair

    playing.set(False)
    skipping.set(0)
    acting.set(False)
    error.set(in_words(lambda: pair.set(Pair(setup.value))))
    redraw()


def in_words(work: Callable[[], object]) -> str:
    """Do something; return what went wrong, in words for the page, and nothing when all is well."""
    try:
        work()
    except CosimError as problem:
        return shortened(f"{problem}")
    except Exception as problem:  # a fault of ours: the page says so, and why stands in the console
        tell_console(problem)
        return SORRY
    return ""


def shortened(told: str) -> str:
    """Return a message as a page can bear it: the first mistakes of many, and how many more there are."""
    told = re.sub(r"`([^`]+)`", r"“\1”", told)  # alerts show text as it is, without Markdown
    lines = told.splitlines()
    if len(lines) <= MOST_LINES:
        return told
    return "\n".join([*lines[:MOST_LINES], f"... and {len(lines) - MOST_LINES} more"])


def change(new: Setup) -> None:
    """Take over a changed set-up: at once before the first turn, else when the teams start again."""
    problem = in_words(lambda: [new.team(team) for team in TEAMS])
    error.set(f"That cannot be: {problem}" if problem else "")
    if problem:
        return
    setup.set(new)
    if pair.value is None or pair.value.steps == 0:
        rebuild()


def choose(new: Setup, lesson_name: str = "") -> None:
    """Start with quite another set-up."""
    setup.set(new)
    lesson.set(lesson_name)
    lesson_step.set(0)
    predictions.set({})
    replicates.set(None)
    note.set("")
    rebuild()


def begin_lesson(name: str) -> None:
    """Start a lesson with its two teams."""
    choose(next(one for one in lessons() if one.name == name).setup, name)


WATCH = 2
"""The step of a lesson in which it is watched."""


def open_link(query: str | None) -> None:
    """Set the tab up from the link it was opened with, once."""
    told = query or "-"
    if opened.value == told and pair.value is not None:
        return
    opened.set(told)
    if not query:
        if pair.value is None:
            begin_lesson(lessons()[0].name)
        return
    plain, predicted = without_prediction(query)
    problem = in_words(lambda: choose(*from_address(plain)))
    if predicted and not problem:
        predictions.set(predicted)
        lesson_step.set(WATCH)
        playing.set(True)
    if problem:
        begin_lesson(lessons()[0].name)
        told = f"The link cannot be opened as it is ({problem}). Here is the first lesson instead."
        error.set(told)


def open_file(name: str, text: str | None) -> None:
    """Set the tab up from a file that somebody has chosen or dropped."""

    def take() -> None:
        if text is None:
            raise CosimError("it is larger than any set-up")
        new, told = from_config(text)
        choose(new)
        note.set(told)

    problem = in_words(take)
    if problem:
        note.set("")
        error.set(f"{visible(name)[:100]} cannot be opened: {problem}")


def step(seen: Seen = None) -> None:
    """Take one turn in both teams; an error is shown in words and stops the play."""
    teams = pair.peek()
    if teams is None:
        return
    problem = in_words(lambda: teams.step(look=not playing.peek()))
    if problem:
        playing.set(False)
        error.set(f"The teams cannot go on: {problem}. Press Reset, or change a setting.")
    if not teams.running:
        playing.set(False)
    redraw(seen if playing.peek() else None)


def scene(seconds: float) -> bool:
    """Go on with a scene for some time without drawing; return whether it is over, and stop at a decision."""
    teams = pair.peek()
    if teams is None or not teams.running:
        playing.set(False)
        return True
    here, over = teams.place, [True]
    problem = in_words(lambda: over.__setitem__(0, teams.scene(seconds)))
    if problem:
        error.set(f"The teams cannot go on: {problem}. Press Reset, or change a setting.")
    if problem or not teams.running or teams.place != here:
        playing.set(False)  # what was decided is to be read
    return over[0]


def skip(seconds: float) -> bool:
    """Take turns for some time without drawing; return whether the meeting is over."""
    import time

    teams = pair.peek()
    if teams is None:
        return True
    here, until = teams.place, time.perf_counter() + seconds
    while time.perf_counter() < until:
        if not teams.running or teams.place != here:
            return True
        problem = in_words(lambda: teams.step(look=False, count=False))
        if problem:
            error.set(f"The teams cannot go on: {problem}. Press Reset, or change a setting.")
            return True
    return not teams.running or teams.place != here


def act_out(act: Act) -> None:
    """Do what a lesson says; the film stops for what moves the two teams by other means."""
    if act.do == "many":
        running_replicates.set(True)
        return
    playing.set(act.do == "film")
    if act.do == "turn":
        step()
    elif act.do == "film":
        single.set(False)
    elif act.do == "meeting":
        skipping.set(act.times)
    elif act.do == "project":
        skipping.set(pair.peek().meetings)


def count_now() -> None:
    """Count voice and influence where the curves end, before a picture is drawn."""
    teams = pair.peek()
    if teams is not None:
        for watch in teams.teams.values():
            watch.count_now()
