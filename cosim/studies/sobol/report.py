"""sobol: how much of an outcome's variance is each factor's, alone and together with others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from cosim.analysis.noise import enough
from cosim.formatting.words import NO_VALUE, and_list, counted, number, percent, quoted, span
from cosim.outcomes import outcome_title
from cosim.reporting.blocks import Block, Bullets, Cell, Page, Picture, Prose, Section, Table
from cosim.studies import common
from cosim.studies.difference_findings import Difference, about, difference_of, leverage_of
from cosim.studies.factor_titles import builds_in, factors_of, ranges_table, titles, with_titles
from cosim.studies.report_head import page_of
from cosim.studies.results import Results
from cosim.studies.shared_findings import checked_outcomes, noise_of, row_of, varied
from cosim.studies.sobol import figures
from cosim.studies.sobol.findings import USABLE, WANTED, Indices

_SECOND = "; second order by Saltelli (2002), doi:10.1016/S0010-4655(02)00280-1."


def page(results: Results) -> Page:
    """Return the report of a variance-based study."""
    difference = difference_of(results)
    studied = results if difference is None else difference.paired
    outcomes, constant = varied(studied, checked_outcomes(studied))
    if not outcomes:
        return _nothing(studied, constant)
    every = {outcome: Indices(studied, outcome) for outcome in outcomes}
    first = every[outcomes[0]]
    names = titles(first.factors.units)
    told = _answer(first, names)
    sections = [_shares(every, names, constant)]
    if difference is not None:
        sections.append(_leverage(difference, first, names))
    if first.second_order and len(first.ranked) > 1:
        sections.append(_pairs(first, names))
    sections += [_enough(every, names), _companions(first, names)]
    how = (common.methods(_methods(first)), ranges_table(results, first.factors))
    sections += common.closing(results, how, " ".join(told))
    data = {
        "indices": pd.concat(
            [with_titles(one.table, names).assign(outcome=outcome) for outcome, one in every.items()]
        )
    }
    for name, table in first.companions.items():
        if isinstance(table, pd.DataFrame):
            data[name.lower()] = with_titles(table, names).assign(outcome=first.outcome)
    if first.convergence is not None:
        data["convergence"] = with_titles(first.convergence, names).assign(outcome=first.outcome)
    return page_of(results, told, sections, data, _settings_word(first))


def _settings_word(one: Indices) -> str:
    return "design points" if one.results.worlds == len(one.results.design) else "sets of random numbers"


def _answer(one: Indices, names: Mapping[str, str]) -> tuple[str, str]:
    results, outcome = one.results, about(one.results, one.outcome)
    table = one.of(one.main)
    points = f"{len(results.design):,} design points × {counted(results.replicates, 'replicate')}"
    basis = common.basis(results, points)
    what = {
        "ST": ", each with its interactions",
        "Sh": ", each with its part of their interactions",
    }.get(one.main, ", each by itself")
    told = {unit: _named_share(one, unit, names) for unit in one.ranked}
    leader = row_of(table, one.ranked[0])
    largest = f"the largest estimate is {told[one.ranked[0]]}"
    if not math.isfinite(leader["estimate"]):
        first = (
            f"{common.CEILING}, no factor's share of the variance of {outcome} could be estimated: it "
            "cannot be seen to differ between the points beyond replicate noise."
        )
    elif not (math.isfinite(leader["low"]) and math.isfinite(leader["high"])):
        first = f"{common.CEILING}, the sample is too small to share out the variance of {outcome}."
    elif one.clear and one.widest <= USABLE:
        shares = and_list([told[unit] for unit in one.clear[:3]])
        rest = len(one.clear) - 3
        more = (
            f"; {counted(rest, 'other factor')} clearly {'has' if rest == 1 else 'have'} a share"
            if rest > 0
            else ""
        )
        one_share = len(one.clear) == 1
        first = (
            f"{common.CEILING}, the largest clear {'share' if one_share else 'shares'} of the variance of "
            f"{outcome} {'goes' if one_share else 'go'} with {shares}{what}{more}."
        )
    elif one.clear:
        first = (
            f"{common.CEILING}, the sample is too small to share out the variance of {outcome}; "
            f"beyond the floor {'is' if len(one.clear) == 1 else 'are'} "
            f"{and_list([_marked(one, unit, names) for unit in one.clear])}, and {largest}."
        )
    else:
        first = (
            f"{common.CEILING}, no factor's share of the variance of {outcome} is distinguishable from "
            f"that of the dummy, a factor that does nothing; {largest}."
        )
    noise = noise_of(results, one.outcome)
    share = (
        f"{percent(noise.of_runs)} of the variance of a single run is replicate noise"
        if noise
        else "noise unknown"
    )
    if math.isfinite(one.widest):
        verdict = (
            f"N was {'enough' if one.widest <= WANTED else 'not enough'} (widest interval "
            f"± {number(one.widest, 2)}, ± {WANTED:g} wanted)"
        )
    else:
        verdict = "Whether N was enough cannot be said, since there is an index without an interval"
    return first, f"{verdict}, and {share}; {basis}."


def _named_share(one: Indices, unit: str, names: Mapping[str, str]) -> str:
    return f"{_marked(one, unit, names)} {_share(row_of(one.of(one.main), unit))}"


def _marked(one: Indices, unit: str, names: Mapping[str, str]) -> str:
    """Return a factor's name, with the mark of those whose effect is built in: wherever one is named."""
    return f"{quoted(names[unit])}{' (built in by a rule)' if builds_in(unit, one.outcome) else ''}"


def _share(row: Mapping[str, Any]) -> str:
    estimate, low, high = (100 * float(row[name]) for name in ("estimate", "low", "high"))
    return f"{number(estimate, 0)} % ({span(low, high, 0)})" if math.isfinite(estimate) else NO_VALUE


def _nothing(results: Results, constant: Sequence[str]) -> Page:
    """Return the page of a study none of whose outcomes varied: all that it found is that."""
    told = (common.constant_words(constant), f"There is no variance to share out; {common.basis(results)}.")
    factors = factors_of(results)
    how = (common.noise_table(results, constant), ranges_table(results, factors))
    closing = common.closing(results, how, " ".join(told))
    return page_of(results, told, closing, {}, "design points")


def _shares(every: Mapping[str, Indices], names: Mapping[str, str], constant: Sequence[str]) -> Section:
    first = next(iter(every.values()))
    if "S1" in first.kinds:
        together = float(first.of("S1")["estimate"][list(first.ranked)].sum(skipna=False))
        lines = ["First index: the share of variance that would go if a factor were known."]
    else:
        together = math.nan
        lines = [
            "Shapley effect: a factor's own share of the variance and its part of every interaction. All of "
            "them add up to 100 %."
        ]
    if math.isfinite(together):
        lines[0] += (
            f" All first indices add up to {number(100 * together, 0)} %; what is missing from 100 % is "
            "interactions (estimates can miss by their intervals)."
        )
    if first.main == "ST":
        lines.append(
            "Total index: the share that would stay if everything but this factor were known; a factor "
            "whose total index is at the floor can be left at its default."
        )
    if constant:
        lines.append(f"{common.constant_words(constant)} There is nothing to share out.")
    blocks: list[Block] = [Bullets(tuple(lines))]
    for outcome, one in every.items():
        blocks.append(
            Picture(
                f"indices_{outcome}",
                figures.shares(one, names).draw,
                f"Shares of the variance of {about(one.results, outcome)}. The dashed line is the floor: "
                "what a factor that does nothing reaches with this design.",
                f"Dot plot of Sobol' indices for {about(one.results, outcome)} with intervals.",
            )
        )
        blocks.append(_table(one, names))
    return Section("shares", "Whose variance is it?", tuple(blocks))


def _leverage(difference: Difference, one: Indices, names: Mapping[str, str]) -> Section:
    usual = Indices(difference.level, one.outcome)
    differs = bool(varied(difference.level, [one.outcome])[0])
    told = leverage_of(difference, one.clear, usual.clear if differs else (), names)
    return Section(
        "leverage",
        "What moves the level, and what moves the choice?",
        (
            Prose(
                (
                    *told,
                    "Both ways of working were run at every point of the design with the same random "
                    "numbers. A factor that moves both alike has no share here, however much it moves.",
                )
            ),
        ),
    )


def _pairs(one: Indices, names: Mapping[str, str]) -> Section:
    above = one.of("S2")["above_floor"]
    pairs = [pair for pair in above.index if one.factors.dummy not in pair]
    clear = [pair for pair in pairs if bool(above[pair])]
    count = counted(len(pairs), "pair")
    told = f"Of {count}, {len(clear) or 'none'} clearly {'shares' if len(clear) < 2 else 'share'} variance "
    told += "beyond what the two do alone."
    return Section(
        "pairs",
        "Which factors work together?",
        (
            Prose((told,)),
            Picture(
                "pairs",
                figures.pairs(one, names).draw,
                "Second-order indices: the share of variance that two factors make together. Bold: the "
                "whole interval lies above the floor.",
                "Matrix of second-order indices.",
            ),
        ),
    )


def _enough(every: Mapping[str, Indices], names: Mapping[str, str]) -> Section:
    first = next(iter(every.values()))
    samples = int(first.results.notes["samples"])
    unit = {"saltelli": "base samples", "fast": "points per curve", "shapley": "walks"}.get(
        first.method, "points"
    )
    lines = [
        f"{outcome_title(outcome)}: {enough(one.widest, WANTED, samples, unit)}"
        for outcome, one in every.items()
    ]
    noise = noise_of(first.results, first.outcome)
    blocks: list[Block] = [Bullets(tuple(lines)), Prose((common.noise_words(noise),))]
    if first.convergence is not None:
        blocks.append(
            Picture(
                "convergence",
                figures.convergence(first, first.convergence, names).draw,
                "The same indices from the first part of the sample: what still moves has not settled.",
                "Curves of the largest indices against the number of base samples.",
            )
        )
    blocks.append(common.noise_table(first.results, list(every)))
    return Section("enough", "Was N enough, and how much is replicate noise?", tuple(blocks))


def _companions(one: Indices, names: Mapping[str, str]) -> Section:
    found = one.companions
    tables = {name: table for name, table in found.items() if isinstance(table, pd.DataFrame)}
    said = tuple(table for table in found.values() if isinstance(table, str))
    blocks: list[Block] = [
        Prose(
            (
                "Variance is not the whole of a distribution. PAWN and delta ask how far the whole "
                "distribution of the outcome moves when a factor is known, and need no variance.",
                *said,
            )
        )
    ]
    if tables:
        blocks.append(
            Picture(
                "companions",
                figures.companions(one, tables, names).draw,
                "Beside each mark stands its own floor, a tick: what reshuffled copies of the factor, and "
                "the dummy, reach. Hollow marks do not clear it.",
                "Dot plots of moment-independent indices beside their floors.",
            )
        )
        rows = [name for table in tables.values() for name in table.loc[table["above_floor"], "factor"]]
        both = [_marked(one, name, names) for name in dict.fromkeys(rows) if name in one.clear]
        blocks.append(Prose((f"Clear here and by variance too: {and_list(both, most=30) or 'none'}.",)))
    return Section("companions", "Does it look the same without variances?", tuple(blocks))


def _table(one: Indices, names: Mapping[str, str]) -> Table:
    kinds = one.kinds
    units: Sequence[str] = [*one.ranked, *([one.factors.dummy] if one.factors.dummy else [])]
    rows: list[tuple[Cell | str, ...]] = []
    for unit in units:
        marks = ["clear"] if unit in one.clear else []
        marks += ["built in"] if builds_in(unit, one.outcome) else []
        cells: list[Cell | str] = [Cell(names[unit], ", ".join(marks))]
        for index in kinds:
            row = row_of(one.of(index), unit)
            plain = one.table[(one.table["index"] == index) & (one.table["noise"] == "uncorrected")]
            cells += [_share(row), number(100 * float(plain.set_index("factor")["estimate"][unit]), 0)]
        rows.append(tuple(cells))
    words = {"S1": "first", "ST": "total", "Sh": "Shapley effect"}
    columns = ["factor"]
    for index in kinds:
        columns += [f"{words[index]}, % (95 % interval)", f"{words[index]}, noise left in, %"]
    return Table(
        tuple(columns),
        tuple(rows),
        frozenset(range(1, len(columns))),
        folded=f"The numbers: {outcome_title(one.outcome)}, {counted(len(rows), 'factor')}",
    )


def _methods(one: Indices) -> tuple[str, ...]:
    notes, results = one.results.notes, one.results
    estimators = {
        "saltelli": "Indices by the estimators of Saltelli et al. (2010), doi:10.1016/j.cpc.2009.09.018"
        f"{_SECOND if one.second_order else '.'}",
        "fast": "Indices by extended FAST (Saltelli, Tarantola & Chan 1999, "
        "doi:10.1080/00401706.1999.10485594); intervals are jackknifes over independent curves.",
        "shapley": "Shapley effects by Goda (2021), doi:10.1016/j.ress.2021.107702.",
        "space_filling": "First indices by RBD-FAST (Tissot & Prieur 2012, "
        "doi:10.1016/j.ress.2012.06.010); the method has no total index.",
    }
    designs = {
        "saltelli": f"Saltelli's design (SALib) with N = {notes['samples']} base samples",
        "fast": f"{notes.get('curves')} FAST designs (SALib) of {notes['samples']} points per factor",
        "shapley": f"{notes['samples']} walks (SALib), each moving every factor once,",
        "space_filling": f"A scrambled Sobol' sequence of {notes['samples']} points",
    }
    luck = (
        "has random numbers of its own"
        if results.worlds == len(results.design)
        else "shares random numbers with its neighbours"
    )
    corrected = (
        "Corrected indices are of the expected outcome: every product is taken between two different "
        "replicates, whose random numbers are independent, so that replicate noise drops out of "
        "numerator and variance."
        if one.noise_kind == "corrected"
        else "With one replicate, noise counts as variance that no factor explains."
    )
    return (
        common.designed(
            results,
            f"{designs[one.method]} of {counted(len(one.ranked), 'factor')}"
            f"{' and a dummy that changes nothing' if one.factors.dummy else ''}; every point {luck}.",
        ),
        f"{estimators[one.method]} {corrected} Intervals are 95 % percentile bootstraps over base samples, "
        "each with its replicates (500 draws, seed 1), not clipped to 0 – 1 and not corrected for looking at "
        "many factors. A share is called clear when its interval lies wholly above what the dummy reaches.",
        "PAWN: Pianosi & Wagener (2018), doi:10.1016/j.envsoft.2018.07.019; delta: Borgonovo's, by Plischke, "
        "Borgonovo & Smith (2013), doi:10.1016/j.ejor.2012.11.047; on means over replicates, floors from "
        "reshuffled copies of each factor.",
    )
