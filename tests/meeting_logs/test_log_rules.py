"""Units, clocks, the nameless, repeated text, pieces, spellings, columns: one rule each, in every format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.clock import read_time
from cosim.meeting_logs.nobody import is_nobody
from tests.meeting_logs.scripts import SCRIPT, clock, floor, heard, read, spoken, srt, taken, vtt, words


def rows(head: str, cells: Sequence[Sequence[object]], between: str = ",") -> str:
    return "\n".join([head, *(between.join(str(cell) for cell in row) for row in cells)]) + "\n"


def timed(scale: float = 1.0, lasts: float = 3.5) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for place, (who, text) in enumerate(SCRIPT):
        start, end = 4.0 * place * scale, (4.0 * place + lasts) * scale
        found.append((int(start), int(end), who, text) if scale > 1.0 else (start, end, who, text))
    return found


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [
        *(("83.5", 83.5), ("1:23", 83.0), ("01:23.5", 83.5), ("0:1:2", 62.0), ("0:0:0.0", 0.0)),
        *(("00:00:03,500", 3.5), ("1:02:03,5", 3723.5), ("75:30", 4530.0), ("100:00:00", 360_000.0)),
        *(("9:05:00 AM", 32_700.0), ("12:01 a.m.", 60.0), ("1:05 pm", 47_100.0), ("2 PM", 50_400.0)),
        *(("1m 20s", 80.0), ("1h02m03s", 3723.0), ("3.5s", 3.5), ("1500 ms", 1.5), ("2 min", 120.0)),
    ],
)
def test_one_clock_reads_what_logs_write(cell: str, seconds: float) -> None:
    moment = read_time(cell)
    assert moment is not None
    assert moment.seconds == pytest.approx(seconds)


@pytest.mark.parametrize(
    "cell", ["", "soon", "0:75", "1:60:00", "12-30", "inf", "nan", "1:2:3:4:5", "h", "m s"]
)
def test_what_is_no_time_is_none(cell: str) -> None:
    assert read_time(cell) is None


@pytest.mark.parametrize(
    ("form", "file"),
    [
        ("{h}:{m}:{s}.{ms:03d}", "teams.vtt"),
        ("{h:02d}:{m:02d}:{s:02d}", "plain.srt"),
        ("{mm}:{s:02d}", "short.vtt"),
        ("{mm:02d}:{s:02d}.{ms:03d}", "minutes.vtt"),
        ("{h:02d}:{m:02d}:{s:02d},{ms:03d}", "usual.srt"),
    ],
)
def test_captions_with_every_kind_of_clock(tmp_path: Path, form: str, file: str) -> None:
    log = read(tmp_path, vtt(spoken(), form), file)
    assert heard(log) == words()
    assert taken(log) == floor()
    assert log.frame["start_s"].to_list() == [4.0 * place for place in range(len(SCRIPT))]
    assert log.notes == ()


@pytest.mark.parametrize(("frame", "rate"), [(12, 25), (24, 25), (29, 30), (49, 50)])
@pytest.mark.parametrize("mark", [":", ";"])
def test_times_with_frames(tmp_path: Path, frame: int, rate: int, mark: str) -> None:
    cells = [
        (f"{clock(4.0 * place, '{h:02d}:{m:02d}:{s:02d}')}{mark}{frame if place == 3 else 12:02d}",
         f"{clock(4.0 * place + 3, '{h:02d}:{m:02d}:{s:02d}')}{mark}20", who, text)
        for place, (who, text) in enumerate(SCRIPT)
    ]  # fmt: skip
    log = read(tmp_path, rows("Start Time,End Time,Speaker Name,Text", cells), "log.csv")
    assert log.frame["start_s"].iloc[3] == pytest.approx(12.0 + frame / rate)
    assert log.frame["end_s"].iloc[3] == pytest.approx(15.0 + 20 / rate)
    assert taken(log) == floor()
    assert str(rate) in log.notes[0]


@pytest.mark.parametrize("head", ["start,end,speaker,text", "onset,offset,name,transcription"])
def test_milliseconds_are_seen_by_the_pace_and_said(tmp_path: Path, head: str) -> None:
    log = read(tmp_path, rows(head, timed(1000.0)), "log.csv")
    assert log.frame["end_s"].max() == pytest.approx(4.0 * 19 + 3.5)
    assert "milliseconds" in log.notes[0]
    assert taken(log) == floor()
    kept = read(tmp_path, rows(head, timed(1000.0)), "log.csv", unit="seconds")
    assert kept.frame["end_s"].max() == pytest.approx(1000.0 * (4.0 * 19 + 3.5))


@pytest.mark.parametrize(
    "head",
    [
        *("start_ms,end_ms,speaker,text", "Start (ms),End (ms),Speaker,Text"),
        "Begin Time - msec,End Time - msec,Tier,Annotation",
    ],
)
def test_a_column_that_names_milliseconds_is_believed(tmp_path: Path, head: str) -> None:
    log = read(tmp_path, rows(head, timed(1000.0)), "log.csv")
    assert log.frame["end_s"].max() == pytest.approx(79.5)
    assert not any("milliseconds" in note for note in log.notes)


def test_milliseconds_without_words_and_with_turns_of_minutes(tmp_path: Path) -> None:
    cells = [(100_000 * place, 100_000 * place + 95_000, who) for place, (who, _) in enumerate(SCRIPT)]
    log = read(tmp_path, rows("start,end,speaker", cells), "log.csv")
    assert log.frame["end_s"].max() == pytest.approx(1995.0)
    assert heard(log) == {who: 95.0 * 3.0 * [name for name, _ in SCRIPT].count(who) for who in words()}


def test_durations_in_milliseconds(tmp_path: Path) -> None:
    cells = [(3500, who, text) for who, text in SCRIPT]
    log = read(tmp_path, rows("duration,speaker,text", cells), "log.csv")
    assert "milliseconds" in log.notes[0]


@pytest.mark.parametrize("scale", [1.0, 60.0])
def test_a_pace_that_nobody_has_is_asked_about(tmp_path: Path, scale: float) -> None:
    cells = [(4.0 * at / 60.0, (4.0 * at + 3.5) / 60.0, who, text) for at, (who, text) in enumerate(SCRIPT)]
    log = read(tmp_path, rows("start,end,speaker,text", cells), "log.csv")
    assert "--unit minutes" in log.notes[0]
    assert taken(log) == floor()
    assert log.frame["start_s"].isna().all(), "no minutes that cannot be right"
    told = read(tmp_path, rows("start,end,speaker,text", cells), "log.csv", unit="minutes")
    assert told.frame["end_s"].max() == pytest.approx(79.5)
    assert told.notes == ()


def test_a_usual_pace_is_not_asked_about(tmp_path: Path) -> None:
    for lasts in (3.5, 2.0):
        assert read(tmp_path, rows("start,end,speaker,text", timed(lasts=lasts)), "log.csv").notes == ()


NOBODY = [
    *("nan", "None", "-", "Unknown", "Unknown Speaker", "", "N/A", "NULL", "?", "unidentified", "Speaker"),
    *("[unknown]", "Unbekannt", "inconnu", "--", "Multiple Speakers", "NaN", "undefined"),
]


@pytest.mark.parametrize("name", NOBODY)
def test_nobody_is_nobody_in_every_format(tmp_path: Path, name: str) -> None:
    script = [("" if place in (6, 13) else who, text) for place, (who, text) in enumerate(SCRIPT)]
    named = tuple((who, text) for who, text in script if who)
    cells = [(4.0 * at, who or name, text) for at, (who, text) in enumerate(script)]
    cues = [
        (4.0 * at, 4.0 * at + 3.5, f"<v {who or name}>{text}</v>") for at, (who, text) in enumerate(script)
    ]
    files = [(rows("start,speaker,text", cells), "log.csv"), (vtt(cues), "log.vtt")]
    if name:
        prefixed = [
            (a, b, f"{who or name}: {text}") for (a, b, _), (who, text) in zip(cues, script, strict=True)
        ]
        files.append((srt(prefixed), "log.srt"))
    for text, file in files:
        log = read(tmp_path, text, file)
        assert heard(log) == words(named), file
        assert "name no speaker" in log.notes[0]
        carried = read(tmp_path, text, file, unnamed="continue")
        assert sum(heard(carried).values()) == sum(words().values()), file
        assert set(heard(carried)) == set(words())


@pytest.mark.parametrize(
    "name",
    ["Speaker 1", "Unknown Speaker 2", "Nan Goldin", "Participant", "P1", "Nana", "A", "李", "👩‍🔬", "7"],
)
def test_somebody_is_somebody(name: str) -> None:
    assert not is_nobody(name)


def test_a_role_makes_somebody_of_a_name_that_says_nobody(tmp_path: Path) -> None:
    cells = [("Unknown" if who == "P3" else who, text) for who, text in SCRIPT]
    log = read(tmp_path, rows("speaker,text", cells), "log.csv", roles={"Unknown": "patient"})
    assert set(heard(log)) == {"P1", "P2", "Unknown"}


def test_too_much_without_a_name_is_refused_in_a_table_too(tmp_path: Path) -> None:
    cells = [("nan" if who == "P1" else who, text) for who, text in SCRIPT]
    with pytest.raises(ConfigError, match="name no speaker") as caught:
        read(tmp_path, rows("speaker,text", cells), "log.csv")
    assert caught.value.line == 2


def highlighted(form: str) -> list[tuple[float, float, str]]:
    cues = []
    for at, (who, text) in enumerate(SCRIPT):
        said = text.split()
        for place in range(len(said)):
            marked = [
                f"<u>{word}</u>" if form == "highlight" and i == place else word
                for i, word in enumerate(said)
            ]
            shown = said[: place + 1] if form == "growing" else marked
            begin, step = 4.0 * at, 3.5 / len(said)
            cues.append((begin + step * place, begin + step * (place + 1), f"{who}: {' '.join(shown)}"))
    return cues


def rolling(size: int) -> list[tuple[float, float, str]]:
    cues = []
    for at, (who, text) in enumerate(SCRIPT):
        said = text.split()
        lines = [said[i : i + size] for i in range(0, len(said), size)]
        step = 3.5 / len(lines)
        for place in range(len(lines)):
            shown = " ".join(" ".join(line) for line in lines[max(0, place - 1) : place + 1])
            begin = 4.0 * at + step * place
            cues.append((begin, begin + step, f"{who}: {shown}"))
    return cues


@pytest.mark.parametrize("cues", [highlighted("highlight"), highlighted("growing"), rolling(3), rolling(4)])
@pytest.mark.parametrize("file", ["log.srt", "log.vtt", "log.csv"])
def test_captions_that_repeat_are_counted_once(
    tmp_path: Path, cues: list[tuple[float, float, str]], file: str
) -> None:
    if file == "log.csv":
        plain = [(a, b, *text.replace("<u>", "").replace("</u>", "").split(": ")) for a, b, text in cues]
        text = rows("start,end,speaker,text", plain)
    else:
        text = (srt if file == "log.srt" else vtt)(cues)
    log = read(tmp_path, text, file)
    assert heard(log) == words()
    assert taken(log) == floor()
    assert "counted once" in log.notes[0]
    assert log.frame["end_s"].max() == pytest.approx(79.5)


def test_people_who_say_things_twice_are_counted_twice(tmp_path: Path) -> None:
    script = tuple((who, f"{text} {text}" if at % 4 else text) for at, (who, text) in enumerate(SCRIPT))
    cells = [(4.0 * at, 4.0 * at + 3.5, *said) for at, said in enumerate(script)]
    again = [(a + 0.5, b + 0.4, who, text) for a, b, who, text in cells[3:5]]
    log = read(tmp_path, rows("start,end,speaker,text", [*cells, *again]), "log.csv")
    assert sum(heard(log).values()) == sum(words(script).values()) + sum(len(row[3].split()) for row in again)


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("file", ["log.csv", "log.srt", "no times.csv"])
def test_a_row_for_every_word_gives_the_turns_that_they_make(tmp_path: Path, size: int, file: str) -> None:
    cues = []
    for at, (who, text) in enumerate(SCRIPT):
        said = text.split()
        pieces = [" ".join(said[i : i + size]) for i in range(0, len(said), size)]
        step = 3.5 / len(pieces)
        cues += [
            (4.0 * at + step * i, 4.0 * at + step * (i + 1) - 0.05, f"{who}: {piece}")
            for i, piece in enumerate(pieces)
        ]
    cells = [(a, b, *text.split(": ")) for a, b, text in cues]
    text = {
        "log.csv": rows("start,end,speaker,text", cells),
        "log.srt": srt(cues),
        "no times.csv": rows("speaker,text", [cell[2:] for cell in cells]),
    }[file]
    log = read(tmp_path, text, file)
    assert heard(log) == words()
    assert taken(log) == floor()
    assert "joined" in log.notes[-1]


def test_words_of_two_people_at_once_are_joined_by_speaker(tmp_path: Path) -> None:
    cells = []
    for at in range(12):
        cells.append((0.4 * at, 0.4 * at + 0.3, "Ann", "word"))
        if 3 <= at < 9:
            cells.append((0.4 * at + 0.2, 0.4 * at + 0.35, "Ben", "other"))
    cells += [(20.0 + 0.4 * at, 20.3 + 0.4 * at, "Ben", "more") for at in range(5)]
    log = read(tmp_path, rows("start,end,speaker,text", cells), "log.csv")
    assert heard(log) == {"Ann": 12.0, "Ben": 11.0}
    assert log.frame["words"].to_list() == [12.0, 6.0, 5.0]


def test_back_channels_between_turns_stay_apart(tmp_path: Path) -> None:
    cells = []
    for at, (who, text) in enumerate(SCRIPT):
        cells += [(4.0 * at, 4.0 * at + 3.0, who, text), (4.0 * at + 3.2, 4.0 * at + 3.5, "P9", "mm-hmm")]
    log = read(tmp_path, rows("start,end,speaker,text", cells), "log.csv")
    assert log.notes == ()
    assert taken(log) == floor()
    assert heard(log)["P9"] == 20.0


@pytest.mark.parametrize(
    "variant", ["P1 (she/her)", "P1 - Host", "P1 (Host)", "P1 (Host, me)", "P1 [they/them]", "P1 (Guest)"]
)
def test_what_software_adds_to_a_name_makes_no_other_person(tmp_path: Path, variant: str) -> None:
    cells = [(variant if at == 4 else who, text) for at, (who, text) in enumerate(SCRIPT)]
    for file in ("log.csv", "log.vtt"):
        cues = [(4.0 * at, 4.0 * at + 3.5, f"<v {who}>{text}</v>") for at, (who, text) in enumerate(cells)]
        log = read(
            tmp_path,
            rows("speaker,text", [(f'"{a}"', b) for a, b in cells]) if file == "log.csv" else vtt(cues),
            file,
        )
        assert heard(log) == words()
        assert log.notes == (f"{variant!r} is counted as 'P1'",)


def test_two_people_stay_two_and_may_be_told_so(tmp_path: Path) -> None:
    names = ["Ann (Leeds)", "Ann (York)", "Lee, Ann", "Ann Lee", "José", "Jose"]
    log = read(tmp_path, rows("speaker;text", [(name, "some words here") for name in names], ";"), "log.csv")
    assert len(heard(log)) == 6
    assert log.notes == (
        "'Lee, Ann' and 'Ann Lee' are counted as two people",
        "'José' and 'Jose' are counted as two people",
    )


@pytest.mark.parametrize(
    "head",
    [
        *("speaker,start_time,end_time,transcription,translation", "Tier,Onset,Offset,Annotation,x"),
        *("author,date,end,content,id2", "Speaker Label,Start Time,End Time,Transcript,Language"),
        *(
            "Sprecher,Beginn,Ende,Text,Anmerkungen",
            "Intervenant,Début,Fin,Texte,x",
            "Hablante,Inicio,Fin,Texto,x",
        ),
        *("speaker,offset,x,value,y", "Spreker,Begin,Eind,Tekst,x", "Locuteur,debut,fin,transcription,x"),
    ],
)
def test_columns_by_the_names_that_others_give_them(tmp_path: Path, head: str) -> None:
    cells = [
        (who, 4.0 * at, 4.0 * at + 3.5, text, "and none of these words")
        for at, (who, text) in enumerate(SCRIPT)
    ]
    for between in (",", ";", "\t"):
        log = read(tmp_path, rows(head.replace(",", between), cells, between), "log.csv")
        assert heard(log) == words()
        assert taken(log) == floor()
        assert not log.estimated
        assert log.frame["start_s"].iloc[-1] == 76.0


def test_a_column_that_could_be_text_is_named_before_words_are_estimated(tmp_path: Path) -> None:
    cells = [(who, 4.0 * at, 4.0 * at + 3.5, text) for at, (who, text) in enumerate(SCRIPT)]
    log = read(tmp_path, rows("speaker,start,end,Spoken bit", cells), "log.csv")
    assert log.estimated
    assert any("--column 'text=Spoken bit'" in note for note in log.notes)


@pytest.mark.parametrize("broken", ["00:00:28,000 --> 00:00:27,000", "00:00:xx,000 --> 00:00:31,000", "-->"])
def test_one_broken_caption_is_left_out_and_many_are_refused(tmp_path: Path, broken: str) -> None:
    whole = srt(spoken())
    one = whole.replace("00:00:28,000 --> 00:00:31,500", broken)
    log = read(tmp_path, one, "log.srt")
    assert heard(log) == words(tuple(said for at, said in enumerate(SCRIPT) if at != 7))
    assert "1 of 20 captions" in log.notes[0]
    many = one.replace("00:00:04,000 -->", "00:00:4x -->").replace("00:00:08,000 -->", "00:08:99 -->")
    many = many.replace("00:00:40,000 --> 00:00:43,500", "00:00:40,000 --> 00:00:03,500")
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, many, "log.srt")
    assert caught.value.line == 6


def test_one_row_with_a_broken_time_is_left_out_and_many_are_refused(tmp_path: Path) -> None:
    cells = timed()
    cells[7] = (28.0, 27.0, *cells[7][2:])
    log = read(tmp_path, rows("start,end,speaker,text", cells), "log.csv")
    assert len(log.frame) == 19
    assert "line 9" in log.notes[0]
    for at in (8, 9, 10):
        cells[at] = ("soon", *cells[at][1:])
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, rows("start,end,speaker,text", cells), "log.csv")
    assert caught.value.line == 9


def test_a_table_in_a_script_without_spaces_is_counted_in_letters(tmp_path: Path) -> None:
    text = rows("speaker,text", [("王芳", "大家早上好今天"), ("李雷", "早上好")] * 4)
    log = read(tmp_path, text, "log.csv")
    assert heard(log) == {"王芳": 20.0, "李雷": 8.0}
    assert "letters" in log.notes[0]


@pytest.mark.parametrize(("unit", "name"), [(1e6, "microseconds"), (1e7, "ticks"), (1e9, "nanoseconds")])
def test_smaller_units_than_milliseconds(tmp_path: Path, unit: float, name: str) -> None:
    log = read(tmp_path, rows("start,end,speaker,text", timed(unit)), "log.csv")
    assert log.frame["end_s"].max() == pytest.approx(79.5)
    assert taken(log) == floor()
    assert name in log.notes[0]
