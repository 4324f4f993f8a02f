"""Figures as files for papers and slides, and as vector pictures inside a page."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from matplotlib.figure import Figure

from cosim.charts.style import PAGE, Draw, Layout, house_style
from cosim.execution.atomic_files import write_whole
from cosim.formatting.safe_text import hidden, visible

FORMATS = ("png", "svg", "pdf")
# No time of making: the same results give the same files.
_METADATA: Mapping[str, Mapping[str, str | None]] = {
    "png": {"Software": "cosim"},
    "svg": {"Date": None, "Creator": "cosim"},
    "pdf": {"CreationDate": None, "Creator": "cosim", "Producer": "cosim"},
}


def save(draw: Draw, folder: Path, name: str, stamp: str) -> list[Path]:
    """Write a figure in every format.

    Parameters
    ----------
    draw : callable
        Makes the figure for a layout.
    folder : Path
        Made when it is not there.
    name : str
        File name without ending.
    stamp : str
        Kept in the files' own metadata too, where a format has a place for it.

    Raises
    ------
    StoreError
        When the system refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    figure = draw(PAGE)
    paths = []
    for ending in FORMATS:
        path = folder / f"{name}.{ending}"
        metadata = {**_METADATA[ending], ("Description" if ending != "pdf" else "Subject"): stamp}
        write_whole(path, lambda to, e=ending, m=metadata: _write(figure, to, e, m))  # type: ignore[misc]
        paths.append(path)
    return paths


def _write(figure: Figure, to: Path, ending: str, metadata: Mapping[str, str | None]) -> None:
    with house_style(), _fonts_without_layout():
        figure.savefig(to, format=ending, metadata=dict(metadata))
    if ending == "svg":  # which is text, and no longer XML with a control character in it
        drawn = to.read_text(encoding="utf-8")
        if hidden(drawn):
            to.write_text(visible(drawn), encoding="utf-8", newline="\n")


@contextmanager
def _fonts_without_layout() -> Iterator[None]:
    """Leave a font's tables for laying out text out of a PDF: no reader of it looks there.

    matplotlib has placed every letter already. Cutting those tables down to the letters of a figure would
    take half of the time that its PDF takes.
    """
    from fontTools import subset

    usual = subset.Options

    class Options(usual):  # type: ignore[misc, valid-type]
        def __init__(self, **given: object) -> None:
            super().__init__(**given)
            self.drop_tables += ["GDEF", "GPOS", "GSUB", "kern"]

    subset.Options = Options
    try:
        yield
    finally:
        subset.Options = usual


def png(draw: Draw) -> bytes:
    """Return a figure as PNG."""
    stream = io.BytesIO()
    with house_style():
        draw(PAGE).savefig(stream, format="png", metadata=dict(_METADATA["png"]))
    return stream.getvalue()


def font_files() -> tuple[Path, Path, Path]:
    """Return the files of a regular, a bold and a monospaced font that know most letters there are."""
    from matplotlib import get_data_path

    folder = Path(get_data_path()) / "fonts" / "ttf"
    return folder / "DejaVuSans.ttf", folder / "DejaVuSans-Bold.ttf", folder / "DejaVuSansMono.ttf"


def inline_svg(draw: Draw, layout: Layout, name: str, alt: str) -> str:
    """Return a figure as an ``<svg>`` element that can stand in a page.

    Parameters
    ----------
    draw : callable
    layout : Layout
    name : str
        Put before every id, so that several figures can share a page.
    alt : str
        What the figure shows, in words, for those who cannot see it.
    """
    stream = io.StringIO()
    with house_style():
        draw(layout).savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    text = visible(stream.getvalue())
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.S)
    # A rule for every element: inside a page it would be a rule for the page.
    text = re.sub(r"<style[^>]*>.*?</style>\s*", "", text, flags=re.S)
    text = re.sub(r'(?<==)"[^"<>]*"', lambda found: _shorter(found.group()), text)
    text = re.sub(r'\s(?:id="|xlink:href="#|href="#)', lambda found: f"{found.group()}{name}-", text)
    text = text.replace("url(#", f"url(#{name}-")
    # The page's own font: it has the same look everywhere, and is not named again at every word.
    text = re.sub(r"font: (?:(italic|bold|\d{3}) )*([\d.]+)px [^;\"]*", _font, text)
    text = re.sub(
        r'<svg[^>]*?viewBox="([^"]*)"[^>]*>',
        lambda found: _opening(found.group(1), alt),
        text,
        count=1,
        flags=re.S,
    )
    return re.sub(r">\s+<", "><", re.sub(r"\n\s*", " ", text)).strip()


def _shorter(attribute: str) -> str:
    """Cut coordinates to hundredths of a point; what is written in the figure is not touched."""
    return re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number.group()):.2f}", attribute)


def _font(found: re.Match[str]) -> str:
    size = found.group(2)
    weight = "; font-weight: 700" if re.search(r"\b(bold|700)\b", found.group()) else ""
    style = "; font-style: italic" if "italic" in found.group() else ""
    return f"font-size: {size}px{weight}{style}"


def _opening(view_box: str, alt: str) -> str:
    return f'<svg viewBox="{view_box}" role="img" aria-label="{html.escape(alt)}">'
