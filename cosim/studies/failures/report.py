"""failures: under which conditions an arm does not do what it should."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from cosim.analysis.boxes import Box
from cosim.analysis.cart import CartResult, CartSettings, cart
from cosim.analysis.intervals import Interval, wilson_interval
from cosim.analysis.prim import PrimResult, PrimSettings, prim, prim_boxes, reproducibility
from cosim.analysis.tables import Factors, cube
from cosim.formatting.words import counted, number, percent, quoted
from cosim.outcomes import outcome_title
from cosim.reporting.blocks import Block, Bullets, Cell, Flag, Page, Picture, Prose, Section, Table
from cosim.studies import common
from cosim.studies.arm_titles import BASELINE, arms_of
from cosim.studies.factor_titles import titles
from cosim.studies.failures import figures
from cosim.studies.report_kind import ReportKind, page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import Results

_HALVES = 30


@dataclass(frozen=True)
class Failures:
    """A search for failures, worked out.

    Attributes
    ----------
    results : Results
    """

    results: Results

    @property
    def arm(self) -> str:
        """The way of working that should do its work."""
        return str(self.results.notes["arm"])

    @property
    def title(self) -> str:
        """What people call it."""
        found = arms_of(self.results)
        return found[self.arm].title

    @property
    def outcome(self) -> str:
        """The outcome by which it is judged."""
        return str(self.results.notes["outcome"])

    @property
    def criterion(self) -> str:
        """When it fails, in words."""
        below = self.results.notes["below"]
        side = "below" if below is not None else "above"
        value = below if below is not None else self.results.notes["above"]
        return f"{side} {value:g}"

    @cached_property
    def means(self) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
        """Mean outcome of every arm in every world."""
        table = cube(self.results.runs, self.outcome)
        return {arm: table.arm(arm).mean(axis=1) for arm in table.arms}

    def failing(self, arm: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Say in which worlds an arm fails."""
        notes, means = self.results.notes, self.means[arm]
        failed = means < notes["below"] if notes["below"] is not None else means > notes["above"]
        return np.asarray(failed, dtype=np.bool_)

    def share(self, arm: str) -> Interval:
        """Share of worlds in which an arm fails, with its Wilson interval."""
        failed = self.failing(arm)
        return wilson_interval(float(failed.sum()), len(failed))

    @cached_property
    def design(self) -> pd.DataFrame:
        """The design points of the arm."""
        rows = self.results.design[self.results.design["arm"] == self.arm]
        return rows.sort_values("world", ignore_index=True)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """A row per world: whether the arm fails in it."""
        return pd.DataFrame({"point": self.design["point"], "failing": self.failing(self.arm).astype(float)})

    @cached_property
    def factors(self) -> Factors:
        """The sampled parameters."""
        known = [name for name in self.results.notes["factors"] if name in self.design.columns]
        return Factors([name for name in known if self.design[name].nunique() > 1])

    @property
    def searchable(self) -> bool:
        """Whether it fails in some worlds and not in others."""
        failed = self.failing(self.arm)
        return bool(0 < failed.sum() < len(failed))

    @cached_property
    def prim_settings(self) -> PrimSettings:
        """Wanted density: 0.8, or half-way from the overall share to 1 where failures are common."""
        share = float(self.failing(self.arm).mean())
        return PrimSettings(density=max(0.8, 0.5 * (1 + share)))

    @cached_property
    def boxes(self) -> list[PrimResult]:
        """Boxes of the wanted density, each outside of those before; the densest one when none is."""
        found = prim_boxes(self.design, self.cases, self.factors, self.prim_settings)
        return found or [prim(self.design, self.cases, self.factors, self.prim_settings)]

    @cached_property
    def stable(self) -> pd.DataFrame:
        """How often each parameter is restricted in random halves of the worlds."""
        how = common.resampling(self.results, draws=_HALVES)
        return reproducibility(self.design, self.cases, self.factors, self.prim_settings, how)

    @cached_property
    def tree(self) -> CartResult:
        """A classification tree."""
        return cart(self.design, self.cases, self.factors, CartSettings(depth_max=3))

    def row(self, result: PrimResult) -> dict[str, Any]:
        """Return coverage, density and mass of a picked box."""
        return {str(key): value for key, value in result.trajectory.iloc[result.picked].items()}


def page(results: Results) -> Page:
    """Return the report of a search for failures."""
    one = Failures(results)
    common.checked_outcomes(results, one.outcome)
    names = titles(one.factors.names)
    told = _answer(one, names)
    sections = [_how_often(one)]
    data = {"cases": one.cases.merge(one.design, on="point")}
    if one.searchable:
        sections += [_conditions(one, names), _tree(one, names)]
        data["boxes"] = pd.concat([each.trajectory.assign(search=n) for n, each in enumerate(one.boxes, 1)])
        limits = pd.concat([each.limits.assign(search=n) for n, each in enumerate(one.boxes, 1)])
        data |= {"limits": limits} if len(limits) else {}
        data["tree"] = one.tree.leaves
        data["reproducibility"] = one.stable
    sections += common.closing(results, (common.methods(_methods(one)),), " ".join(told), arm=BASELINE)
    return page_of(results, told, sections, data)


def _answer(one: Failures, names: dict[str, str]) -> tuple[str, str]:
    share = one.share(one.arm)
    title, outcome = quoted(one.title), common.lower_title(one.outcome)
    usual = one.share(BASELINE) if BASELINE in one.means and one.arm != BASELINE else None
    beside = f", against {percent(usual.estimate)} without it" if usual else ""
    first = (
        f"{common.CEILING}, {title} left {outcome} {one.criterion} in {percent(share.estimate)} of "
        f"{counted(share.n, 'sampled setting')} (95 % interval {percent(share.low)} to {percent(share.high)})"
        f"{beside}."
    )
    basis = common.basis(one.results)
    if not one.searchable:
        always = "in every one" if share.estimate else "in none"
        return first, f"It fails {always} of them, so there are no conditions to tell apart; {basis}."
    box = one.boxes[0]
    row = one.row(box)
    if not box.box.restricted:
        return first, f"No condition was found under which it fails more often than elsewhere; {basis}."
    second = (
        f"It fails most where {box_words(box.box, names)}: in {percent(float(row['density']))} of the "
        "settings "
        f"there, which hold {percent(float(row['coverage']))} of all its failures"
    )
    return first, f"{second}; {basis}."


def box_words(box: Box, names: dict[str, str]) -> str:
    """Say the limits of a box with the parameters' titles."""
    parts = []
    for name, (low, high) in box.ranges.items():
        title = quoted(names[name])
        if math.isfinite(low) and math.isfinite(high):
            parts.append(f"{title} is {number(low, 2)} to {number(high, 2)}")
        else:
            parts.append(
                f"{title} is at least {number(low, 2)}"
                if math.isfinite(low)
                else f"{title} is at most {number(high, 2)}"
            )
    for name, allowed in box.categories.items():
        parts.append(f"{quoted(names[name])} is {' or '.join(map(str, allowed))}")
    return " and ".join(parts) or "anything"


def _how_often(one: Failures) -> Section:
    worlds = len(next(iter(one.means.values())))
    told = (
        f"It fails in a setting when the mean of {common.lower_title(one.outcome)} over "
        f"{counted(one.results.replicates, 'replicate')} is {one.criterion}."
    )
    noise = common.noise_of(one.results, one.outcome, one.design)
    blocks: list[Block] = [
        Prose((told, common.noise_words(noise))),
        Picture(
            "shares",
            figures.shares(one).draw,
            "The share of settings in which each way of working leaves the outcome beyond the line.",
            "Dot plot of the share of settings in which each arm fails.",
        ),
    ]
    if worlds < 200:
        blocks.append(
            Flag(
                "Few settings",
                (f"Conditions found in {worlds} settings are a first look; several hundred are usual.",),
            )
        )
    return Section("shares", "How often does it fail?", tuple(blocks))


def _conditions(one: Failures, names: dict[str, str]) -> Section:
    lines = []
    for n, box in enumerate(one.boxes, 1):
        row = one.row(box)
        lines.append(
            f"Box {n}: {box_words(box.box, names)}. {counted(int(row['n_points']), 'setting')}; density "
            f"{percent(float(row['density']))} (share of these that fail), coverage "
            f"{percent(float(row['coverage']))} (share of all failures that lie in it)."
        )
    lead = (
        "PRIM peels the space of parameters down to boxes in which failures are dense, and pastes back what "
        "it "
        "took too much of. The data chose the limits, so densities are best cases."
    )
    blocks: list[Block] = [Prose((lead,))]
    if not one.boxes[0].box.restricted:
        blocks.append(
            Prose(("No box was found: nowhere in the space do failures lie denser than elsewhere.",))
        )
    else:
        blocks += [Bullets(tuple(lines)), _limits_table(one, names)]
    if any(box.box.restricted for box in one.boxes):
        blocks.append(
            Picture(
                "boxes",
                figures.limits(one, names).draw,
                "Each bar is the part of a parameter's sampled range that the box keeps; the right panel "
                "says how "
                "often the parameter is restricted in random halves of the settings.",
                "Ranges of the boxes' limits.",
            )
        )
        if len(one.boxes[0].box.ranges) >= 1:
            blocks.append(
                Picture(
                    "settings",
                    figures.settings(one, names).draw,
                    "Every mark is a setting. The box is shown in two of its parameters.",
                    "Scatter of settings that fail and that do not, with the box.",
                )
            )
    blocks += [
        Picture(
            "trajectory",
            figures.trajectory(one).draw,
            "The price of density: as the box shrinks it holds more failures for its size, and fewer of them "
            "all.",
            "Curve of coverage against density along the peeling.",
        ),
        _stable_table(one, names),
    ]
    return Section("conditions", "Under which conditions?", tuple(blocks))


def _limits_table(one: Failures, names: dict[str, str]) -> Table:
    rows: list[tuple[Cell | str, ...]] = []
    for n, box in enumerate(one.boxes, 1):
        for _, limit in box.limits.iterrows():
            value = limit["limit"]
            told = number(float(value), 3) if isinstance(value, (int, float)) else ", ".join(map(str, value))
            rows.append(
                (
                    Cell(names[str(limit["factor"])], f"box {n}"),
                    f"{limit['side']} {told}",
                    _p(float(limit["quasi_p"])),
                    percent(float(limit["density_without"])),
                )
            )
    return Table(
        ("condition", "limit", "quasi-p", "density without it"),
        tuple(rows),
        frozenset({2, 3}),
        caption="Quasi-p: how likely so many failures would be if this limit did not matter. No p-value: "
        "the data chose the limit. Limits above 0.05 were dropped.",
    )


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else number(value, 3)


def _stable_table(one: Failures, names: dict[str, str]) -> Table:
    shown = one.stable[one.stable["restricted_share"] > 0].head(12)
    rows = tuple(
        (names[str(row["factor"])], percent(float(row["restricted_share"]))) for _, row in shown.iterrows()
    )
    return Table(
        ("parameter", "restricted, % of halves"),
        rows,
        frozenset({1}),
        folded=f"How stable it is: {len(rows)} parameters that some half of the settings restricts",
    )


def _tree(one: Failures, names: dict[str, str]) -> Section:
    rows: list[tuple[Cell | str, ...]] = []
    for box, (_, leaf) in zip(one.tree.boxes, one.tree.leaves.iterrows(), strict=True):
        rows.append(
            (
                box_words(box, names),
                percent(float(leaf["density"])),
                percent(float(leaf["coverage"])),
                f"{int(leaf['n_points']):,}",
            )
        )
    single = (
        Prose(("Cross-validation kept no split: the tree does no better than the overall share.",)),
    ) if len(rows) == 1 else ()  # fmt: skip
    table = Table(
        ("where", "settings that fail", "share of all failures", "settings"),
        tuple(rows),
        frozenset({1, 2, 3}),
        caption="Leaves of a classification tree (CART), the densest first; pruned by cross-validation.",
    )
    found = {name for box in one.tree.boxes for name in box.restricted}
    both = [names[name] for name in one.boxes[0].box.restricted if name in found]
    told = (
        f"Tree and boxes agree on {', '.join(quoted(name) for name in both)}."
        if both
        else "Tree and boxes share no parameter: neither should be trusted by itself."
    )
    return Section("tree", "Does a tree find the same?", (*single, Prose((told,)), table))


def _methods(one: Failures) -> tuple[str, ...]:
    results = one.results
    settings = one.prim_settings
    return (
        common.designed(
            results, f"Scenario discovery: {quoted(one.title)} in {results.worlds:,} sampled settings."
        ),
        f"{sampler_words(results)} {pairing_words(results)}",
        f"A setting counts as a failure when the mean of {outcome_title(one.outcome)} is {one.criterion}. "
        "Boxes "
        "are found by PRIM (Friedman & Fisher 1999, doi:10.1023/A:1008894516817; Bryant & Lempert 2010, "
        f"doi:10.1016/j.techfore.2009.08.002): steps of {percent(settings.peel_alpha)}, boxes of at least "
        f"{percent(settings.mass_min)} of the settings, wanted density {number(settings.density, 2)}; of "
        f"{len(one.factors.names)} parameters. Stability: {_HALVES} random halves (seed 1). The tree is CART "
        "with "
        "the one-standard-error rule. Shares of settings have 95 % Wilson intervals.",
    )


KIND = ReportKind("failures", page)
