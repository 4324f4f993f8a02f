"""Who may talk to the demo: pages of its own, under a name of its own."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

import pytest

from cosim.browser.guard import Guard, is_own_machine, own_addresses, own_names
from cosim.browser.server import who_can_reach

HOST = "127.0.0.1:8765"


def run(work: Coroutine[Any, Any, None]) -> None:
    """Run what never waits; the browser's own loop may be running in this thread."""
    with pytest.raises(StopIteration):
        work.send(None)


def ask(guard: Guard, path: str = "/", kind: str = "http", method: str = "GET", **headers: Any) -> int:
    """Return the status that a request gets; 200 is the demo's own answer, 403 a refused socket too."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    named = {"host": HOST} | headers
    lines = [
        (name.encode(), str(value).encode())
        for name, given in named.items()
        for value in (given if isinstance(given, list) else [given])
        if value is not None
    ]
    scope = {"type": kind, "path": path, "headers": lines, "method": method}
    run(guard(scope, receive, send))
    if sent[0]["type"] == "websocket.close":
        return 403
    return int(sent[0].get("status", 200))


async def demo(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"the demo"})


LOCAL = Guard(demo)
OPEN = Guard(demo, ["0.0.0.0", "Laptop.example", "laptop.local"], ["class.example"])


@pytest.mark.parametrize(
    ("guard", "host", "status"),
    [
        (LOCAL, HOST, 200),
        (LOCAL, "localhost:8765", 200),
        (LOCAL, "LOCALHOST.:8765", 200),
        (LOCAL, "[::1]:8765", 200),
        (LOCAL, "192.168.1.5:8765", 200),  # a number cannot be made to point elsewhere
        (LOCAL, "evil.example:8765", 403),  # a name that somebody has pointed at this machine
        (LOCAL, "127.0.0.1.evil.example:8765", 403),
        (LOCAL, "localhost.evil.example", 403),
        (LOCAL, "127.0.0.1@evil.example", 403),
        (LOCAL, "laptop.example:8765", 403),
        (LOCAL, "", 403),
        (LOCAL, None, 403),
        (LOCAL, "127.0.0.1:port", 403),
        (LOCAL, [HOST, "evil.example"], 403),
        (OPEN, "laptop.example:8765", 200),
        (OPEN, "laptop.local:8765", 200),
        (OPEN, "class.example", 200),
        (OPEN, "evil.example:8765", 403),
    ],
)
def test_the_host_must_be_a_name_of_the_demo(guard: Guard, host: Any, status: int) -> None:
    assert ask(guard, host=host) == status
    assert ask(guard, kind="websocket", host=host) == status


@pytest.mark.parametrize(
    ("guard", "origin", "status"),
    [
        (LOCAL, "http://127.0.0.1:8765", 200),
        (LOCAL, "HTTP://127.0.0.1:8765", 200),
        (LOCAL, None, 200),  # no browser: whoever can run programs here needs no page of somebody else's
        (LOCAL, "http://evil.example", 403),
        (LOCAL, "http://evil.example:8765", 403),
        (LOCAL, "http://127.0.0.1:9999", 403),  # another server of this machine
        (LOCAL, "http://localhost:8765", 403),
        (LOCAL, "http://127.0.0.1", 403),
        (LOCAL, "http://127.0.0.1:8765.evil.example", 403),
        (LOCAL, "null", 403),
        (LOCAL, "", 403),
        (LOCAL, "file://", 403),
        (LOCAL, "chrome-extension://127.0.0.1:8765", 403),
        (LOCAL, ["http://127.0.0.1:8765", "http://evil.example"], 403),
        (OPEN, "https://class.example", 200),  # a proxy's pages
        (OPEN, "http://laptop.local:9999", 403),
    ],
)
def test_a_socket_must_come_from_a_page_of_the_demo(guard: Guard, origin: Any, status: int) -> None:
    assert ask(guard, kind="websocket", origin=origin) == status
    assert ask(guard, "/_solara/api/close/x", method="POST", origin=origin) == status
    assert ask(guard, origin=origin) == 200  # a link from elsewhere may be followed


def test_without_a_port_the_usual_one_is_meant() -> None:
    assert ask(LOCAL, kind="websocket", host="127.0.0.1", origin="http://127.0.0.1:80") == 200
    assert ask(LOCAL, kind="websocket", host="127.0.0.1:443", origin="https://127.0.0.1") == 200


@pytest.mark.parametrize("path", ["/resourcez", "/resourcez?verbose", "/_solara/api/evict/x"])
def test_what_says_how_the_server_is_doing_is_closed(path: str) -> None:
    assert ask(LOCAL, path) == 404


def test_pages_may_not_be_put_into_frames_of_others() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/", "method": "GET", "headers": [(b"host", HOST.encode())]}
    run(LOCAL(scope, None, send))  # type: ignore[arg-type]
    assert (b"content-security-policy", b"frame-ancestors 'self'") in sent[0]["headers"]


def test_which_machine_is_ones_own() -> None:
    for own in ("127.0.0.1", "127.5.5.5", "localhost", "::1"):
        assert is_own_machine(own)
    for other in ("0.0.0.0", "::", "192.168.1.5", "laptop.example", ""):
        assert not is_own_machine(other)
    assert not [one for one in own_addresses() if is_own_machine(one)]
    assert "0.0.0.0" in own_names("0.0.0.0")


def test_who_can_reach_it_is_said_with_every_address() -> None:
    told = who_can_reach(["192.168.1.5", "fd00::1"], 8765)
    assert "http://192.168.1.5:8765" in told
    assert "http://[fd00::1]:8765" in told
    assert "without a password" in told
    assert "http" not in who_can_reach([], 8765)
