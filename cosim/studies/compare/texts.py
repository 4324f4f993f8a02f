"""Methods, protocol paragraph and plain-English paragraph of a comparison, filled in from its numbers."""

from __future__ import annotations

import numpy as np

from cosim.formatting.words import (
    and_list,
    counted,
    number,
    of_every_hundred,
    percent,
    plain_name,
    plain_part,
)
from cosim.outcomes import outcome_in_sentence, outcome_named, outcome_title
from cosim.scenario.vocabulary import NO_VOTE, PUBLIC
from cosim.studies.compare.findings import GINI, PARITY, Comparison
from cosim.studies.compare.summary import answer, arm_words, built_in_line, by_construction, pool_words, wish
from cosim.studies.prices import price_words
from cosim.studies.report_texts import (
    first_look,
    identity_words,
    pairing_words,
    sample_words,
    sampler_words,
    status_counts,
)
from cosim.studies.results import Results


def methods(comparison: Comparison) -> tuple[str, ...]:
    """Return the methods text: paragraphs with n, seeds, intervals and Monte Carlo error."""
    results, standing = comparison.results, comparison.standing
    count = len(comparison.others)
    outcome = outcome_named(comparison.primary)
    told = outcome.sentence.rstrip(".") or outcome_title(comparison.primary)
    design = (
        f"{counted(count, 'way')} of working compared with {arm_words(comparison, comparison.baseline)} in "
        f"an agent-based model (cosim {results.version}): {sample_words(results)}, seed "
        f"{results.study['seed']}, {results.study.get('engine', 'compiled')} engine. "
        f"{sampler_words(results)} {pairing_words(results)}"
    )
    unit = "settings" if results.worlds > 1 else "replicates"
    ranking = (
        f"Ways of working are ranked by {outcome_title(comparison.primary)}: {told[:1].lower()}{told[1:]}. "
        f"Intervals of differences are 95 % t intervals of paired differences with {unit} as the independent "
        "units; intervals of shares are Wilson score intervals; those of gaps closed are percentile "
        "bootstraps over settings (500 draws, seed 1)."
    )
    multiple = (
        "Whether one is best, and which are clearly better than the baseline, is judged by intervals that "
        f"share the 5 % error among {counted(len(comparison.candidates), 'comparison')} (Bonferroni), since "
        "the best of many looks good by chance. Intervals in figures and tables are not corrected."
        if standing is not None
        else ""
    )
    return tuple(part for part in (design, ranking, multiple, precision(comparison)) if part)


def precision(comparison: Comparison) -> str:
    """Say how precise the differences are, what noise is in them, and whether n was enough."""
    rows = comparison.rows(comparison.primary).loc[list(comparison.others)]
    mcse, se = rows["mcse"].to_numpy(dtype=float), rows["se"].to_numpy(dtype=float)
    half = (rows["high"] - rows["low"]).to_numpy(dtype=float) / 2
    noise = rows["noise_share"].to_numpy(dtype=float)
    if not np.isfinite(half).any():
        return "With one run for each way of working there is neither an interval nor a Monte Carlo error."
    words = (
        f"Half-widths of the 95 % intervals of differences: median {number(float(np.nanmedian(half)), 4)}, "
        f"largest {number(float(np.nanmax(half)), 4)}."
    )
    if np.isfinite(mcse).any():
        words += (
            f" Monte Carlo standard errors (what more replicates would remove): median "
            f"{number(float(np.nanmedian(mcse)), 4)}, largest {number(float(np.nanmax(mcse)), 4)}."
        )
        uneven = np.isfinite(mcse) & (se > 0)
        if uneven.any() and comparison.results.worlds > 1:
            part = float(np.median((mcse[uneven] / se[uneven]) ** 2))
            more = "replicates" if part > 0.5 else "settings"
            words += (
                f" Replicate noise makes up {percent(min(part, 1.0))} of the squared standard error "
                f"(median): to be more precise, more {more} would help most."
            )
    if np.isfinite(noise).any():
        words += (
            f" Of the variance of a single paired difference, {percent(float(np.nanmedian(noise)))} is "
            "replicate noise (median over ways of working)."
        )
    return words


def protocol(comparison: Comparison) -> str:
    """Return a paragraph for a study protocol or an application for funding."""
    results, counts = comparison.results, status_counts()
    told = " ".join(part for part in (answer(comparison)[0], by_construction(comparison)) if part)
    return (
        "The choice of ways of working with public contributors was informed by an exploratory agent-based "
        f"simulation of a co-produced research team ({identity_words(results)}). "
        "The model explores mechanisms and does not predict effects. "
        f"{counted(len(comparison.others), 'way')} of working were compared with "
        f"{arm_words(comparison, comparison.baseline)}: {sample_words(results)}. {told} The rank depends on "
        f"the ranges assumed ({counts['assumption']} of {sum(counts.values())} parameters are assumptions, "
        f"choices or planning prices) and on the costs ({price_words(results)}); differences that a rule "
        "makes by construction were not counted as findings. We treat the ranking as a reason for what we "
        "try and "
        "monitor, not as evidence of effect."
    )


def plain_english(comparison: Comparison) -> str:
    """Return a paragraph for public contributors who read or co-write an application."""
    results, standing = comparison.results, comparison.standing
    start = (
        "We used a computer model of a made-up research team to think about how we might work together. In "
        "the model, imaginary researchers, care providers, policymakers and public contributors meet, talk, "
        "listen (or do not) and decide. It keeps apart how much people speak and how much of what they want "
        f"ends up in the decision. We let it try out {counted(len(comparison.others), 'way')} of working"
    )
    if results.worlds > 1:
        start += f" in {results.worlds:,} different imagined sets of circumstances."
    else:
        start += ", in one imagined set of circumstances."
    middle = _plain_result(comparison)
    end = (
        "This does not tell us what will happen in our team: most numbers in the model are educated "
        "guesses, and it has not been checked against recordings of teams like ours. It gives us something "
        "to discuss, and a list of things to try and to keep an eye on."
    )
    return (
        " ".join(part for part in (start, middle, end) if part) if standing is not None else f"{start} {end}"
    )


def _plain_result(comparison: Comparison) -> str:
    standing = comparison.standing
    if standing is None or standing.leader is None or standing.over_baseline is None:
        return _plain_construction(comparison)
    often = of_every_hundred(standing.over_baseline.above.estimate)
    leader, usual = arm_words(comparison, standing.leader), arm_words(comparison, comparison.baseline)
    aim = "sharing influence evenly" if comparison.primary in (GINI, PARITY) else "what we looked for"
    # Whoever comes closest does so among these, and the paragraph has to say it.
    left_out = pool_words(comparison, comparison.primary)
    among = (
        ", among those that do not simply follow from a rule of who decides or how votes count"
        if left_out
        else ""
    )
    words = {
        "best": f"The one that came closest to {aim}{among and f'{among},'} was {leader}: it did better "
        f"than {usual} in {often}.",
        "tie": f"Several came out alike{among}: "
        f"{and_list([arm_words(comparison, arm) for arm in standing.tied])}. The best placed of them, "
        f"{leader}, did better than {usual} in {often}.",
    }.get(standing.finding, f"None clearly came closer to {aim} than {usual}{among}.")
    influence = comparison.influence
    if influence is not None and standing.finding == "best":
        after, before = (influence[arm].mean for arm in (standing.leader, comparison.baseline))
        words += (
            f" Even then public contributors had {plain_part(after)} what an equal share of influence would "
            f"be ({number(after, 2)}, where 1 is equal; as usual it was {number(before, 2)})."
        )
    words = " ".join(part for part in (words, _plain_construction(comparison)) if part)
    heard = comparison.heard
    if heard is not None and heard.voice_only:
        words += (
            " Some ways of working gave public contributors much more time to speak without giving them "
            "much more say."
        )
    return words


def _plain_construction(comparison: Comparison) -> str:
    """Say in plain English what rules do by themselves: caution must not hide useful advice."""
    found = comparison.clearly_built_in
    if not found:
        return ""
    names = and_list([arm_words(comparison, arm) for arm in found], most=4)
    one = len(found) == 1
    return (
        f"{names} {'does' if one else 'do'} it by rule. {'That one changes' if one else 'Those change'} who "
        "decides or how votes count, so it is no discovery of the model, but it is a choice that a team can "
        "make."
    )


def reading_lines(comparison: Comparison) -> list[str]:
    """Say by what is ranked, that this is a choice, and why a public without a vote has little influence."""
    primary = comparison.primary
    others = [outcome_in_sentence(name) for name in comparison.shown if name != primary]
    line = f"Ranked by {outcome_in_sentence(primary)}, which is a choice"
    line += (
        ": wherever it was recorded, the page asks how evenly everybody's influence is shared."
        if primary == GINI
        else ": it is the first outcome that the config lists."
    )
    if others:
        line += f" Another question may be about {and_list(others)}: they stand beside it in the table."
    lines = [line, no_vote_words(comparison.results)]
    warning = first_look(comparison.results)
    if warning:
        lines.append(f"{warning[:1].upper()}{warning[1:]}.")
    return [each for each in lines if each]


def no_vote_words(results: Results) -> str:
    """Say in which phases the level of involvement gives the public no vote, and what follows."""
    if results.scenario is None or not results.scenario.count(PUBLIC):
        return ""
    found: dict[str, list[str]] = {}
    for name, phase in results.scenario.phases.items():
        if phase.level in NO_VOTE:
            found.setdefault(phase.level, []).append(plain_name(name).lower())
    if not found:
        return ""
    told = and_list([f"“{level}” ({and_list(phases)})" for level, phases in found.items()])
    whole = sum(map(len, found.values())) == len(results.scenario.phases)
    where = "in any phase" if whole else "there"
    return (
        f"At the level {told} the public has no vote {where}: professionals decide. That is the first reason "
        "why its share of influence is small, and no way of talking removes it."
    )


def summary_lines(comparison: Comparison) -> tuple[str, ...]:
    """Return what else the ranking figure shows: what is built in, what is not classified, how many help."""
    lines = []
    standing = comparison.standing
    if standing is not None and comparison.candidates:
        lines.append(
            f"{len(standing.winners)} of the {len(comparison.candidates)} ways of working whose effect "
            f"emerges from the dynamics {wish(comparison)} clearly, compared with "
            f"{arm_words(comparison, comparison.baseline)}."
        )
    best = [arm for arm in comparison.ranked if arm in comparison.candidates][:5]
    for arm in best:
        parts = comparison.arms[arm].parts
        if len(comparison.arms[arm].doses) > 1:
            lines.append(f"{arm_words(comparison, arm)} consists of: {parts}.")
    for arm in comparison.clearly_built_in:
        lines.append(built_in_line(comparison, arm))
    unclassified = comparison.of_status("not classified", comparison.primary)
    if unclassified:
        names = and_list([arm_words(comparison, arm) for arm in unclassified])
        lines.append(
            f"{names} changed settings of which no record says what they move by construction: left out of "
            "the ranking."
        )
    against = _narrower_without_public(comparison)
    if against:
        names = and_list([arm_words(comparison, arm) for arm in against])
        lines.append(f"{names} lowered inequality but clearly lowered the public's share of influence too.")
    return tuple(lines)


def _narrower_without_public(comparison: Comparison) -> list[str]:
    standing, influence = comparison.standing, comparison.influence
    if standing is None or influence is None or comparison.primary == PARITY:
        return []
    return [
        arm for arm in standing.winners if influence[arm].nearer.lost and influence[arm].difference.high < 0
    ]
