"""The answer of a comparison in two sentences, made of its tables and of nothing else.

No sentence says more than "in this model, under these assumptions, X ranked above Y in n % of settings".
"""

from __future__ import annotations

import math

from cosim.reporting.arms import BASELINE, EMERGENT
from cosim.reporting.comparison import GINI, PARITY, Comparison
from cosim.reporting.standings import Contest, Standing
from cosim.reporting.words import (
    and_list,
    counted,
    number,
    outcome_title,
    percent,
    quoted,
    signed,
    span,
)

CEILING = "In this model, under these assumptions"


def answer(comparison: Comparison) -> tuple[str, str]:
    """Return the two sentences.

    Parameters
    ----------
    comparison : Comparison

    Returns
    -------
    tuple of str
        Which ways of working stand out, and how surely; what that takes, and whether voice goes with
        influence.
    """
    standing = comparison.standing
    if standing is None:
        return _undirected(comparison)
    return _first(comparison, standing), _second(comparison, standing)


def arm_words(comparison: Comparison, name: str) -> str:
    """Return what a sentence calls an arm."""
    title = comparison.arms[name].title
    return "business as usual" if name == BASELINE and title == "Business as usual" else quoted(title)


def settings_words(standing: Standing) -> str:
    """Return what shares are shares of: ``64 sampled settings``."""
    if standing.unit == "worlds":
        return f"{standing.settings:,} sampled settings"
    return f"{counted(standing.settings, 'replicate')} of one setting"


def wish(comparison: Comparison) -> str:
    """Return what is wanted of the primary outcome, as a verb: ``lowered inequality of influence``."""
    if comparison.primary == GINI:
        return "lowered inequality of influence"
    title = _in_sentence(comparison.primary)
    if comparison.better == "lower":
        return f"lowered {title}"
    return f"raised {title}" if comparison.better == "higher" else f"brought {title} nearer to 1"


def _in_sentence(outcome: str) -> str:
    title = outcome_title(outcome)
    return title[:1].lower() + title[1:]


def _first(comparison: Comparison, standing: Standing) -> str:
    if standing.leader is None or standing.over_baseline is None:
        return _only_built_in(comparison)
    leader, done = arm_words(comparison, standing.leader), wish(comparison)
    ranks = _ranks(comparison, standing, standing.over_baseline)
    if standing.finding == "best":
        if standing.over_next is None:
            return f"{CEILING}, {leader} {done}: it {ranks}."
        return f"{CEILING}, {leader} {done} most: it {ranks}."
    if standing.finding == "tie":
        tied = and_list([arm_words(comparison, arm) for arm in standing.tied])
        return (
            f"{CEILING}, no single way of working {done} most: {tied} cannot be told apart, and {leader}, "
            f"the best placed, {ranks}."
        )
    if standing.finding == "unknown":
        return (
            f"{CEILING}, one run each cannot say which way of working {done}: {leader}, the best placed, "
            f"{ranks}."
        )
    count = len(comparison.candidates)
    if count == 1:
        return f"{CEILING}, {leader} has not clearly {done}: it {ranks}."
    return (
        f"{CEILING}, none of the {count} ways of working whose effect is not built in clearly {done}: "
        f"{leader}, the best placed, {ranks}{_built_in_too(comparison)}."
    )


def _ranks(comparison: Comparison, standing: Standing, over: Contest) -> str:
    words = f"ranked above {arm_words(comparison, over.second)} in {percent(over.above.estimate)}"
    following = standing.over_next
    if following is not None:
        share = percent(following.above.estimate)
        words += f" and above the next best, {arm_words(comparison, following.second)}, in {share}"
    return f"{words} of {settings_words(standing)}"


def _only_built_in(comparison: Comparison) -> str:
    return (
        f"{CEILING}, nothing that was compared can count as a finding: every way of working moves "
        f"{_what(comparison)} by the construction of its rule, or changes settings of which that cannot be "
        "told."
    )


def _what(comparison: Comparison) -> str:
    return "inequality of influence" if comparison.primary == GINI else _in_sentence(comparison.primary)


def _built_in_too(comparison: Comparison) -> str:
    found = [arm_words(comparison, arm) for arm in comparison.clearly_built_in]
    if not found:
        return ""
    does = "does" if len(found) == 1 else "do"
    return f"; {and_list(found)} {does} so by the construction of a rule, which is no finding"


def _second(comparison: Comparison, standing: Standing) -> str:
    parts = []
    if standing.leader is not None and standing.finding in ("best", "tie"):
        parts.append(_what_it_takes(comparison, standing.leader))
    parts.append(_heard(comparison))
    told = "; ".join(part for part in parts if part)
    if not told:
        total = len(comparison.candidates)
        told = f"{counted(len(standing.winners), 'way')} of working of {total} {wish(comparison)} clearly"
    return f"{told[:1].upper()}{told[1:]}."


def _what_it_takes(comparison: Comparison, leader: str) -> str:
    words = ""
    if comparison.influence is not None and comparison.status(leader, PARITY) == EMERGENT:
        gap, start = comparison.influence[leader], comparison.influence[comparison.baseline]
        before, after = number(start.mean, 2), number(gap.mean, 2)
        if gap.difference.low > 0 or gap.difference.high < 0:
            words = (
                f"with {arm_words(comparison, leader)} the public had {after} of an equal share of influence "
                f"instead of {before}"
            )
        else:
            words = (
                f"the public's share of influence did not clearly change with it ({before} of an equal share)"
            )
    extra = _cost(comparison, leader)
    if not words:
        return f"{arm_words(comparison, leader)} took {extra}" if extra else ""
    return f"{words}, for {extra}" if extra else words


def _cost(comparison: Comparison, arm: str) -> str:
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


def _heard(comparison: Comparison) -> str:
    heard = comparison.heard
    if heard is None or not heard.gap_in_influence:
        return ""
    if not heard.gap_in_voice:
        return "the public's voice was at an equal share to begin with, its influence was not"
    helped = "closed at least a tenth of the public's gap in voice"
    if heard.nearer_voice == 0:
        return f"no way of working {helped}"
    behind = len(heard.voice_only)
    less = "closed less than a quarter as much of its gap in influence"
    if heard.nearer_voice == 1:
        follows = less if behind else "closed its gap in influence along with it"
        return f"the one way of working that {helped} {follows}"
    if behind in (0, heard.nearer_voice):
        follows = less if behind else "closed its gap in influence along with it"
        return f"all {heard.nearer_voice} ways of working that {helped} {follows}"
    return f"of {heard.nearer_voice} ways of working that {helped}, {behind} {less}"


def _undirected(comparison: Comparison) -> tuple[str, str]:
    rows = comparison.rows(comparison.primary).loc[list(comparison.others)]
    most = str(rows["difference"].abs().idxmax())
    title = _in_sentence(comparison.primary)
    value, low, high = (
        comparison.value(comparison.primary, most, name) for name in ("difference", "low", "high")
    )
    clear = int(((rows["low"] > 0) | (rows["high"] < 0)).sum())
    first = (
        f"{CEILING}, {arm_words(comparison, most)} moved {title} most: by {signed(value)} (95 % interval "
        f"{span(low, high)}) against {arm_words(comparison, comparison.baseline)}."
    )
    second = (
        f"{clear} of {counted(len(rows), 'way')} of working moved it clearly; no definition says which way "
        "is better, so nothing is ranked."
    )
    return first, second
