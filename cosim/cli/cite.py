"""cosim cite: how to cite a scenario."""

from __future__ import annotations

import click


@click.command(short_help="Say how to cite a scenario.")
@click.argument("scenario")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def command(scenario: str, as_json: bool) -> None:
    """Tell how to cite SCENARIO (a name of the catalogue or a file) in a protocol or a paper."""
    from cosim.catalogue import load_scenario
    from cosim.version import __version__

    found = load_scenario(scenario)
    meetings = sum(phase.meetings for phase in found.phases.values())
    words = (
        f"We simulated the scenario `{found.name}` ({found.title or 'untitled'}; identity {found.identity}) "
        f"with cosim {__version__}, an agent-based model of power in co-produced health-research teams. "
        f"It has {found.size} members, {found.count('patient')} of them public contributors, and "
        f"{meetings} meeting{'' if meetings == 1 else 's'}."
    )
    software = (
        "cosim contributors. cosim: power in co-produced health-research teams, simulated. "
        f"Version {__version__}."
    )
    if as_json:
        import json

        record = {
            "scenario": found.name,
            "identity": found.identity,
            "title": found.title,
            "software": software,
            "sentence": words,
            "sources": list(found.sources),
        }
        click.echo(json.dumps(record, indent=1, ensure_ascii=False))
        return
    from cosim.formatting import terminal

    click.echo("The software:")
    click.echo(terminal.paragraph(software, "  "))
    click.echo("\nFor a methods section:")
    click.echo(terminal.paragraph(words, "  "))
    click.echo("\nWhere the scenario comes from:" if found.sources else "\nThe scenario names no sources.")
    for source in found.sources:
        click.echo(terminal.paragraph(source, "  "))
    click.echo(
        "\n"
        + terminal.paragraph(
            "The identity changes whenever any value of the scenario does: a reader who sees another one has "
            "another scenario."
        )
    )
