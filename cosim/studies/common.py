"""What the pages of all kinds of study have in common: words on n and noise, closing sections."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from cosim.analysis.noise import NoiseShare
from cosim.formatting.words import and_list, counted, number, percent
from cosim.outcomes import outcome_in_sentence, outcome_title
from cosim.reporting.blocks import Block, Cell, Quote, Section, Table
from cosim.studies.assumptions import assumption_blocks
from cosim.studies.compare.figures import stamp
from cosim.studies.limitations import limitations
from cosim.studies.panels import panels
from cosim.studies.report_texts import CEILING, FEW, citing_blocks, first_look, identity_words, limits_blocks
from cosim.studies.results import Results
from cosim.studies.shared_findings import noise_of

__all__ = ["CEILING", "FEW", "closing", "first_look", "stamp"]


def constant_words(outcomes: Sequence[str]) -> str:
    """Say which outcomes did not vary."""
    names = and_list([outcome_in_sentence(outcome) for outcome in outcomes])
    return f"{names[:1].upper()}{names[1:]} did not vary: the same at every design point."


def lower_title(outcome: str) -> str:
    """Return an outcome's name inside a sentence."""
    return outcome_in_sentence(outcome)


def unit_words(results: Results, outcome: str) -> str:
    """Return an outcome's unit in brackets, if it has one."""
    unit = results.unit(outcome)
    title = outcome_title(outcome)
    return f" ({unit})" if unit and f"({unit})" not in title and unit != title.lower() else ""


def basis(results: Results, points: str = "") -> str:
    """Say n and seed in a few words, for the end of an answer."""
    told = points or f"{counted(results.worlds, 'setting')} × {counted(results.replicates, 'replicate')}"
    return f"n = {len(results.run_table):,} simulated projects: {told}; seed {results.study['seed']}"


def noise_words(noise: NoiseShare | None) -> str:
    """Say what share of the variance is replicate noise."""
    if noise is None:
        return "With one replicate of each point, replicate noise cannot be separated from what is studied."
    return noise.words().replace("%", " %").replace("  %", " %")


def noise_table(results: Results, outcomes: Sequence[str], design: pd.DataFrame | None = None) -> Table:
    """Return signal and noise of every outcome."""
    rows: list[tuple[Cell | str, ...]] = []
    for outcome in outcomes:
        noise = noise_of(results, outcome, design)
        cells: tuple[str, ...] = ("–",) * 4
        if noise is not None:
            sds = (noise.signal**0.5, noise.noise**0.5)
            cells = (*(number(sd, 4) for sd in sds), percent(noise.of_runs), percent(noise.of_means))
        rows.append((outcome_title(outcome), *cells))
    return Table(
        (
            "outcome",
            "SD between points",
            "SD of replicates",
            "noise in a single run",
            "noise in means over replicates, at most",
        ),
        tuple(rows),
        frozenset({1, 2, 3, 4}),
        caption="Replicate noise: the share of variance that random numbers alone make.",
    )


def designed(results: Results, told: str) -> str:
    """Return the first paragraph of a methods text: what was run."""
    points = counted(len(results.design_table), "design point")
    return (
        f"{told} An agent-based model (cosim {results.version}, {results.study.get('engine', 'compiled')} "
        f"engine) was run {len(results.run_table):,} times: {points} "
        f"× {counted(results.replicates, 'replicate')}, seed {results.study['seed']}; every "
        "random number comes from a counter-based stream, so that the same seed gives the same tables, bit "
        "for bit."
    )


def methods(paragraphs: Sequence[str]) -> Quote:
    """Return a methods text to be copied."""
    return Quote("Methods text", "\n\n".join(paragraph for paragraph in paragraphs if paragraph))


def protocol(results: Results, told: str) -> Quote:
    """Return a paragraph for a protocol: what was looked at, and what came out."""
    return Quote(
        "For a protocol or an application",
        "An exploratory agent-based simulation of a co-produced research team informed this choice "
        f"({identity_words(results)}). The model explores mechanisms and does not predict "
        f"effects. {told} We treat this as a reason for what we try and monitor, not as evidence of effect.",
    )


def closing(
    results: Results, how: Sequence[Block], told: str, *, arm: str | None = None
) -> tuple[Section, ...]:
    """Return the sections that stand at the end of every page.

    Parameters
    ----------
    results : Results
    how : sequence of Block
        The methods.
    told : str
        The answer, for the protocol paragraph.
    arm : str, optional
        Whose points say which parameters were sampled; by default the first one's.
    """
    quotes = (protocol(results, told), Quote("On limitations", limitations(results)))
    first = arm or results.first_arm
    return (
        *panels(results),
        Section("limits", "What may not be claimed, and limits", limits_blocks(results)),
        Section("methods", "How it was done", tuple(how)),
        Section("assumptions", "Assumptions", assumption_blocks(results, first)),
        Section("cite", "How to cite and repeat it", citing_blocks(results, quotes)),
    )
