"""cosim rerun: run a study again from its own folder, and say whether the results are the same."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from cosim.cli.paths import UserPath


@click.command(short_help="Run a study again and compare the results.")
@click.argument("folder", metavar="FOLDER|REPORT.html", type=UserPath())
@click.option("--output", "-o", type=UserPath(written=True), help="Keep the new results in this folder.")
@click.option("--workers", "-w", type=click.IntRange(1, 4096), help="How many parts are worked on at once.")
@click.option("--resume", is_flag=True, help="Go on with what the --output folder already holds.")
@click.option(
    "--no-report", is_flag=True, help="Compare the tables only, not report, figures and CSV tables."
)
@click.option(
    "--files-only", is_flag=True, help="Run nothing; say which files are not as the manifest has them."
)
def command(
    folder: Path,
    *,
    output: Path | None,
    workers: int | None,
    resume: bool,
    no_report: bool,
    files_only: bool,
) -> None:
    """Run the study in FOLDER again and compare everything that it made: tables, CSV, figures and report.

    Says what was compared, what was not, and the versions on both sides. Exit code 0: all is the same; 1: it
    is not, or a file was changed or lost since it was written; 2: it cannot be compared.

    Of a REPORT.html alone, the resolved config is read from the page and run, and the text of the new page is
    compared with that of the old one.
    """
    from dataclasses import replace

    from cosim.cli import studies
    from cosim.cli.group import FAILED
    from cosim.studies.manner import Manner
    from cosim.studies.rerun import check_files, check_finished, compare_folders

    if folder.is_file():
        if files_only or no_report:
            raise click.UsageError("of a report alone there is nothing to compare but its page")
        if not _page_again(folder, output, workers, resume=resume):
            raise click.exceptions.Exit(FAILED)
        return
    if files_only:
        files = check_files(folder)
        click.echo(files.text())
        for name in files.strangers:
            click.echo(f"  not in the manifest, so not written by cosim: {name}")
        if files.faults:
            raise click.exceptions.Exit(FAILED)
        return
    files = check_finished(folder)
    for fault in files.faults:
        click.echo(f"{folder / fault.name}: {fault.wrong}", err=True)
    study = studies.load_folder(folder)
    study = replace(study, config=Manner(workers).apply(study.config))
    screen = studies.progress_stream()
    with _place(output) as place, tempfile.TemporaryDirectory(prefix="cosim-report-") as into:
        kept = " and --resume" if output else " (a rerun without --output starts from the beginning)"
        studies.execute(study, place, go_on=f"the same command{kept}", resume=resume, screen=screen)
        why_not = "--no-report" if no_report else report_again(folder, place, Path(into))
        made = None if why_not else Path(into)
        found = compare_folders(folder, place, report=made, no_report=why_not)
    click.echo(found.text())
    if not found.reproduced:
        raise click.exceptions.Exit(FAILED)


def _page_again(page: Path, output: Path | None, workers: int | None, *, resume: bool) -> bool:
    """Run the study of a report's page again; tell in which of its parts the new page differs."""
    from dataclasses import replace

    from cosim.cli import studies
    from cosim.packing.report_page import differing_parts, read_report_page
    from cosim.studies.manner import Manner
    from cosim.studies.report import make_report

    old = read_report_page(page)
    with _place(output) as place:
        config = place.with_name(f"{place.name}-{old.name}.yaml") if output else place.parent / "read.yaml"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(old.config, encoding="utf-8")
        try:
            study = studies.load_study(config)
        finally:
            config.unlink()
        source = replace(study.config.source, path=place.parent / f"{old.name}.yaml")
        study = replace(study, config=Manner(workers).apply(replace(study.config, source=source)))
        click.echo(f"read from {page}: {studies.describe(study)}", err=True)
        kept = "the same command and --resume" if output else "the same command (it begins again)"
        studies.execute(study, place, go_on=kept, resume=resume, screen=studies.progress_stream())
        new = read_report_page(make_report(place)[0])
    differing = differing_parts(old, new)
    parts = len(old.sections)
    if not differing:
        click.echo(f"reproduced: all {parts} parts of the page have the same text, times and versions apart")
    else:
        click.echo(f"NOT reproduced: of {parts} parts of the page, {len(differing)} have another text")
        for key, told in differing.items():
            click.echo(f"  {key}: {told}")
    return not differing


def report_again(folder: Path, tables: Path, into: Path) -> str:
    """Write the report of the new tables; return why there is none, or nothing."""
    from cosim.errors import CosimError
    from cosim.execution.manifest import files_in, of_report
    from cosim.execution.provenance import read_provenance
    from cosim.studies.registry import has_page
    from cosim.studies.report import remake_report

    if not any(of_report(name) for name in files_in(folder)):
        return "the folder has none"
    kind = read_provenance(folder).get("study", {}).get("kind", "")
    if not has_page(kind):
        return f"none is made for a study of kind `{kind}`"
    click.echo("writing its report and figures ...", err=True)
    try:
        remake_report(folder, tables, into)
    except CosimError as error:
        return f"they cannot be made again: {error}"
    return ""


@contextlib.contextmanager
def _place(output: Path | None) -> Iterator[Path]:
    if output is not None:
        yield output
        return
    with tempfile.TemporaryDirectory(prefix="cosim-rerun-") as place:
        yield Path(place) / "again"
