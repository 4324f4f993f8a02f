"""What a report is made of: sections of prose, lists, figures, tables and texts to copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import pandas as pd

from cosim.charts.style import Draw, Layout


@dataclass(frozen=True)
class Prose:
    """Paragraphs."""

    paragraphs: tuple[str, ...]
    kind: ClassVar[str] = "prose"


@dataclass(frozen=True)
class Bullets:
    """A list of sentences; `title` stands over it."""

    items: tuple[str, ...]
    title: str = ""
    kind: ClassVar[str] = "bullets"


@dataclass(frozen=True)
class Flag:
    """A notice that must not be overlooked."""

    title: str
    items: tuple[str, ...]
    kind: ClassVar[str] = "flag"


@dataclass(frozen=True)
class Picture:
    """A figure.

    Attributes
    ----------
    name : str
        File name without ending; unique on the page.
    draw : callable
        Makes the figure for a layout.
    caption : str
        How to read it.
    alt : str
        What it shows, for those who cannot see it.
    """

    name: str
    draw: Draw
    caption: str
    alt: str
    kind: ClassVar[str] = "picture"


@dataclass(frozen=True)
class Cell:
    """A table cell; `mark` is a small word beside the text, `strong` sets it in bold."""

    text: str
    mark: str = ""
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    columns : tuple of str
        Headings.
    rows : tuple of tuple of Cell or str
    numeric : frozenset of int
        Columns that hold numbers.
    caption : str
    folded : str
        When not empty, the table is behind this line until it is clicked (open in print).
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell | str, ...], ...]
    numeric: frozenset[int] = frozenset()
    caption: str = ""
    folded: str = ""
    kind: ClassVar[str] = "table"

    def cells(self) -> Iterator[list[tuple[Cell, bool]]]:
        """Yield rows of cells, each with whether it is a number."""
        for row in self.rows:
            yield [
                (cell if isinstance(cell, Cell) else Cell(cell), column in self.numeric)
                for column, cell in enumerate(row)
            ]


@dataclass(frozen=True)
class Quote:
    """A text to be copied into another document."""

    title: str
    text: str
    kind: ClassVar[str] = "quote"


@dataclass(frozen=True)
class Code:
    """A file or command, folded when `folded` says what it is."""

    text: str
    folded: str = ""
    kind: ClassVar[str] = "code"


Block = Prose | Bullets | Flag | Picture | Table | Quote | Code


@dataclass(frozen=True)
class Section:
    """A part of the page with a heading; `key` is its address within the page."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """A whole report.

    Attributes
    ----------
    title, question : str
    answer : tuple of str
        Its sentences.
    facts : tuple of (label, value)
        What was run, at a glance.
    sections : tuple of Section
    foot : tuple of str
        Lines at the end of the page.
    data : mapping of str to DataFrame
        Tables behind the page by file name without ending; they are written as CSV beside it.
    """

    title: str
    question: str
    answer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = ()
    data: Mapping[str, pd.DataFrame] = field(default_factory=dict)

    def drawn_in(self, surroundings: Callable[[], AbstractContextManager[None]]) -> Page:
        """Return the page with figures that are drawn within a context manager, whenever that is."""

        def within(draw: Draw) -> Draw:
            def drawn(layout: Layout) -> Any:
                with surroundings():
                    return draw(layout)

            return drawn

        def changed(block: Block) -> Block:
            return replace(block, draw=within(block.draw)) if isinstance(block, Picture) else block

        sections = [replace(one, blocks=tuple(map(changed, one.blocks))) for one in self.sections]
        return replace(self, sections=tuple(sections))

    def pictures(self) -> Iterator[Picture]:
        """Yield every figure in the order of the page."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Picture):
                    yield block
