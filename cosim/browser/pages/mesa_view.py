"""Mesa's own browser view of the same model, for those who know Mesa."""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

from typing import Any

from cosim.browser.pages import state
from cosim.browser.pages.parts import component, solara


@component
def MesaView() -> None:
    """Show SolaraViz on team B's scenario, in this tab's own model."""
    from cosim.browser.pages.solara_viz import Explore

    setup = state.setup.value
    solara.Title("cosim in Mesa's view")
    solara.HTML(tag="h1", unsafe_innerHTML="The model in Mesa's own view", classes=["cosim-title"])
    shown: Any = solara.use_reactive(setup)
    solara.use_effect(lambda: shown.set(setup), [setup])
    # One render without it, so that Mesa's view starts again with another scenario.
    if shown.value == setup:
        with solara.Div(classes=["cosim-mesa"]):
            Explore(setup).key(f"{setup.scenario}-{setup.seed}")
