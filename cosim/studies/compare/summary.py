"""The answer of a comparison in two or three sentences, made of its tables and of nothing else.

No sentence says more than "in this model, under these assumptions, X ranked above Y in n % of settings".
Whoever is called best is best *of a pool*, and `pool_words` says which: ways of working that a rule makes do
what they do are not in it, and the last sentence names them, with what they do and what they take.
"""

from __future__ import annotations

import math

from cosim.analysis.ranking import Contest, Standing
from cosim.formatting.words import and_list, counted, number, percent, quoted, signed, span
from cosim.outcomes import outcome_in_sentence
from cosim.studies.arm_titles import BASELINE, BUILT_IN, EMERGENT, UNCLASSIFIED
from cosim.studies.compare.findings import GINI, PARITY, Comparison

CEILING = "In this model, under these assumptions"
_NAMED = 3
"""So many that owe their effect to a rule are named in the answer; the list below it has all."""


def answer(comparison: Comparison) -> tuple[str, str]:
    """Return the two sentences on what can be a finding; `by_construction` is the third.

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


def whole_answer(comparison: Comparison) -> tuple[str, ...]:
    """Return the answer with what rules do by construction, where they do: what the page begins with."""
    told = (*answer(comparison), by_construction(comparison))
    return tuple(sentence for sentence in told if sentence)


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
    title = outcome_in_sentence(comparison.primary)
    if comparison.better == "lower":
        return f"lowered {title}"
    return f"raised {title}" if comparison.better == "higher" else f"brought {title} nearer to 1"


def pool_words(comparison: Comparison, outcome: str) -> str:
    """Return what the ways of working that can count as findings are called, where others were compared too.

    Returns
    -------
    str
        ``whose effect is not built in``, for instance; empty where nothing was left out, so that "most" means
        most of all.
    """
    if comparison.of_status(BUILT_IN, outcome):
        return "whose effect is not built in"
    return "whose effect can be classified" if comparison.of_status(UNCLASSIFIED, outcome) else ""


def candidates_words(comparison: Comparison) -> str:
    """Return the pool of the ranking with its size: ``3 ways of working whose effect is not built in``."""
    words = f"{counted(len(comparison.candidates), 'way')} of working"
    return f"{words} {pool_words(comparison, comparison.primary)}".strip()


def _first(comparison: Comparison, standing: Standing) -> str:
    if standing.leader is None or standing.over_baseline is None:
        return _only_built_in(comparison)
    leader, done, pool = arm_words(comparison, standing.leader), wish(comparison), _pool(comparison)
    ranks = _ranks(comparison, standing, standing.over_baseline)
    if standing.finding == "unknown":
        return (
            f"{CEILING}, one run each cannot say which way of working{pool} {done}: {leader}, the best "
            f"placed, {ranks}."
        )
    if len(comparison.candidates) == 1:
        # The only one of its kind is best of nothing.
        told = done if standing.finding == "best" else f"has not clearly {done}"
        return f"{CEILING}, {leader}{pool and f', the only way of working{pool},'} {told}: it {ranks}."
    if standing.finding == "best":
        return f"{CEILING}, {leader} {done} most of the {candidates_words(comparison)}: it {ranks}."
    if standing.finding == "tie":
        tied = and_list([arm_words(comparison, arm) for arm in standing.tied])
        return (
            f"{CEILING}, no single way of working{pool} {done} most: {tied} cannot be told apart, and "
            f"{leader}, the best placed of the {len(comparison.candidates)}, {ranks}."
        )
    return (
        f"{CEILING}, none of the {candidates_words(comparison)} clearly {done}: {leader}, the best placed, "
        f"{ranks}."
    )


def _pool(comparison: Comparison) -> str:
    words = pool_words(comparison, comparison.primary)
    return f" {words}" if words else ""


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
    return (
        "inequality of influence" if comparison.primary == GINI else outcome_in_sentence(comparison.primary)
    )


def by_construction(comparison: Comparison) -> str:
    """Say which ways of working are clearly better by the construction of a rule, by how much and for what.

    Also names those that no record classifies, where they are placed above the leader of the pool: without
    them the ranking beside this sentence would contradict it. Empty where there is neither.
    """
    found = comparison.clearly_built_in
    told = []
    if found:
        shown = [_with_cost(comparison, arm) for arm in found[:_NAMED]]
        rest = [f"and {len(found) - _NAMED} more"] if len(found) > _NAMED else []
        told.append(
            f"{counted(len(found), 'way')} of working {wish(comparison)} by the construction of a rule, "
            "which is a choice and no finding: "
            f"{'; '.join([*shown, *rest])}{_against_leader(comparison, found)}"
        )
    above = comparison.unclassified_above
    if above:
        names = and_list([_sized(comparison, arm) for arm in above], most=_NAMED)
        told.append(
            f"not ranked, since no record says what {'its' if len(above) == 1 else 'their'} settings do by "
            f"construction: {names}"
        )
    sentence = "; ".join(told)
    return f"{sentence[:1].upper()}{sentence[1:]}." if sentence else ""


def built_in_line(comparison: Comparison, arm: str) -> str:
    """Return a line of the list under the figure: what a rule does by itself, and what it takes."""
    return (
        f"By the construction of a rule (it settles who decides, or how ballots count): "
        f"{_with_cost(comparison, arm)}. That is a choice one can make, not a finding."
    )


def _with_cost(comparison: Comparison, arm: str) -> str:
    cost = _cost(comparison, arm)
    return f"{_sized(comparison, arm)}{f', for {cost}' if cost else ''}"


def _sized(comparison: Comparison, arm: str) -> str:
    change = comparison.value(comparison.primary, arm, "difference")
    return f"{arm_words(comparison, arm)} ({signed(change)})"


def _against_leader(comparison: Comparison, found: tuple[str, ...]) -> str:
    standing, field = comparison.standing, comparison.field
    if standing is None or field is None or standing.leader is None:
        return ""
    more = sum(field.badness(arm) < field.badness(standing.leader) for arm in found)
    if not more:
        return ""
    leader = _sized(comparison, standing.leader)
    if len(found) == 1:
        return f"; that is more than {leader}"
    return f"; {'all' if more == len(found) else f'{more} of them'} by more than {leader}"


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
    pool = pool_words(comparison, PARITY).replace("effect", "effect on influence")
    among = f" and {pool}" if pool else ""
    helped = "closed at least a tenth of the public's gap in voice"
    if heard.nearer_voice == 0:
        return f"no way of working{pool and ' ' + pool} {helped}"
    relative = f"that {helped}{among}"
    behind = len(heard.voice_only)
    less = "closed less than a quarter as much of its gap in influence"
    if heard.nearer_voice == 1:
        follows = less if behind else "closed its gap in influence along with it"
        return f"the one way of working {relative} {follows}"
    if behind in (0, heard.nearer_voice):
        follows = less if behind else "closed its gap in influence along with it"
        return f"all {heard.nearer_voice} ways of working {relative} {follows}"
    return f"of {heard.nearer_voice} ways of working {relative}, {behind} {less}"


def _undirected(comparison: Comparison) -> tuple[str, str]:
    rows = comparison.rows(comparison.primary).loc[list(comparison.others)]
    sizes = rows["difference"].abs()
    clear = int(((rows["low"] > 0) | (rows["high"] < 0)).sum())
    most = str(sizes.idxmax())
    first = f"{CEILING}, {_moved_most(comparison, most, '')}."
    free = [arm for arm in comparison.candidates if arm != most]
    if comparison.status(most, comparison.primary) == BUILT_IN and free:
        leader = str(sizes.loc[free].idxmax())
        pool = f"of those {pool_words(comparison, comparison.primary)}, "
        first = f"{first[:-1]} by construction; {_moved_most(comparison, leader, pool)}."
    second = (
        f"{clear} of {counted(len(rows), 'way')} of working moved it clearly; no definition says which way "
        "is better, so nothing is ranked."
    )
    return first, second


def _moved_most(comparison: Comparison, arm: str, pool: str) -> str:
    value, low, high = (
        comparison.value(comparison.primary, arm, name) for name in ("difference", "low", "high")
    )
    title = outcome_in_sentence(comparison.primary)
    return (
        f"{pool}{arm_words(comparison, arm)} moved {title} most: by {signed(value)} "
        f"(95 % interval {span(low, high)}) against {arm_words(comparison, comparison.baseline)}"
    )
