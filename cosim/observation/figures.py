"""The figures of an observed meeting: who spoke how much, who follows whom, and where the team lies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import pandas as pd

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.histograms import Spread, Spreads
from cosim.charts.style import BLUE, GREY, INK, ORANGE
from cosim.formatting.words import counted, number, percent, shortened
from cosim.observation.findings import Fitted, Likeness, Observed
from cosim.observation.fit_team import LEADING, RETURNING, SPREAD
from cosim.observation.matched_simulations import LEAD_TURNS, LEAD_WORDS
from cosim.observation.ranking_table import WaysTable

TITLES: Final[Mapping[str, str]] = {
    "gini_words": "Gini of words",
    "gini_turns": "Gini of turns",
    "top_share": "Top share of words",
    "aba": "Floor returns (A-B-A)",
    "aba_lift": "Floor returns, over chance given shares",
    LEAD_WORDS: "The lead's words (1: equal share)",
    LEAD_TURNS: "The lead's turns (1: equal share)",
}
"""What statistics are called."""

PARAMETERS: Final[Mapping[str, tuple[str, str]]] = {
    SPREAD: ("How much people differ in readiness to speak", "log SD"),
    RETURNING: ("How readily the floor returns", "added odds of the previous-but-one speaker"),
    LEADING: ("How much leading counts", "share of a full status difference"),
}
"""What fitted parameters are called, and their unit."""

_ROLE: Final = "role: "
_SHARES: Final = ("gini_words", "gini_turns", "top_share", "aba")


def people(seen: Observed, stamp: str) -> RowPlot:
    """Draw everybody's and every role's share of words and turns, beside equal chance."""
    observation = seen.observation
    groups = [Group("", tuple(str(name) for name in observation.people["speaker"]))]
    if len(observation.roles):
        roles = observation.roles.sort_values("relative_words", ascending=False)
        groups = [
            Group("People", groups[0].keys),
            Group("Roles (mean over people and meetings)", tuple(f"{_ROLE}{name}" for name in roles["role"])),
        ]
    labels = {str(row["speaker"]): _label(row) for _, row in observation.people.iterrows()}
    labels |= {f"{_ROLE}{name}": shortened(str(name), 40) for name in observation.roles.get("role", ())}
    panels = tuple(
        Panel(
            title=of.capitalize(),
            xlabel=f"share of {of}, times an equal share",
            series=_series(observation.people, observation.roles, of),
            lines=((1.0, "equal share"),),
        )
        for of in ("words", "turns")
    )
    chance = (
        f" Grey bars: 95 % of {observation.draws:,} meetings of the same people and length in which everyone "
        "is equally likely to speak next; one person in twenty lies outside of them by chance."
        if not seen.log.tally
        else " No chance baseline: the log holds totals per person."
    )
    held = counted(len(observation.meetings), "meeting")
    return RowPlot(
        groups=tuple(groups),
        labels=labels,
        panels=panels,
        note=f"n = {counted(len(observation.people), 'person', 'people')}, {held}.{chance}",
        stamp=stamp,
        legend=(Key("observed", BLUE, "o", True), Key("at equal chance (95 %)", GREY, "_", True))
        if not seen.log.tally
        else (),
    )


def _label(row: pd.Series[str]) -> str:
    role = str(row["role"])
    told = "" if role in ("unknown", "Unknown") else f" · {shortened(role, 24)}"
    return shortened(str(row["speaker"]), 30) + told


def _series(everyone: pd.DataFrame, roles: pd.DataFrame, of: str) -> tuple[Series, ...]:
    observed: dict[str, Dot] = {}
    chance: dict[str, Dot] = {}
    for table, column, before in ((everyone, "speaker", ""), (roles, "role", _ROLE)):
        for _, row in table.iterrows():
            key = f"{before}{row[column]}"
            observed[key] = Dot(float(row[f"relative_{of}"]))
            low, high = float(row[f"chance_{of}_low"]), float(row[f"chance_{of}_high"])
            if math.isfinite(low):
                chance[key] = Dot(1.0, low, high)
    return (
        Series(chance, GREY, "|", name="at equal chance"),
        Series(observed, BLUE, "o", name="observed"),
    )


def equality(seen: Observed, stamp: str) -> RowPlot:
    """Draw the log's statistics beside equal chance and simulated teams."""
    summary = seen.observation.summary.set_index("statistic")
    shown = [name for name in _SHARES if math.isfinite(float(summary["observed"][name]))]
    marks: dict[str, dict[str, Dot]] = {"chance": {}, "simulated": {}, "observed": {}}
    for name in shown:
        marks["observed"][f"{name}.observed"] = Dot(float(summary["observed"][name]))
        low, mean, high = (float(summary[key][name]) for key in ("chance_low", "chance", "chance_high"))
        if math.isfinite(mean):
            marks["chance"][f"{name}.chance"] = Dot(mean, low, high)
    note = (
        f"Equal chance: {seen.observation.draws:,} meetings of the same people and length; bar: 95 % of them."
    )
    if seen.likeness is not None:
        for row in seen.likeness.placed.to_dict("records"):
            if row["statistic"] in shown:
                marks["simulated"][f"{row['statistic']}.simulated"] = Dot(
                    float(row["simulated"]), float(row["low"]), float(row["high"])
                )
        note += f" Simulated: n = {len(seen.likeness.simulated):,}; bar: 95 % of them."
    looks = {"observed": (BLUE, "o"), "simulated": (ORANGE, "^"), "chance": (GREY, "s")}
    drawn = {key: dots for key, dots in marks.items() if dots}
    words = {"observed": "observed", "simulated": "simulated teams", "chance": "equal chance"}
    groups = tuple(
        Group(TITLES[name], tuple(f"{name}.{key}" for key in looks if f"{name}.{key}" in drawn.get(key, {})))
        for name in shown
    )
    return RowPlot(
        groups=groups,
        labels={key: words[key.partition(".")[2]] for group in groups for key in group.keys},
        panels=(
            Panel(
                "Observed, simulated, and by equal chance",
                "0: all alike, or never; 1: one alone, or always",
                tuple(Series(drawn[key], *look) for key, look in looks.items() if key in drawn),
            ),
        ),
        note=note,
        stamp=stamp,
    )


def spreads(likeness: Likeness, seed: int, stamp: str) -> Spreads:
    """Draw where the log lies in the simulated distribution of each statistic."""
    count = len(likeness.simulated)
    placed = likeness.placed.to_dict("records")
    shown = [row for row in placed if row["statistic"] != "aba_lift" and math.isfinite(row["below"])]
    return Spreads(
        spreads=tuple(
            Spread(
                title=TITLES[str(row["statistic"])],
                told=f"{number(row['observed'], 2)}: above {percent(row['below'])} of simulated teams",
                xlabel="",
                values=likeness.simulated[str(row["statistic"])].to_list(),
                here=float(row["observed"]),
            )
            for row in shown
        ),
        names=("simulated teams", "this log", ""),
        note=f"n = {count:,} simulations of {counted(likeness.meetings, 'meeting')}, seed {seed}; the same "
        "people by role, and as many floor turns.",
        stamp=stamp,
    )


def parameters(fitted: Fitted, stamp: str) -> Spreads:
    """Draw what the log says of the team's floor."""
    found = []
    for _, row in fitted.fit.summary().iterrows():
        name = str(row["parameter"])
        title, unit = PARAMETERS[name]
        interval = f"{number(row['low'], 2)} to {number(row['high'], 2)}"
        found.append(
            Spread(
                title=title,
                told=f"{number(row['median'], 2)}, 95 % interval {interval}",
                xlabel=unit,
                values=fitted.fit.posterior.column(name).tolist(),
                weights=fitted.fit.posterior.weights.tolist(),
                here=float(row["median"]),
                usual=float(row["default"]),
                limits=(float(row["prior_low"]), float(row["prior_high"])),
            )
        )
    return Spreads(
        spreads=tuple(found),
        names=("what the log leaves possible", "median", "the model's default"),
        note=f"n = {counted(fitted.fit.meetings, 'meeting')}, {fitted.fit.simulations:,} simulations. Before "
        "the log was seen, every value on an axis was taken as equally likely.",
        stamp=stamp,
    )


def ways(table: WaysTable, stamp: str) -> RowPlot:
    """Draw every way of working by what it does to inequality of influence in this team."""
    hollow = frozenset(name for name, built_in in table.built_in.items() if built_in)
    difference = Series(table.differences, BLUE, hollow=hollow)
    top = Series(table.tops, INK, "s")
    minutes = Series(table.minutes, INK, "D", hollow=hollow)
    groups = [Group("Effect on influence: emerges from the dynamics", table.emergent)]
    if table.built_in_names:
        groups.append(Group("Effect on influence: built in by a rule, not a finding", table.built_in_names))
    return RowPlot(
        groups=tuple(groups),
        labels=table.titles,
        panels=(
            Panel(
                "Inequality of influence",
                "difference (Gini)\n← more equal",
                (difference,),
                ((0.0, f"without {number(table.baseline, 2)}"),),
            ),
            Panel(f"In the top {table.top}", "% of draws\n ", (top,), percent=True, limits=(-0.03, 1.03)),
            Panel("Extra minutes", "minutes per project\n ", (minutes,), ((0.0, ""),)),
        ),
        note=f"n = {table.draws} draws of this team's floor × {table.replicates} replicates per row. Dots: "
        "means; bars: 95 % t intervals of paired differences, over draws. Second panel: share of draws in "
        f"which the mean is among the best {table.top}; bars: 95 % Wilson intervals; only ways whose effect "
        "emerges are ranked.",
        stamp=stamp,
        legend=(
            Key("filled: emerges from the dynamics", BLUE, "o", True),
            Key("hollow: built in by a rule", GREY, "o", False),
        ),
        keep=(*table.emergent[-1:],),
    )
