"""cosim report: write the report of a finished study anew."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Write a study's report anew.")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write the report and figures of the finished study in FOLDER anew, from its tables."""
    from cosim.cli.reports import write_report
    from cosim.cli.studies import load_folder
    from cosim.experiment.study import read_runs

    study = load_folder(folder)
    read_runs(folder)
    write_report(folder, study)
