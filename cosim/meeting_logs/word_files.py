"""Word documents (.docx) as lines of text: paragraphs, line breaks and tables, in the order of the document.

Read with the standard library: a document is a zip archive of XML, of which only words and breaks are wanted.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from cosim.errors import ConfigError

MOST_BYTES: Final = 200_000_000
"""Unpacked size above which a document is refused."""

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_CLOCK = re.compile(
    r"[\[(]?\s*\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d+)?\s*(?:[-–—]\s*\d{1,3}:\d{2}(?::\d{2})?)?\s*[\])]?"
)


def is_word_file(path: Path) -> bool:
    """Say whether a file is a Word document of the kind that can be read."""
    if not path.is_file():
        return False
    try:
        with path.open("rb") as raw:
            if raw.read(4) != b"PK\x03\x04":
                return False
        with zipfile.ZipFile(path) as archive:
            return "word/document.xml" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def word_lines(path: Path) -> list[str]:
    """Return the text of a document, a line for each paragraph, line break or row of a table.

    Paragraphs are parted by empty lines. The cells of a table's row become a line such as ``[0:03] Name:
    text`` where one of them is a time, else ``Name: text``.

    Raises
    ------
    ConfigError
        When the archive is damaged or too large.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo("word/document.xml").file_size > MOST_BYTES:
                allowed = f"at most {MOST_BYTES // 1_000_000} MB of text"
                raise ConfigError("the document is too large for a transcript", file=path, allowed=allowed)
            data = archive.read("word/document.xml")
        if b"<!DOCTYPE" in data[:1000] or b"<!ENTITY" in data:
            raise ConfigError("the document defines entities of its own, which Word never does", file=path)
        body = ElementTree.fromstring(data)
    except (
        zipfile.BadZipFile,
        ElementTree.ParseError,
        KeyError,
        EOFError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        raise ConfigError(f"the document is damaged or locked: {error}", file=path) from None
    return [line for block in _blocks(body) for line in (*block, "")]


def _blocks(parent: ElementTree.Element) -> Iterator[list[str]]:
    """Yield the lines of each paragraph, and each row of each table."""
    for element in parent:
        kind = element.tag.rpartition("}")[2]
        if kind == "p":
            yield _text(element).split("\n")
        elif kind == "tbl":
            for row in _children(element, "tr"):
                cells = [" ".join(_text(p) for p in _children(cell, "p")) for cell in _children(row, "tc")]
                yield [_row([" ".join(cell.split()) for cell in cells])]
        elif kind in ("body", "sdt", "sdtContent", "ins", "smartTag", "customXml"):
            yield from _blocks(element)


def _children(element: ElementTree.Element, kind: str) -> Iterator[ElementTree.Element]:
    return (one for name in (_W, _STRICT) for one in element.iter(f"{name}{kind}"))


def _text(paragraph: ElementTree.Element) -> str:
    parts = []
    for element in paragraph.iter():
        kind = element.tag.rpartition("}")[2]
        if kind == "t":
            parts.append(element.text or "")
        elif kind in ("br", "cr"):
            parts.append("\n")
        elif kind == "tab":
            parts.append("   ")
    return "".join(parts)


def _row(cells: list[str]) -> str:
    """Return the cells of a row as a line of a transcript."""
    times = [cell for cell in cells if _CLOCK.fullmatch(cell)]
    others = [cell for cell in cells if cell and cell not in times]
    if len(others) < 2:
        return "  ".join([*times, *others])
    said = f"{others[0].rstrip(':')}: {' '.join(others[1:])}"
    return f"[{times[0].strip('[]() ')}] {said}" if times else said
