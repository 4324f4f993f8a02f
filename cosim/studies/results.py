"""A finished study as its output folder holds it, read once for the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from cosim.analysis.resampling import Replication
from cosim.catalogue import load_scenario
from cosim.errors import ConfigError
from cosim.execution.manifest import CONFIG, PROVENANCE
from cosim.execution.provenance import read_provenance
from cosim.execution.run_tables import read_frame
from cosim.execution.study_folder import DESIGN, RUNS, refuse_damaged
from cosim.interventions import KNOWN
from cosim.outcomes import KNOWN_OUTCOMES, MEASURES, outcome_named, outcome_range
from cosim.scenario.ways import interventions_of
from cosim.studies.own_outcomes import completed, own_outcomes_in, records_of

if TYPE_CHECKING:
    from cosim.scenario import Scenario

__all__ = ["ERROR", "KEYS", "Results", "config_as_written", "outcome_range", "present", "read_results"]

KEYS = ("run", "point", "world", "arm", "replicate")
ERROR = "error"
# Columns of the design table that are no factors.
_DESIGN_KEYS = ("point", "world", "arm", "seed")
_WITH = "with."


@dataclass(frozen=True)
class Results:
    """A study's tables and everything that is known about how they came to be.

    Attributes
    ----------
    folder : Path
    provenance : mapping
        The folder's ``provenance.json``.
    runs : DataFrame
        A row per run: run, point, world, arm, replicate, the outcomes, error.
    design : DataFrame
        A row per design point: point, world, arm, seed, changed keys, ``with.INTERVENTION`` doses.
    """

    folder: Path
    provenance: Mapping[str, Any]
    runs: pd.DataFrame
    design: pd.DataFrame

    @property
    def study(self) -> Mapping[str, Any]:
        """What was run: kind, counts, seed, notes of the design."""
        found: Mapping[str, Any] = self.provenance["study"]
        return found

    @property
    def config(self) -> Mapping[str, Any]:
        """The resolved config."""
        found: Mapping[str, Any] = self.study["config"]
        return found

    @property
    def notes(self) -> Mapping[str, Any]:
        """What the design tells its analysis."""
        found: Mapping[str, Any] = self.study["notes"]
        return found

    @property
    def replication(self) -> Replication:
        """How replicates relate to worlds in the design; the note's key is as stored studies have it."""
        return "crossed" if self.notes.get("luck") == "crossed" else "nested"

    @property
    def kind(self) -> str:
        """Kind of the study."""
        return str(self.study["kind"])

    @property
    def run_id(self) -> str:
        """Short hash of the design: what figures are stamped with."""
        return str(self.study["run_id"])

    @property
    def version(self) -> str:
        """Version of cosim that made the results."""
        return str(self.provenance["software"]["version"])

    @property
    def worlds(self) -> int:
        """Number of different worlds."""
        return int(self.study["worlds"])

    @property
    def replicates(self) -> int:
        """Runs per design point."""
        return int(self.study["replicates"])

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the numeric outcomes in the run table."""
        return tuple(
            str(name)
            for name in self.runs.columns
            if name not in (*KEYS, ERROR) and pd.api.types.is_numeric_dtype(self.runs[name].dtype)
        )

    @cached_property
    def scenario(self) -> Scenario | None:
        """The team that was studied; None when the study was not about a team (a test function, say)."""
        try:
            return load_scenario(dict(self.config["scenario"]))
        except (ConfigError, KeyError, TypeError, ValueError):
            return None

    @contextmanager
    def at_hand(self) -> Iterator[None]:
        """Know for a while, beside cosim's own interventions and outcomes, those that the study defined."""
        ways = interventions_of(self.scenario.ways if self.scenario else {})
        measured = {name: one.outcome for name, one in MEASURES.items()}
        outcomes = {**measured, **records_of(own_outcomes_in(self.config))}
        with KNOWN.having(ways), KNOWN_OUTCOMES.having(outcomes):
            yield

    @property
    def currency(self) -> str:
        """Currency of the prices."""
        return self.scenario.costs.currency if self.scenario else ""

    def unit(self, outcome: str) -> str:
        """Return an outcome's unit as this study has it: money is in its currency."""
        unit = outcome_named(outcome).unit
        return (self.currency or "money") if unit == "currency" else unit

    @cached_property
    def factor_columns(self) -> tuple[str, ...]:
        """Dotted keys that some design point changes."""
        return tuple(
            str(name)
            for name in self.design.columns
            if name not in _DESIGN_KEYS and not str(name).startswith(_WITH)
        )

    def sampled(self, arm: str) -> tuple[str, ...]:
        """Return the dotted keys that differ between the worlds of one arm: the sampled uncertainties."""
        rows = self.design.loc[self.design["arm"] == arm]
        return tuple(name for name in self.factor_columns if rows[name].nunique(dropna=False) > 1)


def read_results(folder: Path, tell: Callable[[str], None] | None = None) -> Results:
    """Read a finished study.

    Parameters
    ----------
    folder : Path
        An output folder.
    tell : callable, optional
        Told, in a sentence each, of files that no result is read from and that are not as they were written.

    Returns
    -------
    Results

    Raises
    ------
    ConfigError
        When the folder holds no finished study, or something that results are read from is not as it was
        written.
    """
    if not folder.is_dir():
        raise ConfigError("there is no such folder", file=folder)
    for name in (RUNS, DESIGN):
        if not (folder / name).is_file():
            raise ConfigError(
                f"holds no finished study (it has no {name}); finish it with --resume, or merge its shards",
                file=folder,
            )
    notices = refuse_damaged(folder, mends=False)
    if not (folder / PROVENANCE).exists():
        raise ConfigError(f"it has no {PROVENANCE}; finish the study with --resume", file=folder)
    provenance = read_provenance(folder)
    if tell is not None:
        for notice in notices:
            tell(notice)
    own = own_outcomes_in(provenance.get("study", {}).get("config", {}))
    runs = completed(read_frame(folder / RUNS), own)
    return Results(folder, provenance, runs, read_frame(folder / DESIGN))


def config_as_written(folder: Path) -> str:
    """Return the text of the folder's resolved config; empty when it is not there."""
    try:
        return (folder / CONFIG).read_text(encoding="utf-8")
    except OSError:
        return ""


def present(names: Sequence[str], results: Results) -> list[str]:
    """Return those of the names that the run table has, in the order given."""
    return [name for name in names if name in results.outcomes]
