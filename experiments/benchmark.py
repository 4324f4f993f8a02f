"""Measure how fast cosim is, and what its speed depends on; write docs/performance.md and its figure.

    python -m experiments.benchmark                       everything (about half an hour on two cores)
    python -m experiments.benchmark reference scaling     some sections; what was measured before stays

The section `workbench` needs ``pip install ema_workbench``, the section `editions` a clone with its history.

Ratios are taken within one process, one way after the other.  What is measured is kept in
docs/performance.json, each section with the machine it was measured on, and the page is made from that;
docs/performance_history.csv keeps what earlier commits gave.
"""

from __future__ import annotations

import argparse
import datetime
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments.benchmarks import commands, editions, engines, history, page, scaling
from experiments.benchmarks.timing import machine

DOCS = Path(__file__).resolve().parent.parent / "docs"
KEPT = DOCS / "performance.json"
HISTORY = DOCS / "performance_history.csv"


def workbench() -> dict[str, Any]:
    """Measure the same small study through another workbench; needs ``pip install ema_workbench``."""
    from experiments.benchmarks.workbench import workbench

    return workbench()


SECTIONS: dict[str, Callable[[], dict[str, Any]]] = {
    "reference": lambda: engines.reference(7, 500),
    "editions": lambda: editions.editions(9),
    "batch runner": lambda: engines.batch_runner(3, 8),
    "threads": lambda: scaling.threads(9, 2000),
    "scaling": lambda: scaling.scaling(5, 200),
    "answers": lambda: commands.answers(5),
    "compiling": commands.compiling,
    "million": commands.million,
    "workbench": workbench,
}


def main() -> None:
    """Measure what is asked for, keep it, and write the page."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    options.add_argument("--page", action="store_true", help="measure nothing; make the page again")
    chosen = options.parse_args()
    for name in chosen.sections:
        if name not in SECTIONS:
            options.error(f"there is no section {name!r}; allowed: {', '.join(SECTIONS)}")
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    for name in () if chosen.page else chosen.sections or SECTIONS:
        print(f"{name} ...", flush=True)
        about = {"on": machine(), "date": datetime.datetime.now(datetime.UTC).date().isoformat()}
        kept[name] = {**about, **SECTIONS[name]()}
        KEPT.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")
        history.add(HISTORY, name, kept[name])
    page.write(kept, DOCS)


if __name__ == "__main__":
    main()
