"""Inequality of voice and of influence over time, both teams in one chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cosim.browser.drawing.palette import TEAM_COLOURS
from cosim.browser.drawing.svg import Data, element, line, path, picture, text, title

At = Callable[[float, float], tuple[float, float]]
WIDTH, HEIGHT = 470.0, 220.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 40.0, 92.0, 16.0, 184.0
POINTS = 90
"""Points that a curve is drawn with, however long it is."""
QUIET = 10
"""Turns at the start that are left out: after one turn, one person has all the voice."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One curve.

    Attributes
    ----------
    team : str
        A or B.
    what : str
        voice or influence.
    values : sequence of float
        Gini after each turn.
    counted : sequence of int, optional
        The turns after which it was counted, in order; the curve is drawn through these. By default all.
    """

    team: str
    what: str
    values: Sequence[float]
    counted: Sequence[int] | None = None


def lines_svg(curves: Sequence[Curve], name: str, meetings: Sequence[int] = (), data: Data = None) -> str:
    """Return a chart of Gini coefficients over turns.

    Parameters
    ----------
    curves : sequence of Curve
        Voice is drawn dashed, influence solid; a team has one colour.
    name : str
    meetings : sequence of int
        Turns at which a meeting began.
    data : mapping, optional
        Numbers to be read back from the page.
    """
    turns = max((len(curve.values) for curve in curves), default=0)
    shown = [v for curve in curves for v in _thinned(curve)[1]]
    top = _nice(max(shown, default=0.0))
    last = max(turns, 20)

    def at(turn: float, value: float) -> tuple[float, float]:
        x = _LEFT + (WIDTH - _LEFT - _RIGHT) * turn / last
        return x, _BOTTOM - (_BOTTOM - _TOP) * min(value, top) / top

    parts = [_axes(top, last, meetings, at)]
    ends = []
    for curve in curves:
        steps, values = _thinned(curve)
        if len(values) > 1:
            parts.append(_curve(curve, [at(t, v) for t, v in zip(steps, values, strict=True)]))
            ends.append((at(steps[-1], values[-1]), curve))
    parts.append(_end_labels(ends))
    if not ends:
        middle = (_LEFT + WIDTH - _RIGHT) / 2.0
        parts.append(text("appears after ten turns", middle, 100.0, anchor="middle", fill_opacity=0.7))
    told = "; ".join(f"team {c.team} {c.what} {c.values[-1]:.2f}" for c in curves if len(c.values))
    return picture(WIDTH, HEIGHT, "".join(parts), name=name, description=told, test_id="lines", data=data)


def _thinned(curve: Curve) -> tuple[list[int], list[float]]:
    """Return at most `POINTS` turns and values, the last among them, without the quiet start."""
    counted = range(len(curve.values)) if curve.counted is None else curve.counted
    turns = [turn for turn in counted if turn >= QUIET]
    if len(turns) > POINTS:
        stride = -(-len(turns) // POINTS)
        turns = [*turns[::stride], turns[-1]]
    return turns, [float(curve.values[turn]) for turn in turns]


def _nice(most: float) -> float:
    for top in (0.1, 0.2, 0.4, 0.6, 0.8):
        if most <= top:
            return top
    return 1.0


def _axes(top: float, last: int, meetings: Sequence[int], at: At) -> str:
    parts = []
    for part in range(5):
        value = top * part / 4.0
        (left, y), (right, _) = at(0, value), at(last, value)
        parts.append(line(left, y, right, y, stroke_opacity=0.18))
        parts.append(text(f"{value:.2f}", left - 5.0, y + 4.5, anchor="end", font_size=12, fill_opacity=0.8))
    for number, turn in enumerate(meetings):
        if 0 < turn < last:
            x, _ = at(turn, 0.0)
            parts.append(
                element(
                    "g",
                    title(f"Meeting {number + 1} begins"),
                    line(x, _TOP, x, _BOTTOM, stroke_opacity=0.35, stroke_dasharray="3 4"),
                )
            )
    middle = (_LEFT + WIDTH - _RIGHT) / 2.0
    parts.append(text(f"turns (0 to {last})", middle, _BOTTOM + 30.0, anchor="middle", font_size=13))
    x, _ = at(0, 0)
    parts.append(text("0", x, _BOTTOM + 15.0, anchor="middle", font_size=12, fill_opacity=0.8))
    x, _ = at(last, 0)
    parts.append(text(last, x, _BOTTOM + 15.0, anchor="middle", font_size=12, fill_opacity=0.8))
    return element("g", *parts)


def _curve(curve: Curve, points: list[tuple[float, float]]) -> str:
    return element(
        "polyline",
        title(f"Team {curve.team}, {curve.what}: Gini {curve.values[-1]:.2f} now"),
        points=path(points),
        fill="none",
        stroke=TEAM_COLOURS[curve.team],
        stroke_width=3 if curve.what == "influence" else 2,
        stroke_dasharray="7 4" if curve.what == "voice" else None,
        stroke_linejoin="round",
        data_curve=f"{curve.team}-{curve.what}",
        data_last=f"{curve.values[-1]:.6f}",
    )


def _end_labels(ends: list[tuple[tuple[float, float], Curve]]) -> str:
    """Return the curves' names at their right ends, moved apart so that none covers another."""
    gap = 15.0
    placed: list[tuple[float, str, str]] = []
    low = _TOP + 2.0
    for (_, y), curve in sorted(ends, key=lambda end: end[0][1]):
        low = max(y, low)
        placed.append((low, curve.team, curve.what))
        low += gap
    over = max((placed[-1][0] if placed else 0.0) - (_BOTTOM - 3.0), 0.0)
    x = WIDTH - _RIGHT + 6.0
    return (
        element(
            "g",
            *(
                element(
                    "g",
                    element(
                        "rect",
                        x=x,
                        y=y - over - 4.0,
                        width=8.0,
                        height=8.0,
                        fill=TEAM_COLOURS[team],
                    ),
                    text(f"{team} {what}", x + 12.0, y - over + 4.5, font_size=13),
                )
                for y, team, what in placed
            ),
        )
        if placed
        else ""
    )
