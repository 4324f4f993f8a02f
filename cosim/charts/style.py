"""How every figure looks: colour-blind-safe, quiet, stamped with the run it shows."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

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
    "text.hinting": "no_hinting",  # letters are as wide at every resolution
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
    return all(letter == "\n" or ord(letter) in _letters() for letter in text)


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    return frozenset(get_font(findfont(_SETTINGS["font.family"])).get_charmap())


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how many inches a line of text is long at a font size in points."""
    return _width(text, bold) * size / 72


@lru_cache(maxsize=20_000)
def _width(text: str, bold: bool) -> float:
    font = FontProperties(family=_SETTINGS["font.family"], size=1.0, weight="bold" if bold else "normal")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .*missing from")
        return float(text_to_path.get_text_width_height_descent(text, font, False)[0])


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines of at most `width` inches at a font size in points; line breaks are kept.

    A word that is longer than a line is broken where the line ends.
    """
    lines = []
    for part in text.split("\n"):
        line = ""
        for word in part.split():
            longer = f"{line} {word}".lstrip()
            if text_width(longer, size, bold=bold) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            line = word
            while (held := _held(line, width, size, bold)) < len(line):
                lines.append(line[:held])
                line = line[held:]
        lines.append(line)
    return lines


def _held(word: str, width: float, size: float, bold: bool) -> int:
    """Return how many letters of a word a line holds, one at least."""
    held = len(word)
    while held > 1 and text_width(word[:held], size, bold=bold) > width:
        held -= 1
    return held


def cut(text: str, width: float, size: float) -> str:
    """Return a line cut with an ellipsis where it is longer than `width` inches."""
    if text_width(text, size) <= width:
        return text
    kept = text
    while kept and text_width(f"{kept}…", size) > width:
        kept = kept[:-1]
    return f"{kept.rstrip(' ,')}…"


def texts_of(figure: Figure) -> list[str]:
    """Return every text in a figure, for tests."""
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]
