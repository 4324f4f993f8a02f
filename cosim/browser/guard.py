"""Who may talk to the demo's server: pages of its own, and nobody else's.

The demo asks for no password, so it must not be reachable through the browser of somebody who merely visits
another page: neither by a socket that such a page opens, nor by a name of its own that it points at this
machine (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

PLAIN: Final = "cosim.plain"
"""What a request's scope says once a plain page of our own answers it."""

CLOSED: Final = ("/resourcez", "/_solara/api/evict")
"""Addresses of Solara's own that nobody needs in a seminar; they say how the server is doing."""
_NO_PAGE: Final = (
    b'<!doctype html><html lang="en"><meta charset="utf-8"><title>cosim: no such page</title>'
    b'<meta name="viewport" content="width=device-width, initial-scale=1">'
    b'<body style="font: 18px/1.5 sans-serif; margin: 3em auto; max-width: 30em; padding: 0 1em">'
    b"<h1>There is no such page</h1>"
    b'<p><a href="/">To the two teams</a> or <a href="/lessons">to the lessons</a></p></body></html>'
)
_HARMLESS: Final = ("GET", "HEAD", "OPTIONS")
_HEADERS: Final = (
    (b"content-security-policy", b"frame-ancestors 'self'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)


class Guard:
    """Refuses what does not come from the demo's own pages, before the demo sees it.

    Parameters
    ----------
    app : ASGI application
    names : iterable of str
        Names by which the server may be called; any number of an address is one (no other page can be
        served from it), and so is ``localhost``.
    proxies : iterable of str
        Further names, whose pages come from here through a proxy.
    """

    def __init__(self, app: App, names: Iterable[str] = (), proxies: Iterable[str] = ()) -> None:
        self.app = app
        self.proxies = {_plain(name) for name in proxies}
        self.names = {"localhost", *(_plain(name) for name in names), *self.proxies}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        why = self.refusal(scope)
        if why:
            await _refuse(scope, send, *why)
            return
        await self.app(scope, receive, _with_headers(scope, send) if scope["type"] == "http" else send)

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and reason when a request is to be refused, else None."""
        host = _only(scope, b"host")
        called = _place(f"//{host}") if host else None
        if called is None or not self._known(called[0]):
            told = (
                "This is not an address of the demo. Open the one that `cosim demo` printed; "
                "`--allow-host NAME` lets it answer to another name."
            )
            return 403, told
        if scope["path"].startswith(CLOSED):
            return 404, "There is nothing here."
        if scope["type"] == "http" and scope["method"] in _HARMLESS:
            return None
        if any(name == b"origin" for name, _ in scope["headers"]) and not self._same(scope, called):
            return 403, "This did not come from a page of the demo."
        return None

    def _known(self, name: str) -> bool:
        return name in self.names or _is_number(name)

    def _same(self, scope: Scope, called: tuple[str, int | None]) -> bool:
        """Return whether a request comes from a page that this server has sent."""
        origin = _only(scope, b"origin") or ""
        sender = _place(origin)
        scheme = origin.partition(":")[0].casefold()
        if sender is None or scheme not in ("http", "https"):
            return False
        usual = 443 if scheme == "https" else 80
        if sender[0] == called[0]:
            return (sender[1] or usual) == (called[1] or usual)
        return sender[0] in self.proxies


def own_names(host: str) -> list[str]:
    """Return the names of this machine, for a server that others may reach."""
    names = [host]
    for ask in (socket.gethostname, socket.getfqdn):
        try:
            name = ask()
        except OSError:
            continue
        names += [name, f"{name.partition('.')[0]}.local"]
    return list(dict.fromkeys(names))


def own_addresses() -> list[str]:
    """Return the numbers under which others can reach this machine, as far as they are known."""
    found: dict[str, None] = {}
    for family, somewhere in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((somewhere, 9))  # nothing is sent: this only asks for the way there
                found[probe.getsockname()[0]] = None
        except OSError:
            continue
    try:
        for told in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM):
            found[str(told[4][0])] = None
    except OSError:
        pass
    return [one for one in found if not is_own_machine(one) and "%" not in one]


def is_own_machine(host: str) -> bool:
    """Return whether only this machine can reach a server that listens there."""
    return host == "localhost" or (_is_number(host) and ipaddress.ip_address(host).is_loopback)


def _plain(name: str) -> str:
    return name.strip().casefold().rstrip(".")


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _place(address: str) -> tuple[str, int | None] | None:
    """Return name and port of an address; None when it cannot be read."""
    try:
        parts = urlsplit(address)
        name, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not name or "@" in parts.netloc or parts.path not in ("", "/"):
        return None
    return _plain(name), port


def _only(scope: Scope, name: bytes) -> str | None:
    """Return a header's value; None when it is missing or stands there twice."""
    found = [value for key, value in scope["headers"] if key == name]
    return found[0].decode("latin-1").strip() if len(found) == 1 else None


def _with_headers(scope: Scope, send: Send) -> Send:
    """Add headers to what is sent; where Solara has no such page, say so. Plain pages say it themselves."""
    page = b"text/html" in dict(scope["headers"]).get(b"accept", b"")
    lost = False

    async def sent(message: Message) -> None:
        nonlocal lost
        if message["type"] == "http.response.start":
            if message["status"] == 404 and page and not scope.get(PLAIN):
                lost = True
                headers = [
                    (b"content-type", b"text/html; charset=utf-8"),
                    (b"content-length", str(len(_NO_PAGE)).encode()),
                ]
                message = {**message, "headers": headers}
            message = {**message, "headers": [*message.get("headers", ()), *_HEADERS]}
        elif lost:
            if message.get("more_body"):
                return
            message = {"type": "http.response.body", "body": _NO_PAGE}
        await send(message)

    return sent


async def _refuse(scope: Scope, send: Send, status: int, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": "not from a page of the demo"})
        return
    body = f"{reason}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        *_HEADERS,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
