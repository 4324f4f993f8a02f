"""The plain pages before Solara's: who asks for one of them gets it, everything else goes on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount
from starlette.staticfiles import StaticFiles

from cosim.browser.guard import PLAIN, App, Receive, Scope, Send
from cosim.browser.hush import SORRY
from cosim.browser.server import WEB
from cosim.browser.site import classroom, plan, start, worksheet
from cosim.browser.site.pages import page

STATIC: Final = Mount("/site", StaticFiles(directory=WEB / "site" / "static"))


class Site:
    """Answers what is a plain page, and hands the rest to the demo.

    Parameters
    ----------
    behind : ASGI application
        The demo.
    hosts : sequence of str
        Addresses by which others reach this machine; none when only it can open the demo.
    """

    def __init__(self, behind: App, hosts: Sequence[str] = ()) -> None:
        self._behind = behind
        self._routes: list[BaseRoute] = [
            STATIC,
            *start.ROUTES,
            *worksheet.ROUTES,
            *plan.ROUTES,
            *classroom.ROUTES,
        ]
        self._pages = Starlette(routes=self._routes, exception_handlers={Exception: _sorry})
        self._pages.state.hosts = tuple(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        ours = scope["type"] == "http" and any(
            route.matches(scope)[0] is not Match.NONE for route in self._routes
        )
        if ours:
            scope[PLAIN] = True
        await (self._pages if ours else self._behind)(scope, receive, send)


async def _sorry(request: Request, error: Exception) -> Response:
    """Tell a page that something of ours went wrong; what it was is told where the demo was started."""
    return page("gone.html", 500, problem=SORRY)
