"""compare: which ways of working equalise influence, how surely, and at what cost."""

from __future__ import annotations

from cosim.analysis.gaps import LEAST_LOSS, LEAST_PART
from cosim.formatting.titles import ROLE_TITLES
from cosim.formatting.words import and_list, counted, number, percent, signed, signed_cost
from cosim.outcomes import outcome_title
from cosim.reporting.blocks import Block, Bullets, Flag, Page, Picture, Prose, Quote, Section
from cosim.studies import paste
from cosim.studies.arm_titles import EMERGENT
from cosim.studies.assumptions import assumption_blocks
from cosim.studies.compare import figures, groups, tables, texts
from cosim.studies.compare.findings import PARITY, VOICE, Comparison
from cosim.studies.compare.impacts import impacts
from cosim.studies.compare.summary import arm_words, pool_words, whole_answer
from cosim.studies.limitations import limitations
from cosim.studies.panels import panels
from cosim.studies.prices import price_words
from cosim.studies.report_head import facts, heading, question, with_constants
from cosim.studies.report_texts import citing_blocks, foot, limits_blocks
from cosim.studies.results import Results

_SHOWN = 8


def page(results: Results) -> Page:
    """Return the report of a comparison."""
    comparison = Comparison(results)
    sentences = whole_answer(comparison)
    sections = [_ranking(comparison, sentences[0])]
    if comparison.heard is not None and comparison.heard.gap_in_voice:
        sections.append(_voice(comparison))
    if comparison.costs:
        sections.append(_costs(comparison))
    if comparison.roles:
        sections.append(_roles(comparison))
    shares = groups.shares_of(comparison)
    if shares is not None:
        sections.append(groups.section(comparison, shares))
    if not comparison.impacts.empty:
        sections.append(_impacts(comparison))
    sections += [
        *panels(results),
        Section("limits", "What may not be claimed, and limits", limits_blocks(results)),
        Section("methods", "How it was done", _methods(comparison)),
        Section("interventions", "The ways of working", _ways(comparison)),
        Section("assumptions", "Assumptions", assumption_blocks(results, comparison.baseline)),
        Section("cite", "How to cite and repeat it", citing_blocks(results, _quotes(comparison))),
    ]
    by_group = {"groups": groups.numbers(shares, list(comparison.arms))} if shares is not None else {}
    arms = counted(len(comparison.others), "way") + " of working"
    return Page(
        title=heading(results),
        question=question(results),
        answer=with_constants(results, sentences),
        facts=(("compared", arms), *facts(results)),
        sections=tuple(sections),
        foot=foot(results),
        data={"differences": comparison.table, **by_group},
    )


def _ranking(comparison: Comparison, told: str) -> Section:
    lines = texts.summary_lines(comparison)
    blocks: list[Block] = [Prose(tuple(texts.reading_lines(comparison)))]
    if comparison.field is not None and comparison.candidates:
        blocks.append(tables.leaders_table(comparison))
    if lines:
        blocks.append(Bullets(lines))
    blocks += [
        Picture(
            "ranking",
            figures.ranking(comparison).draw,
            "Each row is a way of working, the best placed first. Differences are to the baseline in the "
            "same setting with the same random numbers; where a bar crosses the line, no difference is "
            "clear. Hollow marks are built in by a rule and are shown for completeness, not as findings.",
            f"Dot plot of differences to the baseline for every way of working. {told}",
        ),
        tables.ranking_table(comparison),
    ]
    title = "Which ways of working equalise influence?" if comparison.influence else "How the arms differ"
    return Section("ranking", title, tuple(blocks))


def _voice(comparison: Comparison) -> Section:
    heard = comparison.heard
    assert heard is not None
    blocks: list[Block] = [
        Prose(
            (
                "Voice is the share of turns; influence is the share that what one came with, carried or "
                "argued has in what is decided. Some rules share out turns by construction: whether "
                "influence follows is the question.",
            )
        ),
        Picture(
            "voice",
            figures.voice(comparison).draw,
            "For each way of working, how much of the public's gap to an equal share it closes: squares for "
            "voice, dots for influence. The further apart the two, the more it is heard without being "
            "heeded.",
            "Dot plot of the share of the public's gap in voice and in influence that every way of working "
            "closes.",
        ),
    ]
    if heard.voice_only:
        blocks.append(_voice_only(comparison))
    if heard.influence_only:
        names = and_list([arm_words(comparison, arm) for arm in heard.influence_only], most=8)
        told = f"{names} closed at least a tenth of the gap in influence and less of the gap in voice."
        blocks.append(Bullets((told,), "Heeded without speaking more"))
    blocks.append(tables.voice_table(comparison))
    return Section("voice", "Is being heard the same as being heeded?", tuple(blocks))


def _voice_only(comparison: Comparison) -> Bullets:
    voice, influence, heard = comparison.voice, comparison.influence, comparison.heard
    assert voice is not None
    assert influence is not None
    assert heard is not None
    arms = sorted(heard.voice_only, key=lambda arm: -voice[arm].closed)
    told = [
        f"{arm_words(comparison, arm)}: {percent(voice[arm].closed)} of the gap in voice "
        f"closed{_built_in(comparison, arm, VOICE)}, {number(100 * influence[arm].closed, 0)} % of the gap "
        "in influence."
        for arm in arms[:_SHOWN]
    ]
    if len(arms) > _SHOWN:
        told.append(f"And {len(arms) - _SHOWN} others, see the numbers.")
    return Bullets(
        tuple(told),
        f"Heard, but not heeded: {counted(len(arms), 'way')} of working closed at least a tenth of the "
        "public's gap in voice, and less than a quarter as much of its gap in influence",
    )


def _costs(comparison: Comparison) -> Section:
    blocks: list[Block] = [
        Picture(
            "cost",
            figures.cost(comparison).draw,
            f"Effect, time and money side by side; {price_words(comparison.results)}. Ringed: among the ways "
            "that clearly help and whose effect is not built in, no other gives at least as much for no "
            "more of "
            "either cost.",
            "Dot plot of effect, extra minutes and extra money for every way of working.",
        )
    ]
    if comparison.worth:
        cost_words = []
        for arm in sorted(comparison.worth, key=comparison.ranked.index):
            extra = [
                signed_cost(
                    comparison.value(comparison.primary, arm, f"{cost}_extra"),
                    cost,
                    comparison.results.currency,
                )
                for cost in comparison.costs
            ]
            effect = signed(comparison.value(comparison.primary, arm, "difference"))
            what = outcome_title(comparison.primary)
            cost_words.append(
                f"{arm_words(comparison, arm)}: {what} {effect}, for {and_list(extra)} per project."
            )
        pool = pool_words(comparison, comparison.primary)
        title = f"No other way{pool and ' ' + pool} gives as much for less"
        blocks.append(Bullets(tuple(cost_words), title))
    if len(comparison.costs) < 2:
        blocks.append(Prose(("One of minutes and money was not recorded in this study.",)))
    return Section("cost", "What does it take?", tuple(blocks))


def _roles(comparison: Comparison) -> Section:
    notice: Block
    if comparison.payers:
        notice = Flag("Equity check: gains of the public that others pay for", _paid(comparison))
    else:
        notice = Prose(
            (
                "Equity check: no way of working lifts the public at the expense of a role below an equal "
                "share.",
            )
        )
    rule = (
        "A way of working is flagged when the public clearly gains while another role clearly loses, ends "
        f"below an equal share, and loses at least {LEAST_LOSS:g} per seat and {percent(LEAST_PART)} of what "
        "the public gains per seat. What is given up beyond an equal share is no flag."
    )
    return Section(
        "roles",
        "Who gives, who gains?",
        (
            notice,
            Prose((rule,)),
            Picture(
                "roles",
                figures.roles(comparison).draw,
                "Change of every role's influence per seat. Equalising takes from those above an equal "
                "share of 1; look whether it takes from others as well.",
                "Dot plot of the change of every role's influence parity for every way of working.",
            ),
            tables.roles_table(comparison),
        ),
    )


def _paid(comparison: Comparison) -> tuple[str, ...]:
    told = []
    for arm in dict.fromkeys(payer.arm for payer in comparison.payers):
        found = [payer for payer in comparison.payers if payer.arm == arm]
        losses = [
            f"{ROLE_TITLES[payer.role].lower()} {signed(payer.other.estimate)} (from "
            f"{number(payer.before, 2)} to {number(payer.after, 2)} of an equal share)"
            for payer in found
        ]
        gain = f"{signed(found[0].public.estimate)}{_built_in(comparison, arm, PARITY)}"
        told.append(f"{arm_words(comparison, arm)}: per seat, the public {gain}, {and_list(losses)}.")
    return tuple(told)


def _built_in(comparison: Comparison, arm: str, outcome: str) -> str:
    status = comparison.status(arm, outcome)
    return "" if status == EMERGENT else f" ({status})"


def _impacts(comparison: Comparison) -> Section:
    return Section(
        "impacts",
        "What happens to the people, and to the decision?",
        (
            Picture(
                "impacts",
                impacts(comparison).draw,
                "Process beside product, with equal room. Marks show where a difference can be told; their "
                "area is its size. Hollow marks are built in by the rule.",
                "Matrix of ways of working by process and product outcomes.",
            ),
            tables.impacts_table(comparison),
            tables.outcomes_table(comparison),
        ),
    )


def _methods(comparison: Comparison) -> tuple[Block, ...]:
    return (Quote("Methods text", "\n\n".join(texts.methods(comparison))),)


def _ways(comparison: Comparison) -> tuple[Block, ...]:
    lead = Prose(
        (
            "Every way of working is a mechanism with a dose, a cost and a grade of evidence. What it moves "
            "by the construction of its rule is listed, and never counted as a finding.",
        )
    )
    compound = tables.arms_table(comparison)
    return (lead, *((compound,) if compound else ()), tables.interventions_table(comparison))


def _quotes(comparison: Comparison) -> tuple[Quote, ...]:
    return (
        Quote("For a protocol or an application", paste.protocol(comparison)),
        Quote("In plain English, for public co-applicants", paste.plain(comparison)),
        Quote("On limitations", limitations(comparison.results)),
    )
