"""cosim check: whether a file is right, and what it would do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cosim.cli.paths import UserPath

if TYPE_CHECKING:
    from cosim.scenario import Scenario


@click.command(short_help="Check a study config or a scenario file.")
@click.argument("config", type=UserPath())
def command(config: Path) -> None:
    """Check CONFIG and say what it would do. Nothing is run.

    CONFIG is a study config or a scenario file, or the name of one that comes with cosim.
    """
    from cosim.catalogue import is_scenario, load_scenario, names
    from cosim.config.yaml_source import read_yaml
    from cosim.errors import ConfigError, nearest_name
    from cosim.studies import example_configs

    config = example_configs.found(config)
    if not config.exists() and str(config) in names():
        _tell(load_scenario(str(config)), config)
        return
    if not config.exists() and not config.suffix and len(config.parts) == 1:
        beside = [path.name for path in Path().glob("*.yaml")]
        near = nearest_name(config.name, [*beside, *names(), *example_configs.names()])
        told = "there is no such file, and neither a scenario nor an example config of this name"
        raise ConfigError(told, value=config.name, nearest=near)
    own = read_yaml(config)
    if is_scenario(own.data):
        _tell(load_scenario(config), config)
        return
    from cosim.cli.studies import describe
    from cosim.studies.config import check_forms, extended
    from cosim.studies.study import Study
    from cosim.studies.team_model import team_model

    full, short = check_forms(extended(own), team_model)
    for form, head in ((full, f"{config}: a valid study config\n"), (short, "--quick: ")):
        if form is None:
            continue
        study = Study(form)
        if study.undecided:
            study = study.pilot()
            click.echo("The number of replicates is found by a pilot of this size:")
        click.echo(head + describe(study))
        if form is full:
            _warn_of_prices(study.config.subject.describe().get("costs"))


def _tell(scenario: Scenario, name: Path) -> None:
    """Say who is on a team, and for how long."""
    from cosim.formatting.words import counted
    from cosim.scenario.plan import resolve

    members = resolve(scenario)[1]
    meetings = sum(phase.meetings for phase in scenario.phases.values())
    click.echo(f"{name}: a valid scenario, {scenario.identity}")
    phases = len(scenario.phases)
    click.echo(
        f"{counted(len(members), 'member')}, {counted(phases, 'phase')}, {counted(meetings, 'meeting')}"
    )
    _warn_of_prices(scenario.costs.model_dump())


def _warn_of_prices(given: Any) -> None:
    """Say which prices are still those of another currency."""
    from cosim.scenario.organisation import Costs, foreign_defaults

    costs = Costs.model_validate(given or {})
    left = foreign_defaults(costs)
    if left:
        click.echo(
            f"note: {', '.join(f'costs.{name}' for name in left)} {'has' if len(left) == 1 else 'have'} the "
            f"number of the default in {Costs().currency}; the currency is {costs.currency}"
        )
