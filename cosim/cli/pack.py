"""cosim pack: a finished study as one file that verifies itself."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from cosim.cli.paths import UserPath


@click.command(short_help="Pack a finished study into one file.")
@click.argument("folder", type=UserPath())
@click.option("--output", "-o", type=UserPath(written=True), help="The zip. Default: FOLDER.zip beside it.")
@click.option("--author", "authors", multiple=True, help="An author: 'Family, Given' or a group; repeatable.")
@click.option("--people", is_flag=True, help="With the people table.")
@click.option(
    "--runs/--no-runs", default=None, help="With or without the table of runs. Default: if it fits."
)
@click.option(
    "--limit", type=click.FloatRange(0.1, 4000), default=25.0, help="Largest size in MB.", show_default=True
)
def command(
    folder: Path,
    *,
    output: Path | None,
    authors: tuple[str, ...],
    people: bool,
    runs: bool | None,
    limit: float,
) -> None:
    """Pack the finished study in FOLDER into one zip that tells what it is and verifies itself.

    It holds config, design, tables, figures, report, the model as the scenario uses it (ODD), a data
    dictionary, citations, licence and reporting checklists, and is an RO-Crate. `cosim verify` checks it.
    """
    from cosim.formatting import terminal
    from cosim.packing.pack import Manner, pack

    to = output or folder.resolve().with_name(f"{folder.resolve().name}.zip")
    packed = pack(folder, to, Manner(authors, people, runs, limit))
    click.echo(f"{packed.path}: {packed.files} files, {packed.size / 1e6:.1f} MB")
    if packed.left_out:
        click.echo(
            f"left out: {', '.join(packed.left_out)} (their hashes are in it; a re-run makes them again)"
        )
    click.echo(f"seal: {packed.seal}")
    told = (
        "Publish the seal with the file (in the paper, the registry, the repository's page): with it, "
        "anybody can "
        f"tell any change: cosim verify {shlex.quote(packed.path.name)} --seal {packed.seal[:16]}"
    )
    click.echo(terminal.paragraph(told))
    if not authors:
        click.echo("No author is named in it; name them with --author 'Family, Given'.")
