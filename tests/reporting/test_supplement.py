"""The supplement leaves nothing of the page out, whatever letters and tables it has."""

from __future__ import annotations

import re

import fpdf
import fpdf.table
import matplotlib.figure
import pytest

from cosim.reporting.blocks import Bullets, Cell, Code, Flag, Page, Picture, Prose, Quote, Section, Table
from cosim.reporting.supplement import write_supplement

LONG = "a very long cell of many words " * 200


def draw(layout):
    figure = matplotlib.figure.Figure(figsize=(3, 2))
    figure.add_subplot().plot([1, 2], [3, 4])
    return figure


PAGE = Page(
    title="Who decides? Ω ≥ “x” \x1b[31m",
    question="Which way?",
    answer=("One sentence.", "Another one."),
    facts=(("seed", "11"), ("run", "abc")),
    sections=(
        Section("a", "First", (Prose(("A paragraph.", "")), Bullets(("an item",), "A title"))),
        Section(
            "b",
            "Second",
            (
                Flag("Beware", ("of this",)),
                Picture("p", draw, "A caption.", "What it shows."),
                Table(
                    ("name", "value"),
                    (("folded away", Cell("0.5", "built in")),),
                    frozenset({1}),
                    folded="Open",
                ),
                Table(tuple(f"column {n}" for n in range(12)), (tuple(f"v{n}" for n in range(12)),) * 90),
                Table(("empty",), (), caption="Nothing here"),
                Table(("long",), ((LONG,), (Cell("strong one", strong=True),))),
                Quote("To paste", "Quoted words."),
                Code("seed: 11\n" * 150, "The resolved config"),
            ),
        ),
    ),
    foot=("The last line.",),
)


@pytest.fixture
def told(monkeypatch):
    """Every text that is written into the document."""
    found: list[str] = []
    line, cell = fpdf.FPDF.multi_cell, fpdf.table.Row.cell

    def lines(self, w, h=None, text="", *rest, **more):
        found.append(text)
        return line(self, w, h, text, *rest, **more)

    def cells(self, text="", *rest, **more):
        found.append(text)
        return cell(self, text, *rest, **more)

    monkeypatch.setattr(fpdf.FPDF, "multi_cell", lines)
    monkeypatch.setattr(fpdf.table.Row, "cell", cells)
    return found


def test_everything_is_in_it(told, tmp_path):
    pages = write_supplement(PAGE, tmp_path / "s.pdf")
    content = (tmp_path / "s.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert pages == len(re.findall(rb"/Type /Page\b", content)) > 2
    assert content.count(b"/Title") >= 3  # the document and two sections in the outline
    text = "\n".join(told)
    for wanted in (
        *("Which way?", "One sentence.", "seed: 11", "A paragraph.", "an item", "Beware", "of this"),
        *("A caption.", "folded away", "0.5 [built in]", "column 11", "v11", "Nothing here", "strong one"),
        *("To paste", "Quoted words.", "The resolved config", "The last line."),
    ):
        assert wanted in text, wanted
    assert text.count("v11") >= 90
    assert "\x1b" not in text


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    from cosim.execution.atomic_files import StoreError

    with pytest.raises(StoreError):
        write_supplement(PAGE, tmp_path / "no" / "s.pdf")
