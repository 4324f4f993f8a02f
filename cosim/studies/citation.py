"""References in the forms that other programs read: BibTeX, RIS, CSL-JSON, the Citation File Format."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase
from typing import Any, Final, Literal

from cosim.config.yaml_text import yaml_text
from cosim.scenario.source_record import STATUS_WORDS, SourceRecord
from cosim.version import YEAR, __version__

Kind = Literal["software", "dataset", "article", "document"]
Form = Literal["bibtex", "ris", "csl", "cff"]
FORMS: Final[tuple[Form, ...]] = ("bibtex", "ris", "csl", "cff")

SOFTWARE_TITLE: Final = "cosim: power in co-produced health-research teams, simulated"
SOFTWARE_AUTHORS: Final = ("cosim contributors",)
SOFTWARE_LICENCE: Final = "MIT"
RESULTS_LICENCE: Final = "CC-BY-4.0"
"""Licence of results and texts that cosim makes, unless their authors choose another one."""
UNNAMED: Final = "Authors of the study (you: name them)"


@dataclass(frozen=True)
class Reference:
    """Something that can be cited.

    Attributes
    ----------
    key : str
        Short name, unique among references that stand together.
    kind : {"software", "dataset", "article", "document"}
    title : str
    authors : tuple of str
        As they are to be printed; ``Family, Given`` for a person.
    year, version, note : str
        Empty where there is none.
    journal, volume, issue, pages, publisher : str
        Where it appeared.
    doi, url : str
        Where it can be read.
    licence : str
        SPDX identifier.
    """

    key: str
    kind: Kind
    title: str
    authors: tuple[str, ...]
    year: str
    version: str = ""
    note: str = ""
    licence: str = ""
    journal: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    publisher: str = ""
    doi: str = ""
    url: str = ""

    def text(self) -> str:
        """Return it as it stands in a list of references."""
        if self.kind in ("article", "document"):
            where = ", ".join(
                filter(None, (f"{self.journal} {self.volume}".strip(), self.pages, self.publisher))
            )
            parts = (f"{self.title}.", where and f"{where}.", self.url, self.note)
            return f"{'; '.join(self.authors)} ({self.year or 'n.d.'}). {' '.join(filter(None, parts))}"
        version = f" (version {self.version})" if self.version else ""
        what = "Computer software" if self.kind == "software" else "Data set"
        note = f" {self.note}" if self.note else ""
        return f"{'; '.join(self.authors)} ({self.year or 'n.d.'}). {self.title}{version} [{what}].{note}"


def software(note: str = "", key: str = "") -> Reference:
    """Return the reference of this version of cosim; `note` says what of it was used."""
    name = key or f"cosim_{__version__}"
    return Reference(
        name, "software", SOFTWARE_TITLE, SOFTWARE_AUTHORS, YEAR, __version__, note, SOFTWARE_LICENCE
    )


def scenario_reference(identity: str) -> Reference:
    """Return the reference of the software with a scenario of it."""
    return software(f"Scenario {identity}.", f"cosim_{identity}")


def source_references(sources: Sequence[SourceRecord | str]) -> list[Reference]:
    """Return references of what a scenario comes from: records that were published or recalled.

    A line of text, whose parts are not told apart, and a construction of ours are nothing to be cited.
    """
    found: dict[str, Reference] = {}
    for one in sources:
        if isinstance(one, str) or one.status == "construction":
            continue
        key = f"{one.authors[0].partition(',')[0]}_{one.year}"
        key = next(name for name in (key, *(f"{key}{letter}" for letter in _LETTERS)) if name not in found)
        note = "" if one.status == "published" else f"{STATUS_WORDS[one.status].capitalize()}."
        found[key] = Reference(
            key,
            "article" if one.journal else "document",
            one.title,
            one.authors,
            str(one.year),
            note=note,
            journal=one.journal,
            volume=one.volume,
            issue=one.issue,
            pages=one.pages,
            publisher=one.publisher,
            doi=one.doi or "",
            url=one.link or "",
        )
    return list(found.values())


_LETTERS: Final = [f"{first}{second}" for first in ("", *ascii_lowercase) for second in ascii_lowercase]


def study_references(
    record: Mapping[str, Any], identity: str, authors: Sequence[str] = ()
) -> list[Reference]:
    """Return the references of a finished study: its results, and the software that made them.

    Parameters
    ----------
    record : mapping
        Its ``provenance.json``.
    identity : str
        Id of its scenario; empty when it has none.
    authors : sequence of str, optional
        Of the study.
    """
    study = record["study"]
    version = str(record["software"]["version"])
    title = str(study.get("title") or "") or f"Results of the simulation study {study['name']}"
    scenario = f"Scenario {identity}. " if identity else ""
    note = f"{scenario}Study design {study['design'][:16]}, seed {study['seed']}."
    results = Reference(
        f"results_{study['run_id']}",
        "dataset",
        title,
        tuple(authors) or (UNNAMED,),
        str(record.get("ended", ""))[:4],
        "",
        f"{note} Made with cosim {version}.",
        RESULTS_LICENCE,
    )
    made = Reference(
        f"cosim_{version}",
        "software",
        SOFTWARE_TITLE,
        SOFTWARE_AUTHORS,
        YEAR if version == __version__ else str(record.get("ended", ""))[:4],
        version,
        note,
        SOFTWARE_LICENCE,
    )
    return [results, made]


def folder_references(folder: Path, authors: Sequence[str] = ()) -> list[Reference]:
    """Return the references of the finished study in a folder.

    Raises
    ------
    ConfigError
        When the folder holds no finished study, or its record is damaged.
    """
    from cosim.catalogue import load_scenario
    from cosim.errors import ConfigError
    from cosim.execution.provenance import read_provenance

    record = read_provenance(folder)
    if not record:
        raise ConfigError("holds no finished study (it has no provenance.json)", file=folder)
    scenario = record["study"]["config"].get("scenario")
    try:
        identity = load_scenario(dict(scenario)).identity if isinstance(scenario, Mapping) else ""
    except ConfigError:  # of another version of the model
        identity = ""
    return study_references(record, identity, authors)


def written(references: Sequence[Reference], form: Form) -> str:
    """Return references in one form, ready to be saved.

    Parameters
    ----------
    references : sequence of Reference
        Of ``cff`` the first is the work, and the others are what it refers to.
    form : {"bibtex", "ris", "csl", "cff"}
    """
    if form == "csl":
        return json.dumps([_csl(one) for one in references], indent=1, ensure_ascii=False) + "\n"
    if form == "cff":
        return _cff(references[0], references[1:])
    return "\n".join(_bibtex(one) if form == "bibtex" else _ris(one) for one in references)


_TEX: Final = {
    **{letter: f"\\{letter}" for letter in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}

_BRACES: Final = str.maketrans({"{": "%7B", "}": "%7D"})


def _bibtex(one: Reference) -> str:
    def tex(text: str) -> str:
        return "".join(_TEX.get(letter, letter) for letter in " ".join(text.split()))

    # A name without a comma is that of a group: braces keep it whole.
    authors = " and ".join(tex(name) if "," in name else f"{{{tex(name)}}}" for name in one.authors)
    fields = {
        "author": authors,
        "title": f"{{{tex(one.title)}}}",
        "year": one.year,
        "journal": tex(one.journal),
        "volume": tex(one.volume),
        "number": tex(one.issue),
        "pages": tex(one.pages).replace("-", "--"),
        "publisher": tex(one.publisher),
        "version": one.version,
        "doi": one.doi.translate(_BRACES),
        "url": one.url.translate(_BRACES),
        "note": tex(one.note),
    }
    kind = _BIBTEX_KIND[one.kind]
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@{kind}{{{_key(one.key)},\n{lines}\n}}\n"


def _ris(one: Reference) -> str:
    rows = [("TY", _RIS_KIND[one.kind])]
    rows += [("ID", _key(one.key)), ("TI", one.title), *(("AU", name) for name in one.authors)]
    first, _, last = one.pages.partition("-")
    rows += [("PY", one.year), ("T2", one.journal), ("VL", one.volume), ("IS", one.issue), ("SP", first)]
    rows += [("EP", last), ("PB", one.publisher), ("ET", one.version)]
    rows += [("DO", one.doi), ("UR", one.url), ("N1", one.note)]
    told = [f"{tag}  - {' '.join(value.split())}" for tag, value in rows if value]
    return "\n".join([*told, "ER  - "]) + "\n"


def _csl(one: Reference) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": _key(one.key),
        "type": _CSL_KIND[one.kind],
        "title": one.title,
        "container-title": one.journal,
        "volume": one.volume,
        "issue": one.issue,
        "page": one.pages,
        "publisher": one.publisher,
        "DOI": one.doi,
        "URL": one.url,
        "author": [_csl_name(name) for name in one.authors],
        "version": one.version,
        "note": one.note,
    }
    if one.year:
        found["issued"] = {"date-parts": [[int(one.year)]]}
    return {key: value for key, value in found.items() if value}


def _csl_name(name: str) -> dict[str, str]:
    family, comma, given = name.partition(",")
    return {"family": family.strip(), "given": given.strip()} if comma else {"literal": name}


def _cff(work: Reference, others: Sequence[Reference]) -> str:

    def plain(one: Reference) -> dict[str, Any]:
        found: dict[str, Any] = {
            "type": one.kind,
            "title": one.title,
            "authors": [_cff_name(name) for name in one.authors],
            "version": one.version,
            "journal": one.journal,
            "volume": one.volume,
            "issue": one.issue,
            "start": one.pages.partition("-")[0],
            "end": one.pages.partition("-")[2],
            "publisher": {"name": one.publisher} if one.publisher else None,
            "doi": one.doi,
            "url": one.url,
        }
        return {key: value for key, value in found.items() if value}

    data = {
        "cff-version": "1.2.0",
        "message": "Please cite these results, and the software that made them.",
        **plain(work),
        "abstract": work.note,
        "license": work.licence,
        "references": [
            {
                **plain(one),
                "type": _CFF_KIND[one.kind],
                **({"year": int(one.year)} if one.year else {}),
                **({"notes": one.note} if one.note else {}),
            }
            for one in others
        ],
    }
    return yaml_text({key: value for key, value in data.items() if value})


_BIBTEX_KIND: Final[dict[Kind, str]] = {
    "software": "software",
    "dataset": "dataset",
    "article": "article",
    "document": "misc",
}
_RIS_KIND: Final[dict[Kind, str]] = {
    "software": "COMP",
    "dataset": "DATA",
    "article": "JOUR",
    "document": "GEN",
}
_CSL_KIND: Final[dict[Kind, str]] = {
    "software": "software",
    "dataset": "dataset",
    "article": "article-journal",
    "document": "document",
}
_CFF_KIND: Final[dict[Kind, str]] = {
    "software": "software",
    "dataset": "data",
    "article": "article",
    "document": "generic",
}


def _cff_name(name: str) -> dict[str, str]:
    family, comma, given = name.partition(",")
    if comma:
        return {"family-names": family.strip(), "given-names": given.strip()}
    return {"name": name}


def _key(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.:-]+", "_", text)
