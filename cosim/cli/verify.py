"""cosim verify: whether a packed study is as it was packed, and whether it can be had again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cosim.cli.paths import UserPath

if TYPE_CHECKING:
    from cosim.packing.verify import Verdict


@click.command(short_help="Check a packed study.")
@click.argument("file", type=UserPath())
@click.option("--seal", default="", help="The seal that its authors published, or its first digits.")
@click.option("--rerun", is_flag=True, help="Run its study again and compare everything, bit for bit.")
@click.option("--workers", "-w", type=click.IntRange(1, 4096), help="How many parts are worked on at once.")
def command(file: Path, *, seal: str, rerun: bool, workers: int | None) -> None:
    """Say whether FILE (a zip made by `cosim pack`) is whole, what was changed, and which version wrote it.

    Exit code 0: all is as it was packed (and is made again just so); 1: it is not; 2: it cannot be checked.
    """
    from cosim.cli.group import FAILED
    from cosim.errors import ConfigError
    from cosim.formatting import terminal
    from cosim.packing.verify import SEALED, UNKNOWABLE, verify

    if file.is_dir():
        told = "is a folder; `cosim rerun FOLDER --files-only` checks one, `cosim pack` makes a file of it"
        raise ConfigError(told, file=file)
    if seal and (len(seal.strip()) < 8 or not set(seal.strip().lower()) <= set("0123456789abcdef")):
        raise ConfigError("a seal has 8 to 64 hexadecimal digits", key="--seal", value=seal)
    verdict = verify(file, seal)
    click.echo(verdict.text())
    if not rerun:
        click.echo(terminal.paragraph(SEALED if verdict.sealed and verdict.whole else UNKNOWABLE))
    elif not _same_again(verdict, workers):
        raise click.exceptions.Exit(FAILED)
    if not verdict.whole:
        raise click.exceptions.Exit(FAILED)


def _same_again(verdict: Verdict, workers: int | None) -> bool:
    """Run a pack's study again and tell what is the same."""
    from dataclasses import replace

    from cosim.cli import studies
    from cosim.cli.rerun import report_again
    from cosim.packing.rerun import filled_in, lacks_runs, lay_out
    from cosim.studies.manner import Manner
    from cosim.studies.rerun import compare_folders

    with tempfile.TemporaryDirectory(prefix="cosim-verify-") as place:
        old, new, into = (Path(place) / name for name in ("old", "new", "report"))
        old.mkdir()
        into.mkdir()
        lay_out(verdict.files, old)
        study = studies.load_folder(old)
        study = replace(study, config=Manner(workers).apply(study.config))
        screen = studies.progress_stream()
        studies.execute(study, new, go_on="the same command (it begins again)", screen=screen)
        same, others = filled_in(old, new, verdict.left_out)
        for name in same:
            click.echo(
                f"{name}, left out of the pack: the re-run makes the one that was left out, bit for bit"
            )
        for name in others:
            click.echo(f"{name}, left out of the pack: the re-run makes another one")
        if lacks_runs(old):
            click.echo(
                "NOT reproduced: the runs are others, and the pack does not hold those that it reports on"
            )
            return False
        why_not = report_again(old, new, into)
        found = compare_folders(old, new, report=None if why_not else into, no_report=why_not)
    click.echo(found.text())
    return found.reproduced and not others
