"""The pages on what one brings oneself are followed to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from cosim.catalogue import scenario_from_source
from cosim.config.yaml_source import parse_yaml
from tests.documents.followed import follow

PAGES = Path(__file__).resolve().parents[2] / "docs" / "how_to"


@pytest.mark.parametrize("name", ["own_team", "own_ways"])
def test_every_command_works_as_it_stands(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = follow(PAGES / f"{name}.md", tmp_path)
    assert len(ran) >= 2
    for command, result in ran:
        assert result.exit_code == 0, (command, result.output)


def test_the_sources_shown_are_ones_that_a_scenario_takes() -> None:
    text = (PAGES / "own_team.md").read_text(encoding="utf-8")
    (shown,) = [
        part for part in text.split("```yaml\n") if part.startswith("extends: research_team\nsources:")
    ]
    scenario = scenario_from_source(parse_yaml(shown.partition("```")[0]))
    assert [isinstance(source, str) for source in scenario.sources] == [False, True]
    assert scenario.assumed
