"""What a report of one kind of study is, and what all of them say at their head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cosim.experiment.kinds import KINDS as STUDY_KINDS
from cosim.reporting.blocks import Page
from cosim.reporting.results import Results


@dataclass(frozen=True)
class ReportKind:
    """The report of one kind of study.

    Attributes
    ----------
    name : str
        As in ``study: NAME``.
    page : callable
        Makes the page of a study's results.
    """

    name: str
    page: Callable[[Results], Page]


def heading(results: Results) -> str:
    """Return the title of the page."""
    return str(results.config.get("title") or "") or question(results)


def question(results: Results) -> str:
    """Return the question: the config's own, or that of its kind."""
    own = str(results.config.get("question") or "").strip()
    kind = STUDY_KINDS.get(results.kind)
    return own or (kind.sentence if kind else str(results.study["name"]))


def facts(results: Results) -> tuple[tuple[str, str], ...]:
    """Return what was run, at a glance."""
    scenario = results.scenario
    found = [("team", scenario.title or scenario.name)] if scenario else []
    found += [
        ("settings", f"{results.worlds:,}"),
        ("replicates each", f"{results.replicates:,}"),
        ("simulated projects", f"{len(results.runs):,}"),
        ("seed", str(results.study["seed"])),
        ("run", results.run_id),
        ("cosim", results.version),
    ]
    return tuple(found)
