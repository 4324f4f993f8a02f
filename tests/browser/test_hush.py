"""What goes wrong is told where the demo was started, and pages get one sentence."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from cosim.browser.hush import SORRY, _Told, hush
from cosim.browser.setup import Setup
from cosim.errors import ConfigError

pytest.importorskip("solara")
from cosim.browser.pages import state
from cosim.browser.site.app import Site


def fails(error: Exception) -> Any:
    def work() -> None:
        raise error

    return work


def test_a_fault_of_ours_is_told_to_the_console_alone(capsys: pytest.CaptureFixture[str]) -> None:
    told = state.in_words(fails(KeyError("/secret/path")))
    assert told == SORRY
    assert "/secret/path" in capsys.readouterr().err


def test_a_mistake_is_told_in_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert "did you mean" in state.in_words(fails(ConfigError("no", nearest="yes")))
    assert state.in_words(lambda: None) == ""
    assert capsys.readouterr().err == ""


def test_of_a_thousand_mistakes_the_first_are_told() -> None:
    told = state.shortened("\n".join(f"also: {number}" for number in range(1000)))
    assert len(told.splitlines()) == state.MOST_LINES + 1
    assert "990" in told


def test_an_alert_has_no_marks_of_another_language() -> None:
    assert state.shortened("run `cosim check x.yaml`; a ` alone stays") == (
        "run “cosim check x.yaml”; a ` alone stays"
    )


def test_solaras_own_page_of_an_error_has_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    error = ValueError("/secret/path")
    assert _Told.format_exception(None, error, error.__traceback__) == [SORRY]
    assert "/secret/path" in capsys.readouterr().err


def test_no_way_on_which_drawing_fails_shows_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    import reacton.core
    from solara.server import app, patch

    for place, name in (
        (app, "traceback"),
        (reacton.core, "traceback"),
        (patch.FakeIPython, "showtraceback"),
    ):
        monkeypatch.setattr(place, name, getattr(place, name))  # so that it is undone afterwards
    hush(lambda told: None)

    @reacton.component
    def broken() -> Any:
        raise ValueError("/secret/path")

    box, made = reacton.render(broken())
    try:
        assert SORRY in box.children[0].value
        assert "secret" not in box.children[0].value
    finally:
        made.close()


def test_a_fault_behind_a_plain_page_is_told_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    site = Site(behind=None)  # type: ignore[arg-type]
    route = next(one for one in site._routes if getattr(one, "path", "") == "/plan")
    monkeypatch.setattr(route, "app", fails_at_once)
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/plan", "query_string": b"", "headers": []}
    # In a thread of its own: tests that drive a browser leave a loop running in this one.
    with ThreadPoolExecutor(1) as pool, pytest.raises(KeyError):  # which the server writes to the console
        pool.submit(asyncio.run, site(scope, receive, send)).result()
    assert sent[0]["status"] == 500
    assert SORRY.encode() in b"".join(message.get("body", b"") for message in sent)


async def fails_at_once(*_: Any) -> None:
    raise KeyError("/secret/path")


def test_a_file_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, Any] = {}

    class Held:
        def __init__(self, name: str) -> None:
            self.name = name

        def set(self, value: Any) -> None:
            kept[self.name] = value

    for name in ("error", "note"):
        monkeypatch.setattr(state, name, Held(name))
    chosen: list[Setup] = []
    monkeypatch.setattr(state, "choose", chosen.append)
    state.open_file("a\x1b.yaml", None)
    assert "larger" in kept["error"]
    assert "\x1b" not in kept["error"]
    state.open_file("b.yaml", "study: compare\nscenario: token_seat\n")
    assert chosen == [Setup("token_seat")]
