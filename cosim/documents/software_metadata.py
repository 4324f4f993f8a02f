"""``codemeta.json`` and ``.zenodo.json`` from ``pyproject.toml`` and ``CITATION.cff``.

``python -m cosim.documents.software_metadata`` renews both in a checkout; a test fails when they differ.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from cosim.execution.atomic_files import write_text

_STATUS: Final = {"3": "wip", "4": "wip", "5": "active", "6": "active", "7": "inactive"}
"""By the number of the classifier; https://www.repostatus.org has the words."""


def codemeta(project: Mapping[str, Any], citation: Mapping[str, Any]) -> dict[str, Any]:
    """Return the CodeMeta 3.0 record of the program.

    Parameters
    ----------
    project : mapping
        The block ``project`` of ``pyproject.toml``.
    citation : mapping
        ``CITATION.cff``.
    """
    urls = project.get("urls", {})
    status = next(
        (line.split("::")[1].strip()[0] for line in _classifiers(project, "Development Status")), ""
    )
    found = {
        "@context": "https://w3id.org/codemeta/3.0",
        "@type": "SoftwareSourceCode",
        "identifier": citation.get("doi"),
        "name": citation["title"],
        "alternateName": project["name"],
        "description": " ".join(str(citation["abstract"]).split()),
        "version": project["version"],
        "datePublished": _day(citation),
        "license": f"https://spdx.org/licenses/{project['license']}",
        "author": [_agent(one) for one in citation["authors"]],
        "keywords": list(project["keywords"]),
        "programmingLanguage": {"@type": "ComputerLanguage", "name": "Python"},
        "runtimePlatform": f"Python {project['requires-python']}",
        "operatingSystem": [
            line.split("::")[1].strip() for line in _classifiers(project, "Operating System")
        ],
        "developmentStatus": _STATUS.get(status),
        "softwareRequirements": list(project["dependencies"]),
        "codeRepository": citation.get("repository-code") or urls.get("Source"),
        "issueTracker": urls.get("Issues"),
        "applicationCategory": "Agent-based model",
    }
    return {key: value for key, value in found.items() if value}


def zenodo(project: Mapping[str, Any], citation: Mapping[str, Any]) -> dict[str, Any]:
    """Return what Zenodo is told about a release; parameters as for `codemeta`."""
    found = {
        "upload_type": "software",
        "title": citation["title"],
        "description": " ".join(str(citation["abstract"]).split()),
        "version": project["version"],
        "publication_date": _day(citation),
        "creators": [{"name": _name(one)} for one in citation["authors"]],
        "license": project["license"],
        "access_right": "open",
        "keywords": list(project["keywords"]),
        "language": "eng",
    }
    return {key: value for key, value in found.items() if value}


FILES: Final[dict[str, Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]]] = {
    "codemeta.json": codemeta,
    ".zenodo.json": zenodo,
}


def texts(root: Path) -> dict[str, str]:
    """Return the text of both files, by name.

    Parameters
    ----------
    root : Path
        A checkout.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    citation = YAML(typ="safe").load((root / "CITATION.cff").read_text(encoding="utf-8"))
    return {
        name: json.dumps(make(project, citation), indent=1, ensure_ascii=False) + "\n"
        for name, make in FILES.items()
    }


def _classifiers(project: Mapping[str, Any], first: str) -> list[str]:
    return [line for line in project["classifiers"] if line.startswith(first)]


def _day(citation: Mapping[str, Any]) -> str:
    return str(citation.get("date-released") or "")


def _name(author: Mapping[str, Any]) -> str:
    if "name" in author:
        return str(author["name"])
    return f"{author['family-names']}, {author['given-names']}"


def _agent(author: Mapping[str, Any]) -> dict[str, str]:
    if "name" in author:
        return {"@type": "Organization", "name": str(author["name"])}
    found = {
        "@type": "Person",
        "@id": str(author.get("orcid", "")),
        "givenName": str(author["given-names"]),
        "familyName": str(author["family-names"]),
    }
    return {key: value for key, value in found.items() if value}


if __name__ == "__main__":
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
    for name, text in texts(root).items():
        write_text(root / name, text)
