"""How far does the calibration transfer? Leave out groups of one size, or one corpus, and predict them.

Question
    The free parameters are fitted to three corpora together. Would a fit that has never seen groups of six,
    or the role-played design meetings, have foretold them?

Claim, checked on the table that this script writes, and worded as far as it goes
    What is left out by size is foretold about as well as the full fit meets it; what is left out by corpus is
    foretold worse, most of all where only that corpus knows a parameter.

Run it
    python experiments/cross_validate.py                 all of it, some ten minutes
    python experiments/cross_validate.py --quick         fewer parameter sets; not kept
    python experiments/cross_validate.py --influence     floor and influence, by survey and task

The full table is kept in the package (cosim/calibration/data/cross_validation.csv), and `cosim validate`
shows it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cosim.calibration.cross_validation import KeptTable, cross_validate
from cosim.calibration.influence_folds import cross_validate_influence
from cosim.validation.tables import fold_rows

KEPT = Path(__file__).resolve().parent.parent / "cosim" / "calibration" / "data" / "cross_validation.csv"


def influence(quick: bool) -> None:
    """Do the same for the numbers of influence: leave out a survey, or a kind of task."""
    kept = cross_validate_influence(200 if quick else 1500, report=print)
    _tell(kept)
    if not quick:
        kept.write(KEPT.with_name("influence_cross_validation.csv"))


def _tell(kept: KeptTable) -> None:
    columns, rows = fold_rows(kept)
    for line in (columns, *rows):
        print("  ".join(cell.ljust(22) for cell in line))


def main(quick: bool) -> None:
    """Run the cross-validation, print it, and keep it unless it is a quick one."""
    kept = cross_validate(300 if quick else 1200, report=print)
    print(f"median residual of the regression: {kept.noise:.2f} tolerances")
    _tell(kept)
    if not quick:
        kept.write(KEPT)
        print(f"kept in {KEPT}")


if __name__ == "__main__":
    (influence if "--influence" in sys.argv[1:] else main)("--quick" in sys.argv[1:])
