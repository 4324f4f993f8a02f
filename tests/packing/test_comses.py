"""The CoMSES folder has what the library asks for, and only packs that are whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cosim.errors import ConfigError
from cosim.packing.comses import comses_folder

ROOT = Path(__file__).parents[2]


def test_the_comses_folder_has_what_the_library_asks_for(packed, tmp_path):
    try:
        made = comses_folder(ROOT, tmp_path / "comses", [packed.path])
    except ConfigError as refused:
        if "checkout" in str(refused):
            pytest.skip("not a checkout")
        raise
    assert {"LICENSE", "CITATION.cff", "codemeta.json", "docs/ODD.md", "docs/RUN.md"} <= set(made)
    assert {"code/pyproject.toml", "code/cosim/__init__.py", "data/configs/which_interventions.yaml"} <= set(
        made
    )
    assert "results/out.zip" in made
    json.loads((tmp_path / "comses" / "codemeta.json").read_text(encoding="utf-8"))
    with pytest.raises(ConfigError, match="already"):
        comses_folder(ROOT, tmp_path / "comses")
    pack = tmp_path / "study.zip"
    pack.write_text("no zip", encoding="utf-8")
    with pytest.raises(ConfigError, match="is no zip"):
        comses_folder(ROOT, tmp_path / "other", [pack])
