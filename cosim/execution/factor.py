"""One thing that a study may vary, with its range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Factor:
    """One thing that a study may vary.

    Attributes
    ----------
    key : str
        Dotted key, as in a scenario file.
    role : {"uncertainty", "lever"}
        What nobody controls, or what somebody can choose.
    low, high : float
        Plausible range of an uncertainty, usable range of a lever; both ends belong to it. Ignored for
        choices.
    kind : {"float", "int", "choice"}
    choices : tuple of str
        The values of a choice.
    unit, sentence : str
        For tables and figures.
    settled : bool
        Whether the subject itself says what it is, so that it is varied only where a config names it.
    """

    key: str
    role: Literal["uncertainty", "lever"]
    low: float = 0.0
    high: float = 1.0
    kind: Literal["float", "int", "choice"] = "float"
    choices: tuple[str, ...] = ()
    unit: str = ""
    sentence: str = ""
    settled: bool = False

    def at(self, share: float) -> float | int | str:
        """Return the value at a share of the way through the range (0..1): the quantile function."""
        if self.kind == "choice":
            return self.choices[min(int(share * len(self.choices)), len(self.choices) - 1)]
        if self.kind == "int":
            count = int(self.high) - int(self.low) + 1
            return int(self.low) + min(int(share * count), count - 1)
        return float(min(self.low + share * (self.high - self.low), self.high))
