"""A report as a PDF for print: every table, list, figure, parameter and the config, nothing folded away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from cosim.charts.export import font_files, png
from cosim.execution.atomic_files import write_whole
from cosim.formatting.safe_text import visible
from cosim.reporting.blocks import Block, Bullets, Cell, Code, Flag, Page, Picture, Prose, Quote, Table

if TYPE_CHECKING:
    from fpdf import FPDF

_MARGIN: Final = 16.0  # mm
_TEXT, _SMALL, _TABLE, _NARROW, _CODE = 9.0, 7.5, 6.5, 5.6, 6.0  # points
_WIDE: Final = 6  # with more columns than this a table has smaller letters
_LEAST: Final = 9  # letters that a column has room for, whatever it holds
_MOST: Final = 60
_TALLEST: Final = 900  # letters of a cell that surely fit on a page


def write_supplement(page: Page, path: Path) -> int:
    """Write a page as PDF, whole or not at all.

    Parameters
    ----------
    page : Page
    path : Path
        Replaced if it exists.

    Returns
    -------
    int
        Number of pages.

    Raises
    ------
    StoreError
        When the system refuses to write.
    """
    pdf = _document(page)
    write_whole(path, lambda to: to.write_bytes(bytes(pdf.output())))
    return int(pdf.pages_count)


def _document(page: Page) -> FPDF:
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    regular, bold, mono = font_files()
    pdf.add_font("text", "", str(regular))
    pdf.add_font("text", "B", str(bold))
    pdf.add_font("mono", "", str(mono))
    pdf.set_margins(_MARGIN, _MARGIN)
    pdf.set_auto_page_break(True, _MARGIN)
    pdf.set_title(visible(page.title))
    pdf.set_creator("cosim")
    pdf.set_lang("en")
    pdf.add_page()
    _line(pdf, page.title, 16, bold=True)
    if page.question and page.question != page.title:
        _line(pdf, page.question, 11)
    for sentence in page.answer:
        _line(pdf, sentence, 10, bold=True)
    _line(pdf, " · ".join(f"{label}: {value}" for label, value in page.facts), _SMALL)
    for section in page.sections:
        pdf.ln(3)
        pdf.start_section(visible(section.title))
        _line(pdf, section.title, 13, bold=True)
        for block in section.blocks:
            _SHOW[block.kind](pdf, block)
    pdf.ln(3)
    for told in page.foot:
        _line(pdf, told, _SMALL)
    return pdf


def _line(pdf: FPDF, text: str, size: float, *, bold: bool = False, indent: float = 0.0) -> None:
    if not text.strip():
        return
    pdf.set_font("text", "B" if bold else "", size)
    pdf.set_x(_MARGIN + indent)
    pdf.multi_cell(0, size * 0.48, visible(text), new_x="LMARGIN", new_y="NEXT", align="L")
    pdf.ln(size * 0.12)


def _prose(pdf: FPDF, block: Prose) -> None:
    for paragraph in block.paragraphs:
        _line(pdf, paragraph, _TEXT)


def _list(pdf: FPDF, block: Bullets | Flag) -> None:
    _line(pdf, block.title, _TEXT, bold=True)
    for item in block.items:
        _line(pdf, f"•  {item}", _TEXT, indent=3)


def _quote(pdf: FPDF, block: Quote) -> None:
    _line(pdf, block.title, _TEXT, bold=True)
    _line(pdf, block.text, _TEXT, indent=5)


def _code(pdf: FPDF, block: Code) -> None:
    _line(pdf, block.folded, _TEXT, bold=True)
    pdf.set_font("mono", "", _CODE)
    pdf.multi_cell(0, _CODE * 0.46, visible(block.text), new_x="LMARGIN", new_y="NEXT", align="L")
    pdf.ln(1)


def _picture(pdf: FPDF, block: Picture) -> None:
    pdf.image(BytesIO(png(block.draw)), w=pdf.epw, alt_text=block.alt)
    _line(pdf, block.caption, _SMALL)


def _table(pdf: FPDF, block: Table) -> None:
    size = _TABLE if len(block.columns) <= _WIDE else _NARROW
    _line(pdf, block.folded, _TEXT, bold=True)
    _line(pdf, block.caption, _SMALL)
    if not block.rows:
        _line(pdf, "none", _SMALL)
        return
    pdf.set_font("text", "", size)
    from fpdf.fonts import FontFace

    bold = FontFace(emphasis="BOLD")
    rows = [[_cell(cell) for cell in row] for row in block.rows]
    align = ["RIGHT" if place in block.numeric else "LEFT" for place in range(len(block.columns))]
    widths = _widths([list(block.columns), *rows])
    with pdf.table(
        col_widths=widths,
        line_height=size * 0.48,
        text_align=tuple(align),
        borders_layout="HORIZONTAL_LINES",
        padding=0.6,
    ) as table:
        table.row([visible(column) for column in block.columns])
        for given, cells in zip(block.rows, rows, strict=True):
            row = table.row()
            for cell, text in zip(given, cells, strict=True):
                strong = isinstance(cell, Cell) and cell.strong
                row.cell(visible(text), style=bold if strong else None)
    pdf.ln(2)


def _cell(cell: Cell | str) -> str:
    if isinstance(cell, str):
        text = cell
    else:
        text = f"{cell.text} [{cell.mark}]" if cell.mark else cell.text
    return text if len(text) <= _TALLEST else f"{text[:_TALLEST].rsplit(' ', 1)[0]} ..."


def _widths(rows: Sequence[Sequence[str]]) -> tuple[float, ...]:
    """Return how wide columns are to be, in proportion: by their longest text, and by their longest word."""
    found = []
    for cells in zip(*rows, strict=True):
        longest = max(len(cell) for cell in cells)
        word = max(len(part) for cell in cells for part in (cell.split() or [""]))
        found.append(float(max(_LEAST, min(word + 1, _MOST), min(longest, _MOST) ** 0.85)))
    return tuple(found)


_SHOW: Final[dict[str, Callable[[FPDF, Any], None]]] = {
    "prose": _prose,
    "bullets": _list,
    "flag": _list,
    "quote": _quote,
    "code": _code,
    "picture": _picture,
    "table": _table,
}
assert {one.kind for one in Block.__args__} == set(_SHOW), "a kind of block has no print form"
