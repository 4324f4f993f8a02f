"""cosim validate: hold every pattern of the evidence against the model."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cosim.cli.paths import UserPath

if TYPE_CHECKING:
    from cosim.validation.validation import Validation


@click.command(short_help="Hold published patterns against the model.")
@click.option("--output", "-o", type=UserPath(written=True), help="Folder for page, tables and figures.")
@click.option("--quick", is_flag=True, help="Fewer samples: a first look.")
@click.option("--seed", default=1, show_default=True, type=click.IntRange(1, 2**31 - 1))
def command(*, output: Path | None, quick: bool, seed: int) -> None:
    """Hold every published or computed pattern against the model: target, simulated samples, verdict.

    With --output, a page (validation.html), a Markdown document, the table of findings and the figures are
    written into a folder. Directions and recalled numbers never count; the exit code is 0 whether or not a
    number is missed.
    """
    from dataclasses import replace

    from cosim.cli.compiling import warm_up
    from cosim.validation.simulated import QUICK, Effort
    from cosim.validation.validation import validate

    warm_up()
    effort = replace(QUICK if quick else Effort(), seed=seed)
    found = validate(effort, workers=min(4, os.cpu_count() or 1), report=_tell)
    _print(found)
    if output is not None:
        from cosim.validation.report import write_validation

        click.echo("writing the page and its figures ...", err=True)
        click.echo(f"Page: {write_validation(found, output)}")


def _tell(what: str) -> None:
    click.echo(what, err=True)


def _print(found: Validation) -> None:
    from cosim.formatting import terminal
    from cosim.formatting.words import shortened
    from cosim.patterns.pattern import ABOUT
    from cosim.validation import tables

    heads = ("what was asked", "found [95 %]", "simulated [95 %]", "n", "verdict")
    rows: list[tuple[str, ...]] = [heads]
    for one in found.findings:
        _, asked, _, *rest = tables.line(one)
        rows.append((shortened(asked, 44), *rest))
    widths = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    last = ""
    for place, row in enumerate(rows):
        one = found.findings[place - 1]  # the first row is the headings
        if place and one.pattern.id != last:
            last = one.pattern.id
            source = shortened(one.source, 60)
            click.echo(f"{last} {one.pattern.title} ({source}; {one.pattern.status})")
        cells = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(f"    {cells}".rstrip())
    click.echo()
    for sentence in tables.answer(found):
        click.echo(terminal.paragraph(sentence))
    if len(found.nulls):
        for about in ABOUT:
            columns, counts = tables.null_rows(found, about)
            click.echo(f"\nNumbers about {about} that count and are met, by the model and beside it\n")
            click.echo(terminal.table([dict(zip(columns, each, strict=True)) for each in counts], columns))
