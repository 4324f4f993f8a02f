"""Methods, protocol paragraph and plain-English paragraph of a comparison, filled in from its numbers."""

from __future__ import annotations

import numpy as np

from cosim.formatting.words import (
    and_list,
    counted,
    number,
    percent,
    plain_name,
)
from cosim.outcomes import outcome_in_sentence, outcome_named, outcome_title
from cosim.scenario.vocabulary import NO_VOTE, PUBLIC
from cosim.studies.compare.findings import GINI, PARITY, Comparison
from cosim.studies.compare.summary import arm_words, built_in_line, wish
from cosim.studies.report_texts import (
    first_look,
    pairing_words,
    sample_words,
    sampler_words,
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
