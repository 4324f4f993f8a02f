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
@click.option("--pdf", type=UserPath(written=True), help="Write the whole page as PDF into this file, too.")
def command(folder: Path, *, lens: str | None, pdf: Path | None) -> None:
    """Write the report and figures of the finished study in FOLDER again, from its tables.

    Tables, config and record are held against the manifest first; what was changed is named and refused. The
    PDF is a supplement for print: every table, every parameter and the config, nothing folded away.
    With --lens the same runs are read through a framework instead: its questions, and what each way of
    working shows.
    """
    if lens is not None:
        from cosim.cli.lenses import tell

        tell(folder, lens)
        return
    from cosim.cli import reports

    page = reports.report(folder)
    if pdf is not None and page is not None:
        from cosim.reporting.supplement import write_supplement

        click.echo(f"Supplement: {pdf} ({write_supplement(page, pdf)} pages)")
