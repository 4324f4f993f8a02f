"""cosim parameters: every number of the model, with its range and source."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cosim.config.parameter import Parameter


@click.command(short_help="Explain the model's parameters.")
@click.argument("prefix", required=False, default="")
@click.option("--kind", help="Only one kind: uncertainty, lever, attribute, design or cost.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, every column.")
def command(prefix: str, kind: str | None, as_json: bool) -> None:
    """List the parameters whose key begins with PREFIX (all without one), with sentence and source."""
    from cosim.scenario import parameters, phase_parameters

    every = (*parameters(), *phase_parameters())
    found = [one for one in every if one.key.startswith(prefix) and kind in (None, one.kind)]
    if not found:
        _refuse(prefix, kind, every)
    if as_json:
        import json

        click.echo(json.dumps([dataclasses.asdict(one) for one in found], indent=1, ensure_ascii=False))
        return
    from cosim.formatting import terminal
    from cosim.formatting.words import counted

    for one in found:
        sampled = f", sampled from {terminal.interval(one.plausible)}" if one.plausible else ""
        unit = f" [{one.unit}]" if one.unit else ""
        click.echo(f"{one.key} = {terminal.shown(one.default)}{unit}  ({one.kind}, {_allowed(one)}{sampled})")
        click.echo(terminal.paragraph(one.sentence, "    "))
        click.echo(terminal.paragraph(f"{one.status}: {one.source}", "    "))
    click.echo(f"\n{counted(len(found), 'parameter')}")


def _allowed(one: Parameter) -> str:
    from cosim.formatting import terminal

    return terminal.interval(one.allowed) if one.numeric else " | ".join(str(word) for word in one.allowed)


def _refuse(prefix: str, kind: str | None, every: tuple[Parameter, ...]) -> None:
    from cosim.errors import ConfigError, nearest_name

    kinds = list(dict.fromkeys(one.kind for one in every))
    if kind is not None and kind not in kinds:
        near = nearest_name(kind, kinds)
        raise ConfigError(
            "there is no such kind", key="--kind", value=kind, allowed=", ".join(kinds), nearest=near
        )
    sections = dict.fromkeys(one.key.split(".")[0] for one in every)
    near = nearest_name(prefix, [*sections, *(one.key for one in every)])
    told = "no parameter's key begins so" if kind is None else f"no {kind} begins so"
    raise ConfigError(told, value=prefix, allowed=", ".join(sections), nearest=near)
