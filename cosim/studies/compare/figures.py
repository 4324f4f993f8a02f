"""The figures of a comparison: ranking, voice beside influence, cost beside effect, and who gives."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from cosim.analysis.gaps import parity_means
from cosim.analysis.intervals import Interval
from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.style import BLUE, GREEN, GREY, INK, ORANGE, PURPLE, VERMILION
from cosim.formatting.titles import ROLE_TITLES
from cosim.formatting.words import number
from cosim.outcomes import outcome_title
from cosim.studies.arm_titles import BUILT_IN, EMERGENT, UNCLASSIFIED
from cosim.studies.compare.findings import GINI, PARITY, VOICE, Comparison
from cosim.studies.compare.panel import Entry
from cosim.studies.prices import price_words
from cosim.studies.report_texts import per_point_words
from cosim.studies.results import Results

ROLE_LOOKS: Mapping[str, tuple[str, str]] = {
    "researcher": (BLUE, "s"),
    "provider": (GREEN, "^"),
    "policymaker": (PURPLE, "D"),
    "public": (VERMILION, "o"),
}
_HEADINGS: Mapping[str, str] = {
    EMERGENT: "emerges from the dynamics",
    BUILT_IN: "built in by a rule, not a finding",
    UNCLASSIFIED: "not classified (settings changed by hand)",
}


def stamp(results: Results) -> str:
    """Return what is written small on every figure: run, scenario, version, seed."""
    scenario = f" · {results.scenario.identity}" if results.scenario else ""
    return f"cosim {results.version} · run {results.run_id}{scenario} · seed {results.study['seed']}"


def note(comparison: Comparison, dots: str = "paired differences to the baseline") -> str:
    """Return n and the meaning of the intervals."""
    results = comparison.results
    if results.worlds == 1 and results.replicates == 1:
        return f"n = {per_point_words(results)} per row. One run per row: there is no interval."
    unit = "settings" if results.worlds > 1 else "replicates"
    return (
        f"n = {per_point_words(results)} per row. Dots: means; bars: 95 % t intervals of {dots}, over {unit}."
    )


def ranking(comparison: Comparison) -> RowPlot:
    """Draw every way of working by what it does to inequality of influence, with how often it is on top."""
    primary = comparison.primary
    baseline = comparison.arms[comparison.baseline].title
    panels = [_differences(comparison, primary, outcome_title(primary))]
    if PARITY in comparison.shown and primary != PARITY:
        panels.append(_differences(comparison, PARITY, "Public influence parity"))
    shows_top = comparison.field is not None and comparison.top > 0
    if shows_top:
        panels.append(_top(comparison))
    return RowPlot(
        groups=_groups(comparison, primary),
        labels=_labels(comparison),
        panels=tuple(panels),
        note=f"{note(comparison)} Baseline: {baseline}."
        + (
            f" Last panel: share of settings in which the mean is {_placed(comparison.top)} the "
            f"{len(comparison.candidates)} ways whose effect emerges and the baseline; bars: 95 % Wilson "
            "intervals."
            if shows_top
            else ""
        ),
        stamp=stamp(comparison.results),
        legend=_legend(comparison, primary),
        keep=comparison.ranked[-1:],
    )


def voice(comparison: Comparison) -> RowPlot:
    """Draw how much of the gap to an equal share every way of working closes, in voice and in influence."""
    assert comparison.voice is not None
    assert comparison.influence is not None
    results = comparison.results
    looks = (
        (VOICE, comparison.voice, ORANGE, "s", 0.17),
        (PARITY, comparison.influence, BLUE, "o", -0.17),
    )
    series = tuple(
        Series(
            {arm: Dot(gaps[arm].closed, gaps[arm].low, gaps[arm].high) for arm in comparison.others},
            color,
            marker,
            hollow=_hollow(comparison, outcome),
            shift=shift,
            keeps_color=True,
        )
        for outcome, gaps, color, marker, shift in looks
    )
    starts = [number(gaps[comparison.baseline].mean, 2) for _, gaps, _, _, _ in looks]
    shown = [dot for each in series for dot in each.dots.values()]
    panel = Panel(
        title="How much of the public's gap to an equal share is closed",
        xlabel="% of the gap closed",
        series=series,
        lines=((0.0, "baseline"), (1.0, "equal share")),
        percent=True,
        limits=_shared_limits(shown, [0.0, 1.0]),
    )
    unit = "95 % bootstrap intervals over settings" if results.worlds > 1 else "there is no interval"
    return RowPlot(
        groups=_groups(comparison, PARITY, "Effect on influence: "),
        labels=_labels(comparison),
        panels=(panel,),
        note=f"n = {per_point_words(results)} per row. Dots: 1 − gap ÷ gap of the baseline, where the gap is "
        f"the distance of mean parity from 1; bars: {unit}. At the baseline the public has {starts[0]} of an "
        f"equal share of turns and {starts[1]} of an equal share of influence.",
        stamp=stamp(results),
        legend=(
            Key("voice (turns)", ORANGE, "s", True),
            Key("influence", BLUE, "o", True),
            Key("hollow: built in by a rule", GREY, "o", False),
        ),
        keep=comparison.ranked[-1:],
    )


def cost(comparison: Comparison) -> RowPlot:
    """Draw effect, minutes and money of every way of working side by side."""
    primary = comparison.primary
    table = comparison.rows(primary)
    hollow = _hollow(comparison, primary)
    panels = [_differences(comparison, primary, outcome_title(primary), strong=comparison.worth)]
    units = {
        "minutes": ("Extra minutes", "minutes per project"),
        "money": ("Extra money", f"{comparison.results.currency or 'money'} per project"),
    }
    for name in comparison.costs:
        title, unit = units[name]
        extra = table[f"{name}_extra"]
        dots = {arm: Dot(float(extra[arm])) for arm in comparison.others}
        series = Series(dots, INK, "D", hollow=hollow, strong=frozenset(comparison.worth))
        limits = _shared_limits(dots.values(), [0.0])
        panels.append(Panel(title, unit, (series,), ((0.0, "baseline"),), limits=limits))
    return RowPlot(
        groups=_groups(comparison, primary),
        labels=_labels(comparison),
        panels=tuple(panels),
        note=f"{note(comparison)} Minutes and money: means; {price_words(comparison.results)}. Minutes are "
        "those of meetings and of what is done outside of them.",
        stamp=stamp(comparison.results),
        legend=(
            *_legend(comparison, primary),
            Key("ringed: no other finding gives as much for less", INK, "ring", False),
        ),
        keep=comparison.ranked[-1:],
    )


def roles(comparison: Comparison) -> RowPlot:
    """Draw what every way of working does to each role's influence per seat."""
    means = parity_means(comparison.role_runs, comparison.roles, comparison.baseline)
    differences = comparison.role_differences
    dots = {
        role: {arm: _dot(differences[role][arm]) for arm in comparison.others} for role in comparison.roles
    }
    filled = [
        dot
        for role in comparison.roles
        for arm, dot in dots[role].items()
        if arm not in _hollow(comparison, PARITY)
    ]
    limits = _shared_limits(filled or [dot for each in dots.values() for dot in each.values()], [0.0])
    panels = []
    for role in comparison.roles:
        color, marker = ROLE_LOOKS[role]
        title = ROLE_TITLES[role].replace(" (with the lead)", "").replace("contributors", "").strip()
        flagged = frozenset(payer.arm for payer in comparison.payers if payer.role == role)
        panels.append(
            Panel(
                title=title,
                xlabel="change in influence parity",
                series=(
                    Series(dots[role], color, marker, hollow=_hollow(comparison, PARITY), strong=flagged),
                ),
                lines=((0.0, f"from {number(means[role], 2)}"),),
                limits=limits,
            )
        )
    return RowPlot(
        groups=_groups(comparison, PARITY, "Effect on influence: "),
        labels=_labels(comparison),
        panels=tuple(panels),
        note=f"{note(comparison)} Parity: share of influence ÷ share of seats; 1 is an equal share.",
        stamp=stamp(comparison.results),
        legend=(
            Key("ringed: pays for the public's gain from below an equal share", INK, "ring", False),
            Key("hollow: built in by a rule", GREY, "o", False),
        ),
        keep=comparison.ranked[-1:],
    )


VERDICTS: Mapping[str, tuple[str, str]] = {
    "better": (BLUE, "o"),
    "worse": (VERMILION, "s"),
    "same": (INK, "|"),
    "unclear": (GREY, "D"),
}
"""How a mark of the panel looks by its verdict."""


def panel(comparison: Comparison) -> RowPlot:
    """Draw every way of working on every outcome of the panel that is judged: who wins and loses where."""
    panels = tuple(_judged(comparison, entry) for entry in comparison.judged_panel)
    return RowPlot(
        groups=(Group("", comparison.ranked),),
        labels=_labels(comparison),
        panels=panels,
        note=f"{note(comparison)} {_MARGINS[bool(comparison.matters)]}",
        stamp=stamp(comparison.results),
        legend=tuple(
            Key("the same" if name == "same" else name, *look, name != "unclear")
            for name, look in VERDICTS.items()
        ),
        keep=comparison.ranked[-1:],
    )


_MARGINS = {
    True: "Better, the same and worse allow for the smallest difference that matters, where one is named.",
    False: "No smallest difference that matters is named, so any clear difference counts.",
}


def _judged(comparison: Comparison, entry: Entry) -> Panel:
    table = comparison.compared(entry.outcome)
    dots: dict[str, dict[str, Dot]] = {name: {} for name in VERDICTS}
    for arm in comparison.ranked:
        values = (float(table[name][arm]) for name in ("difference", "low", "high"))
        dots[comparison.verdict(entry, arm)][arm] = Dot(*values)
    series = tuple(
        Series(found, *VERDICTS[name], hollow=frozenset(found) if name == "unclear" else frozenset())
        for name, found in dots.items()
        if found
    )
    every = [dot for found in dots.values() for dot in found.values()]
    start = number(float(table["mean"][comparison.baseline]), 2)
    return Panel(
        title=entry.short,
        xlabel="",
        series=series,
        lines=((0.0, f"from {start}"),),
        limits=_shared_limits(every, [0.0]),
    )


def _differences(comparison: Comparison, outcome: str, title: str, strong: Iterable[str] = ()) -> Panel:
    table = comparison.rows(outcome)
    dots = {
        arm: Dot(float(table["difference"][arm]), float(table["low"][arm]), float(table["high"][arm]))
        for arm in comparison.others
    }
    start = float(table["mean"][comparison.baseline])
    unit = comparison.results.unit(outcome)
    series = Series(dots, BLUE, hollow=_hollow(comparison, outcome), strong=frozenset(strong))
    wish = {GINI: "\n← more equal", PARITY: "\nnearer to equal →" if start < 1 else ""}.get(outcome, "")
    return Panel(
        title=title,
        xlabel=f"difference{f' ({unit})' if unit else ''}{wish}",
        series=(series,),
        lines=((0.0, f"baseline {number(start, 2)}"),),
    )


def _top(comparison: Comparison) -> Panel:
    shares = comparison.top_shares
    dots = {
        arm: Dot(*(float(shares[column][arm]) for column in ("top_share", "top_low", "top_high")))
        for arm in comparison.candidates
    }
    return Panel(
        title=comparison.top_words.capitalize(),
        xlabel="% of settings\n ",
        series=(Series(dots, GREEN, "s"),),
        percent=True,
        limits=(-0.03, 1.03),
    )


def _placed(top: int) -> str:
    return "the best of" if top == 1 else f"among the best {top} of"


def _dot(interval: Interval) -> Dot:
    return Dot(interval.estimate, interval.low, interval.high)


def _hollow(comparison: Comparison, outcome: str) -> frozenset[str]:
    return frozenset(arm for arm in comparison.others if comparison.status(arm, outcome) != EMERGENT)


def _groups(
    comparison: Comparison, outcome: str, before: str = "Effect on inequality: "
) -> tuple[Group, ...]:
    found = [(status, arms) for status, arms in comparison.groups(outcome) if arms]
    alone = len(found) == 1 and found[0][0] == EMERGENT
    return tuple(Group("" if alone else before + _HEADINGS[status], arms) for status, arms in found)


def _labels(comparison: Comparison) -> dict[str, str]:
    return {name: arm.title for name, arm in comparison.arms.items()}


def _legend(comparison: Comparison, outcome: str) -> tuple[Key, ...]:
    if not _hollow(comparison, outcome):
        return (Key("emerges from the dynamics", BLUE, "o", True),)
    return (
        Key("filled: emerges from the dynamics", BLUE, "o", True),
        Key("hollow: built in by a rule", GREY, "o", False),
    )


def _shared_limits(dots: Iterable[Dot], lines: Iterable[float]) -> tuple[float, float]:
    values = [x for dot in dots for x in (dot.x, dot.low, dot.high) if math.isfinite(x)]
    values += list(lines)
    low, high = min(values), max(values)
    room = 0.05 * (high - low) or 0.1
    return low - room, high + room
