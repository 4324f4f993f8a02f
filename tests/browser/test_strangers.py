"""What strangers try at a running demo: pages elsewhere, links and files made to do harm."""

from __future__ import annotations

import re
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import CHROMIUM, PATIENCE, Watched, free_port, start, step, wait_until_ready

pytestmark = pytest.mark.browser
TRACES = re.compile(r"Traceback|File \"|site-packages|\.py\b|/home/|/root/|/usr/")


def status(address: str, **headers: str) -> tuple[int, str]:
    asked = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_names_and_pages_of_others_are_refused(address: str) -> None:
    assert status(address)[0] == 200
    assert status(address, Host="evil.example:8765")[0] == 403
    assert status(f"{address}/resourcez")[0] == 404
    assert status(f"{address}/resourcez?verbose")[0] == 404
    assert not TRACES.search(status(address, Host="evil.example")[1])


def test_a_page_that_is_not_there_says_so_and_leads_on(address: str) -> None:
    found, text = status(f"{address}/nosuch", Accept="text/html")
    assert found == 404
    assert 'href="/"' in text
    assert "Solara" not in text


def test_a_socket_is_for_pages_of_the_demo_only(address: str) -> None:
    websockets = pytest.importorskip("websockets.sync.client")
    from websockets.exceptions import InvalidStatus

    socket = address.replace("http", "ws") + "/jupyter/api/kernels/0123/channels?session_id=abc"
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        with pytest.raises(InvalidStatus) as refused:
            websockets.connect(socket, origin=origin)
        assert refused.value.response.status_code == 403
    with websockets.connect(socket, origin=address) as own:
        own.ping().wait(PATIENCE)


@pytest.mark.parametrize(
    "query",
    ["seed=" + "[" * 5000, "seed=%00%1b", "set_b=floor.returning:" + '%7B"a":' * 200, "b=%3Cscript%3E:1"],
)
def test_a_link_made_to_do_harm_opens_a_page_that_says_what_is_wrong(watched: Watched, query: str) -> None:
    page = watched.board(f"/?{query}")
    page.get_by_text("The link cannot be opened as it is").wait_for()
    shown = page.locator("body").inner_text()
    assert not TRACES.search(shown)
    step(page, 1)


def test_a_malformed_file_is_told_in_the_page_as_cosim_check_tells_it(
    watched: Watched, tmp_path: Path
) -> None:
    page = watched.board()
    page.get_by_role("button", name="Share", exact=True).click()
    field = page.get_by_label("Open a set-up's file")
    for number, (text, told) in enumerate(
        [
            ("bundles: 0.5", "line 3: bundles: must be a block"),
            ("arms: {t: {with: 5}}", "line 3: arms.t.with: must be a block"),
            ("arms: [1]", "line 3: arms: must be a block"),
            ("interventions: true", "line 3: interventions: "),
            ("arms: {t: {with: {round_robbin: 1}}}", "line 3: "),
        ]
    ):
        wrong = tmp_path / f"wrong{number}.yaml"
        wrong.write_text(f"study: compare\nscenario: research_team\n{text}\n", encoding="utf-8")
        field.set_input_files(wrong)
        page.get_by_text(f"wrong{number}.yaml cannot be opened: {told}").wait_for()
        assert not TRACES.search(page.locator("body").inner_text().replace(str(wrong), ""))
    right = tmp_path / "right.yaml"
    right.write_text(
        "study: compare\nscenario: token_seat\narms: {b: {with: {buddy: 1}}}\n", encoding="utf-8"
    )
    field.set_input_files(right)
    page.wait_for_selector('[data-testid=board][data-scenario="token_seat"]')
    assert page.get_by_text("cannot be opened").count() == 0


def test_a_giant_team_in_one_tab_leaves_the_engine_to_the_others(watched: Watched) -> None:
    giant = (
        "set_a=phases.*.minutes:600;team.patients.count:50&set_b=phases.*.minutes:600;team.patients.count:50"
    )
    other = watched.context.new_page()
    watched.listen(other)
    other.goto(f"{watched.address}/?seed=3&b=round_robin:1")
    other.get_by_role("button", name="Run 200 projects of each team").wait_for()
    page = watched.board(f"/?{giant}")
    page.get_by_role("button", name="Run 200 projects of each team").click()
    page.get_by_text("of 200 projects of each team").wait_for()
    other.get_by_role("button", name="Run 200 projects of each team").click()
    spread = other.get_by_test_id("spread")
    spread.wait_for()
    assert spread.locator("[data-team=A]").get_attribute("data-runs") == "200"
    assert page.get_by_test_id("spread").count() == 0  # which is still at work


@pytest.fixture
def open_to_all(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A demo that others can reach, and what it printed."""
    pytest.importorskip("solara")
    port, log = free_port(), tmp_path / "log.txt"
    process = start(port, log, "--host", "0.0.0.0", "--allow-host", "class.example")
    try:
        wait_until_ready(process, port, log)
        yield port, log
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)


@pytest.mark.skipif(CHROMIUM is None, reason="the other tests of this kind are skipped too")
def test_with_host_it_is_said_who_can_reach_it(open_to_all: tuple[int, Path]) -> None:
    port, log = open_to_all
    assert status(f"http://127.0.0.1:{port}", Host="class.example")[0] == 200
    assert status(f"http://127.0.0.1:{port}", Host="evil.example")[0] == 403
    told = log.read_text(encoding="utf-8")
    assert f"http://127.0.0.1:{port}" in told
    assert "without a password" in told
    assert "over the network" in told
