"""cosim demo: the teaching demo in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from cosim.cli.paths import UserPath
from cosim.errors import CosimError


@click.command(short_help="Open the teaching demo in the browser.")
@click.option(
    "--port", default=8765, show_default=True, type=click.IntRange(0, 65535), help="0 takes any free one."
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="0.0.0.0 lets everybody on the network open the page, without a password.",
)
@click.option(
    "--allow-host",
    "allowed",
    multiple=True,
    metavar="NAME",
    help="A name by which the page may be opened, besides this machine's own: for a proxy. May be repeated.",
)
@click.option(
    "--export",
    "folder",
    type=UserPath(written=True),
    metavar="FOLDER",
    help="Start no server: write all lessons, recorded, as one page into FOLDER.",
)
def command(port: int, host: str, allowed: tuple[str, ...], folder: Path | None) -> None:
    """See who spoke, and who changed the decision: two teams side by side, for a seminar.

    The page works offline. Every browser tab has teams of its own. Ctrl-C ends it.
    """
    if folder is not None:
        _export(folder)
        return
    from cosim.browser.server import serve

    def tell(address: str) -> None:
        click.echo(f"The demo is at {address}  (Ctrl-C ends it)")

    def warn(who: str) -> None:
        click.echo(who, err=True)

    serve(host, port, tell, allowed=allowed, warn=warn)


def _export(folder: Path) -> None:
    try:
        from cosim.browser.export import export
    except ImportError as error:
        told = f"the demo needs more packages ({error.name} is missing): pip install 'cosim-teams[demo]'"
        raise CosimError(told) from None
    page = export(folder, tell=lambda told: click.echo(told, err=True))
    size = page.stat().st_size / 1e6
    click.echo(
        f"{page} ({size:.1f} MB) holds all lessons: open it in a browser, or put it into a learning platform."
    )
