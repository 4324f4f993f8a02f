"""A table of a study, of which no more is read than is asked for: columns by name, rows of a part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cosim.execution.run_tables import damage_told, read_frame


class AnyTable(Protocol):
    """What a page asks of a table, wherever its rows are."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in their order."""

    def __len__(self) -> int: ...

    def is_number(self, column: str) -> bool:
        """Say whether a column holds numbers (or truth values, which count as such)."""

    def read(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return some columns, or all; rows are numbered from 0."""

    def where(self, rows: NDArray[np.bool_]) -> AnyTable:
        """Return a part of it: of its rows those that are marked."""

    def without(self, *columns: str) -> AnyTable:
        """Return it without some of its columns."""


@dataclass(frozen=True)
class HeldTable:
    """Rows and columns that were worked out, as they are in memory."""

    frame: pd.DataFrame

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in their order."""
        return tuple(map(str, self.frame.columns))

    def __len__(self) -> int:
        return len(self.frame)

    def is_number(self, column: str) -> bool:
        """Say whether a column holds numbers (or truth values, which count as such)."""
        return bool(pd.api.types.is_numeric_dtype(self.frame[column]))

    def read(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return some columns, or all; rows are numbered from 0."""
        return self.frame if columns is None else self.frame[list(columns)]

    def where(self, rows: NDArray[np.bool_]) -> HeldTable:
        """Return a part of it: of its rows those that are marked."""
        return HeldTable(self.frame.loc[rows].reset_index(drop=True))

    def without(self, *columns: str) -> HeldTable:
        """Return it without some of its columns."""
        return HeldTable(self.frame.drop(columns=[name for name in columns if name in self.frame]))


@dataclass(frozen=True)
class StoredTable:
    """Rows and columns of a final table, as they lie on disk.

    Attributes
    ----------
    path : Path
    kept : ndarray of bool, optional
        Which rows of the file are part of it; all when absent.
    hidden : frozenset of str
        Columns of the file that are not part of it.
    """

    path: Path
    kept: NDArray[np.bool_] | None = None
    hidden: frozenset[str] = frozenset()

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, in their order."""
        return tuple(name for name in self._schema if name not in self.hidden)

    def __len__(self) -> int:
        return self._rows if self.kept is None else int(self.kept.sum())

    def is_number(self, column: str) -> bool:
        """Say whether a column holds numbers (or truth values, which count as such)."""
        return bool(pd.api.types.is_numeric_dtype(self._schema[column]))

    def read(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return some columns, or all; rows are numbered from 0.

        Raises
        ------
        ConfigError
            When the file is missing or damaged.
        """
        frame = read_frame(self.path, self.columns if columns is None else columns)
        return frame if self.kept is None else frame.loc[self.kept].reset_index(drop=True)

    def where(self, rows: NDArray[np.bool_]) -> StoredTable:
        """Return a part of it: of its rows those that are marked."""
        kept = np.ones(self._rows, dtype=bool) if self.kept is None else self.kept.copy()
        kept[kept] = rows
        return replace(self, kept=kept)

    def without(self, *columns: str) -> StoredTable:
        """Return it without some of its columns."""
        return replace(self, hidden=self.hidden | set(columns))

    @cached_property
    def _rows(self) -> int:
        import pyarrow.parquet as pq

        with damage_told(self.path):
            return int(pq.read_metadata(self.path).num_rows)

    @cached_property
    def _schema(self) -> dict[str, Any]:  # what pandas calls a type
        import pyarrow.parquet as pq

        with damage_told(self.path):
            schema = pq.read_schema(self.path)
        return {field.name: field.type.to_pandas_dtype() for field in schema}
