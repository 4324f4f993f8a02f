"""JSON from disk: data, or one clear error, whatever lies there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosim.errors import ConfigError
from cosim.execution.folder_lock import FolderLock
from cosim.execution.identity import Identity
from cosim.execution.json_files import DEEPEST, DamagedError, check_keys, parse_json, read_json

BAD = [
    "", "{", "[1,]", "nul", "[" * 100_000, '{"a":' * 100_000, "[" * (DEEPEST + 1) + "]" * (DEEPEST + 1),
    '{"a": 1, "a": 2}', '"\\ud800"', '{"\\udfff": 1}', "9" * 5000, "\ufeff{}", "{} {}",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD, ids=lambda text: text[:12])
def test_what_is_no_json_of_ours_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words differ, the kind is what matters
        parse_json(text)


@given(st.text(max_size=40) | st.binary(max_size=40).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_data_or_a_value_error(text: str) -> None:
    try:
        found = parse_json(text)
    except ValueError:
        return
    assert json.dumps(found) == json.dumps(json.loads(text))


def test_a_file_is_read_or_told(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with pytest.raises(FileNotFoundError):
        read_json(path)
    path.write_text('{"a": [1, 2]}')
    assert read_json(path) == {"a": [1, 2]}
    for raw in (b"\xff\xfe", b"\x00", *(text.encode("utf-8", "surrogatepass") for text in BAD)):
        path.write_bytes(raw)
        with pytest.raises(DamagedError, match=r"a.json: cannot be read"):
            read_json(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_or_a_folder_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(DamagedError, match="not a file"):
            read_json(path)


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cosim.execution.json_files.LARGEST", 10)
    (tmp_path / "a").write_text("[" + "1," * 20 + "1]")
    with pytest.raises(DamagedError, match="more than 10"):
        read_json(tmp_path / "a")


def test_keys_and_types(tmp_path: Path) -> None:
    wanted = {"n": int, "name": str}
    assert check_keys({"n": 1, "name": "x", "more": []}, wanted, tmp_path)["n"] == 1
    for bad in (
        [],
        None,
        {"n": 1},
        {"n": True, "name": "x"},
        {"n": 1.5, "name": "x"},
        {"n": 1, "name": None},
    ):
        with pytest.raises(DamagedError):
            check_keys(bad, wanted, tmp_path)
    with pytest.raises(DamagedError):
        check_keys({"n": 1, "name": "x", "more": 5}, wanted, tmp_path, optional={"more": list})


@pytest.mark.parametrize(
    "text", [*BAD, "[]", "5", '{"host": [], "pid": 1}', '{"host": "a\\u001b", "pid": 1}']
)
def test_a_lock_with_anything_in_it_is_taken_over(text: str, tmp_path: Path) -> None:
    (tmp_path / ".lock").write_bytes(text.encode("utf-8", "surrogatepass"))
    FolderLock(tmp_path).release()
    assert not (tmp_path / ".lock").exists()


@pytest.mark.parametrize("text", [text for text in BAD if text != "9" * 5000])
def test_an_identity_is_read_or_told_with_what_to_do(text: str, tmp_path: Path) -> None:
    (tmp_path / "study.json").write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ConfigError, match="new folder") as caught:
        Identity.read(tmp_path)
    assert caught.value.file == tmp_path / "study.json"
