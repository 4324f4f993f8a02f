"""compare: which ways of working equalise influence, how surely, and at what cost.

The words of the page are in ``report.md.j2``.
"""

from __future__ import annotations

import pandas as pd

from cosim.formatting.words import counted
from cosim.reporting.blocks import Block, Page, Prose, Quote, Section
from cosim.reporting.wording import Worded
from cosim.studies.assumptions import assumption_blocks
from cosim.studies.common import methods
from cosim.studies.compare import groups, panel_tables, tables
from cosim.studies.compare.findings import Comparison
from cosim.studies.compare.strata import strata_data
from cosim.studies.compare.wording import answer_of, words_of
from cosim.studies.limitations import limitations
from cosim.studies.panels import panels
from cosim.studies.report_head import facts, heading, question, with_constants
from cosim.studies.report_texts import citing_blocks, foot, limits_blocks
from cosim.studies.results import Results


def page(results: Results) -> Page:
    """Return the report of a comparison."""
    comparison = Comparison(results)
    own = comparison.results
    text = words_of(comparison)
    shares = groups.shares_of(comparison)
    by_group = [groups.section(comparison, shares)] if shares is not None else []
    sections = (
        *text.sections,
        *by_group,
        *panels(own),
        Section("limits", "What may not be claimed, and limits", limits_blocks(own)),
        Section("methods", "How it was done", (methods(text.parts["methods"]),)),
        Section("interventions", "The ways of working", _ways(comparison)),
        Section("assumptions", "Assumptions", assumption_blocks(own, comparison.baseline)),
        Section("cite", "How to cite and repeat it", citing_blocks(results, _quotes(comparison, text))),
    )
    numbers = {"groups": groups.numbers(shares, list(comparison.arms))} if shares is not None else {}
    arms = counted(len(comparison.others), "way") + " of working"
    return Page(
        title=heading(results),
        question=question(results),
        answer=with_constants(own, answer_of(comparison, text)),
        facts=(("compared", arms), *facts(results)),
        sections=sections,
        foot=foot(results),
        data={**_data(comparison), **numbers},
    )


def _data(comparison: Comparison) -> dict[str, pd.DataFrame]:
    """Return the tables behind the page."""
    found = {"differences": comparison.table}
    if comparison.pool is not None:
        found["places"] = comparison.pool.reset_index()
    if comparison.better is not None:
        found["contests"] = panel_tables.contests_data(comparison)
        found["panel"] = panel_tables.panel_data(comparison)
    strata = strata_data(comparison)
    if len(strata):
        found["strata"] = strata
    if comparison.channels.nulls:
        found["nulls"] = panel_tables.nulls_data(comparison)
        found["null_levels"] = panel_tables.null_levels_data(comparison)
    if comparison.channels.split_arms:
        found["channels"] = panel_tables.channels_data(comparison)
    return found


def _ways(comparison: Comparison) -> tuple[Block, ...]:
    lead = Prose(
        (
            "Every way of working is a mechanism with a dose, a cost and a grade of evidence. What it moves "
            "by the construction of its rule is listed, and never counted as a finding.",
        )
    )
    compound = tables.arms_table(comparison)
    return (lead, *((compound,) if compound else ()), tables.interventions_table(comparison))


def _quotes(comparison: Comparison, text: Worded) -> tuple[Quote, ...]:
    return (
        Quote("For a protocol or an application", " ".join(text.parts["protocol"])),
        Quote("In plain English, for public co-applicants", " ".join(text.parts["plain"])),
        Quote("On limitations", limitations(comparison.results)),
    )
