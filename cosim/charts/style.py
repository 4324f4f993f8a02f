"""How every figure looks: colour-blind-safe, quiet, stamped with the run it shows."""

from __future__ import annotations

import textwrap
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import findfont, get_font
from matplotlib.text import Text

# Okabe and Ito's palette for all kinds of colour vision, https://jfly.uni-koeln.de/color/
BLUE, VERMILION, ORANGE, GREEN = "#0072B2", "#D55E00", "#E69F00", "#009E73"
SKY, PURPLE, YELLOW, BLACK = "#56B4E9", "#CC79A7", "#F0E442", "#000000"
INK, GREY, FAINT = "#222222", "#6B6B6B", "#D9D9D9"

_SETTINGS: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.labelsize": 8.5,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "xtick.color": GREY,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 8.0,
    "xtick.major.width": 0.7,
    "ytick.color": GREY,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 8.5,
    "ytick.major.width": 0.7,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a name is no formula
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "savefig.dpi": 200,
    # Text stays text: it can be searched, read aloud, and edited for a paper.
    "svg.fonttype": "none",
    "svg.hashsalt": "cosim",
    "pdf.fonttype": 42,
    "path.simplify": True,
}


@dataclass(frozen=True)
class Layout:
    """For which page a figure is drawn.

    Attributes
    ----------
    width : float
        Inches.
    stacked : bool
        Whether panels stand one above the other (on a phone) instead of side by side.
    rows : int
        Most rows that a figure with a row per way of working shows.
    """

    width: float
    stacked: bool
    rows: int


PAGE = Layout(width=7.6, stacked=False, rows=64)
PHONE = Layout(width=3.9, stacked=True, rows=14)

Draw = Callable[[Layout], Figure]


@contextmanager
def house_style() -> Iterator[None]:
    """Apply the settings that all figures share, for as long as one is drawn or written."""
    with mpl.rc_context(cast("Any", _SETTINGS)), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .*missing from")  # see `is_drawn`
        yield


def is_drawn(text: str) -> bool:
    """Say whether the figures' font has every letter of a text."""
    held = get_font(findfont(_SETTINGS["font.family"])).get_charmap()
    return all(letter == "\n" or ord(letter) in held for letter in text)


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines of at most `width` inches at a font size in points; line breaks are kept."""
    characters = max(8, int(width * 72 / (0.54 * size)))
    return [line for part in text.split("\n") for line in textwrap.wrap(part, characters) or [""]]


def label_lines(text: str, width: float, size: float, most: int = 2) -> str:
    """Return a label in at most so many lines, cut with an ellipsis when it is longer."""
    lines = wrapped(text, width, size)
    if len(lines) > most:
        last = lines[most - 1]
        room = max(len(line) for line in lines)
        lines = [*lines[: most - 1], (last if len(last) < room else last[:-1]).rstrip(" ,") + "…"]
    return "\n".join(lines)


_LACKING = "Boxes in a PNG or PDF are letters that its font lacks"


def put_stamp(figure: Figure, note: str, stamp: str, left: float = 0.08, bottom: float = 0.06) -> None:
    """Write what the marks mean, and which run is shown, along the lower edge.

    Parameters
    ----------
    figure : Figure
    note : str
        n, and what intervals mean.
    stamp : str
        Run id, scenario and version.
    left, bottom : float
        Inches from the corner.
    """
    width, height = figure.get_size_inches()
    if not all(is_drawn(text) for text in texts_of(figure)):
        stamp = f"{_LACKING} · {stamp}"
    lines = wrapped(note, width - 2 * left, 7.5)
    text = "\n".join(lines)
    stamp_lines = "\n".join(wrapped(stamp, width - 2 * left, 6.5))
    figure.text(left / width, bottom / height, stamp_lines, fontsize=6.5, color=GREY, va="bottom", ha="left")
    above = bottom + 0.13 * len(stamp_lines.splitlines()) + 0.03
    figure.text(left / width, above / height, text, fontsize=7.5, color=INK, va="bottom", ha="left")


def foot_height(width: float, note: str, stamp: str, left: float = 0.08) -> float:
    """Return how many inches `put_stamp` needs."""
    notes = len(wrapped(note, width - 2 * left, 7.5))
    stamps = len(wrapped(stamp, width - 2 * left, 6.5))
    return 0.12 + 0.13 * stamps + 0.145 * notes


def texts_of(figure: Figure) -> list[str]:
    """Return every text in a figure, for tests."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]
