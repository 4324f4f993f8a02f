"""What the commands that deal with studies share: from a config file to a study, and on to its report."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from cosim.errors import ConfigError

if TYPE_CHECKING:
    from cosim.experiment.chunks import Shard
    from cosim.experiment.config import StudyConfig
    from cosim.experiment.executors import WorkersContext
    from cosim.experiment.runner import Tally
    from cosim.experiment.settings import Cluster
    from cosim.experiment.study import Study
    from cosim.simulation import Engine


@dataclass(frozen=True)
class Manner:
    """How a study is run, as the command line has it; None leaves it to the config.

    Attributes
    ----------
    workers : int or None
    engine : {"compiled", "reference"} or None
    cluster : str or None
        ``local``, or the address of a Dask scheduler.
    """

    workers: int | None = None
    engine: Engine | None = None
    cluster: str | None = None

    def apply(self, config: StudyConfig) -> StudyConfig:
        """Return the config, to be run in this manner."""
        from cosim.experiment.team_model import TeamModel

        changes: dict[str, object] = {}
        if self.workers is not None:
            changes["workers"] = self.workers
        if self.engine is not None:
            changes["engine"] = self.engine
            if isinstance(config.subject, TeamModel):
                config = replace(config, subject=replace(config.subject, engine=self.engine))
        if self.cluster is not None:
            changes["cluster"] = _cluster(self.cluster, self.workers)
        return replace(config, settings=config.settings.model_copy(update=changes))


def load_study(path: Path, *, quick: bool = False, manner: Manner | None = None) -> Study:
    """Read and check a study config.

    Raises
    ------
    ConfigError
        When it cannot be run as written, or has no quick form where one is asked for.
    """
    from cosim.experiment.config import check_config, read_config
    from cosim.experiment.study import Study
    from cosim.experiment.team_model import team_model

    source = read_config(path)
    if quick and "quick" not in source.data:
        raise ConfigError("this config has no quick form; it needs a block `quick:`", file=path, key="quick")
    config = check_config(source, team_model, quick=quick)
    return Study((manner or Manner()).apply(config))


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
    from cosim.experiment.manifest import CONFIG
    from cosim.experiment.provenance import read_provenance
    from cosim.experiment.store import IDENTITY

    if not (folder / IDENTITY).exists() or not (folder / CONFIG).exists():
        raise ConfigError(f"this folder holds no study (it has no {IDENTITY} and {CONFIG})", file=folder)
    study = load_study(folder / CONFIG)
    name = read_provenance(folder).get("study", {}).get("name", folder.resolve().name)
    # The study keeps the name that it was first run under; `config` is not what anybody calls it.
    source = replace(study.config.source, path=folder / f"{name}.yaml")
    return replace(study, config=replace(study.config, source=source))


def settled(study: Study, folder: Path, screen: TextIO | None) -> Study:
    """Return a study whose number of replicates is known: by a pilot, where the config says ``auto``."""
    from cosim.experiment.store import IDENTITY, Identity

    if not study.undecided:
        return study
    if (folder / IDENTITY).exists():
        return study.with_replicates(Identity.read(folder).replicates)
    from cosim.cli.pilot import replicates_by_pilot

    return study.with_replicates(replicates_by_pilot(study, screen, execute))


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
    from cosim.experiment.runner import Interrupted

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
    from cosim.cli.text import counted

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


def conclude(folder: Path, *, with_report: bool = True) -> None:
    """Write the report of a finished study, and tell where everything is."""
    from cosim.cli.reports import report, tell_failures

    tell_failures(folder)
    click.echo(f"Tables: {_listed(folder, ['runs.parquet', 'people.parquet', 'design.parquet'])} in {folder}")
    if with_report:
        click.echo("writing the report and its figures ...", err=True)
        report(folder)


def progress_stream() -> TextIO:
    """Return where progress goes: the stream for errors, so that results can be piped."""
    return sys.stderr


def _listed(folder: Path, names: Sequence[str]) -> str:
    return ", ".join(name for name in names if (folder / name).exists())


def _cluster(given: str, workers: int | None) -> Cluster:
    from cosim.experiment.settings import Cluster

    if given == "local":
        return Cluster(kind="local") if workers is None else Cluster(kind="local", workers=workers)
    from cosim.experiment.dask_cluster import address

    return address(given)
