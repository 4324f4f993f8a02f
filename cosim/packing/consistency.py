"""Whether the files of a study fit each other: what a forger of one file has to forge in all the others."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from cosim.errors import ConfigError
from cosim.execution.identity import IDENTITY
from cosim.execution.manifest import (
    CONFIG,
    DESIGN,
    LOG,
    PROVENANCE,
    REPORT,
    RUNS,
    TABLES,
)
from cosim.execution.provenance import code_fingerprint
from cosim.execution.settings import MANNER_KEYS, REPORT_KEYS
from cosim.packing.hash_list import entry_of_bytes
from cosim.packing.report_page import parsed_page

_MOST_POINTS: Final = 200_000


def contradictions(study: Mapping[str, bytes]) -> Iterator[str]:
    """Yield, in words, what in a study's files contradicts something else in them.

    Parameters
    ----------
    study : mapping of str to bytes
        The files of its folder by name; those that are missing are not asked for here.
    """
    try:
        record = json.loads(study[PROVENANCE])
        identity = json.loads(study[IDENTITY])
        config = _yaml(study[CONFIG])
        design = str(record["study"]["design"])
        counts = {key: int(record["study"][key]) for key in ("replicates", "seed")}
        recorded = dict(record["study"]["config"])
        held = dict(identity["config"])
    except (KeyError, TypeError, ValueError, ConfigError, RecursionError):
        yield f"{CONFIG}, {PROVENANCE} and {IDENTITY} are not all there and readable: nothing can be compared"
        return
    if identity.get("design") != design:
        yield f"{IDENTITY} and {PROVENANCE} are of two designs"
    if str(record["software"].get("code", "")) != str(identity.get("code", "")):
        yield f"{IDENTITY} and {PROVENANCE} name two programs"
    yield from _differing(config, recorded, PROVENANCE)
    yield from _differing(config, held, IDENTITY)
    yield from _tables(study, design, counts["replicates"])
    yield from _page(study, counts["seed"], design)
    yield from _designed(study, record, design, counts["replicates"])


def inner_faults(study: Mapping[str, bytes], left_out: frozenset[str]) -> Iterator[str]:
    """Yield what in a study's files is not as its own manifest has it."""
    from cosim.execution.manifest import FILE

    try:
        held = json.loads(study[FILE])
        own, plain = held["sha256"], {key: value for key, value in held.items() if key != "sha256"}
        sealed = entry_of_bytes(json.dumps(plain, sort_keys=True).encode()).sha256
        files = {name: (int(one["size"]), str(one["sha256"])) for name, one in held["files"].items()}
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        yield f"study/{FILE} is missing or damaged"
        return
    if own != sealed:
        yield f"study/{FILE} was changed: it does not have its own checksum"
    for name, (size, digest) in files.items():
        if name in left_out or name.startswith("parts/"):
            continue
        content = study.get(name)
        if content is None:
            yield f"study/{name} is missing, though the study's manifest names it"
            continue
        found = entry_of_bytes(content[:size] if name == LOG else content)
        if (found.size, found.sha256) != (size, digest):
            yield f"study/{name} is not as the study's own manifest has it"


def _differing(config: Mapping[str, Any], other: Mapping[str, Any], name: str) -> Iterator[str]:
    for key in dict.fromkeys([*config, *other]):
        # The title may be corrected after a run; workers and the like change nothing.
        if key in REPORT_KEYS or key in MANNER_KEYS or key == "output":
            continue
        if json.dumps(config.get(key), sort_keys=True) != json.dumps(other.get(key), sort_keys=True):
            yield f"{CONFIG} and {name} differ in {key!r}"


def _tables(study: Mapping[str, bytes], design: str, replicates: int) -> Iterator[str]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows: dict[str, int] = {}
    for name in TABLES:
        if name not in study:
            continue
        try:
            with pq.ParquetFile(io.BytesIO(study[name]), page_checksum_verification=True) as file:
                rows[name] = file.metadata.num_rows
                sealed = (file.metadata.metadata or {}).get(b"cosim.design", b"").decode()
                for group in range(file.num_row_groups):
                    file.read_row_group(group)
        except (OSError, pa.ArrowException, ValueError):
            yield f"{name} cannot be read as a table"
            continue
        if sealed != design:
            yield f"{name} belongs to another design than {PROVENANCE} names"
    if RUNS in rows and DESIGN in rows and rows[RUNS] != rows[DESIGN] * replicates:
        yield f"{RUNS} has {rows[RUNS]:,} rows, not {rows[DESIGN]:,} points x {replicates:,} replicates"


def _page(study: Mapping[str, bytes], seed: int, design: str) -> Iterator[str]:
    if REPORT not in study:
        return
    try:
        page = parsed_page(study[REPORT].decode(), Path(REPORT))
    except (ConfigError, UnicodeDecodeError):
        yield f"{REPORT} holds no resolved config"
        return
    if page.config.strip() != study[CONFIG].decode(errors="replace").strip():
        yield f"the config in {REPORT} is not {CONFIG}"
    facts = page.sections.get("facts", "")
    if f"seed {seed} " not in f"{facts} " or design[:12] not in facts:
        yield f"{REPORT} tells of another seed or design than {PROVENANCE}"


def _designed(
    study: Mapping[str, bytes], record: Mapping[str, Any], design: str, replicates: int
) -> Iterator[str]:
    """Make the design of the config again, where this very program has made the study."""
    from cosim.config.yaml_source import parse_yaml
    from cosim.studies.config import check_config
    from cosim.studies.study import Study
    from cosim.studies.team_model import team_model

    if record["software"].get("code") != code_fingerprint():
        return
    if int(record["study"].get("points", 0)) > _MOST_POINTS:
        return
    try:
        source = parse_yaml(study[CONFIG].decode(), Path(CONFIG))
        made = Study(check_config(source, team_model), replicates)
        if made.grows:  # a search finds its points on the way
            return
        if made.design.hash != design:
            yield f"{CONFIG} makes another design than {PROVENANCE} names"
    except (ConfigError, UnicodeDecodeError) as error:
        yield f"{CONFIG} cannot be run: {str(error).splitlines()[0][:200]}"


def _yaml(content: bytes) -> dict[str, Any]:
    from cosim.config.yaml_source import parse_yaml

    return dict(parse_yaml(content.decode(), Path(CONFIG)).data)
