"""axe-core finds nothing serious on any page, light or dark (WCAG A and AA, and axe's own advice)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import Watched

pytestmark = pytest.mark.browser


def faults(page: Any) -> list[str]:
    """Return what axe-core calls serious or critical on a page as it stands."""
    axe = pytest.importorskip("axe_playwright_python.base")
    page.evaluate(axe.AXE_SCRIPT)
    found = page.evaluate("axe.run()")["violations"]
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("path", ["/?lesson=voice_is_not_influence", "/lessons", "/teachers", "/mesa"])
def test_axe_finds_nothing_serious(watched: Watched, path: str) -> None:
    page = watched.open(path)
    page.wait_for_selector("h1", state="attached")
    page.get_by_role("button", name="Light or dark").first.wait_for()
    if path == "/teachers":
        page.wait_for_selector("article")
    assert page.locator("h1").count() == 1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_selector(f".v-application.theme--{scheme}")
        page.wait_for_timeout(400)  # colours fade over
        assert faults(page) == []


def test_axe_would_find_a_fault(watched: Watched) -> None:
    page = watched.open("/teachers")
    page.wait_for_selector("article")
    page.evaluate("document.querySelector('article').innerHTML += '<button></button>'")
    assert [one.partition(":")[0] for one in faults(page)] == ["button-name"]


@pytest.mark.parametrize("path", ["/", "/plan", "/class", "/join"])
def test_the_plain_pages_too(watched: Watched, path: str) -> None:
    page = watched.open(path)
    assert page.locator("h1").count() == 1
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert faults(page) == []
    for width, height in ((820, 1180), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
