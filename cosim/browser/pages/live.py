"""Pictures that change with every turn, sent past Solara's own rendering.

Solara walks the whole page, controls and all, to find what has changed: several times the cost of a turn.
"""

# ruff: noqa: N802 - components are named like classes

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import traitlets
from ipyvuetify.VuetifyTemplate import VuetifyTemplate

from cosim.browser.pages import state
from cosim.browser.pages.parts import component, solara
from cosim.browser.pages.state import Seen
from cosim.browser.server import WEB

A_SCENE: Final = 2200
"""From one scene of the film to the next, in ms: a meeting takes half a minute."""


class Picture(VuetifyTemplate):
    """HTML in the page; while it plays, the page asks for a turn after every pause.

    Attributes
    ----------
    html : str
    playing : bool
    pause : int
        From one turn to the next, in ms.
    """

    template_file = str(WEB / "live.html")
    html = traitlets.Unicode("").tag(sync=True)
    playing = traitlets.Bool(False).tag(sync=True)
    pause = traitlets.Int(500).tag(sync=True)

    def vue_turn(self, seen: list[str]) -> None:
        """Take the turn that the page asks for, unless somebody has pressed Pause meanwhile.

        Parameters
        ----------
        seen : list of str
            The parts of the picture that are in sight; the others are drawn when the play rests.
        """
        if not state.playing.peek():
            return
        if state.single.peek():
            state.step(seen)
        else:
            state.acting.set(True)


class Address(VuetifyTemplate):
    """Writes what the page shows into the browser's address.

    Attributes
    ----------
    query : str
    """

    template_file = str(WEB / "address.html")
    query = traitlets.Unicode("").tag(sync=True)


class Opener(VuetifyTemplate):
    """A field to choose a file with, or to drop one on; `on_file` is told its name and text."""

    template_file = str(WEB / "opener.html")
    on_file = traitlets.Any(None, allow_none=True)

    def vue_opened(self, file: dict[str, Any]) -> None:
        """Hand over what was chosen; the text is None when the file is too large."""
        text = file.get("text")
        self.on_file(str(file.get("name", "")), text if isinstance(text, str) else None)


@component
def Live(make: Callable[[Seen], str], plays: bool = False) -> None:
    """Show what `make` returns, again after every turn and whenever this is rendered.

    Parameters
    ----------
    make : callable
        Returns HTML from the parts that are in sight (None: all); it is called outside of rendering.
    plays : bool
        Whether this picture asks for the next turn while the teams play.
    """
    pause = state.interval.value if state.single.value else A_SCENE
    shown = {"playing": state.playing.value, "pause": pause} if plays else {}
    element = Picture.element(**shown)
    draw: Any = solara.use_ref(None)

    def refresh() -> None:
        picture = solara.get_widget(element)

        def now(seen: Seen) -> None:
            picture.html = make(seen)

        draw.current = now
        now(None)

    def follow() -> Callable[[], None]:
        def paint(seen: Seen) -> None:
            draw.current(seen)

        painters = state.painters()
        painters.append(paint)
        return lambda: painters.remove(paint)

    solara.use_effect(refresh)
    solara.use_effect(follow, [])
