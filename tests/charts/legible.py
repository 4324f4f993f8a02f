"""Whether a figure can be read: no text leaves the canvas, none covers another."""

from __future__ import annotations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from cosim.charts.style import house_style

SLACK = 1.5  # points; the boxes of letters have a little white round them


def faults(figure: Figure) -> list[str]:
    """Name every text that is cut at the edge of the figure, and every two that cover each other."""
    with house_style():
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        renderer = canvas.get_renderer()
        beyond = _beyond(figure)
        shown = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
        drawn = [
            (text.get_text(), Text.get_window_extent(text, renderer)) for text in shown if text not in beyond
        ]
    slack = SLACK * figure.dpi / 72
    whole = figure.bbox
    found = [
        f"cut: {text!r}"
        for text, box in drawn
        if box.x0 < -slack or box.y0 < -slack or box.x1 > whole.x1 + slack or box.y1 > whole.y1 + slack
    ]
    for n, (text, box) in enumerate(drawn):
        for other, place in drawn[n + 1 :]:
            across = min(box.x1, place.x1) - max(box.x0, place.x0)
            along = min(box.y1, place.y1) - max(box.y0, place.y0)
            if across > slack and along > slack:
                found.append(f"{text!r} and {other!r} cover each other")
    return found


def _beyond(figure: Figure) -> set[Text]:
    """Return numbers of axes that lie beyond the ends: they are made but not drawn."""
    found = set()
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not low <= tick.get_loc() <= high:
                    found |= {tick.label1, tick.label2}
    return found
