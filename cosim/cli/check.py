"""cosim check: whether a file is right, and what it would do."""

from __future__ import annotations

from pathlib import Path

import click


@click.command(short_help="Check a study config or a scenario file.")
@click.argument("config", type=click.Path(path_type=Path))
def command(config: Path) -> None:
    """Check CONFIG (a study config or a scenario file) and say what it would do. Nothing is run."""
    from cosim.catalogue import is_scenario
    from cosim.experiment.shipped_configs import found
    from cosim.yaml_source import read_yaml

    config = found(config)
    if is_scenario(read_yaml(config).data):
        from cosim.catalogue import load_scenario
        from cosim.plan import resolve

        scenario = load_scenario(config)
        members = resolve(scenario)[1]
        meetings = sum(phase.meetings for phase in scenario.phases.values())
        click.echo(f"{config}: a valid scenario, {scenario.identity}")
        click.echo(f"{len(members)} members, {len(scenario.phases)} phases, {meetings} meetings")
        return
    from cosim.cli.studies import describe, load_study

    for quick in (False, True):
        study = load_study(config, quick=quick) if not quick or _has_quick(config) else None
        if study is None:
            continue
        if study.undecided:
            study = study.pilot()
            click.echo("The number of replicates is found by a pilot of this size:")
        click.echo(("--quick: " if quick else f"{config}: a valid study config\n") + describe(study))


def _has_quick(config: Path) -> bool:
    from cosim.experiment.config import read_config

    return "quick" in read_config(config).data
