"""What each mechanism of the model earns.

Question
    With a mechanism off, which rows of the evidence that were met are missed?

No claims are held here: a table of docs/ODD.md shows what comes out, beside what could not be asked.

Run it
    python -m experiments.mechanisms_earn [NAME ...]       writes cosim/documents/earned.csv
    python -m cosim.documents.odd docs/ODD.md              puts it into the description
"""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path

from cosim.documents.earned import COLUMNS, FILE, MECHANISMS
from cosim.execution.atomic_files import write_text


def main(names: list[str]) -> None:
    """Simulate all mechanisms, or those named, and write the table."""
    path = Path(str(FILE))
    kept = list(csv.reader(path.read_text(encoding="utf-8").splitlines()[1:])) if path.exists() else []
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    out.writerow(COLUMNS)
    for one in MECHANISMS:
        if names and one.name not in names:
            out.writerows(row for row in kept if row[0] == one.name)
            continue
        for pattern, target, verdict, distance in one.verdicts():
            out.writerow((one.name, pattern, target, verdict, f"{distance:.3f}"))
    write_text(path, text.getvalue())


if __name__ == "__main__":
    main(sys.argv[1:])
