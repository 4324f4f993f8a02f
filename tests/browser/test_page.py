"""The demo in a real browser: what a class would do with it."""

from __future__ import annotations

import re
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest

from cosim.browser.lesson import lessons
from cosim.browser.pair import Pair
from cosim.browser.setup import Setup, Way, from_link, to_link
from cosim.catalogue import names
from tests.browser.conftest import Watched, free_port, start, wait_until_ready

pytestmark = pytest.mark.browser


def step(page: Any, to: int) -> None:
    page.get_by_role("button", name="Step", exact=True).click()
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


def test_the_page_shows_what_the_model_computes(watched: Watched) -> None:
    setup = Setup("research_team", 3, Way(), Way({"round_robin": 1.0}))
    page = watched.board("/?" + to_link(setup))
    pair = Pair(setup)
    for turn in range(1, 6):
        step(page, turn)
        pair.step()
    for team, watch in pair.teams.items():
        table = page.locator(f"[data-testid=team-{team}] svg[data-testid=table]")
        assert table.get_attribute("data-turn") == "5"
        assert table.get_attribute("data-voice-gini") == f"{watch.curves['voice'][-1]:.6f}"
        assert table.get_attribute("data-influence-gini") == f"{watch.curves['influence'][-1]:.6f}"
        people = table.locator("[data-person]").evaluate_all(
            "all => all.map(g => [g.dataset.person, g.dataset.voice, g.dataset.influence])"
        )
        expected = {p.name: [f"{p.voice:.6f}", f"{p.influence:.6f}"] for p in watch.scene().people}
        assert {name: rest for name, *rest in people} == expected
        assert page.get_by_test_id(f"now-{team}").inner_text() == watch.captions[0].text


def test_a_hundred_turns_play_and_pause_and_reset(watched: Watched) -> None:
    page = watched.board()
    slider = page.get_by_role("slider", name=re.compile("Pause"))
    slider.focus()
    slider.press("Home")
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(
        "document.querySelector('[data-testid=board]').dataset.step >= 100", timeout=90_000
    )
    page.get_by_role("button", name="Pause", exact=True).click()
    page.get_by_role("button", name="Play", exact=True).wait_for()
    assert page.get_by_test_id("board").get_attribute("data-alike") == "yes"
    page.get_by_role("button", name="Reset", exact=True).click()
    page.wait_for_selector('[data-testid=board][data-step="0"]')


def test_every_kind_of_control(watched: Watched) -> None:
    page = watched.board()
    page.get_by_role("button", name="Facilitation").first.click()
    slider = page.get_by_role("slider", name=re.compile("Round robin"))
    slider.focus()
    slider.press("End")
    page.wait_for_function("document.querySelector('[data-testid=ways-B]').innerText.includes('Round robin')")
    assert "no intervention" in page.get_by_test_id("ways-A").inner_text()
    seed = page.get_by_label("Seed", exact=False).first
    seed.fill("7")
    seed.press("Enter")
    page.get_by_role("button", name="Advanced parameters").click()
    page.get_by_role("button", name="Floor", exact=True).click()
    returning = page.get_by_role("slider", name=re.compile("returning"))
    returning.focus()
    returning.press("ArrowRight")
    page.wait_for_function("document.querySelector('[data-testid=ways-B]').innerText.includes('1 changed')")
    page.get_by_text("By person").click()
    page.wait_for_selector('[data-bar="Public contributor 1"]')
    page.get_by_role("button", name="Share", exact=True).click()
    link = page.get_by_test_id("link").get_attribute("href")
    setup = from_link(link.partition("?")[2])
    assert setup.seed == 7
    assert setup.b.doses == {"round_robin": 1.0}
    assert list(setup.b.changes) == ["floor.returning"]
    step(page, 1)


def test_a_link_opens_the_same_set_up(watched: Watched) -> None:
    setup = Setup("token_seat", 12, Way(), Way({"critical_mass": 1.0}, {"facilitation.seating": "round"}))
    page = watched.board("/?" + to_link(setup))
    page.get_by_role("button", name="Share", exact=True).click()
    assert from_link(page.get_by_test_id("link").get_attribute("href").partition("?")[2]) == setup


def test_a_wrong_link_is_told_in_words_and_the_page_lives(watched: Watched) -> None:
    page = watched.board("/?b=round_robbin:1")
    page.get_by_text("did you mean 'round_robin'").wait_for()
    step(page, 1)


@pytest.mark.parametrize("name", names())
def test_every_scenario_runs(watched: Watched, name: str) -> None:
    page = watched.board(f"/?scenario={name}")
    step(page, 1)
    assert page.locator("svg[data-testid=table]").count() == 2


def test_every_lesson_can_be_set_up(watched: Watched) -> None:
    for lesson in lessons():
        page = watched.open("/lessons")
        page.get_by_role("button", name=lesson.title).click()
        page.wait_for_selector(f"[data-lesson={lesson.name}]")
        page.get_by_role("button", name="Set up this lesson").click()
        page.wait_for_selector("[data-testid=board]")
        step(page, 1)


def test_teachers_page_and_mesas_view(watched: Watched) -> None:
    page = watched.open("/teachers")
    page.get_by_text("What must not be claimed").wait_for()
    page = watched.open("/mesa")
    page.wait_for_selector("svg[data-testid=table]")


def test_tabs_have_teams_of_their_own(chromium: Any, address: str) -> None:
    tabs = [Watched(chromium, address) for _ in range(10)]
    for tab in tabs:
        tab.board()
    for number, tab in enumerate(tabs):
        for turn in range(1, number % 3 + 1):
            step(tab.page, turn)
    for number, tab in enumerate(tabs):
        assert tab.page.get_by_test_id("board").get_attribute("data-step") == str(number % 3)
        assert tab.problems == []
        tab.context.close()


def test_prediction_is_held_against_the_run(watched: Watched) -> None:
    page = watched.board()
    page.locator(".v-select").filter(has_text="Who will have the most influence").click()
    page.get_by_role("option", name="researcher").click()
    step(page, 1)
    page.get_by_test_id("verdicts").get_by_text("predicted").first.wait_for()


def test_a_busy_port_is_told_and_ctrl_c_is_quick(tmp_path: Path, chromium: Any) -> None:
    port = free_port()
    log = tmp_path / "log.txt"
    server = start(port, log)
    wait_until_ready(server, port, log)
    tab = Watched(chromium, f"http://127.0.0.1:{port}")
    tab.board().get_by_role("button", name="Play", exact=True).click()
    other = start(port, tmp_path / "other.txt")
    assert other.wait(60) != 0
    assert f"--port {port + 1}" in (tmp_path / "other.txt").read_text()
    began = time.perf_counter()
    server.send_signal(signal.SIGINT)
    server.wait(10)
    assert time.perf_counter() - began < 5.0
    assert f"http://127.0.0.1:{port}" in log.read_text()
    tab.context.close()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))
