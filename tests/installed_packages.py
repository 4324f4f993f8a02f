"""Small packages as an installer leaves them: a folder, and beside it what says what is in it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def installed(folder: Path, package: str, version: str, groups: dict[str, dict[str, str]]) -> None:
    """Put what an installer writes beside a package: its name, version and entry points."""
    info = folder / f"{package.replace('-', '_')}-{version}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n", encoding="utf-8"
    )
    lines = []
    for group, entries in groups.items():
        lines += [f"[{group}]", *(f"{name} = {value}" for name, value in entries.items())]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def run(
    folder: Path, *words: str, script: str = "from cosim.cli import main; main()"
) -> subprocess.CompletedProcess[str]:
    """Run cosim, or a script, in a process that finds the packages in a folder."""
    code = f"import sys; sys.path.insert(0, {str(folder)!r}); {script}"
    command = [sys.executable, "-c", code, *words]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False, cwd=folder)
