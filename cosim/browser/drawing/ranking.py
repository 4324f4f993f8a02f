"""A way of working's difference with its interval, one row of a ranking; all rows share a scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cosim.browser.drawing.svg import element, line, picture

WIDTH, HEIGHT = 260.0, 26.0


def scale_of(rows: Sequence[Mapping[str, Any]]) -> float:
    """Return the largest distance from 0 that any row's interval or mean has."""
    ends = [row[one] for row in rows for one in ("difference", "low", "high") if row[one] is not None]
    return max((abs(end) for end in ends), default=1.0) or 1.0


def row_svg(row: Mapping[str, Any], scale: float) -> str:
    """Return the picture of a row: a dot at the difference, a line over its interval, a mark at 0.

    Parameters
    ----------
    row : mapping
        ``title``, ``difference``, ``low``, ``high`` (None: no interval), ``status``.
    scale : float
        Distance from 0 at the edges.
    """

    def at(value: float) -> float:
        return WIDTH / 2.0 + value / scale * (WIDTH / 2.0 - 9.0)

    middle = HEIGHT / 2.0
    low, high = row["low"], row["high"]
    hollow = row["status"] != "emergent"
    clear = high is not None and (high < 0.0 or low > 0.0)
    parts = [line(at(0.0), 0.0, at(0.0), HEIGHT, stroke_opacity=0.4)]
    told = f"difference {row['difference']:+.3f}"
    if low is not None:
        parts.append(line(at(low), middle, at(high), middle, stroke_width=2.5))
        told += f", interval {low:+.3f} to {high:+.3f}"
    parts.append(
        element(
            "circle",
            cx=at(row["difference"]),
            cy=middle,
            r=6.0,
            fill="var(--paper)" if hollow else "currentColor",
            stroke="currentColor",
            stroke_width=2.5,
            data_clear="yes" if clear else None,
        )
    )
    return picture(WIDTH, HEIGHT, "".join(parts), name=str(row["title"]), description=told)
