"""From an output folder to its report: one HTML page, and every figure as PNG, SVG and PDF."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cosim.experiment.lock import FolderLock
from cosim.experiment.whole_files import StoreError, remove_leftovers, write_text
from cosim.letters import csv_text
from cosim.reporting.blocks import Page
from cosim.reporting.figures.comparison import stamp
from cosim.reporting.figures.export import save
from cosim.reporting.kinds import report_for
from cosim.reporting.page import render
from cosim.reporting.results import Results, read_results

REPORT = "report.html"
FIGURES = "figures"
TABLES = "tables"


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


def make_report(folder: Path | str) -> tuple[Path, Page]:
    """Write a report as `write_report` does; return the page as well, for its answer."""
    results = read_results(Path(folder))
    page = report_for(results.kind).page(results)
    path = results.folder / REPORT
    with _held(results.folder):
        _save_figures(page, results)
        _save_tables(page, results)
        write_text(path, render(page))
    return path, page


def figures(folder: Path | str) -> list[Path]:
    """Write a finished study's figures only; see `write_report`.

    Returns
    -------
    list of Path
        Every file written.
    """
    results = read_results(Path(folder))
    page = report_for(results.kind).page(results)
    with _held(results.folder):
        return _save_figures(page, results)


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


def _save_figures(page: Page, results: Results) -> list[Path]:
    where = results.folder / FIGURES
    written = []
    for picture in page.pictures():
        written += save(picture.draw, where, picture.name, stamp(results))
    return written


def _save_tables(page: Page, results: Results) -> None:
    where = results.folder / TABLES
    if page.data:
        where.mkdir(exist_ok=True)
    for name, table in page.data.items():
        write_text(where / f"{name}.csv", csv_text(table))
