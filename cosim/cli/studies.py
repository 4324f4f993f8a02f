"""What the commands that deal with studies share: from a config file to a study, and on to its report."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from cosim.errors import ConfigError

if TYPE_CHECKING:
    from cosim.execution.chunks import Shard
    from cosim.execution.executors import WorkersContext
    from cosim.execution.runner import Tally
    from cosim.studies.manner import Manner
    from cosim.studies.study import Study


def load_study(path: Path, *, quick: bool = False, manner: Manner | None = None) -> Study:
    """Read and check a study config.

    Raises
    ------
    ConfigError
        When it cannot be run as written, or has no quick form where one is asked for.
    """
    from cosim.studies.config import check_config, read_config
    from cosim.studies.study import Study
    from cosim.studies.team_model import team_model

    source = read_config(path)
    if quick and "quick" not in source.data:
        raise ConfigError("this config has no quick form; it needs a block `quick:`", file=path, key="quick")
    config = check_config(source, team_model, quick=quick)
    return Study(manner.apply(config) if manner else config)


def output_folder(study: Study, quick: bool, given: Path | None = None) -> Path:
    """Return where a study goes; a quick run never takes the folder of the full one."""
    if given is not None:
        return given
    usual = study.config.folder
    return usual.with_name(f"{usual.name}-quick") if quick else usual


def load_folder(folder: Path) -> Study:
    """Return the study whose resolved config lies in a folder.

    Raises
    ------
    ConfigError
        When the folder holds no study.
    """
    from cosim.execution.manifest import CONFIG
    from cosim.execution.provenance import read_provenance
    from cosim.execution.study_folder import IDENTITY

    if not (folder / IDENTITY).exists() or not (folder / CONFIG).exists():
        raise ConfigError(f"this folder holds no study (it has no {IDENTITY} and {CONFIG})", file=folder)
    study = load_study(folder / CONFIG)
    name = read_provenance(folder).get("study", {}).get("name", folder.resolve().name)
    # The study keeps the name that it was first run under; `config` is not what anybody calls it.
    source = replace(study.config.source, path=folder / f"{name}.yaml")
    return replace(study, config=replace(study.config, source=source))


def settled(study: Study, folder: Path, screen: TextIO | None) -> Study:
    """Return a study whose number of replicates is known: by a pilot, where the config says ``auto``."""
    from cosim.execution.study_folder import IDENTITY, Identity

    if not study.undecided:
        return study
    if (folder / IDENTITY).exists():
        return study.with_replicates(Identity.read(folder).replicates)
    from cosim.studies.pilot import replicates_by_pilot

    def run(pilot: Study, place: Path) -> None:
        execute(pilot, place, go_on="the same command (the pilot begins again)", screen=screen)

    def say(sentence: str) -> None:
        click.echo(sentence, file=screen)

    return study.with_replicates(replicates_by_pilot(study, run, say))


def execute(
    study: Study,
    folder: Path,
    *,
    go_on: str,
    resume: bool = False,
    shard: Shard | None = None,
    screen: TextIO | None = None,
) -> Tally:
    """Run a study into a folder; after an interruption leave with the exit code for that.

    Raises
    ------
    CosimError
        Anything that goes wrong; what is finished is safe.
    """
    from cosim.cli.group import STOPPED, complain
    from cosim.execution.runner import Interrupted

    try:
        return study.run(
            folder,
            shard=shard,
            resume=resume,
            workers=warm_workers(study, screen),
            screen=screen,
            go_on=go_on,
        )
    except Interrupted as stop:
        complain(stop)
    except KeyboardInterrupt:
        complain(f"stopped; what is finished is safe in {folder}; go on with {go_on}")
    raise click.exceptions.Exit(STOPPED)


def warm_workers(study: Study, screen: TextIO | None) -> WorkersContext:
    """Return the workers that a study asks for, the engine compiled before they begin."""
    settings = study.config.settings
    workers = study.workers()
    if settings.engine != "compiled" or settings.cluster is not None:
        return workers
    from cosim.cli.compiling import WarmWorkers

    return WarmWorkers(workers, screen)


def describe(study: Study) -> str:
    """Say in one line what a study consists of."""
    from cosim.formatting.words import counted

    design = study.design
    worlds = f" x {design.worlds:,} worlds" if design.worlds > 1 else ""
    if len(design.arms) * design.worlds == len(design.points):
        points = f"{counted(len(design.arms), 'arm')}{worlds}"
    else:
        points = counted(len(design.points), "setting")
    return (
        f"{study.config.name} ({design.kind}, scenario {study.config.subject.name}): {points} x "
        f"{counted(design.replicates, 'replicate')} = {counted(design.runs, 'run')}"
    )


def conclude(folder: Path, *, with_report: bool = True, anew: bool = False) -> None:
    """Write the report of a finished study, and tell where everything is.

    Parameters
    ----------
    folder : Path
    with_report : bool
    anew : bool
        Whether the report of a long study may be written by a process that takes the place of this one.
    """
    from cosim.cli.fresh_process import begin_anew
    from cosim.cli.reports import report, tell_failures

    tell_failures(folder)
    click.echo(f"Tables: {_listed(folder, ['runs.parquet', 'people.parquet', 'design.parquet'])} in {folder}")
    if with_report:
        click.echo("writing the report and its figures ...", err=True)
        if anew and _runs_in(folder) >= MANY:
            begin_anew("report", "--", str(folder))
        report(folder)


MANY = 50_000
"""Runs from which on a report is written by a fresh process: neither memory nor patience notices fewer."""


def _runs_in(folder: Path) -> int:
    from cosim.execution.stored_table import StoredTable
    from cosim.execution.study_folder import RUNS

    return len(StoredTable(folder / RUNS))


def progress_stream() -> TextIO:
    """Return where progress goes: the stream for errors, so that results can be piped."""
    return sys.stderr


def _listed(folder: Path, names: Sequence[str]) -> str:
    return ", ".join(name for name in names if (folder / name).exists())
