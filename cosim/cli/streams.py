"""The streams of a command, made so that no letter and no full disk ends what it does.

Once, at the entry: whatever a command prints survives every encoding, and a study goes on when its progress
can be written nowhere.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import sys
from collections.abc import Iterator
from typing import Any, TextIO

_HANDLER = "cosim.plain"
_PLAIN = {
    "\N{MINUS SIGN}": "-",
    "\N{EN DASH}": "-",
    "\N{EM DASH}": "-",
    "\N{NON-BREAKING HYPHEN}": "-",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{PLUS-MINUS SIGN}": "+/-",
    "\N{LEFT DOUBLE QUOTATION MARK}": '"',
    "\N{RIGHT DOUBLE QUOTATION MARK}": '"',
    "\N{LEFT SINGLE QUOTATION MARK}": "'",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'",
    "\N{HORIZONTAL ELLIPSIS}": "...",
    "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    "\N{THIN SPACE}": " ",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
}


def plain(error: UnicodeError) -> tuple[str | bytes, int]:
    """Write what an encoding lacks in letters that every encoding has."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(letter, "?") for letter in error.object[error.start : error.end]), error.end


class Lenient:
    """A text stream that goes on when nothing more can be written to it.

    A closed pipe still ends the command: whoever read it has gone.

    Attributes
    ----------
    lost : str
        Why something could not be written; empty as long as everything could.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream, self.lost = stream, ""

    def write(self, text: str) -> int:
        """Write, if that can be."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._forgive(error)
            return len(text)

    def flush(self) -> None:
        """Flush, if that can be."""
        try:
            self._stream.flush()
        except OSError as error:
            self._forgive(error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _forgive(self, error: OSError) -> None:
        if error.errno == errno.EPIPE:
            raise error
        self.lost = error.strerror or str(error)


@contextlib.contextmanager
def safe_streams() -> Iterator[Lenient | None]:
    """Make the streams safe for the length of a command; gives the one for results."""
    codecs.register_error(_HANDLER, plain)
    before = sys.stdout, sys.stderr
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            continue
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=_HANDLER)
        setattr(sys, name, Lenient(stream))
    made = [stream for stream in (sys.stdout, sys.stderr) if isinstance(stream, Lenient)]
    try:
        yield sys.stdout if isinstance(sys.stdout, Lenient) else None
    finally:
        for stream in made:
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        # A stream that could not be written is left as it is: its buffer would fail again at the very end.
        if not any(stream.lost for stream in made):
            sys.stdout, sys.stderr = before
