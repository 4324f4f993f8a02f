"""Where results come from: software, versions, git state, settings, environment, resources, times.

Times and names of machines are kept here and in the log, never in the tables, whose bytes can so be compared.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from cosim.experiment.whole_files import write_text

FILE = "provenance.json"
PACKAGES = (
    "numpy",
    "scipy",
    "numba",
    "llvmlite",
    "pandas",
    "pyarrow",
    "mesa",
    "SALib",
    "pydantic",
    "ruamel.yaml",
)
_SOURCE = (".py", ".yaml", ".csv", ".json")
# What looks at results or shows them, and can change without changing them.
_AFTERWARDS = ("analysis", "browser", "cli", "evidence", "reporting")
# Settings that can change numbers or speed; nothing else of the environment is recorded.
_VARIABLES = ("PYTHONHASHSEED", "NUMBA_NUM_THREADS", "NUMBA_DISABLE_JIT", "NUMBA_CPU_NAME", "OMP_NUM_THREADS")


def version() -> str:
    """Return cosim's version."""
    try:
        return metadata.version("cosim")
    except metadata.PackageNotFoundError:
        return "unknown"


@cache
def code_fingerprint() -> str:
    """Return version and a hash of the source and data that results are made with."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.suffix in _SOURCE}
    for name, path in sorted(files.items()):
        if name.partition("/")[0] in _AFTERWARDS:
            continue
        digest.update(name.encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return f"{version()}+{digest.hexdigest()[:12]}"


def git_state() -> dict[str, Any] | None:
    """Return commit and cleanness of the checkout that cosim runs from, or None when it is not one."""
    root = Path(__file__).resolve().parent.parent.parent
    if not (root / ".git").exists():
        return None
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changed = _git(root, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit, "dirty": bool(changed)}


def platform_facts() -> dict[str, str]:
    """Return what bits of results may depend on: two equal answers mean that equal bytes are expected."""
    return {
        "system": platform.system(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        **{f"package {name}": found for name, found in package_versions().items() if found is not None},
    }


def package_versions() -> dict[str, str | None]:
    """Return the version of every package that results are made with; None for one that is not there."""
    found: dict[str, str | None] = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found


def provenance(study: Mapping[str, Any], started: datetime, resources: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything about where results come from.

    Parameters
    ----------
    study : mapping
        What was run: design hash, seeds, counts, resolved config.
    started : datetime
        With time zone.
    resources : mapping
        Seconds, workers, and the like.
    """
    return {
        "software": {"name": "cosim", "version": version(), "code": code_fingerprint(), "git": git_state()},
        "platform": platform_facts(),
        "environment": {
            "implementation": platform.python_implementation(),
            "release": platform.release(),
            "processor": platform.processor() or platform.machine(),
            "processors": os.cpu_count(),
            "variables": {name: os.environ[name] for name in _VARIABLES if name in os.environ},
            "command": [Path(sys.argv[0]).name, *sys.argv[1:]],
        },
        "study": dict(study),
        "resources": {**resources, **process_use()},
        "started": started.isoformat(timespec="seconds"),
        "ended": datetime.now().astimezone().isoformat(timespec="seconds"),
    }


def write_provenance(folder: Path, record: Mapping[str, Any]) -> None:
    """Write the record into a folder; times of earlier calls (before a resume) are kept in it."""
    earlier = read_provenance(folder)
    data = dict(record)
    if earlier:
        before = earlier.pop("earlier", [])
        short = {key: earlier[key] for key in ("started", "ended", "resources") if key in earlier}
        data["earlier"] = [*before, short]
    keep_provenance(folder, data)


def keep_provenance(folder: Path, record: Mapping[str, Any]) -> None:
    """Write a whole record, in place of the one that is there."""
    write_text(folder / FILE, json.dumps(record, indent=1, ensure_ascii=False) + "\n")


def read_provenance(folder: Path) -> dict[str, Any]:
    """Read a folder's record; empty when there is none that can be read."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def process_use() -> dict[str, float]:
    """Return processor seconds and peak memory (MB) of this process and its ended children, where known."""
    try:
        import resource
    except ImportError:  # Windows
        return {}
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "cpu_seconds": round(own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime, 3),
        "peak_memory_mb": round(max(own.ru_maxrss, children.ru_maxrss) * unit / 1e6, 1),
    }


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True, timeout=10
    )
    return done.stdout.strip()
