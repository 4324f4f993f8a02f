"""A lesson's worksheet and its answer key, to print."""

from __future__ import annotations

from typing import Final

import markdown
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cosim.browser.lesson import answers_markdown, lessons
from cosim.browser.predictions import QUESTIONS
from cosim.browser.site.pages import drawn, page


async def show(request: Request) -> Response:
    """Show a lesson's worksheet, or its key."""
    lesson = next((one for one in lessons() if one.name == request.path_params["name"]), None)
    if lesson is None:
        return page("gone.html", 404, problem="There is no such lesson.")
    if request.url.path.startswith("/key/"):
        answers = drawn(markdown.markdown(answers_markdown(lesson), extensions=["tables"]))
        return page("key.html", lesson=lesson, answers=answers)
    return page("worksheet.html", lesson=lesson, questions=QUESTIONS)


ROUTES: Final = [Route("/worksheet/{name}", show), Route("/key/{name}", show)]
