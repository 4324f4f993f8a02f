"""What the page of every kind of study says at its head: title, question, what was run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from cosim.reporting.blocks import Page, Section
from cosim.studies.common import constant_words
from cosim.studies.registry import KINDS
from cosim.studies.report_texts import foot
from cosim.studies.results import Results, present
from cosim.studies.shared_findings import varied


def heading(results: Results) -> str:
    """Return the title of the page."""
    return str(results.config.get("title") or "") or question(results)


def question(results: Results) -> str:
    """Return the question: the config's own, or that of its kind."""
    own = str(results.config.get("question") or "").strip()
    kind = KINDS.get(results.kind)
    return own or (kind.sentence if kind else str(results.study["name"]))


def facts(results: Results, settings: str = "settings") -> tuple[tuple[str, str], ...]:
    """Return what was run, at a glance; `settings` is what the worlds are called."""
    scenario = results.scenario
    found = [("team", scenario.title or scenario.name)] if scenario else []
    found += [
        (settings, f"{results.worlds:,}"),
        ("replicates each", f"{results.replicates:,}"),
        ("simulated projects", f"{len(results.run_table):,}"),
        ("seed", str(results.study["seed"])),
        ("run", results.run_id),
        ("cosim", results.version),
    ]
    return tuple(found)


def with_constants(results: Results, answer: Sequence[str]) -> tuple[str, ...]:
    """Return an answer that names the outcomes that did not vary, unless it does so already."""
    wanted = present(results.config.get("outcomes", []), results)
    constant = varied(results, wanted)[1] if wanted else ()
    if constant and constant_words(constant) not in answer:
        return (*answer, constant_words(constant))
    return tuple(answer)


def page_of(
    results: Results,
    answer: Sequence[str],
    sections: Sequence[Section],
    data: Mapping[str, pd.DataFrame],
    settings: str = "settings",
) -> Page:
    """Return a whole page; outcomes that did not vary are named beside its answer."""
    return Page(
        title=heading(results),
        question=question(results),
        answer=with_constants(results, answer),
        facts=facts(results, settings),
        sections=tuple(sections),
        foot=foot(results),
        data=data,
    )
