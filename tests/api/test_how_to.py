"""The page on using cosim from Python is followed to the letter."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "how_to" / "python.md"
DATA = Path(__file__).parents[2] / "cosim" / "meeting_logs" / "data" / "examples"
EXAMPLES = {
    "meeting.vtt": "invented_meeting.vtt",
    "people.csv": "invented_people.csv",
    "views.csv": "invented_views.csv",
}
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
    for name, example in EXAMPLES.items():
        shutil.copy(DATA / example, tmp_path / name)
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    assert len(blocks) == 5
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(PAGE), "exec"), space)
    assert (tmp_path / "results" / "mine" / "report.html").is_file()
