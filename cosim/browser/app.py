"""The demo as Solara finds it: its pages and what surrounds them."""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

from importlib import import_module
from typing import Any

from cosim.browser.pages.parts import component, solara

TABS = ("Compare", "Lessons", "For teachers", "Mesa view")
OUTSIDE = {"/": ("Start", "cosim"), "/plan": ("Plan your team", "Plan"), "/class": ("Class", "Class")}
"""Plain pages, which have another server than Solara's (`cosim.browser.site`), and what a phone shows."""


# The pages are imported when they are first shown: the model's libraries take seconds.


@component
def Compare() -> None:
    """Show the two teams."""
    import_module("cosim.browser.pages.compare").Compare()


@component
def Lessons() -> None:
    """Show the lessons."""
    import_module("cosim.browser.pages.lessons").Lessons()


@component
def Teachers() -> None:
    """Show the page for teachers."""
    import_module("cosim.browser.pages.teachers").Teachers()


@component
def MesaView() -> None:
    """Show Mesa's own view."""
    import_module("cosim.browser.pages.mesa_view").MesaView()


@component
def Layout(children: list[Any] = []) -> None:  # noqa: B006 - Solara passes a new list and reads the default
    """Show the bar with the tabs, and the page below it."""
    route, routes = solara.use_route()
    router = solara.use_router()
    place = routes.index(route) if route in routes else 0

    def go(tab: int) -> None:
        router.push("/" + (routes[tab].path if routes[tab].path != "/" else ""))

    with solara.AppLayout(title="cosim", navigation=True, children=children), solara.AppBar():
        with solara.lab.Tabs(value=place, on_value=go, align="center"):
            for name in TABS:
                solara.lab.Tab(name)
        for path, (name, brief) in OUTSIDE.items():
            words = f'<span class="cosim-roomy">{name}</span><span class="cosim-brief">{brief}</span>'
            solara.HTML(tag="a", unsafe_innerHTML=words, classes=["cosim-out"], attributes={"href": path})
        if TABS[place] != "Mesa view":  # which brings one of its own
            solara.lab.ThemeToggle()


routes = [
    solara.Route("/", component=Compare, layout=Layout),
    solara.Route("lessons", component=Lessons),
    solara.Route("teachers", component=Teachers),
    solara.Route("mesa", component=MesaView),
]
