"""Figures of a validation: each pattern's targets beside simulated samples, directions, and null models."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.style import BLUE, FAINT, GREEN, GREY, INK, ORANGE, PURPLE, VERMILION
from cosim.formatting.words import shortened
from cosim.patterns import Expectation, Target
from cosim.patterns.pattern import About
from cosim.patterns.statistics import STATISTICS
from cosim.validation.null_models import variants_of
from cosim.validation.questions import brief, title
from cosim.validation.validation import Finding, Validation

_LOOKS = (
    (BLUE, "o"),
    (GREEN, "^"),
    (ORANGE, "s"),
    (PURPLE, "D"),
    (VERMILION, "v"),
    (GREY, "P"),
    (INK, "X"),
)


def stamp(validation: Validation) -> str:
    """Return what is written small on every figure."""
    effort = validation.effort
    return f"cosim {validation.version} · validation · {effort.samples} samples · seed {effort.seed}"


def of_pattern(validation: Validation, findings: Sequence[Finding]) -> RowPlot:
    """Draw a pattern's targets beside simulated samples of the same size, those of one unit on one axis."""
    facets: dict[str, list[Finding]] = {}
    sizes: dict[str, None] = {}
    for one in findings:
        if one.sampled is None or not isinstance(one.asked, Target):
            continue
        facets.setdefault(STATISTICS[one.asked.statistic].unit, []).append(one)
        sizes[f"{one.sampled.size} {one.sampled.unit}"] = None
    labels: dict[str, str] = {}
    panels = tuple(_facet(unit, several, labels) for unit, several in facets.items())
    return RowPlot(
        (),
        labels,
        panels,
        f"Simulated: median of {validation.effort.samples} samples and central 95 % of them; a sample is "
        f"as large as what was observed ({', '.join(sizes)}).",
        stamp(validation),
        (
            Key("found, 95 % interval", INK, "D", line=1.4, size=5.0),
            Key("accepted", FAINT, "patch"),
            Key("simulated: met", BLUE, line=1.4, size=5.0),
            Key("simulated: missed", VERMILION, "s", filled=False, line=1.4, size=5.0),
        ),
    )


def _facet(unit: str, findings: Sequence[Finding], labels: dict[str, str]) -> Panel:
    """Return the targets of one unit; their rows are added to the labels."""
    accepted: dict[str, Dot] = {}
    found: dict[str, Dot] = {}
    met: dict[str, Dot] = {}
    missed: dict[str, Dot] = {}
    least = 0.0 if unit in ("share", "Gini", "chance") else -math.inf
    for one in findings:
        target, sampled = one.asked, one.sampled
        assert isinstance(target, Target)
        assert sampled is not None
        parts = zip(target.values, target.accepted(), sampled.median, sampled.interval, strict=True)
        for place, (value, (low, high), median, ends) in enumerate(parts, 1):
            key = str(len(labels))
            labels[key] = f"{title(target)}: {place}" if len(target.values) > 1 else title(target)
            accepted[key] = Dot(value, max(low, least), high)
            found[key] = Dot(value, *(target.interval or (math.nan, math.nan)))
            (met if low <= median <= high else missed)[key] = Dot(median, *ends)
    series = (
        Series(accepted, FAINT, area=True),
        Series(found, INK, "D", shift=0.17),
        Series(met, BLUE, "o", shift=-0.17),
        Series(missed, VERMILION, "s", shift=-0.17, hollow=frozenset(missed), keeps_color=True),
    )
    return Panel("", unit, series, groups=(Group("", tuple(accepted)),))


def directions(validation: Validation) -> RowPlot:
    """Draw every direction: the effect in the expected direction, in SDs of a single project."""
    labels: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    looks: dict[str, dict[str, Dot]] = {"right": {}, "wrong": {}, "unclear": {}}
    hollow: set[str] = set()
    for place, one in enumerate(validation.findings):
        if one.paired is None or not isinstance(one.asked, Expectation):
            continue
        key = str(place)
        labels[key] = brief(one.asked)
        groups.setdefault(shortened(f"{one.pattern.id}  {one.pattern.title}", 50), []).append(key)
        sign = 1.0 if one.asked.direction in ("higher", "above", "interior") else -1.0
        paired = one.paired
        unit = paired.effect / paired.difference if paired.difference else math.nan
        ends = sorted((sign * paired.low * unit, sign * paired.high * unit))
        looks[one.verdict][key] = Dot(sign * paired.effect, *ends)
        if paired.built_in:
            hollow.add(key)
    colors = {"right": (BLUE, "o"), "wrong": (VERMILION, "s"), "unclear": (GREY, "D")}
    series = tuple(
        Series(dots, colors[name][0], colors[name][1], hollow=frozenset(hollow), keeps_color=True)
        for name, dots in looks.items()
    )
    panel = Panel(
        "Effect in the direction that is expected",
        "SDs of a single project",
        series,
        lines=((0.0, "no effect"),),
        limits=(-1.0, 6.0),
    )
    return RowPlot(
        tuple(Group(heading, tuple(keys)) for heading, keys in groups.items()),
        labels,
        (panel,),
        f"n = {validation.effort.projects} pairs of projects with the same random numbers per row. Dots: "
        "mean paired difference; bars: 95 % t intervals. Right of the line is the direction "
        "that the evidence has.",
        stamp(validation),
        (
            Key("right direction", BLUE, "o", True),
            Key("wrong direction", VERMILION, "s", True),
            Key("unclear: interval holds 0", GREY, "D", True),
            Key("hollow: built in by a rule", GREY, "o", False),
        ),
    )


def null_models(validation: Validation, about: About = "talk") -> RowPlot:
    """Draw how far the model and every variant of it are from each pattern's gates, those about one thing."""
    table = validation.nulls[validation.nulls["gate"] & (validation.nulls["about"] == about)]
    variants = variants_of(about)
    step = 0.54 / (len(variants) - 1)
    series, names = [], list[Key]()
    titles: Mapping[str, str] = {one.pattern.id: one.pattern.title for one in validation.findings}
    keys = tuple(str(name) for name in dict.fromkeys(table["pattern"]))
    for place, (variant, look) in enumerate(zip(variants, _LOOKS, strict=False)):
        own = table[table["variant"] == variant.name]
        far = (own.groupby("pattern")["distance"].apply(lambda x: float((x**2).mean() ** 0.5))).to_dict()
        dots = {key: Dot(far[key]) for key in keys if key in far}
        series.append(Series(dots, *look, shift=0.27 - step * place))
        names.append(Key(variant.title, *look))
    panel = Panel(
        "Distance from what is accepted",
        "in units of the tolerance, root mean square over a pattern's targets",
        tuple(series),
        lines=((1.0, "edge of what is accepted"),),
        limits=(0.0, 10.0),
    )
    return RowPlot(
        (Group("", keys),),
        {key: f"{key}  {titles[key]}" for key in keys},
        (panel,),
        "Only targets that count as gates. Null models keep the whole model's numbers for what they still "
        "have; "
        + ("nothing is fitted again." if about == "talk" else "rivals have one rate, which was fitted."),
        stamp(validation),
        tuple(names),
    )
