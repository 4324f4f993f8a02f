"""bundles: which sets of interventions are best, when influence, quality, minutes and money all count.

The words of the page are in ``report.md.j2``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from cosim.charts.style import Draw
from cosim.formatting.words import and_list, decimals, signed_cost
from cosim.outcomes import outcome_named, outcome_title
from cosim.reporting.blocks import Block, Page, Table
from cosim.reporting.wording import Worded, worded
from cosim.studies import common
from cosim.studies.arm_titles import BASELINE, used_interventions
from cosim.studies.bundles import figures
from cosim.studies.bundles.findings import AGAINST, Bundles
from cosim.studies.compare.tables import interventions_of
from cosim.studies.report_head import page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import Results
from cosim.studies.shared_findings import checked_outcomes, noise_of

_TEMPLATE = Path(__file__).with_name("report.md.j2")
_MOST_COMMON = 8


def page(results: Results) -> Page:
    """Return the report of a study of bundles."""
    checked_outcomes(results, *results.notes["objectives"], *results.notes["limits"])
    one = Bundles(results)
    text = _worded(one)
    answer = text.parts["answer"]
    how = (common.methods(text.parts["methods"]),)
    closing = common.closing(results, how, " ".join(answer), arm=BASELINE)
    return page_of(results, answer, (*text.sections, *closing), {"bundles": _csv(one)})


def _csv(one: Bundles) -> pd.DataFrame:
    titles = {name: arm.title for name, arm in one.arms.items()}
    table = one.table.reset_index()
    table.insert(1, "title", table["arm"].map(titles))
    return table


def _worded(one: Bundles) -> Worded:
    """Fill the template: numbers, figures and tables that several kinds share; no words."""
    results, notes = one.results, one.results.notes
    within = int(one.table["within"].sum())
    values: dict[str, Any] = {
        "ceiling": common.CEILING,
        "first_look": common.first_look(results),
        "basis": common.basis(results),
        "one": one,
        "best": _best(one),
        "shown": [_shown(one, arm) for arm in one.shown],
        "surest": _surest(one),
        "interventions": len(notes["members"]),
        "tries": len(one.table) - 1,
        "most": min(int(notes["together"]), len(notes["members"])),
        "within": within,
        "over": len(one.table) - within,
        "common": _in_common(one),
        "kept": [name for name in one.objectives if f"{name} {AGAINST}" in one.criteria()],
        "settings": results.worlds,
        "noise_words": common.noise_words(noise_of(results, one.first)),
        "designed": common.designed(results, ""),
        "sampler": sampler_words(results),
        "pairing": pairing_words(results),
        "population": notes.get("population"),
        "evaluations": notes.get("evaluations"),
        "seed": results.study["seed"],
    }
    pictures: dict[str, Draw] = {"tried": figures.tried(one).draw}
    if one.front:
        pictures |= {"front": figures.front(one).draw, "robust": figures.robust(one).draw}
    used = used_interventions([one.arms[arm] for arm in one.front] or list(one.arms.values()))
    blocks: dict[str, Block] = {
        "noise": common.noise_table(results, list(one.objectives)),
        "interventions": interventions_of(used, list(one.arms.values())),
        "outcomes": _meaning(one),
    }
    return worded(_TEMPLATE, values, pictures=pictures, blocks=blocks)


def _best(one: Bundles) -> dict[str, Any] | None:
    """Return the set that goes furthest on the first objective, of those whose effect emerges."""
    arm = next((arm for arm in one.free if arm != BASELINE), None)
    if arm is None:
        return None
    change = one.difference(arm, one.first)
    return {
        **_row(one, arm),
        **_ends(one, arm, one.first),
        "title": one.arms[arm].title,
        "clear": change.low > 0 or change.high < 0,
        "on_front": arm in one.front,
        "costs": _costs(one, arm),
    }


def _row(one: Bundles, arm: str) -> dict[str, Any]:
    return {str(name): value for name, value in one.table.loc[arm].items()}


def _ends(one: Bundles, arm: str, outcome: str) -> dict[str, float]:
    change = one.difference(arm, outcome)
    return {"change": change.estimate, "low": change.low, "high": change.high}


def _costs(one: Bundles, arm: str) -> str:
    extra = [
        signed_cost(one.difference(arm, name).estimate, name, one.results.currency)
        for name in ("minutes", "money")
        if name in one.cubes
    ]
    return f", for {and_list(extra)}" if extra else ""


def _shown(one: Bundles, arm: str) -> dict[str, Any]:
    changes = []
    for name in one.objectives:
        ends = _ends(one, arm, name)
        built_in = one.arms[arm].status(name) == "built in"
        changes.append({**ends, "digits": decimals(list(ends.values())), "built_in": built_in})
    return {**_row(one, arm), "changes": changes, **_name(one, arm)}


def _name(one: Bundles, arm: str) -> dict[str, str]:
    mark = "baseline" if arm == BASELINE else "" if one.table["emergent"][arm] else "built in"
    return {"title": one.arms[arm].title, "mark": mark}


def _surest(one: Bundles) -> list[dict[str, Any]]:
    if not one.front:
        return []
    rows = one.table.loc[list(one.shown)].sort_values("max_regret", kind="stable").head(figures.SHOWN)
    return [{**_row(one, str(arm)), **_name(one, str(arm))} for arm in rows.index]


def _in_common(one: Bundles) -> Sequence[dict[str, Any]]:
    """Return the interventions that most sets on the front use."""
    counts = {
        name: sum(name in one.arms[arm].doses for arm in one.front) for name in one.results.notes["members"]
    }
    often = sorted((name for name in counts if counts[name]), key=lambda name: -counts[name])
    titles = {name: one.arms[name].title if name in one.arms else name for name in often}
    return [{"title": titles[name], "sets": counts[name]} for name in often[:_MOST_COMMON]]


def _meaning(one: Bundles) -> Table:
    rows = tuple(
        (outcome_title(name), name, one.results.unit(name), outcome_named(name).sentence)
        for name in dict.fromkeys([*one.objectives, *one.limits])
    )
    return Table(("outcome", "column", "unit", "definition"), rows, folded="What the outcomes mean")
