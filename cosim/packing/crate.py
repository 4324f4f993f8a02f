"""The RO-Crate of a pack: which program made which files of which, in the Process Run Crate profile."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from cosim.execution.manifest import Entry
from cosim.studies.citation import RESULTS_LICENCE, SOFTWARE_TITLE

FILE: Final = "ro-crate-metadata.json"
CRATE: Final = "https://w3id.org/ro/crate/1.1"
PROFILE: Final = "https://w3id.org/ro/wfrun/process/0.5"
_TERMS: Final = {"sha256": "https://w3id.org/ro/terms/workflow-run#sha256"}
LICENCE_PAGE: Final = "https://creativecommons.org/licenses/by/4.0/"

_ABOUT_ITSELF: Final[Mapping[str, Any]] = {
    "@id": FILE,
    "@type": "CreativeWork",
    "conformsTo": {"@id": CRATE},
    "about": {"@id": "./"},
}
_PROFILE_USED: Final[Mapping[str, Any]] = {
    "@id": PROFILE,
    "@type": "CreativeWork",
    "name": "Process Run Crate",
    "version": "0.5",
}
_RESULTS_LICENCE: Final[Mapping[str, Any]] = {
    "@id": LICENCE_PAGE,
    "@type": "CreativeWork",
    "name": RESULTS_LICENCE,
    "description": "Creative Commons Attribution 4.0 International, for the results and their texts.",
}
_PROGRAM_LICENCE: Final[Mapping[str, Any]] = {
    "@id": "https://spdx.org/licenses/MIT.html",
    "@type": "CreativeWork",
    "name": "MIT",
    "description": "MIT licence, for the program.",
}
_HASHES: Final[Mapping[str, Any]] = {
    "@id": "hashes.json",
    "@type": "File",
    "name": "hashes.json",
    "description": "Size and SHA-256 of every other file, and a seal over all of them.",
    "encodingFormat": "application/json",
}

_FORMATS: Final[Mapping[str, str | list[Any]]] = {
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".log": "text/plain",
    ".yaml": "application/yaml",
    ".cff": "application/yaml",
    ".bib": "application/x-bibtex",
    ".ris": "application/x-research-info-systems",
}


def metadata(
    record: Mapping[str, Any],
    files: Mapping[str, Entry],
    told: Mapping[str, str],
    *,
    title: str,
    description: str,
    authors: Sequence[str],
    inputs: Sequence[str],
) -> str:
    """Return ``ro-crate-metadata.json``.

    Parameters
    ----------
    record : mapping
        The study's ``provenance.json``.
    files : mapping of str to Entry
        Every file of the pack but this one and the hash list.
    told : mapping of str to str
        What a file is, by its name; others are told by their folder.
    title, description : str
    authors : sequence of str
        ``Family, Given`` for a person.
    inputs : sequence of str
        Files that the program was given; those of the folder ``study/`` are otherwise what it made.
    """
    people = [_author(name, number) for number, name in enumerate(authors, 1)]
    names = [one["@id"] for one in people]
    graph = [
        _ABOUT_ITSELF,
        _root(record, title, description, names, [*files, _HASHES["@id"]]),
        _PROFILE_USED,
        _RESULTS_LICENCE,
        *people,
        _program(record),
        _PROGRAM_LICENCE,
        _action(record, names[0], inputs, files),
        *(_file(name, entry, told.get(name, "")) for name, entry in files.items()),
        _HASHES,
    ]
    crate = {"@context": [f"{CRATE}/context", _TERMS], "@graph": graph}
    return json.dumps(crate, indent=1, ensure_ascii=False) + "\n"


def _root(
    record: Mapping[str, Any], title: str, description: str, people: Sequence[str], parts: Sequence[str]
) -> dict[str, Any]:
    """Return the pack as a whole."""
    ended = _ended(record)
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": description,
        "identifier": f"cosim-design-{record['study']['design']}",
        "datePublished": ended[:10] if ended != "unknown" else "unknown",
        "license": {"@id": LICENCE_PAGE},
        "author": _linked(people),
        "conformsTo": {"@id": PROFILE},
        "hasPart": _linked(parts),
        "mentions": {"@id": "#run"},
    }


def _action(
    record: Mapping[str, Any], agent: str, inputs: Sequence[str], files: Mapping[str, Entry]
) -> dict[str, Any]:
    """Return the run: from which files which program made which."""
    action: dict[str, Any] = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"Run of {record['study']['name']} with cosim {_version(record)}",
        "description": _counts(record["study"]),
        "instrument": {"@id": _program(record)["@id"]},
        "agent": {"@id": agent},
        "object": _linked(inputs),
        "result": _linked([name for name in files if name.startswith("study/") and name not in inputs]),
        "actionStatus": "http://schema.org/CompletedActionStatus",
        "endTime": _ended(record),
    }
    if record.get("started"):
        action["startTime"] = str(record["started"])
    return action


def _program(record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@id": f"#cosim-{_version(record)}",
        "@type": "SoftwareApplication",
        "name": SOFTWARE_TITLE,
        "softwareVersion": _version(record),
        "identifier": str(record["software"].get("code", "")),
        "license": {"@id": _PROGRAM_LICENCE["@id"]},
    }


def _version(record: Mapping[str, Any]) -> str:
    return str(record["software"]["version"])


def _ended(record: Mapping[str, Any]) -> str:
    return str(record.get("ended", "")) or "unknown"


def _counts(study: Mapping[str, Any]) -> str:
    runs = f"{study['runs']:,} simulated projects" if "runs" in study else "simulated projects"
    return f"cosim run: {runs}, {study['replicates']:,} replicates each, seed {study['seed']}."


def _linked(names: Sequence[str]) -> dict[str, str] | list[dict[str, str]]:
    """Return references to entities; a single one stands alone."""
    found = [{"@id": name} for name in names]
    return found[0] if len(found) == 1 else found


def _author(name: str, number: int) -> dict[str, Any]:
    family, comma, given = name.partition(",")
    if not comma:
        return {"@id": f"#author-{number}", "@type": "Organization", "name": name}
    return {
        "@id": f"#author-{number}",
        "@type": "Person",
        "name": f"{given.strip()} {family.strip()}",
        "familyName": family.strip(),
        "givenName": given.strip(),
    }


def _file(name: str, entry: Entry, told: str) -> dict[str, Any]:
    return {
        "@id": name,
        "@type": "File",
        "name": PurePosixPath(name).name,
        "description": told or _by_folder(name),
        "encodingFormat": _FORMATS.get(PurePosixPath(name).suffix, "application/octet-stream"),
        "contentSize": str(entry.size),
        "sha256": entry.sha256,
    }


def _by_folder(name: str) -> str:
    for folder, told in (
        ("study/figures/", "A figure of the report."),
        ("study/tables/", "Numbers behind the report, as CSV."),
        ("checklists/", "A reporting checklist, filled as far as the program knows."),
    ):
        if name.startswith(folder):
            return told
    return "A file of the study."
