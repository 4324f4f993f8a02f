"""cosim new: a scenario file for one's own team."""

from __future__ import annotations

from pathlib import Path

import click

from cosim.cli.paths import UserPath


@click.command(short_help="Write a scenario file for your own team.")
@click.argument("file", type=UserPath(written=True))
@click.option("--from", "base", metavar="NAME", help="Begin with this scenario (a name or a file).")
@click.option(
    "--roles",
    metavar="LIST",
    help='Who is on the team: "2 patients, 1 carer, 3 clinicians, 1 lead researcher, 1 commissioner".',
)
@click.option("--study", type=UserPath(written=True), help="Also write a study of this team into this file.")
def command(file: Path, base: str | None, roles: str | None, study: Path | None) -> None:
    """Write FILE: a scenario of your own team, with comments, ready to be changed. Nothing is asked.

    Titles stand for the model's four roles: carer or service user for patient, nurse or GP for provider,
    commissioner or funder for policymaker, statistician for researcher. Where a title tells nothing, say so:
    "2 people with asthma = patient". A lead researcher (or PI) is the accountable lead.
    """
    from cosim.catalogue.new_team import write_new
    from cosim.errors import ConfigError
    from cosim.formatting import terminal
    from cosim.formatting.words import counted
    from cosim.scenario.role_words import is_called_lead

    file = file if file.suffix else file.with_suffix(".yaml")
    if study is not None:
        study = study if study.suffix else study.with_suffix(".yaml")
        if study.exists() or study == file:
            raise ConfigError("this file is there already; name another one", file=study)
        if not study.parent.is_dir():
            raise ConfigError("there is no such folder to write into", file=study)
    scenario = write_new(file, base, roles)
    rows = [
        {
            "label": group.label or name,
            "count": group.count,
            "role": group.role + (", the accountable lead" if group.lead else ""),
        }
        for name, group in scenario.team.items()
        if group.count
    ]
    click.echo(f"{file}: a team of {counted(scenario.size, 'member')}\n")
    click.echo(terminal.table(rows, ["label", "count", "role"], ["group", "members", "role"]))
    if not any(group.lead for group in scenario.team.values()):
        click.echo(
            '\nnote: nobody is the accountable lead; write "1 lead researcher", or `lead: true` in a group'
        )
    for name, group in scenario.team.items():
        if group.count and not group.lead and is_called_lead(group.label or name):
            click.echo(
                f"\nnote: {group.label or name} is not the accountable lead of the project. At most one "
                "member is, and only a researcher's title says so: move `lead: true` to whom it belongs"
            )
    click.echo(f"\nNext: cosim simulate {file} --groups")
    if study is not None:
        study.write_text(_study(file, study), encoding="utf-8", newline="\n")
        click.echo(f"      cosim check {study}, then cosim run {study} --quick")


def _study(team: Path, study: Path) -> str:
    import json
    import os

    path = Path(os.path.relpath(team.resolve(), study.parent.resolve())).as_posix()
    return f"""# A study of our own team: which ways of working make influence more equal, and at what cost?
#
#   cosim check {study.name}          what it would do
#   cosim run {study.name} --quick    a first look, about a minute
#   cosim run {study.name}            the whole
study: compare
title: Which ways of working suit our team?
scenario: {json.dumps(path, ensure_ascii=False)}
interventions: all # or a list, such as [round_robin, {{ground_rules: 0.5}}]
# bundles:
#   our_plan: [round_robin, payment]
outcomes: [influence_gini, influence_parity_public]
worlds: {{count: 64}} # what nobody controls, drawn anew in each
replicates: 16
seed: 1
quick:
  worlds: {{count: 8}}
  replicates: 8
"""
