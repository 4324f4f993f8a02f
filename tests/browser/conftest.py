"""One server and one browser for all tests that need them."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

TEAMS = "/?lesson=voice_is_not_influence"
"""The two teams, as the start page opens them."""
PATIENCE = 120
"""Seconds after which a test gives up: it waits for what is to happen, on however busy a machine."""
CHROMIUM = os.environ.get("COSIM_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int, log: Path, *options: str) -> subprocess.Popen[bytes]:
    program = "from cosim.cli import demo; demo.command()"
    command = [sys.executable, "-c", program, "--port", str(port), *options]
    return subprocess.Popen(command, stdout=log.open("wb"), stderr=subprocess.STDOUT)


def wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text()}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server is not ready after {PATIENCE} s: {log.read_text()}")


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running demo."""
    pytest.importorskip("solara")
    log = tmp_path_factory.mktemp("demo") / "log.txt"
    port = free_port()
    process = start(port, log)
    try:
        wait_until_ready(process, port, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A headless browser."""
    playwright = pytest.importorskip("playwright.sync_api")
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


class Watched:
    """A page, and everything that went wrong in it."""

    def __init__(self, browser: Any, address: str) -> None:
        self.address = address
        self.problems: list[str] = []
        self.context = browser.new_context(viewport={"width": 1280, "height": 720})
        self.page = self.context.new_page()
        self.listen(self.page)

    def listen(self, page: Any) -> None:
        """Note whatever goes wrong in a tab."""
        page.set_default_timeout(PATIENCE * 1000)
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on(
            "console",
            lambda told: self.problems.append(f"console: {told.text}") if told.type == "error" else None,
        )
        page.on(
            "response",
            lambda answer: (
                self.problems.append(f"{answer.status}: {answer.url}") if answer.status >= 400 else None
            ),
        )
        page.on("request", self._request)

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.problems.append(f"request off the machine: {request.url}")

    def open(self, path: str = "/") -> Any:
        self.page.goto(self.address + path)
        return self.page

    def board(self, path: str = TEAMS) -> Any:
        page = self.open(path)
        page.wait_for_selector("[data-testid=board]")
        return page


@pytest.fixture
def watched(chromium: Any, address: str) -> Iterator[Watched]:
    """A fresh page; at the end of the test nothing may have gone wrong in it."""
    seen = Watched(chromium, address)
    yield seen
    seen.context.close()
    assert seen.problems == []


SETTLED = """(scheme) => document.readyState === 'complete' && document.fonts.status === 'loaded'
  && [...document.querySelectorAll('link[rel=stylesheet]')].every(one => one.sheet)
  && !document.querySelector('.solara-loader')
  && (!scheme || matchMedia(`(prefers-color-scheme: ${scheme})`).matches)
  && (!scheme || !document.querySelector('.v-application')
      || document.querySelector(`.v-application.theme--${scheme}`))
  && document.getAnimations().every(one => one.playState !== 'running')"""


def settle(page: Any, scheme: str = "") -> None:
    """Wait until colours and sizes are final: styles and fonts are there and nothing fades or slides now.

    Parameters
    ----------
    page : playwright page
    scheme : str, optional
        ``light`` or ``dark``, where the page was told to change to it.
    """
    page.wait_for_function(SETTLED, arg=scheme)


def step(page: Any, to: int) -> None:
    """Step once, with the keyboard: what is drawn anew meanwhile may move the button away from a mouse."""
    page.get_by_role("button", name="Step", exact=True, disabled=False).press("Enter")
    page.wait_for_selector(f'[data-testid=board][data-step="{to}"]')


def shown(page: Any, team: str) -> dict[str, str]:
    table = page.locator(f"[data-testid=team-{team}] svg[data-testid=table]")
    return {
        name: table.get_attribute(f"data-{name}") for name in ("turn", "voice_gini", "influence_gini")
    } | {
        "people": str(
            table.locator("[data-person]").evaluate_all(
                "all => all.map(g => [g.dataset.person, g.dataset.voice, g.dataset.influence])"
            )
        )
    }
