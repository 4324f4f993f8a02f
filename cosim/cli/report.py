"""cosim report: write the report of a finished study again."""

from __future__ import annotations

from pathlib import Path

import click

from cosim.cli.paths import UserPath


@click.command(short_help="Write a study's report again.")
@click.argument("folder", type=UserPath())
def command(folder: Path) -> None:
    """Write the report and figures of the finished study in FOLDER again, from its tables.

    Tables, config and record are held against the manifest first; what was changed is named and refused.
    """
    from cosim.cli import reports

    reports.report(folder)
