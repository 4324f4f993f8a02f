"""cosim report: write the report of a finished study again, or read its runs through a framework."""

from __future__ import annotations

from pathlib import Path

import click

from cosim.cli.paths import UserPath


@click.command(short_help="Write a study's report again, or read it through a lens.")
@click.argument("folder", type=UserPath())
@click.option(
    "--lens",
    metavar="NAME",
    help="Tell what a framework sees in the runs (iap2, cube, principles); nothing is written.",
)
def command(folder: Path, lens: str | None) -> None:
    """Write the report and figures of the finished study in FOLDER again, from its tables.

    Tables, config and record are held against the manifest first; what was changed is named and refused.
    With --lens the same runs are read through a framework instead: its questions, and what each way of
    working shows.
    """
    if lens is not None:
        from cosim.cli.lenses import tell

        tell(folder, lens)
        return
    from cosim.cli import reports

    reports.report(folder)
