"""cosim observe: logs of every kind are read, broken ones refused with nothing written."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shlex
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from cosim.cli.observe import command
from cosim.formatting.safe_text import defused, hidden
from cosim.meeting_logs.bundled_logs import LOGS
from cosim.meeting_logs.reader import read_log
from tests.cli.terminal import ROOT, cosim, tree

pytestmark = pytest.mark.usefixtures("one_format")

EXAMPLES = Path(str(files("cosim.meeting_logs") / "data" / "examples"))
GOOD = "speaker,role,words\n" + "".join(
    f"{name},{role},{words}\n"
    for _ in range(8)
    for name, role, words in (("Ann", "PI", 20), ("Ben", "nurse", 9), ("Cat", "public contributor", 6))
)


def observe(folder: Path, log: Path | str, *options: str) -> tuple[str, Path]:
    """Run the command into a new folder; return what it printed, and the folder."""
    out = folder / "out"
    result = cosim("observe", log, "-o", out, *options)
    assert result.exit_code == 0, result.output
    return result.stdout, out


@pytest.mark.usefixtures("every_format")
def test_a_transcript_becomes_a_page_tables_and_provenance(tmp_path: Path) -> None:
    told, out = observe(
        tmp_path, EXAMPLES / "invented_meeting.vtt", "--lead", "Ruth Okafor", "--role", "Ruth Okafor=PI"
    )
    assert "1 meeting, 5 people, 14 floor turns" in told
    assert "Voice is not influence" in told
    assert f"Report: {out / 'report.html'}" in told
    written = {path.name for path in out.iterdir()}
    assert written == {
        *("report.html", "figures", "provenance.json", "people.csv", "roles.csv", "meetings.csv"),
        *("statistics.csv", "cleaning.csv", "simulated.csv", "manifest.json"),
    }
    assert {path.suffix for path in (out / "figures").iterdir()} == {".png", ".svg", ".pdf"}
    people = pd.read_csv(out / "people.csv")
    assert people["word_share"].sum() == pytest.approx(1.0)
    found = pd.read_csv(out / "statistics.csv").set_index("statistic")
    assert found.loc["gini_words", "simulated_below"] == pytest.approx(
        (pd.read_csv(out / "simulated.csv")["gini_words"] < found.loc["gini_words", "observed"]).mean()
    )
    record = json.loads((out / "provenance.json").read_text())
    assert record["study"]["seed"] == 1
    assert len(record["study"]["log"]["sha256"]) == 64
    assert str(tmp_path) not in (out / "provenance.json").read_text(), "no folder of one's own machine"
    assert str(tmp_path) not in (out / "report.html").read_text()


def test_the_same_seed_gives_the_same_tables(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(GOOD)
    tables = []
    for name, seed in (("a", "5"), ("b", "5"), ("c", "6")):
        result = cosim("observe", log, "-o", tmp_path / name, "--seed", seed)
        assert result.exit_code == 0, result.output
        tables.append({file.name: file.read_bytes() for file in (tmp_path / name).glob("*.csv")})
    assert tables[0] == tables[1]
    assert tables[0]["simulated.csv"] != tables[2]["simulated.csv"]
    assert "cosim observe log.csv --seed 5" in (tmp_path / "a" / "report.html").read_text()


def test_the_command_that_repeats_a_report_gives_what_was_done_with_unnamed_captions(tmp_path: Path) -> None:
    log = tmp_path / "log.vtt"
    says = ["Ann: hello to all of you", "and now on we go", "Ben: yes", "why not, say I"] * 3
    cues = [f"00:{second:02d}.000 --> 00:{second + 1:02d}.000\n{text}" for second, text in enumerate(says)]
    log.write_text("\n\n".join(["WEBVTT", *cues]))
    refused = cosim("observe", log, "-o", tmp_path / "out")
    assert "--unnamed continue" in refused.stderr
    _, out = observe(tmp_path, log, "--unnamed", "continue")
    assert "cosim observe log.vtt --seed 1 --unnamed continue" in (out / "report.html").read_text()


def test_a_log_that_comes_with_cosim_can_be_named_and_keeps_its_attribution(tmp_path: Path) -> None:
    told, out = observe(tmp_path, "example_ami")
    assert "ami_ES2002b.csv" in told
    page = (out / "report.html").read_text()
    assert "CC BY 4.0" in page
    assert "Carletta" in page
    assert "cosim observe example_ami" in page


def test_totals_per_person_and_names_of_ones_own(tmp_path: Path) -> None:
    log = tmp_path / "totals.csv"
    log.write_text("Code;Wortzahl;messages\nA;300;20\nB;90;9\nC;10;2\n")
    told, out = observe(tmp_path, log, "--column", "speaker=Code", "--column", "words=Wortzahl")
    assert "3 people" in told
    assert "totals per person" in told
    assert "31 turns as counted in the file" in told
    assert "floor turns" not in told
    placed = pd.read_csv(out / "statistics.csv").set_index("statistic")["simulated_below"]
    assert placed.dropna().index.to_list() == ["gini_words", "top_share"]
    fit = cosim("observe", log, "-o", tmp_path / "fit", "--fit", "--column", "speaker=Code", "--column",
                "words=Wortzahl")  # fmt: skip
    assert "needs the order of turns; this log holds one total per person" in fit.stderr
    assert "simulating" not in fit.stderr
    assert (out / "report.html").exists()


def test_an_empty_folder_may_be_used_and_a_used_one_is_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(GOOD)
    (tmp_path / "out").mkdir()
    observe(tmp_path, log)
    before = tree(tmp_path)
    again = cosim("observe", log, "-o", tmp_path / "out")
    assert again.exit_code == 2
    assert "the output folder already holds files" in again.stderr
    assert cosim("observe", log, "-o", log).exit_code == 2
    beneath = cosim("observe", log, "-o", log / "out")
    assert beneath.exit_code == 2
    assert "is no folder that can be written" in beneath.stderr
    assert "simulating" not in beneath.stderr, "before any work is done"
    assert tree(tmp_path) == before


@pytest.mark.parametrize("there", [False, True])
def test_when_anything_fails_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    from cosim.observation import folder as observed_folder

    def fail(*_: object) -> None:
        raise IndexError

    log, out = tmp_path / "log.csv", tmp_path / "new" / "out"
    log.write_text(GOOD)
    if there:
        out.mkdir(parents=True)
    before = tree(tmp_path), out.exists()
    monkeypatch.setattr(observed_folder, "_write", fail)
    with pytest.raises(IndexError):
        cosim("observe", log, "-o", out)
    monkeypatch.undo()
    assert (tree(tmp_path), out.exists()) == before
    assert (tmp_path / "new").exists() == there
    assert cosim("observe", log, "-o", out).exit_code == 0
    assert not [name for name in tree(tmp_path) if ".tmp" in name]
    assert (out / "figures" / "people.svg").exists()


def test_names_with_characters_that_no_font_shows_are_reported(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(GOOD.replace("Ann", "\ufeffAnn\x1b").replace("Ben", "$\\x$").replace("Cat", "王芳"))
    told, out = observe(tmp_path, log)
    assert "\x1b" not in told
    assert "$\\x$" in (out / "figures" / "people.svg").read_text()
    assert "王芳" in (out / "report.html").read_text()


def test_a_fit_has_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "log.csv").write_text(GOOD)
    assert cosim("observe", "log.csv").exit_code == 0
    again = cosim("observe", "log.csv")
    assert "results/observed-log" in again.stderr
    fit = cosim("observe", "log.csv", "--fit")
    assert "already holds files" not in fit.stderr
    assert "too short to fit" in fit.stderr
    assert "simulating" not in fit.stderr, "before any work is done"


BROKEN: dict[str, tuple[bytes, str]] = {
    "no speaker": (b"words\n3\n", "there is no column that says who spoke; the file has 'words'"),
    "no amount": (b"speaker\nA\n", "there is no column that says how much was said"),
    "negative time": (b"speaker,start,end\nA,-5,2\nB,2,3\n", "line 2: start_s: a time cannot be negative"),
    "backward time": (b"speaker,start,end\nA,5,2\nB,2,3\n", "line 2: end_s: the turn ends before it starts"),
    "one speaker": (b"speaker,words\nA,5\nA,7\n", "only 'A' speaks in the meeting"),
    "empty": (b"", "the file is empty"),
    "blank": (b"\n  \n", "it holds only blank lines"),
    "header only": (b"speaker,words\n", "the file has no turns"),
    "encoding": ("speaker,words\nJosé,5\nB,6\n".encode("cp1252"), "line 2: this line is not UTF-8 text"),
    "workbook": (b"PK\x03\x04 and so on", "not a text file but an Excel workbook"),
    "binary": (b"a\x00b\x00", "looks like a binary file"),
    "damaged": (gzip.compress(b"speaker,words\nA,1\nB,2\n" * 9)[:-6], "the compressed file is damaged"),
    "word": (b"speaker,words\nA,many\nB,2\n", "line 2: words: must be a whole number (found 'many')"),
    "columns": (b"speaker,words\nA\nB,2\n", "line 2: this row has 1 cells, the header has 2"),
    "people": (
        b"speaker,words\n" + b"".join(b"P%d,5\n" % i for i in range(300)),
        "300 people speak in the meeting",
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_logs_are_refused_in_one_message_and_nothing_is_written(tmp_path: Path, kind: str) -> None:
    content, message = BROKEN[kind]
    log = tmp_path / "log.csv"
    log.write_bytes(content)
    before = tree(tmp_path)
    result = cosim("observe", log, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert message in result.stderr
    assert "log.csv" in result.stderr
    assert result.stderr.strip().count("\n") == 0, "one message"
    assert result.stdout == ""
    assert tree(tmp_path) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nothing.csv"], "there is no such file"),
        (["."], "this is a directory, not a log file"),
        (["example_ami", "--lead", "ES2002_PN"], "did you mean 'ES2002_PM'"),
        (["example_ami", "--role", "ES2002_PM"], "--role: not a pair"),
        (["example_ami", "--role", "ES2002_PM=PI", "--role", "ES2002_PM=patient"], "is already 'PI'"),
        (["x" * 300], "path is too long"),
        (["example_ami", "--role", "Nobody=patient"], "a role was given to somebody who does not speak"),
        (["example_ami", "--column", "speaker=Who"], "the file has no such column"),
        (["example_ami", "--encoding", "klingon"], "there is no such text encoding"),
        (["example_vtt", "--fit"], "too short to fit: it has 14 floor turns"),
    ],
)
def test_what_cannot_be_done_as_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = cosim("observe", *words, "-o", tmp_path / "out")
    assert result.exit_code == 2
    assert message in result.stderr
    assert tree(tmp_path) == {}


def test_a_file_with_millions_of_lines_is_refused_in_little_memory(tmp_path: Path) -> None:
    import tracemalloc

    log = tmp_path / "log.csv.gz"
    with gzip.open(log, "wb", compresslevel=1) as stream:
        stream.write(b"speaker,words\n")
        block = b"A,5\nB,6\n" * 50_000
        for _ in range(100):
            stream.write(block)
    tracemalloc.start()
    result = cosim("observe", log, "-o", tmp_path / "out")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert result.exit_code == 2
    assert "the file is too large for a turn log" in result.stderr
    assert "at most 1,000,000 lines" in result.stderr
    assert peak < 100e6
    assert not (tmp_path / "out").exists()


OF_THE_READER = ("steering.docx",)


def test_the_commands_on_the_users_page_work_from_a_clone() -> None:
    lines = [
        line
        for line in (ROOT / "docs" / "observe.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("cosim observe ")
    ]
    assert len(lines) >= 3
    for line in lines:
        context = command.make_context("observe", shlex.split(line)[2:])
        for log in context.params["logs"]:
            assert str(log) in LOGS or (ROOT / log).is_file() or str(log) in OF_THE_READER, line


@pytest.mark.slow
def test_meetings_with_times_and_no_words_are_observed(tmp_path: Path) -> None:
    told, out = observe(tmp_path, "ami_times", "--kind", "strangers")
    assert "words (estimated from times)" in " ".join(told.split())
    assert (out / "report.html").stat().st_size < 3_000_000


@pytest.mark.slow
def test_a_fit_says_what_the_floor_is_like_and_what_the_model_would_try(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    rows = pd.DataFrame({"speaker": list("ABCACBAB") * 12, "words": 12})
    rows["role"] = rows["speaker"].map({"A": "PI", "B": "clinician", "C": "public contributor"})
    rows.to_csv(log, index=False)
    told, out = observe(tmp_path, log, "--fit")
    assert re.search(r"floor\.returning +[-\d.]+ +[-\d.]+ to [-\d.]+", told)
    assert "Gini of influence" in told
    for name in ("floor", "floor_posterior", "floor_check", "ways", "ways_runs"):
        assert len(pd.read_csv(out / f"{name}.csv"))
    again = cosim("simulate", out / "scenario.yaml", "-n", "5")
    assert again.exit_code == 0, again.output


def test_names_of_others_reach_neither_spreadsheet_nor_picture_as_formula_or_control(tmp_path: Path) -> None:
    evil, odd = '=HYPERLINK("http://evil.example")', "Zo\x1b[31më"
    log = tmp_path / "log.csv"
    rows = [(evil, 40), (odd, 30), ("@Ben", 20), ("-1", 10)] * 3
    with log.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("speaker", "words"), *rows])
    told, out = observe(tmp_path, log)
    assert hidden(told) is None
    people = (out / "people.csv").read_bytes()
    assert people.startswith(b"\xef\xbb\xbf")  # or Excel garbles the ë
    cells = [cell for row in csv.reader(people.decode("utf-8-sig").splitlines()) for cell in row]
    assert {f"'{evil}", "'@Ben", "-1"} <= set(cells)
    assert not [cell for cell in cells if defused(cell) != cell and not cell.startswith("'")]
    assert hidden((out / "report.html").read_text(encoding="utf-8")) is None
    for figure in (out / "figures").glob("*.svg"):
        ElementTree.parse(figure)
    # A table of ours is read again with the names that the log has.
    names = {"speaker": "speaker", "words": "words"}
    again = read_log(out / "people.csv", columns=names)
    assert set(again.frame["speaker"]) == {evil, "Zo[31më", "@Ben", "-1"}


def test_a_log_that_cannot_be_used_is_told_without_control_characters(tmp_path: Path) -> None:
    log = tmp_path / "a\x1b[2Jb.csv"
    log.write_text("speaker,words\nA\x07,-1\n", encoding="utf-8")
    result = cosim("observe", log)
    assert result.exit_code == 2
    assert hidden(result.stderr) is None


def test_nothing_that_is_written_holds_a_name_when_codes_are_asked_for(tmp_path: Path) -> None:
    log = tmp_path / "Meeting with Quentin.txt"
    said = ["the first thing is the form", "and the second thing is the money", "so what now"]
    names = ["Quentin", "Rosalind", "Quentin (Host)", "Siobhan"] * 4
    log.write_text("\n".join(f"{name}  {at}:00\n{said[at % 3]}\n" for at, name in enumerate(names)))
    who = tmp_path / "Rosalinds people.csv"
    who.write_text("name,other spellings,role\nRosalind,Rosi,researcher\nSiobhan,,public\nThaddeus,,nurse\n")
    out = tmp_path / "out"
    result = cosim("observe", log, "-o", out, "--anonymise", "--lead", "Rosi", "--people", who,
                   "--role", "Quentin=nurse")  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "P1 Quentin" in result.stderr
    for path in out.rglob("*"):
        for name in ("Quentin", "Rosalind", "Siobhan", "Thaddeus", "Rosi"):
            assert name not in str(path.relative_to(out))
            if path.is_file():
                assert name.encode() not in path.read_bytes(), path
    assert set(pd.read_csv(out / "people.csv")["speaker"]) == {"P1", "P2", "P3"}
    assert "--role NAME=nurse" in (out / "report.html").read_text()


def test_two_files_of_one_meeting(tmp_path: Path) -> None:
    paths = []
    for name in ("a.csv", "b.csv"):
        paths.append(tmp_path / name)
        paths[-1].write_text("speaker,role,words\n" + "Ann,PI,20\nBen,nurse,9\n" * 8)
    told, out = observe(tmp_path, paths[0], str(paths[1]), "--same-meeting")
    assert "1 meeting, 2 people, 32 floor turns" in told
    assert "cosim observe a.csv b.csv --seed 1 --same-meeting" in (out / "report.html").read_text()
    assert json.loads((out / "provenance.json").read_text())["study"]["log"]["name"] == "a.csv and 1 more"
