"""The bytes of a log file as lines of text: size, encoding and kind are checked before anything is parsed."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from cosim.errors import ConfigError, nearest_name

MAX_LINES = 1_000_000
"""A long meeting has some thousand turns; files beyond this are not turn logs."""
MAX_BYTES = 500_000_000
MAX_LINE = 1_000_000

_BLOCK = 1 << 20
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODINGS = ("utf-8", "utf-16", "cp1252", "latin-1")
_AS_CSV = "save it as CSV (in Excel: File, Save As, CSV UTF-8)"
_OTHER_KINDS = (
    (b"PK\x03\x04", f"an Excel workbook, Word document or zip archive; {_AS_CSV}"),
    (b"\xd0\xcf\x11\xe0", f"an old Excel or Word file; {_AS_CSV}"),
    (b"%PDF", "a PDF; export the transcript as CSV, VTT or SRT"),
)


@contextmanager
def open_log(path: str | Path, encoding: str | None = None) -> Iterator[TextIO]:
    r"""Open a log file as text with ``\n`` line ends, gzip unpacked.

    Parameters
    ----------
    path : str or Path
    encoding : str, optional
        By default UTF-8, or what a byte-order mark says.

    Raises
    ------
    ConfigError
        When the file is missing, empty, a directory or a pipe, not text, not in that encoding, or too
        large; with the line where one can be named. The whole file is looked at first, in blocks, so that
        nothing is parsed of a file that cannot be read to its end.
    """
    file = Path(path)
    try:
        chosen = _check(file, encoding)
        with _open_bytes(file) as raw, io.TextIOWrapper(raw, encoding=chosen, newline=None) as text:
            yield text
    except FileNotFoundError:
        raise ConfigError("there is no such file", file=file) from None
    except IsADirectoryError:
        raise ConfigError("this is a directory, not a log file", file=file) from None
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ConfigError(f"the compressed file is damaged: {error}", file=file) from None
    except OSError as error:
        raise ConfigError(f"the file cannot be read: {error.strerror or error}", file=file) from None


def _open_bytes(file: Path) -> BinaryIO:
    with file.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    return gzip.open(file, "rb") if packed else file.open("rb")  # type: ignore[return-value]


def _check(file: Path, encoding: str | None) -> str:
    """Look at the whole file and return its encoding."""
    if file.exists() and not (file.is_file() or file.is_dir()):
        raise ConfigError("this is not a regular file; save what it gives first", file=file)
    with _open_bytes(file) as raw:
        head = raw.read(4096)
        if not head:
            raise ConfigError("the file is empty", file=file)
        for magic, kind in _OTHER_KINDS:
            if head.startswith(magic):
                raise ConfigError(f"this is not a text file but {kind}", file=file)
        chosen = encoding or next((name for mark, name in _BOMS if head.startswith(mark)), "utf-8")
        try:
            io.TextIOWrapper(io.BytesIO(), encoding=chosen)  # which knows the encodings that give no text
            decoder = codecs.getincrementaldecoder(chosen)("strict")
        except (LookupError, ValueError):
            near = nearest_name(chosen, _ENCODINGS)
            told, allowed = "there is no such text encoding", ", ".join((*_ENCODINGS, "..."))
            raise ConfigError(told, key="--encoding", value=encoding, allowed=allowed, nearest=near) from None
        _scan(file, raw, head, chosen, decoder)
    return chosen


def _scan(file: Path, raw: BinaryIO, head: bytes, encoding: str, decoder: codecs.IncrementalDecoder) -> None:
    newlines = io.IncrementalNewlineDecoder(decoder, translate=True)
    lines, tail, size, block = 1, 0, 0, head
    blank = True
    while True:
        size += len(block)
        try:
            text = newlines.decode(block, final=not block)
        except UnicodeError as error:
            raise _not_decoded(file, lines, encoding, error) from None
        nul = text.find("\0")
        if nul >= 0:
            message = (
                "this looks like a binary file (or UTF-16 without a byte-order mark): it holds NUL characters"
            )
            raise ConfigError(message, file=file, line=lines + text.count("\n", 0, nul))
        blank = blank and not text.strip()
        lines += text.count("\n")
        last = text.rfind("\n")
        first = text.find("\n")
        longest = max(tail + (len(text) if first < 0 else first), 0)
        tail = longest if last < 0 else len(text) - last - 1
        if max(longest, tail) > MAX_LINE:
            raise ConfigError(f"a line of more than {MAX_LINE:,} characters", file=file, line=lines)
        if lines > MAX_LINES + 1 or size > MAX_BYTES:
            allowed = f"at most {MAX_LINES:,} lines and {MAX_BYTES // 1_000_000} MB; split it by meeting"
            raise ConfigError("the file is too large for a turn log", file=file, line=lines, allowed=allowed)
        if not block:
            break
        block = raw.read(_BLOCK)
    if blank:
        raise ConfigError("the file is empty: it holds only blank lines", file=file)


def _not_decoded(file: Path, line: int, encoding: str, error: UnicodeError) -> ConfigError:
    why = str(error)
    if isinstance(error, UnicodeDecodeError):
        line += error.object[: error.start].count(b"\n")
        why = f"byte 0x{error.object[error.start]:02x}"
    return ConfigError(
        f"this line is not {encoding.upper().removesuffix('-SIG')} text ({why}); "
        "save the file as UTF-8, or name its encoding",
        file=file,
        line=line,
        allowed="UTF-8, UTF-16 with a byte-order mark, or --encoding cp1252 (Windows), latin-1, ...",
    )
