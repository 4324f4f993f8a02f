"""Texts of a comparison to be pasted elsewhere: for a protocol, and for public co-applicants.

Each says no more than its tables do: whoever is called nearest is so among those that the sentence names.
"""

from __future__ import annotations

from cosim.formatting.words import and_list, counted
from cosim.outcomes import outcome_in_sentence
from cosim.scenario.vocabulary import PUBLIC
from cosim.studies.arm_titles import BASELINE
from cosim.studies.compare.findings import GINI, PARITY, Comparison
from cosim.studies.compare.summary import answer, arm_words, by_construction, pool_words
from cosim.studies.prices import price_words
from cosim.studies.report_texts import first_look, identity_words, sample_words, status_counts

PARTS = "parts_public"
_NAMED = 4


def protocol(comparison: Comparison) -> str:
    """Return a paragraph for a study protocol or an application for funding."""
    results = comparison.results
    counts = status_counts()
    told = " ".join(part for part in (answer(comparison)[0], by_construction(comparison)) if part)
    warning = first_look(results)
    return " ".join(
        part
        for part in (
            "How we will work with public contributors was informed by an exploratory agent-based simulation "
            f"of a co-produced research team ({identity_words(results)}).",
            f"It compared {counted(len(comparison.others), 'way')} of working with "
            f"{arm_words(comparison, comparison.baseline)} in {sample_words(results)}.",
            told,
            f"This is {warning}." if warning else "",
            f"Of the model's {sum(counts.values())} parameters, {counts['assumption']} are assumptions, "
            f"choices "
            f"or planning prices ({price_words(results)}), and the order may be another one under others.",
            "We take it as a reason for what we try and monitor, not as evidence of effect.",
        )
        if part
    )


def plain(comparison: Comparison) -> str:
    """Return a text for public co-applicants, at a reading age of 12 where names of ways are left out."""
    parts = (_what_we_did(comparison), _as_usual(comparison), _found(comparison), _by_rule(comparison))
    return " ".join([*(part for part in parts if part), _END])


_END = (
    "This does not tell us what will happen in our team. Most numbers in the model are guesses. It has not "
    "been "
    "checked against talks of teams like ours. But it gives us ideas to talk about, to try out, and to keep "
    "an "
    "eye on."
)


def _what_we_did(comparison: Comparison) -> str:
    results = comparison.results
    people = ""
    if results.scenario:
        size, public = results.scenario.size, results.scenario.count(PUBLIC)
        people = f" with {size} people" + (f". {public} of them are members of the public" if public else "")
    settings = "one made-up world" if results.worlds == 1 else f"{results.worlds:,} made-up worlds"
    count = len(comparison.others)
    ways = "one new way" if count == 1 else f"{count} new ways"
    return (
        "We used a computer model to think about how we could work as a team. In the model there is a "
        "made-up "
        f"team{people}. They meet, talk, listen and decide. We let the computer try {ways} of working, each "
        f"in "
        f"{settings}."
    )


def _as_usual(comparison: Comparison) -> str:
    """Say how much of a decision is the public's, in parts of 100, when the team works as usual."""
    results = comparison.results
    scenario = results.scenario
    if PARTS not in results.outcomes or scenario is None or not scenario.count(PUBLIC):
        return ""
    usual, fair = _parts(comparison, comparison.baseline), 100 * scenario.count(PUBLIC) / scenario.size
    name = (
        "as usual" if comparison.baseline == BASELINE else f"by {arm_words(comparison, comparison.baseline)}"
    )
    return (
        f"When the team works {name}, about {usual:.0f} of every 100 parts of a decision come from the "
        f"members of "
        f"the public. If all people had the same say, it would be {fair:.0f}."
    )


def _parts(comparison: Comparison, arm: str) -> float:
    runs = comparison.results.runs
    return float(runs.loc[runs["arm"] == arm, PARTS].mean())


def _found(comparison: Comparison) -> str:
    standing = comparison.standing
    if standing is None or standing.leader is None or standing.over_baseline is None:
        return ""
    leader, aim = arm_words(comparison, standing.leader), _aim(comparison)
    left_out = pool_words(comparison, comparison.primary)
    among = ", of those that do not simply follow from a rule" if left_out else ""
    often = f"It did better than usual in {_often(comparison, standing.over_baseline.above.estimate)}."
    now = _now(comparison, standing.leader)
    if standing.finding == "best":
        told = f"{leader} came closest to {aim}{among}. {often} {now}"
    elif standing.finding == "tie":
        tied = and_list([arm_words(comparison, arm) for arm in standing.tied], most=_NAMED)
        told = f"Some ways came out alike{among}: {tied}. The best placed of them is {leader}. {often} {now}"
    elif len(comparison.candidates) == 1:
        told = f"{leader} did not clearly come nearer to {aim} than the usual way."
    else:
        told = f"No way{among and f'{among},'} clearly came nearer to {aim} than the usual way."
    return told.strip()


def _often(comparison: Comparison, share: float) -> str:
    """Return in how many worlds or runs of a hundred; never and always are said only where they are true."""
    what = "worlds" if comparison.results.worlds > 1 else "runs"
    if share in (0.0, 1.0):
        return f"all of these {what}" if share else f"none of these {what}"
    return f"about {min(99, max(1, round(100 * share)))} of every 100 of these {what}"


def _aim(comparison: Comparison) -> str:
    if comparison.primary in (GINI, PARITY):
        return "an even share of the say"
    return f"what we looked for ({outcome_in_sentence(comparison.primary)})"


def _now(comparison: Comparison, arm: str) -> str:
    if PARTS not in comparison.results.outcomes or comparison.results.scenario is None:
        return ""
    if not comparison.results.scenario.count(PUBLIC):
        return ""
    part = f"about {_parts(comparison, arm):.0f} of 100"
    return f"With {arm_words(comparison, arm)}, the public's part was {part}."


def _by_rule(comparison: Comparison) -> str:
    """Say what rules do by themselves, and whether voice came without influence."""
    told = []
    found = comparison.clearly_built_in
    if found:
        names = and_list([arm_words(comparison, arm) for arm in found], most=_NAMED)
        one = len(found) == 1
        told.append(
            f"{names} {'does' if one else 'do'} it by rule. {'It changes' if one else 'They change'} who "
            f"decides "
            "or how votes count. That is no news from the computer, but a team can choose it."
        )
    heard = comparison.heard
    if heard is not None and heard.voice_only:
        told.append(
            "Some ways gave the public more time to speak, but not much more say. To be heard is not yet to "
            "count."
        )
    return " ".join(told)
