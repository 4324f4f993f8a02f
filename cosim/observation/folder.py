"""The output folder of an observed log: one page, figures, tables, and where they come from."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import pandas as pd

from cosim.charts.export import save
from cosim.errors import ConfigError
from cosim.execution.atomic_files import write_text, write_whole_folder
from cosim.execution.manifest import FIGURES, REPORT, Manifest, files_in
from cosim.execution.provenance import FILE, provenance
from cosim.formatting.safe_text import csv_text
from cosim.observation import diary_report, learning_report, survey_report
from cosim.observation.diary_report import DiaryFindings
from cosim.observation.findings import Observed, Surveyed
from cosim.observation.ranking_table import WaysTable
from cosim.observation.report import page
from cosim.observation.source import Source
from cosim.observation.team_views import TeamViews
from cosim.reporting.blocks import Page
from cosim.reporting.page import render
from cosim.version import __version__

_HARMLESS = (".DS_Store", "desktop.ini")


def check_free(folder: Path) -> None:
    """Refuse an output folder that holds anything or cannot be written, before any work is done.

    Raises
    ------
    ConfigError
        When it is a file, or a folder with files in it, or the system would not let it be written.
    """
    try:
        if folder.exists() and not folder.is_dir():
            raise ConfigError(
                "the output must be a folder, but a file of that name exists", file=folder, key="output"
            )
        held = [item.name for item in sorted(folder.iterdir())] if folder.exists() else []
        above = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    except OSError as error:
        raise ConfigError(
            f"the output folder cannot be read: {error.strerror or error}", file=folder
        ) from None
    if not (above.is_dir() and os.access(above, os.W_OK | os.X_OK)):
        told = f"the output folder cannot be made: {above} is no folder that can be written"
        raise ConfigError(told, file=folder, key="output")
    held = [name for name in held if name not in _HARMLESS]
    if held:
        shown = f"{', '.join(held[:3])}{' ...' if len(held) > 3 else ''}"
        raise ConfigError(
            f"the output folder already holds files ({shown}); name a new folder", file=folder, key="output"
        )


def tables(seen: Observed) -> dict[str, pd.DataFrame]:
    """Return every table that is written, by file name without its ending."""
    observation = seen.observation
    found = {
        "people": observation.people,
        "roles": observation.roles,
        "meetings": observation.meetings,
        "statistics": observation.summary,
        "cleaning": observation.cleaning,
    }
    if seen.likeness is not None:
        found["statistics"] = observation.summary.merge(
            seen.likeness.placed.rename(
                columns={"low": "simulated_low", "high": "simulated_high", "below": "simulated_below"}
            ).drop(columns="observed"),
            on="statistic",
            how="outer",
        )
        lacking = found["statistics"]["observed"].isna()
        observed = seen.likeness.placed.set_index("statistic")["observed"]
        found["statistics"].loc[lacking, "observed"] = found["statistics"]["statistic"].map(observed)[lacking]
        found["simulated"] = seen.likeness.simulated.rename_axis("simulation").reset_index()
    if seen.fitted is not None:
        found["floor"] = seen.fitted.fit.summary()
        found["floor_posterior"] = seen.fitted.fit.posterior.table()
        found["floor_check"] = seen.fitted.placed
        found["ways"] = WaysTable(seen.fitted.ways).table.reset_index()
        found["ways_runs"] = seen.fitted.ways.runs
        found |= learning_report.tables(seen.fitted, seen.options.seed)
    if seen.views is not None:
        found |= views_tables(seen.views)
    return {name: table for name, table in found.items() if len(table)}


def views_tables(views: TeamViews) -> dict[str, pd.DataFrame]:
    """Return the tables about views, by file name; single answers are in none of them."""
    found = {
        "people_moved": views.moved.people,
        "roles_moved": views.moved.roles,
        "toward": views.moved.toward,
        "team_moved": views.moved.team,
        "shuffled_items": views.moved.drawn,
        "heard_and_heeded": views.gaps,
        "agreement": views.agreement,
    }
    for name, posterior in (("heeded_posterior", views.heeded), ("decision_posterior", views.decision)):
        if posterior is not None:
            table = pd.DataFrame(posterior.weights, columns=[f"weight_{role}" for role in posterior.roles])
            found[name] = table.assign(closed=posterior.closed, probability=posterior.probability)
    return found


def write_observed(seen: Observed, source: Source, folder: Path, started: float) -> Path:
    """Write report, figures, tables, provenance and a manifest, or nothing.

    Parameters
    ----------
    seen : Observed
    source : Source
    folder : Path
        New or empty.
    started : float
        When the work began, by `time.time`.

    Returns
    -------
    Path
        ``report.html``, self-contained.

    Raises
    ------
    ConfigError
        When the folder holds something already.
    StoreError
        When the system refuses to write.
    """
    check_free(folder)
    files = {f"{name}.csv": csv_text(table) for name, table in tables(seen).items()}
    if seen.fitted is not None:
        scenario = json.dumps(seen.fitted.ways.scenario.to_dict(), indent=1, ensure_ascii=False)
        files["scenario.yaml"] = scenario + "\n"
    made = page(seen, source)
    files[FILE] = _provenance(_study(seen, source), source, started)
    return _write(made, source.stamp(seen.options.seed), files, folder)


def write_surveyed(found: Surveyed, source: Source, folder: Path, started: float) -> Path:
    """Write report, figures, tables, provenance and a manifest of views without a log, or nothing.

    Arguments and errors are those of :func:`write_observed`.
    """
    check_free(folder)
    every = {**views_tables(found.views), "roles": survey_report.roles(found.views.blocks)}
    files = {f"{name}.csv": csv_text(table) for name, table in every.items() if len(table)}
    made = survey_report.page(found, source)
    study = {"kind": "observe", "seed": found.seed, "views": _of_views(found.views, source)}
    files[FILE] = _provenance({**study, "notes": list(found.views.notes)}, source, started)
    return _write(made, source.stamp(found.seed), files, folder)


def write_diary_page(found: DiaryFindings, folder: Path) -> Page:
    """Write the page on a diary with its figures, tables and a manifest, or nothing.

    Errors are those of :func:`write_observed`.
    """
    check_free(folder)
    made = diary_report.page(found)
    every = diary_report.tables(found) | (views_tables(found.views) if found.views is not None else {})
    files = {f"{name}.csv": csv_text(table) for name, table in every.items() if len(table)}
    _write(made, f"cosim {__version__} · diary · seed {found.seed}", files, folder)
    return made


def _write(made: Page, stamp: str, files: Mapping[str, str], folder: Path) -> Path:
    """Write a page, its figures, further files by name, and a manifest of all of it, or nothing."""
    text = render(made)

    def write(to: Path) -> None:
        for picture in made.pictures():
            save(picture.draw, to / FIGURES, picture.name, stamp)
        for name, content in files.items():
            write_text(to / name, content)
        write_text(to / REPORT, text)
        Manifest({}).with_files(to, files_in(to)).write(to)

    write_whole_folder(folder, write)
    return folder / REPORT


def _provenance(study: Mapping[str, object], source: Source, started: float) -> str:
    record = provenance(
        dict(study),
        datetime.fromtimestamp(started).astimezone(),
        {"seconds": round(time.time() - started, 1)},
    )
    # The command as it was given may name folders of one's own machine; the study holds what matters of it.
    record["environment"]["command"] = ["cosim", *source.words]
    return json.dumps(record, indent=1, ensure_ascii=False) + "\n"


def _of_views(views: TeamViews, source: Source) -> dict[str, object]:
    return {
        "sha256": list(source.views),
        "kind": views.table.kind,
        "scale": list(views.table.scale),
        "items": len(views.blocks.blocks),
        "people": len(views.blocks.people),
        "retest": views.retest,
        "prior": dict(views.prior),
    }


def _study(seen: Observed, source: Source) -> dict[str, object]:
    found: dict[str, object] = {
        "kind": "observe",
        "log": {"name": source.name, "sha256": source.sha256, "bytes": source.size},
        "options": asdict(seen.options),
        "seed": seen.options.seed,
        "chance_draws": seen.observation.draws,
        "notes": list(seen.observation.notes),
    }
    if seen.views is not None:
        found["views"] = _of_views(seen.views, source)
    if seen.likeness is not None:
        found["simulated"] = {
            "replicates": len(seen.likeness.simulated),
            "meetings": seen.likeness.meetings,
            "roles": list(seen.likeness.teams.told),
        }
    if seen.fitted is not None:
        found["fit"] = {
            "simulations": seen.fitted.fit.simulations,
            "stopped": seen.fitted.fit.fit.stopped,
            "observed": dict(seen.fitted.fit.observed),
            "turn_lengths": dict(seen.fitted.fit.lengths),
            "scenario": seen.fitted.ways.scenario.identity,
            "draws": seen.fitted.ways.draws,
            "replicates": seen.fitted.ways.replicates,
        }
        if seen.fitted.learned is not None:
            learned = seen.fitted.learned
            found["learned"] = {
                "draws": len(learned.weights),
                "effective_size": round(learned.effective_size, 1),
                "observed": dict(learned.observed),
                "far": learned.far,
            }
    return found
