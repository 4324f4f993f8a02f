"""factorial: what each factor does by itself, and which of them help or hinder each other."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.heatmap import Grid, Value
from cosim.charts.style import BLUE, GREY
from cosim.formatting.words import and_list, counted, decimals, percent, quoted, signed, span
from cosim.outcomes import outcome_title
from cosim.reporting.blocks import Block, Bullets, Cell, Flag, Page, Picture, Prose, Section, Table
from cosim.studies import common
from cosim.studies.factor_titles import builds_in, factors_of, ranges_table, titles
from cosim.studies.factorial.findings import ALPHA, Factorial
from cosim.studies.report_head import page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import Results
from cosim.studies.shared_findings import checked_outcomes, noise_of


def page(results: Results) -> Page:
    """Return the report of a factorial study."""
    outcomes = checked_outcomes(results)
    every = {outcome: Factorial(results, outcome) for outcome in outcomes}
    first = every[outcomes[0]]
    names = titles(first.names)
    told = _answer(first, names)
    sections = [_mains(every, names)]
    if (first.effects["order"] == 2).any():
        sections.append(_pairs(every, names))
    sections.append(_numbers(every, names))
    how = (common.methods(_methods(first)), ranges_table(results, factors_of(results)))
    sections += common.closing(results, how, " ".join(told))
    table = pd.concat([one.table.assign(outcome=outcome) for outcome, one in every.items()])
    return page_of(results, told, sections, {"effects": table})


def term_words(term: str, names: Mapping[str, str]) -> str:
    """Return what people call an effect: ``Round robin × Buddy``."""
    return " × ".join(names[name] for name in term.split("*"))


def _answer(one: Factorial, names: Mapping[str, str]) -> tuple[str, str]:
    outcome, mains, pairs = common.lower_title(one.outcome), one.of_order(1), one.of_order(2)
    found = mains[mains["clear"] & ~mains["built_in"]]
    free = int((~mains["built_in"]).sum())
    if len(found):
        first = (
            f"{common.CEILING}, {'the one' if free == 1 else f'{len(found)} of the {free}'} "
            f"{'factor' if free == 1 else 'factors'} whose effect is not built in clearly moved {outcome}, "
            "averaged over all settings of the others: "
            f"{_listed(found, names)}."
        )
    else:
        first = (
            f"{common.CEILING}, {_none_of(free)} clearly moved {outcome} on average over all settings of "
            "the "
            "others."
            if free
            else f"{common.CEILING}, a rule builds in what every factor does to {outcome}: there is nothing "
            "to find."
        )
    second = ""
    if len(pairs):
        clear = pairs[pairs["clear"]]
        count = counted(len(pairs), "pair")
        second = (
            f"{len(clear)} of {count} clearly {'depends' if len(clear) == 1 else 'depend'} on each other: "
            f"{_listed(clear, names)}"
            if len(clear)
            else f"no interaction is clear ({count})"
        )
    built_in = mains[mains["built_in"]]
    if len(built_in):
        second += f"{'; ' if second else ''}by construction, which is no finding: {_listed(built_in, names)}"
    second += f"{'; ' if second else ''}{common.basis(one.results)}."
    return first, common.with_first_look(one.results, second)


def _none_of(free: int) -> str:
    if free == 1:
        return "the one factor whose effect is not built in has not"
    return f"none of the {free} factors whose effect is not built in"


def _listed(rows: pd.DataFrame, names: Mapping[str, str], most: int = 3) -> str:
    told = []
    for term, row in rows.head(most).iterrows():
        ends = common.interval_words(float(row["low"]), float(row["high"]), decimals([row["effect"]]))
        mark = ", in part built in" if row["built_in"] and "*" in str(term) else ""
        size = signed(row["effect"], decimals([row["effect"]]))
        told.append(f"{quoted(term_words(str(term), names))} {size} ({ends}{mark})")
    if len(rows) > most:
        told.append(f"{len(rows) - most} more")
    return and_list(told, most=most + 1)


def _mains(every: Mapping[str, Factorial], names: Mapping[str, str]) -> Section:
    first = next(iter(every.values()))
    order = tuple(str(term) for term in first.of_order(1).sort_values("effect", kind="stable").index)
    free = tuple(name for name in order if not builds_in(name, first.outcome))
    panels = []
    for outcome, one in list(every.items())[:3]:
        rows = one.of_order(1)
        dots = {
            str(term): Dot(float(row["effect"]), float(row["low"]), float(row["high"]))
            for term, row in rows.iterrows()
        }
        hollow = frozenset(str(term) for term in rows.index[rows["built_in"]])
        panels.append(
            Panel(
                outcome_title(outcome),
                f"effect{common.unit_words(first.results, outcome)}",
                (Series(dots, BLUE, hollow=hollow),),
                ((0.0, "no effect"),),
            )
        )
    plot = RowPlot(
        groups=(
            Group("", free),
            Group("built in by a rule, not a finding", tuple(name for name in order if name not in free)),
        ),
        labels=dict(names),
        panels=tuple(panels),
        note=_note(first)
        + " Dots: mean with the factor high minus mean with it low, over all settings of the "
        f"others; bars: 95 % t intervals over {_units(first)}.",
        stamp=common.stamp(first.results),
        legend=(("hollow: built in by a rule", GREY, "o", False),) if len(free) < len(order) else (),
    )
    blocks: list[Block] = [
        Picture(
            "effects",
            plot.draw,
            "Main effects: what each factor does on average over all combinations of the others.",
            "Dot plot of main effects with intervals.",
        )
    ]
    sentence = first.aliasing.sentence()
    blocks.append(
        Prose((sentence,))
        if first.aliasing.resolution is None
        else Flag("What this fraction cannot tell apart", (_named(sentence, names),))
    )
    return Section("effects", "What does each do by itself?", tuple(blocks))


def _named(sentence: str, names: Mapping[str, str]) -> str:
    for name, title in names.items():
        sentence = sentence.replace(name, title)
    return sentence.replace("*", " × ")


def _pairs(every: Mapping[str, Factorial], names: Mapping[str, str]) -> Section:
    blocks: list[Block] = [
        Prose(
            (
                "An interaction says by how much the effect of one factor is larger when the other is high "
                "than on average. Where both effects point the same way, an interaction the other way means "
                "that the two do part of the same work.",
            )
        )
    ]
    for outcome, one in every.items():
        pairs, clear = one.of_order(2), one.of_order(2)["clear"]
        blocks.append(
            Picture(
                f"interactions_{outcome}",
                _matrix(one, names).draw,
                f"{outcome_title(outcome)}: {int(clear.sum())} of {len(pairs)} interactions are clear after "
                "allowing for so many looks. An asterisk marks pairs with a factor whose effect is built in.",
                f"Matrix of interactions on {common.lower_title(outcome)}.",
            )
        )
    return Section("interactions", "Which of them help or hinder each other?", tuple(blocks))


def _matrix(one: Factorial, names: Mapping[str, str]) -> Grid:
    cells: dict[tuple[str, str], Value] = {}
    rows = one.of_order(2)
    for term, row in rows.iterrows():
        first, second = str(term).split("*")
        clear = bool(row["low"] > 0 or row["high"] < 0)
        cells[second, first] = Value(float(row["effect"]), clear, "*" if row["built_in"] else "")
    finite = [float(value) for value in rows["effect"] if math.isfinite(value)]
    return Grid(
        title=f"Interactions: {outcome_title(one.outcome)}",
        rows=one.names[1:],
        columns=one.names[:-1],
        labels=names,
        cells=cells,
        ends=("lower together", "higher together"),
        note=_note(one)
        + " Cells: half the difference of one factor's effect between the other's levels; bold: "
        "the 95 % t interval excludes 0 (not corrected for the number of cells).",
        stamp=common.stamp(one.results),
        digits=max(2, decimals(finite)),
    )


def _numbers(every: Mapping[str, Factorial], names: Mapping[str, str]) -> Section:
    first = next(iter(every.values()))
    blocks: list[Block] = [
        Bullets(
            (
                common.noise_words(noise_of(first.results, first.outcome)),
                f"An effect is clear when its interval excludes 0 at a level that shares {percent(ALPHA)} "
                f"of error among all {len(first.effects)} effects (Bonferroni).",
            )
        ),
        common.noise_table(first.results, list(every)),
    ]
    blocks += [_table(one, names) for one in every.values()]
    return Section("numbers", "How sure is that?", tuple(blocks))


def _table(one: Factorial, names: Mapping[str, str]) -> Table:
    rows: list[tuple[Cell | str, ...]] = []
    for order in sorted(one.effects["order"].unique().tolist()):
        for term, row in one.of_order(order).iterrows():
            digits = decimals([float(row[name]) for name in ("effect", "low", "high")])
            marks = [word for word in ("clear", "built_in") if row[word]]
            rows.append(
                (
                    Cell(term_words(str(term), names), ", ".join(marks).replace("_", " ")),
                    f"{signed(row['effect'], digits)} ({span(row['low'], row['high'], digits)})",
                    _named(str(row["aliased_with"]), names) or "nothing",
                )
            )
    return Table(
        ("effect", "size (95 % interval)", "mixed up with"),
        tuple(rows),
        frozenset({1}),
        folded=f"The numbers: {outcome_title(one.outcome)}, {counted(len(rows), 'effect')}",
    )


def _units(one: Factorial) -> str:
    """Return what intervals are over, in the word of the page."""
    return "settings" if one.results.worlds > 1 else "replicates"


def _note(one: Factorial) -> str:
    results = one.results
    treatments = results.design["arm"].nunique()
    return (
        f"n = {treatments:,} treatments × {counted(results.worlds, 'setting')} × "
        f"{counted(results.replicates, 'replicate')}."
    )


def _methods(one: Factorial) -> tuple[str, ...]:
    results = one.results
    resolution = results.notes["resolution"]
    kind = (
        "A full two-level factorial"
        if resolution == "full"
        else f"A two-level fraction of resolution {resolution}"
    )
    return (
        common.designed(results, f"{kind} of {counted(len(one.names), 'factor')}, each low or high."),
        f"{sampler_words(results)} {pairing_words(results)}",
        "Effects are contrasts within each setting (Box, Hunter & Hunter 2005, Statistics for Experimenters, "
        f"chapters 5 – 6); intervals are 95 % t intervals with {_units(one)} as the "
        "independent units.",
    )
