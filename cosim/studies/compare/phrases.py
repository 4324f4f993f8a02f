"""Names and sizes as the words of a comparison's page use them: what an arm is called, what it takes.

Sentences are in ``report.md.j2``; here is only what has to be worked out before it can be said.
"""

from __future__ import annotations

import math

from cosim.analysis.ranking import Standing
from cosim.formatting.words import and_list, counted, number, plain_name, quoted, signed
from cosim.outcomes import outcome_in_sentence
from cosim.scenario.vocabulary import NO_VOTE, PUBLIC
from cosim.studies.arm_titles import BASELINE, BUILT_IN, UNCLASSIFIED
from cosim.studies.compare.findings import GINI, Comparison
from cosim.studies.results import Results


def arm_words(comparison: Comparison, name: str) -> str:
    """Return what a sentence calls an arm."""
    title = comparison.arms[name].title
    return "business as usual" if name == BASELINE and title == "Business as usual" else quoted(title)


def settings_words(standing: Standing | None) -> str:
    """Return what shares are shares of: ``64 sampled settings``."""
    if standing is None:
        return "settings"
    if standing.unit == "worlds":
        return f"{standing.settings:,} sampled settings"
    return f"{counted(standing.settings, 'replicate')} of one setting"


def wish(comparison: Comparison) -> str:
    """Return what is wanted of the primary outcome, as a verb: ``lowered inequality of influence``."""
    title = what(comparison)
    if comparison.better == "lower":
        return f"lowered {title}"
    return f"raised {title}" if comparison.better == "higher" else f"brought {title} nearer to 1"


def what(comparison: Comparison) -> str:
    """Return what the primary outcome is called inside a sentence."""
    return (
        "inequality of influence" if comparison.primary == GINI else outcome_in_sentence(comparison.primary)
    )


def pool_words(comparison: Comparison, outcome: str) -> str:
    """Return what the ways of working that are ranked are called, where others were compared too.

    Returns
    -------
    str
        ``whose effect is not built in``, for instance; empty where nothing was left out, so that "most" means
        most of all.
    """
    if outcome == comparison.primary and comparison.channels.nulls:
        left_out = len(comparison.candidates) < len(comparison.others)
        return "that work through the talk" if left_out else ""
    if comparison.of_status(BUILT_IN, outcome):
        return "whose effect is not built in"
    return "whose effect can be classified" if comparison.of_status(UNCLASSIFIED, outcome) else ""


def sized(comparison: Comparison, arm: str) -> str:
    """Return an arm with its difference on the primary outcome: ``“Round robin” (−0.037)``."""
    change = comparison.value(comparison.primary, arm, "difference")
    return f"{arm_words(comparison, arm)} ({signed(change)})"


def with_cost(comparison: Comparison, arm: str) -> str:
    """Return an arm with its difference and with what it takes."""
    cost = cost_words(comparison, arm)
    return f"{sized(comparison, arm)}{f', for {cost}' if cost else ''}"


def cost_words(comparison: Comparison, arm: str) -> str:
    """Return what an arm takes beyond the baseline; empty where no cost was recorded."""
    told = []
    for cost in comparison.costs:
        extra = comparison.value(comparison.primary, arm, f"{cost}_extra")
        if not math.isfinite(extra):
            continue
        size = number(abs(extra), 0)
        more = "no more" if size == "0" else f"{size} more" if extra > 0 else f"{size} fewer"
        if cost == "minutes":
            told.append(f"{more} {'minute' if size == '1' else 'minutes'}")
        else:
            money = more.replace("fewer", "less")
            currency = comparison.results.currency
            told.append("no more money" if size == "0" else f"{currency} {money}".strip())
    return f"{and_list(told)} per project" if told else ""


def no_vote_levels(results: Results) -> tuple[str, bool]:
    """Return the levels at which the public has no vote, with their phases, and whether those are all phases.

    Returns
    -------
    (str, bool)
        ``“inform” (governance)``; empty where it has a vote in every phase.
    """
    if results.scenario is None or not results.scenario.count(PUBLIC):
        return "", False
    found: dict[str, list[str]] = {}
    for name, phase in results.scenario.phases.items():
        if phase.level in NO_VOTE:
            found.setdefault(phase.level, []).append(plain_name(name).lower())
    told = and_list([f"“{level}” ({and_list(phases)})" for level, phases in found.items()])
    return told, sum(map(len, found.values())) == len(results.scenario.phases)
