"""Turn logs as tables: what is read, under which names, and what is refused, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.reader import read_log
from cosim.meeting_logs.turn_log import NO_ROLE
from cosim.observation.observation import observe

HEAD = "meeting,turn,speaker,role,words,start_s,end_s\n"
TWO = "m1,1,Ann,patient,10,0,4\nm1,2,Bob,researcher,20,4,9\n"


def write(folder: Path, text: str | bytes, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folder: Path, text: str | bytes, name: str = "log.csv", **options: object) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read_log(write(folder, text, name), **options)  # type: ignore[arg-type]
    assert caught.value.file is not None, "the message names the file"
    assert name in str(caught.value)
    return caught.value


def test_reads_the_canonical_columns(tmp_path: Path) -> None:
    log = read_log(write(tmp_path, HEAD + TWO))
    assert list(log.frame.columns) == ["meeting", "turn", "speaker", "role", "words", "start_s", "end_s"]
    assert log.frame.iloc[1].to_list() == ["m1", 2, "Bob", "researcher", 20.0, 4.0, 9.0]
    assert (log.estimated, log.tally, log.notes, log.meetings) == (False, False, (), ("m1",))


@pytest.mark.parametrize(
    "text",
    [
        "Speaker Name;Word Count\nAnn;10\nBob;20\n",
        "participant\tn_words\nAnn\t10\nBob\t20\n",
        "Name|Words\nAnn|10\nBob|20\n",
        "sep=;\nspeaker;words\nAnn;10\nBob;20\n",
        '\n"speaker","words"\n\n"Ann","10"\n"Bob","20.0"\n\n',
        "speaker,words\r\nAnn,10\r\nBob,20\r\n",
        "speaker,words\rAnn,10\rBob,20\r",
        "speaker,words,,\nAnn,10,,\nBob,20,,\n",
        'who,text\nAnn,a b c d e f g h i j\nBob,"1 2, 3 4 5 6 7 8 9 10 mm-hmm - don\'t a b c d e f g h."\n',
        "\ufeffspeaker,words\nAnn,10\nBob,20\n",
        "\ufeffspeaker\twords\nAnn\t10\nBob\t20\n".encode("utf-16-le"),
        "\ufeffspeaker\twords\nAnn\t10\nBob\t20\n".encode("utf-16-be"),
    ],
)
def test_usual_names_delimiters_line_ends_and_encodings_say_the_same(
    tmp_path: Path, text: str | bytes
) -> None:
    log = read_log(write(tmp_path, text, "team meeting.csv"))
    assert log.frame["speaker"].to_list() == ["Ann", "Bob"]
    assert log.frame["words"].to_list() == [10.0, 20.0]
    assert log.meetings == ("team meeting",), "one file without a meeting column is one meeting"
    assert set(log.frame["role"]) == {NO_ROLE}


def test_cp1252_is_read_when_it_is_named_and_explained_when_it_is_not(tmp_path: Path) -> None:
    text = "speaker,words\nAnn,10\nJosé,20\n".encode("cp1252")
    error = refused(tmp_path, text)
    assert error.line == 3
    assert "UTF-8" in str(error)
    assert "cp1252" in str(error)
    log = read_log(write(tmp_path, text), encoding="cp1252")
    assert log.frame["speaker"].to_list() == ["Ann", "José"]


def test_times_as_clock_or_decimal_comma(tmp_path: Path) -> None:
    clock = read_log(write(tmp_path, "speaker,start,end\nAnn,0:00,0:04.5\nBob,1:00:04,1:00:10\n"))
    assert clock.frame["end_s"].to_list() == [4.5, 3610.0]
    comma = read_log(write(tmp_path, "speaker;start;end\nAnn;0;4,5\nBob;4,5;6\n"))
    assert comma.frame["end_s"].to_list() == [4.5, 6.0]


@pytest.mark.parametrize(
    ("first", "second", "minutes"),
    [
        ("2024-05-01 09:00:00", "2024-05-01 09:30:30", 30.5),
        ("2024-05-01T23:50:00Z", "2024-05-02T00:10:00Z", 20.0),
        ("2024-05-01T09:00:00+02:00", "2024-05-01T08:15:00+01:00", 15.0),
        ("09:00:00 AM", "1:05:30 pm", 245.5),
        ("12:10 a.m.", "12:20 p.m.", 730.0),
    ],
)
def test_times_of_day_and_dates(tmp_path: Path, first: str, second: str, minutes: float) -> None:
    rows = f"m,{second},B,good bye\nm,{first},A,hello there my friend\n"
    rows += "n,1999-01-01 00:00,A,x\nn,1999-01-01,B,y\n"
    log = read_log(write(tmp_path, f"meeting,Timestamp,Speaker,Text\n{rows}"))
    assert log.frame["speaker"].to_list() == ["A", "B", "A", "B"]
    assert log.frame["words"].to_list() == [4.0, 2.0, 1.0, 1.0]
    times = log.frame["start_s"].to_list()
    assert times[1] - times[0] == pytest.approx(60.0 * minutes)
    assert times[2:] == [0.0, 0.0]


def test_a_time_that_cannot_be_read_is_told_with_the_files_own_column(tmp_path: Path) -> None:
    error = refused(tmp_path, "Timestamp,Speaker,Text\n5/1/24 9h,A,hello there\n")
    assert error.line == 2
    assert "start_s (column 'Timestamp'): this is not a time that can be read (found '5/1/24 9h')" in str(
        error
    )
    assert "allowed: seconds (83.5), a clock" in str(error)
    assert "words (column 'Wort-Count')" in str(
        refused(tmp_path, "Who,Wort-Count\nA,x\n", columns={"words": "Wort-Count"})
    )


@pytest.mark.parametrize("name", ["log.csv", "log.tsv", "log.txt", "log"])
def test_an_arrow_in_a_text_makes_no_transcript(tmp_path: Path, name: str) -> None:
    text = "speaker\ttext\nAnn\tfirst this --> then that\nBob\tyes\n"
    assert read_log(write(tmp_path, text, name)).frame["words"].to_list() == [4.0, 1.0]


def test_seconds_become_words_at_the_stated_pace(tmp_path: Path) -> None:
    text = "speaker,start_s,end_s\nAnn,0,10\nBob,10,12\n"
    log = read_log(write(tmp_path, text))
    assert log.frame["words"].to_list() == [30.0, 6.0]
    assert log.estimated
    assert "estimated at 3 a second" in log.notes[0]
    assert read_log(write(tmp_path, text), words_per_second=2.0).frame["words"].to_list() == [20.0, 4.0]
    speech = "speaker,start_s,end_s,speech_s\nAnn,0,10,5\nBob,10,12,2\n"
    assert read_log(write(tmp_path, speech)).frame["words"].to_list() == [15.0, 6.0]


def test_order_is_by_turn_number_else_by_start_else_as_written(tmp_path: Path) -> None:
    def order(text: str) -> list[str]:
        return read_log(write(tmp_path, text)).frame["speaker"].to_list()

    assert order("turn,speaker,words\n3,C,1\n1,A,1\n2,B,1\n") == ["A", "B", "C"]
    assert order("speaker,words,start\nC,1,9\nA,1,1\nB,1,5\n") == ["A", "B", "C"]
    assert order("speaker,words\nC,1\nA,1\nB,1\n") == ["C", "A", "B"]
    mixed = "meeting,turn,speaker,words\nm2,1,A,1\nm1,1,C,1\nm2,2,B,1\nm1,2,D,1\n"
    assert order(mixed) == ["A", "B", "C", "D"], "meetings in the order in which they first occur"


def test_totals_per_person_are_a_tally(tmp_path: Path) -> None:
    log = read_log(write(tmp_path, "meeting,speaker,messages,words\nm,Ann,3,40\nm,Bob,1,5\n"))
    assert log.tally
    assert log.frame["turns"].to_list() == [3.0, 1.0]
    with pytest.raises(ConfigError, match="needs the order of turns"):
        log.require_order("this")


def test_columns_and_roles_can_be_named_by_the_caller(tmp_path: Path) -> None:
    path = write(tmp_path, "Kürzel,Anzahl\nAnn,10\n Bob  Lee,20\n")
    log = read_log(path, columns={"speaker": "Kürzel", "words": "anzahl"}, roles={"Bob Lee": "patient"})
    assert log.frame[["speaker", "role"]].to_numpy().tolist() == [["Ann", NO_ROLE], ["Bob Lee", "patient"]]
    with pytest.raises(ConfigError, match="did you mean 'Kürzel'"):
        read_log(path, columns={"speaker": "Kurzel", "words": "Anzahl"})
    with pytest.raises(ConfigError, match="did you mean 'words'"):
        read_log(path, columns={"word": "Anzahl"})
    with pytest.raises(ConfigError, match=r"--role: .*'Bob Le'.*did you mean 'Bob Lee'"):
        read_log(path, columns={"speaker": "Kürzel", "words": "Anzahl"}, roles={"Bob Le": "patient"})


def test_names_that_differ_in_case_only_are_told(tmp_path: Path) -> None:
    log = read_log(write(tmp_path, "speaker,words\nAnn,10\nANN,20\n"))
    assert log.notes == ("'Ann' and 'ANN' are counted as two people",)


@pytest.mark.parametrize(
    ("rows", "line", "told"),
    [
        ("m1,3,Ann,patient,-1,9,10\n", 4, "words: a number of words must lie between 0"),
        ("m1,3,Ann,patient,1.5,9,10\n", 4, "words: must be a whole number"),
        ("m1,3,Ann,patient,ten,9,10\n", 4, "words: must be a whole number"),
        ("m1,3,Ann,patient,1e400,9,10\n", 4, "words: must be a whole number"),
        ("m1,3,Ann,patient,99999999,9,10\n", 4, "words: a number of words must lie between 0"),
        ("m1,3,Ann,patient,,9,10\n", 4, "words: this line has no number of words"),
        ("m1,3,Ann,patient,3,-9,10\n", 4, "start_s: a time cannot be negative"),
        ("m1,3,Ann,patient,3,9,8\n", 4, "end_s: the turn ends before it starts"),
        ("m1,3,Ann,patient,3,soon,8\n", 4, "start_s: this is not a time that can be read"),
        ("m1,3,Ann,patient,3,nan,inf\n", 4, "end_s: this is not a time that can be read"),
        ("m1,3,Ann,patient,3,9,1e308\n", 4, "end_s: nobody holds the floor for more than a day"),
        ("m1,3,,patient,30,9,10\n", 4, "1 of 3 rows (50 % of the words) name no speaker"),
        ("m1,3,\u200b\ufeff,patient,30,9,10\n", 4, "1 of 3 rows (50 % of the words) name no speaker"),
        (",3,Ann,patient,3,9,10\n", 4, "meeting: this cell is empty"),
        ("m1,,Ann,patient,3,9,10\n", 4, "turn: this cell is empty"),
        ("m1,2,Ann,patient,3,9,10\n", 4, "turn: this turn has the same number as line 3"),
        ("m1,3,Ann,nurse,3,9,10\n", 4, "role: 'Ann' has another role on line 2 ('patient')"),
        ("m1,3,Ann,patient,3,9\n", 4, "this row has 6 cells, the header has 7"),
        ("m1,3,Ann,patient,3,9,10,11\n", 4, "this row has 8 cells, the header has 7"),
        ("\n\nm2,1,Cy,patient,3,9,10\n", 6, "only 'Cy' speaks in the meeting 'm2'"),
        ('m1,3,"Ann,patient,3,9,10\nm1,4,Bob,researcher,3,9,10\n', 4, "a quotation mark is opened here"),
    ],
)
def test_broken_rows_are_refused_with_file_and_line(tmp_path: Path, rows: str, line: int, told: str) -> None:
    error = refused(tmp_path, HEAD + TWO + rows)
    assert error.line == line
    assert told in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "speaker,words\nA,0\nB,0\n",
        "speaker,start,end\nA,1,1\nB,2,2\n",
        "speaker,text\nA,...\nB,?\n",
        "speaker,words,messages\nA,0,0\nB,0,0\n",
        "meeting,speaker,words\nm1,A,0\nm1,B,0\nm2,A,0\n",
    ],
)
def test_a_log_in_which_nobody_says_anything_is_refused(tmp_path: Path, text: str) -> None:
    error = refused(tmp_path, text)
    assert error.line == 2
    assert "nobody says anything in the meeting" in str(error)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("speaker,words\nA,0\nB,5\nA,0\n", 2),
        ("meeting,speaker,words\nm1,A,5\nm1,B,6\nm2,A,0\nm2,B,5\n", 4),
        ("speaker,words,messages\nA,0,0\nB,5,2\n", 2),
    ],
)
def test_one_who_speaks_beside_others_who_say_nothing_is_alone(tmp_path: Path, text: str, line: int) -> None:
    error = refused(tmp_path, text)
    assert error.line == line
    assert "only 'B' speaks in the meeting" in str(error)


@pytest.mark.parametrize("tally", [False, True])
def test_a_meeting_in_which_nobody_says_anything_is_left_out_with_a_note(tmp_path: Path, tally: bool) -> None:
    end = ",0" if tally else ""
    rows = [f"m1,A,5{end}", f"m2,A,0{end}", f"m1,B,6{end}", f"m2,B,0{end}"]
    text = "\n".join([f"meeting,speaker,words{',messages' if tally else ''}", *rows])
    log = read_log(write(tmp_path, text))
    assert log.tally == tally
    assert log.meetings == ("m1",)
    assert log.frame["turn"].to_list() == [1, 2]
    assert log.notes == ("meetings in which nobody says anything are left out: 'm2'",)
    assert observe(log, draws=10).meetings["meeting"].to_list() == ["m1"]


@pytest.mark.parametrize("name", ["\ufeffAnn", "Ann\u200b", "A\x1bnn", " Ann\u200d", "Ann\ufffe"])
def test_invisible_characters_are_no_part_of_a_name(tmp_path: Path, name: str) -> None:
    log = read_log(write(tmp_path, f"speaker,words\nAnn,10\n{name},20\nBob,5\n"))
    assert set(log.frame["speaker"]) == {"Ann", "Bob"}


@pytest.mark.parametrize("name", ["می\u200cخواهم", "👩\u200d🔬 Ann", "Zoë"])
def test_characters_that_join_others_stay_in_a_name(tmp_path: Path, name: str) -> None:
    log = read_log(write(tmp_path, f"speaker,words\n{name},20\nBob,5\n"))
    assert log.frame["speaker"].iloc[0] == name


@pytest.mark.parametrize("turns", ["-5", "-1"])
def test_a_negative_number_of_turns_is_refused(tmp_path: Path, turns: str) -> None:
    error = refused(tmp_path, f"speaker,words,messages\nA,50,{turns}\nB,60,7\n")
    assert error.line == 2
    assert f"turns: not a number of turns (found {turns}.0); allowed: 0 or more" in str(error)


def test_times_that_span_more_than_a_day_give_the_order_and_nothing_else(tmp_path: Path) -> None:
    text = "meeting,speaker,words,start\nm,Bob,4,9e7\nm,Ann,3,5\nn,Ann,1,2\nn,Bob,1,1e4\n"
    log = read_log(write(tmp_path, text))
    assert log.frame["speaker"].to_list() == ["Ann", "Bob", "Ann", "Bob"]
    assert log.frame["start_s"].isna().to_list() == [True, True, False, False]
    assert "the times of the meeting 'm' span more than a day" in log.notes[0]
    error = refused(tmp_path, "speaker,start,end\nAnn,0,4000\nBob,90000000,90005000\n")
    assert error.line == 2
    assert "are they in milliseconds?" in str(error)


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("meeting,turn,words", "speaker: there is no column that says who spoke"),
        ("meeting,speaker,start_s", "words: there is no column that says how much was said"),
        ("speaker,participant,words", "'speaker' and"),
        ("name,participant,words", "the columns 'name' and 'participant' could each be the speaker"),
        ("speaker,words,Words", "stands twice"),
        ("spaeker,words", "did you mean 'spaeker'"),
        ("turn,speeker,words", "did you mean 'speeker'"),
        ("turn,words", "speaker, speaker_id"),
    ],
)
def test_headers_that_say_too_little_or_too_much(tmp_path: Path, header: str, told: str) -> None:
    row = ",".join("1" for _ in header.split(","))
    if header.startswith("speaker,participant"):  # the exact name goes before its other names
        assert len(read_log(write(tmp_path, f"{header}\nA,x,1\nB,y,1\n")).frame) == 2
        return
    error = refused(tmp_path, f"{header}\n{row}\n{row}\n")
    assert told in str(error)
    assert error.line == 1


def test_words_on_some_lines_only_are_refused(tmp_path: Path) -> None:
    error = refused(tmp_path, "speaker,words,start,end\nAnn,,0,3\nBob,4,3,6\n")
    assert error.line == 3
    assert "lines above it have none" in str(error)
