"""YAML files: what is read, what is refused, and where the message points."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cosim.config.error_messages import ManyConfigError, config_errors_from_pydantic
from cosim.config.yaml_source import dotted, overlay, parse_yaml, read_yaml, walk
from cosim.errors import ConfigError


def test_reads_the_yaml_12_core_schema() -> None:
    text = (
        "answer: yes\noff: on\nday: 2024-01-31\ntime: 12:30\noctal: 0o10\nhex: 0xff\n"
        "plus: +3\nempty:\nnone: ~\n"
        "float: 1e3\nhalf: .5\ntrue: True\nquoted: '010'\nunder: 1_000\nlist: [1, 2.0, x]\nequals: =\n"
        "again: &a {b: 1}\nsame: *a\n"
    )
    with pytest.raises(ConfigError, match="a key must be text"):
        parse_yaml(text)
    assert parse_yaml(text.replace("true: True", "truth: True")).data == {
        "answer": "yes",
        "off": "on",
        "day": "2024-01-31",
        "time": "12:30",
        "octal": 8,
        "hex": 255,
        "plus": 3,
        "empty": None,
        "none": None,
        "float": 1000.0,
        "half": 0.5,
        "truth": True,
        "quoted": "010",
        "under": "1_000",
        "list": [1, 2.0, "x"],
        "equals": "=",
        "again": {"b": 1},
        "same": {"b": 1},
    }


def test_knows_the_line_of_every_key() -> None:
    source = parse_yaml("# head\na:\n  b: 1\n  c:\n    - x\n    - y: 2\nd: {e: 3}\n", Path("f.yaml"))
    assert [source.line(key) for key in ("a", "a.b", "a.c", "d", "d.e")] == [2, 3, 4, 7, 7]
    assert source.line(("a", "c", 0)) == 5
    assert source.line(("a", "c", 1, "y")) == 6
    assert source.line("a.missing.deep") == 2, "a key that is not there points at the block around it"
    assert source.line("") == 2
    assert source.has("a.b")
    assert not source.has("a.z")
    assert {keys for keys, _ in walk(source.data)} == set(source.places)


def test_overlay_merges_blocks_and_keeps_the_places_of_both_files() -> None:
    base = parse_yaml("a: {b: 1, c: {x: 1}}\nlist: [1, 2, 3]\nkeep: 1\n", Path("base.yaml"))
    over = parse_yaml("\n\na:\n  c: 7\nlist: [9]\n", Path("over.yaml"))
    merged = overlay(base, over)
    assert merged.data == {"a": {"b": 1, "c": 7}, "list": [9], "keep": 1}
    assert base.data["a"] == {"b": 1, "c": {"x": 1}}, "the base is left as it was"
    assert merged.place("a.b") == (Path("base.yaml"), 1)
    assert merged.place("a.c") == (Path("over.yaml"), 4)
    assert merged.place(("list", 0)) == (Path("over.yaml"), 5)
    assert not merged.has(("list", 2))
    assert {keys for keys, _ in walk(merged.data)} == set(merged.places)


def test_sub_is_a_block_with_its_places() -> None:
    source = parse_yaml("a:\n  b:\n    c: 1\n", Path("f.yaml"))
    assert source.sub("a.b").data == {"c": 1}
    assert source.sub("a").line("b.c") == 3
    with pytest.raises(ConfigError, match="must be a block"):
        source.sub("a.b.c")
    with pytest.raises(ConfigError, match="missing"):
        source.sub("a.z")


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")
    source = read_yaml(file)
    assert source.data == {"a": 1, "b": 2}
    assert source.line("b") == 2


BAD = {
    "duplicate key": ("a: 1\nb: 2\na: 3\n", 3, "stands twice (first on line 1)"),
    "duplicate key below": ("a:\n  b: 1\n  b: 2\n", 3, "a.b: this key stands twice (first on line 2)"),
    "duplicate key in braces": ("a: {x: 1, x: 2}\n", 1, "a.x: this key stands twice"),
    "infinite": ("a: 1\nb: .inf\n", 2, "b: numbers must be finite"),
    "minus infinite": ("a: -.INF\n", 1, "finite"),
    "not a number": ("a:\n  - .nan\n", 2, "a[0]: numbers must be finite"),
    "too large for a float": ("a: 1e999\n", 1, "finite"),
    "octal of old": ("a: 010\n", 1, "leading zeros"),
    "too long a number": ("a: " + "9" * 5000, 1, "too long"),
    "number as key": ("a: 1\n2: b\n", 2, "a key must be text"),
    "truth value as key": ("true: 1\n", 1, "a key must be text"),
    "list as key": ("? [a, b]\n: 1\n", 1, "a key must be a word"),
    "merge key": ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, "merge keys"),
    "tag": ("a: !thing 1\n", 1, "tags"),
    "python tag": ("a: !!python/object/apply:os.system ['true']\n", 1, "tags"),
    "binary tag": ("a: !!set {x, y}\n", 1, "tags"),
    "undefined alias": ("a: 1\nb: *x\n", 2, "without an anchor"),
    "alias of itself": ("a: &x\n  - *x\n", 1, "contains itself"),
    "old directive": ("%YAML 1.1\n---\na: yes\n", 1, "only YAML 1.2"),
    "two documents": ("a: 1\n---\nb: 2\n", 2, "second document"),
    "list at the top": ("- a\n- b\n", 1, "at the top"),
    "text at the top": ("\njust words\n", 2, "at the top"),
    "empty": ("", None, "empty"),
    "comments only": ("# nothing\n\n# here\n", None, "empty"),
    "tab": ("a:\n\tb: 1\n", 2, "a tab stands"),
    "open bracket": ("a: 1\nb: [1,\n  2\n", 4, "square brackets, opened on line 2, is never closed"),
    "open brace": ("a: {b: 1\nc: 2\n", 2, "braces, opened on line 1, is never closed"),
    "open quote": ("a: 1\nb: 'x\nc: 2\n", 4, "quotation mark, opened on line 2"),
    "two colons": ("a: b: c\n", 1, "second `: `"),
    "not key and value": ("a: 1\nb\n", 3, "not `key: value`"),
    "crooked list": ("a:\n  - 1\n - 2\n", 3, "not"),
    "control character": ("a: 1\nb: \x01\n", 2, "control character"),
    "half a surrogate": ('a: "\\ud800"\n', 1, "surrogate"),
    "nested too deep": ("a: " + "[" * 1000, None, "nested too deeply"),
}


@pytest.mark.parametrize("kind", BAD)
def test_refuses_what_it_would_misread(kind: str) -> None:
    text, line, words = BAD[kind]
    with pytest.raises(ConfigError) as caught:
        parse_yaml(text, Path("bad.yaml"))
    assert words in str(caught.value)
    assert str(caught.value).startswith("bad.yaml")
    assert caught.value.line == line


def test_refuses_what_is_no_text_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        read_yaml(tmp_path / "none.yaml")
    with pytest.raises(ConfigError, match="directory"):
        read_yaml(tmp_path)
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("a: 1\nname: Zoë\n".encode("latin-1"))
    with pytest.raises(ConfigError, match="line 2: the file is not UTF-8"):
        read_yaml(latin)
    utf16 = tmp_path / "utf16.yaml"
    utf16.write_bytes("a: 1\n".encode("utf-16"))
    with pytest.raises(ConfigError, match="UTF-8"):
        read_yaml(utf16)
    with pytest.raises(ConfigError):
        read_yaml("a\0b")


def test_an_anchor_given_again_is_no_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parse_yaml("a: &x 1\nb: [&x 2, *x]\n").data == {"a": 1, "b": [2, 2]}


def test_aliases_within_aliases_do_not_eat_the_memory() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    with pytest.raises(ConfigError, match="aliases"):
        parse_yaml("\n".join(lines))


class _Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    share: float = Field(0.5, ge=0, le=1)
    rule: Literal["mean", "vote"] = "mean"
    on: bool = False


class _Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    count: int
    over: Literal["all"] | list[str] = "all"
    inner: _Inner = _Inner()
    many: dict[str, _Inner] = {}
    each: list[_Inner] = []
    name: str = Field("x", min_length=1)


def _complaint(text: str) -> ConfigError:
    source = parse_yaml(text, Path("f.yaml"))
    with pytest.raises(ValidationError) as caught:
        _Outer.model_validate(source.data)
    return config_errors_from_pydantic(caught.value, source, _Outer)


TOLD = {
    "misspelt": ("count: 1\ninner:\n  shore: 1\n", 3, "inner.shore", "did you mean 'share'?"),
    "misspelt at the top": ("count: 1\niner: {}\n", 2, "iner", "did you mean 'inner'?"),
    "misspelt in a list": (
        "count: 1\neach:\n- share: 1\n- rul: x\n",
        4,
        "each[1].rul",
        "did you mean 'rule'?",
    ),
    "misspelt in a mapping": (
        "count: 1\nmany:\n  z:\n    shar: 1\n",
        4,
        "many.z.shar",
        "did you mean 'share'?",
    ),
    "all names": ("count: 1\ninner:\n  qqq: 1\n", 3, "inner.qqq", "allowed: share, rule, on"),
    "missing": ("name: y\n", 1, "count", "missing and has no default"),
    "range": ("count: 1\ninner: {share: 1.5}\n", 2, "inner.share", "out of range (found 1.5); allowed: <= 1"),
    "choice": (
        "count: 1\ninner: {rule: vot}\n",
        2,
        "inner.rule",
        "allowed: mean, vote; did you mean 'vote'?",
    ),
    "text for a number": ("count: 1\ninner: {share: x}\n", 2, "inner.share", "must be a number (found 'x')"),
    "decimal for a count": ("count: 1.0\n", 1, "count", "must be a whole number (found 1.0)"),
    "truth for a count": ("count: true\n", 1, "count", "must be a whole number (found True)"),
    "yes": ("count: 1\ninner: {on: yes}\n", 2, "inner.on", "true or false (in YAML 1.2 `yes` is a word)"),
    "nothing": ("count:\n", 1, "count", "must be a whole number; it has no value"),
    "no block": ("count: 1\ninner: 3\n", 2, "inner", "must be a block"),
    "short": ("count: 1\nname: ''\n", 2, "name", "too short (found ''); allowed: at least 1"),
    "neither": ("count: 1\nover: some\n", 2, "over", "allowed: all"),
    "number for text": ("count: 1\nover: [a, 3]\n", 2, "over[1]", "must be text (found 3)"),
}


@pytest.mark.parametrize("kind", TOLD)
def test_pydantic_complaints_name_line_key_value_and_remedy(kind: str) -> None:
    text, line, key, words = TOLD[kind]
    error = _complaint(text)
    found = [error, *getattr(error, "others", ())]
    assert any(one.line == line and one.key == key and words in str(one) for one in found), str(error)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    error = _complaint("inner:\n  share: 2\nname: 3\ncount: x\n")
    assert isinstance(error, ManyConfigError)
    assert [error.line, *(one.line for one in error.others)] == [2, 3, 4]
    assert str(error).count("f.yaml, line") == 3


def test_dotted() -> None:
    assert dotted(("a", "b", 2, "c")) == "a.b[2].c"
