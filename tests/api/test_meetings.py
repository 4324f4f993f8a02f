"""A team's own meetings and views from Python."""

from __future__ import annotations

import pytest

from cosim import api
from cosim.meeting_logs.bundled_logs import LOGS, TABLES
from tests.observation.test_team_views import DATA


def test_what_is_exported_is_there() -> None:
    for name in api.__all__:
        assert getattr(api, name) is not None
    with pytest.raises(AttributeError, match="look_att"):
        api.look_att  # noqa: B018


def test_a_log_and_views_are_read_and_looked_at() -> None:
    people = api.read_people(DATA / TABLES["example_people"])
    log = api.read_logs([DATA / LOGS["example_vtt"]], api.Reading(people=people))
    views = api.read_views(DATA / TABLES["example_views"], people=people)
    found = api.look_at_views(views, 0.87, log=log, people=people)
    assert found.heeded is not None
    assert "public contributor" in found.heeded.roles
