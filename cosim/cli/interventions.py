"""cosim interventions: the ways of working that can be compared."""

from __future__ import annotations

from collections.abc import Mapping

import click


@click.command(short_help="List the interventions, or explain one.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON, every column.")
def command(name: str | None, as_json: bool) -> None:
    """List the interventions, or tell all about the one called NAME."""
    from cosim.interventions import INTERVENTIONS, table

    rows = table()
    if name is not None:
        rows = [row for row in rows if row["name"] == name]
        if not rows:
            from cosim.errors import ConfigError, nearest_name

            near = nearest_name(name, INTERVENTIONS)
            raise ConfigError("there is no such intervention", value=name, nearest=near)
    if as_json:
        import json

        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
    elif name is None:
        from cosim.formatting import terminal

        click.echo(
            terminal.table(
                rows, ["name", "family", "grade", "title"], ["name", "works on", "evidence", "what it is"]
            )
        )
        click.echo(f"\n{len(rows)} interventions. `cosim interventions NAME` tells all about one of them.")
    else:
        _tell(rows[0])


_LINES = (
    ("mechanism", "What it changes at full dose"),
    ("effort", "What it takes"),
    ("compliance", "Share of the intention that is carried out"),
    ("decay", "Share of the effect lost per meeting"),
    ("needs_support", "Delivered only as far as the organisation supports it"),
    ("built_in", "Outcomes it moves by construction (never a finding)"),
    ("conflicts", "Cannot be combined with"),
    ("grade", "Evidence"),
    ("evidence", "What is known"),
)


def _tell(row: Mapping[str, object]) -> None:
    from cosim.formatting import terminal
    from cosim.interventions import INTERVENTIONS
    from cosim.interventions.delivery import numbers_of

    click.echo(f"{row['title']} ({row['name']}; works on {row['family']})")
    click.echo(terminal.paragraph(str(row["sentence"])))
    click.echo("")
    for key, told in _LINES:
        if row[key] not in ("", None):
            click.echo(terminal.paragraph(f"{told}: {terminal.shown(row[key])}", "", "    "))
    _tell_channels(str(row["name"]))
    click.echo("How it may be delivered (drawn in worlds over `ways`):")
    for number in numbers_of(INTERVENTIONS[str(row["name"])]):
        ends = terminal.interval((number.low, number.high))
        told = f"{number.quantity}: {number.value:g}, plausible {ends} ({number.unit}; {number.source})"
        click.echo(terminal.paragraph(told, "    ", "        "))
    click.echo("Sources:")
    for source in INTERVENTIONS[str(row["name"])].evidence.sources:
        click.echo(terminal.paragraph(source, "    "))


def _tell_channels(name: str) -> None:
    """Show what it moves in all, and through which channel, with intervals."""
    from cosim.formatting import terminal
    from cosim.interventions.through_channels import AS_IT_IS, OUTCOMES, through_channels
    from cosim.outcomes import outcome_title

    found = through_channels().get(name)
    if found is None:
        return
    titles = [outcome_title(one) for one in OUTCOMES]
    rows = [
        {
            "channel": "in all" if channel == AS_IT_IS else f"through {channel}",
            **{
                title: f"{moved[one].estimate:+.3f} ({moved[one].low:+.3f} to {moved[one].high:+.3f})"
                for one, title in zip(OUTCOMES, titles, strict=True)
            },
        }
        for channel, moved in found.items()
    ]
    told = (
        "What it moves, and what of that is gone with a channel off (mean of three teams, 95 % interval; of "
        "the other sign than the whole: with that channel off it would move more):"
    )
    click.echo(terminal.paragraph(told, "", "    "))
    click.echo(terminal.table(rows, ["channel", *titles], ["", *titles]))
