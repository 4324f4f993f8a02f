"""SolaraViz with the model's dials; imported only when its tab is opened, for Mesa's plots take seconds."""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

from typing import Any

from mesa.visualization import Slider, SolaraViz
from mesa.visualization.utils import update_counter

from cosim.browser.drawing.bars import Bar, bars_svg
from cosim.browser.drawing.table import table_svg
from cosim.browser.pages.parts import component, solara
from cosim.browser.setup import Setup
from cosim.browser.team_run import Watch
from cosim.formatting.titles import ROLE_WORDS
from cosim.model.model import CoproductionModel

DIALS = {
    "rounds": "Everybody speaks in turn",
    "invitation": "Who is quiet is invited",
    "queue": "Hands are called in turn",
    "ground_rules": "Ground rules",
    "plain_language": "Plain language",
    "titles_hidden": "No titles",
}
"""Numbers of the facilitation, from 0 to 1, and what they are called beside Mesa's sliders."""


class DialModel(CoproductionModel):
    """The model with a few dials as plain numbers, as Mesa's sliders want them."""

    def __init__(
        self,
        setup: Setup,
        seed: int = 1,
        rounds: float = 0.0,
        invitation: float = 0.0,
        queue: float = 0.0,
        ground_rules: float = 0.0,
        plain_language: float = 0.0,
        titles_hidden: float = 0.0,
    ) -> None:
        given = (rounds, invitation, queue, ground_rules, plain_language, titles_hidden)
        changes = {f"facilitation.{name}": float(value) for name, value in zip(DIALS, given, strict=True)}
        super().__init__(setup.team("B").replace(changes), int(seed))


def _watch(model: CoproductionModel) -> Watch:
    seen = Watch.__new__(Watch)
    seen.look_at(model)
    return seen


@component
def Table(model: Any) -> None:
    """Draw the table."""
    turn = update_counter.get()
    picture = table_svg(_watch(model).scene(), "The meeting", {"turn": len(model.log), "drawn": turn})
    solara.HTML(tag="div", unsafe_innerHTML=picture, style="width: 100%")


@component
def Shares(model: Any) -> None:
    """Draw voice and influence by role."""
    update_counter.get()
    bars = [Bar(ROLE_WORDS[role], role, *shares) for role, shares in _watch(model).by_role().items()]
    solara.HTML(tag="div", unsafe_innerHTML=bars_svg(bars, "Voice and influence"), style="width: 100%")


@component
def Explore(setup: Setup) -> None:
    """Show SolaraViz on a model of this tab's own, and stop it when the tab leaves."""
    facilitation = setup.team("B").facilitation
    start = {name: float(getattr(facilitation, name)) for name in DIALS}
    model: Any = solara.use_reactive(solara.use_memo(lambda: DialModel(setup, setup.seed, **start), [setup]))

    def stop() -> None:
        model.value.running = False

    solara.use_effect(lambda: stop, [])
    # Every parameter is listed, or Reset would fall back on the class's defaults.
    given = {
        "setup": setup,
        "seed": {
            "type": "SliderInt",
            "value": min(setup.seed, 100),
            "label": "Seed",
            "min": 1,
            "max": 100,
            "step": 1,
        },
        **{name: Slider(f"{DIALS[name]} (0 to 1)", value, 0.0, 1.0, 0.05) for name, value in start.items()},
    }
    SolaraViz(
        model, components=[Table, Shares], model_params=given, name="cosim in Mesa's view", play_interval=200
    )
