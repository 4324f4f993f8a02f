"""What the plain pages share: templates, how a form is read, and answers."""

from __future__ import annotations

from functools import cache
from typing import Any, Final
from urllib.parse import parse_qsl

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from cosim.browser.server import WEB
from cosim.errors import CosimError

LARGEST_FORM: Final = 8_000
"""Bytes of a form; the plan's has some hundred."""


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(WEB / "site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Return a page made of a template; values are escaped, pictures (`drawn`) are not."""
    made = _templates().get_template(template).render(**values)
    return HTMLResponse(made, status, headers={"cache-control": "no-store"})


def fragment(template: str, **values: Any) -> str:
    """Return a part of a page, made of a template."""
    return _templates().get_template(template).render(**values)


def drawn(svg: str) -> Markup:
    """Mark what we have made ourselves, and escaped, as HTML."""
    return Markup(svg)


async def form(request: Request) -> dict[str, str]:
    """Return the fields of a form that was sent.

    Raises
    ------
    CosimError
        When it is larger than any form here, or cannot be read.
    """
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            raise CosimError("this is larger than any form here")
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=60)
    except ValueError:
        raise CosimError("the form cannot be read") from None
    return dict(pairs)
