"""screen: which of many factors matter at all, read against a factor that does nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from cosim.analysis.morris import morris
from cosim.analysis.tables import Factors
from cosim.reporting import studies
from cosim.reporting.blocks import Bullets, Cell, Page, Picture, Prose, Section, Table
from cosim.reporting.factors import builds_in, factors_of, ranges_table, titles, with_titles
from cosim.reporting.figures.rows import Dot, Group, Panel, RowPlot, Series
from cosim.reporting.figures.scatter import Cloud, Mark, Scatter
from cosim.reporting.figures.style import BLUE, GREY, VERMILION
from cosim.reporting.kinds.kind import ReportKind, page_of
from cosim.reporting.results import Results
from cosim.reporting.words import and_list, counted, number, outcome_title, quoted

_SHOWN = 30
_OTHER_OUTCOMES = 3
_FEW = ", and more with fewer than ten walks, for which bootstrap intervals are too narrow."


@dataclass(frozen=True)
class Screening:
    """A screening, worked out for one outcome.

    Attributes
    ----------
    results : Results
    outcome : str
    """

    results: Results
    outcome: str

    @cached_property
    def factors(self) -> Factors:
        """Factors, groups and dummy of the design."""
        return factors_of(self.results)

    @cached_property
    def corrected(self) -> bool:
        """Whether replicate noise can be taken out."""
        return self.results.replicates >= 2

    @cached_property
    def table(self) -> pd.DataFrame:
        """`cosim.analysis.morris.morris`."""
        notes = self.results.notes
        return morris(
            self.results.runs,
            self.results.design,
            self.outcome,
            self.factors,
            levels=int(notes["levels"]),
            resampling=studies.resampling(self.results),
        )

    def of(self, index: str, *, corrected: bool = False) -> pd.DataFrame:
        """Return one index by factor or group."""
        noise = "corrected" if corrected else "uncorrected"
        rows = self.table[(self.table["index"] == index) & (self.table["noise"] == noise)]
        return rows.set_index("factor")

    @cached_property
    def judged(self) -> pd.DataFrame:
        """The index by which factors are ranked and judged: rms with noise taken out where possible."""
        return self.of("rms", corrected=self.corrected)

    @cached_property
    def ranked(self) -> tuple[str, ...]:
        """Factors or groups, the dummy left out, the largest first."""
        units = [unit for unit in self.factors.units if unit != self.factors.dummy]
        order = self.judged["estimate"].fillna(0.0)
        star = self.of("mu_star")["estimate"]
        return tuple(sorted(units, key=lambda unit: (-float(order[unit]), -float(star[unit]))))

    @cached_property
    def clear(self) -> tuple[str, ...]:
        """Those whose whole interval lies above what a factor that does nothing reaches, largest first."""
        above = self.judged["above_floor"]
        return tuple(unit for unit in self.ranked if bool(above[unit]))

    @cached_property
    def agreement(self) -> float:
        """Rank correlation of mean absolute effects between the two halves of the walks; nan below 4."""
        notes = self.results.notes
        walks, step = int(notes["trajectories"]), len(self.factors.units) + 1
        if walks < 4:
            return math.nan
        half = walks // 2 * step
        points = self.results.design["point"]
        found = []
        for rows in (points < half, (points >= half) & (points < 2 * half)):
            table = morris(
                self.results.runs,
                self.results.design[rows],
                self.outcome,
                self.factors,
                levels=int(notes["levels"]),
                resampling=studies.resampling(self.results, draws=20),
            )
            part = table[(table["index"] == "mu_star") & (table["noise"] == "uncorrected")]
            found.append(part.set_index("factor")["estimate"].loc[list(self.ranked)].to_numpy(dtype=float))
        ranks = [stats.rankdata(values) for values in found]
        return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def page(results: Results) -> Page:
    """Return the report of a screening."""
    outcomes = studies.checked_outcomes(results)
    every = {outcome: Screening(results, outcome) for outcome in outcomes}
    first = every[outcomes[0]]
    names = titles(first.factors.units)
    told = _answer(first, names)
    sections = [_matters(first, names), _shape(first, names)]
    if len(every) > 1:
        sections.append(_others(every, names))
    sections.append(_enough(every))
    sections += studies.closing(
        results, (studies.methods(_methods(first)), ranges_table(results, first.factors)), " ".join(told)
    )
    data = {
        "effects": pd.concat(
            [with_titles(one.table, names).assign(outcome=outcome) for outcome, one in every.items()]
        )
    }
    return page_of(results, told, sections, data, "walks")


def _answer(one: Screening, names: Mapping[str, str]) -> tuple[str, str]:
    count, outcome = len(one.ranked), studies.lower_title(one.outcome)
    walks = int(one.results.notes["trajectories"])
    basis = studies.basis(
        one.results,
        f"{walks} walks × {len(one.factors.units) + 1} points × {one.results.replicates} replicates",
    )
    if one.clear:
        leader = studies.row_of(one.judged, one.clear[0])
        first = (
            f"{studies.CEILING}, {len(one.clear)} of {counted(count, 'factor')} clearly moved {outcome}: "
            f"{and_list([quoted(names[unit]) for unit in one.clear])}, the first one by "
            f"{number(leader['estimate'])} over its whole range "
            f"({studies.interval_words(leader['low'], leader['high'])})."
        )
    else:
        first = (
            f"{studies.CEILING}, none of {counted(count, 'factor')} moved {outcome} so much that it could be "
            f"told from luck; the largest estimate is that of {quoted(names[one.ranked[0]])}."
        )
    rest = count - len(one.clear)
    second = (
        f"The effects of the other {rest} cannot be told from those of a factor that does nothing with so "
        f"few walks; {basis}."
        if rest
        else f"None is as small as a factor that does nothing; {basis}."
    )
    return first, second


def _matters(one: Screening, names: Mapping[str, str]) -> Section:
    told = (
        "An elementary effect is what happens to the outcome when one factor moves over its whole range and "
        "everything else stays. Its mean size (mu*) holds replicate noise; the root mean square on the "
        "right has it taken out, and is what factors are judged by."
        if one.corrected
        else "An elementary effect is what happens to the outcome when one factor moves over its whole range "
        "and everything else stays. With one replicate, noise cannot be taken out: every factor looks "
        "larger than it is."
    )
    plot = _tornado(one, names)
    return Section(
        "matters",
        f"What moves {studies.lower_title(one.outcome)}?",
        (
            Prose((told,)),
            Picture(
                "effects",
                plot.draw,
                "The largest effects first. A factor matters clearly when its whole interval lies beyond "
                "the floor: what the dummy, which changes nothing, reaches.",
                f"Dot plot of elementary effects on {studies.lower_title(one.outcome)} with intervals.",
            ),
            _table(one, names),
        ),
    )


def _tornado(one: Screening, names: Mapping[str, str]) -> RowPlot:
    shown = list(one.ranked[:_SHOWN])
    rest = [unit for unit in shown if unit not in one.clear]
    floor = _floor(one, one.of("mu_star"))
    panels = [_panel(one, one.of("mu_star"), "Mean size (mu*), noise included", floor)]
    if one.corrected:
        panels.append(_panel(one, one.judged, "Noise taken out (rms)", _floor(one, one.judged)))
    dummy = (one.factors.dummy,) if one.factors.dummy else ()
    left = len(one.ranked) - len(shown)
    more = f" {left} smaller ones are in the table." if left else ""
    return RowPlot(
        groups=(
            Group("beyond the floor", tuple(unit for unit in shown if unit in one.clear)),
            Group("cannot be told from nothing", tuple(rest) + dummy),
        ),
        labels=dict(names),
        panels=tuple(panels),
        note=f"{_note(one)} Bars: 95 % bootstrap intervals over walks.{more}",
        stamp=studies.stamp(one.results),
        legend=(("built in by a rule: no finding", GREY, "o", False),)
        if any(builds_in(unit, one.outcome) for unit in shown)
        else (),
        keep=dummy,
    )


def _panel(one: Screening, table: pd.DataFrame, title: str, floor: float) -> Panel:
    dots = {
        str(unit): Dot(float(row["estimate"]), float(row["low"]), float(row["high"]))
        for unit, row in table.iterrows()
    }
    hollow = frozenset(unit for unit in dots if builds_in(unit, one.outcome))
    label = "floor" if floor > 0 else "0, the dummy" if one.factors.dummy else "0"
    return Panel(
        title,
        f"change over the whole range{studies.unit_words(one.outcome)}",
        (Series(dots, BLUE, hollow=hollow),),
        ((floor, label),),
    )


def _floor(one: Screening, table: pd.DataFrame) -> float:
    dummy = one.factors.dummy
    return max(0.0, float(table["high"][dummy])) if dummy is not None else 0.0


def _note(one: Screening) -> str:
    walks, replicates = int(one.results.notes["trajectories"]), counted(one.results.replicates, "replicate")
    return f"n = {walks} walks of {len(one.factors.units)} steps × {replicates}."


def _shape(one: Screening, names: Mapping[str, str]) -> Section:
    star, sigma = one.of("mu_star"), one.of("sigma", corrected=one.corrected)
    looks = (
        (True, "beyond the floor", BLUE, True),
        (False, "cannot be told from nothing", GREY, False),
    )
    clouds = []
    for clear, name, color, filled in looks:
        units = [unit for unit in one.ranked if (unit in one.clear) == clear and sigma["estimate"][unit] >= 0]
        marks = tuple(
            Mark(
                float(star["estimate"][unit]),
                float(sigma["estimate"][unit]),
                (float(star["low"][unit]), float(star["high"][unit])),
                (float(sigma["low"][unit]), float(sigma["high"][unit])),
                names[unit] if clear or n < 4 else "",
            )
            for n, unit in enumerate(units)
        )
        if marks:
            clouds.append(Cloud(marks, name, color, filled=filled))
    if one.factors.dummy is not None:
        where = Mark(float(star["estimate"][one.factors.dummy]), 0.0)
        clouds.append(Cloud((where,), "the dummy, which changes nothing", VERMILION, "X"))
    noise = "replicate noise taken out" if one.corrected else "replicate noise included"
    plot = Scatter(
        title=f"Effects on {studies.lower_title(one.outcome)}: size and unevenness",
        xlabel=f"mean size of the effect, mu*{studies.unit_words(one.outcome)}",
        ylabel=f"spread of the effect, sigma ({noise})",
        clouds=tuple(clouds),
        slopes=((1.0, "sigma = mu*: depends on the rest"), (0.1, "sigma = mu*/10: nearly straight")),
        note=f"{_note(one)} Lines: 95 % bootstrap intervals over walks.",
        stamp=studies.stamp(one.results),
    )
    return Section(
        "shape",
        "Alone, or depending on the others?",
        (
            Picture(
                "sigma",
                plot.draw,
                "To the right: large effects. High up: effects whose size depends on where the other factors "
                "are (interactions), or that are not in proportion (curvature).",
                "Scatter of mean size against spread of elementary effects.",
            ),
        ),
    )


def _others(every: Mapping[str, Screening], names: Mapping[str, str]) -> Section:
    shown = dict(list(every.items())[: _OTHER_OUTCOMES + 1])
    rows: dict[str, None] = {}
    for one in shown.values():
        rows.update(dict.fromkeys(one.clear[:10] or one.ranked[:4]))
    panels = tuple(
        _panel(one, one.judged, outcome_title(name), _floor(one, one.judged)) for name, one in shown.items()
    )
    lines = []
    for name, one in shown.items():
        told = and_list([quoted(names[unit]) for unit in one.clear], most=8) or "none"
        lines.append(f"{outcome_title(name)}: {len(one.clear)} of {len(one.ranked)} clearly ({told}).")
    first = next(iter(shown.values()))
    plot = RowPlot(
        groups=(Group("", tuple(rows)),),
        labels=dict(names),
        panels=panels,
        note=f"{_note(first)} Dots: root mean square effects"
        f"{', noise taken out' if first.corrected else ''}; bars: 95 % bootstrap intervals over walks.",
        stamp=studies.stamp(first.results),
    )
    return Section(
        "outcomes",
        "Do the same factors move the other outcomes?",
        (
            Bullets(tuple(lines)),
            Picture(
                "outcomes",
                plot.draw,
                "Factors that are among the largest for at least one outcome, on each of them.",
                "Dot plots of effects on several outcomes.",
            ),
        ),
    )


def _enough(every: Mapping[str, Screening]) -> Section:
    first = next(iter(every.values()))
    lines = []
    for name, one in every.items():
        rho = one.agreement
        if math.isfinite(rho):
            verdict = (
                "the order of the factors has settled"
                if rho >= 0.9
                else (
                    "the leading factors are likely to stay, the rest would still change places"
                    if rho >= 0.7
                    else "more walks would change the order: take it as a first look"
                )
            )
            lines.append(
                f"{outcome_title(name)}: the two halves of the walks order the factors with a rank "
                f"correlation of {number(rho, 2)}; {verdict}."
            )
        else:
            lines.append(f"{outcome_title(name)}: too few walks to compare two halves of them.")
    walks = int(first.results.notes["trajectories"])
    by_chance = math.ceil(0.025 * len(first.ranked))
    lines.append(
        f"If none of the {len(first.ranked)} factors did anything, about {by_chance} would seem clear by "
        f"chance{_FEW if walks < 10 else '.'}"
    )
    noise = studies.noise_of(first.results, first.outcome)
    return Section(
        "enough",
        "Were there enough walks?",
        (
            Bullets(tuple(lines)),
            Prose((studies.noise_words(noise),)),
            studies.noise_table(first.results, list(every)),
        ),
    )


def _table(one: Screening, names: Mapping[str, str]) -> Table:
    star, mu = one.of("mu_star"), one.of("mu")
    sigma = one.of("sigma", corrected=one.corrected)
    units: Sequence[str] = [*one.ranked, *([one.factors.dummy] if one.factors.dummy else [])]
    rows: list[tuple[Cell | str, ...]] = []
    for unit in units:
        marks = ["clear"] if unit in one.clear else []
        marks += ["built in"] if builds_in(unit, one.outcome) else []
        rows.append(
            (
                Cell(names[unit], ", ".join(marks)),
                _with_ends(studies.row_of(star, unit)),
                _with_ends(studies.row_of(one.judged, unit)),
                _with_ends(studies.row_of(mu, unit)),
                number(float(sigma["estimate"][unit]), 4),
            )
        )
    noise = "noise taken out" if one.corrected else "noise included"
    return Table(
        ("factor", "mu* (95 % interval)", f"rms, {noise}", "mu, with its sign", f"sigma, {noise}"),
        tuple(rows),
        frozenset({1, 2, 3, 4}),
        folded=f"The numbers: {counted(len(rows), 'factor')}",
    )


def _with_ends(row: Mapping[str, Any]) -> str:
    values = [float(row[name]) for name in ("estimate", "low", "high")]
    if not np.isfinite(values[0]):
        return "–"
    return f"{number(values[0], 4)} ({number(values[1], 4)} to {number(values[2], 4)})"


def _methods(one: Screening) -> tuple[str, ...]:
    notes, results = one.results.notes, one.results
    step = "share their luck, so that a step shows the factor and not the dice"
    luck = step if results.worlds == int(notes["trajectories"]) else "have luck of their own"
    return (
        studies.designed(
            results,
            f"Morris screening of {counted(len(one.ranked), 'factor')}"
            f"{' and a dummy that changes nothing' if one.factors.dummy else ''}: "
            f"{notes['trajectories']} walks through a grid of {notes['levels']} levels (SALib), each moving "
            f"every factor once; points of a walk {luck}.",
        ),
        "Indices: mu* (mean absolute effect, Campolongo et al. 2007, doi:10.1016/j.envsoft.2006.10.004) and "
        "sigma (standard deviation, Morris 1991, doi:10.1080/00401706.1991.10484804); rms is the root mean "
        "square effect. In the corrected versions every square is a product of two different replicates, so "
        "that replicate noise drops out. Intervals are 95 % percentile bootstraps over walks (500 draws, "
        "seed 1), not corrected for looking at many factors; a factor is called clear when its interval lies "
        "wholly above the upper end of the dummy's.",
    )


KIND = ReportKind("screen", page)
