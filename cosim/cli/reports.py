"""The end of a study on the terminal: what failed, the answer, and where the report is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cosim.reporting.blocks import Page


def tell_failures(folder: Path) -> int:
    """Say how many runs failed, and why most of them did; return how many."""
    from cosim.studies.study import read_runs

    errors = read_runs(folder, ["error"])["error"].dropna()
    if len(errors):
        common = errors.value_counts().index[0]
        click.echo(f"{len(errors):,} runs failed, most often with: {common}", err=True)
    return len(errors)


def report(folder: Path) -> Page | None:
    """Write a finished study's report and print its answer; return its page, if it has one.

    Raises
    ------
    CosimError
        When runs failed, so that there is no honest report; the tables are what they are.
    """
    from cosim.execution.provenance import read_provenance
    from cosim.formatting.terminal import paragraph
    from cosim.studies.registry import has_page
    from cosim.studies.report import make_report

    kind = str(read_provenance(folder).get("study", {}).get("kind", ""))
    if kind and not has_page(kind):
        click.echo(f"Report: none yet for a study of kind `{kind}`; its tables can be read as they are")
        return None
    path, page = make_report(folder, lambda notice: click.echo(notice, err=True))
    for sentence in page.answer:
        click.echo(paragraph(sentence))
    click.echo(f"Report: {path}")
    return page
