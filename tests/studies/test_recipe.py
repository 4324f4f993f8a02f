"""CONTRIBUTING's recipe for a study kind, followed step by step: one folder and one line are enough."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

import cosim.studies
from cosim.cli.json_schema import study_schema
from cosim.documents.glossary import study_keys
from cosim.errors import ConfigError
from cosim.studies import registry
from cosim.studies.config import load_config
from cosim.studies.registry import FOLDERS, KINDS, read_kind
from tests.cli.terminal import cosim as command
from tests.execution.fakes import Toy

pytestmark = pytest.mark.usefixtures("one_format")

ROOT = Path(__file__).resolve().parents[2]
NAME = "variation"


def blocks(language: str) -> list[str]:
    """The recipe's blocks of a language, without the indentation of the list they stand in."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    recipe = text.split("### Add a study kind")[1].split("\n## ")[0]
    found = re.findall(rf"^   ```{language}\n(.*?)^   ```$", recipe, flags=re.M | re.S)
    return [textwrap.dedent(block) for block in found]


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder as the recipe writes it, known to the registry as its line makes it."""
    place = tmp_path_factory.mktemp("studies")
    folder = place / NAME
    folder.mkdir()
    (folder / "__init__.py").touch()
    for file, text in zip(("design", "findings", "report"), blocks("python"), strict=True):
        (folder / f"{file}.py").write_text(text, encoding="utf-8")
    (folder / "report.md.j2").write_text(blocks("jinja")[0], encoding="utf-8")
    (place / "config.yaml").write_text(blocks("yaml")[0], encoding="utf-8")
    paths = list(cosim.studies.__path__)
    cosim.studies.__path__.append(str(place))
    KINDS.add(read_kind(NAME))
    yield place
    KINDS.remove(NAME)
    cosim.studies.__path__[:] = paths


def test_the_line_follows_the_last_folder_of_the_registry() -> None:
    before, line = blocks("diff")[0].splitlines()
    assert before.strip(' ",') == FOLDERS[-1]
    assert line == f'+    "{NAME}",'
    assert f'\n    "{FOLDERS[-1]}",\n)' in Path(registry.__file__).read_text(encoding="utf-8")


def test_a_study_of_the_new_kind_runs_to_its_report(added: Path) -> None:
    result = command("run", added / "config.yaml", "-o", added / "out", "-w", "1")
    assert result.exit_code == 0, result.output
    runs = pd.read_parquet(added / "out" / "runs.parquet")
    assert len(runs) == 3 * 4
    expected = (runs.groupby("world")["influence_gini"].var(ddof=1).mean()) ** 0.5
    shown = pd.read_csv(added / "out" / "tables" / "variation.csv")
    assert shown["sd"].tolist() == pytest.approx([expected])
    assert f"{expected:.3f}" in result.output
    assert f'<section id="{NAME}">' in (added / "out" / "report.html").read_text(encoding="utf-8")


def test_its_mistakes_are_refused_like_any_others(added: Path, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    good = (added / "config.yaml").read_text(encoding="utf-8").replace("influence_gini", "effect")
    for text, key, nearest in (
        (good.replace("arm: baseline", "arm: basline"), "variation.arm", "baseline"),
        (good.replace("{arm: baseline}", "{arn: baseline}"), "variation.arn", "arm"),
        (good.replace("study: variation", "study: variaton"), "study", NAME),
        (good + "screen: {}\n", "screen", None),
    ):
        config.write_text(text, encoding="utf-8")
        with pytest.raises(ConfigError) as caught:
            load_config(config, lambda *_: Toy())
        assert (caught.value.key, caught.value.nearest) == (key, nearest)
        assert caught.value.file == config
        assert caught.value.line


def test_schema_and_glossary_know_it(added: Path) -> None:
    schema = study_schema()
    assert NAME in schema["properties"]["study"]["enum"]
    assert NAME in schema["properties"]
    assert KINDS[NAME].sentence in study_keys()[NAME]
    assert f"{NAME}.arm" in study_keys()
