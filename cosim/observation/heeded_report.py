"""Who was heard and who was heeded: what the page says of each role's share in what members moved to."""

from __future__ import annotations

import math
from typing import Any, Final

import pandas as pd

from cosim.formatting.words import counted, number, percent, percents, signed, span
from cosim.observation import views_figures as figures
from cosim.observation.power import like_this
from cosim.observation.team_views import PUBLIC, TeamViews
from cosim.reporting.blocks import Bullets, Cell, Picture, Prose, Section, Table

SURE: Final = 0.95
"""Probability above which a gap is called one."""

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


def sentence(views: TeamViews) -> str:
    """Return what is said of heard and heeded."""
    assert views.heeded is not None
    table = views.gaps.set_index("role")
    name = PUBLIC if PUBLIC in table.index else _of_public(views)
    if name is None:
        wide = views.gaps.iloc[0]
        return (
            f"Of what members moved to, {percent(wide['heeded'])} "
            f"({percents(wide['heeded_low'], wide['heeded_high'])}) is found in what the {wide['role']} had "
            f"thought, at an equal share of {percent(wide['equal'])}."
        )
    row = dict(zip(table.columns.astype(str), table.loc[name], strict=True))
    share = f"{percent(row['heeded'])} ({percents(row['heeded_low'], row['heeded_high'])})"
    if not views.spoken:
        return _beside_equal(row, share, views.heeded.items)
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


def _beside_equal(row: dict[str, Any], share: str, items: int) -> str:
    """Return what is said where nobody's talk is known."""
    told = (
        f"The public's views make up {share} of what members moved to; an equal share is "
        f"{percent(row['equal'])}."
    )
    sure = percent(row["below_equal"])
    if row["below_equal"] >= SURE:
        return f"{told} It was heeded less than an equal share (probability {sure})."
    if row["below_equal"] <= 1.0 - SURE:
        more = percent(1.0 - row["below_equal"])
        return f"{told} It was heeded more than an equal share (probability {more})."
    doubt = f"cannot be told from {counted(items, 'item')} (probability {sure})"
    return f"{told} Whether it was heeded less than an equal share {doubt}."


def _of_public(views: TeamViews) -> str | None:
    names = [str(row["role"]) for row in _records(views.gaps) if row["group"] == PUBLIC]
    return names[0] if len(names) == 1 else None


def section(views: TeamViews, stamp: str) -> Section:
    """Return the section, with shares of the talk where they are known."""
    return Section(
        "heeded",
        "Who was heard, and who was heeded?" if views.spoken else "Who was heeded?",
        (
            Prose((_meant(views),)),
            _picture(views, stamp),
            _shares(views),
            Bullets(_how_sure(views), "How sure is that?"),
            _shuffled(views),
            Bullets(ASSUMED, "What this assumes"),
        ),
    )


def _meant(views: TeamViews) -> str:
    heard = "Heard is a role's share of the words. Heeded is its" if views.spoken else "Heeded is a role's"
    return (
        f"{heard} share in what members moved to: how much of the views they came to hold is found in what "
        "that role had thought before. Where it ended counts all views afterwards alike, so that those who "
        "did not move count too."
    )


def _picture(views: TeamViews, stamp: str) -> Picture:
    told = "A blue dot left of its orange triangle: heard more than heeded. Bars that reach across it: "
    kind = "shares of talk and of what members moved to, by role"
    if not views.spoken:
        told = (
            "A blue dot left of its grey stroke: heeded less than an equal share. Bars that reach across it: "
        )
        kind = "shares of what members moved to, by role"
    caption = f"{told}too few items to tell."
    return Picture(
        "heeded", figures.heeded(views, stamp).draw, caption, f"Dot plot of {kind}. {sentence(views)}"
    )


def _shares(views: TeamViews) -> Table:
    """Return the table of shares; without talk, the probability is of less than an equal share."""
    beside = ("talk", "gap", "gap below 0") if views.spoken else ("", "", "below equal")
    columns = (
        *("role", "people", "equal", beside[0], "heeded", "95 %"),
        *(beside[1], beside[2], "where it ended", "95 %"),
    )
    rows = [_share(row, views.spoken) for row in _records(views.gaps)]
    kept = [place for place, name in enumerate(columns) if name]
    return Table(
        tuple(columns[place] for place in kept),
        tuple(tuple(row[place] for place in kept) for row in rows),
        frozenset(range(1, len(kept))),
    )


def _share(row: dict[str, Any], spoken: bool) -> tuple[Cell | str, ...]:
    below = row["below"] if spoken else row["below_equal"]
    return (
        Cell(str(row["role"])),
        str(row["people"]),
        percent(row["equal"]),
        percent(row["talk"]) if math.isfinite(row["talk"]) else "–",
        Cell(percent(row["heeded"]), strong=True),
        percents(row["heeded_low"], row["heeded_high"]),
        _gap(row),
        percent(below) if math.isfinite(below) else "–",
        percent(row["outcome"]),
        percents(row["outcome_low"], row["outcome_high"]),
    )


def _how_sure(views: TeamViews) -> tuple[str, ...]:
    assert views.heeded is not None
    posterior = views.heeded
    c, c_low, c_high = posterior.interval(posterior.closed)
    return (
        f"Members moved {percent(c)} ({percents(c_low, c_high)}) of the way to what all thought together, "
        "answering errors taken out; changes of their own open up part of the distance again.",
        f"{counted(posterior.items, 'item')} say this; what tells roles apart is whether the group as a "
        "whole moved toward one of them from item to item, so that more items help and more people hardly "
        "do.",
        f"The posterior is drawn by importance sampling: {len(posterior.probability):,} draws, as good as "
        f"{posterior.effective_size:,.0f} independent ones.",
        _like_this(views),
        *_prior_lines(views),
        *_voice_lines(views),
    )


def _voice_lines(views: TeamViews) -> list[str]:
    if views.voice is None or views.voice.voice is None:
        return []
    at, low, high = views.voice.interval(views.voice.voice)
    return [
        "Does voice bring weight here? Twice the words multiply a member's weight by "
        f"{number(2.0**at, 2)} ({span(2.0**low, 2.0**high, 2)}); four other data sets gave 1.25 to 1.65."
    ]


def _shuffled(views: TeamViews) -> Table:
    rows = tuple(
        (str(row["role"]), signed(row["drawn"], 2), _p(row["p"]), _p(row["fewest"]))
        for row in _records(views.moved.drawn)
    )
    return Table(
        ("role", "group drawn toward it", "p", "smallest p possible"),
        rows,
        frozenset((1, 2, 3)),
        "By how much of the role's distance to the mean the group's mean moved toward it (0: not at all, or "
        "as if all weighed alike). Shifts of the mean are shuffled among items 2,000 times.",
        "A test without the model: items shuffled",
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


def _gap(row: dict[str, Any]) -> str:
    if not math.isfinite(row["gap"]):
        return "–"
    return f"{signed(100.0 * row['gap'], 0)} ({span(100.0 * row['gap_low'], 100.0 * row['gap_high'], 0)})"


def _p(value: float) -> str:
    if not math.isfinite(value):
        return "–"
    return "< 0.001" if value < 0.001 else number(value, 3)


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
