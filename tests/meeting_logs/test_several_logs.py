"""Several files, a file of people, and codes instead of names."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs.anonymous import anonymous
from cosim.meeting_logs.people_file import read_people
from cosim.meeting_logs.reader import Reading, read_log, read_logs
from cosim.meeting_logs.roles import model_role
from tests.meeting_logs.scripts import SCRIPT, clock, floor, heard, spoken, srt, taken, vtt, words

PLAIN = "{h:02d}:{m:02d}:{s:02d}"


def halves(folder: Path, form: str) -> list[Path]:
    """Write the script in two files; the clock of the second starts again, or goes on."""
    if form == "a clock that goes on":
        rows = [f"{clock(36_000 + 4.0 * n, PLAIN)},{who},{text}" for n, (who, text) in enumerate(SCRIPT)]
        texts = ["\n".join(["time,speaker,text", *part]) for part in (rows[:8], rows[8:])]
        paths = [folder / "one.csv", folder / "two.csv"]
    else:
        cues = spoken()
        second = [(start - 32.0, end - 32.0, text) for start, end, text in cues[8:]]
        texts, paths = [vtt(cues[:8]), srt(second)], [folder / "one.vtt", folder / "two.srt"]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text)
    return paths


@pytest.mark.parametrize("form", ["clocks that start again", "a clock that goes on"])
def test_parts_of_one_meeting(tmp_path: Path, form: str) -> None:
    paths = halves(tmp_path, form)
    log = read_logs(paths, same_meeting=True)
    assert log.meetings == ("one",)
    assert heard(log) == words()
    assert taken(log) == floor()
    assert log.frame["start_s"].is_monotonic_increasing
    lasts = log.frame["start_s"].iloc[-1] - log.frame["start_s"].iloc[0]
    assert lasts == pytest.approx(4.0 * 19 - (0.5 if "again" in form else 0.0))
    assert any("two.srt" in note for note in log.notes) == ("again" in form)


def test_files_are_meetings_of_their_own(tmp_path: Path) -> None:
    paths = halves(tmp_path, "clocks that start again")
    log = read_logs(paths, Reading(roles={"P3": "patient"}))
    assert log.meetings == ("one", "two")
    assert taken(log.only(["one"])) == floor(SCRIPT[:8])
    assert taken(log.only(["two"])) == floor(SCRIPT[8:])
    assert set(log.frame.loc[log.frame["speaker"] == "P3", "role"]) == {"patient"}
    with pytest.raises(ConfigError, match="does not speak in these logs"):
        read_logs(paths, Reading(roles={"P9": "patient"}))
    with pytest.raises(ConfigError, match="given twice"):
        read_logs([paths[0], paths[0]])


def test_totals_are_not_put_together_with_turns(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("speaker,words,messages\nA,5,2\nB,6,3\n")
    (tmp_path / "u.csv").write_text("speaker,words\nA,5\nB,6\n")
    for same in (True, False):
        with pytest.raises(ConfigError, match="totals per person"):
            read_logs([tmp_path / "u.csv", tmp_path / "t.csv"], same_meeting=same)


PEOPLE = """name,other spellings,role,group
Anna Schmidt,P1|A. Schmidt,Ärztin,provider
Ben,p2,,public
Cy,"P3; Cy (they/them)",chief investigator,
Dora,,commissioner,
"""


def people(folder: Path, text: str = PEOPLE) -> Path:
    path = folder / "people.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("file", ["m.vtt", "m.csv", "m.txt"])
def test_a_people_file_merges_spellings_and_gives_roles_in_any_language(tmp_path: Path, file: str) -> None:
    script = [("A. Schmidt" if n == 4 else who, text) for n, (who, text) in enumerate(SCRIPT)]
    texts = {
        "m.vtt": vtt([(4.0 * n, 4.0 * n + 3, f"{who}: {text}") for n, (who, text) in enumerate(script)]),
        "m.csv": "\n".join(["speaker,text", *(f"{who},{text}" for who, text in script)]),
        "m.txt": "\n".join(
            f"{who}  {clock(4.0 * n, '{mm}:{s:02d}')}\n{text}\n" for n, (who, text) in enumerate(script)
        ),
    }
    (tmp_path / file).write_text(texts[file])
    log = read_log(tmp_path / file, people=read_people(people(tmp_path)))
    names = {"P1": "Anna Schmidt", "P2": "Ben", "P3": "Cy"}
    assert heard(log) == {names[who]: count for who, count in words().items()}
    assert taken(log) == [names[who] for who in floor()]
    roles = dict(zip(log.frame["speaker"], log.frame["role"], strict=True))
    assert {who: model_role(role) for who, role in roles.items()} == {
        "Anna Schmidt": "provider", "Ben": "patient", "Cy": "researcher",
    }  # fmt: skip
    assert "Ärztin" in roles["Anna Schmidt"]
    assert any("'Dora'" in note for note in log.notes)


def test_a_people_file_goes_before_the_files_own_roles_and_names_who_is_new(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("speaker,role,words\nP1,nurse,5\nEve,GP,5\nP1,midwife,3\n")
    log = read_log(path, people=read_people(people(tmp_path)))
    assert set(log.frame["role"]) == {"Ärztin (provider)", "GP"}
    assert any("'Eve'" in note for note in log.notes)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("nom\nA\n", 1, "not a column of a people file"),
        ("role\nA\n", 1, "no column for the name"),
        ("name\n\n", 1, "names nobody"),
        ("name,role\nA,x\n,y\n", 3, "has no name"),
        ("name,other spellings\nA,B\nB,\n", 3, "already means 'A'"),
        ("name,other spellings\nA,X\nB,X\n", 3, "already means 'A'"),
        ("name,group\nA,patiant\n", 2, "not a group of the model"),
        ("name,rolle2\nA,x\n", 1, "not a column"),
        ('name\n"A\n', 2, "not a table that can be read"),
    ],
)
def test_people_files_that_are_wrong(tmp_path: Path, text: str, line: int | None, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_people(people(tmp_path, text))
    assert told in str(caught.value)
    assert caught.value.line == line
    assert "people.csv" in str(caught.value)


def test_codes_instead_of_names(tmp_path: Path) -> None:
    script = [("P1 (she/her)" if n == 4 else who, text) for n, (who, text) in enumerate(SCRIPT)]
    secret = {"P1": "Anna", "P2": "Ben", "P3": "Cy", "P1 (she/her)": "Anna (she/her)"}
    rows = [f"{secret[who]},{text}" for who, text in script]
    rows.insert(3, "Unknown,who knows")
    path = tmp_path / "Anna and Ben.csv"
    path.write_text("\n".join(["speaker,text", *rows]))
    found = anonymous(read_log(path, people=read_people(people(tmp_path, "name,role\nDora,x\nAnna,y\n"))))
    codes = {"Anna": "P1", "Ben": "P2", "Cy": "P3"}
    assert dict(found.codes) == codes
    assert heard(found.log) == words()
    everything = found.log.frame.to_csv() + found.log.name + " ".join(found.log.notes)
    for name in ("Anna", "Ben", "Cy", "Dora"):
        assert name not in everything
    assert "P1" in " ".join(found.log.notes)


def test_recordings_that_name_themselves_can_be_parts_of_one_meeting(tmp_path: Path) -> None:
    for name in ("one", "two"):
        lines = [
            f"SPEAKER {name} 1 {4 * n} 3 <NA> <NA> {who} <NA> <NA>" for n, (who, _) in enumerate(SCRIPT[:9])
        ]
        (tmp_path / f"{name}.rttm").write_text("\n".join(lines))
    paths = [tmp_path / "one.rttm", tmp_path / "two.rttm"]
    assert read_logs(paths).meetings == ("one", "two")
    log = read_logs(paths, same_meeting=True)
    assert log.meetings == ("one",)
    assert taken(log) == floor(SCRIPT[:9] + SCRIPT[:9])


@pytest.mark.parametrize("same", [True, False])
def test_names_of_files_are_codes_too(tmp_path: Path, same: bool) -> None:
    paths = []
    for name in ("Anna alone.vtt", "Anna again.vtt"):
        paths.append(tmp_path / name)
        cues = spoken()
        paths[-1].write_text(vtt([*cues[:5], (99.0, 98.0, "P1: x"), *cues[5:]]))
    log = read_logs(paths, same_meeting=same)
    assert any("Anna" in note for note in log.notes)
    found = anonymous(log, [path.name for path in paths]).log
    assert "Anna" not in " ".join((*found.notes, found.name, *found.meetings))
    assert any("file 2" in note for note in found.notes)


def test_a_group_without_a_role_is_the_role(tmp_path: Path) -> None:
    assert read_people(people(tmp_path)).roles["Ben"] == "public contributor"
