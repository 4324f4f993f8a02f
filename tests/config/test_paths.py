"""Paths as people write them: read in one place, or refused with what to write instead."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from cosim.catalogue import load_scenario
from cosim.config.paths import is_dir, is_file, read_path, refuse_special, write_path
from cosim.config.yaml_source import read_yaml
from cosim.errors import ConfigError
from tests.cli.terminal import cosim, tree

CONFIG = "study: compare\nscenario: research_team\ninterventions: [round_robin]\nreplicates: 2\n"
FOR_NOBODY = [
    "", "  ", "a\0b", "a\nb", "a\tb", "a\x1b[31m", "x\x85", "n" * 300,
    "d/" + "é" * 200, "\udcff", "a/" * 2000,
]  # fmt: skip
NOT_TO_WRITE = [
    "aux", "CON", "nul.txt", "a/com1/b", "re:sults", "a ", "a.", "a. /b", "$HOME/x", "${X}", "%TEMP%/x",
    "~nobody-of-this-name/x", "a/b:c", "lpt9.tar.gz", "n" * 250,
]  # fmt: skip
FINE = [
    "results", "my out – 研究 a=b,c", "../up/./x",
    "-dash", "console", "a.b", "costs $5", "100 %", "..", "a~", "x/~y",
]  # fmt: skip


@pytest.mark.parametrize("text", [*FOR_NOBODY, *NOT_TO_WRITE], ids=lambda text: repr(text)[:20])
def test_a_path_that_ends_somewhere_unforeseen_is_not_written(text: str) -> None:
    with pytest.raises(ConfigError) as found:
        write_path(text, key="output", line=3)
    assert (found.value.key, found.value.line) == ("output", 3)
    assert str(found.value).isprintable()
    assert len(str(found.value)) < 300


@pytest.mark.parametrize("text", FOR_NOBODY, ids=lambda text: repr(text)[:20])
def test_no_file_has_such_a_path(text: str) -> None:
    with pytest.raises(ConfigError):
        read_path(text)
    assert not is_file(Path(text))
    assert not is_dir(Path(text)) or not text.strip()


@pytest.mark.parametrize("text", FINE)
def test_other_paths_are_taken_as_they_are(text: str) -> None:
    assert write_path(text) == read_path(text) == Path(text)


def test_a_tilde_is_the_home_folder_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert write_path("~/x") == read_path("~/x") == tmp_path / "x"
    assert write_path("~") == tmp_path
    assert write_path("~/~/x") == tmp_path / "~" / "x"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes that have a name")
def test_a_pipe_or_a_device_is_refused_without_being_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.yaml"
    os.mkfifo(pipe)
    for path in (pipe, Path(os.devnull)):
        with pytest.raises(ConfigError):
            refuse_special(path)
        with pytest.raises(ConfigError):
            read_yaml(path)
        for command in ("check", "run"):
            assert cosim(command, path).exit_code == 2
    with pytest.raises(ConfigError):
        load_scenario(str(pipe))
    config = tmp_path / "c.yaml"
    for text in (f"extends: {pipe.name}\n{CONFIG}", CONFIG.replace("research_team", "./pipe.yaml")):
        config.write_text(text)
        assert cosim("check", config).exit_code == 2
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    refuse_special(config)
    refuse_special(tmp_path / "nothing")


@pytest.mark.parametrize(
    "text", ["a\\0b.yaml", "n" * 300 + ".yaml", "a\\nb.yaml"], ids=["NUL", "long", "newline"]
)
def test_what_a_config_extends_or_runs_is_a_path_too(text: str, tmp_path: Path) -> None:
    config = tmp_path / "c.yaml"
    for line, written in (
        (1, f'extends: "{text}"\n{CONFIG}'),
        (2, CONFIG.replace("research_team", f'"{text}"')),
    ):
        config.write_text(written)
        result = cosim("check", config)
        assert result.exit_code == 2
        assert f"c.yaml, line {line}: " in result.stderr
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("text", [*NOT_TO_WRITE, "C:\\new\tables"], ids=lambda text: repr(text)[:20])
def test_check_refuses_an_output_folder_that_run_would(text: str, tmp_path: Path) -> None:
    import json

    config = tmp_path / "c.yaml"
    config.write_text(CONFIG + f"output: {{ folder: {json.dumps(text)} }}\n")
    result = cosim("check", config)
    assert result.exit_code == 2
    assert "c.yaml, line 5: output.folder: " in result.stderr
    for command in (["run", config], ["run", config, "--output", text]):
        assert cosim(*command).exit_code == 2
    assert list(tree(tmp_path)) == ["c.yaml"]
