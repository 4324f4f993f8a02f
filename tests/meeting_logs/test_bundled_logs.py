"""The logs that come with cosim: all there, all read, all attributed."""

from __future__ import annotations

from importlib.resources import files

import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.bundled_logs import LOGS, TABLES, attribution, delidata_members, shipped_log
from cosim.meeting_logs.turn_statistics import meetings
from cosim.patterns.bundled_surveys import FILES


@pytest.mark.parametrize(
    ("name", "count", "rows"),
    [
        ("icsi", 51, 44_578),
        ("ami", 97, 43_930),
        ("ami_times", 12, 3_485),
        ("delidata", 326, 9_213),
        ("example_icsi", 1, 833),
        ("example_ami", 1, 581),
        ("example_vtt", 1, 19),
        ("example_srt", 1, 19),
    ],
)
def test_every_log_is_read_whole(name: str, count: int, rows: int) -> None:
    log = shipped_log(name)
    assert len(log.meetings) == count
    assert len(log.frame) == rows
    assert log.name == f"{name} (comes with cosim)", "no path of a machine"


def test_the_list_above_is_complete_and_every_file_attributed() -> None:
    folder = files("cosim.meeting_logs") / "data"
    shipped = {path.name for path in folder.iterdir() if path.name.endswith(".gz")}
    shipped |= {f"examples/{path.name}" for path in (folder / "examples").iterdir()}
    tables = {f"{name}.csv.gz" for name in FILES}
    assert shipped == {*LOGS.values(), *TABLES.values(), "delidata_members.csv.gz", *tables}
    text = attribution()
    assert all(f"`{name}`" in text for name in shipped)
    assert "CC BY 4.0" in text
    for holder in ("Copyright (c) 2025 deliberr authors", "Copyright (c) 2020 Charles Gray"):
        assert holder in text, "the licence asks for its notice"
    assert "THE SOFTWARE IS" in text


def test_examples_are_parts_of_the_whole() -> None:
    for name, corpus in (("example_icsi", "icsi"), ("example_ami", "ami")):
        example = shipped_log(name)
        same = shipped_log(corpus).only(example.meetings)
        assert example.frame.equals(same.frame)


def test_the_two_formats_say_the_same() -> None:
    vtt, srt = shipped_log("example_vtt").frame, shipped_log("example_srt").frame
    assert vtt.equals(srt)
    assert meetings(shipped_log("example_vtt"))["n"].item() == 5


def test_members_and_unknown_names() -> None:
    assert delidata_members().shape == (1064, 11)
    with pytest.raises(ConfigError, match="did you mean 'icsi'"):
        shipped_log("icsy")
