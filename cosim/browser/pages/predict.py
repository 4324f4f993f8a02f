"""Predict first, then look: in the project watched, and over many."""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

from typing import Any

from solara.lifecycle import kernel_closed_event

from cosim.browser.configs import REPLICATES
from cosim.browser.drawing.spread import Spread, spread_svg
from cosim.browser.pages import state
from cosim.browser.pages.live import Live
from cosim.browser.pages.parts import component, solara
from cosim.browser.predictions import OUTCOME_CHOICES, QUESTIONS, verdicts
from cosim.browser.replicates import ENGINE, Progress, Replicates
from cosim.formatting.titles import OUTCOME_WORDS
from cosim.outcomes import OUTCOMES


@component
def Questions() -> None:
    """Ask for the class's prediction; with the first turn it is locked."""
    given = state.predictions.value
    locked = state.begun.value or state.replicates.value is not None
    with solara.Div(classes=["cosim-questions"]):
        for question in QUESTIONS:
            Question(question, given.get(question.name), locked)


@component
def Question(question: Any, given: str | None, locked: bool) -> None:
    """Show one question with its answers as buttons."""

    def answer(value: str) -> None:
        state.predictions.set({**state.predictions.value, question.name: value})

    with solara.Div(classes=["cosim-question"], attributes={"role": "group", "aria-label": question.text}):
        solara.Text(question.text)
        with solara.Row(gap="4px", classes=["cosim-answers"]):
            for one in question.answers:
                solara.Button(
                    one,
                    on_click=lambda one=one: answer(one),
                    color="primary" if one == given else None,
                    outlined=one != given,
                    disabled=locked,
                    small=True,
                    attributes={"aria-pressed": "true" if one == given else "false"},
                )


@component
def PredictFirst() -> None:
    """Show the questions outside of a lesson, until the teams have begun."""
    if state.lesson.value or state.begun.value:
        return
    with solara.Div(classes=["cosim-lesson"], attributes={"data-testid": "predict"}):
        solara.HTML(tag="h2", unsafe_innerHTML="Predict first", classes=["cosim-heading"])
        Questions()


@component
def Predict() -> None:
    """Hold the class's prediction against what came, in the project watched and in many."""
    if state.predictions.value:
        with solara.Card("As predicted?", margin=0):
            Verdicts()
    Many()


@component
def Verdicts() -> None:
    """Hold the prediction against the project watched and against the replicates."""
    given, many = state.predictions.value, state.replicates.value

    def judge(_: state.Seen) -> str:
        teams = state.pair.peek()
        if not given or teams is None or teams.steps == 0:
            return "<p>Take a turn, or run 200 projects.</p>"
        return verdicts(given, teams, many)

    Live(judge)


@component
def Many() -> None:
    """Run 200 projects of each team and show how an outcome is spread."""
    outcome = solara.use_reactive("influence_gini")
    setup = state.setup.value

    def run() -> Replicates | None:
        if not state.running_replicates.value:
            return None
        closed = kernel_closed_event()
        found: list[Replicates | None] = [None]

        def work() -> None:
            found[0] = ENGINE.run(
                setup,
                tab=solara.get_kernel_id(),
                wanted=lambda: not closed.is_set(),
                tell=state.progress.set,
            )

        problem = state.in_words(work)
        if not closed.is_set():
            if problem:
                state.error.set(f"The replicates could not be run: {problem}")
            elif found[0] is not None:
                state.replicates.set(found[0])
            state.progress.set(None)
            state.running_replicates.set(False)
        return found[0]

    solara.lab.use_task(run, dependencies=[state.running_replicates.value], prefer_threaded=True)
    with solara.Card("One project is an anecdote: 200 of each team", margin=0):
        RunMany()
        if state.running_replicates.value:
            Waiting()
            if not ENGINE.ready:
                solara.Info(
                    "Preparing the fast engine. The first time on a machine this takes about a minute; "
                    "go on stepping meanwhile."
                )
        found = state.replicates.value
        if found is not None:
            if found.count < REPLICATES:
                told = (
                    f"A team of this size takes long: these are {found.count} projects of each team instead "
                    f"of {REPLICATES}. The command “cosim run” runs them all."
                )
                solara.Warning(told, dense=True)
            if found.setup != setup:
                solara.Warning("These projects were run with other settings.", dense=True)
            names = {OUTCOME_WORDS[name]: name for name in OUTCOME_CHOICES}
            solara.Select(
                "Outcome",
                value=OUTCOME_WORDS[outcome.value],
                values=list(names),
                on_value=lambda words: outcome.set(names[words]),
            )
            Spreads(found, outcome.value)


@component
def RunMany(small: bool = False) -> None:
    """Show the button that runs many projects."""
    solara.Button(
        f"Run {REPLICATES} projects of each team",
        on_click=lambda: state.running_replicates.set(True),
        disabled=state.running_replicates.value,
        color="primary",
        small=small,
    )


@component
def Waiting() -> None:
    """Show how far the projects are, and who else is waiting."""
    now: Progress | None = state.progress.value
    solara.ProgressLinear(True if now is None else 100.0 * now.done / now.wanted)
    if now is not None and now.done < now.wanted:
        told = f"{now.done} of {now.wanted} projects of each team."
        if now.tabs > 1:
            told += f" {now.tabs} tabs take turns."
        solara.Text(told, style="font-size: 15px")


@component
def Spreads(found: Replicates, outcome: str) -> None:
    """Draw one outcome of the replicates."""
    ended = state.ended.value
    record = next(one for one in OUTCOMES if one.name == outcome)
    teams: Any = state.pair.value
    watched: dict[str, float] = {}
    if teams is not None and teams.setup == found.setup:
        watched = {team: teams.teams[team].model.outcomes()[outcome] for team in ended}
    spreads = [Spread(team, found.runs[team][outcome], watched.get(team)) for team in ("A", "B")]
    told = f"{record.sentence} In this model, under these assumptions: {found.size(outcome).words}."
    if outcome.startswith("influence") and max(found.runs["A"]["override_rate"]) > 0.0:
        told += " Where there are two humps, they are the projects with and without an override by the lead."
    told += f" Bar: nine tenths of {found.count} projects; triangle: the project watched."
    solara.Text(told, style="font-size: 15px")
    picture = spread_svg(spreads, OUTCOME_WORDS[outcome], OUTCOME_WORDS[outcome])
    solara.HTML(tag="div", unsafe_innerHTML=picture, style="max-width: 760px")
