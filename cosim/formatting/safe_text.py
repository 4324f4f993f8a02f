"""Letters that must not reach a reader as they are: control characters, and cells that a spreadsheet runs.

Names come from other people's files. A control character can rewrite a terminal's screen, makes an SVG
invalid, and hides in a table; a cell that begins like a formula is run by the spreadsheet that opens it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

BYTE_ORDER_MARK: Final = "\ufeff"
INSTEAD: Final = "\N{REPLACEMENT CHARACTER}"

# Controls but tab and line feed; marks that turn the direction of what follows; halves and non-characters.
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# Also as East Asian keyboards write them, and behind blanks that a spreadsheet strips.
_FORMULA: Final = re.compile(r"\s*'*\s*(?:[=+\-@\uff0b\uff0d\uff1d\uff20].|[\t\r\n])", re.DOTALL)
_NUMBER: Final = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


def hidden(text: str) -> str | None:
    r"""Return the first letter of a text that may not be shown; None when there is none.

    Examples
    --------
    >>> hidden("two\nlines"), hidden("a bell\a")
    (None, '\x07')
    """
    found = _HIDDEN.search(text)
    return found.group() if found else None


def visible(text: str) -> str:
    r"""Return a text in which every letter that may not be shown is replaced by one that stands for it.

    Examples
    --------
    >>> visible("\x1b[31mred")
    '\ufffd[31mred'
    """
    return _HIDDEN.sub(INSTEAD, text)


def defused(cell: str) -> str:
    """Return a cell of text that no spreadsheet takes for a formula; numbers stay as they are.

    An apostrophe goes before it, which spreadsheets take as "this is text". `as_written` takes it away.

    Examples
    --------
    >>> defused("=1+1"), defused("-0.5"), defused("Anna"), as_written("'=1+1")
    ("'=1+1", '-0.5', 'Anna', '=1+1')
    """
    if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def as_written(cell: str) -> str:
    """Return what stood in a cell before `defused`: for readers of our own tables."""
    if cell.startswith("'") and _FORMULA.match(cell):
        return cell[1:]
    return cell


def csv_text(table: pd.DataFrame) -> str:
    """Return a table as CSV for people: comma, UTF-8, one line feed a line, no index.

    Text is `visible` and `defused`, in the header too; numbers are written as they are. Only a table with
    letters beyond ASCII begins with a byte-order mark: spreadsheets need it to read them rightly, while a few
    readers trip over it, so that a table that does not need it has none.

    Parameters
    ----------
    table : DataFrame
    """
    safe = table.rename(columns=_safe)
    for place, kind in enumerate(table.dtypes):
        if kind.kind not in "biufmM":
            safe.isetitem(place, table.iloc[:, place].map(_safe).to_numpy())
    text = str(safe.to_csv(index=False, lineterminator="\n"))
    return text if text.isascii() else BYTE_ORDER_MARK + text


def _safe(cell: Any) -> Any:
    return defused(visible(cell)) if isinstance(cell, str) else cell
