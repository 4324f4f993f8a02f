"""cosim validate --quick: the table on the terminal, and page, document and figures in the folder."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.terminal import cosim


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    from cosim.validation import simulated

    monkeypatch = pytest.MonkeyPatch()
    monkeypatch.setattr(simulated, "QUICK", simulated.Effort(samples=10, groups=40, projects=10))
    folder = tmp_path_factory.mktemp("validation")
    result = cosim("validate", "--quick", "--seed", "2", "-o", folder)
    monkeypatch.undo()
    assert result.exit_code == 0
    return result.stdout, folder


def test_every_pattern_is_in_the_printed_table(quick: tuple[str, Path]) -> None:
    printed, _ = quick
    for name in [f"A{n}" for n in range(1, 15)] + [f"C{n}" for n in range(1, 23)] + ["L1"]:
        assert re.search(rf"^{name} ", printed, re.M), name
    assert re.search(r"Of \d+ numbers that count, the model meets \d+", printed)
    assert "not represented" in printed
    assert "Equal chance" in printed


def test_the_page_stands_alone_and_names_what_is_missing(quick: tuple[str, Path]) -> None:
    _, folder = quick
    page = (folder / "validation.html").read_text()
    assert not re.search(r"<(script|link|img)\b|src=", page)
    assert "No published share of the talk of public contributors" in page
    assert page.count("<svg") >= 2 * 14
    for name in ("What is missed, and why", "Null models", "How far one parameter would carry"):
        assert name in page


def test_document_table_and_figures(quick: tuple[str, Path]) -> None:
    _, folder = quick
    document = (folder / "validation.md").read_text()
    for name in re.findall(r"\(figures/(\w+\.png)\)", document):
        assert (folder / "figures" / name).stat().st_size > 5000
    assert document.count("](figures/") >= 15
    table = pd.read_csv(folder / "findings.csv")
    assert set(table["pattern"]) >= {"A1", "C1", "L1", "M1"}
    assert len(re.findall(r"^\| [ACLM]\d+ \|", document.split("## What is missed")[0], re.M)) == len(table)


def test_a_seed_below_one_is_refused() -> None:
    result = cosim("validate", "--seed", "0")
    assert result.exit_code == 2
    assert "--seed" in result.output
