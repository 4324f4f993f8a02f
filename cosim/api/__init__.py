"""Studies from Python: run one, read one, and look at what it says; and a team's own meetings and views.

`cosim` itself exports what studies need; what reads meetings is here, and is imported when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cosim.api.run import load_study, run_study
from cosim.api.study import Findings, StudyResults

if TYPE_CHECKING:
    from cosim.meeting_logs.decisions_file import read_decisions
    from cosim.meeting_logs.people_file import People, read_people
    from cosim.meeting_logs.reader import Reading, read_logs
    from cosim.meeting_logs.views_file import ViewTable, read_views, view_table
    from cosim.observation.findings import Asked, Observed, Options, look_at
    from cosim.observation.team_views import TeamViews, look_at_views

__all__ = [
    "Asked",
    "Findings",
    "Observed",
    "Options",
    "People",
    "Reading",
    "StudyResults",
    "TeamViews",
    "ViewTable",
    "load_study",
    "look_at",
    "look_at_views",
    "read_decisions",
    "read_logs",
    "read_people",
    "read_views",
    "run_study",
    "view_table",
]

_HOMES = {
    "cosim.meeting_logs.people_file": ("People", "read_people"),
    "cosim.meeting_logs.reader": ("Reading", "read_logs"),
    "cosim.meeting_logs.decisions_file": ("read_decisions",),
    "cosim.meeting_logs.views_file": ("ViewTable", "read_views", "view_table"),
    "cosim.observation.findings": ("Asked", "Observed", "Options", "look_at"),
    "cosim.observation.team_views": ("TeamViews", "look_at_views"),
}


def __getattr__(name: str) -> object:
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module 'cosim.api' has no attribute {name!r}")
