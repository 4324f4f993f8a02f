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

The full table is kept in the package (cosim/calibration/data/cross_validation.csv), and `cosim validate`
shows it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cosim.calibration.cross_validation import cross_validate
from cosim.validation.tables import fold_rows

KEPT = Path(__file__).resolve().parent.parent / "cosim" / "calibration" / "data" / "cross_validation.csv"


def main(quick: bool) -> None:
    """Run the cross-validation, print it, and keep it unless it is a quick one."""
    kept = cross_validate(300 if quick else 1200, report=print)
    print(f"median residual of the regression: {kept.noise:.2f} tolerances")
    columns, rows = fold_rows(kept)
    for line in (columns, *rows):
        print("  ".join(cell.ljust(22) for cell in line))
    if not quick:
        kept.write(KEPT)
        print(f"kept in {KEPT}")


if __name__ == "__main__":
    main("--quick" in sys.argv[1:])
