"""The end of a study on the terminal: what failed, the answer, and where the report is."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cosim.experiment.study import Study


def tell_failures(folder: Path) -> None:
    """Say how many runs failed, and why the first did."""
    from cosim.experiment.study import read_runs

    errors = read_runs(folder)["error"].dropna()
    if len(errors):
        kinds = errors.value_counts()
        click.echo(f"{len(errors):,} runs failed; most often: {kinds.index[0]}", err=True)


def write_report(folder: Path, study: Study) -> None:
    """Write the report and print the answer."""
    from cosim.cli.answer import answer

    reporting = import_module("cosim.reporting")
    told = answer(study, folder)
    if told:
        click.echo(told)
    if not hasattr(reporting, "write_report"):
        return
    click.echo(f"Report: {reporting.write_report(folder)}")
