"""The tables of a comparison's report."""

from __future__ import annotations

from collections.abc import Sequence

from cosim.analysis.gaps import Gap
from cosim.formatting.titles import ROLE_TITLES
from cosim.formatting.words import counted, decimals, number, percent, signed, span
from cosim.interventions import Intervention
from cosim.outcomes import outcome_named, outcome_title
from cosim.reporting.blocks import Cell, Table
from cosim.studies.arm_titles import BUILT_IN, EMERGENT, Arm, used_interventions
from cosim.studies.compare.findings import PARITY, VOICE, Comparison


def ranking_table(comparison: Comparison) -> Table:
    """Return every way of working with its differences, ranks, costs and errors."""
    primary, columns = comparison.primary, ["way of working"]
    for outcome in comparison.shown:
        columns.append(f"{outcome_title(outcome)}: difference (95 % interval)")
    field = comparison.field
    if field is not None:
        columns += ["verdict", "above the baseline, % of settings"]
        columns += [f"{comparison.top_words}, % of settings"] if comparison.top else []
    units = {"minutes": "minutes", "money": comparison.results.currency or "money"}
    columns += [f"extra {units[cost]}" for cost in comparison.costs]
    columns += ["MCSE of the first difference", "replicate noise in it"]
    rows = [_baseline_row(comparison, len(columns))]
    for arm in comparison.ranked:
        cells: list[Cell | str] = [comparison.arms[arm].title]
        for outcome in comparison.shown:
            cells.append(_difference(comparison, arm, outcome))
        if field is not None:
            cells.append(comparison.judged(primary, arm).verdict)
            cells.append(percent(comparison.above(arm, comparison.baseline).estimate))
            cells += [_top_share(comparison, arm)] if comparison.top else []
        cells += [signed(comparison.value(primary, arm, f"{cost}_extra"), 0) for cost in comparison.costs]
        cells.append(number(comparison.value(primary, arm, "mcse"), 4))
        cells.append(percent(comparison.value(primary, arm, "noise_share")))
        rows.append(tuple(cells))
    return Table(
        tuple(columns),
        tuple(rows),
        frozenset(range(1, len(columns))),
        caption="Ranked by the first outcome, ways of working that owe their effect to a rule among them."
        + (
            f" Who is {comparison.top_words} is counted among those whose effect emerges, and the baseline."
            if comparison.top
            else ""
        ),
        folded=f"The numbers: {counted(len(comparison.ranked), 'way')} of working",
    )


def _top_share(comparison: Comparison, arm: str) -> str:
    if arm not in comparison.candidates:
        return "–"
    return percent(float(comparison.top_shares["top_share"][arm]))


def leaders_table(comparison: Comparison, rows: int = 5) -> Table:
    """Return the best placed ways of working whose effect emerges, in the columns that matter first."""
    primary, field = comparison.primary, comparison.field
    assert field is not None
    columns = [
        "best placed",
        f"{outcome_title(primary)}: difference (95 % interval)",
        "verdict",
        "above the baseline",
        *([comparison.top_words] if _shows_top(comparison) else []),
        *(["first", "mean place", "expected regret"] if comparison.pool is not None else []),
    ]
    if comparison.influence is not None and primary != PARITY:
        columns.append("public influence parity")
    units = {"minutes": "minutes", "money": comparison.results.currency or "money"}
    columns += [f"extra {units[cost]}" for cost in comparison.costs]
    found = []
    for arm in [each for each in comparison.ranked if each in comparison.candidates][:rows]:
        above = comparison.above(arm, comparison.baseline)
        cells: list[Cell | str] = [
            comparison.arms[arm].title,
            _difference(comparison, arm, primary),
            comparison.judged(primary, arm).verdict,
            percent(above.estimate),
            *([_top_share(comparison, arm)] if _shows_top(comparison) else []),
            *_place(comparison, arm),
        ]
        if comparison.influence is not None and primary != PARITY:
            status = comparison.status(arm, PARITY)
            mark = status if status != EMERGENT else ""
            cells.append(Cell(number(comparison.influence[arm].mean, 2), mark))
        cells += [signed(comparison.value(primary, arm, f"{cost}_extra"), 0) for cost in comparison.costs]
        found.append(tuple(cells))
    start = number(comparison.value(primary, comparison.baseline, "mean"), 3)
    told = f"Baseline: {outcome_title(primary)} {start}"
    if comparison.influence is not None and primary != PARITY:
        told += f", public influence parity {number(comparison.influence[comparison.baseline].mean, 2)}"
    return Table(
        tuple(columns),
        tuple(found),
        frozenset(range(1, len(columns))),
        caption=f"The best placed of {counted(len(comparison.candidates), 'way')} of working that are "
        f"ranked. {told}. Interval and verdict look at each way by itself, at 95 %; whether one is clearly "
        "better, in the words above, allows for how many were tried. Shares are of settings; first, place "
        "and regret are among these and the baseline.",
    )


def _shows_top(comparison: Comparison) -> bool:
    """Whether the top group is more than the first place, which has a column of its own."""
    return comparison.top > (0 if comparison.pool is None else 1)


def _place(comparison: Comparison, arm: str) -> list[str]:
    if comparison.pool is None:
        return []
    share, place, regret = (float(comparison.pool[name][arm]) for name in ("best_share", "rank", "regret"))
    return [percent(share), number(place, 1), number(regret, 4)]


def _baseline_row(comparison: Comparison, width: int) -> tuple[Cell | str, ...]:
    means = [
        f"{number(comparison.value(outcome, comparison.baseline, 'mean'), 3)} (mean)"
        for outcome in comparison.shown
    ]
    cells: list[Cell | str] = [Cell(comparison.arms[comparison.baseline].title, "baseline"), *means]
    return (*cells, *([""] * (width - len(cells))))


def _difference(comparison: Comparison, arm: str, outcome: str) -> Cell:
    values = [comparison.value(outcome, arm, name) for name in ("difference", "low", "high")]
    digits = decimals(values)
    status = comparison.status(arm, outcome)
    text = f"{signed(values[0], digits)} ({span(values[1], values[2], digits)})"
    return Cell(text, status if status != EMERGENT else "")


def voice_table(comparison: Comparison) -> Table:
    """Return voice and influence of the public side by side, with the share of either gap that is closed."""
    assert comparison.voice is not None
    assert comparison.influence is not None
    rows: list[tuple[Cell | str, ...]] = []
    for arm in (comparison.baseline, *comparison.ranked):
        cells: list[Cell | str] = [
            Cell(comparison.arms[arm].title, "baseline" if arm == comparison.baseline else "")
        ]
        for outcome, gaps in ((VOICE, comparison.voice), (PARITY, comparison.influence)):
            gap = gaps[arm]
            mark = (
                "built in"
                if arm != comparison.baseline and comparison.status(arm, outcome) == BUILT_IN
                else ""
            )
            cells += [number(gap.mean, 2), Cell("–" if arm == comparison.baseline else _closed(gap), mark)]
        rows.append(tuple(cells))
    return Table(
        (
            "way of working",
            "voice parity",
            "gap in voice closed (95 % interval)",
            "influence parity",
            "gap in influence closed (95 % interval)",
        ),
        tuple(rows),
        frozenset({1, 2, 3, 4}),
        caption="Parity: share of turns, or of influence, over share of seats; 1 is an equal share. Gap: "
        "distance from 1.",
        folded="The numbers: voice beside influence",
    )


def _closed(gap: Gap) -> str:
    words = f"{number(100 * gap.closed, 0)} %" if gap.closed == gap.closed else "–"
    ends = span(100 * gap.low, 100 * gap.high, 0)
    return words if ends == "–" else f"{words} ({ends})"


def roles_table(comparison: Comparison) -> Table:
    """Return the change of every role's influence parity."""
    rows: list[tuple[Cell | str, ...]] = []
    for arm in comparison.ranked:
        cells: list[Cell | str] = [
            Cell(
                comparison.arms[arm].title,
                comparison.status(arm, PARITY) if comparison.status(arm, PARITY) != EMERGENT else "",
            )
        ]
        for role in comparison.roles:
            one = comparison.role_differences[role][arm]
            flagged = any(payer.arm == arm and payer.role == role for payer in comparison.payers)
            cells.append(
                Cell(f"{signed(one.estimate)} ({span(one.low, one.high)})", "pays" if flagged else "")
            )
        rows.append(tuple(cells))
    return Table(
        ("way of working", *(ROLE_TITLES[role] for role in comparison.roles)),
        tuple(rows),
        frozenset(range(1, len(comparison.roles) + 1)),
        caption="Change of influence parity (95 % interval of the paired difference to the baseline).",
        folded="The numbers: every role's influence",
    )


def impacts_table(comparison: Comparison) -> Table:
    """Return differences of every process and product outcome."""
    table = comparison.impacts
    outcomes = [*comparison.process, *comparison.product]
    cells_of = {
        (outcome, arm): values
        for outcome, arm, *values in zip(
            *(table[name] for name in ("outcome", "arm", "difference", "low", "high")), strict=True
        )
    }
    rows: list[tuple[Cell | str, ...]] = []
    for outcome in outcomes:
        what = outcome_named(outcome)
        side = "process" if outcome in comparison.process else "product"
        for arm in comparison.ranked:
            values = [float(value) for value in cells_of[outcome, arm]]
            if not (values[1] > 0 or values[2] < 0):
                continue
            status = comparison.status(arm, outcome)
            digits = decimals(values)
            rows.append(
                (
                    outcome_title(outcome),
                    side,
                    Cell(comparison.arms[arm].title, status if status != EMERGENT else ""),
                    f"{signed(values[0], digits)} ({span(values[1], values[2], digits)})",
                    comparison.results.unit(outcome),
                    "higher" if what.better > 0 else "lower",
                )
            )
    return Table(
        ("outcome", "side", "way of working", "difference (95 % interval)", "unit", "wanted"),
        tuple(rows),
        frozenset({3}),
        folded=f"The numbers: {len(rows)} differences whose interval excludes 0",
    )


def outcomes_table(comparison: Comparison) -> Table:
    """Return the definition of every outcome that the page shows."""
    names = dict.fromkeys([*comparison.shown, *comparison.process, *comparison.product, *comparison.costs])
    rows = tuple(
        (outcome_title(name), name, comparison.results.unit(name), outcome_named(name).sentence)
        for name in names
    )
    return Table(("outcome", "column", "unit", "definition"), rows, folded="What the outcomes mean")


def interventions_table(comparison: Comparison) -> Table:
    """Return mechanism, dose, cost and evidence of every intervention used."""
    arms = list(comparison.arms.values())
    return interventions_of(used_interventions(arms), arms)


def interventions_of(used: Sequence[Intervention], arms: Sequence[Arm]) -> Table:
    """Return mechanism, dose, cost and evidence of interventions; `arms` say at which doses."""
    rows: list[tuple[Cell | str, ...]] = []
    for one in used:
        doses = sorted({arm.doses[one.name] for arm in arms if one.name in arm.doses})
        limits = [f"carried out to {percent(one.compliance)}"] if one.compliance < 1 else []
        limits += [f"fades by {percent(one.decay)} a meeting"] if one.decay else []
        limits += ["as far as the organisation supports it"] if one.needs_support else []
        rows.append(
            (
                one.title,
                one.sentence,
                "; ".join([*(effect.words() for effect in one.effects), *limits]),
                ", ".join(f"{dose:g}" for dose in doses),
                "; ".join(part.words() for part in one.effort),
                ", ".join(outcome_title(name) for name in one.built_in) or "nothing",
                Cell(f"{one.evidence.text} {'; '.join(one.evidence.sources)}", one.evidence.grade),
            )
        )
    return Table(
        (
            "intervention",
            "what it is",
            "mechanism at full dose",
            "dose used",
            "cost at full dose",
            "moves by construction",
            "evidence",
        ),
        tuple(rows),
        frozenset({3}),
        folded=f"{counted(len(rows), 'intervention')}: mechanism, dose, cost and evidence",
    )


def arms_table(comparison: Comparison) -> Table | None:
    """Return what compound arms consist of; None when every arm is a single intervention."""
    rows = [
        (arm.title, arm.name, arm.parts)
        for arm in comparison.arms.values()
        if len(arm.doses) + len(arm.changes) > 1 or arm.changes
    ]
    if not rows:
        return None
    return Table(("way of working", "name", "consists of"), tuple(rows), caption="Bundles and other arms.")
