"""Write the demo's pages in docs/teaching: lessons and teachers' page from their data, and the screenshots.

python -m experiments.demo_pages                # the texts
python -m experiments.demo_pages --pictures     # the screenshots too (needs a Chromium)
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import astuple
from pathlib import Path
from typing import Any

import cosim.browser
from cosim.browser.configs import REPLICATES
from cosim.browser.lesson import SIZES, lessons, lessons_document, size_of, sizes, teachers_markdown
from cosim.browser.setup import TEAMS
from cosim.simulation.simulation import simulate
from experiments.demo_speed import Demo, press, running

TEACHING = Path(__file__).resolve().parent.parent / "docs" / "teaching"
KEPT = Path(cosim.browser.__file__).parent / "lessons" / SIZES
LESSON = "/?scenario=research_team&seed=3&b=round_robin:1"
GROUPS = "/?scenario=research_team&seed=3&a=process_facilitator:1&b=mixed_small_groups:1"
CARD = "/?lesson=the_accountable_lead"
PROJECTOR, TABLET = (1280, 720), (820, 1180)
MINUTE = (15, 30, 60)
"""Seconds after the first press at which a newcomer's screen is shown."""


def main() -> None:
    """Write the pages."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--pictures", action="store_true", help="take the screenshots too")
    texts()
    if options.parse_args().pictures:
        pictures()


def measured() -> str:
    """Return the sizes of every lesson's differences, as the text of the file that the package keeps."""
    found: dict[str, dict[str, list[float]]] = {}
    for lesson in lessons():
        runs = [
            simulate(lesson.setup.team(team), replicates=REPLICATES, seed=lesson.seed).runs for team in TEAMS
        ]
        found[lesson.name] = {
            one.outcome: [
                round(number, 6) for number in astuple(size_of(*(list(run[one.outcome]) for run in runs)))
            ]
            for one in lesson.expect
        }
    return json.dumps(found, indent=1) + "\n"


def texts() -> None:
    """Write the lessons' sizes, lessons.md whole, and the teachers' part of README.md."""
    KEPT.write_text(measured(), encoding="utf-8")
    sizes.cache_clear()
    (TEACHING / "lessons.md").write_text(lessons_document(), encoding="utf-8")
    readme = TEACHING / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition("## For teachers\n")
    _, speed, after = rest.partition("## Speed\n")
    readme.write_text(f"{before}{teachers_markdown()}\n{speed}{after}", encoding="utf-8")


def pictures() -> None:
    """Take every screenshot."""
    with running() as (demo, browser):
        first_minute(browser, demo)
        shown = page(browser, demo, LESSON, PROJECTOR)
        played(shown, 61)
        save(shown, "compare")
        shown.get_by_text("Team A: voice and influence").first.scroll_into_view_if_needed()
        shown.locator("[data-part=bars-A]").evaluate("part => part.scrollIntoView()")
        save(shown, "charts")
        shown.locator("[data-part=curves]").evaluate("part => part.scrollIntoView()")
        save(shown, "curves")
        press(shown, "Run 200 projects of each team")
        shown.wait_for_selector("[data-testid=spread]")
        shown.locator("[data-testid=spread]").evaluate("part => part.scrollIntoView({block: 'end'})")
        save(shown, "replicates")
        groups = page(browser, demo, GROUPS, PROJECTOR)
        played(groups, 15)
        save(groups, "groups")
        dark = page(browser, demo, LESSON, PROJECTOR, scheme="dark")
        played(dark, 61)
        save(dark, "dark")
        tablet = page(browser, demo, LESSON, TABLET)
        played(tablet, 61)
        save(tablet, "tablet")
        lesson = page(browser, demo, "/lessons", PROJECTOR, waits="[data-lesson]")
        save(lesson, "lesson")
        save(page(browser, demo, "/", PROJECTOR, waits="h1"), "start")
        card = page(browser, demo, CARD, PROJECTOR)
        press(card, "To the end of the meeting")
        card.wait_for_selector("[data-testid=card-A]")
        save(card, "card")
        plan = page(browser, demo, "/plan", PROJECTOR, waits="h1")
        save(plan, "plan")
        plan.locator("button.main").click()
        plan.wait_for_selector("[data-testid=ranking]")
        save(plan, "planned")
        room = page(browser, demo, "/class", PROJECTOR, waits="h1")
        press(room, "Open a room")
        room.wait_for_selector("[data-testid=code]")
        room.get_by_role("button", name="Reveal").click()
        room.wait_for_selector(".answer[data-model]")
        save(room, "room")


def first_minute(browser: Any, demo: Demo) -> None:
    """Take what a newcomer sees who answers, presses the one button, and at the end reveals, by the clock."""
    tab = page(browser, demo, "/", PROJECTOR, waits="h1")
    save(tab, "minute_0")
    tab.get_by_text("The same").click()
    tab.get_by_role("button").click()
    begun = time.monotonic()
    for second in MINUTE:
        if second == MINUTE[-1]:
            tab.keyboard.press("r")
            tab.get_by_role("button", name="Show it").click()
        tab.wait_for_timeout(1000.0 * max(begun + second - time.monotonic(), 0.0))
        tab.screenshot(path=TEACHING / f"minute_{second}.png")


def page(
    browser: Any,
    demo: Demo,
    path: str,
    size: tuple[int, int],
    *,
    scheme: str = "light",
    waits: str = "[data-testid=board]",
) -> Any:
    """Return a new tab."""
    width, height = size
    tab = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme).new_page()
    tab.set_default_timeout(600_000)  # however busy the machine is
    tab.goto(demo.address + path)
    tab.wait_for_selector(waits)
    return tab


def played(tab: Any, turns: int) -> None:
    """Take turns one by one, so that the picture is the same every time."""
    for turn in range(1, turns + 1):
        press(tab, "Step")
        tab.wait_for_selector(f'[data-testid=board][data-step="{turn}"]')


def save(tab: Any, name: str) -> None:
    """Save what is in sight as docs/teaching/NAME.png, once nothing moves any more."""
    tab.mouse.move(0, 0)
    tab.wait_for_timeout(700)
    tab.screenshot(path=TEACHING / f"{name}.png")


if __name__ == "__main__":
    main()
