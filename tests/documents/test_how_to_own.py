"""The pages on what one brings oneself are followed to the letter."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.documents.followed import follow

PAGES = Path(__file__).resolve().parents[2] / "docs" / "how_to"


@pytest.mark.parametrize("name", ["own_team", "own_ways"])
def test_every_command_works_as_it_stands(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ran = follow(PAGES / f"{name}.md", tmp_path)
    assert len(ran) >= 2
    for command, result in ran:
        assert result.exit_code == 0, (command, result.output)
