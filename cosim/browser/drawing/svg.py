"""SVG as text: elements with escaped content, and a picture that says what it shows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cache
from html import escape

from cosim.formatting.safe_text import visible

PAPER = "var(--cosim-paper, #ffffff)"
"""Background of the page, light or dark."""

CLEARED = {"stroke": PAPER, "stroke_width": 3, "stroke_linejoin": "round", "paint_order": "stroke"}
"""How words are drawn that a line may pass behind."""


Data = Mapping[str, object] | None


def num(value: float) -> str:
    """Return a coordinate with at most one decimal; a number that is none becomes 0."""
    if not math.isfinite(value):
        return "0"
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def attributes(**given: object) -> str:
    """Return attributes as text, each with a space before it; None is left out, ``_`` becomes ``-``.

    A trailing underscore is dropped (``class_``).
    """
    # Some thousand attributes are written a second while the demo plays, so plain ones take the short way.
    parts = []
    for name, value in given.items():
        if value is None:
            continue
        shown = num(value) if type(value) is float else str(value)
        if "&" in shown or "<" in shown or '"' in shown or ">" in shown:
            shown = escape(shown)
        if not shown.isprintable():
            shown = visible(shown)
        parts.append(f' {_attribute_name(name)}="{shown}"')
    return "".join(parts)


@cache
def _attribute_name(name: str) -> str:
    return name.rstrip("_").replace("_", "-")


def element(name: str, *content: str, **given: object) -> str:
    """Return an element whose content is SVG already (escape text with `escaped`)."""
    inner = "".join(content)
    if not inner:
        return f"<{name}{attributes(**given)}/>"
    return f"<{name}{attributes(**given)}>{inner}</{name}>"


def escaped(words: object) -> str:
    """Return text in which nothing can be read as markup, nor is a control character."""
    return escape(visible(str(words)))


def title(words: object) -> str:
    """Return the tooltip of the element that it is put into."""
    return f"<title>{escaped(words)}</title>"


def text(words: object, x: float, y: float, **given: object) -> str:
    """Return a line of text; `anchor` is start, middle or end."""
    anchor = given.pop("anchor", "start")
    given.setdefault("fill", "currentColor")
    return element("text", escaped(words), x=float(x), y=float(y), text_anchor=anchor, **given)


def line(x1: float, y1: float, x2: float, y2: float, **given: object) -> str:
    """Return a straight line."""
    given.setdefault("stroke", "currentColor")
    return element("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), **given)


def rect(x: float, y: float, width: float, height: float, *content: str, **given: object) -> str:
    """Return a rectangle; a negative size is none."""
    return element(
        "rect",
        *content,
        x=float(x),
        y=float(y),
        width=max(float(width), 0.0),
        height=max(float(height), 0.0),
        **given,
    )


def path(points: list[tuple[float, float]]) -> str:
    """Return the points of a polyline or polygon."""
    return " ".join(f"{num(x)},{num(y)}" for x, y in points)


def picture(
    width: float,
    height: float,
    content: str,
    *,
    name: str,
    description: str = "",
    test_id: str | None = None,
    data: Data = None,
) -> str:
    """Return a whole picture that fills the width of where it is put.

    Parameters
    ----------
    width, height : float
        Size of the drawing, in units; text of 13 units is readable on a projector.
    content : str
    name, description : str
        What a screen reader says: what is shown, and its gist.
    test_id : str, optional
    data : mapping, optional
        Numbers to be read back from the page, as ``data-`` attributes.
    """
    shown = {f"data_{key}": value for key, value in (data or {}).items()}
    head = title(name) + (f"<desc>{escaped(description)}</desc>" if description else "")
    return element(
        "svg",
        head,
        content,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {num(width)} {num(height)}",
        role="img",
        aria_label=f"{name}. {description}" if description else name,
        data_testid=test_id,
        style="width:100%;height:auto;display:block",
        font_family="inherit",
        font_size=13,
        **shown,
    )
