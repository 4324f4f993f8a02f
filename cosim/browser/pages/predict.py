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
from cosim.outcomes import OUTCOMES


@component
def Predict() -> None:
    """Ask for the class's prediction, and hold it against what came."""
    with solara.Card("Predict first", margin=0):
        given = state.predictions.value
        for question in QUESTIONS:
            solara.Select(
                question.text,
                value=given.get(question.name),
                values=list(question.answers),
                on_value=lambda answer, name=question.name: state.predictions.set(
                    {**state.predictions.value, name: answer}
                ),
            )
        Verdicts()
    Many()


@component
def Verdicts() -> None:
    """Hold the prediction against the project watched and against the replicates."""
    given, many = state.predictions.value, state.replicates.value

    def judge(_: state.Seen) -> str:
        teams = state.pair.peek()
        if not given:
            return "<p>Choose the class's answers, then run.</p>"
        if teams is None or teams.steps == 0:
            return ""
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
        solara.Button(
            "Run 200 projects of each team",
            on_click=lambda: state.running_replicates.set(True),
            disabled=state.running_replicates.value,
            color="primary",
        )
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
                    f"of {REPLICATES}. `cosim run` runs them all."
                )
                solara.Warning(told, dense=True)
            if found.setup != setup:
                solara.Warning("These projects were run with other settings.", dense=True)
            solara.Select("Outcome", value=outcome, values=list(OUTCOME_CHOICES))
            Spreads(found, outcome.value)


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
    lower = found.share_lower(outcome)
    count = len(found.runs["A"][outcome])
    told = (
        f"{record.sentence} In this model, under these assumptions, team B is below team A in {lower:.0%} "
        f"of {count} projects with the same random numbers. Bar: nine tenths; triangle: the project watched."
    )
    solara.Text(told, style="font-size: 15px")
    picture = spread_svg(spreads, outcome.replace("_", " "), f"{outcome.replace('_', ' ')} ({record.unit})")
    solara.HTML(tag="div", unsafe_innerHTML=picture, style="max-width: 760px")
