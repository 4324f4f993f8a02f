"""What the page says of what views taught, of the ranking beside the defaults', of what to record next."""

from __future__ import annotations

import math
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.charts.histograms import Spread, Spreads
from cosim.formatting.words import and_list, number, percent, signed, span
from cosim.interventions import INTERVENTIONS
from cosim.observation.findings import Fitted
from cosim.observation.learning import MOVED, SUMMARIES, Learned
from cosim.observation.next_meeting import NextMeeting
from cosim.observation.ranking_differs import RankingDiffers, ranking_differs
from cosim.reporting.blocks import Block, Bullets, Cell, Picture, Prose, Section, Table

UNSURE: Final = 0.8
"""Where the first way differs from the default's in fewer draws than this, no difference is claimed."""

NEXT_ASSUMED: Final = (
    "Worth is in points of the Gini of influence, for a team that would then choose the way that ranks "
    "first. It "
    "holds within the model: a record may be worth more for what the model does not know.",
    "Only this ranking counts. Views before and after say much else, above all who was heeded.",
    "Records are taken to be honest: a team that knows it is watched may behave otherwise.",
)


def sections(fitted: Fitted, seed: int, stamp: str) -> list[Section]:
    """Return the sections on learning, on the ranking beside the defaults', and on what to record next."""
    found = []
    if fitted.learned is not None and fitted.learned.observed:
        found.append(_learned(fitted.learned, stamp))
    if fitted.usual is not None:
        found.append(_differs(ranking_differs(fitted.ways, fitted.usual, seed)))
    if fitted.next is not None:
        found.append(_next(fitted.next))
    return found


def answer(fitted: Fitted, seed: int) -> tuple[str, ...]:
    """Return the sentences for the top of the page."""
    told = []
    if fitted.learned is not None and fitted.learned.observed:
        told.append(moved_sentence(fitted.learned))
    if fitted.usual is not None:
        told.append(differs_sentence(ranking_differs(fitted.ways, fitted.usual, seed)))
    if fitted.next is not None:
        told.append(next_sentence(fitted.next))
    return tuple(told)


def moved_sentence(learned: Learned) -> str:
    """Say which numbers the views moved."""
    table = learned.summary()
    moved = [str(name) for name in table.loc[table["moved"], "parameter"]]
    if learned.far:
        return (
            "The model does not give what this team's views show, whatever its numbers: what is learned "
            "from them "
            "is not to be relied on."
        )
    if not moved:
        return "The team's views leave all of the model's numbers of influence about where they were."
    told = f"The team's views narrow {and_list(moved)}"
    return f"{told}; the other numbers of influence stay about where they were."


def differs_sentence(found: RankingDiffers) -> str:
    """Say whether the team's ranking differs from the defaults'."""
    own, usual = (INTERVENTIONS[name].title for name in (found.first, found.usual_first))
    told = (
        f"Another way of working ranks first for this team than under the model's defaults with probability "
        f"{percent(found.probability)}; two halves of the defaults' own draws differ with "
        f"{percent(found.usual_too)}."
    )
    if found.probability < UNSURE or found.probability <= found.usual_too:
        return f"{told} No difference is claimed."
    return f"{told} Here it is {own}, by default {usual}."


def next_sentence(found: NextMeeting) -> str:
    """Say what would be worth most."""
    table = found.table[found.table["design"] != "all"].sort_values("worth", ascending=False)
    best = table.iloc[0]
    now = INTERVENTIONS[found.now].title
    if float(best["worth"]) <= 0.0 or float(best["low"]) <= 0.0:
        return (
            f"No record that was looked at would clearly change which way ranks first ({now}): more of the "
            "same "
            "data would not help to choose."
        )
    title = str(best["title"])
    return (
        f"Worth most for the ranking: {title[:1].lower()}{title[1:]}: {number(float(best['worth']), 4)} "
        "Gini points "
        f"({span(float(best['low']), float(best['high']), 4)}); it would change the first way ({now}) in "
        f"{percent(float(best['changes']))} of cases."
    )


def predictive(learned: Learned, stamp: str) -> Spreads:
    """Draw what the weighted model gives for each statistic beside what was seen."""
    spreads = []
    for row in _records(learned.check()):
        name = str(row["statistic"])
        values = learned.simulated[name].to_numpy(float)
        kept = np.isfinite(values)
        spreads.append(
            Spread(
                title=SUMMARIES[name],
                told=f"{number(row['observed'], 2)}: above {percent(row['below'])} of simulated surveys",
                xlabel="",
                values=values[kept].tolist(),
                weights=(learned.weights[kept] / learned.weights[kept].sum()).tolist(),
                here=float(row["observed"]),
            )
        )
    return Spreads(
        spreads=tuple(spreads),
        names=("the model, after learning", "this team", ""),
        note=f"n = {len(learned.weights):,} simulated surveys of the same people and items, weighted by this "
        "team's "
        f"views (as good as {learned.effective_size:,.0f} alike).",
        stamp=stamp,
    )


def _learned(learned: Learned, stamp: str) -> Section:
    rows = tuple(
        (
            str(row["parameter"]),
            f"{number(row['prior_median'], 2)} ({span(row['prior_low'], row['prior_high'], 2)})",
            Cell(number(row["median"], 2), strong=bool(row["moved"])),
            span(row["low"], row["high"], 2),
            number(row["ratio"], 2),
            str(row["sentence"]),
        )
        for row in _records(learned.summary())
    )
    lines = [
        f"{len(learned.weights):,} draws from the packaged posterior were simulated and weighted; they "
        "count as "
        f"{learned.effective_size:,.0f} alike. Few are left where a team is unlike all that the model gives.",
        f"A number counts as moved where its SD falls below {number(MOVED, 1)} of what it was. One team "
        "with few "
        "items moves little: the rest is what was believed before.",
        "The statistics below are what is learned from. A line far outside of its histogram says that the "
        "model "
        "does not give this, and that numbers learned from it mean little.",
    ]
    if learned.far:
        lines.insert(0, moved_sentence(learned))
    return Section(
        "learned",
        "What the views taught the model, and what they could not",
        (
            Bullets(tuple(lines)),
            Picture(
                "learned",
                predictive(learned, stamp).draw,
                "Each histogram is what the model gives after learning; the line is this team.",
                "Histograms of simulated statistics of surveys with the observed value.",
            ),
            Table(
                ("parameter", "before", "after", "95 %", "SD after / before", ""),
                rows,
                frozenset(range(1, 5)),
                "Numbers of influence, before and after this team's views.",
            ),
        ),
    )


def _differs(found: RankingDiffers) -> Section:
    rows = tuple(
        (
            INTERVENTIONS[str(row["arm"])].title,
            signed(row["team"], 3),
            signed(row["usual"], 3),
            Cell(signed(row["apart"], 3), strong=bool(row["low"] > 0.0 or row["high"] < 0.0)),
            span(row["low"], row["high"], 3),
        )
        for row in _records(found.table)
    )
    order = f" The two rankings correlate by {number(found.order, 2)}." if math.isfinite(found.order) else ""
    blocks: tuple[Block, ...] = (
        Prose((differs_sentence(found) + order,)),
        Table(
            ("way of working", "this team", "default", "apart", "95 %"),
            rows,
            frozenset(range(1, 5)),
            "Differences in the Gini of influence. Of many intervals, one in twenty lies off 0 by chance.",
            "Way by way: this team beside the default",
        ),
    )
    return Section("differs", "Is that another ranking than by default?", blocks)


def _next(found: NextMeeting) -> Section:
    rows = tuple(
        (
            str(row["title"]),
            Cell(number(row["worth"], 4), strong=bool(row["low"] > 0.0)),
            span(row["low"], row["high"], 4),
            percent(row["changes"]),
        )
        for row in _records(found.table)
    )
    return Section(
        "next",
        "What would be worth recording next?",
        (
            Prose(
                (
                    next_sentence(found),
                    f"The first way is ahead of the second by {number(found.margin, 4)} Gini points now.",
                )
            ),
            Table(
                ("record", "worth (Gini points)", "95 %", "would change the choice"),
                rows,
                frozenset((1, 2, 3)),
                f"{found.draws} draws, {found.replicates} runs of each way; what chance alone gives is "
                "taken off.",
            ),
            Bullets(NEXT_ASSUMED, "What this assumes"),
        ),
    )


def tables(fitted: Fitted, seed: int) -> dict[str, pd.DataFrame]:
    """Return the tables behind these sections, by file name without ending."""
    found = {}
    if fitted.learned is not None and fitted.learned.observed:
        learned = fitted.learned
        found["learned"] = learned.summary()
        found["learned_check"] = learned.check()
        sample = pd.DataFrame(learned.theta, columns=list(learned.names))
        found["learned_posterior"] = sample.assign(weight=learned.weights)
    if fitted.usual is not None:
        found["ways_beside_default"] = ranking_differs(fitted.ways, fitted.usual, seed).table
    if fitted.next is not None:
        found["next"] = fitted.next.table
    return found


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
