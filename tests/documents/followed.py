"""Follow a page of instructions as a reader would: save its files, run its commands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from click.testing import CliRunner, Result

from cosim.cli import main

_BLOCK = re.compile(
    r"(?P<before>[^\n]*(?:\n[^\n`]*)?)\n\n?```(?P<language>\w+)\n(?P<text>.*?)^```", re.M | re.S
)
_SAVED = re.compile(r"[Ss]ave this as `([^`]+)`")


def follow(page: Path, folder: Path) -> list[tuple[str, Result]]:
    """Save each YAML block under the name that the line above gives it; run each `cosim` line in ``folder``.

    Returns
    -------
    list of (command, result)
        In the page's order. The caller's working directory must be ``folder``.
    """
    ran = []
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        if block["language"] == "yaml" and (named := _SAVED.search(block["before"])):
            (folder / named[1]).write_text(block["text"], encoding="utf-8")
        elif block["language"] in {"sh", "console"}:
            for line in block["text"].splitlines():
                words = shlex.split(line, comments=True)
                if words[:1] == ["cosim"]:
                    ran.append((line, CliRunner().invoke(main, words[1:], catch_exceptions=False)))
    return ran
