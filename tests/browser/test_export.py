"""The lessons as one page without a server: small, silent, and with the model's numbers."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from cosim.browser.export import LARGEST, PAGE, export, recorded
from cosim.browser.lesson import lessons
from cosim.browser.pair import Pair
from cosim.errors import ConfigError
from cosim.simulation.simulation import simulate
from tests.browser.conftest import CHROMIUM, Watched
from tests.browser.test_accessibility import faults

LESSON = lessons()[0]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with a single lesson."""
    return export(tmp_path_factory.mktemp("export") / "new", [LESSON], replicates=3)


def test_the_last_scene_is_the_whole_project() -> None:
    data = recorded(LESSON, 2)
    for team in "AB":
        row = simulate(LESSON.setup.team(team), 1, LESSON.seed).runs.iloc[0]
        shown = re.search(rf'data-team="{team}"[^>]*data-influence-gini="([\d.]+)"', data["frames"][-1])
        assert shown is not None
        assert float(shown[1]) == pytest.approx(row["influence_gini"], abs=2e-6)
    assert len(data["frames"]) > 40
    assert 'data-step="0"' in data["frames"][0]
    assert 'data-runs="2"' in data["spreads"]


def test_all_lessons_are_small_enough_and_nothing_is_overwritten(written: Path) -> None:
    size = written.stat().st_size
    assert size * len(lessons()) < LARGEST
    with pytest.raises(ConfigError, match="already"):
        export(written.parent, [LESSON])
    assert written.stat().st_size == size
    text = written.read_text()
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)""", text)
    assert "url(" not in text


@pytest.mark.browser
def test_it_plays_from_a_file_and_asks_for_nothing(written: Path, chromium: Any) -> None:
    assert CHROMIUM
    page = chromium.new_context(accept_downloads=True).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: asked.append(f"{error}"))
    page.goto(written.as_uri())
    page.wait_for_selector('[data-testid=board][data-step="0"]')
    page.keyboard.press("n")
    pair = Pair(LESSON.setup)
    pair.scene()
    page.wait_for_selector(f'[data-testid=board][data-step="{pair.steps}"]')
    with page.expect_download() as saved:
        page.get_by_role("button", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(saved.value.path()).read_text())))
    for team, watch in pair.teams.items():
        told = [row for row in rows if row["team"] == team]
        people = {one.id: one for one in watch.scene().people}
        assert len(told) == len(people)
        assert set(people) == {member.name for member in watch.model.members}  # as in the model's own tables
        assert all(row["name"] == people[row["person"]].name for row in told)
        assert all(float(row["influence"]) == round(people[row["person"]].influence, 6) for row in told)
    with page.expect_download() as saved:
        page.get_by_role("button", name="PNG").click()
    picture = Path(saved.value.path()).read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) == 2 * 2 * 560
    page.get_by_role("button", name="To the decision").click()
    page.get_by_test_id("card-A").wait_for()
    assert not page.get_by_text("with the same random numbers").first.is_visible()
    page.keyboard.press("Escape")
    page.get_by_text("Reveal").click()
    page.wait_for_selector("[data-testid=spread]")
    assert faults(page) == []
    assert asked == [written.as_uri()]
    assert written.name == PAGE


@pytest.mark.browser
def test_the_demo_saves_what_it_shows_too(watched: Watched) -> None:
    page = watched.board("/?scenario=token_seat&seed=5")
    for kind, start in (("CSV", b"team,meeting"), ("PNG", b"\x89PNG")):
        with page.expect_download() as saved:
            page.get_by_role("button", name=kind, exact=True).click()
        assert Path(saved.value.path()).read_bytes().startswith(start)
