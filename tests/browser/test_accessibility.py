"""axe-core finds nothing serious on any page, light or dark (WCAG A and AA, and axe's own advice)."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.browser.conftest import TEAMS, Watched, settle

pytestmark = pytest.mark.browser
PAGES = {
    TEAMS: "[data-testid=legend]",
    "/lessons": "[data-lesson]",
    "/teachers": "article",
    "/mesa": "svg[data-testid=table]",
}
"""The demo's pages, each with what comes last on it."""


def faults(page: Any, scheme: str = "") -> list[str]:
    """Return what axe-core calls serious or critical on a page, once its colours are final."""
    settle(page, scheme)
    axe = pytest.importorskip("axe_playwright_python.base")
    page.evaluate(axe.AXE_SCRIPT)
    found = page.evaluate("axe.run()")["violations"]
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(watched: Watched, path: str) -> None:
    page = watched.open(path)
    page.wait_for_selector("h1", state="attached")
    page.get_by_role("button", name="Light or dark").first.wait_for()
    page.wait_for_selector(PAGES[path])
    assert page.locator("h1").count() == 1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page, scheme) == []


def test_axe_would_find_a_fault(watched: Watched) -> None:
    page = watched.open("/teachers")
    page.wait_for_selector("article")
    before = Counter(faults(page))
    planted = '<button id="planted"></button>'
    page.locator("article").evaluate("(place, html) => place.insertAdjacentHTML('beforeend', html)", planted)
    assert list((Counter(faults(page)) - before).elements()) == [f"button-name: {planted}"]


@pytest.mark.parametrize("path", ["/", "/plan", "/class", "/join"])
def test_the_plain_pages_too(watched: Watched, path: str) -> None:
    page = watched.open(path)
    assert page.locator("h1").count() == 1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page, scheme) == []
    for width, height in ((820, 1180), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
