"""The figures of views before and after: who moved, and heard beside heeded."""

from __future__ import annotations

import math
from typing import Final

import pandas as pd

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.style import BLUE, GREY, INK, ORANGE
from cosim.formatting.words import counted, number, shortened
from cosim.observation.team_views import TeamViews

_ROLE: Final = "role: "
_LONGEST: Final = 36


def _dots(
    table: pd.DataFrame, names: str, x: str, low: str = "", high: str = "", prefix: str = ""
) -> dict[str, Dot]:
    found = {}
    for row in table.to_dict("records"):
        value = float(row[x])
        if math.isfinite(value):
            ends = (float(row[low]), float(row[high])) if low else (math.nan, math.nan)
            found[f"{prefix}{row[names]}"] = Dot(value, *ends)
    return found


def _middle(table: pd.DataFrame, names: str, of: str, prefix: str = "") -> dict[str, Dot]:
    """Return the grey bars of what answering again gives; its mark is the middle of the bar."""
    return {
        f"{prefix}{row[names]}": Dot(
            (float(row[f"{of}_again_low"]) + float(row[f"{of}_again_high"])) / 2.0,
            float(row[f"{of}_again_low"]),
            float(row[f"{of}_again_high"]),
        )
        for row in table.to_dict("records")
        if math.isfinite(float(row[f"{of}_again_low"]))
    }


def _people(views: TeamViews) -> str:
    return counted(len(views.blocks.people), "person", "people")


def moved(views: TeamViews, stamp: str) -> RowPlot:
    """Draw how far everybody and every role moved, and how much of the distance to the others they closed."""
    people, roles = views.moved.people, views.moved.roles
    groups = [Group("People", tuple(people["person"].astype(str)))]
    labels = {
        str(row["person"]): shortened(
            f"{row['person']} ({row['role']})" if len(views.blocks.roles) > 1 else str(row["person"]),
            _LONGEST,
        )
        for row in people.to_dict("records")
    }
    if len(roles) > 1:
        groups.append(Group("Roles", tuple(f"{_ROLE}{name}" for name in roles["role"])))
        labels |= {f"{_ROLE}{name}": shortened(str(name), _LONGEST) for name in roles["role"]}
    panels = []
    for of, title, unit in (
        ("moved", "Size of a move", "share of the scale, mean over items"),
        ("closed", "Toward the others", "share of the distance closed\n(1: all the way)"),
    ):
        grey = {**_middle(people, "person", of), **_middle(roles, "role", of, _ROLE)}
        blue = {**_dots(people, "person", of), **_dots(roles, "role", of, prefix=_ROLE)}
        panels.append(
            Panel(
                title,
                unit,
                (Series(grey, GREY, "_", shift=0.0), Series(blue, BLUE)),
                ((0.0, ""),),
            )
        )
    return RowPlot(
        groups=tuple(groups),
        labels=labels,
        panels=tuple(panels),
        note=f"n = {_people(views)}, {counted(len(views.blocks.blocks), 'item')}. Grey "
        "bars: 95 % of what the same people would show if nobody had moved and all had answered again "
        "(retest "
        f"correlation {number(views.retest, 2)}).",
        stamp=stamp,
        legend=(
            Key("observed", BLUE, "o", True),
            Key("answered again, nobody moved (95 %)", GREY, "_", True),
        ),
    )


def heeded(views: TeamViews, stamp: str) -> RowPlot:
    """Draw each role's share of the talk beside its share in what members moved to."""
    table = views.gaps
    names = [str(name) for name in table["role"]]
    own = names[: len(views.blocks.roles)]
    groups = [Group("Roles", tuple(own))]
    if len(names) > len(own):
        groups.append(Group("Together", tuple(names[len(own) :])))
    labels = {
        str(row["role"]): shortened(
            f"{row['role']} ({counted(int(row['people']), 'person', 'people')})", _LONGEST
        )
        for row in table.to_dict("records")
    }
    shares = [
        Series(_dots(table, "role", "equal"), GREY, "|", shift=0.0),
        Series(_dots(table, "role", "talk"), ORANGE, "^", shift=0.18),
        Series(_dots(table, "role", "heeded", "heeded_low", "heeded_high"), BLUE, "o", shift=-0.18),
    ]
    title = "Heard and heeded" if views.spoken else "Heeded"
    panels = [Panel(title, "share", tuple(shares), percent=True, limits=(-0.02, 1.02))]
    if views.spoken:
        gap = Series(_dots(table, "role", "gap", "gap_low", "gap_high"), INK, "D")
        unit = "points of 100\n← less than its talk"
        panels.append(Panel("Gap: heeded less heard", unit, (gap,), ((0.0, ""),), percent=True))
    legend: tuple[Key, ...] = (Key("heeded: share in what members moved to", BLUE, "o", True),)
    if views.spoken:
        legend = (Key("heard: share of words", ORANGE, "^", True), *legend)
    assert views.heeded is not None
    return RowPlot(
        groups=tuple(groups),
        labels=labels,
        panels=tuple(panels),
        note=f"n = {counted(views.heeded.items, 'item')}, {_people(views)}. "
        "Bars: 95 % intervals of the model of views; upright strokes: an equal share for everybody.",
        stamp=stamp,
        legend=(*legend, Key("equal share", GREY, "|", True)),
    )
