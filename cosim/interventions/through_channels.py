"""What each way of working moves through which channel, as computed on teams of the catalogue.

The table is made by ``python -m experiments.channels_of_ways``, which says how; a test holds it against the
model.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

AS_IT_IS: Final = "as it is"
OUTCOMES: Final = ("influence_parity_public", "influence_gini")
COLUMNS: Final = ("way", "channel", "outcome", "estimate", "low", "high")
FILE: Final = files("cosim.interventions") / "through_channels.csv"


@dataclass(frozen=True, slots=True)
class Moved:
    """What a way of working moves of an outcome, in all (`AS_IT_IS`) or through one channel.

    Attributes
    ----------
    estimate, low, high : float
        In the outcome's unit, with the 95 % interval.
    """

    estimate: float
    low: float
    high: float

    @property
    def told_from_nothing(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low > 0.0 or self.high < 0.0


@cache
def through_channels() -> Mapping[str, Mapping[str, Mapping[str, Moved]]]:
    """Return what was computed, by way of working, channel (or `AS_IT_IS`) and outcome."""
    found: dict[str, dict[str, dict[str, Moved]]] = {}
    for row in csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()):
        moved = Moved(*(float(row[name]) for name in COLUMNS[3:]))
        found.setdefault(row["way"], {}).setdefault(row["channel"], {})[row["outcome"]] = moved
    return MappingProxyType(found)
