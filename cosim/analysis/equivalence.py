"""Better, the same, worse or unclear, given the smallest difference that matters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from numpy.typing import ArrayLike

from cosim.analysis.checks import checked
from cosim.analysis.intervals import Interval, paired_interval
from cosim.analysis.resampling import Replication, check_level
from cosim.errors import ConfigError

Verdict = Literal["better", "same", "worse", "unclear"]


@dataclass(frozen=True)
class Judged:
    """A gain, and whether it matters.

    Attributes
    ----------
    verdict : {"better", "same", "worse", "unclear"}
    gain : Interval
        Above 0: better.
    margin : float
        The smallest gain that matters; 0 where none was named.
    """

    verdict: Verdict
    gain: Interval
    margin: float


@checked
def judge(
    gains: ArrayLike, margin: float = 0.0, *, replication: Replication = "nested", level: float = 0.95
) -> Judged:
    """Judge paired gains by the smallest gain that matters.

    Parameters
    ----------
    gains : array_like of float, shape (worlds, replicates)
        Paired gains over what one compares with; above 0 is better.
    margin : float
        The smallest gain that matters, in the unit of the gains, at least 0.
    replication : {"crossed", "nested"}
        See :data:`cosim.analysis.resampling.Replication`.
    level : float
        Level of the interval by which something is called better or worse, above 0 and below 1.

    Returns
    -------
    Judged
        ``better`` or ``worse`` when the interval lies wholly beyond the margin; ``same`` when the two
        one-sided tests both say that it lies within it, each at the error ``1 - level``; else ``unclear``.
        With a margin of 0 nothing is ever the same, unless no gain differs from 0 at all.

    Raises
    ------
    ConfigError
        For a margin below 0, or gains that are not finite.

    References
    ----------
    Schuirmann (1987), doi:10.1007/BF01068419 (two one-sided tests); Lakens (2017),
    doi:10.1177/1948550617697177.

    Examples
    --------
    >>> from cosim.analysis import judge
    >>> judge([[0.05, 0.04], [0.06, 0.05], [0.05, 0.06]], 0.01).verdict
    'better'
    >>> judge([[0.002, 0.001], [0.001, 0.0], [0.0, 0.002]], 0.01).verdict
    'same'
    """
    check_level(level)
    if not (math.isfinite(margin) and margin >= 0):
        raise ConfigError("not a difference that can matter", key="margin", value=margin, allowed=">= 0")
    gain = paired_interval(gains, level, replication)
    tested = paired_interval(gains, 1 - 2 * (1 - level), replication)
    verdict: Verdict = "unclear"
    if gain.low > margin:
        verdict = "better"
    elif gain.high < -margin:
        verdict = "worse"
    elif (tested.low > -margin and tested.high < margin) or gain.low == gain.high == 0:
        verdict = "same"
    return Judged(verdict, gain, margin)
