"""cosim configs: the example studies that come with cosim."""

from __future__ import annotations

from pathlib import Path

import click

from cosim.cli.paths import UserPath


@click.command(short_help="List the example studies, or copy one to change it.")
@click.argument("name", required=False)
@click.option(
    "--output", "-o", type=UserPath(written=True), help="Write the copy here; by default ./NAME.yaml."
)
def command(name: str | None, output: Path | None) -> None:
    """List the example studies; with NAME, write a copy of that one, comments and all, to change as you like.

    `cosim run NAME` runs one without copying it.
    """
    from cosim.studies import example_configs

    if name is None:
        if output is not None:
            raise click.UsageError("name the example to copy; `cosim configs` lists them")
        from cosim.formatting import terminal

        rows = [{"name": one, "title": title} for one, title in example_configs.titles().items()]
        click.echo(terminal.table(rows, ["name", "title"], ["name", "what it asks"]))
        click.echo(
            f"\n{len(rows)} example studies. `cosim configs NAME` copies one, `cosim run NAME` runs it."
        )
        return
    source = example_configs.path_of(name)
    target = output if output is not None else Path(f"{name}.yaml")
    _copy(source, target)
    click.echo(f"{target}: a copy of the example {name}; `cosim check {target}` says what it does")


def _copy(source: Path, target: Path) -> None:
    from cosim.errors import ConfigError

    try:
        with target.open("x", encoding="utf-8") as to:  # "x": never over a file that somebody has changed
            to.write(source.read_text(encoding="utf-8"))
    except FileExistsError:
        raise ConfigError("this file is there already; name another with -o", file=target) from None
    except OSError as error:
        raise ConfigError(f"the copy cannot be written ({error.strerror})", file=target) from None
