"""Files that are no logs: each is refused quickly, in the user's words, in bounded memory."""

from __future__ import annotations

import gzip
import os
import time
import tracemalloc
from pathlib import Path

import pytest

from cosim.errors import ConfigError
from cosim.meeting_logs import log_file
from cosim.meeting_logs.reader import read_log


def refusal(path: Path, **options: str) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read_log(path, **options)  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        (b"", None, "the file is empty"),
        (b"\n \n\n", None, "only blank lines"),
        (b"speaker,words\n", None, "nothing stands below its header"),
        (b"PK\x03\x04rest", None, "Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None, "old Excel"),
        (b"%PDF-1.7 ...", None, "a PDF"),
        (b"speaker,words\nAnn,1\nB\x00b,2\n", 3, "binary file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "not UTF-8"),
        ("speaker,words\nAnn,1\n".encode("utf-16-le"), 1, "UTF-16 without a byte-order mark"),
        (b"speaker,words\n" + b"x" * (log_file.MAX_LINE + 2), 2, "a line of more than"),
    ],
)
def test_files_that_are_no_logs(tmp_path: Path, content: bytes, line: int | None, told: str) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(content)
    error = refusal(path)
    assert told in str(error)
    assert error.file == path
    assert error.line == line


def test_a_wrong_byte_deep_in_a_file_is_found_on_its_line(tmp_path: Path) -> None:
    good = b"Ann,1\nBob,2\n" * 150_000  # beyond one block
    path = tmp_path / "log.csv"
    path.write_bytes(b"speaker,words\n" + good + b"Zo\xeb,3\n")
    error = refusal(path)
    assert error.line == 300_002
    assert "0xeb" in str(error)


def test_missing_file_directory_and_unknown_encoding(tmp_path: Path) -> None:
    assert "no such file" in str(refusal(tmp_path / "gone.csv"))
    assert "directory" in str(refusal(tmp_path))
    path = tmp_path / "log.csv"
    path.write_text("speaker,words\nA,1\nB,2\n")
    assert "no such text encoding" in str(refusal(path, encoding="utf-9"))


@pytest.mark.parametrize("encoding", ["base64", "hex", "rot13", "bz2", "uu", "utf-9"])
def test_what_is_no_text_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "log.csv"
    path.write_text("speaker,words\nA,1\nB,2\n")
    told = str(refusal(path, encoding=encoding))
    assert f"--encoding: there is no such text encoding (found {encoding!r}); allowed: utf-8" in told


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "punycode", "idna", "ascii", "undefined"])
def test_a_file_in_another_encoding_than_said_is_refused(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "log.csv"
    path.write_text("speaker,words\nJosé,1\nB,2\n", encoding="utf-8")
    told = str(refusal(path, encoding=encoding))
    assert f"is not {encoding.upper()} text" in told
    assert "--encoding cp1252" in told


def test_a_damaged_body_of_a_compressed_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    packed = bytearray(gzip.compress(b"".join(b"speaker%d,words\n" % (i * i) for i in range(2_000))))
    packed[40:400] = b"\xff" * 360
    path.write_bytes(packed)
    assert "the compressed file is damaged" in str(refusal(path))


def test_a_pipe_is_no_regular_file(tmp_path: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes in folders here")
    os.mkfifo(tmp_path / "log.csv")
    assert "not a regular file" in str(refusal(tmp_path / "log.csv"))


@pytest.mark.parametrize(
    "text", ['[{"speaker":"A","words":3}]', '{"speaker": "A"}', '[\n{"speaker": "A"}\n]']
)
@pytest.mark.parametrize("name", ["log.json", "log.csv", "log"])
def test_json_that_says_too_little_is_refused(tmp_path: Path, text: str, name: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    told = str(refusal(path))
    assert ("only 'A' speaks" if "words" in text else "no record says who speaks") in told


@pytest.mark.parametrize("name", ["log.json", "log.csv", "log"])
def test_json_that_says_who_and_how_much_is_read_whatever_its_name(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text('[{"speaker":"A","words":3},\n {"speaker": "B", "words": 4}]')
    assert read_log(path).frame["words"].to_list() == [3.0, 4.0]


def test_gzip_is_unpacked_and_a_damaged_one_told(tmp_path: Path) -> None:
    path = tmp_path / "log.csv.gz"
    packed = gzip.compress(b"speaker,words\nA,1\nB,2\n" * 1)
    path.write_bytes(packed)
    assert read_log(path).meetings == ("log",)
    path.write_bytes(packed[:-6])
    assert "damaged" in str(refusal(path))
    path.write_bytes(gzip.compress(b"\x00" * 50_000_000))  # small on disk, large unpacked
    assert "binary" in str(refusal(path))


def test_ten_million_lines_are_refused_at_once_in_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    block = b"P1,12\nP2,7\n" * 50_000
    with path.open("wb") as stream:
        stream.write(b"speaker,words\n")
        for _ in range(100):
            stream.write(block)
    tracemalloc.start()
    begun = time.perf_counter()
    error = refusal(path)
    took, (_, peak) = time.perf_counter() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "at most 1,000,000 lines" in str(error)
    assert took < 5.0
    assert peak < 50_000_000


def test_a_log_of_the_allowed_size_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_file, "MAX_LINES", 1_000)
    path = tmp_path / "log.csv"
    path.write_text("speaker,words\n" + "A,1\nB,2\n" * 499 + "A,1\n")
    assert len(read_log(path).frame) == 999
    path.write_text("speaker,words\n" + "A,1\nB,2\n" * 501)
    assert "too large" in str(refusal(path))
