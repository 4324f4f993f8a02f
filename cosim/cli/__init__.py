"""The command line. A command is one small module here, with one row in `COMMANDS`."""

from __future__ import annotations

import click

from cosim.cli.group import CommandGroup
from cosim.version import __version__

# In the order in which `cosim --help` lists them. The module of a command has its name and holds `command`.
COMMANDS = (
    "new",
    "check",
    "run",
    "configs",
    "simulate",
    "observe",
    "diary",
    "validate",
    "catalogue",
    "show",
    "cite",
    "interventions",
    "outcomes",
    "parameters",
    "plugins",
    "schema",
    "report",
    "rerun",
    "pack",
    "verify",
    "merge",
    "warm",
    "demo",
)


@click.group(
    cls=CommandGroup,
    names=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Begin with `cosim catalogue` and `cosim simulate research_team`. "
    "`cosim COMMAND --help` explains a command.",
)
@click.version_option(__version__, message="cosim %(version)s")
def main() -> None:
    """Power in co-produced health-research teams, simulated: which ways of working equalise influence."""
