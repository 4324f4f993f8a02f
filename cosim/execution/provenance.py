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
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from cosim.errors import ConfigError
from cosim.execution.atomic_files import write_text
from cosim.execution.json_files import DamagedError, check_keys, read_json
from cosim.execution.processor import processor
from cosim.version import __version__

FILE = "provenance.json"
REMEDY = "restore it from a copy, or delete it and write it again with `cosim run CONFIG --resume`"
LOST = "written again after the first was lost: platform and times are not those of the runs"
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
# Files of `studies` that show results; its designs and whatever else is there make them.
_SHOWS = (
    *("findings", "figures", "impacts", "report", "summary", "tables", "texts", "results"),
    *("common", "shared_findings", "report_head", "report_texts", "arm_titles", "assumptions"),
    *("factor_titles", "prices", "columns", "citation", "limitations", "groups", "own_outcomes"),
    *("widths", "drawn_ways", "looked_again", "difference_findings"),
)
# What looks at results or shows them, and can change without changing them: rooms, and files of `studies`.
_AFTERWARDS = (
    *("analysis", "api", "browser", "charts", "cli", "documents", "formatting", "reporting"),
    *("meeting_logs", "patterns", "calibration", "validation", "observation", "packing"),
    *(f"studies/{name}" for name in _SHOWS),
)
# What can change a report beside the tables that it is made of.
_REPORT_PACKAGES = ("matplotlib", "numpy", "scipy", "pandas", "pyarrow", "jinja2")
# The shape of the record, as far as anything is read from it.
_RECORD: Mapping[str, type] = {"software": dict, "study": dict}
_SOFTWARE_MORE: Mapping[str, tuple[type, ...]] = {"code": (str,), "git": (dict, type(None))}
_RECORD_MORE: Mapping[str, type] = {
    "platform": dict, "environment": dict, "resources": dict, "earlier": list, "started": str, "ended": str,
    "note": str, "manifest": str,
}  # fmt: skip
_STUDY: Mapping[str, type] = {
    "name": str, "kind": str, "run_id": str, "design": str, "worlds": int, "replicates": int, "seed": int,
    "engine": str, "notes": dict, "config": dict,
}  # fmt: skip
_STUDY_MORE: Mapping[str, type] = {"title": str, "points": int, "runs": int, "shard": str}
_CONFIG_MORE: Mapping[str, tuple[type, ...]] = {
    "title": (str, type(None)), "question": (str, type(None)), "outcomes": (list,), "output": (dict,),
}  # fmt: skip
# Settings that can change numbers or speed; nothing else of the environment is recorded.
_VARIABLES = ("PYTHONHASHSEED", "NUMBA_NUM_THREADS", "NUMBA_DISABLE_JIT", "NUMBA_CPU_NAME", "OMP_NUM_THREADS")


def version() -> str:
    """Return cosim's version."""
    return __version__


@cache
def code_fingerprint() -> str:
    """Return version and a hash of the source and data that results are made with."""
    return _fingerprint(_AFTERWARDS, _SOURCE)


@cache
def report_versions() -> dict[str, str]:
    """Return what the bytes of a report may depend on, beside the tables and the record it is made of."""
    packages = {f"package {name}": found for name in _REPORT_PACKAGES if (found := _installed(name))}
    code = _fingerprint(("browser", "cli"), (*_SOURCE, ".html", ".css", ".md", ".j2"))
    return {"code": code, "python": platform.python_version(), "system": platform.system(),
            "machine": platform.machine(), "processor": processor(), **packages}  # fmt: skip


def _fingerprint(left_out: Sequence[str], suffixes: Sequence[str]) -> str:
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.suffix in suffixes}
    for name, path in sorted(files.items()):
        room = name.partition("/")[0]
        if {room, f"{room}/{Path(name).stem}"} & set(left_out):
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
        "processor": processor(),
        "python": platform.python_version(),
        **{f"package {name}": found for name, found in package_versions().items() if found is not None},
    }


def package_versions() -> dict[str, str | None]:
    """Return the version of every package that results are made with; None for one that is not there."""
    return {name: _installed(name) for name in PACKAGES}


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


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
    try:
        earlier = read_provenance(folder)
    except ConfigError:
        earlier = {}
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
    """Read the record of a study's folder; empty when there is none.

    Raises
    ------
    DamagedError
        When it is not what cosim writes; the remedy is named.
    """
    path = folder / FILE
    try:
        found = check_keys(read_json(path), _RECORD, path, optional=_RECORD_MORE)
        check_keys(found["software"], {"version": str}, path, optional=_SOFTWARE_MORE)
        study = check_keys(found["study"], _STUDY, path, optional=_STUDY_MORE)
        config = check_keys(study["config"], {}, path, optional=_CONFIG_MORE)
        _check_all(found.get("platform", {}).values(), str, path)
        _check_all(found.get("earlier", []), dict, path)
        _check_all(config.get("outcomes", []), str, path)
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except DamagedError as error:
        raise DamagedError(
            f"{error.message}; {REMEDY}", file=path, key=error.key, value=error.value, allowed=error.allowed
        ) from None
    return found


def _check_all(values: Iterable[Any], kind: type, path: Path) -> None:
    for value in values:
        if not isinstance(value, kind):
            raise DamagedError("is damaged: wrong type", file=path, value=str(value)[:60])


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
