"""cosim report: write the report of a finished study anew."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Write a study's report anew.")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write the report and figures of the finished study in FOLDER anew, from its tables."""
    from cosim.cli import reports

    reports.report(folder)
