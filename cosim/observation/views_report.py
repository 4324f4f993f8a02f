"""What the page on an observed team says of views, of decisions, and of who could be recognised."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from cosim.formatting.words import counted, number, percent, percents, signed, span
from cosim.observation import heeded_report
from cosim.observation import views_figures as figures
from cosim.observation.influence_model import InfluencePosterior
from cosim.observation.team_views import PROFESSIONALS, PUBLIC, TeamViews
from cosim.reporting.blocks import Block, Cell, Picture, Prose, Section, Table

TEAM: Final[Mapping[str, str]] = {
    "moved": "Size of a move (share of the scale)",
    "unchanged": "Answers that stayed the same",
    "shift": "Shift of the group's mean",
    "closed": "Spread between people that was closed",
    "same_order": "Same order of people before and after (r)",
}


def answer(views: TeamViews) -> tuple[str, ...]:
    """Return the sentences for the top of the page."""
    told = [_closed_sentence(views)]
    if len(views.agreement):
        told.append(_agreement_sentence(views.agreement))
    if views.heeded is not None:
        told.append(heeded_report.sentence(views))
    return tuple(told)


def _closed_sentence(views: TeamViews) -> str:
    team = views.moved.team.set_index("statistic")
    row = team.loc["moved"].to_dict()
    said = "more than" if row["value"] > row["again_high"] else "no more than"
    return (
        f"Between the two surveys people moved by {percent(row['value'])} of the scale on average, {said} "
        "what "
        f"answering again without any talk gives ({percents(row['again_low'], row['again_high'])})."
    )


def _agreement_sentence(table: pd.DataFrame) -> str:
    row = table.set_index("statistic").loc["distance"].to_dict()
    closer = "came closer" if row["change"] < 0.0 else "moved apart"
    sure = math.isfinite(row["low"]) and (row["high"] < 0.0 or row["low"] > 0.0)
    doubt = "" if sure else "; with so few items this could be chance"
    return (
        f"Public contributors and professionals were {percent(row['before'])} of the scale apart before and "
        f"{percent(row['after'])} after: they {closer}{doubt}."
    )


def sections(views: TeamViews, stamp: str) -> list[Section]:
    """Return the sections on views."""
    found = [_moved(views, stamp)]
    if views.heeded is not None:
        found.append(heeded_report.section(views, stamp))
    if len(views.agreement):
        found.append(_agree(views))
    if views.decision is not None:
        found.append(_decided(views, views.decision))
    return found


def _moved(views: TeamViews, stamp: str) -> Section:
    team = tuple(
        (
            TEAM[str(row["statistic"])],
            Cell(number(row["value"], 2), strong=True),
            span(row["again_low"], row["again_high"], 2),
        )
        for row in _records(views.moved.team)
    )
    toward = views.moved.toward
    blocks: list[Block] = [
        Picture(
            "moved",
            figures.moved(views, stamp).draw,
            "Blue dots inside their grey bar: such a move is what answering twice gives without any talk.",
            "Dot plot of how far everybody moved beside what answering again gives. "
            + " ".join(answer(views)[:1]),
        ),
        Table(
            ("the whole group", "observed", "answered again"),
            team,
            frozenset((1, 2)),
            "Right: 95 % of what would be seen if nobody had moved.",
        ),
    ]
    if len(views.blocks.roles) > 1:
        rows = tuple(
            (
                str(row["role"]),
                str(row["toward"]),
                Cell(number(row["closed"], 2), strong=True),
                span(row["again_low"], row["again_high"], 2),
            )
            for row in _records(toward)
            if math.isfinite(row["closed"])
        )
        blocks.append(
            Table(
                ("who", "toward whom", "distance closed", "answered again"),
                rows,
                frozenset((2, 3)),
                "Share of the distance to a role's mean that was closed (1: all the way, below 0: away).",
                "Who moved toward whom" if len(rows) > 6 else "",
            )
        )
    return Section("moved", "Who moved, and toward whom?", tuple(blocks))


def _agree(views: TeamViews) -> Section:
    names = {
        "distance": "Distance of their means (share of the scale)",
        "correlation": "Correlation over items",
    }
    rows = tuple(
        (
            names[str(row["statistic"])],
            number(row["before"], 2),
            number(row["after"], 2),
            Cell(signed(row["change"], 2), strong=True),
            span(row["low"], row["high"], 2),
            span(row["again_low"], row["again_high"], 2),
        )
        for row in _records(views.agreement)
    )
    return Section(
        "agree",
        "Do the public and professionals agree more?",
        (
            Table(
                (f"{PUBLIC} and {PROFESSIONALS}", "before", "after", "change", "95 %", "answered again"),
                rows,
                frozenset(range(1, 6)),
                "Interval of the change: bootstrap over items. Last column: the change if nobody had moved.",
            ),
            Prose(("Agreement is no aim of its own: it also comes about where one side gives in.",)),
        ),
    )


def _decided(views: TeamViews, posterior: InfluencePosterior) -> Section:
    talk = dict(zip(views.gaps["role"], views.gaps["talk"], strict=True))
    rows = []
    for place, role in enumerate(posterior.roles):
        at, low, high = posterior.interval(posterior.weights[:, place])
        said = float(talk.get(role, math.nan))
        heard = (percent(said) if math.isfinite(said) else "–",) if views.spoken else ()
        equal = percent(float(posterior.equal[place]))
        rows.append((role, equal, *heard, Cell(percent(at), strong=True), percents(low, high)))
    columns = ("role", "equal", *(("talk",) if views.spoken else ()), "in the decision", "95 %")
    return Section(
        "decided",
        "Whose views are found in what was decided?",
        (
            Table(columns, tuple(rows), frozenset(range(1, len(columns)))),
            Prose(
                (
                    f"{counted(posterior.items, 'decision')} beside what people thought before they met. A "
                    "decision near somebody's view is no proof that they brought it about: they may have "
                    "been "
                    "right, or on the stronger side.",
                )
            ),
        ),
    )


def identifying(views: TeamViews | None, roles: pd.DataFrame, people: int, coded: bool) -> tuple[str, ...]:
    """Return what on the page could tell who somebody is.

    Parameters
    ----------
    views : TeamViews, optional
    roles : DataFrame
        Roles with the number of persons.
    people : int
    coded : bool
    """
    found = []
    alone = [str(row["role"]) for row in _records(roles) if int(row["persons"]) == 1] if len(roles) else []
    if alone:
        said = ", ".join(alone)
        found.append(
            f"One person alone has this role: {said}. Whoever knows the team knows who is meant"
            + (", code or not." if coded else ".")
        )
    if people < 8:
        told = "amounts of talk" if views is None or views.spoken else "how people moved"
        found.append(
            f"The team is small ({people}): who was there can work out from {told} who is who, and each "
            "member can subtract themselves from any mean of two."
        )
    if views is not None:
        pairs = [str(row["role"]) for row in _records(views.moved.roles) if int(row["people"]) in (1, 2)]
        if pairs:
            found.append(
                f"What {', '.join(pairs)} thought and how they moved is on this page as the mean of one or "
                "two "
                "people. Leave these rows out, or put roles together, before others see it."
            )
        found.append(
            "The tables people_moved.csv and toward.csv hold what single members thought on average; views "
            "themselves are not written."
        )
    if not coded:
        found.append("Names stand on this page. --anonymise writes codes instead.")
    return tuple(found)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
