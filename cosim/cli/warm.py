"""cosim warm: compile the engine now."""

from __future__ import annotations

import click


@click.command(short_help="Compile the engine now.")
def command() -> None:
    """Compile the engine now, so that the first study need not wait for it."""
    from cosim.cli.compiling import warm_up
    from cosim.engine.code_folder import VARIABLE, is_temporary
    from cosim.engine.compilation import cache_folder

    seconds = warm_up()
    click.echo(f"the engine is ready ({seconds:.1f} s)")
    folder = cache_folder()
    if folder is None or is_temporary(folder):
        click.echo(f"it cannot be kept: name a folder that is yours alone with {VARIABLE}")
    else:
        click.echo(f"machine code: {folder}")
