"""One conversation in the formats of speech research: RTTM, ELAN, CHAT and Praat."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.reader import read_log
from tests.meeting_logs.scripts import SCRIPT, floor, heard, read, taken, words


def rttm() -> str:
    return "".join(
        f"SPEAKER m1 1 {4.0 * n:.3f} 3.500 <NA> <NA> {who} <NA> <NA>\n" for n, (who, _) in enumerate(SCRIPT)
    )


def test_rttm(tmp_path: Path) -> None:
    text = ";; a comment\nSPKR-INFO m1 1 <NA> <NA> <NA> unknown P1 <NA> <NA>\n" + rttm()
    log = read(tmp_path, text, "m.rttm")
    assert log.estimated
    assert heard(log) == {who: 10.5 * [name for name, _ in SCRIPT].count(who) for who in words()}
    assert taken(log) == floor()
    two = read(tmp_path, rttm() + rttm().replace(" m1 ", " m2 "), "m.txt")
    assert two.meetings == ("m1", "m2")
    for bad, line in (("SPEAKER m1 1 0.0\n", 21), ("hello there\n", 21)):
        with pytest.raises(ConfigError) as caught:
            read(tmp_path, rttm() + bad, "m.rttm")
        assert caught.value.line == line


def eaf(participants: bool = True, children: str = "") -> str:
    slots, tiers = [], []
    for place, who in enumerate(words()):
        own = []
        for n, (name, text) in enumerate(SCRIPT):
            if name == who:
                slots += [
                    f'<TIME_SLOT TIME_SLOT_ID="ts{n}a" TIME_VALUE="{4000 * n}"/>',
                    f'<TIME_SLOT TIME_SLOT_ID="ts{n}b" TIME_VALUE="{4000 * n + 3500}"/>',
                ]
                own.append(
                    f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{n}" '
                    f'TIME_SLOT_REF1="ts{n}a" TIME_SLOT_REF2="ts{n}b">'
                    f"<ANNOTATION_VALUE>{escape(text)}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
                )
        tier = f'TIER_ID="tier{place}" PARTICIPANT="{who}"' if participants else f'TIER_ID="{who}"'
        tiers.append(f"<TIER {tier}>\n" + "\n".join(own) + "\n</TIER>")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT AUTHOR="">\n<TIME_ORDER>'
        + "\n".join(slots)
        + "</TIME_ORDER>\n"
        + "\n".join(tiers)
        + children
        + "\n</ANNOTATION_DOCUMENT>"
    )


@pytest.mark.parametrize("participants", [True, False])
def test_elan(tmp_path: Path, participants: bool) -> None:
    log = read(tmp_path, eaf(participants), "m.eaf")
    assert heard(log) == words()
    assert taken(log) == floor()
    assert log.frame["end_s"].max() == 79.5


def test_elan_tiers_that_hold_no_speech(tmp_path: Path) -> None:
    extra = (
        '<TIER TIER_ID="{}" {}><ANNOTATION><ALIGNABLE_ANNOTATION TIME_SLOT_REF1="ts0a" TIME_SLOT_REF2="ts3b">'
        "<ANNOTATION_VALUE>one two three</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>"
    )
    for name, more in (
        ("P1-gesture", ""),
        ("Notes", ""),
        ("x", 'PARENT_REF="tier0"'),
        ("y", 'PARTICIPANT="P1"'),
    ):
        log = read(tmp_path, eaf(children=extra.format(name, more)), "m.eaf")
        assert heard(log) == words()
        assert repr(name) in log.notes[0]


def test_elan_files_that_are_broken(tmp_path: Path) -> None:
    for text, line in (
        (eaf()[:-30], eaf().count("\n") + 1),
        (eaf().replace('REF1="ts3a"', 'REF1="tsX"'), None),
    ):
        with pytest.raises(ConfigError) as caught:
            read(tmp_path, text, "m.eaf")
        assert caught.value.line is not None
        assert line is None or caught.value.line in (line, line - 1)
    with pytest.raises(ConfigError, match="entities"):
        read(
            tmp_path, '<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "b">]>\n<ANNOTATION_DOCUMENT/>', "m.eaf"
        )


def chat() -> str:
    head = "@UTF8\n@Begin\n@Languages:\teng\n"
    head += "@Participants:\tAAA Ann_Lee Adult, BBB Ben Investigator,\n\tCCC Participant\n"
    for code, role in (("AAA", "Adult"), ("BBB", "Investigator"), ("CCC", "Participant")):
        head += f"@ID:\teng|x|{code}|||||{role}|||\n"
    codes = dict(zip(words(), ("AAA", "BBB", "CCC"), strict=True))
    body = "".join(
        f"*{codes[who]}:\t{text} . \x15{4000 * n}_{4000 * n + 3500}\x15\n%mor:\tn|one n|two\n"
        for n, (who, text) in enumerate(SCRIPT)
    )
    return head + body + "@End\n"


def test_chat(tmp_path: Path) -> None:
    log = read(tmp_path, chat(), "m.cha")
    names = {"Ann Lee": "P1", "Ben": "P2", "CCC": "P3"}
    assert {names[who]: count for who, count in heard(log).items()} == words()
    assert [names[who] for who in taken(log)] == floor()
    assert dict(zip(log.frame["speaker"], log.frame["role"], strict=True))["Ben"] == "Investigator"
    assert log.frame["end_s"].max() == 79.5


def test_chat_codes_are_not_counted(tmp_path: Path) -> None:
    text = chat().replace(
        "*AAA:\twe could ask", "*AAA:\t&-um <we could> [/] we (.) could [= x] xxx 0is ask +/", 1
    )
    assert read(tmp_path, text, "m.cha").frame["words"].iloc[0] == 9.0 + 2.0
    wrapped = chat().replace("*AAA:\twe could ", "*AAA:\twe could\n\t", 1)
    assert read(tmp_path, wrapped, "m.cha").frame["words"].iloc[0] == 9.0


def test_chat_with_somebody_who_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="@Participants") as caught:
        read(tmp_path, chat().replace("*BBB:", "*XYZ:", 1), "m.cha")
    assert caught.value.line == 11
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, "hello\n", "m.cha")
    assert caught.value.line == 1


def textgrid(short: bool, suffix: str = "") -> str:
    out = ['File type = "ooTextFile"', 'Object class = "TextGrid"', ""]
    label = (lambda name: "") if short else (lambda name: f"{name} = ")
    out += [
        f"{label('xmin')}0",
        f"{label('xmax')}80",
        "<exists>" if short else "tiers? <exists>",
        f"{label('size')}4",
    ]
    out += [] if short else ["item []:"]
    for place, who in enumerate(words(), start=1):
        own = [(4.0 * n, 4.0 * n + 3.5, text) for n, (name, text) in enumerate(SCRIPT) if name == who]
        filled, at = [], 0.0
        for start, end, text in own:
            filled += [(at, start, "")] if start > at else []
            filled.append((start, end, text.replace("first", '"first"')))
            at = end
        out += ([] if short else [f"    item [{place}]:"]) + [
            f'{label("class")}"IntervalTier"',
            f'{label("name")}"{who}{suffix}"',
            f"{label('xmin')}0",
            f"{label('xmax')}80",
            f"{len(filled)}" if short else f"intervals: size = {len(filled)}",
        ]
        for n, (start, end, text) in enumerate(filled, start=1):
            quoted = text.replace('"', '""')
            out += ([] if short else [f"intervals [{n}]:"]) + [
                f"{label('xmin')}{start}",
                f"{label('xmax')}{end}",
                f'{label("text")}"{quoted}"',
            ]
    out += ([] if short else ["    item [4]:"]) + [
        f'{label("class")}"TextTier"',
        f'{label("name")}"bell"',
        f"{label('xmin')}0",
        f"{label('xmax')}80",
        "1" if short else "points: size = 1",
        f"{label('number')}3",
        f'{label("mark")}"ding dong ding"',
    ]
    return "\n".join(out) + "\n"


@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("suffix", ["", " - words", "_utterances"])
def test_textgrid(tmp_path: Path, short: bool, encoding: str, suffix: str) -> None:
    path = tmp_path / "m.TextGrid"
    path.write_text(textgrid(short, suffix), encoding=encoding)
    log = read_log(path)
    assert heard(log) == words()
    assert taken(log) == floor()
    assert log.frame["end_s"].max() == 79.5


def test_textgrids_that_are_broken(tmp_path: Path) -> None:
    text = textgrid(False)
    for bad, line in ((text[: len(text) // 2], None), (text.replace('text = "we', "text = 7 we", 1), None)):
        with pytest.raises(ConfigError) as caught:
            read(tmp_path, bad, "m.TextGrid")
        assert caught.value.line is not None
        assert caught.value.line > 3
        assert line is None
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, "hello\n", "m.TextGrid")
    assert caught.value.line == 1
