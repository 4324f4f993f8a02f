"""cosim merge: one study of the parts that array jobs have run."""

from __future__ import annotations

from pathlib import Path

import click

from cosim.cli.paths import UserPath


@click.command(short_help="Put the parts of a study together.")
@click.argument("folder", type=UserPath())
@click.option("--output", "-o", type=UserPath(written=True), help="Folder for the study; by default FOLDER.")
@click.option("--no-report", is_flag=True, help="Tables only; `cosim report FOLDER` writes the report later.")
def command(folder: Path, output: Path | None, no_report: bool) -> None:
    """Put the parts in FOLDER (run with `cosim run --shard I/N`) together, and write the report."""
    from cosim.cli import studies
    from cosim.studies.study import shards_in

    parts = shards_in(folder)
    study = studies.load_folder(parts[0])
    target = output or folder
    study.merge(parts, target, studies.progress_stream())
    studies.conclude(target, with_report=not no_report)
