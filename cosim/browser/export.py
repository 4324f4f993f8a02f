"""All lessons as one page that needs no server: recordings of the model's projects, and their player."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import markdown
from markupsafe import Markup

from cosim.browser.configs import REPLICATES
from cosim.browser.drawing.spread import Spread, spread_svg
from cosim.browser.lesson import Lesson, answers_markdown, lessons
from cosim.browser.pair import Pair
from cosim.browser.server import WEB
from cosim.browser.setup import TEAMS
from cosim.browser.side_by_side import board_html
from cosim.browser.site.pages import fragment
from cosim.errors import ConfigError
from cosim.execution.atomic_files import write_text
from cosim.formatting.titles import OUTCOME_WORDS
from cosim.simulation.simulation import simulate
from cosim.version import __version__

PAGE: Final = "index.html"
LARGEST: Final = 3_000_000
"""Bytes that the page may have: learning platforms take it, and a phone loads it."""


def export(
    folder: Path,
    wanted: Sequence[Lesson] | None = None,
    *,
    replicates: int = REPLICATES,
    tell: Callable[[str], Any] = lambda _: None,
) -> Path:
    """Write the lessons' page into a folder; return it.

    Parameters
    ----------
    folder : Path
        Made where there is none.
    wanted : sequence of Lesson, optional
        All by default.
    replicates : int
        Projects of each team behind "reveal".
    tell : callable
        Told of each lesson as it is recorded.

    Raises
    ------
    ConfigError
        When the folder holds a page of that name already.
    """
    page = folder / PAGE
    if page.exists():
        raise ConfigError("there is a page already; choose another folder, or delete it", file=page)
    chosen = list(lessons() if wanted is None else wanted)
    recordings = {}
    for lesson in chosen:
        tell(f"recording lesson {lesson.order}: {lesson.title}")
        recordings[lesson.name] = _packed(recorded(lesson, replicates))
    text = fragment(
        "export.html",
        lessons=chosen,
        recordings=recordings,
        count=replicates,
        version=__version__,
        style=Markup(_read("site/static/site.css") + _own_style()),
        script=Markup(_read("site/static/save.js") + _read("site/static/player.js")),
    )
    folder.mkdir(parents=True, exist_ok=True)
    write_text(page, text)
    return page


def recorded(lesson: Lesson, replicates: int = REPLICATES) -> dict[str, Any]:
    """Return a lesson's recording: a picture of both teams a scene, and what many projects show.

    Returns
    -------
    dict
        ``frames``: HTML, the first before the first turn; ``spreads`` and ``answers``: HTML.
    """
    pair = Pair(lesson.setup)
    frames = [board_html(pair, charts=False)]
    while pair.running:
        pair.scene()
        frames.append(board_html(pair, charts=False))
    runs = {team: simulate(lesson.setup.team(team), replicates, lesson.setup.seed).runs for team in TEAMS}
    spreads = []
    for one in lesson.expect:
        words = OUTCOME_WORDS[one.outcome]
        shown = [
            Spread(team, runs[team][one.outcome].tolist(), pair.teams[team].model.outcomes()[one.outcome])
            for team in TEAMS
        ]
        spreads.append(f"<figure>{spread_svg(shown, words, words)}</figure>")
    answers = markdown.markdown(answers_markdown(lesson), extensions=["tables"])
    return {"frames": frames, "spreads": "".join(spreads), "answers": answers}


def _packed(recording: dict[str, Any]) -> str:
    data = json.dumps(recording, separators=(",", ":")).encode()
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def _read(name: str) -> str:
    return (WEB / name).read_text(encoding="utf-8")


def _own_style() -> str:
    """Return the board's part of the demo's style, with the plain pages' way to tell dark from light."""
    rules = [
        line
        for line in _read("assets/custom.css").splitlines()
        if line.startswith((".cosim-", "[data-testid"))
    ]
    light = next(line for line in _read("assets/custom.css").splitlines() if line.startswith(":root"))
    themed = ".v-application.theme--dark"
    dark = next(line for line in _read("assets/custom.css").splitlines() if line.startswith(f"{themed} {{"))
    narrow = "@media (max-width: 700px) { .cosim-board { grid-template-columns: minmax(0, 1fr); } }"
    scheme = f"@media (prefers-color-scheme: dark) {{ {dark.replace(themed, ':root')} }}"
    return "\n".join([light, scheme, *rules, narrow])
