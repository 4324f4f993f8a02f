"""Write a study's report in a process of its own, so that drawing its figures slows no page."""

from __future__ import annotations

import sys
from pathlib import Path

from cosim.studies.report import write_report

if __name__ == "__main__":
    write_report(Path(sys.argv[1]))
