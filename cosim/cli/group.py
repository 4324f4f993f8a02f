"""The group of all commands: each imported when it is called, every error told in one message."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from cosim.cli.fresh_process import can_begin_anew
from cosim.cli.streams import safe_streams
from cosim.errors import ConfigError, CosimError, nearest_name

WRONG_INPUT, FAILED, STOPPED = 2, 1, 130
"""Exit codes: what was asked for cannot be done as written; it failed; somebody stopped it."""

KEPT = ("run", "merge", "report", "rerun", "validate", "observe", "diary", "warm", "pack")
"""Commands whose results do not lie in what they print."""


class CommandGroup(click.Group):
    """Finds commands by the name of their module.

    Parameters
    ----------
    names : sequence of str
        The commands; module ``cosim.cli.NAME`` holds ``command``.
    """

    def __init__(self, *args: Any, names: Sequence[str] = (), **rest: Any) -> None:
        super().__init__(*args, **rest)
        self._names = tuple(names)
        self._called = ""
        self.can_begin_anew = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all names, in the order of the registry."""
        return list(self._names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self._names:
            return None
        self._called = cmd_name
        found: click.Command = import_module(f"cosim.cli.{cmd_name}").command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was meant; for an unknown one, name the nearest."""
        if args and args[0] not in self._names and not args[0].startswith("-"):
            near = nearest_name(args[0], self._names)
            hint = f"; did you mean {near!r}?" if near else ""
            ctx.fail(f"there is no command {args[0]!r}{hint}")
        return super().resolve_command(ctx, args)

    def main(self, *args: Any, **rest: Any) -> Any:
        """Run the command line with streams that no letter and no full disk can end."""
        _keep_own_rights()
        self.can_begin_anew = can_begin_anew(args, rest.get("args"))
        with safe_streams() as out:
            try:
                return super().main(*args, **rest)
            except SystemExit as end:
                if out is not None:
                    out.flush()
                    if out.lost and not end.code and self._called not in KEPT:
                        complain(f"what was to be printed cannot be written: {out.lost}")
                        raise SystemExit(FAILED) from None
                raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; cosim's own errors become one message and an exit code."""
        try:
            return super().invoke(ctx)
        except ConfigError as error:
            complain(error)
            ctx.exit(WRONG_INPUT)
        except CosimError as error:
            complain(error)
            ctx.exit(FAILED)
        except PermissionError as error:
            place = f"{error.filename}: " if error.filename else ""
            complain(f"{place}it or the folder that it lies in cannot be opened: {error.strerror}")
            ctx.exit(WRONG_INPUT)
        except MemoryError as error:
            complain(f"there is too little memory for this{f' ({error})' if str(error) else ''}")
            ctx.exit(FAILED)
        except KeyboardInterrupt:
            complain("stopped")
            ctx.exit(STOPPED)


def _keep_own_rights() -> None:
    """Let nobody be shut out of their own files: of a umask, what concerns the owner is not followed."""
    os.umask(os.umask(0o077) & 0o077)


def complain(message: object) -> None:
    """Tell what is wrong, on the stream for errors."""
    click.echo(f"cosim: {message}", err=True)
