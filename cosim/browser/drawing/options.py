"""Where the options stand, and what would be decided now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cosim.browser.drawing.palette import ACCENT, LOOKS, glyph
from cosim.browser.drawing.svg import Data, element, picture, rect, text, title
from cosim.formatting.titles import option_letter
from cosim.scenario.vocabulary import Role

WIDTH = 470.0
_LEFT, _RIGHT = 40.0, 150.0
SHOWN = 10
"""Options drawn at most; the lowest are left out."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is to be shown of the options.

    Attributes
    ----------
    scores : sequence of float
        Mean score on the ballots, 0..1.
    leading : int
        What the rule would choose now.
    current : int
        On the table; -1 for none.
    agenda : sequence of int
    public, professionals, lead : int
        Favourites; -1 for none.
    decided : int
        The option decided on; -1 while the phase is open.
    """

    scores: Sequence[float]
    leading: int
    current: int = -1
    agenda: Sequence[int] = ()
    public: int = -1
    professionals: int = -1
    lead: int = -1
    decided: int = -1


def options_svg(shown: Options | None, name: str, data: Data = None) -> str:
    """Return a bar per option, with what would win now and whose favourite it is."""
    if shown is None:
        waiting = text("appears with the first turn", WIDTH / 2.0, 40.0, anchor="middle", fill_opacity=0.7)
        return picture(WIDTH, 70.0, waiting, name=name, test_id="options", data=data)
    picked = _picked(shown)
    low, high = min(shown.scores), max(shown.scores)
    row, top = 23.0, 6.0
    parts = []
    for number, option in enumerate(picked):
        parts.append(_row(shown, option, top + row * number, row, (low, high)))
    left_out = len(shown.scores) - len(picked)
    height = top + row * len(picked) + (20.0 if left_out else 4.0)
    if left_out:
        told = f"and {left_out} options with lower scores"
        parts.append(text(told, _LEFT, height - 6.0, font_size=13, fill_opacity=0.75))
    height += 36.0
    parts.append(_key(height - 20.0))
    told = f"option {option_letter(shown.leading)} would be decided now"
    if shown.decided >= 0:
        told = f"decided: option {option_letter(shown.decided)}"
    return picture(
        WIDTH,
        height,
        "".join(parts),
        name=name,
        description=told,
        test_id="options",
        data=data,
    )


def _key(y: float) -> str:
    """Return what bars and marks mean."""
    told = "bar: mean score, from the lowest option to the highest; dashed: not on the agenda"
    parts = [text(told, 4.0, y)]
    x = 10.0
    whose: tuple[tuple[Role, str], ...] = (("patient", "the public"), ("provider", "the professionals"))
    for role, words in whose:
        look = LOOKS[role]
        parts.append(glyph(look.shape, x, y + 13.0, 5.5, fill=look.colour))
        parts.append(text(f"favourite of {words}", x + 11.0, y + 17.0))
        x += 176.0
    return element("g", *parts, font_size=12.5, fill_opacity=0.9)


def _picked(shown: Options) -> list[int]:
    """Return the options that are drawn, in alphabetical order: the highest, and those that carry a mark."""
    marked = [shown.leading, shown.current, shown.public, shown.professionals, shown.lead, shown.decided]
    ranked = sorted(range(len(shown.scores)), key=lambda o: -shown.scores[o])
    wanted = list(dict.fromkeys([o for o in marked if o >= 0] + ranked))[:SHOWN]
    return sorted(wanted)


def _row(shown: Options, option: int, y: float, row: float, span: tuple[float, float]) -> str:
    score, (low, high) = shown.scores[option], span
    wide = (WIDTH - _LEFT - _RIGHT) * (0.06 + 0.94 * (score - low) / max(high - low, 1e-9))
    middle = y + row / 2.0
    winning = option == (shown.decided if shown.decided >= 0 else shown.leading)
    discussed = option in shown.agenda or not shown.agenda
    marks, told = _marks(shown, option, _LEFT + wide + 14.0, middle)
    return element(
        "g",
        title(f"Option {option_letter(option)}: mean score {score:.3f}{''.join('; ' + t for t in told)}"),
        text(
            option_letter(option),
            _LEFT - 12.0,
            middle + 5.0,
            anchor="end",
            font_size=14,
            font_weight=700 if option == shown.current else 400,
        ),
        element("circle", cx=_LEFT - 6.0, cy=middle, r=3.0, fill=ACCENT) if option == shown.current else "",
        rect(
            _LEFT,
            y + 4.0,
            wide,
            row - 8.0,
            fill="currentColor",
            fill_opacity=0.85 if winning else 0.3 if discussed else 0.1,
            stroke="currentColor",
            stroke_opacity=0.6,
            stroke_dasharray=None if discussed else "3 3",
        ),
        marks,
        data_option=option_letter(option),
        data_score=f"{score:.6f}",
    )


def _marks(shown: Options, option: int, x: float, y: float) -> tuple[str, list[str]]:
    """Return the marks at the end of a bar, and what they say."""
    parts, told = [], []
    for who, role, words in (
        (shown.public, "patient", "favourite of the public contributors"),
        (shown.professionals, "provider", "favourite of the professionals"),
    ):
        if who == option:
            look = LOOKS[role]  # type: ignore[index]
            parts.append(glyph(look.shape, x, y, 6.0, fill=look.colour))
            told.append(words)
            x += 18.0
    if shown.lead == option:
        parts.append(text("lead", x - 5.0, y + 4.5, font_size=12.5))
        told.append("favourite of the lead")
        x += 32.0
    if option == shown.decided:
        parts.append(text("decided", x - 4.0, y + 4.5, font_size=13, font_weight=700))
        told.append("decided")
    elif option == shown.leading and shown.decided < 0:
        parts.append(text("would win", x - 4.0, y + 4.5, font_size=13, font_weight=700))
        told.append("would be decided now")
    if shown.agenda and option not in shown.agenda:
        told.append("not on the agenda")
    return element("g", *parts) if parts else "", told
