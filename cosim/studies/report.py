"""From an output folder to its report: one HTML page, and every figure as PNG, SVG and PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from cosim.charts.export import save
from cosim.execution.atomic_files import StoreError, remove_leftovers, write_text
from cosim.execution.folder_lock import FolderLock
from cosim.execution.manifest import COLUMNS, FIGURES, REPORT, Manifest, of_report
from cosim.execution.manifest import TABLES_OF_REPORT as TABLES
from cosim.execution.provenance import read_provenance, report_versions
from cosim.formatting.safe_text import csv_text
from cosim.reporting.blocks import Page
from cosim.reporting.page import render
from cosim.studies.columns import Dictionary, columns_of
from cosim.studies.compare.figures import stamp
from cosim.studies.registry import page_for
from cosim.studies.results import Results, read_results

Tell = Callable[[str], None]


def write_report(folder: Path | str) -> Path:
    """Write a finished study's report and figures into its own folder.

    Parameters
    ----------
    folder : Path
        An output folder, as `cosim run` makes it.

    Returns
    -------
    Path
        ``report.html``: self-contained, nothing on it is loaded from elsewhere. The figures stand beside it
        in ``figures/``, the tables behind them, as CSV, in ``tables/``.

    Raises
    ------
    ConfigError
        When the folder holds no finished study, or one of a kind without a report.
    UnusableRunsError
        When runs failed or are missing; their ids are named.
    StoreError
        When the system refuses to write.
    """
    return make_report(folder)[0]


def make_report(folder: Path | str, tell: Tell | None = None) -> tuple[Path, Page]:
    """Write a report as `write_report` does; return the page as well, for its answer.

    Parameters
    ----------
    folder : Path
    tell : callable, optional
        Told, in a sentence each, of files that are not as they were written.
    """
    folder = Path(folder)
    results = read_results(folder, tell)
    page = page_for(results.kind)(results)
    with _held(folder), _resealed(folder, tell) as written:
        written.extend(_write(page, results, folder))
    return folder / REPORT, page


def remake_report(folder: Path, tables: Path, into: Path) -> None:
    """Write the report that a folder would have if its tables were those of another one.

    Parameters
    ----------
    folder : Path
        Whose record and config the page tells of.
    tables : Path
        Folder of a finished study: the same one, run again.
    into : Path
        Where report, figures and CSV tables are written.

    Raises
    ------
    CosimError
        As for `write_report`.
    """
    found = read_results(tables)
    results = replace(found, folder=folder, provenance=read_provenance(folder))
    _write(page_for(results.kind)(results), results, into)


def figures(folder: Path | str) -> list[Path]:
    """Write a finished study's figures only; see `write_report`.

    Returns
    -------
    list of Path
        Every file written.
    """
    folder = Path(folder)
    results = read_results(folder)
    page = page_for(results.kind)(results)
    with _held(folder), _resealed(folder, only=FIGURES) as written:
        written.extend(_save_figures(page, results, folder))
    return written


@contextmanager
def _resealed(folder: Path, tell: Tell | None = None, only: str = "") -> Iterator[list[Path]]:
    """Keep the manifest true while a report is written: its files leave it first, and return as they are.

    What an earlier report has left behind and this one does not write is removed, unless it was changed.
    Yields a list for the files that are written.
    """
    written: list[Path] = []
    manifest = Manifest.read(folder)
    if manifest is None:
        yield written
        return
    before = [
        name for name in manifest.files if of_report(name) and (not only or name.startswith(f"{only}/"))
    ]
    changed = {fault.name for fault in manifest.faults(folder)}
    kept = manifest.without(before)
    kept.write(folder)
    yield written
    names = [path.relative_to(folder).as_posix() for path in written]
    for name in before:
        if name in names or not (folder / name).exists():
            continue
        if name not in changed:
            (folder / name).unlink()
        elif tell is not None:
            tell(f"{name} is of an earlier report and was changed since; it is left as it is")
    kept.with_files(folder, names, report=report_versions()).write(folder)


def _write(page: Page, results: Results, where: Path) -> list[Path]:
    written = _save_figures(page, results, where) + _save_tables(page, results, where)
    write_text(where / REPORT, render(page))
    return [*written, where / REPORT]


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the folder while a report is written into it; clear what writers that were killed have left."""
    try:
        lock = FolderLock(folder)
    except OSError as error:
        raise StoreError(f"cannot write into {folder}: {error.strerror or error}") from None
    with lock:
        for place in (folder, folder / FIGURES, folder / TABLES):
            remove_leftovers(place)
        yield


def _save_figures(page: Page, results: Results, where: Path) -> list[Path]:
    written = []
    for picture in page.pictures():
        written += save(picture.draw, where / FIGURES, picture.name, stamp(results))
    return written


def _save_tables(page: Page, results: Results, where: Path) -> list[Path]:
    place = where / TABLES
    if page.data:
        place.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in page.data.items():
        written.append(place / f"{name}.csv")
        write_text(written[-1], csv_text(table))
    if page.data:
        written.append(place / COLUMNS)
        write_text(written[-1], csv_text(columns_of(page.data, Dictionary.of(results.scenario))))
    return written
