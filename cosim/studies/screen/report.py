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
from cosim.formatting.words import and_list, counted, number, quoted
from cosim.outcomes import outcome_title
from cosim.reporting.blocks import Bullets, Cell, Page, Picture, Prose, Section, Table
from cosim.studies import common
from cosim.studies.factor_titles import builds_in, factors_of, ranges_table, titles, with_titles
from cosim.studies.report_kind import ReportKind, page_of
from cosim.studies.results import Results
from cosim.studies.screen import figures

_OTHER_OUTCOMES = 3
_WALKS = 10
"""With fewer walks, bootstrap intervals are too narrow to call a factor clear."""


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
            resampling=common.resampling(self.results),
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
    def too_few(self) -> str:
        """What there is too little of to call any factor clear, in words; empty when there is enough."""
        walks = int(self.results.notes["trajectories"])
        if walks < _WALKS:
            return f"{walks} walks are too few to call any factor clear (at least {_WALKS} are needed)"
        return "" if self.corrected else "one replicate is too few to call any factor clear"

    @cached_property
    def clear(self) -> tuple[str, ...]:
        """Those whose whole interval lies above what a factor that does nothing reaches, largest first."""
        above = self.judged["above_floor"]
        return () if self.too_few else tuple(unit for unit in self.ranked if bool(above[unit]))

    @cached_property
    def built_in(self) -> frozenset[str]:
        """Factors that move the outcome by the construction of a rule, and groups that hold one."""
        pairs = zip(self.factors.names, self.factors.membership, strict=True)
        return frozenset(unit for name, unit in pairs if builds_in(name, self.outcome))

    @cached_property
    def agreement(self) -> float:
        """Rank correlation of mean absolute effects between the halves of the walks; nan without an order."""
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
                resampling=common.resampling(self.results, draws=20),
            )
            part = table[(table["index"] == "mu_star") & (table["noise"] == "uncorrected")]
            found.append(part.set_index("factor")["estimate"].loc[list(self.ranked)].to_numpy(dtype=float))
        ranks = [stats.rankdata(values) for values in found]
        if any(np.ptp(rank) == 0 for rank in ranks):
            return math.nan
        return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def page(results: Results) -> Page:
    """Return the report of a screening."""
    outcomes = common.checked_outcomes(results)
    every = {outcome: Screening(results, outcome) for outcome in outcomes}
    first = every[outcomes[0]]
    names = titles(first.factors.units)
    told = _answer(first, names)
    sections = [_matters(first, names), _shape(first, names)]
    if len(every) > 1:
        sections.append(_others(every, names))
    sections.append(_enough(every))
    sections += common.closing(
        results, (common.methods(_methods(first)), ranges_table(results, first.factors)), " ".join(told)
    )
    data = {
        "effects": pd.concat(
            [with_titles(one.table, names).assign(outcome=outcome) for outcome, one in every.items()]
        )
    }
    return page_of(results, told, sections, data, "walks")


def _answer(one: Screening, names: Mapping[str, str]) -> tuple[str, str]:
    outcome = common.lower_title(one.outcome)
    built_in = [unit for unit in one.ranked if unit in one.built_in]
    free = [unit for unit in one.ranked if unit not in one.built_in]
    clear = [unit for unit in one.clear if unit in free]
    count = f"{counted(len(free), 'factor')}{' whose effect is not built in' if built_in else ''}"
    walks = int(one.results.notes["trajectories"])
    if clear:
        leader = common.row_of(one.judged, clear[0])
        told = (
            f"{len(clear)} of {count} clearly moved {outcome}: {_listed(clear, names)}, the first one by "
            f"{number(leader['estimate'])} over its whole range "
            f"({common.interval_words(leader['low'], leader['high'])})"
        )
    elif not free:
        told = f"a rule builds in what every factor does to {outcome}: there is nothing to find"
    elif one.too_few:
        told = f"{one.too_few}; {_largest(one, names)}"
    else:
        told = (
            f"of {count}, none moved {outcome} beyond replicate noise; the largest estimate "
            f"is that of {quoted(names[free[0]])}"
        )
    second = []
    if len(free) > len(clear) and not one.too_few:
        rest = counted(len(free) - len(clear), "other factor" if clear else "factor")
        are = "is" if len(free) - len(clear) == 1 else "are"
        second.append(
            f"{rest} {are} not distinguishable from the dummy, a factor that does nothing, with {walks} walks"
        )
    elif one.too_few:
        second.append(f"Which effects on {outcome} go beyond replicate noise is still open")
    elif clear:
        second.append("None is as small as a factor that does nothing")
    if built_in:
        second.append(f"a rule builds in the effect of {_listed(built_in, names)}, which is no finding")
    replicates = counted(one.results.replicates, "replicate")
    points = f"{walks} walks × {len(one.factors.units) + 1} points × {replicates}"
    second.append(common.basis(one.results, points))
    return f"{common.CEILING}, {told}.", _sentence("; ".join(second))


def _listed(units: Sequence[str], names: Mapping[str, str]) -> str:
    return and_list([quoted(names[unit]) for unit in units])


def _largest(one: Screening, names: Mapping[str, str]) -> str:
    """Name the largest estimates of those that are not built in; the box and the list below say the same."""
    units = [unit for unit in one.ranked if unit not in one.built_in][:3]
    if not units:
        return "a rule builds in what every factor does"
    many = len(units) > 1
    return f"the largest {'estimates are those' if many else 'estimate is that'} of {_listed(units, names)}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


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
    return Section(
        "matters",
        f"What moves {common.lower_title(one.outcome)}?",
        (
            Prose((told,)),
            Picture(
                "effects",
                figures.effects(one, names).draw,
                f"The largest effects first. {_judging(one)}",
                f"Dot plot of elementary effects on {common.lower_title(one.outcome)} with intervals.",
            ),
            _table(one, names),
        ),
    )


def _judging(one: Screening) -> str:
    """Say when a factor matters clearly."""
    if one.too_few:
        return _sentence(one.too_few)
    return (
        "A factor matters clearly when its whole interval lies beyond the floor: what the dummy, which "
        "changes nothing, reaches."
    )


def _shape(one: Screening, names: Mapping[str, str]) -> Section:
    return Section(
        "shape",
        "Alone, or depending on the others?",
        (
            Picture(
                "sigma",
                figures.spread(one, names).draw,
                "To the right: large effects. High up: effects whose size depends on where the other factors "
                "are (interactions), or that are not in proportion (curvature).",
                "Scatter of mean size against spread of elementary effects.",
            ),
        ),
    )


def _others(every: Mapping[str, Screening], names: Mapping[str, str]) -> Section:
    shown = dict(list(every.items())[: _OTHER_OUTCOMES + 1])
    lines = []
    for name, one in shown.items():
        free = [unit for unit in one.ranked if unit not in one.built_in]
        clear = [unit for unit in one.clear if unit not in one.built_in]
        told = and_list([quoted(names[unit]) for unit in clear], most=8) or "none"
        built_in = [unit for unit in one.ranked if unit in one.built_in]
        apart = f"; built in by a rule: {_listed(built_in, names)}" if built_in else ""
        lines.append(
            f"{outcome_title(name)}: {_largest(one, names)}{apart}."
            if one.too_few
            else f"{outcome_title(name)}: {len(clear)} of {len(free)} clearly ({told}){apart}."
        )
    return Section(
        "outcomes",
        "Do the same factors move the other outcomes?",
        (
            Bullets(tuple(lines)),
            Picture(
                "outcomes",
                figures.several(shown, names).draw,
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
            lines.append(f"{outcome_title(name)}: the two halves of the walks cannot be compared.")
    by_chance = math.ceil(0.025 * len(first.ranked))
    lines.append(
        _sentence(first.too_few)
        if first.too_few
        else f"If nothing did anything, about {by_chance} of {counted(len(first.ranked), 'factor')} would "
        "seem clear by chance."
    )
    noise = common.noise_of(first.results, first.outcome)
    return Section(
        "enough",
        "Were there enough walks?",
        (
            Bullets(tuple(lines)),
            Prose((common.noise_words(noise),)),
            common.noise_table(first.results, list(every)),
        ),
    )


def _table(one: Screening, names: Mapping[str, str]) -> Table:
    star, mu = one.of("mu_star"), one.of("mu")
    sigma = one.of("sigma", corrected=one.corrected)
    units: Sequence[str] = [*one.ranked, *([one.factors.dummy] if one.factors.dummy else [])]
    rows: list[tuple[Cell | str, ...]] = []
    for unit in units:
        marks = ["clear"] if unit in one.clear else []
        marks += ["built in"] if unit in one.built_in else []
        rows.append(
            (
                Cell(names[unit], ", ".join(marks)),
                _with_ends(common.row_of(star, unit)),
                _with_ends(common.row_of(one.judged, unit)),
                _with_ends(common.row_of(mu, unit)),
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
        common.designed(
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
        f"wholly above the upper end of the dummy's, given at least {_WALKS} walks and 2 replicates.",
    )


KIND = ReportKind("screen", page)
