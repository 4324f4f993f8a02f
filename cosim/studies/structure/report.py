"""structure: which findings survive when a mechanism is switched off or takes its rival form."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.heatmap import Grid, Value
from cosim.charts.style import GREEN
from cosim.formatting.words import (
    and_list,
    counted,
    decimals,
    number,
    percent,
    plain_name,
    quoted,
    signed,
    span,
)
from cosim.outcomes import outcome_title
from cosim.reporting.blocks import Block, Bullets, Cell, Page, Picture, Prose, Section, Table
from cosim.studies import common
from cosim.studies.arm_titles import BASELINE, BUILT_IN, EMERGENT
from cosim.studies.report_head import page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import Results
from cosim.studies.shared_findings import checked_outcomes, noise_of
from cosim.studies.structure.design import AS_IT_IS
from cosim.studies.structure.findings import Structures

_VERDICTS: Mapping[str, str] = {
    "survives all": "keeps its sign, clearly, in every form",
    "weakens": "is not clear in some forms, reversed in none",
    "reversed": "clearly points the other way in some form",
    "unclear to begin with": "is not clear in the model as it is",
}


def page(results: Results) -> Page:
    """Return the report of a study of structure."""
    outcomes = checked_outcomes(results)
    every = {outcome: Structures(results, outcome) for outcome in outcomes}
    first = every[outcomes[0]]
    told = _answer(first)
    sections = [_matrix_section(every), _ranks(every), _forms(first), _numbers(every)]
    sections += common.closing(results, (common.methods(_methods(first)),), " ".join(told), arm=BASELINE)
    data = {
        "effects": pd.concat([one.effects for one in every.values()], ignore_index=True),
        "survival": pd.concat([one.survival.reset_index() for one in every.values()], ignore_index=True),
    }
    return page_of(results, told, sections, data)


def _answer(one: Structures) -> tuple[str, str]:
    outcome, found = common.lower_title(one.outcome), one.findings()
    forms = counted(len(one.forms), "other form") + " of the model"
    basis = common.basis(one.results)
    warning = common.first_look(one.results)
    if found.empty and warning:
        return (
            f"{common.CEILING}, there is nothing yet to put to the test: no way of working whose effect "
            f"emerges clearly changed {outcome} in the model as it is; {warning}.",
            f"It was tried in {forms}; {basis}.",
        )
    if found.empty:
        return (
            f"{common.CEILING}, there is no finding to put to the test: no way of working whose effect "
            f"emerges clearly changed {outcome} in the model as it is.",
            f"It was tried in {forms}; {basis}.",
        )
    kept, lost, turned = (
        [quoted(one.arms[str(arm)].title) for arm in found.index[found["verdict"] == verdict]]
        for verdict in ("survives all", "weakens", "reversed")
    )
    if warning:
        return _looked_at(one, found, warning)
    first = (
        f"{common.CEILING}, {len(kept)} of {counted(len(found), 'clear effect')} on {outcome} "
        f"{'keeps its' if len(kept) == 1 else 'keep their'} sign clearly in all {forms}"
        f"{f': {and_list(kept)}' if kept else ''}."
    )
    parts = (
        [f"{and_list(lost)} {'is' if len(lost) == 1 else 'are'} not clear in some of them"] if lost else []
    )
    if turned:
        parts.append(f"{and_list(turned)} {'points' if len(turned) == 1 else 'point'} the other way in some")
    if not parts:
        parts = ["no form of the model takes an effect away or turns it round"]
    second = "; ".join(parts)
    return first, f"{second[:1].upper()}{second[1:]}; {basis}."


def _looked_at(one: Structures, found: pd.DataFrame, warning: str) -> tuple[str, str]:
    """Say what a study of too few settings shows: signs of estimates, and no verdict on any form."""
    outcome, count = common.lower_title(one.outcome), counted(len(found), "effect")
    same = [quoted(one.arms[str(arm)].title) for arm in found.index[found["same_sign_share"] == 1.0]]
    forms = counted(len(one.forms), "other form")
    keep = "keeps its" if len(same) == 1 else "keep their"
    return (
        f"{common.CEILING}, it cannot be said yet whether the {count} on {outcome} that can be seen in the "
        f"model as it is would survive in its {forms}: {warning}.",
        f"{and_list(same) or 'None'} {keep} sign in every form, clearly or not; {common.basis(one.results)}.",
    )


def _matrix_section(every: Mapping[str, Structures]) -> Section:
    blocks: list[Block] = [
        Prose(
            (
                "Each row is a way of working, each column a form of the model: as it is, and with one "
                "mechanism switched off or in its rival form. A finding that hangs on one mechanism loses "
                "its "
                "colour in that column.",
            )
        )
    ]
    for outcome, one in every.items():
        blocks.append(
            Picture(
                f"forms_{outcome}",
                _matrix(one).draw,
                "Differences to business as usual under the same form of the model. Rows with an asterisk "
                "are "
                "moved by the construction of a rule: no findings.",
                f"Matrix of effects on {common.lower_title(outcome)} by form of the model.",
            )
        )
        blocks.append(_survival_table(one))
    return Section("forms", "Which findings survive?", tuple(blocks))


def _matrix(one: Structures) -> Grid:
    columns = (AS_IT_IS, *one.forms)
    order = sorted(
        one.arms, key=lambda arm: (one.arms[arm].status(one.outcome) != EMERGENT, one.survival["effect"][arm])
    )
    cells = {}
    for _, row in one.effects[~one.effects["is_baseline"]].iterrows():
        clear = bool(row["low"] > 0 or row["high"] < 0)
        cells[str(row["arm"]), str(row["structure"])] = Value(float(row["difference"]), clear)
    labels = {arm: one.arms[arm].title + ("" if _emerges(one, arm) else " *") for arm in order}
    labels |= {form: plain_name(form) for form in columns}
    results = one.results
    return Grid(
        title=f"{outcome_title(one.outcome)}: difference to business as usual",
        rows=tuple(order),
        columns=columns,
        labels=labels,
        cells=cells,
        ends=("lower", "higher"),
        note=f"n = {counted(results.worlds, 'setting')} × {counted(results.replicates, 'replicate')} in each "
        "cell. Bold, or an arrow: the 95 % t interval of the paired difference excludes 0, not corrected for "
        f"the {len(cells):,} cells. * built in, or not classified.",
        stamp=common.stamp(results),
        digits=max(2, decimals([cell.value for cell in cells.values()])),
    )


def _emerges(one: Structures, arm: str) -> bool:
    return one.arms[arm].status(one.outcome) == EMERGENT


def _survival_table(one: Structures) -> Table:
    rows: list[tuple[Cell | str, ...]] = []
    for arm, row in one.survival.iterrows():
        status = one.arms[str(arm)].status(one.outcome)
        digits = decimals([row["effect"], row["low"], row["high"]])
        rows.append(
            (
                Cell(one.arms[str(arm)].title, "" if status == EMERGENT else status),
                f"{signed(row['effect'], digits)} ({span(row['low'], row['high'], digits)})",
                percent(float(row["same_sign_share"])),
                _VERDICTS[str(row["verdict"])],
                _form_list(row["lost_in"]),
                _form_list(row["reversed_by"]),
            )
        )
    return Table(
        ("way of working", "effect as it is (95 % interval)", "forms with the same sign", "verdict",
         "not clear in", "other way in"),
        tuple(rows),
        frozenset({1, 2}),
        caption=f"{outcome_title(one.outcome)}: what becomes of each effect.",
    )  # fmt: skip


def _form_list(names: object) -> str:
    return str(names) or "–"


def _ranks(every: Mapping[str, Structures]) -> Section:
    panels, lines = [], []
    first = next(iter(every.values()))
    for outcome, one in every.items():
        if one.agreement is None:
            continue
        table = one.agreement
        dots = {str(form): Dot(float(tau)) for form, tau in table["kendall_tau"].items()}
        panels.append(
            Panel(
                outcome_title(outcome), "rank agreement (Kendall's tau)", (Series(dots, GREEN, "s"),),
                ((0.0, "none"), (1.0, "same order")), limits=(-1.05, 1.05),
            )
        )  # fmt: skip
        least = str(table["kendall_tau"].idxmin()) if table["kendall_tau"].notna().any() else ""
        if least:
            lines.append(
                f"{outcome_title(outcome)}: the order changes most in “{least}” (tau "
                f"{number(float(table['kendall_tau'][least]), 2)}); the best three of the model as it is "
                "are, on "
                f"average over all forms, {percent(float(table['top_kept'].mean()))} among the best three."
            )
    if not panels:
        told = "There is no order to keep: one way of working only, or no outcome with a good direction."
        return Section("ranks", "Does the order stay?", (Prose((told,)),))
    plot = RowPlot(
        groups=(Group("", first.forms),),
        labels={form: plain_name(form) for form in first.forms},
        panels=tuple(panels),
        note=f"n = {counted(len(first.arms), 'way')} of working in each form. 1: same order as in the model "
        "as it is; 0: no relation. Order is of mean effects, built-in ones included; it has no interval.",
        stamp=common.stamp(first.results),
    )
    picture = Picture(
        "ranks",
        plot.draw,
        "How far each form ranks the ways of working alike.",
        "Dot plot of rank agreement.",
    )
    return Section("ranks", "Does the order stay?", (Bullets(tuple(lines)), picture))


def _forms(one: Structures) -> Section:
    given = dict(one.results.config.get("structure", {}).get("variants", {}))
    changed = one.effects[~one.effects["is_baseline"] & (one.effects["structure"] != AS_IT_IS)]
    rows: list[tuple[Cell | str, ...]] = []
    for form in one.forms:
        part = changed[changed["structure"] == form]
        clear = part[(part["change_low"] > 0) | (part["change_high"] < 0)]
        names = and_list([one.arms[str(arm)].title for arm in clear["arm"]], most=8)
        keys = "; ".join(f"{key} = {value}" for key, value in dict(given.get(form, {})).items())
        rows.append((plain_name(form), keys or "–", names or "none"))
    table = Table(
        (
            "form",
            "what it sets",
            f"effects on {common.lower_title(one.outcome)} that clearly differ in size",
        ),
        tuple(rows),
        caption="A form without status, or without learning, is a null model: what it still shows comes "
        "from elsewhere.",
    )
    return Section("variants", "What was changed, and whose effect did it change?", (table,))


def _numbers(every: Mapping[str, Structures]) -> Section:
    first = next(iter(every.values()))
    noise = common.noise_words(noise_of(first.results, first.outcome))
    tables: list[Block] = [Prose((noise,)), common.noise_table(first.results, list(every))]
    for one in every.values():
        rows: list[tuple[Cell | str, ...]] = []
        for _, row in one.effects[~one.effects["is_baseline"]].iterrows():
            digits = decimals([row["difference"], row["low"], row["high"]])
            arm = one.arms[str(row["arm"])]
            mark = "built in" if arm.status(one.outcome) == BUILT_IN else ""
            rows.append(
                (
                    Cell(arm.title, mark),
                    str(row["structure"]),
                    f"{signed(row['difference'], digits)} ({span(row['low'], row['high'], digits)})",
                    f"{signed(row['change'], digits)} "
                    f"({span(row['change_low'], row['change_high'], digits)})",
                )
            )
        tables.append(
            Table(
                ("way of working", "form", "effect (95 % interval)", "change from as it is"),
                tuple(rows),
                frozenset({2, 3}),
                folded=f"The numbers: {outcome_title(one.outcome)}, {counted(len(rows), 'effect')}",
            )
        )
    return Section("numbers", "How sure is that?", tuple(tables))


def _methods(one: Structures) -> tuple[str, ...]:
    results = one.results
    return (
        common.designed(
            results,
            f"{counted(len(one.arms), 'way')} of working and the baseline under "
            f"{counted(len(one.forms), 'form')} "
            "of the model beside the model as it is.",
        ),
        f"{sampler_words(results)} {pairing_words(results)} The same holds across forms.",
        "An effect is the paired difference to the baseline under the same form; it is clear when its 95 % t "
        f"interval, over {'settings' if results.worlds > 1 else 'replicates'}, excludes 0 (not corrected for "
        "the "
        "number of cells). It survives when it is clear with the same sign in every form. Rank agreement is "
        "Kendall's tau of mean effects.",
    )
