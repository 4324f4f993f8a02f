"""Whatever a file holds, reading it gives a log that can be observed, or a ConfigError; nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosim.errors import ConfigError
from cosim.meeting_logs.reader import read_log
from cosim.observation.observation import observe

CELL = st.one_of(
    st.sampled_from(
        ["", "A", "B", "C", "-1", "0", "3", "12", "1e3", "nan", "0:05", "x,y", '"', '"a b"', "\u00e9", " "]
    ),
    st.text(max_size=5),
)
NAME = st.sampled_from(
    [
        "meeting",
        "turn",
        "speaker",
        "role",
        "words",
        "start_s",
        "end_s",
        "text",
        "turns",
        "speech_s",
        "Name",
        "other",
        "",
    ]
)


def read_or_refuse(folder: Path, name: str, content: bytes) -> None:
    path = folder / name
    path.write_bytes(content)
    try:
        log = read_log(path)
    except ConfigError as error:
        refusal = str(error)
    else:
        refusal = ""
    if refusal:
        assert name in refusal
        return
    assert (log.frame["words"] >= 0.0).all()
    observe(log, draws=5).as_dict()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


@settings(max_examples=80)
@given(
    st.binary(max_size=300),
    st.sampled_from(
        ["a.csv", "a.vtt", "a.srt", "a.csv.gz", "a", "a.txt", "a.json", "a.eaf", "a.docx", "a.cha"]
    ),
)
def test_any_bytes(folder: Path, content: bytes, name: str) -> None:
    read_or_refuse(folder, name, content)


@settings(max_examples=100)
@given(
    st.lists(NAME, min_size=1, max_size=6),
    st.lists(st.lists(CELL, min_size=1, max_size=6), max_size=12),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_any_table(folder: Path, header: list[str], rows: list[list[str]], delimiter: str) -> None:
    text = "\n".join(delimiter.join(cells) for cells in [header, *rows])
    read_or_refuse(folder, "a.csv", text.encode("utf-8", "surrogatepass"))


LINE = st.sampled_from(
    [
        *(
            "",
            "1",
            "WEBVTT",
            "NOTE x",
            "00:01.000 --> 00:02.000",
            "00:00:03,000 --> 00:00:04,000",
            "-->",
            "- x",
        ),
        *(
            "A: x y z w",
            "B: a b c d",
            "<v B>one two three</v>",
            "(C)",
            "<v>",
            "<v B",
            "{\\an8}",
            "\ufeff",
            "&#0;",
        ),
    ]
)


@settings(max_examples=80)
@given(st.lists(LINE, max_size=30))
def test_any_transcript(folder: Path, lines: list[str]) -> None:
    read_or_refuse(folder, "a.vtt", "\n".join(["WEBVTT", "", *lines]).encode())
    read_or_refuse(folder, "a.srt", "\n".join(lines).encode())
    read_or_refuse(folder, "a.txt", "\n".join(lines).encode())
