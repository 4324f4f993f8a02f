"""cosim rerun: run a study again from its own folder, and say whether the results are the same."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click


@click.command(short_help="Run a study again and compare the results.")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Keep the new results in this folder.")
@click.option("--workers", "-w", type=click.IntRange(1, 4096), help="How many parts are worked on at once.")
@click.option("--resume", is_flag=True, help="Go on with what the --output folder already holds.")
def command(folder: Path, output: Path | None, workers: int | None, resume: bool) -> None:
    """Run the study in FOLDER again and compare the tables, bit for bit; exit code 1 when they differ."""
    from dataclasses import replace

    from cosim.cli import studies
    from cosim.cli.group import FAILED
    from cosim.experiment.manner import Manner
    from cosim.experiment.rerun import check_finished, compare_folders

    study = studies.load_folder(folder)
    check_finished(folder)
    study = replace(study, config=Manner(workers).apply(study.config))
    screen = studies.progress_stream()
    with _place(output) as place:
        kept = " and --resume" if output else " (a rerun without --output begins anew)"
        studies.execute(study, place, go_on=f"the same command{kept}", resume=resume, screen=screen)
        found = compare_folders(folder, place)
    click.echo(found.text())
    if not found.reproduced:
        raise click.exceptions.Exit(FAILED)


@contextlib.contextmanager
def _place(output: Path | None) -> Iterator[Path]:
    if output is not None:
        yield output
        return
    with tempfile.TemporaryDirectory(prefix="cosim-rerun-") as place:
        yield Path(place) / "again"
