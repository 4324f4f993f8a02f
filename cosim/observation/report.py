"""The one-page report on an observed meeting, or several."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from cosim.formatting.words import NO_VALUE, counted, number, percent, signed, span
from cosim.observation import figures, learning_report, texts, views_report
from cosim.observation.findings import Fitted, Observed
from cosim.observation.ranking_table import WaysTable
from cosim.observation.source import Source
from cosim.reporting.blocks import Block, Bullets, Cell, Code, Page, Picture, Prose, Quote, Section, Table

_OPEN_ROWS = 12
_MOST_ROWS = 200


def page(seen: Observed, source: Source) -> Page:
    """Return the report.

    Parameters
    ----------
    seen : Observed
    source : Source
        Where the log comes from.
    """
    stamp = source.stamp(seen.options.seed)
    sections = [_voice(seen, stamp), _equality(seen, stamp)]
    if seen.likeness is not None:
        sections.append(_likeness(seen, stamp))
    told = texts.answer(seen)
    if seen.views is not None:
        sections += views_report.sections(seen.views, stamp)
        told = (*told, *views_report.answer(seen.views))
    if seen.fitted is not None:
        table = WaysTable(seen.fitted.ways)
        sections += [_floor(seen.fitted, stamp), _ways(table, stamp)]
        sections += learning_report.sections(seen.fitted, seen.options.seed, stamp)
        told = (*told, texts.ways_sentence(table), *learning_report.answer(seen.fitted, seen.options.seed))
    sections += [
        Section("log", "What the log holds", _log(seen)),
        *_private(seen, source),
        Section("limits", "What this does not say", (Bullets(texts.not_said(seen)),)),
        Section("cite", "How to cite and repeat it", citing(source)),
    ]
    return Page(
        title=f"{'Who speaks' if seen.views is None else 'Heard and heeded'}: {source.name}",
        question="Who speaks how much, who follows whom, and is it more than chance?"
        if seen.views is None
        else "Who speaks how much, who is heeded, and is it more than chance?",
        answer=told,
        facts=_facts(seen, source),
        sections=tuple(sections),
        foot=(
            f"{source.name}, SHA-256 {source.sha256}; cosim {source.version}, seed {seen.options.seed}.",
            "This page gives codes for names; who was there may still know who is who. It holds no text of "
            "what was said."
            if source.coded
            else "This page names the speakers as the log does. Before you pass it on, ask them, or have "
            "codes written instead (--anonymise). It holds no text of what was said.",
        ),
    )


def _private(seen: Observed, source: Source) -> list[Section]:
    """Return what could tell who somebody is, where anything could."""
    told = views_report.identifying(
        seen.views, seen.observation.roles, len(seen.observation.people), source.coded
    )
    return [Section("private", "Who could be recognised on this page?", (Bullets(told),))] if told else []


def _facts(seen: Observed, source: Source) -> tuple[tuple[str, str], ...]:
    observation = seen.observation
    minutes = float(observation.meetings["minutes"].sum())
    turns = float(observation.meetings["turns"].sum())
    found = [
        ("meetings", f"{len(observation.meetings):,}"),
        ("people", f"{len(observation.people):,}"),
        ("turns", number(turns, 0)),
        ("words" + (" (estimated)" if seen.log.estimated else ""), number(_words(observation.meetings), 0)),
    ]
    if minutes > 0.0:
        found.append(("minutes", number(minutes, 0)))
    if seen.likeness is not None:
        found.append(("simulated", f"{len(seen.likeness.simulated):,} logs"))
    return (*found, ("seed", str(seen.options.seed)), ("cosim", source.version))


def _words(table: pd.DataFrame) -> float:
    return float(table["words"].sum())


def _voice(seen: Observed, stamp: str) -> Section:
    observation = seen.observation
    blocks: list[Block] = [
        Picture(
            "people",
            figures.people(seen, stamp).draw,
            "Dots: what everyone had, where 1 is an equal share of the meeting. Words and turns differ where "
            "some speak longer at a time.",
            "Dot plot of everybody's share of words and of turns beside what equal chance gives. "
            + " ".join(texts.sentences(observation)[:4]),
        )
    ]
    if len(observation.roles):
        blocks.append(_roles_table(observation.roles))
    blocks.append(_people_table(observation.people))
    return Section("voice", "Who speaks how much?", tuple(blocks))


def _roles_table(roles: pd.DataFrame) -> Table:
    rows = tuple(
        (
            str(row["role"]),
            f"{int(row['persons']):,}",
            number(row["relative_words"], 2),
            span(row["chance_words_low"], row["chance_words_high"], 2),
            number(row["relative_turns"], 2),
            span(row["chance_turns_low"], row["chance_turns_high"], 2),
        )
        for row in _records(roles.sort_values("relative_words", ascending=False))
    )
    columns = ("role", "seats", "words", "equal chance", "turns", "equal chance")
    told = "By role: means over people and meetings, times an equal share; intervals are 95 %."
    folded = "By role" if len(rows) > _OPEN_ROWS else ""
    return Table(columns, rows, frozenset(range(1, 6)), told, folded)


def _people_table(people: pd.DataFrame) -> Table:
    rows = tuple(
        (
            str(row["speaker"]),
            str(row["role"]),
            f"{int(row['meetings']):,}",
            number(row["words"], 0),
            number(row["turns"], 0),
            percent(row["word_share"]),
            number(row["relative_words"], 2),
            span(row["chance_words_low"], row["chance_words_high"], 2),
        )
        for row in _records(people.head(_MOST_ROWS))
    )
    columns = ("who", "role", "meetings", "words", "turns", "of the words", "times equal", "equal chance")
    folded = f"The numbers by person ({counted(len(people), 'person', 'people')})"
    if len(people) > _MOST_ROWS:
        folded += f"; the first {_MOST_ROWS}, all are in people.csv"
    return Table(columns, rows, frozenset(range(2, 8)), folded=folded)


def _equality(seen: Observed, stamp: str) -> Section:
    placed = None if seen.likeness is None else seen.likeness.placed.set_index("statistic")
    summary = seen.observation.summary.set_index("statistic")
    names = [
        name
        for name in figures.TITLES
        if name in summary.index or (placed is not None and name in placed.index)
    ]
    rows = []
    for name in names:
        simulated, below = NO_VALUE, NO_VALUE
        observed, chance = math.nan, NO_VALUE
        if placed is not None and name in placed.index:
            row = placed.loc[name].to_dict()
            observed = float(row["observed"])
            simulated = f"{number(row['simulated'], 2)} ({span(row['low'], row['high'], 2)})"
            below = percent(float(row["below"]))
        if name in summary.index:
            row = summary.loc[name].to_dict()
            observed = float(row["observed"])
            if math.isfinite(row["chance"]):
                chance = f"{number(row['chance'], 2)} ({span(row['chance_low'], row['chance_high'], 2)})"
        rows.append((figures.TITLES[name], Cell(number(observed, 2), strong=True), chance, simulated, below))
    returns = (
        "The floor returns (A-B-A) when a turn is taken by whoever had the one before the last: two people "
        "in exchange while others listen."
    )
    return Section(
        "equality",
        "How equal is it, and who follows whom?",
        (
            Prose((returns,)),
            Picture(
                "equality",
                figures.equality(seen, stamp).draw,
                "Small groups look unequal by chance alone: read the dot beside the squares of the same size "
                "and length, not beside 0.",
                "Dot plot of Gini of words and turns, top share and floor returns: observed, at equal "
                "chance, and in simulated teams.",
            ),
            Table(
                ("", "observed", "equal chance", "simulated teams", "lies above"),
                tuple(rows),
                frozenset(range(1, 5)),
                "Means over meetings; in brackets 95 % intervals. Last column: share of simulated logs below "
                "the observed one.",
            ),
        ),
    )


def _likeness(seen: Observed, stamp: str) -> Section:
    assert seen.likeness is not None
    return Section(
        "like",
        "Beside simulated teams like it",
        (
            Bullets(texts.likeness_lines(seen)),
            Picture(
                "simulated",
                figures.spreads(seen.likeness, seen.options.seed, stamp).draw,
                "Each histogram is what the model gives for the same people by role and as many turns, with "
                "nobody facilitating; the line is this log.",
                "Histograms of simulated statistics with the observed value. "
                + " ".join(
                    f"{figures.TITLES[str(row['statistic'])]}: above {percent(row['below'])}."
                    for row in _records(seen.likeness.placed)
                ),
            ),
        ),
    )


def _floor(fitted: Fitted, stamp: str) -> Section:
    rows = tuple(
        (
            figures.PARAMETERS[str(row["parameter"])][0],
            Cell(number(row["median"], 2), strong=True),
            span(row["low"], row["high"], 2),
            number(row["default"], 2),
            span(row["prior_low"], row["prior_high"], 1),
            str(row["parameter"]),
        )
        for row in _records(fitted.fit.summary())
    )
    check = tuple(
        (
            figures.TITLES[str(row["statistic"])],
            Cell(number(row["observed"], 2), strong=True),
            f"{number(row['simulated'], 2)} ({span(row['low'], row['high'], 2)})",
            percent(row["below"]),
        )
        for row in _records(fitted.placed)
    )
    return Section(
        "floor",
        "This group's floor, fitted",
        (
            Picture(
                "floor",
                figures.parameters(fitted, stamp).draw,
                "Wide histograms mean that the log says little. Where the dashed line lies outside of the "
                "histogram, this group differs from the meetings that the defaults were found on.",
                "Histograms of the posterior of each fitted parameter with its median and the default.",
            ),
            Table(
                ("", "median", "95 % interval", "default", "taken as possible", "parameter"),
                rows,
                frozenset(range(1, 5)),
            ),
            Bullets(texts.FIT_ASSUMED, "What the fit assumes"),
            Table(
                ("", "observed", "fitted model", "lies above"),
                check,
                frozenset(range(1, 4)),
                "Does the fitted model give what was seen? Shares below 3 or above 97 % would say no.",
                "A check: the log beside simulations under the fitted floor",
            ),
        ),
    )


def _ways(table: WaysTable, stamp: str) -> Section:
    rows = tuple(
        (
            Cell(str(row["title"]), mark="built in" if row["built_in"] else ""),
            signed(row["difference"], 3),
            span(row["low"], row["high"], 3),
            percent(row["top_share"]),
            signed(row["minutes_extra"], 0),
            signed(row["money_extra"], 0),
        )
        for row in _records(table.table)
    )
    currency = table.ways.scenario.costs.currency
    blocks: list[Block] = [
        Bullets(texts.ways_lines(table), "Ranked first, by inequality of influence"),
        *([Prose(remarks)] if (remarks := texts.ways_remarks(table)) else []),
        Picture(
            "ways",
            figures.ways(table, stamp).draw,
            "Each row is one way of working, alone and at full dose, beside the same group without it under "
            "the same random numbers. Hollow marks are built in by a rule and are no findings.",
            f"Dot plot of ways of working. {texts.ways_sentence(table)}",
        ),
        Bullets(texts.WAYS_ASSUMED, "What the ranking assumes"),
        Table(
            ("way of working", "difference", "95 % interval", f"in top {table.top}", "minutes", currency),
            rows,
            frozenset(range(1, 6)),
            folded="The numbers by way of working",
        ),
    ]
    if table.ways.left_out:
        blocks.append(Bullets(texts.left_out_lines(table), "Not tried"))
    return Section("ways", "Which ways of working would the model try first?", tuple(blocks))


def _log(seen: Observed) -> tuple[Block, ...]:
    observation = seen.observation
    steps = tuple(
        (str(row["step"]), number(row["turns"], 0), number(row["words"], 0), str(row["why"]))
        for row in _records(observation.cleaning)
    )
    held = tuple(
        (
            str(row["meeting"]),
            f"{int(row['n']):,}",
            number(row["turns"], 0),
            number(row["words"], 0),
            number(row["minutes"], 0),
            number(row["gini_words"], 2),
            percent(row["top_share"]),
            number(row["aba"], 2),
        )
        for row in _records(observation.meetings.head(_MOST_ROWS))
    )
    columns = ("meeting", "people", "turns", "words", "minutes", "Gini of words", "top share", "A-B-A")
    folded = f"Meeting by meeting ({len(observation.meetings):,})" if len(held) > _OPEN_ROWS else ""
    blocks: list[Block] = [
        Table(("cleaning", "turns", "words", "why"), steps, frozenset((1, 2))),
        Table(columns, held, frozenset(range(1, 8)), folded=folded),
    ]
    told = (*observation.notes, *(seen.views.notes if seen.views is not None else ()))
    if told:
        notes = tuple(f"{note[:1].upper()}{note[1:]}." for note in told)
        blocks.append(Bullets(notes, "How it was read"))
    return tuple(blocks)


def citing(source: Source) -> tuple[Block, ...]:
    """Return how to cite and repeat what was made of a file."""
    read = "log" if source.kind == "log" else "table of views"
    blocks: list[Block] = [
        Prose(
            (
                f"Cite the software with its version, and say which {read} was read: the hash below changes "
                "with every change of the file. Replace the version by the DOI of its archive where there is "
                "one.",
            )
        ),
        Quote("Reference", source.citation),
        Code(source.command),
    ]
    if source.attribution:
        blocks.append(Code(source.attribution, "This log comes with cosim: its authors and licence"))
    return tuple(blocks)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
