"""The page of a comparison that still runs: its ranking so far, replaced now and then, at little cost."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cosim.execution.atomic_files import write_text
from cosim.formatting.safe_text import visible
from cosim.formatting.words import signed, span
from cosim.outcomes import outcome_title
from cosim.studies.so_far import FEWEST, MOST, SoFar

if TYPE_CHECKING:
    from jinja2 import Template

FILE = "so_far.html"
_EVERY: Final = 5.0
_TIMES_COST: Final = 100.0
"""Writing takes at most one part in so many of the time."""
_COLORS: Final = {"better": "#0072B2", "worse": "#D55E00", "not yet clear": "#6b6b6b"}


class SoFarPage:
    """What a comparison shows so far, as a page in its folder.

    Parameters
    ----------
    folder : Path
    found : SoFar
    title : str
    clock : callable
        Seconds; replaced in tests.
    """

    def __init__(
        self, folder: Path, found: SoFar, title: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.path, self._found, self._title, self._clock = folder / FILE, found, title, clock
        self._told = 0
        self._next = -math.inf

    def renew(self) -> bool:
        """Write the page if there is something new to tell and the last one is old enough; say whether."""
        now, complete = self._clock(), self._found.complete
        if now < self._next or complete < FEWEST or not self._told < complete <= MOST:
            return False
        write_text(self.path, page_text(self._found, self._title))
        cost = self._clock() - now
        self._told, self._next = complete, now + max(_EVERY, _TIMES_COST * cost)
        return True


def remove_page(folder: Path) -> None:
    """Remove the page so far: the study is finished, and its report takes its place."""
    (folder / FILE).unlink(missing_ok=True)


def page_text(found: SoFar, title: str) -> str:
    """Return the page as HTML that needs nothing else."""
    line = found.line()
    when = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    return visible(
        _template().render(
            title=title,
            line=f"{line[:1].upper()}{line[1:]}",
            when=when,
            outcome=outcome_title(found.outcome),
            against=found.title(str(found.design.notes["against"])),
            wanted="higher" if found.better > 0 else "lower",
            rows=_rows(found),
            ends=_ends(found),
        )
    )


def _rows(found: SoFar) -> list[dict[str, Any]]:
    intervals = found.intervals()
    widest = _widest(found)
    rows = []
    for arm in sorted(intervals, key=lambda arm: -found.better * intervals[arm].estimate):
        one = intervals[arm]
        known = math.isfinite(one.low)
        verdict = found.verdict(one)
        low, high = (one.low, one.high) if known else (-widest, widest)
        rows.append(
            {
                "title": found.title(arm),
                "mark": "built in" if found.built_in(arm) else "",
                "low": round(max(-100.0, 100.0 * low / widest), 1),
                "high": round(min(100.0, 100.0 * high / widest), 1),
                "at": round(100.0 * one.estimate / widest, 1),
                "told": f"{signed(one.estimate)} ({span(one.low, one.high)})" if known else "–",
                "verdict": verdict,
                "color": _COLORS[verdict],
            }
        )
    return rows


def _widest(found: SoFar) -> float:
    """Return the difference at the edge of the picture: a little more than the largest so far."""
    return 1.25 * max((abs(one.estimate) for one in found.intervals().values()), default=0.0) or 1.0


def _ends(found: SoFar) -> str:
    widest = _widest(found)
    return f"{signed(-widest)} to {signed(widest)}; the line is no difference"


@lru_cache(maxsize=1)
def _template() -> Template:
    from cosim.reporting.page import template

    return template("so_far.html")
