"""What stands on every page beside its own findings: whose decisions they were, and the lenses."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from cosim.execution.manifest import PEOPLE
from cosim.execution.stored_table import StoredTable
from cosim.formatting.words import number, plain_name
from cosim.lenses import LENSES, Lens
from cosim.reporting.blocks import Block, Cell, Prose, Section, Table
from cosim.scenario import Phase, Scenario
from cosim.scenario.plan import in_effect
from cosim.scenario.vocabulary import NO_VOTE, ROLES
from cosim.studies.arm_titles import Arm, arms_of
from cosim.studies.results import Results

ROLE_WORDS = {
    "researcher": "researchers",
    "provider": "providers",
    "policymaker": "policymakers",
    "patient": "public",
}
_LAST_WORD = {
    "none": "",
    "comply_or_explain": "the lead may overrule and must explain",
    "sign_off": "the lead signs off",
    "full_veto": "the lead has a veto",
    "delegated": "the lead signs off",
}
MOST_ARMS = 60
"""Ways of working that a panel lists; the CSV table has all."""


def panels(results: Results) -> tuple[Section, ...]:
    """Return the sections, those for which the study kept what they need."""
    return (*owners_section(results), *lenses_section(results))


# ---------------------------------------------------------------- whose decisions


def owners(results: Results) -> pd.DataFrame | None:
    """Return who made up each phase's decision, in parts of 100, beside who was declared to own it.

    Returns
    -------
    DataFrame or None
        A row per arm and phase: arm, phase, declared (words), a column per role, outside. None where the
        study kept no table of people, or one of an earlier version.
    """
    path = results.folder / PEOPLE
    if not path.is_file() or results.scenario is None:
        return None
    table = StoredTable(path)
    phases = [f"part_{name}" for name in results.scenario.phases]
    if not set(phases) <= set(table.columns):
        return None
    people = table.read(["point", "replicate", "arm", "role", "members", "replicates", *phases])
    weighted = people[phases].mul(people["members"] * people["replicates"], axis=0)
    weighted[["arm", "role"]] = people[["arm", "role"]]
    once = people.drop_duplicates(["point", "replicate"])
    runs = once.groupby("arm")["replicates"].sum()
    parts = weighted.groupby(["arm", "role"])[phases].sum()
    rows: list[dict[str, object]] = []
    for name, arm in arms_of(results).items():
        declared = _declared(results.scenario, arm)
        for phase in results.scenario.phases:
            own: dict[str, float] = {
                role: float(parts[f"part_{phase}"].get((name, role), 0.0)) / float(runs[name])
                for role in ROLES
            }
            outside = max(100.0 - sum(own.values()), 0.0)
            rows.append(
                {
                    "arm": name,
                    "phase": phase,
                    "declared": declared.get(phase, "not held"),
                    **own,
                    "outside": outside,
                }
            )
    return pd.DataFrame(rows)


def owner_words(scenario: Scenario, phase: Phase) -> str:
    """Say who was declared to own a phase's decision."""
    level = phase.declared or phase.level
    who = "professionals" if level in NO_VOTE else "the whole team"
    if level == "empower":
        who = "the public members"
    led = any(group.lead and group.count > 0 for group in scenario.team.values())
    form = scenario.accountability.form
    last = _LAST_WORD[form] if led and not (form == "delegated" and phase.delegated) else ""
    if phase.rule == "lead_decides":
        who, last = "the lead", ""
    return who + (f"; {last}" if last else "")


def _declared(scenario: Scenario, arm: Arm) -> dict[str, str]:
    changed = scenario.replace(arm.changes) if arm.changes else scenario
    changed = changed.with_interventions(dict(arm.doses)) if arm.doses else changed
    changed = in_effect(changed)[0]
    return {str(name): owner_words(changed, phase) for name, phase in changed.phases.items()}


def owners_section(results: Results) -> tuple[Section, ...]:
    """Return the section on whose decisions they were; none where the table of people lacks what it needs."""
    table = owners(results)
    if table is None or table.empty:
        return ()
    titles = {name: arm.title for name, arm in arms_of(results).items()}
    arms = list(dict.fromkeys(table["arm"]))
    first = table.loc[table["arm"] == arms[0]]
    others = table.loc[table["arm"].isin(arms[1:MOST_ARMS])]
    told = (
        "Parts of 100 of each phase's decision by whose views and arguments they come from, beside who was "
        "declared to own it. Parts are followed back through the talk; what an earlier choice opened or what "
        "never reached the agenda is not in them.",
    )
    columns = ("decision", "declared owner", *(ROLE_WORDS[role] for role in ROLES), "outside")
    blocks: list[Block] = [Prose(told)]
    blocks.append(
        Table(
            columns,
            tuple(_owner_row(row) for row in first.to_dict("records")),
            frozenset(range(2, 7)),
            caption=f"{titles[arms[0]]}: mean parts of 100.",
        )
    )
    if len(others):
        rows = tuple((titles[row["arm"]], *_owner_row(row)) for row in others.to_dict("records"))
        folded = "The same for the other ways of working"
        blocks.append(Table(("way of working", *columns), rows, frozenset(range(3, 8)), folded=folded))
    return (Section("owners", "Whose decisions were they?", tuple(blocks)),)


def _owner_row(row: Mapping[Hashable, Any]) -> tuple[str, ...]:
    numbers = (number(float(row[name]), 1) for name in (*ROLES, "outside"))
    return (plain_name(str(row["phase"])), str(row["declared"]), *numbers)


# ---------------------------------------------------------------- lenses


def means_by_arm(results: Results, lens: Lens) -> pd.DataFrame | None:
    """Return the mean of every outcome that a lens looks at, a row per arm; None where some were not kept."""
    columns = list(lens.columns)
    if not set(columns) <= set(results.run_columns):
        return None
    means = results.of_runs(["arm", *columns]).groupby("arm", sort=False)[columns].mean()
    return means.dropna()


def lens_tables(results: Results, lens: Lens) -> tuple[Table, ...]:
    """Return what a lens asks and shows of each way of working; nothing where outcomes are missing."""
    means = means_by_arm(results, lens)
    if means is None or means.empty:
        return ()
    titles = {name: arm.title for name, arm in arms_of(results).items()}
    asked = Table(
        ("axis", "question", "read off"),
        tuple((axis.name, axis.question, axis.says()) for axis in lens.axes),
        caption=f"{lens.title}. {lens.source}. {lens.caution}",
    )
    rows: list[tuple[Cell | str, ...]] = []
    for name in list(means.index)[:MOST_ARMS]:
        found = lens.read({str(key): float(value) for key, value in means.loc[name].items()})
        cells = (Cell(f"{one.words} ({one.number})", strong=one.passes is True) for one in found.values())
        rows.append((titles.get(str(name), str(name)), *cells))
    shown = Table(("way of working", *(axis.name for axis in lens.axes)), tuple(rows), folded=lens.title)
    return asked, shown


def lenses_section(results: Results) -> tuple[Section, ...]:
    """Return the section that reads the same runs through every lens."""
    blocks: list[Block] = []
    for lens in LENSES.values():
        tables = lens_tables(results, lens)
        if tables:
            asked, shown = tables
            blocks += [Prose((asked.caption,)), shown]
    if not blocks:
        return ()
    names = ", ".join(LENSES)
    told = (
        "Frameworks are ways to look, not results. Each table reads the runs of this study through one of "
        f"them; cosim report FOLDER --lens NAME ({names}) tells its questions as well.",
    )
    return (Section("lenses", "Through the eyes of frameworks", (Prose(told), *blocks)),)
