"""What goes wrong is told where the demo was started; pages get one sentence.

Solara shows whoever opens a page how the server's files are called and what their code is.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final

SORRY: Final = (
    "Something went wrong here. What it was stands in the window where the demo was started; "
    "open the page again to go on."
)


def tell_console(error: BaseException) -> None:
    """Write an error's traceback where the demo was started."""
    traceback.print_exception(error, file=sys.stderr)
    sys.stderr.flush()


class _Told:
    """Takes the place of `traceback` in what draws Solara's page of an error."""

    @staticmethod
    def format_exception(
        kind: Any, error: BaseException | None = None, trace: TracebackType | None = None
    ) -> list[str]:
        found = error if error is not None else kind
        if isinstance(found, BaseException):
            tell_console(found)
        return [SORRY]

    format_stack = staticmethod(traceback.format_stack)


def hush(tell_page: Callable[[str], object]) -> None:
    """Keep tracebacks out of all pages, whether drawing one fails or what a click does.

    Parameters
    ----------
    tell_page : callable
        Shows a sentence in the page in which a click has failed.
    """
    from reacton import core
    from solara.server import app, patch

    def show(shell: Any) -> None:
        error = sys.exc_info()[1]
        if error is not None:
            tell_console(error)
        tell_page(SORRY)

    for place, name, instead in (
        (app, "traceback", _Told),
        (core, "traceback", _Told),
        (patch.FakeIPython, "showtraceback", show),
    ):
        getattr(place, name)  # so that another Solara, which calls it otherwise, is noticed at once
        setattr(place, name, instead)
