"""A class at the demo: every scenario and lesson, many tabs, a busy port, the end."""

from __future__ import annotations

import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from cosim.browser.lesson import lessons
from cosim.catalogue import names
from tests.browser.conftest import PATIENCE, TEAMS, Watched, free_port, settle, start, step, wait_until_ready

pytestmark = pytest.mark.browser
SCROLLED = """([list, name]) => {
  list.scrollTop = list.scrollHeight;  // the long list comes in two parts
  return [...list.querySelectorAll('[role=option]')].some(one => one.innerText.trim() === name);
}"""


def test_every_scenario_can_be_picked_and_runs(watched: Watched) -> None:
    page = watched.board()
    chosen = page.locator(".v-navigation-drawer .v-select").first
    for name in names():
        chosen.click()
        menu = page.locator(".menuable__content__active")
        settle(page)
        page.wait_for_function(SCROLLED, arg=[menu.element_handle(), name])
        menu.get_by_role("option").get_by_text(name, exact=True).click()
        page.wait_for_selector(f'[data-testid=board][data-scenario="{name}"]')
        step(page, 1)
        assert page.locator("svg[data-testid=table]").count() == 2, name


def test_every_lesson_can_be_set_up(watched: Watched) -> None:
    page = watched.board()
    for lesson in lessons():
        page.get_by_role("tab", name="Lessons").click()
        page.get_by_role("button", name=lesson.title).click()
        page.wait_for_selector(f"[data-lesson={lesson.name}]")
        page.get_by_role("button", name="Set up this lesson").click()
        page.wait_for_selector(f'[data-testid=board][data-scenario="{lesson.scenario}"][data-step="0"]')
        step(page, 1)


def test_tabs_have_teams_of_their_own(watched: Watched) -> None:
    watched.board()
    tabs = [watched.page, *(watched.context.new_page() for _ in range(9))]
    for tab in tabs[1:]:
        watched.listen(tab)
        tab.goto(watched.address + TEAMS, wait_until="commit")
    for number, tab in enumerate(tabs):
        tab.wait_for_selector("[data-testid=board]")
        for turn in range(1, number % 3 + 1):
            step(tab, turn)
    for number, tab in enumerate(tabs):
        assert tab.get_by_test_id("board").get_attribute("data-step") == str(number % 3)


def test_a_busy_port_is_told_and_ctrl_c_ends_it_while_two_tabs_play(tmp_path: Path, chromium: Any) -> None:
    port = free_port()
    log = tmp_path / "log.txt"
    server = start(port, log)
    wait_until_ready(server, port, log)
    tabs = [Watched(chromium, f"http://127.0.0.1:{port}") for _ in range(2)]
    for tab in tabs:
        tab.board().get_by_role("button", name="Play", exact=True).click()
    other = start(port, tmp_path / "other.txt")
    assert other.wait(PATIENCE) != 0
    assert f"--port {port + 1}" in (tmp_path / "other.txt").read_text()
    for tab in tabs:
        tab.page.wait_for_function("document.querySelector('[data-testid=board]').dataset.step >= 2")
    server.send_signal(signal.SIGINT)
    server.wait(30)  # Solara itself would wait for as long as the tabs play
    assert log.read_text() == f"The demo is at http://127.0.0.1:{port}  (Ctrl-C ends it)\n"
    for tab in tabs:
        tab.context.close()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
