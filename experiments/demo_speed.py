"""Measure the teaching demo in a real browser: start, click, play, memory, a class on one server.

Starts ``cosim demo`` on a free port, drives headless Chromium with Playwright (both on this machine, so
they share its cores) and prints Markdown::

    python -m experiments.demo_speed                # every part
    python -m experiments.demo_speed click play     # some of them

Needs ``pip install 'cosim[dev]'`` and a Chromium (``COSIM_CHROMIUM`` names another one).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import platform
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil

from cosim.execution.processor import processor

LINK = "/?scenario=research_team&seed=3&b=round_robin:1"
"""Twelve people; team B with round robin, so that both teams have much to draw."""
STEP_OF = "Number(document.querySelector('[data-testid=board]').dataset.step)"

# Time from a click on Step until the board shows another turn, and until the frame that shows it is done:
# the second animation frame after the change begins when the first has been drawn.
CLICK = """
() => new Promise(done => {
  const board = () => document.querySelector('[data-testid=board]').dataset.step;
  const before = board(), began = performance.now();
  const timer = setInterval(() => 0, 1000);
  const seen = new MutationObserver(() => {
    if (board() === before) return;
    seen.disconnect(); clearInterval(timer);
    const changed = performance.now() - began;
    requestAnimationFrame(() => {
      const port = new MessageChannel();
      port.port1.onmessage = () => done([changed, performance.now() - began]);
      port.port2.postMessage(0);
    });
  });
  seen.observe(document.body, {subtree: true, childList: true, attributes: true});
  [...document.querySelectorAll('button')].find(b => b.innerText.trim() === 'Step').click();
})
"""


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument(
        "parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)} (default: all)"
    )
    options.add_argument("--tabs", type=int, default=30, help="tabs of the class (default 30)")
    options.add_argument("--phones", type=int, default=60, help="phones of the class (default 60)")
    options.add_argument("--interval", type=int, default=500, help="pause of the class, ms (default 500)")
    options.add_argument("--turns", type=int, default=1000, help="turns of the memory part (default 1000)")
    chosen = options.parse_args()
    wrong = [part for part in chosen.parts if part not in PARTS]
    if wrong:
        options.error(f"no such part: {', '.join(wrong)} (allowed: {', '.join(PARTS)})")
    python, load = platform.python_version(), os.getloadavg()[0]
    print(f"Machine: {processor()}, {os.cpu_count()} cores, Python {python}; load before: {load:.1f}\n")
    print("| what | figure |\n| --- | --- |")
    for part in chosen.parts or PARTS:
        for what, figure in PARTS[part](chosen):
            print(f"| {what} | {figure} |", flush=True)


# ---------------------------------------------------------------------- server and browser


class Demo:
    """A running ``cosim demo``; `ready` is the seconds from its start until it answers."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        command = [sys.executable, "-c", "from cosim.cli import main; main()", "demo", "--port", str(port)]
        began = time.perf_counter()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        while not self._answers():
            if self.process.poll() is not None:
                raise SystemExit("the demo ended before it was ready")
            time.sleep(0.02)
        self.ready = time.perf_counter() - began

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def end(self) -> float:
        """Press Ctrl-C and return the seconds until the process has ended."""
        began = time.perf_counter()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        return time.perf_counter() - began


@contextlib.contextmanager
def running() -> Iterator[tuple[Demo, Any]]:
    """Yield a demo and a browser, and end both."""
    from playwright.sync_api import sync_playwright

    chromium = (
        os.environ.get("COSIM_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    )
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        demo = Demo()
        try:
            yield demo, browser
        finally:
            demo.end()
            browser.close()


def opened(browser: Any, demo: Demo, interval: int = 0) -> Any:
    """Return a new tab on the two teams, with a pause between turns in ms (0: as it stands)."""
    if not browser.contexts:
        browser.new_context(viewport={"width": 1280, "height": 720})
    page = browser.contexts[0].new_page()
    page.set_default_timeout(60_000)
    page.goto(demo.address + LINK)
    page.wait_for_selector("[data-testid=board]")
    if interval:
        pause(page, interval)
    return page


def pause(page: Any, interval: int) -> None:
    """Set the pause between turns, in ms."""
    slider = page.get_by_role("slider", name=re.compile("Pause"))
    if not slider.count():
        page.locator("label").get_by_text("Single turns").click()
    now = int(slider.get_attribute("aria-valuenow"))
    if now == interval:
        return
    slider.focus()
    if interval == 50:
        slider.press("Home")
    for _ in range(abs(interval - now) // 50 if interval != 50 else 0):
        slider.press("ArrowRight" if interval > now else "ArrowLeft")
    page.get_by_text(f"{interval} ms").wait_for()


def press(page: Any, name: str) -> None:
    """Press a button of the page."""
    page.get_by_role("button", name=name, exact=True).click()


def spread(values: Sequence[float], digits: int = 0) -> str:
    """Return median and range in words."""
    middle, low, high = statistics.median(values), min(values), max(values)
    return f"{middle:.{digits}f} (median of {len(values)}; {low:.{digits}f} to {high:.{digits}f})"


Rows = Iterator[tuple[str, str]]

# ---------------------------------------------------------------------- the parts


def start(chosen: argparse.Namespace) -> Rows:
    """Measure how soon the server and the first page are there, and how soon Ctrl-C ends two tabs at play."""
    ready, first, again, ended = [], [], [], []
    for _ in range(5):
        with running() as (demo, browser):
            ready.append(demo.ready)
            tabs = []
            for kept in (first, again):
                began = time.perf_counter()
                tabs.append(opened(browser, demo))
                kept.append(time.perf_counter() - began)
            for tab in tabs:
                press(tab, "Play")
                tab.wait_for_function(f"{STEP_OF} >= 3")
            ended.append(demo.end())
    yield "server ready, s", spread(ready, 2)
    yield "first page after that, s", spread(first, 2)
    yield "second page, s", spread(again, 2)
    yield "Ctrl-C to end while two tabs play, s", spread(ended, 2)


def click(chosen: argparse.Namespace) -> Rows:
    """Measure a click on Step."""
    with running() as (demo, browser):
        page = opened(browser, demo)
        times = clicks(page, 60, 0.05)
        yield "people in each team", str(page.locator("[data-testid=team-A] [data-person]").count())
        yield "click on Step to changed page, ms", spread([changed for changed, _ in times])
        yield "click on Step to picture drawn, ms", spread([drawn for _, drawn in times])


def clicks(page: Any, count: int, pause: float) -> list[list[float]]:
    """Click on Step and return ms until the page changed and until it was drawn, after five to warm up."""
    times = []
    for _ in range(count + 5):
        times.append(page.evaluate(CLICK))
        time.sleep(pause)
    return times[5:]


def play(chosen: argparse.Namespace) -> Rows:
    """Measure Play at the shortest pause."""
    with running() as (demo, browser):
        page = opened(browser, demo, 50)
        press(page, "Play")
        page.wait_for_function(f"{STEP_OF} >= 20")
        server = psutil.Process(demo.process.pid)
        used = sum(server.cpu_times()[:2])
        rates = [rate(page, 5.0) for _ in range(5)]
        spent = sum(server.cpu_times()[:2]) - used
        yield "Play at a pause of 50 ms: turns a second", spread(rates, 1)
        yield "processor time of the server, ms a turn", f"{1000.0 * spent / sum(5.0 * r for r in rates):.1f}"


def rate(page: Any, seconds: float) -> float:
    """Return turns a second that the page shows."""
    began, before = time.perf_counter(), page.evaluate(STEP_OF)
    time.sleep(seconds)
    return float((page.evaluate(STEP_OF) - before) / (time.perf_counter() - began))


def memory(chosen: argparse.Namespace) -> Rows:
    """Measure memory before and after many turns."""
    with running() as (demo, browser):
        page = opened(browser, demo, 50)
        press(page, "Play")
        seen = []
        for turn in (200, 200 + chosen.turns // 2, 200 + chosen.turns):
            page.wait_for_function(f"{STEP_OF} >= {turn}")
            seen.append((turn, *megabytes(page, demo)))
        for what, place in (
            ("server, MB", 1),
            ("browser (all processes), MB", 2),
            ("its scripts' heap, MB", 3),
        ):
            told = ", ".join(f"{row[place]:.1f} at turn {row[0]}" for row in seen)
            yield f"memory of the {what}", told


def megabytes(page: Any, demo: Demo) -> tuple[float, float, float]:
    """Return memory of the server, of the browser and of the page's scripts after they were tidied up."""
    tools = page.context.new_cdp_session(page)
    tools.send("HeapProfiler.collectGarbage")
    heap = tools.send("Runtime.getHeapUsage")["usedSize"]
    tools.detach()
    server = psutil.Process(demo.process.pid).memory_info().rss
    family = psutil.Process().children(recursive=True)
    browser = sum(one.memory_full_info().pss for one in family if "chrom" in one.name())
    return server / 1e6, browser / 1e6, heap / 1e6


def classroom(chosen: argparse.Namespace) -> Rows:
    """Measure a class on one server: all tabs but one play, the last one steps; then all play."""
    with running() as (demo, browser):
        tabs = [opened(browser, demo, chosen.interval) for _ in range(chosen.tabs)]
        for tab in tabs[:-1]:
            press(tab, "Play")
        time.sleep(5.0)
        before = [tab.evaluate(STEP_OF) for tab in tabs[:-1]]
        began = time.perf_counter()
        server = psutil.Process(demo.process.pid)
        used = sum(server.cpu_times()[:2])
        times = clicks(tabs[-1], 40, 0.5)
        spent = time.perf_counter() - began
        busy = (sum(server.cpu_times()[:2]) - used) / spent
        rates = [(tab.evaluate(STEP_OF) - was) / spent for tab, was in zip(tabs, before, strict=False)]
        yield f"{chosen.tabs} tabs, pause {chosen.interval} ms: turns a second of each", spread(rates, 2)
        yield "click on Step in one of them to changed page, ms", spread([changed for changed, _ in times])
        yield "click on Step in one of them to picture drawn, ms", spread([drawn for _, drawn in times])
        yield "load of the server, of one core", f"{busy:.0%}"
        yield "memory of the server, MB", f"{server.memory_info().rss / 1e6:.0f}"


def plan(chosen: argparse.Namespace) -> Rows:
    """Measure the plan page: from sending the form until the answer, after a look at the form and cold."""
    for what, thinking in (("form open for 20 s before", 20.0), ("sent at once, nothing prepared", 0.0)):
        waits, spent = [], []
        for _ in range(3):
            demo = Demo()
            try:
                server = psutil.Process(demo.process.pid)
                if thinking:
                    urllib.request.urlopen(f"{demo.address}/plan").read()
                    time.sleep(thinking)
                before, began = family_seconds(server), time.perf_counter()
                with urllib.request.urlopen(f"{demo.address}/plan", b"public=4") as answer:
                    place = answer.url
                while b'"over":true' not in urllib.request.urlopen(f"{place}/state").read():
                    time.sleep(0.1)
                urllib.request.urlopen(place).read()
                waits.append(time.perf_counter() - began)
                spent.append(family_seconds(server) - before)
            finally:
                demo.end()
        yield f"plan, {what}: answer after, s", spread(waits, 1)
        yield f"plan, {what}: processor time, s", spread(spent, 1)


def family_seconds(server: psutil.Process) -> float:
    """Return the processor time of the server and the worker, in s."""
    found = 0.0
    for one in (server, *server.children(recursive=True)):
        found += sum(one.cpu_times()[:2])
    return found


def phones(chosen: argparse.Namespace) -> Rows:
    """Measure class mode: phones open the room's page and send their prediction, all at once."""
    demo = Demo()
    try:
        with urllib.request.urlopen(f"{demo.address}/class", b"lesson=voice_is_not_influence") as answer:
            code = re.findall(r'data-testid="code"[^>]*>\s*([A-Z0-9]+)', answer.read().decode())[0]
        place = f"{demo.address}/join/{code}"

        def phone(_: int) -> tuple[float, float]:
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            marks = [time.perf_counter()]
            for data in (None, b"voice=the same"):
                browser.open(place, data, timeout=60).read()
                marks.append(time.perf_counter())
            return marks[1] - marks[0], marks[2] - marks[1]

        began, server = time.perf_counter(), psutil.Process(demo.process.pid)
        used = sum(server.cpu_times()[:2])
        with ThreadPoolExecutor(chosen.phones) as crowd:
            times = list(crowd.map(phone, range(chosen.phones)))
        yield (
            f"{chosen.phones} phones: all have opened and sent after, s",
            f"{time.perf_counter() - began:.1f}",
        )
        yield "a phone's page, ms", spread([1000 * one for one, _ in times])
        yield "a phone's answer, ms", spread([1000 * one for _, one in times])
        spent = sum(server.cpu_times()[:2]) - used
        yield "processor time of the server, ms a phone", f"{1000 * spent / chosen.phones:.1f}"
    finally:
        demo.end()


PARTS: dict[str, Callable[[argparse.Namespace], Rows]] = {
    "start": start,
    "click": click,
    "play": play,
    "memory": memory,
    "class": classroom,
    "plan": plan,
    "phones": phones,
}

if __name__ == "__main__":
    main()
