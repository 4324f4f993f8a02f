"""A diary of several meetings: what is kept, what is refused, trends, changes, and the page."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from cosim.cli import main
from cosim.errors import ConfigError
from cosim.execution.manifest import Manifest
from cosim.meeting_logs.turn_log import turn_log
from cosim.observation.diary import Entry, open_diary
from cosim.observation.diary_report import look_through, page, with_codes
from cosim.observation.planted_views import Planted
from cosim.observation.series import interruption, trend
from cosim.reporting.page import render

ROLES = {"Ann Lee": "PI", "Ben": "nurse", "Maryam Haddad": "public contributor", "Dee": "public contributor"}


def meeting(seed: int, weights: tuple[float, ...] = (4, 3, 1, 1)):
    rng = np.random.default_rng(seed)
    names = rng.choice(list(ROLES), 60, p=np.array(weights) / sum(weights))
    frame = pd.DataFrame({"meeting": "m", "speaker": names, "words": rng.integers(3, 40, 60).astype(float)})
    return turn_log(frame.assign(role=frame["speaker"].map(ROLES)))


def day(month: int) -> datetime.date:
    return datetime.date(2026, month, 5)


def filled(folder: Path):
    diary = open_diary(folder, new=True)
    for month in range(1, 9):
        later = month > 4
        weights = (2.0, 2.0, 2.0, 2.0) if later else (6.0, 5.0, 1.0, 1.0)
        entry = Entry(
            meeting(month, weights),
            day(month),
            "conduct" if later else "design",
            change="round robin" if month == 5 else "",
            contributions=(("Maryam_Haddad asked for fatigue", "Maryam Haddad", "It was added", "changed"),)
            if month == 2
            else (),
        )
        diary = diary.added(entry)
    diary.write()
    return diary


def test_what_is_written_is_read_again_in_order_of_dates(tmp_path: Path) -> None:
    later = open_diary(tmp_path / "d", new=True).added(Entry(meeting(2), day(3), "design"))
    views = Planted(2, 2, 5).views(np.random.default_rng(1))
    both = later.added(Entry(meeting(1), day(1), "design", note='a "note", with; signs', views=views))
    both.write()
    again = open_diary(tmp_path / "d")
    assert again.meetings["date"].tolist() == ["2026-01-05", "2026-03-05"]
    assert again.meetings["note"].tolist() == ['a "note", with; signs', ""]
    assert again.log().meetings == ("2026-01-05 design", "2026-03-05 design")
    assert (
        again.log().frame["words"].sum() == meeting(1).frame["words"].sum() + meeting(2).frame["words"].sum()
    )
    kept = again.views()
    assert kept is not None
    assert np.array_equal(kept.frame["before"], views.frame["before"], equal_nan=True)
    assert {path.name for path in (tmp_path / "d").iterdir()} == {"meetings.csv", "turns.csv", "views.csv"}


def test_the_same_meeting_twice_and_what_is_no_diary_are_refused(tmp_path: Path) -> None:
    diary = filled(tmp_path / "d")
    with pytest.raises(ConfigError, match="already"):
        diary.added(Entry(meeting(3, (6.0, 5.0, 1.0, 1.0)), day(12)))
    assert len(diary.added(Entry(meeting(99), day(8), "conduct")).meetings) == 9
    with pytest.raises(ConfigError, match="holds no diary"):
        open_diary(tmp_path / "nowhere")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("x")
    with pytest.raises(ConfigError, match="other files"):
        open_diary(tmp_path / "other", new=True)
    path = tmp_path / "d" / "meetings.csv"
    path.write_text(path.read_text().replace("2026-02-05,design", "5.2.26,design"))
    with pytest.raises(ConfigError, match="not a date") as error:
        open_diary(tmp_path / "d")
    assert (error.value.line, error.value.key) == (3, "date")


def test_trends_and_steps_have_known_answers() -> None:
    assert trend(np.array([1.0, 2.0, np.nan, 4.0, 5.0])).slope == pytest.approx(1.0)
    assert np.isnan(trend(np.array([1.0, 2.0, 3.0])).slope)
    rng = np.random.default_rng(1)
    values = np.r_[np.zeros(6), np.ones(6)] + 0.05 * rng.standard_normal(12)
    step = interruption(values, 6)
    assert step is not None
    assert step.low < 1.0 < step.high
    assert step.trended
    assert step.p == 1.0 / step.places
    assert interruption(values, 2) is None
    line = interruption(np.arange(12.0) + 0.01 * rng.standard_normal(12), 6)
    assert line is not None
    assert abs(line.level) < 0.1, "a trend is no step"


@pytest.mark.parametrize("n", [6, 10, 20])
def test_intervals_of_a_step_hold_none_as_often_as_they_say(n: int) -> None:
    inside, small = [], []
    for seed in range(300):
        found = interruption(np.random.default_rng(seed).standard_normal(n), n // 2)
        assert found is not None
        inside.append(found.low <= 0.0 <= found.high)
        small.append(found.p <= 0.2)
    assert 0.91 < np.mean(inside) < 0.99
    assert np.mean(small) <= 0.3 if n > 6 else True


def test_the_page_tells_the_change_and_keeps_names_back(tmp_path: Path) -> None:
    diary = filled(tmp_path / "d")
    found = look_through(diary, seed=1)
    assert found.meetings["public"].iloc[:4].mean() < found.meetings["public"].iloc[4:].mean()
    steps = {name: one for _, _, name, one in found.changes}
    assert set(steps) == {"public", "gini"}
    assert steps["public"] is not None
    text = render(page(found))
    for name in ("Ann Lee", "Haddad", "Maryam"):
        assert name not in text
    for section in ("trends", "changes", "account", "private", "limits"):
        assert f'<section id="{section}">' in text
    assert "round robin" in text
    assert "GRIPP2" in text
    named = render(page(look_through(diary, coded=False)))
    assert "Maryam Haddad" in named
    assert set(with_codes(diary).log().frame["speaker"]) == {"P1", "P2", "P3", "P4"}


def test_the_commands(tmp_path: Path) -> None:
    run = CliRunner().invoke
    folder, out = str(tmp_path / "d"), tmp_path / "out"
    tables = ["--people", "example_people", "--views", "example_views", "--decision", "example_decision"]
    done = run(main, ["diary", "add", folder, "example_vtt", "--date", "2026-01-05", *tables])
    assert done.exit_code == 0, done.output
    wrong = [
        (["diary", "add", folder, "example_vtt", "--date", "2026-01-05"], "already"),
        (["diary", "add", folder, "example_srt", "--date", "5 May"], "not a date"),
        (["diary", "add", folder, "example_srt", "--date", "2026-02-05", "--by", "Ann"], "one for each"),
        (
            ["diary", "add", folder, "example_srt", "--date", "2026-02-05", "--decision", "x"],
            "beside --views",
        ),
        (["diary", "report", str(tmp_path)], "holds no diary"),
    ]
    for words, told in wrong:
        done = run(main, words)
        assert done.exit_code == 2
        assert told in " ".join(done.output.split())
    done = run(main, ["diary", "report", folder, "-o", str(out)])
    assert done.exit_code == 0, done.output
    manifest = Manifest.read(out)
    assert manifest is not None
    assert not manifest.faults(out)
    assert "Okafor" not in (out / "report.html").read_text(encoding="utf-8")
