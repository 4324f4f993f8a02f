"""The page on using cosim from Python is followed to the letter."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how_to" / "python.md"
STUDY = """
study: compare
scenario: research_team
interventions: [round_robin]
worlds: {count: 4}
replicates: 3
"""


def test_every_block_runs_as_it_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my_study.yaml").write_text(STUDY, encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert len(blocks) == 4
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), space)
    assert (tmp_path / "results" / "mine" / "report.html").is_file()
