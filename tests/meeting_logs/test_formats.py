"""One conversation as plain text, as a chat and in Word: the same people, words and turns from each."""

from __future__ import annotations

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.reader import read_log
from tests.meeting_logs.scripts import SCRIPT, clock, floor, heard, read, spoken, taken, vtt, words

SHORT = "{mm}:{s:02d}"
LONG = "{h:02d}:{m:02d}:{s:02d}"
DAY = 10 * 3600.0


def lines(form: str, first: float = 0.0, time: str = SHORT, step: float = 4.0) -> str:
    return "\n".join(
        form.format(
            who=who,
            said=text,
            at=clock(first + step * place, time),
            until=clock(first + step * place + 3, time),
            half=clock((first + step * place) % 43_200, "{h}:{m:02d}:{s:02d}"),
            n=place + 1,
        )
        for place, (who, text) in enumerate(SCRIPT)
    )


TEXTS = {
    "otter": lines("{who}  {at} \n{said}\n"),
    "otter at the end": lines("{who}  {at} \n{said}\n") + "\n\nTranscribed by https://otter.ai\n",
    "teams": lines("{who}   {at}\n{said}") + "\nP2 stopped transcription\n",
    "zoom captions": lines("[{who}] {at}\n{said}\n", DAY, LONG),
    "zoom chat": lines("{at}\t From {who} to Everyone:\t{said}", DAY, LONG),
    "zoom old chat": lines("{at}\t From  {who} : {said}", DAY, LONG),
    "rev": lines("{who} ({at}):\n{said}\n", time=LONG),
    "time before a name and a colon": lines("[{at}] {who}: {said}", time=LONG),
    "bare time before a name and a colon": lines("{at} {who}: {said}", time=LONG),
    "time before a name alone": lines("{at} {who}\n{said}\n", time=LONG),
    "time after a name and a colon": lines("{who}: [{at}] {said}"),
    "time in brackets before the colon": lines("{who} [{at}]: {said}"),
    "time and dash": lines("{who} - {at}\n{said}\n"),
    "a range of times": lines("[{at} --> {until}] {who}: {said}", time=LONG),
    "whisperx": lines("[{who}]: {said}"),
    "a range and brackets": lines("[{at} --> {until}] [{who}] {said}", time=LONG),
    "meet": "Team meeting\nAttendees\nTranscript\n00:00:00\n \n" + lines("{who}: {said}") + "\n00:05:00\n",
    "by hand": lines("{who}: {said}\n"),
    "by hand with times": lines("{who}: {said} [{at}]\n", time=LONG),
    "hard wraps": "\n".join(
        f"{who}: {text[:20].rsplit(' ', 1)[0]}\n{text[:20].rsplit(' ', 1)[1]}{text[20:]}\n"
        for who, text in SCRIPT
    ),
    "whatsapp android": "12/05/2024, 13:59 - Messages are end-to-end encrypted. No one can read them.\n"
    + lines("13/05/2024, {at} - {who}: {said}", DAY, "{h:02d}:{m:02d}", 60.0),
    "whatsapp iphone": lines("\u200e[5/13/24, {half} AM] {who}: {said}", DAY),
    "discord": lines("{who} — 05/13/2024 {at}\n{said}\n", DAY, "{h}:{m:02d}", 60.0),
    "discord today": lines("{who} — Today at {at} AM\n{said}\n", DAY, "{h}:{m:02d}", 60.0),
    "slack": lines("{who}  {at} AM\n{said}\n", DAY, "{h}:{m:02d}", 60.0),
    "lower-case names": lines("{who}  {at}\n{said}\n").replace("P", "anna"),
    "bold names": lines("**{who}:** {said}\n"),
    "bold names and times": lines("**{who}** ({at}): {said}\n"),
    "numbered lines": lines("{n} {who}: {said}"),
    "a numbered list": lines("{n}. {who}: {said}"),
    "name and time on two lines": lines("{who}\n{at}\n{said}\n", time=LONG),
    "time and name on two lines": lines("{at}\n{who}\n{said}\n", time=LONG),
    "a time in words": lines("{who}\n{at} seconds\n{said}\n", time="{mm} minutes {s}"),
    "a name above its paragraph": lines("{who}\n{said}\n"),
    "phone numbers": lines("5/13/24, {at}\u202fAM - {who}: {said}", DAY, "{h}:{m:02d}", 60.0).replace(
        "P", "+44 7700 90012"
    ),
    "nicknames": lines("[{at}] <{who}> {said}", DAY, LONG),
    "telegram": lines("{who}, [13.05.2024 {at}]\n{said}\n", DAY, "{h}:{m:02d}", 60.0),
    "times in hashes": lines("{who}: {said} #{at}-5#", time=LONG),
    "times in hashes first": lines("#{at}-5# {who}: {said}", time=LONG),
    "a table without a header": lines("{who}\t\t{at}\t0.5\t{until}\t{said}", time=LONG),
    "with a title": "Steering group, 3 May\nPresent were four people\n\n" + lines("{who}  {at} \n{said}\n"),
}


@pytest.mark.parametrize("style", TEXTS)
@pytest.mark.parametrize("file", ["meeting.txt", "meeting"])
def test_plain_text(tmp_path: Path, style: str, file: str) -> None:
    log = read(tmp_path, TEXTS[style], file)
    names = {f"anna{n}": f"P{n}" for n in "123"} | {f"+44 7700 90012{n}": f"P{n}" for n in "123"}
    assert {names.get(who, who): count for who, count in heard(log).items()} == words()
    assert [names.get(who, who) for who in taken(log)] == floor()


def test_tables_without_a_header_say_what_was_taken_for_what(tmp_path: Path) -> None:
    for between in ("\t", ",", ";"):
        rows = [between.join((f"{4.0 * n}", f"{4.0 * n + 3.5}", who)) for n, (who, _) in enumerate(SCRIPT)]
        log = read(tmp_path, "\n".join(rows), "labels.txt")
        assert log.frame["end_s"].max() == 79.5
        assert taken(log) == floor()
        assert "no header" in log.notes[0]
    with pytest.raises(ConfigError, match="no column that says who spoke"):
        read(tmp_path, "\n".join(f"{who}\t{text}" for who, text in SCRIPT), "m.txt")


def test_names_that_hold_numbers_of_lines_are_asked_about(tmp_path: Path) -> None:
    text = "\n".join(["speaker,text", *(f"{n} {who},{text}" for n, (who, text) in enumerate(SCRIPT))])
    assert any("20 people speak in 20" in note for note in read(tmp_path, text, "m.csv").notes)


def test_plain_text_gives_times(tmp_path: Path) -> None:
    for style in ("otter", "rev", "zoom captions", "a range of times"):
        starts = read(tmp_path, TEXTS[style], "m.txt").frame["start_s"]
        assert (starts - starts.iloc[0]).to_list() == [4.0 * place for place in range(len(SCRIPT))]
    chat = read(tmp_path, TEXTS["whatsapp android"], "m.txt")
    assert chat.frame["start_s"].to_list() == [60.0 * place for place in range(len(SCRIPT))]
    assert any("message" in note for note in chat.notes)


def test_a_chat_over_several_days_in_either_order_of_day_and_month(tmp_path: Path) -> None:
    for form in ("{d:02d}/{m:02d}/2024", "{m}/{d}/24", "{d:02d}.{m:02d}.24", "2024-{m:02d}-{d:02d}"):
        rows = [
            f"{form.format(d=10 + place, m=5)}, 14:03 - {who}: {text}\nand more"
            for place, (who, text) in enumerate(SCRIPT[:16])
        ]
        log = read(tmp_path, "\n".join(rows), "chat.txt")
        assert list(log.frame["speaker"]) == [who for who, _ in SCRIPT[:16]]
        assert "span more than a day" in log.notes[0]


def test_a_text_with_sentences_like_headings(tmp_path: Path) -> None:
    odd = "We said 10:30 for this\nNote: the form\nAnd so it went on at 9:15"
    text = TEXTS["otter"].replace(SCRIPT[2][1], odd, 1)
    log = read(tmp_path, text, "m.txt")
    assert set(heard(log)) == set(words())
    assert log.frame["words"].iloc[2] == 15.0


def test_text_without_speakers_is_refused(tmp_path: Path) -> None:
    for text in ("just a text\nof two lines: and no more\n", "\n".join(text for _, text in SCRIPT)):
        with pytest.raises(ConfigError) as caught:
            read(tmp_path, text, "m.txt")
        assert caught.value.line == 1


def docx(path: Path, body: str) -> Path:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'
        )
    return path


def paragraph(*runs: str) -> str:
    return (
        "<w:p>"
        + "<w:br/>".join(f"<w:r><w:t xml:space='preserve'>{escape(run)}</w:t></w:r>" for run in runs)
        + "</w:p>"
    )


def cells(*texts: str) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in texts) + "</w:tr>"


@pytest.mark.parametrize(
    "body",
    [
        "".join(paragraph(f"{who}   {clock(4.0 * n, SHORT)}", text) for n, (who, text) in enumerate(SCRIPT)),
        "".join(
            paragraph(f"{clock(4.0 * n)} --> {clock(4.0 * n + 3)}", who, text)
            for n, (who, text) in enumerate(SCRIPT)
        ),
        "".join(paragraph(f"{who}: {text}") for who, text in SCRIPT),
        "<w:tbl>" + "".join(cells(f"{who}:", text) for who, text in SCRIPT) + "</w:tbl>",
        "<w:tbl>"
        + "".join(cells(clock(4.0 * n, SHORT), who, text) for n, (who, text) in enumerate(SCRIPT))
        + "</w:tbl>",
        paragraph("Transcript")
        + "".join(
            paragraph(f"{who}  {clock(4.0 * n, SHORT)}") + paragraph(text)
            for n, (who, text) in enumerate(SCRIPT)
        ),
    ],
)
def test_word_documents(tmp_path: Path, body: str) -> None:
    log = read_log(docx(tmp_path / "Meeting.docx", body))
    assert heard(log) == words()
    assert taken(log) == floor()
    assert log.meetings == ("Meeting",)


def test_word_documents_that_cannot_be_read(tmp_path: Path) -> None:
    path = docx(tmp_path / "m.docx", paragraph("no names here"))
    with pytest.raises(ConfigError, match=r"m\.docx"):
        read_log(path)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ConfigError, match=r"m\.docx"):
        read_log(path)
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><w:document xmlns:w="x"><w:body/></w:document>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", bomb)
    with pytest.raises(ConfigError, match="entities"):
        read_log(path)


def test_captions_of_older_teams_with_the_name_on_a_line_of_its_own(tmp_path: Path) -> None:
    cues = [(start, end, text.replace(": ", "\n", 1)) for start, end, text in spoken()]
    for text in (vtt(cues), vtt(cues).removeprefix("WEBVTT\n\n")):
        log = read(tmp_path, text, "m.vtt" if text.startswith("WEBVTT") else "m.txt")
        assert heard(log) == words()
        assert taken(log) == floor()
