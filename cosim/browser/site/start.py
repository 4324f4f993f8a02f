"""The start page: one question, three answers, one button."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route

from cosim.browser.guard import Scope
from cosim.browser.lesson import lessons
from cosim.browser.predictions import QUESTIONS
from cosim.browser.site.pages import page

ASKED: Final = next(question for question in QUESTIONS if question.name == "influence")


async def start(request: Request) -> Response:
    """Ask the question."""
    return page("start.html", answers=ASKED.answers, first=lessons()[0].name, lessons=lessons())


async def go(request: Request) -> Response:
    """Begin the first lesson's film with the answer as prediction."""
    answer = request.query_params.get("answer", "")
    predicted = f"&predict={quote(f'{ASKED.name}:{answer}')}" if answer in ASKED.answers else ""
    return RedirectResponse(f"/?lesson={lessons()[0].name}{predicted}", 303)


class _Bare(Route):
    """The start page, where no set-up stands in the address: with one it is the demo's own page."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match without a query only."""
        if scope.get("query_string"):
            return Match.NONE, {}
        return super().matches(scope)


ROUTES: Final = [_Bare("/", start), Route("/start", go)]
