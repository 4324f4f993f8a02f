"""The order of turns where times fall back: parts joined, clocks over midnight and noon, odd rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from cosim.meeting_logs.turn_statistics import meetings
from tests.meeting_logs.scripts import (
    LINES,
    SCRIPT,
    clock,
    floor,
    heard,
    read,
    spoken,
    srt,
    taken,
    vtt,
    words,
)

PLAIN = "{h:02d}:{m:02d}:{s:02d}"
HOURS = "{h}:{m:02d}"


def table(rows: list[tuple[str, str, str]], head: str = "time,speaker,text") -> str:
    return "\n".join([head, *(",".join(row) for row in rows)]) + "\n"


def at(times: list[str]) -> str:
    return table([(time, *said) for time, said in zip(times, SCRIPT, strict=True)])


@pytest.mark.parametrize("parts", [(12, 12), (12, 6), (5, 19), (8, 8, 8)])
@pytest.mark.parametrize("form", ["vtt", "srt", "csv"])
def test_recordings_joined_in_one_file_stand_one_after_another(
    tmp_path: Path, parts: tuple[int, ...], form: str
) -> None:
    cues, script = [], []
    for part, size in enumerate(parts):
        for place in range(size):
            who = f"P{2 * part + 1 + place % 2}"
            script.append((who, LINES[place % len(LINES)]))
            begin = 5.0 * place + 2.0 * part
            cues.append((begin, begin + 4.0, f"{who}: {script[-1][1]}"))
    if form == "csv":
        rows = [f"{start},{end},{text.replace(': ', ',')}" for start, end, text in cues]
        text = "\n".join(["start,end,speaker,text", *rows])
    else:
        text = (vtt if form == "vtt" else srt)(cues)
    log = read(tmp_path, text, f"meeting.{form}")
    assert taken(log) == [who for who, _ in script]
    assert heard(log) == words(tuple(script))
    assert len(log.notes) == 1
    assert log.frame["start_s"].is_monotonic_increasing
    assert log.frame["end_s"].max() == pytest.approx(
        sum(5.0 * size - 1.0 + 2.0 * part for part, size in enumerate(parts))
    )


@pytest.mark.parametrize(
    ("first", "step", "form", "note"),
    [
        (23 * 3600 + 53 * 60, 40, PLAIN, "midnight"),
        (23 * 3600 + 59 * 60, 60, HOURS, "midnight"),
        (12 * 3600 + 50 * 60, 60, PLAIN, "12 o'clock"),
        (12 * 3600 + 50 * 60, 60, HOURS, "12 o'clock"),
        (12 * 3600 + 50 * 60, 120, HOURS, "12 o'clock"),
        (11 * 3600 + 55 * 60, 30, "{h}:{m:02d}:{s:02d} AM", "midnight"),
        (11 * 3600 + 55 * 60, 30, "zero-hour noon", "12 o'clock"),
    ],
)
def test_a_clock_that_passes_midnight_or_noon(
    tmp_path: Path, first: int, step: int, form: str, note: str
) -> None:
    def shown(seconds: int) -> str:
        if form.endswith("AM"):
            half = "PM" if seconds < 43_200 else "AM"
            return clock((seconds - 3600) % 43_200 + 3600, form.replace("AM", half))
        if form == "zero-hour noon":
            return clock(seconds % 43_200, PLAIN)
        if note == "midnight":
            return clock(seconds % 86_400, form)
        return clock((seconds - 3600) % 43_200 + 3600, form)

    log = read(tmp_path, at([shown(first + step * place) for place in range(len(SCRIPT))]), "log.csv")
    assert taken(log) == floor()
    assert heard(log) == words()
    assert any(note in told for told in log.notes)
    lasts = log.frame["start_s"].iloc[-1] - log.frame["start_s"].iloc[0]
    assert lasts == step * (len(SCRIPT) - 1)


@pytest.mark.parametrize("turn", [True, False])
def test_turn_numbers_and_a_clock_over_midnight(tmp_path: Path, turn: bool) -> None:
    times = [clock((86_400 - 100 + 20 * place) % 86_400, PLAIN) for place in range(len(SCRIPT))]
    rows = [
        (f"{place},{time},{time}", *said)
        for place, (time, said) in enumerate(zip(times, SCRIPT, strict=True))
    ]
    text = table(rows, f"{'turn' if turn else 'x'},start,end,speaker,text")
    log = read(tmp_path, text, "log.csv")
    assert taken(log) == floor()
    assert meetings(log)["turns"].iloc[0] == len(floor())
    assert log.frame["start_s"].iloc[-1] - log.frame["start_s"].iloc[0] == 20.0 * (len(SCRIPT) - 1)


def test_turn_numbers_that_begin_again_keep_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [(str(1 + place % 10), *said) for place, said in enumerate(SCRIPT)]
    log = read(tmp_path, table(rows, "turn,speaker,text"), "log.csv")
    assert taken(log) == floor()
    assert "begin again at line 12" in log.notes[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: sorted(
            rows, key=lambda row: row[1]
        ),  # speaker by speaker, as annotation software exports
        lambda rows: rows[::-1],  # newest first
        lambda rows: random.Random(3).sample(rows, len(rows)),  # by something else
    ],
)
def test_rows_in_another_order_than_time_are_put_in_order_of_time(
    tmp_path: Path, change: Callable[[list[tuple[str, str, str]]], list[tuple[str, str, str]]]
) -> None:
    rows = [(str(90.0 * place), *said) for place, said in enumerate(SCRIPT)]
    log = read(tmp_path, table(change(rows)), "log.csv")
    assert taken(log) == floor()
    assert len(log.notes) == 1


def test_small_overlaps_are_sorted_and_need_no_note(tmp_path: Path) -> None:
    cues = spoken()
    for place in range(1, len(cues) - 1, 3):
        cues[place], cues[place + 1] = cues[place + 1], cues[place]
    long = (0.0, 70.0, "P4: all of this I say over the whole minute that the others take")
    log = read(tmp_path, vtt([*cues[:18], long, *cues[18:]]), "m.vtt")
    assert [who for who in taken(log) if who != "P4"] == floor()
    assert taken(log)[1] == "P4"
    assert log.notes == ()


@pytest.mark.parametrize("times", [("0", "1"), ("3", "2", "1")])
def test_a_few_rows_whose_time_is_wrong_stay_where_they_stand(tmp_path: Path, times: tuple[str, ...]) -> None:
    shown = [str(600.0 + 20.0 * place) for place in range(len(SCRIPT))]
    shown[8 : 8 + len(times)] = times
    log = read(tmp_path, at(shown), "log.csv")
    assert taken(log) == floor()
    assert "line" in log.notes[0]
    assert log.frame["start_s"].max() == 600.0 + 20.0 * (len(SCRIPT) - 1)
    assert log.frame["start_s"].isna().sum() == len(times)


def test_times_that_fall_to_nothing_and_stay_there(tmp_path: Path) -> None:
    cues = [(start if place < 10 else 0.0, end if place < 10 else end - start, text)
            for place, (start, end, text) in enumerate(spoken())]  # fmt: skip
    log = read(tmp_path, srt(cues), "m.srt")
    assert taken(log) == floor()
    assert heard(log) == words()
    assert len(log.notes) == 1


def test_meetings_of_one_table_are_ordered_each_by_itself(tmp_path: Path) -> None:
    rows = []
    for place, said in enumerate(SCRIPT):
        rows.append(("one", clock((86_300 + 20 * place) % 86_400, PLAIN), *said))
        rows.append(("two", clock(36_000 + 20 * place, PLAIN), *said))
    text = "\n".join(["meeting,time,speaker,text", *(",".join(row) for row in rows)])
    log = read(tmp_path, text, "log.csv")
    for meeting in ("one", "two"):
        assert taken(log.only([meeting])) == floor()


def test_dates_are_never_set_back(tmp_path: Path) -> None:
    stamps = [
        f"2024-05-{1 + (place > 9):02d}T{clock(36_000 + 30 * place, PLAIN)}" for place in range(len(SCRIPT))
    ]
    rows = [(stamp, *said) for stamp, said in zip(stamps, SCRIPT, strict=True)]
    log = read(tmp_path, table(rows[10:] + rows[:10]), "log.csv")
    assert taken(log) == floor()


def test_a_column_of_days_beside_one_of_clocks(tmp_path: Path) -> None:
    rows = [
        (f"2024-05-{1 + (place > 9):02d}", clock((85_800 + 60 * place) % 86_400, "{h}:{m:02d}"), *said)
        for place, said in enumerate(SCRIPT)
    ]
    text = "\n".join(["Date,Time,Author,Message", *(",".join(row) for row in rows)])
    log = read(tmp_path, text, "log.csv")
    assert taken(log) == floor()
    assert log.frame["start_s"].to_list() == [60.0 * place for place in range(len(SCRIPT))]


@pytest.mark.parametrize("size", [3, 12])
def test_files_put_one_below_the_other_with_their_heads(tmp_path: Path, size: int) -> None:
    cues = spoken()[:size], [(start + 1.0, end + 1.0, text) for start, end, text in spoken()[: 20 - size]]
    script = SCRIPT[:size] + SCRIPT[: 20 - size]
    below = [
        ("m.vtt", vtt(cues[0]) + vtt(cues[1]).replace("WEBVTT", "WEBVTT - part two\nKind: captions")),
        ("m.csv", "".join(table([(str(a), *text.split(": ")) for a, _, text in part]) for part in cues)),
    ]
    for name, text in below:
        log = read(tmp_path, text, name)
        assert heard(log) == words(script), name
        assert taken(log) == floor(script), name
        assert "new part" in log.notes[0]


@pytest.mark.parametrize("unit", [1.0, 1e3, 1e6])
def test_numbers_that_count_from_1970(tmp_path: Path, unit: float) -> None:
    rows = [(f"{(1.7e9 + 40.0 * place) * unit:.0f}", *said) for place, said in enumerate(SCRIPT)]
    log = read(tmp_path, table(rows[::-1]), "log.csv")
    assert taken(log) == floor()
    assert log.frame["start_s"].max() == pytest.approx(40.0 * (len(SCRIPT) - 1))


@pytest.mark.parametrize(
    ("head", "form"),
    [
        ("timestamp,author,content", "13/05/2024 {h}:{m:02d}"),
        ("timestamp,author,content", "5/13/2024 {h}:{m:02d} AM"),
        ("Date,Author,Content", "13-May-24 {h}:{m:02d} AM"),
        ("date,author,content", "2/3/24 {h}:{m:02d}"),
    ],
)
@pytest.mark.parametrize("last_first", [False, True])
def test_dates_as_spreadsheets_and_chats_write_them(
    tmp_path: Path, head: str, form: str, last_first: bool
) -> None:
    rows = [(clock(36_000 + 60 * place, form), *said) for place, said in enumerate(SCRIPT)]
    log = read(tmp_path, table(rows[::-1] if last_first else rows, head), "log.csv")
    assert taken(log) == floor()
    assert log.frame["start_s"].to_list() == [60.0 * place for place in range(len(SCRIPT))]


@pytest.mark.parametrize(("first", "second"), [("30/04/2024", "01/05/2024"), ("4/30/24", "5/1/24")])
def test_a_column_of_days_in_another_order(tmp_path: Path, first: str, second: str) -> None:
    rows = [
        (first if place < 10 else second, clock((85_800 + 60 * place) % 86_400, PLAIN), *said)
        for place, said in enumerate(SCRIPT)
    ]
    text = "\n".join(["Date,Time,Author,Message", *(",".join(row) for row in rows)])
    log = read(tmp_path, text, "log.csv")
    assert taken(log) == floor()
    assert log.frame["start_s"].to_list() == [60.0 * place for place in range(len(SCRIPT))]


def test_a_column_called_date_that_holds_none_is_said(tmp_path: Path) -> None:
    rows = [("on Monday", *said) for said in SCRIPT]
    log = read(tmp_path, table(rows, "date,author,content"), "log.csv")
    assert taken(log) == floor()
    assert "'date'" in log.notes[0]
