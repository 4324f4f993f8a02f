"""A planned team: its form, its study, and that the page's numbers are those of the command line."""

from __future__ import annotations

import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

import cosim
from cosim.browser import worker
from cosim.browser.planning import jobs
from cosim.browser.planning.plan import (
    DECIDES,
    FEWEST_SETTINGS,
    MOST_SETTINGS,
    Plan,
    plan_config,
    plan_from_form,
)
from cosim.browser.replicates import ENGINE
from cosim.config.yaml_source import parse_yaml
from cosim.errors import ConfigError
from cosim.formatting.titles import LEVEL_WORDS
from cosim.studies.compare.findings import Comparison
from cosim.studies.compare.wording import words_of
from cosim.studies.config import check_config, config_from_text
from cosim.studies.results import read_results
from cosim.studies.team_model import team_model
from tests.browser.conftest import PATIENCE, Watched, settle

SMALL = Plan(public=2, researchers=1, providers=0, policymakers=0, minutes=15, money=100, name="Two of us")


def small_config() -> str:
    """Return the config of a small team, cut down to two ways of working."""
    text = plan_config(SMALL)
    assert "interventions: all" in text
    return text.replace("interventions: all", "interventions: [round_robin, secret_ballot]").replace(
        "replicates: 4", "replicates: 20"
    )


@pytest.mark.parametrize("decides", DECIDES)
@pytest.mark.parametrize("level", LEVEL_WORDS)
def test_every_choice_of_the_form_is_a_study(level: str, decides: str) -> None:
    plan = plan_from_form(
        {"level": level, "decides": decides, "public": "1", "providers": "0", "meetings": "2"}
    )
    scenario = check_config(config_from_text(plan_config(plan), Path("x.yaml")), team_model).subject.scenario
    assert sum(group.count for group in scenario.team.values()) == plan.people
    for phase in scenario.phases.values():
        assert (phase.level, phase.meetings, phase.minutes) == (level, 2, 90.0)
        assert (phase.rule == "lead_decides") == (decides == "lead_decides")
    if decides != "lead_decides":
        assert scenario.accountability.form == decides


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("public", "0", "1 to 12"),
        ("public", "four", "1 to 12"),
        ("public", "٤", "1 to 12"),
        ("minutes", "1e3", "15 to 240"),
        ("level", "inspire", "inform, consult"),
        ("decides", "nobody", "sign_off"),
        ("money", "-5", "0 to 1,000,000"),
        ("name", "x" * 81, "at most 80"),
        ("name", "a\x00b", "at most 80"),
        ("pubilc", "4", None),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(field: str, value: str, told: str | None) -> None:
    with pytest.raises(ConfigError) as refused:
        plan_from_form({field: value})
    assert refused.value.key == field
    if told is None:
        assert refused.value.nearest == "public"
    else:
        assert told in str(refused.value.allowed)


def test_a_large_team_gets_fewer_settings_and_none_too_few() -> None:
    assert Plan().settings == MOST_SETTINGS
    large = Plan(public=12, researchers=12, providers=12, policymakers=6, meetings=6, minutes=240)
    assert large.settings == FEWEST_SETTINGS
    assert replace(large, meetings=1, minutes=90).settings >= FEWEST_SETTINGS


def test_a_name_cannot_say_more_than_a_name() -> None:
    name = "x'\": {a: [b"
    data = parse_yaml(plan_config(Plan(name=name))).data
    assert data["scenario"]["title"] == name
    assert data["interventions"] == "all"


def test_parts_and_the_command_line_give_the_same_tables(tmp_path: Path) -> None:
    text = small_config()
    request = {"plan": text, "folder": str(tmp_path / "parts")}
    of = worker.answer(request)["slices"]
    assert of > 1
    for part in range(1, of + 1):
        worker.answer({**request, "part": part, "of": of})
    found = worker.answer({**request, "conclude": True})
    config = tmp_path / "my_team.yaml"
    config.write_text(text)
    whole = cosim.run_study(config, tmp_path / "whole", workers=1)
    for name in ("runs", "people", "design"):
        a, b = (pd.read_parquet(tmp_path / place / f"{name}.parquet") for place in ("parts", "whole"))
        pd.testing.assert_frame_equal(a, b, check_exact=True)
    table = whole.findings().table("differences")
    shown = {row["name"]: row["difference"] for row in found["ranking"]}
    for arm in ("round_robin", "secret_ballot"):
        row = table.loc[(table["outcome"] == "influence_gini") & (table["arm"] == arm)].iloc[0]
        assert shown[arm] == row["difference"]
    assert found["answer"] == list(whole.findings().answer)
    page = words_of(Comparison(read_results(tmp_path / "parts")))  # with every section of the report
    for part in ("protocol", "plain"):
        assert found[part] == " ".join(page.parts[part])


def test_a_job_that_fails_says_so_and_one_browser_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(tab: str, request: dict[str, object]) -> dict[str, object]:
        raise ConfigError("no such team")

    monkeypatch.setattr(ENGINE, "ask", fails)
    plans = jobs.Jobs(run=lambda work: work())
    job = plans.start(SMALL, "me")
    assert job.over
    assert "no such team" in job.problem
    ENGINE.turns.enter("me")
    try:
        assert "being run already" in plans.start(SMALL, "me").problem
    finally:
        ENGINE.turns.leave("me")
    assert plans.find("nothing") is None
    for _ in range(jobs.KEPT + 5):
        last = plans.start(SMALL, "me")
    assert plans.find(job.key) is None
    assert plans.find(last.key) is last
    plans.forget()


@pytest.mark.browser
def test_a_plan_from_form_to_take_away(address: str, tmp_path: Path) -> None:
    form = {
        "public": "2",
        "researchers": "1",
        "providers": "0",
        "policymakers": "0",
        "minutes": "15",
        "money": "100",
    }
    data = urllib.parse.urlencode({**form, "name": "<b>Two</b>"}).encode()
    with urllib.request.urlopen(address + "/plan", data) as answer:
        place = answer.url
        assert b"Trying" in answer.read()
    until = time.monotonic() + PATIENCE
    while b'"over":true' not in urllib.request.urlopen(place + "/state").read():
        assert time.monotonic() < until
        time.sleep(0.3)
    told = urllib.request.urlopen(place).read().decode()
    assert "&lt;b&gt;Two&lt;/b&gt;" in told
    assert "<b>Two" not in told
    assert "What would change this answer?" in told
    config = urllib.request.urlopen(place + "/my_team.yaml").read().decode()
    assert config == plan_config(plan_from_form(dict(urllib.parse.parse_qsl(data.decode()))))
    lines = urllib.request.urlopen(place + "/my_team.csv").read().decode().splitlines()
    assert len(lines) == told.count("data-arm=") + 1
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(address + "/plan", b"public=99")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address + "/plan/nothing")


@pytest.mark.browser
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (820, 1180)])
def test_every_choice_can_be_read_in_its_field(watched: Watched, width: int, height: int) -> None:
    watched.page.set_viewport_size({"width": width, "height": height})
    page = watched.open("/plan")
    settle(page)
    rooms = page.locator("select").evaluate_all(
        """all => all.map(one => {
          const style = getComputedStyle(one), pen = document.createElement('canvas').getContext('2d');
          pen.font = `${style.fontSize} ${style.fontFamily}`;
          const widest = Math.max(...[...one.options].map(option => pen.measureText(option.text).width));
          const edges = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight) + 20; // with the arrow
          return [one.clientWidth - edges, widest];
        })"""
    )
    assert len(rooms) == 2
    for room, widest in rooms:
        assert widest <= room
    assert page.evaluate("document.documentElement.scrollWidth") <= width
