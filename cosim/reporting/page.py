"""A report as one HTML file that needs nothing else: no network, no scripts, no fonts."""

from __future__ import annotations

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from cosim.charts.export import inline_svg
from cosim.charts.style import PAGE, PHONE
from cosim.formatting.safe_text import visible
from cosim.reporting.blocks import Page, Picture

_TEMPLATES = Path(__file__).parent / "templates"
_ADDRESS = re.compile(r"(https?://[^\s<>\"]*[^\s<>\".,;:)\]]|\b10\.\d{4,9}/[^\s<>\";,]*[^\s<>\";,.):])")


def render(page: Page) -> str:
    """Return the page as HTML.

    Every text is escaped, and what may not be shown is replaced; figures stand in the page as SVG, one for a
    wide page and one for a phone.
    """
    return visible(template("page.html").render(page=page))


def template(name: str) -> Template:
    """Return one of the templates: what it is given is escaped, and the style of pages is at hand."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["linked"] = linked
    environment.globals.update(svg=_svg, style=Markup((_TEMPLATES / "style.css").read_text(encoding="utf-8")))
    return environment.get_template(name)


def linked(text: str) -> Markup:
    """Return a text, escaped, in which addresses and DOIs can be followed."""
    parts = _ADDRESS.split(text)
    done = []
    for n, part in enumerate(parts):
        if n % 2 == 0:
            done.append(escape(part))
            continue
        target = part if part.startswith("http") else f"https://doi.org/{part}"
        done.append(Markup('<a href="{}">{}</a>').format(target, part))
    return Markup("").join(done)


def _svg(picture: Picture, width: str) -> Markup:
    layout = PHONE if width == "narrow" else PAGE
    name = re.sub(r"[^A-Za-z0-9]+", "-", picture.name)
    return Markup(inline_svg(picture.draw, layout, f"{name}-{width}", picture.alt))
