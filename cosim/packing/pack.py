"""From a finished study's folder to one zip that says what it is and verifies itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cosim.documents.scenario_odd import scenario_odd
from cosim.errors import ConfigError
from cosim.execution.manifest import (
    COLUMNS,
    CONFIG,
    DESIGN,
    PARTS,
    PEOPLE,
    PROVENANCE,
    REPORT,
    RUNS,
    Entry,
    Manifest,
    damage_error,
    entry_of,
)
from cosim.execution.manifest import FILE as MANIFEST
from cosim.execution.provenance import code_fingerprint
from cosim.formatting.safe_text import csv_text
from cosim.packing import crate
from cosim.packing.archive import write_archive
from cosim.packing.checklists import checklists, index
from cosim.packing.hash_list import FILE as HASHES
from cosim.packing.hash_list import HashList, entry_of_bytes
from cosim.studies.arm_titles import arms_of, used_interventions
from cosim.studies.citation import RESULTS_LICENCE, study_references, written
from cosim.studies.results import Results, read_results
from cosim.version import __version__

if TYPE_CHECKING:
    import pandas as pd

LIMIT_MB: Final = 25.0
STUDY: Final = "study"
MEANS: Final = "points.csv"
"""Means of each design point: in a pack in the place of the runs, where these are large."""
_DOCUMENT_BYTES: Final = 3_000_000  # what stands beside the study's own files takes less
_NEVER: Final = (PARTS, ".lock")

_TOLD: Final = {
    "README.md": "What this is, and how to check it.",
    "LICENSE.txt": "What may be done with results and texts, and with the program.",
    "CITATION.cff": "How to cite these results and the program (Citation File Format).",
    "citation.bib": "How to cite these results and the program (BibTeX).",
    "citation.ris": "How to cite these results and the program (RIS).",
    "citation.json": "How to cite these results and the program (CSL-JSON).",
    "model/ODD.md": "The model as this study's scenario uses it, by the ODD protocol.",
    "model/scenario.yaml": "The scenario, every value written out.",
    f"{STUDY}/{CONFIG}": "The resolved config, every default written out: what was run.",
    f"{STUDY}/{PROVENANCE}": "Where the results come from: versions, platform, times, resources.",
    f"{STUDY}/{MANIFEST}": "Every file of the study's folder as it was written.",
    f"{STUDY}/{RUNS}": "A row for each simulated project.",
    f"{STUDY}/{PEOPLE}": "A row for each design point and group of members.",
    f"{STUDY}/{DESIGN}": "A row for each design point: what was changed in it.",
    f"{STUDY}/{COLUMNS}": "The data dictionary: what every column of the tables means.",
    f"{STUDY}/{REPORT}": "The report: the answer, figures, tables, methods, limits.",
    f"{STUDY}/{MEANS}": "Mean and standard deviation of every outcome for each design point.",
}


@dataclass(frozen=True)
class Packed:
    """A pack that was written.

    Attributes
    ----------
    path : Path
    seal : str
        SHA-256 of the hash list: publish it, and any change of any file can be noticed.
    files : int
    size : int
        Bytes of the zip.
    left_out : tuple of str
        Files of the study that are not in it.
    """

    path: Path
    seal: str
    files: int
    size: int
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Manner:
    """How to pack.

    Attributes
    ----------
    authors : tuple of str
        Of the study: ``Family, Given``, or the name of a group.
    people : bool
        Whether the people table goes in.
    runs : bool or None
        Whether the runs' table goes in; None: where the pack stays within `limit_mb`.
    limit_mb : float
        Largest size in MB (a million bytes).
    """

    authors: tuple[str, ...] = ()
    people: bool = False
    runs: bool | None = None
    limit_mb: float = LIMIT_MB


USUAL: Final = Manner()


def pack(folder: Path, to: Path, manner: Manner = USUAL) -> Packed:
    """Pack a finished study.

    Parameters
    ----------
    folder : Path
        Its output folder, with a report.
    to : Path
        The zip; it must not exist.
    manner : Manner

    Raises
    ------
    ConfigError
        When the folder holds no finished study, a file in it was changed, it has no report, the zip exists,
        or the pack would be larger than it may be.
    StoreError
        When the system refuses to write.
    """
    if to.exists():
        raise ConfigError("there is a file of this name already; name another one", file=to, key="output")
    results = read_results(folder)
    manifest = Manifest.read(folder)
    if manifest is None:
        raise ConfigError(
            f"has no {MANIFEST}, so that nobody could tell whether its files are as they were written; "
            "run the study again",
            file=folder,
        )
    faults = manifest.faults(folder)
    if faults:
        raise damage_error(folder, faults)
    if REPORT not in manifest.files:
        raise ConfigError("has no report; write it with `cosim report` first", file=folder)
    names, left_out = _chosen(folder, manifest, manner)
    files = {f"{STUDY}/{name}": (folder / name).read_bytes() for name in names}
    files[f"{STUDY}/{MANIFEST}"] = (folder / MANIFEST).read_bytes()
    if RUNS in left_out:
        files[f"{STUDY}/{MEANS}"] = csv_text(point_means(results)).encode()
    files |= {name: text.encode() for name, text in _documents(results, manner.authors, left_out).items()}
    files = dict(sorted(files.items()))
    entries = {name: entry_of_bytes(content) for name, content in files.items()}
    references = study_references(results.provenance, _identity(results), manner.authors)
    about = crate.metadata(
        results.provenance,
        entries,
        _TOLD,
        title=references[0].title,
        description=_description(results),
        authors=references[0].authors,
        inputs=[f"{STUDY}/{CONFIG}"],
    ).encode()
    hashes = HashList(
        __version__,
        code_fingerprint(),
        {**entries, crate.FILE: entry_of_bytes(about)},
        {f"{STUDY}/{name}": entry for name, entry in left_out.items()},
    )
    whole = {crate.FILE: about, HASHES: hashes.text().encode(), **files}
    write_archive(to, whole)
    size = to.stat().st_size
    if size > manner.limit_mb * 1e6:
        to.unlink()
        raise ConfigError(
            f"the pack would have {size / 1e6:.1f} MB; leave tables out or allow more",
            key="--limit",
            value=manner.limit_mb,
        )
    return Packed(to, hashes.seal, len(whole), size, tuple(left_out))


def point_means(results: Results) -> pd.DataFrame:
    """Return mean and standard deviation of every outcome for each design point.

    Returns
    -------
    DataFrame
        A row per point: point, world, arm, replicates, then ``OUTCOME`` (mean) and ``OUTCOME.sd`` (over
        replicates; empty with one), to six significant digits.
    """
    import pandas as pd

    groups = results.runs.groupby("point", sort=True)
    first = groups[["world", "arm"]].first()
    means, deviations = groups[list(results.outcomes)].mean(), groups[list(results.outcomes)].std(ddof=1)
    deviations.columns = [f"{name}.sd" for name in deviations.columns]
    columns = [name for outcome in results.outcomes for name in (outcome, f"{outcome}.sd")]
    numbers = pd.concat([means, deviations], axis=1)[columns]
    rounded = numbers.map(lambda value: float(f"{value:.6g}"))
    return pd.concat([first, groups.size().rename("replicates"), rounded], axis=1).reset_index()


def _chosen(folder: Path, manifest: Manifest, manner: Manner) -> tuple[list[str], dict[str, Entry]]:
    """Return the study's files that go in, and those that do not."""
    names = [name for name in manifest.files if not name.startswith(_NEVER)]
    left_out = [PEOPLE] if PEOPLE in names and not manner.people else []
    size = sum((folder / name).stat().st_size for name in names if name not in left_out)
    fits = size + _DOCUMENT_BYTES <= manner.limit_mb * 1e6
    if manner.runs is False or (manner.runs is None and not fits):
        left_out.append(RUNS)
    entries = {name: entry_of(folder / name) for name in left_out}
    return [name for name in names if name not in left_out], entries


def _documents(results: Results, authors: Sequence[str], left_out: dict[str, Entry]) -> dict[str, str]:
    from cosim.studies.study import config_text

    references = study_references(results.provenance, _identity(results), authors)
    found = {
        "CITATION.cff": written(references, "cff"),
        "citation.bib": written(references, "bibtex"),
        "citation.ris": written(references, "ris"),
        "citation.json": written(references, "csl"),
        "LICENSE.txt": _LICENCE,
    }
    lists = checklists(results)
    found |= {f"checklists/{one.file}": one.text() for one in lists}
    scenario = results.scenario
    if scenario is not None:
        used = [one.name for one in used_interventions(list(arms_of(results).values()))]
        told = f"Study design {results.study['design'][:16]}, seed {results.study['seed']}."
        found["model/ODD.md"] = scenario_odd(scenario, used, told)
        text = config_text(scenario.model_dump(mode="json", exclude_none=True))
        found["model/scenario.yaml"] = "# Every value of the scenario.\n" + text.partition("\n")[2]
    found["README.md"] = _readme(results, references[0].title, index(lists), left_out)
    return found


def _identity(results: Results) -> str:
    return results.scenario.identity if results.scenario else ""


def _description(results: Results) -> str:
    question = " ".join(str(results.config.get("question") or "").split())
    scenario = f" Scenario {results.scenario.identity}." if results.scenario else ""
    return (
        f"A simulation study with cosim {results.version}, an agent-based model of power in co-produced "
        f"health-research teams.{scenario} {question}".strip()
    )


def _readme(results: Results, title: str, lists: str, left_out: dict[str, Entry]) -> str:
    lines = [
        f"# {title}",
        _description(results),
        "Begin with `study/report.html`: it opens in any browser and needs no network.",
        "## What is in here",
        "- `study/`: the study's own folder: config, design, tables, figures, report, provenance\n"
        "- `study/columns.csv`, `study/tables/columns.csv`: what every column means\n"
        "- `model/`: the model as this scenario uses it (ODD protocol), and the scenario itself\n"
        "- `checklists/`: reporting checklists, filled as far as the program knows\n"
        "- `CITATION.cff`, `citation.bib`, `citation.ris`, `citation.json`: how to cite it\n"
        "- `ro-crate-metadata.json`: all of this for machines (RO-Crate, Process Run Crate 0.5)\n"
        "- `hashes.json`: size and SHA-256 of every file, and a seal over all of them",
        lists,
        "## Check it",
        f"With cosim {results.version} (`pip install cosim-teams=={results.version}`, once it is published):",
        "```sh\ncosim verify THIS.zip            # seconds: is it whole, what was changed, what wrote it?\n"
        "cosim verify THIS.zip --rerun    # the study again, compared bit for bit\n```",
        "Without cosim, `hashes.json` can be checked with any program that computes SHA-256. Whoever changes "
        "a "
        "file and makes the hash list anew gets another *seal*: compare it with the one that the authors "
        "published. Without that, only a re-run can tell.",
    ]
    if left_out:
        told = "\n".join(
            f"- `study/{name}` ({one.size:,} bytes, SHA-256 {one.sha256})" for name, one in left_out.items()
        )
        lines += [f"## Left out\n\n{told}\n\nA re-run makes them again; their hashes are in `hashes.json`."]
        if RUNS in left_out:
            lines[-1] += f" In the place of the runs, `study/{MEANS}` has the means of each design point."
    return "\n\n".join(lines) + "\n"


_LICENCE: Final = f"""Results, tables, figures and texts in this archive: {RESULTS_LICENCE}
(Creative Commons Attribution 4.0 International, https://creativecommons.org/licenses/by/4.0/),
unless the authors of the study say otherwise. You may paste the texts that are meant for that
(protocol, plain English, limitations) into documents of your own and change them.

The program that made them, cosim, and its description in model/ODD.md: MIT licence.

Names of reporting guidelines are those of their authors; the checklists here use short names of
our own for their items and refer to the sources.
"""
