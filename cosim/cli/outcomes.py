"""cosim outcomes: what a run reports, and what every column of every table means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from cosim.outcomes import Column


@click.command(short_help="List the outcomes, or explain a column of any table.")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="As JSON, every column.")
def command(name: str | None, as_json: bool) -> None:
    """List the outcomes, or explain the one called NAME; it may be any column of any table of a study."""
    rows = _rows() if name is None else [_explained(name)]
    if as_json:
        import json

        click.echo(json.dumps(rows, indent=1, ensure_ascii=False))
    elif name is None:
        from cosim.formatting import terminal

        click.echo(
            terminal.table(
                rows,
                ["name", "unit", "range", "wanted", "sentence"],
                ["outcome", "unit", "range", "wanted", "what it is"],
            )
        )
        click.echo(f"\n{len(rows)} outcomes. `cosim outcomes NAME` explains one, or any column of a table.")
    else:
        _tell(rows[0])


_WANTED = {1: "more", -1: "less", 0: ""}


def _rows() -> list[dict[str, Any]]:
    from cosim.outcomes import OUTCOMES, RUN_COLUMNS

    return [{**_plain(RUN_COLUMNS[one.name]), **_more(one.name)} for one in OUTCOMES]


def _plain(one: Column) -> dict[str, Any]:
    return {
        "name": one.name,
        "unit": one.unit,
        "range": one.range_words,
        "sentence": one.sentence,
        "source": one.source,
    }


def _more(name: str) -> dict[str, Any]:
    """Return what is known of an outcome beyond its column; nothing of another column."""
    from cosim.interventions import INTERVENTIONS
    from cosim.outcomes import OUTCOME_NAMES, outcome_named

    if name not in OUTCOME_NAMES:
        return {}
    one = outcome_named(name)
    wanted = "near 1" if "_parity_" in name else _WANTED[one.better]
    built_in = [way.name for way in INTERVENTIONS.values() if name in way.built_in]
    return {"title": one.title, "panel": one.group, "wanted": wanted, "built_in": built_in}


def _explained(name: str) -> dict[str, Any]:
    from cosim.outcomes import PEOPLE_COLUMNS, RUN_COLUMNS
    from cosim.studies.columns import explained, known_columns

    found = explained(name)
    if found is None:
        from cosim.errors import ConfigError, nearest_name

        near = nearest_name(name, known_columns())
        told = "there is no such outcome, nor a column of that name in any table"
        raise ConfigError(told, value=name, nearest=near)
    row = {**_plain(found), **_more(name)}
    if name in PEOPLE_COLUMNS and name in RUN_COLUMNS and PEOPLE_COLUMNS[name] != RUN_COLUMNS[name]:
        row["in the people table"] = PEOPLE_COLUMNS[name].sentence
    return row


_LINES = (
    ("unit", "Unit"),
    ("range", "Range"),
    ("wanted", "Wanted"),
    ("panel", "Panel of a report"),
    ("in the people table", "In the people table"),
    ("source", "Defined in"),
)


def _tell(row: dict[str, Any]) -> None:
    from cosim.formatting import terminal
    from cosim.formatting.words import and_list

    title = row.get("title", "")
    click.echo(f"{title} ({row['name']})" if title else str(row["name"]))
    click.echo(terminal.paragraph(row["sentence"]))
    for key, told in _LINES:
        if row.get(key):
            click.echo(terminal.paragraph(f"{told}: {row[key]}", "", "    "))
    if row.get("built_in"):
        ways = f"By construction moved by: {and_list(row['built_in'], most=99)} (never a finding)"
        click.echo(terminal.paragraph(ways, "", "    "))
