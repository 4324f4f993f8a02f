"""Voice and influence as bars against an equal share, by role or by person."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cosim.browser.drawing.palette import LOOKS, glyph
from cosim.browser.drawing.svg import Data, element, line, picture, rect, text, title
from cosim.scenario.vocabulary import Role

At = Callable[[float], float]
WIDTH = 470.0
_LEFT, _RIGHT, _TOP = 178.0, 44.0, 24.0
LONG = 23
"""Letters of a name that there is room for; longer ones are smaller."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row: what it is called, its role, and its voice and influence in equal shares (1: equal)."""

    name: str
    role: Role
    voice: float
    influence: float


def scale_of(*charts: Sequence[Bar]) -> float:
    """Return the end of an axis that fits several charts: at least 2 equal shares, a multiple of one half."""
    most = max((max(bar.voice, bar.influence) for bars in charts for bar in bars), default=0.0)
    return max(2.0, math.ceil(most * 2.0) / 2.0)


def bars_svg(bars: Sequence[Bar], name: str, top: float = 2.0, data: Data = None) -> str:
    """Return a chart with two bars a row: voice (outlined) and influence (filled).

    Parameters
    ----------
    bars : sequence of Bar
    name : str
    top : float
        End of the axis, in equal shares (`scale_of`), so that two charts can be compared.
    data : mapping, optional
        Numbers to be read back from the page.
    """
    row = 36.0 if len(bars) <= 5 else 25.0
    height = _TOP + row * len(bars) + 36.0
    bottom = height - 34.0

    def at(value: float) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * min(value, top) / top

    parts = [_axis(top, at, bottom)]
    for number, bar in enumerate(bars):
        parts.append(_row(bar, _TOP + row * number, row, at))
    parts.append(line(at(1.0), _TOP - 6.0, at(1.0), bottom, stroke_width=2, stroke_dasharray="6 4"))
    parts.append(text("equal share", at(1.0), _TOP - 10.0, anchor="middle", font_size=13))
    unit = "times an equal share (outlined: voice, filled: influence)"
    parts.append(text(unit, WIDTH - 4.0, height - 4.0, anchor="end", font_size=12.5, fill_opacity=0.85))
    told = "; ".join(f"{b.name}: voice {b.voice:.2f}, influence {b.influence:.2f}" for b in bars)
    return picture(
        WIDTH,
        height,
        "".join(parts),
        name=name,
        description=told,
        test_id="bars",
        data=data,
    )


def _axis(top: float, at: At, bottom: float) -> str:
    step = 0.5 if top <= 3.0 else math.ceil(top / 5.0)
    marks = []
    value = 0.0
    while value <= top + 1e-9:
        x = at(value)
        marks.append(line(x, _TOP - 4.0, x, bottom, stroke_opacity=0.15))
        marks.append(text(f"{value:g}×", x, bottom + 16.0, anchor="middle", font_size=12, fill_opacity=0.8))
        value += step
    return element("g", *marks)


def _row(bar: Bar, y: float, row: float, at: At) -> str:
    look = LOOKS[bar.role]
    thick = row * 0.36
    middle = y + row / 2.0
    told = (
        f"{bar.name}: voice {bar.voice:.2f} and influence {bar.influence:.2f} times an equal share "
        "(1 is what everyone has if all are equal)"
    )
    return element(
        "g",
        title(told),
        glyph(look.shape, 12.0, middle, 6.0, fill=look.colour),
        text(bar.name, 24.0, middle + 4.5, font_size=min(13.0, 13.0 * LONG / len(bar.name or " "))),
        rect(
            _LEFT,
            middle - thick - 0.5,
            at(bar.voice) - _LEFT,
            thick,
            fill="none",
            stroke="currentColor",
            stroke_width=2,
        ),
        rect(_LEFT, middle + 1.5, at(bar.influence) - _LEFT, thick, fill=look.colour),
        text(f"{bar.voice:.2f}", WIDTH - 4.0, middle - 1.5, anchor="end", font_size=12),
        text(
            f"{bar.influence:.2f}",
            WIDTH - 4.0,
            middle + 11.0,
            anchor="end",
            font_size=12,
            font_weight=700,
        ),
        data_bar=bar.name,
        data_voice=f"{bar.voice:.6f}",
        data_influence=f"{bar.influence:.6f}",
    )
