"""The RO-Crate validator without a network: the context of RO-Crate comes from the package `rocrate`."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


def issues(crate: Path, monkeypatch: pytest.MonkeyPatch, severity: str = "REQUIRED") -> list[str]:
    """Return what the validator says against a crate, by the Process Run Crate profile."""
    from rocrate_validator import models, services
    from rocrate_validator.utils import document_loader
    from rocrate_validator.utils.http import HttpRequester

    context = json.loads(files("rocrate").joinpath("data/ro-crate.jsonld").read_text(encoding="utf-8"))

    def fetched(self: Any, url: str, **rest: Any) -> SimpleNamespace:
        assert url.startswith("https://w3id.org/ro/crate/"), url
        text = json.dumps(context)
        return SimpleNamespace(
            status_code=200,
            ok=True,
            text=text,
            content=text.encode(),
            json=lambda: context,
            headers={"Content-Type": "application/ld+json"},
        )

    monkeypatch.setattr(document_loader, "_fetch_json_ld", lambda url: context)
    monkeypatch.setattr(HttpRequester, "get", fetched, raising=False)
    monkeypatch.setattr(HttpRequester, "head", fetched, raising=False)
    settings = services.ValidationSettings(
        rocrate_uri=str(crate),
        profile_identifier="process-run-crate-0.5",
        requirement_severity=models.Severity[severity],
        skip_availability_check=True,
    )
    found = services.validate(settings)
    return [f"{one.severity.name} {one.check.identifier}: {one.message}" for one in found.get_issues()]
