"""WebVTT and SRT transcripts in the dialects of meeting software."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.reader import read_log

ZOOM = """WEBVTT

1
00:00:03.120 --> 00:00:05.000
Ana María López: Good morning to everybody.

2
00:00:05.500 --> 00:00:08.000
Bob Smith (he/him): There is one question: who decides?

3
00:00:08.000 --> 00:00:09.000
Ana María López: We do.
"""

TEAMS = """WEBVTT

NOTE a comment
that runs on --- two lines

3f0d2c1e-8d5b-4a43-9e0b-0f4f1a1c9c11/13-0
00:00:03.120 --> 00:00:05.000
<v Lopez, Ana>Good morning
to everybody.</v>

3f0d2c1e-8d5b-4a43-9e0b-0f4f1a1c9c11/14-0
00:00:05.500 --> 00:00:08.000 align:start position:0%
<v.loud Bob &amp; Cy>There is <b>one</b> question:
Decision: who decides?</v><v Lopez, Ana>We do.</v>
"""

MEET = """WEBVTT

00:00:08.000 --> 00:00:12.000
(Ana López)
Good morning to

00:00:12.000 --> 00:00:16.000
(Ana López)
everybody. (laughs)
-

(Bob Smith)
There is one question: who

00:00:16.000 --> 00:00:17.000
(Bob Smith)
decides?
"""

SRT = """1
00:00:03,120 --> 00:00:05,000
Ana: Good morning to everybody.

2
00:00:05,500 --> 00:00:08,000
Bob: There is one question:
Who: decides? <i>now</i>
3
01:00:08,000 --> 01:00:09,000
[Ana]: We do.
"""


def read(folder: Path, text: str, name: str = "meeting.vtt", **options: object) -> list[tuple[str, float]]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    frame = read_log(path, **options).frame  # type: ignore[arg-type]
    return list(zip(frame["speaker"], frame["words"], strict=True))


def test_zoom(tmp_path: Path) -> None:
    ana, bob = "Ana María López", "Bob Smith (he/him)"
    assert read(tmp_path, ZOOM) == [(ana, 4.0), (bob, 6.0), (ana, 2.0)]
    assert read(tmp_path, ZOOM.replace("\n", "\r\n")) == [(ana, 4.0), (bob, 6.0), (ana, 2.0)]


def test_teams(tmp_path: Path) -> None:
    told = read(tmp_path, TEAMS)
    assert told == [("Lopez, Ana", 4.0), ("Bob & Cy", 7.0), ("Lopez, Ana", 2.0)]


def test_google_meet(tmp_path: Path) -> None:
    merged = [("Ana López", 3.0), ("Ana López", 2.0), ("Bob Smith", 5.0), ("Bob Smith", 1.0)]
    assert read(tmp_path, MEET) == merged


def test_srt_and_its_times(tmp_path: Path) -> None:
    assert read(tmp_path, SRT, "meeting.srt") == [("Ana", 4.0), ("Bob", 7.0), ("Ana", 2.0)]
    frame = read_log(tmp_path / "meeting.srt").frame
    assert frame["start_s"].to_list() == [3.12, 5.5, 3608.0]
    assert frame["end_s"].to_list() == [5.0, 8.0, 3609.0]


def test_two_speakers_of_one_caption_share_its_time_by_words(tmp_path: Path) -> None:
    path = tmp_path / "m.vtt"
    path.write_text("WEBVTT\n\n00:00.000 --> 00:08.000\n<v A>one two three</v>\n<v B>four</v>\n")
    frame = read_log(path).frame
    assert frame["start_s"].to_list() == [0.0, 6.0]
    assert frame["end_s"].to_list() == [6.0, 8.0]


def test_words_before_a_colon_are_not_names(tmp_path: Path) -> None:
    text = ZOOM + "\n4\n00:00:10.000 --> 00:00:12.000\nBob Smith (he/him): Two things.\nFirstly: we agree.\n"
    assert read(tmp_path, text)[-1] == ("Bob Smith (he/him)", 5.0)
    lower = "".join(
        f"\n00:{second:02d}.000 --> 00:{second + 1:02d}.000\n{line}\n"
        for second, line in enumerate(
            ["anna22: hi there", "bob: yes but the point is: no", "anna22: ok", "bob: a"] * 3
        )
    )
    assert dict(read(tmp_path, "WEBVTT\n" + lower)).keys() == {"anna22", "bob"}


def test_roles_given_by_the_caller_also_make_names_known(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:00.000 --> 00:01.000\na.b@c.org: hello\n\n00:01.000 --> 00:02.000\nBob: hello\n"
    path = tmp_path / "m.vtt"
    path.write_text(text)
    log = read_log(path, roles={"a.b@c.org": "patient"})
    assert log.frame["role"].to_list() == ["patient", "unknown"]


def test_captions_without_a_name_are_left_out_and_counted_or_carried_on(tmp_path: Path) -> None:
    text = ZOOM + "\n00:00:10.000 --> 00:00:12.000\nsomeone unknown\n"
    path = tmp_path / "m.vtt"
    path.write_text(text)
    log = read_log(path)
    assert log.frame["words"].sum() == 12.0
    assert log.notes == ("1 of 4 captions (14 % of the words) name no speaker and are left out",)
    carried = read_log(path, unnamed="continue")
    assert carried.frame["words"].sum() == 14.0
    assert carried.notes == ("captions that name no speaker (1 of 4) go on with the speaker before",)
    path.write_text(text + "\n00:00:13.000 --> 00:00:19.000\nand a lot of further words by nobody\n")
    with pytest.raises(ConfigError, match="name no speaker; allowed: at most a fifth") as caught:
        read_log(path)
    assert caught.value.line == 15


def captions(lines: list[str]) -> str:
    return "WEBVTT\n" + "".join(
        f"\n00:{s:02d}.000 --> 00:{s + 1:02d}.000\n{x}\n" for s, x in enumerate(lines)
    )


ODD_NAMES = [
    "Ann.Smith",
    "15551234567",
    "+44 7700 900123",
    "Who?",
    "ann@uni.ac.uk",
    "Room 4.12",
    "Bob “Bobby” Lee",
    "Ann Smith - Univ of Leeds School of Med",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_what_opens_many_captions_is_a_name_however_odd(tmp_path: Path, name: str) -> None:
    said = [f"{who}: some words on this" for who in (name, "Cat", "Dan") * 4]
    told = read(tmp_path, captions(said))
    assert [who for who, _ in told] == [name, "Cat", "Dan"] * 4


@pytest.mark.parametrize("name", ODD_NAMES)
def test_what_opens_few_captions_is_named_where_it_is_left_out(tmp_path: Path, name: str) -> None:
    path = tmp_path / "m.vtt"
    path.write_text(captions([f"{name}: hi all", *["Cat: some words on this", "Dan: and so on"] * 6]))
    (note,) = read_log(path).notes
    assert "1 of 13 captions" in note
    assert f"not taken for names: {name!r}; if one is a speaker: --role" in note
    assert name in set(read_log(path, roles={name: "patient"}).frame["speaker"])
    path.write_text(captions([f"{name}: hi all of you", "Cat: some words", "Dan: and so on"]))
    with pytest.raises(ConfigError, match="at most a fifth; or --unnamed continue") as caught:
        read_log(path)
    assert f"not taken for names: {name!r}" in str(caught.value)


def test_a_name_is_one_with_and_without_invisible_letters(tmp_path: Path) -> None:
    said = captions(["Ann: a b", "Bob: c d", "Ann\u200b: e f", "\ufeffBob: g h"])
    assert [who for who, _ in read(tmp_path, said)] == ["Ann", "Bob"] * 2


def test_scripts_without_spaces_are_measured_in_seconds(tmp_path: Path) -> None:
    first = "00:00.000 --> 00:04.000\n<v 王芳>大家早上好</v>"
    text = f"WEBVTT\n\n{first}\n\n00:04.000 --> 00:06.000\n<v 李雷>早上好</v>\n"
    path = tmp_path / "m.vtt"
    path.write_text(text, encoding="utf-8")
    log = read_log(path)
    assert log.frame["words"].to_list() == [12.0, 6.0]
    assert log.estimated


@pytest.mark.parametrize(
    ("text", "name", "line", "told"),
    [
        ("hello\n", "m.vtt", 1, "must begin with the line WEBVTT"),
        ("hello\n", "m.srt", 1, "must begin with a number"),
        ("WEBVTT\n\n", "m.vtt", None, "no captions"),
        ("WEBVTT\n\n00:01 --> soon\nA: x\n", "m.vtt", 3, "a timing line that cannot be read"),
        ("WEBVTT\n\n00:01.000 --> 00:62.000\nA: x\n", "m.vtt", 3, "a timing line that cannot be read"),
        ("WEBVTT\n\n-00:01.000 --> 00:02.000\nA: x\n", "m.vtt", 3, "a timing line that cannot be read"),
        ("WEBVTT\n\n00:03.000 --> 00:02.000\nA: x\n", "m.vtt", 3, "ends before it starts"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nhello all\n", "m.vtt", 3, "no caption says who speaks"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nAnn: hello\n", "m.vtt", 3, "only 'Ann' speaks"),
    ],
)
def test_broken_transcripts(tmp_path: Path, text: str, name: str, line: int | None, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text, name)
    assert told in str(caught.value)
    assert caught.value.line == line
    assert name in str(caught.value)


def test_a_transcript_has_no_columns(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no columns to name"):
        read(tmp_path, ZOOM, columns={"speaker": "x"})
    with pytest.raises(ConfigError, match="allowed: leave_out, continue"):
        read(tmp_path, ZOOM, unnamed="guess")


def second_speakers(form: str, other: str = "P3") -> str:
    """Three people: the third speaks only as the second voice of captions that others open."""
    cues = []
    for at in range(16):
        who = "P1" if at % 2 == 0 else "P2"
        lines = [f"{who}: four words by {who}"]
        if at % 4 == 1:
            lines.append(f"{other}: and these five are mine")
        cues.append(lines)
    if form == "dashes":
        cues = [[f"- {line}" if len(lines) > 1 else line for line in lines] for lines in cues]
    if form == "one line":
        cues = [[" - ".join(lines)] for lines in cues]
    if form == "boxed":
        cues = [[f"[{line.replace(':', ']:', 1)}" for line in lines] for lines in cues]
    if form == "chevrons":
        cues = [[f">> {line}" for line in lines] for lines in cues]
    return captions(["\n".join(lines) for lines in cues])


@pytest.mark.parametrize("form", ["plain", "dashes", "boxed", "chevrons"])
@pytest.mark.parametrize("other", ["P3", "Carla", "M'BENGA"])
def test_a_second_speaker_inside_a_caption_is_somebody(tmp_path: Path, form: str, other: str) -> None:
    told = read(tmp_path, second_speakers(form, other))
    assert sum(words for who, words in told if who == other) == 4 * 5.0
    assert sum(words for who, words in told if who != other) == 16 * 4.0
    assert [who for who, _ in told[:3]] == ["P1", "P2", other]


def test_a_second_speaker_on_the_same_line(tmp_path: Path) -> None:
    lines = [
        "Ann: I would say yes. Ben: and I would not",
        "Ben: so what now",
        "Ann: who knows - Ben: nobody does",
    ]
    told = read(tmp_path, captions(lines * 3))
    assert told[:3] == [("Ann", 4.0), ("Ben", 4.0), ("Ben", 3.0)]
    assert dict(told).keys() == {"Ann", "Ben"}


def test_a_second_speaker_among_voice_tags_and_arrows_without_a_name(tmp_path: Path) -> None:
    text = "WEBVTT\n\n00:00.000 --> 00:04.000\n<v Ann>one two three</v>\nBob: four five\nNow: six\n\n"
    text += "00:04.000 --> 00:08.000\n<v Bob>seven eight nine ten</v>\n"
    assert read(tmp_path, text) == [("Ann", 3.0), ("Bob", 4.0), ("Bob", 4.0)]
    lines = ["Ann: one two three\n>> four", *["Bob: five six seven", "Ann: eight nine ten"] * 4]
    path = tmp_path / "m.vtt"
    path.write_text(captions(lines))
    log = read_log(path)
    assert log.frame["words"].sum() == 27.0
    assert "name no speaker" in log.notes[0]


def test_a_name_seen_once_inside_a_caption_is_told(tmp_path: Path) -> None:
    path = tmp_path / "m.vtt"
    path.write_text(
        captions(["Ann: one two three\nCarl: four", *["Bob: five six seven", "Ann: eight nine"] * 4])
    )
    log = read_log(path)
    assert dict(zip(log.frame["speaker"], log.frame["words"], strict=True)).keys() == {"Ann", "Bob"}
    assert "'Carl'" in log.notes[0]
    named = read_log(path, roles={"Carl": "patient"})
    assert "Carl" in set(named.frame["speaker"])


@pytest.mark.parametrize("label", ["Question", "Note", "Action", "Decision 3", "Frage", "Next steps", "NOTE"])
def test_labels_that_structure_a_text_are_no_persons(tmp_path: Path, label: str) -> None:
    lines = [
        "Ann: one two three",
        f"{label}: four five six",
        "Bob: seven eight nine",
        "ten eleven twelve",
    ] * 3
    told = read(tmp_path, captions(lines), unnamed="continue")
    assert {who for who, _ in told} == {"Ann", "Bob"}
    assert sum(words for who, words in told if who == "Ann") == 9.0 + 3.0 * (3 + len(label.split()))
    path = tmp_path / "meeting.vtt"
    assert repr(label) in read_log(path, unnamed="continue").notes[0]
    assert label in set(read_log(path, roles={label: "patient"}, unnamed="continue").frame["speaker"])


def test_names_in_brackets_after_a_dash(tmp_path: Path) -> None:
    lines = ["- [Ann] one two three", "four five", "[laughs] six", "- [Bob Lee] seven", "[applause]"] * 3
    told = read(tmp_path, captions(lines), unnamed="continue")
    assert dict(told).keys() == {"Ann", "Bob Lee"}
    assert sum(words for who, words in told if who == "Ann") == 3 * (3.0 + 2.0 + 2.0)


@pytest.mark.parametrize(
    "form", ['{n} "{who}" ({code})', "{n} {who} ({code})", '{n} "{who}"', '{n} "{who}" (host)']
)
def test_names_in_the_ids_of_captions(tmp_path: Path, form: str) -> None:
    text = "WEBVTT\n\n"
    for n in range(1, 9):
        who = ("Ann Lee", "Bob", "")[n % 3]
        text += form.format(n=n, who=who, code=1000 + n) + f"\n00:{n:02d}.000 --> 00:{n + 1:02d}.000\n"
        text += "Note: some words\n\n" if who else "w\n\n"
    told = read(tmp_path, text)
    assert {who for who, _ in told} == {"Ann Lee", "Bob"}
    assert [words for _, words in told] == [3.0] * 5


def test_sbv_captions_of_a_recording(tmp_path: Path) -> None:
    text = "0:00:01.000,0:00:04.500\nAnn: one two three\n\n0:00:05.000,0:00:08.000\nBob: four five\nsix\n"
    assert read(tmp_path, text, "m.sbv") == [("Ann", 3.0), ("Bob", 3.0)]


def test_an_arrow_inside_a_caption_is_text(tmp_path: Path) -> None:
    told = read(
        tmp_path,
        captions(["Ann: from A --> to B", "then A --> C", "Bob: yes indeed"] * 2),
        unnamed="continue",
    )
    assert told[:3] == [("Ann", 4.0), ("Ann", 3.0), ("Bob", 2.0)]


def test_a_dash_without_a_name_beside_another_is_somebody_else(tmp_path: Path) -> None:
    lines = [
        "- Ann: one two three four five six\n- yes",
        "Bob: seven eight nine ten eleven",
        "- right",
    ] * 4
    path = tmp_path / "m.vtt"
    path.write_text(captions(lines))
    log = read_log(path, unnamed="leave_out", roles={"Ann": "patient"})
    assert log.frame["words"].sum() == 4 * (6.0 + 5.0)
    assert "name no speaker" in log.notes[0]
