"""A report alone can be run again: its resolved config is read from the page, whatever letters it has."""

from __future__ import annotations

import pytest

from cosim.errors import ConfigError
from cosim.packing.report_page import differing_parts, read_report_page
from tests.cli.terminal import cosim


def test_the_config_is_read_letter_by_letter(study):
    page = read_report_page(study / "report.html")
    assert page.config == (study / "config.yaml").read_text(encoding="utf-8")
    assert page.name == "who_decides"
    assert {"answer", "facts", "ranking", "methods", "cite"} <= set(page.sections)
    assert "seed" in page.sections["facts"]


def test_a_report_alone_is_run_again(study, tmp_path):
    alone = tmp_path / "report.html"
    alone.write_bytes((study / "report.html").read_bytes())
    done = cosim("rerun", alone, "-o", tmp_path / "again", "-w", "1")
    assert done.exit_code == 0, done.output
    assert "reproduced: all " in done.stdout
    for name in ("runs.parquet", "design.parquet"):
        assert (tmp_path / "again" / name).read_bytes() == (study / name).read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["again", "report.html"]
    told = alone.read_text(encoding="utf-8")
    changed = tmp_path / "changed.html"
    changed.write_text(told.replace("In this model", "In all of life", 1), encoding="utf-8")
    parts = differing_parts(read_report_page(changed), read_report_page(alone))
    assert list(parts) == ["answer"]


def test_other_pages_are_refused(tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<html><pre>hello</pre></html>", encoding="utf-8")
    done = cosim("rerun", page)
    assert done.exit_code == 2
    assert "no report of cosim" in done.stderr
    page.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="not text"):
        read_report_page(page)
