"""A validation as one page that needs nothing else, with its tables and figures beside it."""

from __future__ import annotations

from pathlib import Path

from cosim.calibration.cross_validation import KeptTable, kept_table
from cosim.calibration.influence_folds import kept_influence
from cosim.charts.export import save
from cosim.execution.atomic_files import write_text
from cosim.formatting.safe_text import csv_text
from cosim.patterns import Pattern
from cosim.reporting.blocks import Block, Bullets, Flag, Page, Picture, Prose, Section, Table
from cosim.reporting.page import render
from cosim.validation import figures, tables
from cosim.validation.null_models import RIVALS, VARIANTS
from cosim.validation.validation import Finding, Validation

CAPTION = "A number is met when the simulated median lies in the grey range; shares by rank all have to."
PAGE, DOCUMENT, TABLE = "validation.html", "validation.md", "findings.csv"


def write_validation(validation: Validation, folder: Path, kept: KeptTable | None = None) -> Path:
    """Write a validation into a folder: page, Markdown, table of findings, figures.

    Parameters
    ----------
    validation : Validation
    folder : Path
        Made when it is not there.
    kept : KeptTable, optional
        Of the cross-validation; by default the one that comes with cosim, if there is one.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    StoreError
        When the system refuses to write.
    """
    kept = kept if kept is not None else kept_table()
    folder.mkdir(parents=True, exist_ok=True)
    whole = page(validation, kept)
    pictures = list(whole.pictures())
    for picture in pictures:
        save(picture.draw, folder / "figures", picture.name, figures.stamp(validation))
    named = [(picture.name, picture.alt) for picture in pictures]
    write_text(folder / DOCUMENT, tables.markdown(validation, kept, named))
    write_text(folder / TABLE, csv_text(validation.table()))
    write_text(folder / PAGE, render(whole))
    return folder / PAGE


def page(validation: Validation, kept: KeptTable | None = None) -> Page:
    """Return the page of a validation."""
    effort = validation.effort
    sections = [
        Section("misses", "What is missed, and why", _misses(validation)),
        Section("numbers", "Numbers, pattern by pattern", _numbers(validation)),
        Section("directions", "Directions", _directions(validation)),
        Section("silent", "What the model cannot express", (Bullets(tuple(tables.silent(validation))),)),
    ]
    if len(validation.nulls):
        sections.append(Section("nulls", "Null models", _nulls(validation)))
        if len(tables.beside_rows(validation)[1]):
            title = "Influence: null models and rivals"
            sections.append(Section("rivals", title, _rivals(validation)))
    if len(validation.probes):
        sections.append(Section("probes", "How far one parameter would carry", _probes(validation)))
    if kept is not None:
        sections.append(Section("folds", "Cross-validation", _folds(kept)))
    views = kept_influence()
    if views is not None:
        sections.append(Section("view_folds", "Cross-validation of influence", _folds(views)))
    sections.append(Section("sources", "Sources", (_sources(validation),)))
    return Page(
        title="What the model reproduces, and what not",
        question="Does a simulated team do what real teams were found to do?",
        answer=tables.answer(validation),
        facts=(
            ("patterns", str(len({one.pattern.id for one in validation.findings}))),
            ("samples each", str(effort.samples)),
            ("paired projects", str(effort.projects)),
            ("seed", str(effort.seed)),
            ("cosim", validation.version),
            *((("plugins", ", ".join(validation.plugins)),) if validation.plugins else ()),
            ("took", f"{validation.seconds:.0f} s"),
        ),
        sections=tuple(sections),
        foot=(
            "Simulated: median of samples as large as what was observed, and the central 95 % of them. A "
            "number "
            "is met when the median lies in the range that its pattern accepts; the ranges stand in the "
            "patterns' files (cosim/patterns/rows).",
            "Numbers that were recalled and not checked never count.",
        ),
    )


def _misses(validation: Validation) -> tuple[Block, ...]:
    misses = tables.whys(validation, ("gate", "set-up"))
    shown = tables.whys(validation, ("shown only",))
    blocks: list[Block] = [Flag("What this evidence is, and what is missing", tables.DOMAIN)]
    blocks.append(
        Bullets(tuple(misses), "Numbers that count")
        if misses
        else Prose(("No number that counts is missed.",))
    )
    if shown:
        blocks.append(Bullets(tuple(shown), "Numbers that are shown and do not count"))
    ways = tables.whys(validation, ("direction only",))
    if ways:
        blocks.append(Bullets(tuple(ways), "Directions"))
    return tuple(blocks)


def _numbers(validation: Validation) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for one, findings in _by_pattern(validation):
        if not one.targets:
            continue
        told = [one.statement]
        told += [f"Caution: {one.caution}"] if one.caution else []
        told += [f"Set-up: {one.setup.note}"] if one.setup is not None and one.setup.note else []
        blocks.append(Bullets(tuple(told), f"{one.id} {one.title}"))
        drawn = any(each.sampled is not None and each.sampled.unit != "team" for each in findings)
        if drawn:
            plot = figures.of_pattern(validation, findings)
            alt = f"{one.id}: targets beside simulated samples; the table below says the same"
            blocks.append(Picture(f"validation_{one.id}", plot.draw, CAPTION, alt))
        folded = f"{one.id} in numbers ({one.status})" if drawn else ""
        blocks.append(tables.findings_table(findings, folded=folded))
    return tuple(blocks)


def _directions(validation: Validation) -> tuple[Block, ...]:
    findings = [one for one in validation.findings if one.paired is not None]
    if not findings:
        return (Prose(("No pattern has a direction.",)),)
    plot = figures.directions(validation)
    alt = "Effects of ways of working in the direction that the evidence has, one row each"
    return (
        Prose(
            (
                "Published experiments and observations that say which way, not how far. Both arms share "
                "their "
                "random numbers. What a rule builds in is no finding.",
            )
        ),
        Picture("validation_directions", plot.draw, "Right of the line: as in the evidence.", alt),
        tables.findings_table(findings, folded="Differences in the outcomes' own units"),
    )


def _nulls(validation: Validation) -> tuple[Block, ...]:
    plot = figures.null_models(validation)
    columns, rows = tables.null_rows(validation)
    return (
        Bullets(tuple(f"{variant.title}: {variant.sentence}" for variant in VARIANTS)),
        Picture(
            "validation_null_models",
            plot.draw,
            "Left of the line: accepted, on average.",
            "Distance of the model and of null models, by pattern",
        ),
        Table(columns, tuple(rows), frozenset(range(1, len(columns))), "Numbers that count and are met"),
    )


def _rivals(validation: Validation) -> tuple[Block, ...]:
    plot = figures.null_models(validation, "influence")
    columns, rows = tables.null_rows(validation, "influence")
    heads, beside = tables.beside_rows(validation)
    return (
        Bullets(tuple(f"{variant.title}: {variant.sentence}" for variant in RIVALS)),
        Picture(
            "validation_rivals",
            plot.draw,
            "Left of the line: accepted, on average.",
            "Distance of the model, null models and rivals from what is known of views before and after",
        ),
        Table(columns, tuple(rows), frozenset(range(1, len(columns))), "Numbers that count and are met"),
        Table(
            heads,
            tuple(beside),
            frozenset(range(2, len(heads))),
            "Views before and after, beside what noise, size and the rivals give; ✓ marks what is met",
        ),
    )


def _probes(validation: Validation) -> tuple[Block, ...]:
    columns, rows = tables.probe_rows(validation)
    numeric = frozenset(range(2, len(columns)))
    return (
        Prose(("The same targets as one parameter moves; ✓ marks what is met.",)),
        Table(columns, tuple(rows), numeric),
    )


def _folds(kept: KeptTable) -> tuple[Block, ...]:
    columns, rows = tables.fold_rows(kept)
    return (
        Prose((kept.about(),)),
        Table(columns, tuple(rows), frozenset(range(1, len(columns)))),
    )


def _sources(validation: Validation) -> Table:
    rows = []
    for one, _ in _by_pattern(validation):
        for citation in one.citations:
            where = citation.doi or citation.url or ""
            status = "recalled, unchecked" if citation.status == "recalled" else one.status
            rows.append((one.id, f"{citation.text} {where}".strip(), status))
    return Table(("pattern", "source", "status"), tuple(rows), folded="Sources of every pattern")


def _by_pattern(validation: Validation) -> list[tuple[Pattern, list[Finding]]]:
    found: dict[str, tuple[Pattern, list[Finding]]] = {}
    for one in validation.findings:
        found.setdefault(one.pattern.id, (one.pattern, []))[1].append(one)
    return list(found.values())
