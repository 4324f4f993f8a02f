"""Shapes and colours: each role has both, so that nobody depends on colour alone.

Colours: Okabe and Ito 2008 (https://jfly.uni-koeln.de/color/), told apart with any kind of colour vision.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

from cosim.browser.drawing.svg import element, path
from cosim.scenario.vocabulary import Role

Shape = Literal["square", "circle", "triangle", "diamond"]


@dataclass(frozen=True, slots=True)
class Look:
    """How a role is drawn."""

    shape: Shape
    colour: str


LOOKS: Final[dict[Role, Look]] = {
    "researcher": Look("square", "#0072B2"),
    "provider": Look("circle", "#009E73"),
    "policymaker": Look("triangle", "#E69F00"),
    "patient": Look("diamond", "#D55E00"),
}

TEAM_COLOURS: Final = {"A": "var(--cosim-a, #3d5573)", "B": "var(--cosim-b, #7b3fa8)"}
"""Colour of a team's lines; its name always stands beside them."""

ACCENT: Final = "#56B4E9"


def glyph(shape: Shape, x: float, y: float, radius: float, *content: str, **given: object) -> str:
    """Return a shape with the area of a circle of `radius`, so that areas can be compared between roles."""
    if shape == "circle":
        return element("circle", *content, cx=float(x), cy=float(y), r=float(radius), **given)
    if shape == "square":
        half = radius * math.sqrt(math.pi) / 2.0
        points = [(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)]
    elif shape == "diamond":
        reach = radius * math.sqrt(math.pi / 2.0)
        points = [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
    else:  # an upright triangle around its centre of gravity
        side = radius * math.sqrt(4.0 * math.pi / math.sqrt(3.0))
        tall = side * math.sqrt(3.0) / 2.0
        points = [(x, y - tall * 2 / 3), (x + side / 2, y + tall / 3), (x - side / 2, y + tall / 3)]
    return element("polygon", *content, points=path(points), **given)


def reach(shape: Shape, radius: float) -> tuple[float, float]:
    """Return how far a shape goes above and below its place."""
    if shape == "square":
        return (radius * math.sqrt(math.pi) / 2.0,) * 2
    if shape == "diamond":
        return (radius * math.sqrt(math.pi / 2.0),) * 2
    if shape == "triangle":
        tall = radius * math.sqrt(4.0 * math.pi / math.sqrt(3.0)) * math.sqrt(3.0) / 2.0
        return tall * 2.0 / 3.0, tall / 3.0
    return radius, radius
