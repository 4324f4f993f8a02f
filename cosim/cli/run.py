"""cosim run: a study, from its config to its tables and its report."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cosim.cli.paths import UserPath

if TYPE_CHECKING:
    from cosim.studies.study import Study


@click.command(short_help="Run a study: tables, figures and report.")
@click.argument("config", type=UserPath())
@click.option(
    "--quick", is_flag=True, help="The small form of the study that its config gives under `quick`."
)
@click.option(
    "--dry-run",
    is_flag=True,
    help="Only say how many runs it is, and how much time, disk and memory they take.",
)
@click.option("--resume", is_flag=True, help="Go on with what the output folder already holds.")
@click.option("--output", "-o", type=UserPath(written=True), help="Output folder; by default results/NAME.")
@click.option("--workers", "-w", type=click.IntRange(1, 4096), help="How many parts are worked on at once.")
@click.option(
    "--engine", type=click.Choice(["compiled", "reference"]), help="Same results; the reference is slow."
)
@click.option(
    "--shard", metavar="I/N", help="Only part I of N, for array jobs; `cosim merge` puts them together."
)
@click.option("--cluster", metavar="ADDRESS", help="A Dask scheduler (tcp://HOST:PORT), or `local`.")
@click.option("--no-report", is_flag=True, help="Tables only; `cosim report FOLDER` writes the report later.")
def command(
    config: Path,
    *,
    quick: bool,
    dry_run: bool,
    resume: bool,
    output: Path | None,
    workers: int | None,
    engine: Any,
    shard: str | None,
    cluster: str | None,
    no_report: bool,
) -> None:
    """Run the study that CONFIG describes, and write tables, figures and report into its output folder.

    Ctrl-C stops after the parts at work are finished; the same command with --resume goes on from there.
    """
    from cosim.cli import studies
    from cosim.execution.chunks import Shard
    from cosim.studies.manner import Manner
    from cosim.studies.memory import refuse_what_cannot_fit

    part = Shard.parse(shard) if shard else Shard()
    study = studies.load_study(config, quick=quick, manner=Manner(workers, engine, cluster))
    folder = studies.output_folder(study, quick, output)
    screen = studies.progress_stream()
    if dry_run:
        _estimate(study, folder)
        return
    first = study.pilot() if study.undecided else study
    refuse_what_cannot_fit(first, with_report=part.whole and not no_report)
    study = studies.settled(study, folder, screen)
    refuse_what_cannot_fit(study, with_report=part.whole and not no_report)
    click.echo(studies.describe(study), err=True)
    go_on = f"`{_again(config, quick, output, workers, engine, shard, cluster)}`"
    tally = studies.execute(study, folder, go_on=go_on, resume=resume, shard=part, screen=screen)
    if part.whole:
        studies.conclude(folder, with_report=not no_report, anew=_may_begin_anew())
    else:
        click.echo(f"Part {part} is finished: {tally.runs:,} runs in {folder / part.folder}")
        click.echo(f"When all {part.of} parts are there: cosim merge {shlex.quote(str(folder))}")


def _may_begin_anew() -> bool:
    return bool(getattr(click.get_current_context().find_root().command, "can_begin_anew", False))


def _estimate(study: Study, folder: Path) -> None:
    from cosim.cli.compiling import warm_up
    from cosim.cli.studies import describe
    from cosim.execution.executors import usable_processors
    from cosim.studies.estimate import estimate

    settings = study.config.settings
    if study.undecided:
        click.echo("The number of replicates is found by a pilot; this is the pilot:")
        study = study.pilot()
    if settings.engine == "compiled":
        warm_up()
    click.echo(describe(study))
    click.echo(estimate(study, settings.workers or usable_processors()).text())
    click.echo(f"into {folder}" + (" (which exists)" if folder.exists() else ""))


def _again(config: Path, quick: bool, output: Path | None, *given: object) -> str:
    """Return the command that goes on with an interrupted study."""
    words = ["cosim", "run", str(config), *(["--quick"] if quick else [])]
    options = ("--output", "--workers", "--engine", "--shard", "--cluster")
    for option, value in zip(options, (output, *given), strict=True):
        words += [option, str(value)] if value is not None else []
    return shlex.join([*words, "--resume"])
