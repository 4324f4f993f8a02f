"""Studies from Python: run one, read one, and look at what it says; `cosim` itself exports what is here."""

from cosim.api.run import load_study, run_study
from cosim.api.study import Findings, StudyResults

__all__ = ["Findings", "StudyResults", "load_study", "run_study"]
