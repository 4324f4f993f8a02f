"""A Sphinx extension that puts the recorded lessons into the site: the page of ``cosim demo --export``.

Recording plays the projects of every lesson turn by turn, about a minute of processor time; so it is done
when it is asked for only: ``python -m sphinx -t recorded ...``.
"""

from __future__ import annotations

import logging
from pathlib import Path

from sphinx.application import Sphinx

from cosim.browser.export import PAGE, export
from cosim.browser.lesson import lessons

PLACE = "recorded"
"""The page's folder, beside the pages for teachers."""
LINKED = ("teaching/README", "teaching/lessons")
LINK = (
    f'<p><a href="{PLACE}/{PAGE}">The lessons, recorded</a>: both teams of every lesson as a film, in one '
    "page that needs no server. Save it, and it works from a memory stick or in a learning platform.</p>"
)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the page's making with Sphinx."""
    app.add_config_value("recorded_lessons", None, "html", (list, tuple, type(None)))
    if app.tags.has("recorded"):
        app.connect("source-read", _link)
        app.connect("build-finished", _record)
    return {"parallel_read_safe": True}


def _link(_: Sphinx, page: str, source: list[str]) -> None:
    if page in LINKED:
        heading, _end, rest = source[0].partition("\n")
        source[0] = f"{heading}\n\n{LINK}\n{rest}"


def _record(app: Sphinx, exception: Exception | None) -> None:
    if exception is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "teaching" / PLACE
    (folder / PAGE).unlink(missing_ok=True)
    logging.getLogger("MESA").setLevel(logging.WARNING)  # else it says each of some 80,000 turns
    named = app.config.recorded_lessons
    export(folder, None if named is None else [one for one in lessons() if one.name in named])
