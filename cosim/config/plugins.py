"""What other Python packages add: found through their entry points, checked, and stamped with their content.

A package names what it adds in its ``pyproject.toml``: ``[project.entry-points."cosim.interventions"]``, and
below it ``walking = "my_package:WALKING"``.  What cannot be used is left out with a warning, and listed by
`cosim plugins` with the reason; nothing that a study did not ask for enters its identity.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from cosim.errors import CosimError

GROUPS: Final[Mapping[str, str]] = {
    "cosim.interventions": "interventions",
    "cosim.outcomes": "outcomes",
    "cosim.scenarios": "scenarios",
    "cosim.patterns": "patterns",
    "cosim.studies": "kinds of study",
}
"""Groups of entry points, and what is found there."""

_LOG = logging.getLogger("cosim")
_HASHED = (".py", ".yaml", ".yml", ".csv", ".json", ".j2")


@dataclass
class Plugin:
    """One entry point of another package.

    Attributes
    ----------
    group, name, value : str
        As in the package's metadata.
    package, version : str
        The distribution that it came with.
    content : str
        Hash of the source and data of its top-level package; 12 hex digits, "" when they cannot be found.
    records : tuple of str
        Names of what it added.
    problem : str
        Why it is not used; "" when it is.
    """

    group: str
    name: str
    value: str
    package: str
    version: str
    content: str = ""
    records: tuple[str, ...] = ()
    problem: str = ""
    _entry: metadata.EntryPoint | None = field(default=None, repr=False)

    @property
    def stamp(self) -> str:
        """Package, version and content in one word: what enters identities and provenance."""
        return f"{self.package}-{self.version}+{self.content}"

    def load(self) -> Any:
        """Return what the entry point names."""
        assert self._entry is not None
        return self._entry.load()


@cache
def plugins(group: str) -> tuple[Plugin, ...]:
    """Return every entry point of a group, by package and name; none of them is loaded by this."""
    found = []
    for entry in metadata.entry_points(group=group):
        dist = entry.dist
        package, version = (dist.name, dist.version) if dist is not None else ("unknown", "0")
        found.append(Plugin(group, entry.name, entry.value, package, version, _entry=entry))
    return tuple(sorted(found, key=lambda one: (one.package, one.name)))


def fill(group: str, read: Callable[[Any], Iterable[Any]], add: Callable[[Any], str]) -> None:
    """Load the plugins of a group and add what they bring; a broken one is left out, with its reason.

    Parameters
    ----------
    group : str
    read : callable
        Returns the records in what an entry point names; raises CosimError for what is none.
    add : callable
        Adds a record and returns its name; raises CosimError when it cannot be.
    """
    for plugin in plugins(group):
        if plugin.records or plugin.problem:
            continue
        names: list[str] = []
        try:
            for record in read(plugin.load()):
                names.append(add(record))
            plugin.content = content_hash(plugin.value)
        except CosimError as error:
            plugin.problem = str(error)
        except (Exception, SystemExit) as error:  # whatever a stranger's module does
            plugin.problem = f"{type(error).__name__}: {error}"
        if not names and not plugin.problem:
            plugin.problem = "it brings nothing"
        plugin.records = tuple(names)
        if plugin.problem:
            _LOG.warning(
                "plugin %r of %s %s is not used%s: %s",
                plugin.name,
                plugin.package,
                plugin.version,
                f" beyond {', '.join(names)}" if names else "",
                plugin.problem,
            )


def loaded() -> tuple[Plugin, ...]:
    """Return the plugins that have added something in this process."""
    return tuple(one for group in GROUPS for one in plugins(group) if one.records)


def installed() -> frozenset[str]:
    """Return the stamps of all plugins that are installed here, without loading any of them."""
    return frozenset(
        f"{one.package}-{one.version}+{content_hash(one.value)}" for group in GROUPS for one in plugins(group)
    )


def stamps(names: Iterable[str]) -> tuple[str, ...]:
    """Return the stamps of the plugins that added one of the names, each once, sorted."""
    wanted = set(names)
    return tuple(sorted({one.stamp for one in loaded() if wanted & set(one.records)}))


def content_hash(value: str) -> str:
    """Return a hash of the source and data of the top-level package that an entry point's value lies in."""
    return _content(value.partition(":")[0].partition(".")[0].strip())


@cache
def _content(top: str) -> str:
    spec = find_spec(top)
    if spec is None:
        return ""
    files: Sequence[tuple[str, Path]]
    if spec.submodule_search_locations:
        roots = [Path(place) for place in spec.submodule_search_locations]
        files = [
            (path.relative_to(root).as_posix(), path)
            for root in roots
            for path in root.rglob("*")
            if path.suffix in _HASHED and path.is_file()
        ]
    else:
        files = [(Path(spec.origin).name, Path(spec.origin))] if spec.origin else []
    digest = hashlib.sha256()
    for name, path in sorted(files):
        digest.update(name.encode() + b"\0")
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:12] if files else ""


def records_of(kind: type, given: Any) -> list[Any]:
    """Return the records that an entry point names: one, several, or a callable that returns them.

    Raises
    ------
    CosimError
        When something is no record of this kind.
    """
    if callable(given) and not isinstance(given, (type, kind)):
        given = given()
    found = [given] if isinstance(given, kind) else list(given) if isinstance(given, (list, tuple)) else None
    if found is None or not all(isinstance(one, kind) for one in found):
        raise CosimError(f"it must name a {kind.__name__}, or a list of them, not {type(given).__name__}")
    return found


def data_files(given: Any) -> list[tuple[Path, str]]:
    """Return path and text of the YAML files beside a module, or in a folder, that an entry point names.

    Raises
    ------
    CosimError
        When there are none.
    """
    places = getattr(given, "__path__", None)
    folders = (
        [Path(place) for place in places]
        if places
        else [Path(given)]
        if isinstance(given, (str, Path))
        else []
    )
    found = sorted(path for folder in folders for path in folder.glob("*.yaml"))
    if not found:
        raise CosimError("it must name a package (a folder with __init__.py) that holds *.yaml files")
    return [(path, path.read_text(encoding="utf-8")) for path in found]
