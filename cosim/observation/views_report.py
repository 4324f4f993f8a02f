"""What the page on an observed team says of views, of decisions, and of who could be recognised."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from cosim.formatting.words import counted, number, percent, signed, span
from cosim.observation import views_figures as figures
from cosim.observation.influence_model import InfluencePosterior
from cosim.observation.power import like_this
from cosim.observation.team_views import PROFESSIONALS, PUBLIC, TeamViews
from cosim.reporting.blocks import Block, Bullets, Cell, Picture, Prose, Section, Table

SURE: Final = 0.95
"""Probability above which a gap is called one."""

TEAM: Final[Mapping[str, str]] = {
    "moved": "Size of a move (share of the scale)",
    "unchanged": "Answers that stayed the same",
    "shift": "Shift of the group's mean",
    "closed": "Spread between people that was closed",
    "same_order": "Same order of people before and after (r)",
}

ASSUMED: Final = (
    "A member's weight is one and the same for all items, alike for all of a role; everybody moves by the "
    "same "
    "share of the distance. Whoever is heeded on one item and not on another is averaged.",
    "Thinking again by oneself takes people toward what is usual too, and is no heeding. How much of the "
    "move that is, is not seen; it is taken as 2 to 86 %, and widens the intervals of who was heeded. Where "
    "the group ended does not depend on it.",
    "What moved everybody alike (a text, a guest, a mood) is a shift that has nothing to do with anybody's "
    "view "
    "beforehand. A text that says what one role already thinks looks like that role's influence.",
    "Answers are views with errors; how large these are is not seen in two answers and is taken from a "
    "retest "
    "of other people. --retest says another correlation.",
    "Views before are what people wrote, not what they would not say; people may also answer what they "
    "think is "
    "expected of them.",
)


def answer(views: TeamViews) -> tuple[str, ...]:
    """Return the sentences for the top of the page."""
    told = [_closed_sentence(views)]
    if len(views.agreement):
        told.append(_agreement_sentence(views.agreement))
    if views.heeded is not None:
        told.append(gap_sentence(views))
    return tuple(told)


def _closed_sentence(views: TeamViews) -> str:
    team = views.moved.team.set_index("statistic")
    row = team.loc["moved"].to_dict()
    said = "more than" if row["value"] > row["again_high"] else "no more than"
    return (
        f"Between the two surveys people moved by {percent(row['value'])} of the scale on average, {said} "
        "what "
        f"answering again without any talk gives ({_percents(row['again_low'], row['again_high'])})."
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


def gap_sentence(views: TeamViews) -> str:
    """Return what is said of heard and heeded."""
    assert views.heeded is not None
    table = views.gaps.set_index("role")
    name = PUBLIC if PUBLIC in table.index else _of_public(views)
    if name is None:
        wide = views.gaps.iloc[0]
        return (
            f"Of what members moved to, {percent(wide['heeded'])} "
            f"({_percents(wide['heeded_low'], wide['heeded_high'])}) is found in what the {wide['role']} had "
            f"thought, at an equal share of {percent(wide['equal'])}."
        )
    row = table.loc[name].to_dict()
    share = f"{percent(row['heeded'])} ({_percents(row['heeded_low'], row['heeded_high'])})"
    if not math.isfinite(row["talk"]):
        equal = percent(row["equal"])
        return f"The public's views make up {share} of what members moved to; an equal share is {equal}."
    told = f"The public had {percent(row['talk'])} of the talk and {share} of what members moved to."
    if row["below"] >= SURE:
        return f"{told} It was heard more than it was heeded (probability {percent(row['below'])})."
    if row["below"] <= 1.0 - SURE:
        return f"{told} It was heeded more than it was heard (probability {percent(1.0 - row['below'])})."
    return (
        f"{told} Whether it was heeded less than heard cannot be told from "
        f"{counted(views.heeded.items, 'item')} "
        f"(probability {percent(row['below'])})."
    )


def _of_public(views: TeamViews) -> str | None:
    names = [str(row["role"]) for row in _records(views.gaps) if row["group"] == PUBLIC]
    return names[0] if len(names) == 1 else None


def sections(views: TeamViews, stamp: str) -> list[Section]:
    """Return the sections on views."""
    found = [_moved(views, stamp)]
    if views.heeded is not None:
        found.append(_heeded(views, stamp))
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


def _heeded(views: TeamViews, stamp: str) -> Section:
    assert views.heeded is not None
    assert views.neutral is not None
    rows = tuple(
        (
            Cell(str(row["role"])),
            str(row["people"]),
            percent(row["equal"]),
            percent(row["talk"]) if math.isfinite(row["talk"]) else "–",
            Cell(percent(row["heeded"]), strong=True),
            _percents(row["heeded_low"], row["heeded_high"]),
            _gap(row),
            percent(row["below"]) if math.isfinite(row["below"]) else "–",
            percent(row["outcome"]),
            _percents(row["outcome_low"], row["outcome_high"]),
        )
        for row in _records(views.gaps)
    )
    columns = (
        "role",
        "people",
        "equal",
        "talk",
        "heeded",
        "95 %",
        "gap",
        "gap below 0",
        "where it ended",
        "95 %",
    )
    posterior = views.heeded
    c, c_low, c_high = posterior.interval(posterior.closed)
    lines = [
        f"Members moved {percent(c)} ({_percents(c_low, c_high)}) of the way to what all thought together, "
        "answering errors taken out; changes of their own open up part of the distance again.",
        f"{counted(posterior.items, 'item')} say this; what tells roles apart is whether the group as a "
        "whole moved "
        "toward one of them from item to item, so that more items help and more people hardly do.",
        f"The posterior is drawn by importance sampling: {len(posterior.probability):,} draws, as good as "
        f"{posterior.effective_size:,.0f} independent ones.",
    ]
    lines.append(_like_this(views))
    lines += _prior_lines(views)
    if views.voice is not None and views.voice.voice is not None:
        at, low, high = views.voice.interval(views.voice.voice)
        lines.append(
            "Does voice bring weight here? Twice the words multiply a member's weight by "
            f"{number(2.0**at, 2)} "
            f"({span(2.0**low, 2.0**high, 2)}); four other data sets gave 1.25 to 1.65."
        )
    test = tuple(
        (str(row["role"]), signed(row["drawn"], 2), _p(row["p"]), _p(row["fewest"]))
        for row in _records(views.moved.drawn)
    )
    return Section(
        "heeded",
        "Who was heard, and who was heeded?",
        (
            Prose(
                (
                    "Heard is a role's share of the words. Heeded is its share in what members moved to: "
                    "how much "
                    "of the views they came to hold is found in what that role had thought before. Where "
                    "it ended "
                    "counts all views afterwards alike, so that those who did not move count too.",
                )
            ),
            Picture(
                "heeded",
                figures.heeded(views, stamp).draw,
                "A blue dot left of its orange triangle: heard more than heeded. Bars that reach across it: "
                "too few items to tell.",
                f"Dot plot of shares of talk and of what members moved to, by role. {gap_sentence(views)}",
            ),
            Table(columns, rows, frozenset(range(1, 10))),
            Bullets(tuple(lines), "How sure is that?"),
            Table(
                ("role", "group drawn toward it", "p", "smallest p possible"),
                test,
                frozenset((1, 2, 3)),
                "By how much of the role's distance to the mean the group's mean moved toward it (0: not "
                "at all, or "
                "as if all weighed alike). Shifts of the mean are shuffled among items 2,000 times.",
                "A test without the model: items shuffled",
            ),
            Bullets(ASSUMED, "What this assumes"),
        ),
    )


def _like_this(views: TeamViews) -> str:
    public = int(views.gaps[views.gaps["group"] == PUBLIC]["people"].max()) if _has_public(views) else 1
    return like_this(public, len(views.blocks.people) - public, len(views.blocks.blocks))


def _has_public(views: TeamViews) -> bool:
    return bool((views.gaps["group"] == PUBLIC).any())


def _prior_lines(views: TeamViews) -> list[str]:
    assert views.heeded is not None
    assert views.neutral is not None
    if not views.prior:
        return [
            "Before the views were seen, members of all roles were taken as alike, a quarter to four times."
        ]
    said = ", ".join(f"{role} {number(value, 1)}" for role, value in views.prior.items())
    found = [
        "Before the views were seen, roles were taken to weigh as in the model's simulated teams of these "
        "people "
        f"({said} times the usual), each give or take a factor of four."
    ]
    for place, role in enumerate(views.heeded.roles):
        own, low, high = views.heeded.interval(views.heeded.weights[:, place])
        other = views.neutral.interval(views.neutral.weights[:, place])[0]
        if abs(own - other) > 0.25 * (high - low):
            found.append(
                f"For {role} this matters: with all roles alike beforehand it would be {percent(other)} "
                "instead of "
                f"{percent(own)}. The views do not settle it."
            )
    return found


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
        rows.append(
            (
                role,
                percent(float(posterior.equal[place])),
                percent(said) if math.isfinite(said) else "–",
                Cell(percent(at), strong=True),
                _percents(low, high),
            )
        )
    return Section(
        "decided",
        "Whose views are found in what was decided?",
        (
            Table(("role", "equal", "talk", "in the decision", "95 %"), tuple(rows), frozenset(range(1, 5))),
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
        found.append(
            f"The team is small ({people}): who was there can work out from amounts of talk who is who, "
            "and each "
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


def _gap(row: dict[str, Any]) -> str:
    if not math.isfinite(row["gap"]):
        return "–"
    return f"{signed(100.0 * row['gap'], 0)} ({span(100.0 * row['gap_low'], 100.0 * row['gap_high'], 0)})"


def _p(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    return "< 0.001" if value < 0.001 else number(value, 3)


def _percents(low: float, high: float) -> str:
    return f"{percent(low)} to {percent(high)}"


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
