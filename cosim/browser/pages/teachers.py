"""For teachers: a session plan, what the pictures mean, and what must not be claimed."""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

import markdown

from cosim.browser.lesson import teachers_markdown
from cosim.browser.pages.parts import component, solara


@component
def Teachers() -> None:
    """Show the page for teachers."""
    solara.Title("cosim: for teachers")
    solara.HTML(tag="h1", unsafe_innerHTML="For teachers", classes=["cosim-title"])
    text = markdown.markdown(teachers_markdown(), extensions=["tables"])
    with solara.Column(style="padding: 8px 16px"):
        solara.HTML(tag="article", unsafe_innerHTML=text, classes=["cosim-text"])
