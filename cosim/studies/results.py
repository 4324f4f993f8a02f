"""A finished study as its output folder holds it, read once for the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from cosim.execution.stored_table import AnyTable, StoredTable
from cosim.execution.study_folder import DESIGN, RUNS, refuse_damaged
from cosim.outcomes import outcome_named, outcome_range
from cosim.studies.own_outcomes import at_hand, completed, ingredients, own_outcomes_in

if TYPE_CHECKING:
    from cosim.execution.own_outcomes import OwnOutcome
    from cosim.scenario import Scenario

__all__ = ["ERROR", "KEYS", "Results", "config_as_written", "outcome_range", "present", "read_results"]

KEYS = ("run", "point", "world", "arm", "replicate")
ERROR = "error"
# Columns of the design table that are no factors.
_DESIGN_KEYS = ("point", "world", "arm", "seed")
_WITH = "with."
# So many columns of a table are read together where all are looked at one by one.
_AT_ONCE = 32


@dataclass(frozen=True)
class Results:
    """A study's tables and everything that is known about how they came to be.

    Of a long study a page looks at a few outcomes at a time: they are read when they are asked for.

    Attributes
    ----------
    folder : Path
    provenance : mapping
        The folder's ``provenance.json``.
    run_table : AnyTable
        A row per run: run, point, world, arm, replicate, the outcomes, error.
    design_table : AnyTable
        A row per design point: point, world, arm, seed, changed keys, ``with.INTERVENTION`` doses.
    """

    folder: Path
    provenance: Mapping[str, Any]
    run_table: AnyTable
    design_table: AnyTable

    @cached_property
    def runs(self) -> pd.DataFrame:
        """All of the table of runs."""
        return self.of_runs(self.run_columns)

    @cached_property
    def design(self) -> pd.DataFrame:
        """All of the table of design points."""
        return self.design_table.read()

    def of_runs(self, columns: Sequence[str]) -> pd.DataFrame:
        """Return some columns of the table of runs; outcomes that the study defined are worked out."""
        stored = self.run_table.columns
        own = {name: one for name, one in self._own.items() if name not in stored}
        needed: dict[str, None] = dict.fromkeys(columns)
        for name in reversed(own):  # each may be made of those before it
            if name in needed:
                needed |= dict.fromkeys(ingredients(own[name], self.run_columns))
        frame = self.run_table.read([name for name in needed if name in stored])
        frame = completed(frame, {name: one for name, one in own.items() if name in needed}, self.run_columns)
        return frame[list(columns)]

    def outcome_runs(self, outcomes: Iterable[str]) -> pd.DataFrame:
        """Return the columns that say which run it is, some outcomes, and errors."""
        return self.of_runs(list(dict.fromkeys([*KEYS, *outcomes, ERROR])))

    @cached_property
    def run_columns(self) -> tuple[str, ...]:
        """Names of the columns of the table of runs."""
        stored = self.run_table.columns
        return (
            *(name for name in stored if name != ERROR),
            *(name for name in self._own if name not in stored),
            *([ERROR] if ERROR in stored else []),
        )

    @cached_property
    def _own(self) -> Mapping[str, OwnOutcome]:
        return own_outcomes_in(self.config)

    @cached_property
    def first_arm(self) -> str:
        """Name of the arm of the first design point."""
        first = self.design_table.read(["point", "arm"])
        return str(first["arm"].iloc[int(first["point"].argmin())])

    def part(self, points: pd.Series, without: str = "") -> Results:
        """Return what belongs to some of the design points, which are marked, as a study of its own.

        Parameters
        ----------
        points : Series of bool
            In the order of the table of design points.
        without : str
            A column of the design that has one value there, and is left out.
        """
        design = self.design_table.where(points.to_numpy()).without(without)
        rows = design.read(["point", "world"])
        runs = self.run_table.where(self.of_runs(["point"])["point"].isin(rows["point"]).to_numpy())
        counts = {"points": len(design), "runs": len(runs), "worlds": int(rows["world"].nunique())}
        provenance = {**self.provenance, "study": {**self.study, **counts}}
        return Results(self.folder, provenance, runs, design)

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
            name
            for name in self.run_columns
            if name not in (*KEYS, ERROR) and (name in self._own or self.run_table.is_number(name))
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
        with at_hand(self.scenario.ways if self.scenario else {}, own_outcomes_in(self.config)):
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
            name
            for name in self.design_table.columns
            if name not in _DESIGN_KEYS and not name.startswith(_WITH)
        )

    @cached_property
    def dose_columns(self) -> tuple[str, ...]:
        """Columns of the design that hold the dose of an intervention."""
        return tuple(name for name in self.design_table.columns if name.startswith(_WITH))

    def sampled(self, arm: str) -> tuple[str, ...]:
        """Return the dotted keys that differ between the worlds of one arm: the sampled uncertainties."""
        rows = self.design_table.where(self.design_table.read(["arm"])["arm"].eq(arm).to_numpy())
        found: list[str] = []
        for start in range(0, len(self.factor_columns), _AT_ONCE):
            counts = rows.read(self.factor_columns[start : start + _AT_ONCE]).nunique(dropna=False)
            found += [str(name) for name in counts.index[counts > 1]]
        return tuple(found)


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
    return Results(folder, provenance, StoredTable(folder / RUNS), StoredTable(folder / DESIGN))


def config_as_written(folder: Path) -> str:
    """Return the text of the folder's resolved config; empty when it is not there."""
    try:
        return (folder / CONFIG).read_text(encoding="utf-8")
    except OSError:
        return ""


def present(names: Sequence[str], results: Results) -> list[str]:
    """Return those of the names that the run table has, in the order given."""
    return [name for name in names if name in results.outcomes]
