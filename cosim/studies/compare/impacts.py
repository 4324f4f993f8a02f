"""Process beside product: what every way of working does to either, in equal place."""

from __future__ import annotations

import math

from cosim.charts.frame import Key
from cosim.charts.matrix import Block, Grid, Sized
from cosim.charts.style import BLUE, GREY, VERMILION
from cosim.outcomes import outcome_title
from cosim.studies.arm_titles import EMERGENT
from cosim.studies.compare.figures import stamp
from cosim.studies.compare.findings import Comparison, direction
from cosim.studies.report_texts import per_point_words


def impacts(comparison: Comparison) -> Grid:
    """Draw every way of working by outcomes: a mark's area is its effect, its shape says better or worse."""
    blocks = (
        Block(comparison.process, "Process: the people"),
        Block(comparison.product, "Product: the decision"),
    )
    outcomes = [name for block in blocks for name in block.columns]
    columns = (comparison.impacts[name] for name in ("outcome", "arm", "effect", "low", "high"))
    cells = {
        (str(arm), str(outcome)): _mark(
            outcome, effect, low, high, known=comparison.status(arm, outcome) != EMERGENT
        )
        for outcome, arm, effect, low, high in zip(*columns, strict=True)
    }
    return Grid(
        title="",
        rows=comparison.ranked,
        blocks=tuple(block for block in blocks if block.columns),
        labels={name: arm.title for name, arm in comparison.arms.items()}
        | {name: outcome_title(name) for name in outcomes},
        cells=cells,
        note=f"n = {per_point_words(comparison.results)} per row. Area: paired difference to the baseline in "
        "SDs of a single project (largest: 1 SD or more); a mark is shown where its 95 % t interval "
        "excludes 0. Better means what the outcome's definition wants, which is a judgement.",
        stamp=stamp(comparison.results),
        legend=(
            Key("better", BLUE),
            Key("worse", VERMILION, "s"),
            Key("hollow: built in, or not classified", GREY, filled=False),
            Key("no clear difference", GREY, ".", size=3.0),
        ),
    )


def _mark(outcome: str, effect: float, low: float, high: float, *, known: bool) -> Sized:
    clear = math.isfinite(low) and (low > 0 or high < 0)
    if not clear or effect == 0:
        return Sized("o", GREY, 0.6)
    better = (effect > 0) == (direction(outcome) == "higher")
    # In steps, because marks of one look are stored once.
    size = 2.5 + round(2 * 6.5 * math.sqrt(min(abs(effect), 1.0))) / 2
    return Sized("o" if better else "s", BLUE if better else VERMILION, size, filled=not known)
