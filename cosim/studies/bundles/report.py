"""bundles: which sets of interventions are best, when influence, quality, minutes and money all count."""

from __future__ import annotations

import pandas as pd

from cosim.formatting.words import (
    and_list,
    counted,
    decimals,
    number,
    percent,
    quoted,
    signed,
    signed_cost,
    span,
)
from cosim.outcomes import outcome_named, outcome_title
from cosim.reporting.blocks import Block, Bullets, Cell, Page, Picture, Prose, Section, Table
from cosim.studies import common
from cosim.studies.arm_titles import BASELINE, used_interventions
from cosim.studies.bundles import figures
from cosim.studies.bundles.findings import AGAINST, Bundles
from cosim.studies.compare.tables import interventions_of
from cosim.studies.report_head import page_of
from cosim.studies.report_texts import pairing_words, sampler_words
from cosim.studies.results import Results
from cosim.studies.shared_findings import checked_outcomes, noise_of, row_of


def page(results: Results) -> Page:
    """Return the report of a study of bundles."""
    checked_outcomes(results, *results.notes["objectives"], *results.notes["limits"])
    one = Bundles(results)
    told = _answer(one)
    sections = [_front(one)]
    if one.front:
        sections.append(_robust(one))
    sections += [_tried(one), _ways(one)]
    sections += common.closing(results, (common.methods(_methods(one)),), " ".join(told), arm=BASELINE)
    return page_of(results, told, sections, {"bundles": _csv(one)})


def _csv(one: Bundles) -> pd.DataFrame:
    titles = {name: arm.title for name, arm in one.arms.items()}
    table = one.table.reset_index()
    table.insert(1, "title", table["arm"].map(titles))
    return table


def how_tried(one: Bundles) -> str:
    """Say how the sets were chosen."""
    notes, count = one.results.notes, len(one.table) - 1
    most = min(int(notes["together"]), len(notes["members"]))
    sets = (
        f"{'set' if count == 1 else 'sets'} of up to {counted(most, 'intervention')} out of "
        f"{len(notes['members'])}"
    )
    if one.searched:
        return f"{count:,} {sets} looked at by a search (sets that were not looked at may be better)"
    return f"{'the only' if count == 1 else f'all {count:,}'} {sets} that can be combined"


def _answer(one: Bundles) -> tuple[str, str]:
    objectives = and_list([common.lower_title(name) for name in one.objectives])
    within = int(one.table["within"].sum())
    basis = common.basis(one.results)
    if not one.front:
        return (
            f"{common.CEILING}, no set of interventions keeps within the budgets ({_budgets(one)}).",
            f"Tried: {how_tried(one)}. Raise the budgets, or allow other interventions; {basis}.",
        )
    leaders = [arm for arm in one.free if arm != BASELINE]
    first = (
        f"{common.CEILING}, {len(one.front)} of {counted(within, 'set')} within the budgets "
        f"{'is' if len(one.front) == 1 else 'are'} beaten by no other on {objectives}"
        f"{' together' if len(one.objectives) > 1 else ''}"
    )
    if not leaders:
        return (
            f"{first}; what {'it' if len(one.front) == 1 else 'each of them'} does to "
            f"{common.lower_title(one.first)} is built in.",
            common.with_first_look(one.results, f"{basis}."),
        )
    best = leaders[0]
    row = row_of(one.table, best)
    change = one.difference(best, one.first)
    told = f"{signed(change.estimate)} ({common.interval_words(change.low, change.high)}){_for(one, best)}"
    outcome, title = common.lower_title(one.first), quoted(one.arms[best].title)
    first += (
        f"; of those whose effect emerges, {title} goes furthest on {outcome}: {told} against business as "
        "usual."
        if change.low > 0 or change.high < 0
        else f"; none of those whose effect emerges clearly changes {outcome} against business as usual: "
        f"{title}, the best placed, by {told}."
    )
    worlds = counted(one.results.worlds, "setting")
    second = (
        f"{_on_average(one, best)}; in single settings, each with its own random numbers, it is on the "
        f"front in {percent(float(row['front_share']))} of {worlds}, and good enough (benefits no worse "
        f"than usual, within budgets) in {percent(float(row['satisficing']))}; best of many by a lucky draw "
        f"is possible; {basis}."
    )
    return first, common.with_first_look(one.results, second)


def _on_average(one: Bundles, arm: str) -> str:
    """Say whether a set is on the front of all sets, or only on that of those whose effect emerges."""
    if arm in one.front:
        return "on the mean of all settings no other set beats it on every count"
    return "on the mean of all settings only sets that owe their effect to a rule beat it on every count"


def _for(one: Bundles, arm: str) -> str:
    told = []
    for name in ("minutes", "money"):
        if name in one.cubes:
            extra = one.difference(arm, name).estimate
            told.append(signed_cost(extra, name, one.results.currency))
    return f", for {and_list(told)}" if told else ""


def _budgets(one: Bundles) -> str:
    told = [f"{common.lower_title(name)} at most {number(most, 0)}" for name, most in one.limits.items()]
    return and_list(told) or "none"


def _front(one: Bundles) -> Section:
    lead = (
        f"The front: sets for which no other that keeps within the budgets ({_budgets(one)}) is at least as "
        "good "
        "on every count and better on one. Sets that owe their effect to the construction of a rule (who "
        "decides, "
        "how ballots count) are listed apart, and the others are held against each other. Which of them to "
        "take is a choice about what matters; the page "
        "does "
        "not make it."
    )
    blocks: list[Block] = [Prose((lead,))]
    if one.front:
        blocks.append(
            Picture(
                "front",
                figures.front(one).draw,
                "Each row is a set on the front, each panel one of the things that count, as a difference to "
                "business as usual. Hollow: what the set does to this outcome is built in by a rule.",
                "Dot plot of the sets on the front on every objective.",
            )
        )
    blocks.append(
        Picture(
            "tried",
            figures.tried(one).draw,
            "Every set that was tried, in two of the things that count; one that looks beaten here may be "
            "best "
            "on another count.",
            "Scatter of all sets tried, the front marked.",
        )
    )
    if one.front:
        blocks.append(_front_table(one))
    return Section("front", "Which sets are beaten by no other?", tuple(blocks))


def _front_table(one: Bundles) -> Table:
    rows: list[tuple[Cell | str, ...]] = []
    for arm in one.shown:
        cells: list[Cell | str] = [_named(one, arm)]
        for name in one.objectives:
            change = one.difference(arm, name)
            digits = decimals([change.estimate, change.low, change.high])
            status = one.arms[arm].status(name)
            cells.append(
                Cell(
                    f"{signed(change.estimate, digits)} ({span(change.low, change.high, digits)})",
                    "built in" if status == "built in" else "",
                )
            )
        row = row_of(one.table, arm)
        ends = f"{percent(float(row['front_low']))} to {percent(float(row['front_high']))}"
        cells.append(f"{percent(float(row['front_share']))} ({ends})")
        rows.append(tuple(cells))
    titles = [f"{outcome_title(name)} ({_wish(one, name)})" for name in one.objectives]
    return Table(
        ("set", *titles, "on the front, % of settings"),
        tuple(rows),
        frozenset(range(1, len(titles) + 2)),
        caption="Paired differences to business as usual, 95 % intervals.",
        folded=f"The numbers: {counted(len(rows), 'set')} on either front",
    )


def _wish(one: Bundles, name: str) -> str:
    return "less is wanted" if one.objectives[name] == "min" else "more is wanted"


def _named(one: Bundles, arm: str) -> Cell:
    mark = "baseline" if arm == BASELINE else "" if one.table["emergent"][arm] else "built in"
    return Cell(one.arms[arm].title, mark)


def _robust(one: Bundles) -> Section:
    rows: list[tuple[Cell | str, ...]] = []
    keep = one.table.loc[list(one.shown)].sort_values("max_regret", kind="stable")
    for arm, row in keep.head(figures.SHOWN).iterrows():
        rows.append(
            (
                _named(one, str(arm)),
                number(float(row["mean_regret"]), 3),
                number(float(row["regret_90"]), 3),
                number(float(row["max_regret"]), 3),
                percent(float(row["minimax_share"])),
                f"{percent(float(row['satisficing']))} ({percent(float(row['satisficing_low']))} to "
                f"{percent(float(row['satisficing_high']))})",
            )
        )
    table = Table(
        ("set", "mean regret", "regret, 90 % stay below", "largest regret", "smallest largest regret",
         "good enough, % of settings"),
        tuple(rows),
        frozenset({1, 2, 3, 4, 5}),
        caption=f"Regret: how much worse {common.lower_title(one.first)} is than with the best set of the "
        "same setting. Replicate noise makes every regret look larger. The last share is of bootstrap "
        "draws. The surest sets come first.",
    )  # fmt: skip
    good = [f"{common.lower_title(name)} no worse than with business as usual" for name in one.objectives
            if f"{name} {AGAINST}" in one.criteria()]  # fmt: skip
    good += [f"{common.lower_title(name)} at most {number(most, 0)}" for name, most in one.limits.items()]
    told = f"A set is good enough in a setting when all of this holds there: {'; '.join(good)}."
    return Section(
        "robust",
        "How far can each be relied on?",
        (
            Prose((told,)),
            Picture(
                "robust",
                figures.robust(one).draw,
                "Right is surer: in how many settings a set is good enough, and in how many it is on the "
                "front.",
                "Dot plot of satisficing shares and front shares.",
            ),
            table,
        ),
    )


def _tried(one: Bundles) -> Section:
    members = [
        name
        for name in one.results.notes["members"]
        if name in {k for a in one.front for k in one.arms[a].doses}
    ]
    counts = {name: sum(name in one.arms[arm].doses for arm in one.front) for name in members}
    titles = {name: one.arms[name].title if name in one.arms else name for name in members}
    often = sorted(counts, key=lambda name: -counts[name])
    lines = [
        f"{quoted(titles[name])}: in {counts[name]} of {len(one.front)} sets on the front."
        for name in often[:8]
    ]
    noise = common.noise_words(noise_of(one.results, one.first))
    over = int((~one.table["within"]).sum())
    told = f"Tried: {how_tried(one)}. Beyond the budgets: {counted(over, 'set')}."
    blocks: list[Block] = [Prose((told[:1].upper() + told[1:], noise))]
    if lines:
        blocks.append(Bullets(tuple(lines), "What the sets on the front have in common"))
    blocks.append(common.noise_table(one.results, list(one.objectives)))
    return Section("tried", "What was tried, and how sure is it?", tuple(blocks))


def _ways(one: Bundles) -> Section:
    used = used_interventions([one.arms[arm] for arm in one.front] or list(one.arms.values()))
    table = interventions_of(used, list(one.arms.values()))
    rows = tuple(
        (outcome_title(name), name, one.results.unit(name), outcome_named(name).sentence)
        for name in dict.fromkeys([*one.objectives, *one.limits])
    )
    meaning = Table(("outcome", "column", "unit", "definition"), rows, folded="What the outcomes mean")
    return Section("interventions", "The ways of working", (table, meaning))


def _methods(one: Bundles) -> tuple[str, ...]:
    results, notes = one.results, one.results.notes
    how = (
        f"A many-objective search (NSGA-III, Deb & Jain 2014, doi:10.1109/TEVC.2013.2281535; pymoo), "
        f"{notes['population']} sets a generation, at most {notes['evaluations']} sets, seed "
        f"{results.study['seed']}; every set ever run is kept and judged."
        if one.searched
        else "Every set that can be combined was run."
    )
    return (
        common.designed(results, f"Sets of interventions, each at full dose: {how_tried(one)}."),
        f"{how} {sampler_words(results)} {pairing_words(results)}",
        "The front is that of means over settings and replicates among the sets within the budgets; the "
        "share of "
        "settings in which a set is on the front, and in which it is good enough, has a 95 % Wilson "
        "interval. "
        "Differences have 95 % t intervals, not corrected for the number of sets: the best of many looks "
        "better "
        "than it is. Regret: Savage (1951), doi:10.1080/01621459.1951.10500768.",
    )
