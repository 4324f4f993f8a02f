"""The figures of a study of bundles: the front on every count, what was tried, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterable

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.scatter import Cloud, Mark, Scatter
from cosim.charts.style import BLUE, GREEN, GREY, INK, ORANGE, SKY, VERMILION
from cosim.formatting.words import counted
from cosim.outcomes import outcome_title
from cosim.studies import common
from cosim.studies.arm_titles import BASELINE, EMERGENT
from cosim.studies.bundles.findings import Bundles
from cosim.studies.shared_findings import row_of

SHOWN = 25
"""Most bundles in figures and tables that are not folded."""


def note(one: Bundles) -> str:
    """Return n in words."""
    results = one.results
    return f"n = {counted(results.worlds, 'setting')} × {counted(results.replicates, 'replicate')} per set."


def front(one: Bundles) -> RowPlot:
    """Draw the sets on the front, the best on the first objective first, on every objective."""
    groups, shown = _groups(one)
    panels = []
    for name, way in one.objectives.items():
        dots = {}
        for arm in shown:
            change = one.difference(arm, name)
            dots[arm] = Dot(change.estimate, change.low, change.high)
        hollow = frozenset(arm for arm in shown if one.arms[arm].status(name) != EMERGENT)
        color = BLUE if name not in ("minutes", "money") else INK
        wish = "← less is wanted" if way == "min" else "more is wanted →"
        panels.append(
            Panel(
                outcome_title(name),
                f"difference{common.unit_words(one.results, name)}\n{wish}",
                (Series(dots, color, "o" if color == BLUE else "D", hollow=hollow),),
                ((0.0, "usual"),),
                limits=_limits(dots.values()),
            )
        )
    left = len(one.shown) - len(shown)
    more = f" {left} others in the table." if left else ""
    return RowPlot(
        groups=groups,
        labels=_labels(one),
        panels=tuple(panels),
        note=f"{note(one)} Dots: paired differences to business as usual; bars: 95 % t intervals.{more}",
        stamp=common.stamp(one.results),
        legend=(
            Key("emerges from the dynamics", BLUE, "o", True),
            Key("hollow: built in by a rule", GREY, "o", False),
        ),
    )


def tried(one: Bundles) -> Scatter:
    """Draw every set in the first objective and the first cost."""
    across = next((name for name in ("minutes", "money") if name in one.cubes), None)
    across = across or [*one.objectives, one.first][1]
    chosen = one.table.index.isin(one.shown)
    within, emerges = one.table["within"], one.table["emergent"]
    looks = (
        ("beyond the budgets", ~within, GREY, "x", True, 3.5),
        ("within, beaten by another", within & ~chosen, SKY, "o", True, 3.5),
        ("on the front, built in", chosen & ~emerges, VERMILION, "o", False, 5.5),
        ("on the front of those that emerge", chosen & emerges, VERMILION, "o", True, 5.5),
    )
    clouds = []
    order = list(one.shown)
    for name, rows, color, marker, filled, size in looks:
        table = one.table.loc[rows & (one.table.index != BASELINE)]
        named = name.startswith("on the front")
        arms = sorted(table.index, key=lambda arm: order.index(arm) if arm in order else 0)
        marks = tuple(
            Mark(
                float(table[across][arm]),
                float(table[one.first][arm]),
                label=one.arms[arm].title if named and order.index(arm) < 10 else "",
            )
            for arm in arms
        )
        if marks:
            clouds.append(Cloud(marks, name, color, marker, filled, size))
    usual = row_of(one.table, BASELINE)
    here = Mark(float(usual[across]), float(usual[one.first]))
    clouds.append(Cloud((here,), "business as usual", ORANGE, "s"))
    limit = one.limits.get(across)
    inside = limit is not None and limit <= 1.05 * float(one.table[across].max())
    return Scatter(
        title=f"{outcome_title(one.first)} against {common.lower_title(across)}",
        xlabel=f"{outcome_title(across)}{common.unit_words(one.results, across)}",
        ylabel=f"{outcome_title(one.first)}{common.unit_words(one.results, one.first)}",
        clouds=tuple(clouds),
        lines=(("x", float(limit), "budget"),) if inside and limit is not None else (),
        note=f"{note(one)} {counted(len(one.table) - 1, 'set')}; marks are means over settings.",
        stamp=common.stamp(one.results),
    )


def robust(one: Bundles) -> RowPlot:
    """Draw in how many settings the sets on the front are good enough, and on the front."""
    groups, shown = _groups(one)
    panels = []
    for title, column, low, high, color in (
        ("Good enough", "satisficing", "satisficing_low", "satisficing_high", GREEN),
        ("On the front", "front_share", "front_low", "front_high", BLUE),
    ):
        dots = {arm: Dot(*(float(one.table[name][arm]) for name in (column, low, high))) for arm in shown}
        panels.append(
            Panel(title, "% of settings", (Series(dots, color, "s"),), percent=True, limits=(-0.03, 1.03))
        )
    regret = {arm: Dot(float(one.table["max_regret"][arm])) for arm in shown}
    panels.append(
        Panel(
            "Largest regret",
            f"of any setting{common.unit_words(one.results, one.first)}",
            (Series(regret, INK, "D"),),
            ((0.0, ""),),
        )
    )
    return RowPlot(
        groups=groups,
        labels=_labels(one),
        panels=tuple(panels),
        note=f"{note(one)} Bars: 95 % Wilson intervals over settings. Regret: how far behind "
        "the best set of the same setting; it has no interval.",
        stamp=common.stamp(one.results),
    )


def _groups(one: Bundles) -> tuple[tuple[Group, ...], list[str]]:
    free = one.free[:SHOWN]
    ruled = tuple(arm for arm in one.shown if arm not in one.free)[:SHOWN]
    title = common.lower_title(one.first)
    groups = (Group(f"{title}: emerges", free), Group(f"{title}: built in", ruled))
    return groups, [*free, *ruled]


def _labels(one: Bundles) -> dict[str, str]:
    return {arm: one.arms[arm].title for arm in one.shown}


def _limits(dots: Iterable[Dot]) -> tuple[float, float]:
    """Return ends that hold every mark with its interval, and no difference."""
    values = [0.0, *(x for dot in dots for x in (dot.x, dot.low, dot.high) if math.isfinite(x))]
    room = 0.06 * (max(values) - min(values)) or 0.1
    return min(values) - room, max(values) + room
