"""A finished study as Python sees it: its tables, what it found, and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosim.api import html
from cosim.config import arguments

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from cosim.reporting.blocks import Page, Picture
    from cosim.studies.results import Results


@dataclass(frozen=True)
class Findings:
    """What a study found, as its report says it.

    Attributes
    ----------
    question : str
    answer : tuple of str
        The answer, a sentence each, with n, seed and intervals.
    facts : dict of str to str
        What was run, at a glance.
    tables : dict of str to pandas.DataFrame
        The numbers behind the report, by name: what ``tables/NAME.csv`` holds.
    """

    question: str
    answer: tuple[str, ...]
    facts: dict[str, str]
    tables: dict[str, pd.DataFrame]

    def __str__(self) -> str:
        return "\n".join([self.question, "", *self.answer])

    def table(self, name: str) -> pd.DataFrame:
        """Return one of the tables.

        Raises
        ------
        ConfigError
            When there is none of that name, with those there are.
        """
        return self.tables[arguments.one_of(name, self.tables, "name", "table in these findings")]

    def _repr_html_(self) -> str:
        rows = [*self.facts.items(), ("tables", ", ".join(self.tables))]
        return html.heading(self.question) + html.paragraphs(self.answer) + html.pairs(rows)


class StudyResults:
    """The results of a finished study; made by `cosim.run_study` and `cosim.load_study`.

    Attributes
    ----------
    folder : Path
        Where they lie.
    name, kind : str
        Name of the study's config; kind of the study.
    runs : pandas.DataFrame
        A row per run: ``run``, ``point``, ``world``, ``arm``, ``replicate``, a column per outcome, ``error``.
    design : pandas.DataFrame
        A row per design point: ``point``, ``world``, ``arm``, ``seed``, the changed keys and the doses.
    people : pandas.DataFrame or None
        A row per point, block of replicates and group of members; None when the study kept none.
    config : dict
        The resolved config, every default written out.
    provenance : dict
        How the results came to be: versions, machine, time.
    figures : tuple of str
        Names of the report's figures.
    """

    def __init__(self, results: Results) -> None:
        self._results = results

    @property
    def folder(self) -> Path:
        """Where the results lie."""
        return self._results.folder

    @property
    def name(self) -> str:
        """Name of the study's config."""
        return str(self._results.study["name"])

    @property
    def kind(self) -> str:
        """Kind of the study, as in ``study: KIND``."""
        return self._results.kind

    @property
    def runs(self) -> pd.DataFrame:
        """A row per run."""
        return self._results.runs

    @property
    def design(self) -> pd.DataFrame:
        """A row per design point."""
        return self._results.design

    @cached_property
    def people(self) -> pd.DataFrame | None:
        """A row per point, block of replicates and group of members; None when none were kept."""
        from cosim.execution.run_tables import read_frame
        from cosim.execution.study_folder import PEOPLE

        path = self.folder / PEOPLE
        return read_frame(path) if path.is_file() else None

    @property
    def config(self) -> dict[str, Any]:
        """The resolved config."""
        return dict(self._results.config)

    @property
    def provenance(self) -> Mapping[str, Any]:
        """How the results came to be."""
        return self._results.provenance

    @cached_property
    def _page(self) -> Page:
        from cosim.studies.registry import page_for

        return page_for(self.kind)(self._results)

    @cached_property
    def _pictures(self) -> dict[str, Picture]:
        return {picture.name: picture for picture in self._page.pictures()}

    def findings(self) -> Findings:
        """Return what the study found, as its report says it.

        Raises
        ------
        ConfigError
            When there is no report for this kind of study.
        CosimError
            When runs failed or are missing; their ids are named.
        """
        page = self._page
        return Findings(page.question, page.answer, dict(page.facts), dict(page.data))

    @property
    def figures(self) -> tuple[str, ...]:
        """Names of the report's figures."""
        return tuple(self._pictures)

    def figure(self, name: str) -> Figure:
        """Draw one of the report's figures.

        Parameters
        ----------
        name : str
            One of `figures`.

        Returns
        -------
        matplotlib.figure.Figure
            A new one, to be shown, changed or saved.

        Raises
        ------
        ConfigError
            When there is none of that name, with those there are.
        """
        from cosim.charts.style import PAGE

        known = arguments.one_of(name, self._pictures, "name", "figure in this study")
        return self._pictures[known].draw(PAGE)

    def report(self) -> Path:
        """Write the report into the folder, with figures and tables beside it; return ``report.html``.

        Raises
        ------
        CosimError
            As `findings` raises it, or when the system refuses to write.
        """
        from cosim.studies.report import write_report

        return write_report(self.folder)

    def __repr__(self) -> str:
        return (
            f"<StudyResults {self.name!r} ({self.kind}): {len(self.runs):,} runs of "
            f"{len(self.design):,} design points in {str(self.folder)!r}>"
        )

    def _repr_html_(self) -> str:
        from cosim.errors import CosimError

        try:
            told = self.findings()._repr_html_()
            rows: list[tuple[str, str]] = [("figures", ", ".join(self.figures))]
        except CosimError as error:  # what cannot be reported can still be looked at
            told, rows = html.heading(self.name) + html.paragraphs([error]), []
        return told + html.pairs([*rows, ("folder", str(self.folder))])
