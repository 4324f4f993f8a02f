"""What a notebook shows of a result: plain HTML that needs no style of its own; everything is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

_NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def text(value: object) -> str:
    """Return text that may stand in a page: escaped, without control characters."""
    return escape(_NO_TEXT.sub("", str(value)))


def heading(value: object) -> str:
    """Return a heading."""
    return f"<h4>{text(value)}</h4>"


def paragraphs(sentences: Iterable[object]) -> str:
    """Return a paragraph for each text."""
    return "".join(f"<p>{text(sentence)}</p>" for sentence in sentences)


def pairs(rows: Iterable[tuple[object, object]]) -> str:
    """Return a table of labels and values."""
    left = ' style="text-align: left"'
    cells = "".join(
        f"<tr><th{left}>{text(label)}</th><td{left}>{text(value)}</td></tr>" for label, value in rows
    )
    return f"<table>{cells}</table>" if cells else ""
