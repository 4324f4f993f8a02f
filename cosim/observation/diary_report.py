"""The page on a team's diary: trends, what changed with a way of working, what the public brought about."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from cosim.charts.dot_interval import Dot, Group, Panel, RowPlot, Series
from cosim.charts.frame import Key
from cosim.charts.style import BLUE, GREY
from cosim.errors import ConfigError
from cosim.formatting.words import counted, number, shortened, signed, span
from cosim.meeting_logs.roles import model_role
from cosim.observation import views_report
from cosim.observation.diary import OUTCOMES, Diary
from cosim.observation.influence_model import RETEST
from cosim.observation.observation import Observation, observe
from cosim.observation.series import LEAST_EACH, Interruption, Trend, interruption, trend
from cosim.observation.team_views import TeamViews, look_at_views
from cosim.reporting.blocks import Block, Bullets, Cell, Page, Picture, Prose, Section, Table
from cosim.version import __version__

DRAWS: Final = 400

SERIES: Final[Mapping[str, tuple[str, str]]] = {
    "public": ("The public's words", "times an equal share (1: equal)"),
    "gini": ("Gini of words, above equal chance", "0: as equal as chance"),
}
"""What is followed from meeting to meeting: title and unit."""

GRIPP2: Final = ("Aim", "Methods", "Results", "Discussion", "Reflections")
"""Items of the short form: Staniszewska and others 2017, BMJ 358:j3453, doi 10.1136/bmj.j3453."""

OUTCOME_WORDS: Final[Mapping[str, str]] = {
    "changed": "changed something",
    "partly": "changed something in part",
    "not_changed": "changed nothing",
    "open": "still open",
}

LIMITS: Final = (
    "One team has no comparison. Whatever else came with the change (a new member, a topic, a phase, a "
    "chair) is in the "
    "estimate: it says that meetings differed before and after, not why.",
    "Ways of working are often changed when things go badly; what is unusual tends to become usual again "
    "by itself.",
    "Meetings next to each other resemble each other. Where what is left correlates from one to the next, "
    "the intervals "
    "are too narrow; with so few meetings this cannot be mended.",
    "With several changes, each is held against all that was before and after; they are not told apart.",
    "Meetings of different length and company are compared by shares times people, and beside equal chance.",
)


@dataclass(frozen=True)
class DiaryFindings:
    """What a diary shows.

    Attributes
    ----------
    diary : Diary
        With codes instead of names, where these are wanted.
    meetings : DataFrame
        A row per meeting: meeting, date, phase, change, people, turns, words, public (words, times an equal
        share; NaN where nobody is known to be of the public), public_low, public_high (95 % at equal chance),
        gini, gini_low, gini_high (observed less the mean at equal chance; and the 95 % interval of chance).
    trends : mapping of str to Trend
    changes : tuple of (meeting, change, series, Interruption or None)
    views : TeamViews or None
    seed : int
    coded : bool
    """

    diary: Diary
    meetings: pd.DataFrame
    trends: Mapping[str, Trend]
    changes: tuple[tuple[str, str, str, Interruption | None], ...]
    views: TeamViews | None
    seed: int
    coded: bool


def look_through(diary: Diary, *, coded: bool = True, retest: float = RETEST, seed: int = 1) -> DiaryFindings:
    """Work out what a diary shows.

    Parameters
    ----------
    diary : Diary
    coded : bool
        Whether codes stand for names.
    retest : float
        Correlation of answers if nothing happens.
    seed : int

    Raises
    ------
    ConfigError
        When the diary holds no meeting.
    """
    if diary.meetings.empty:
        raise ConfigError("the diary holds no meeting yet", file=diary.folder, allowed="cosim diary add")
    if coded:
        diary = with_codes(diary)
    log = diary.log()
    rows = []
    for row in diary.meetings.to_dict("records"):
        one = log.only([str(row["meeting"])])
        least = 1 if row["kind"] == "chat" else 3
        seen = observe(one, least=least, draws=DRAWS, seed=seed)
        rows.append({**{k: row[k] for k in ("meeting", "date", "phase", "change")}, **_of_meeting(seen)})
    table = pd.DataFrame(rows)
    trends = {name: trend(table[name].to_numpy(float)) for name in SERIES}
    changes = tuple(
        (str(row["meeting"]), str(row["change"]), name, interruption(table[name].to_numpy(float), place))
        for place, row in enumerate(table.to_dict("records"))
        if str(row["change"]).strip()
        for name in SERIES
    )
    views = diary.views()
    found = None
    if views is not None:
        decided = diary.tables["decisions"]
        found = look_at_views(views, retest, log=log, decided=None if decided.empty else decided, seed=seed)
    return DiaryFindings(diary, table, trends, changes, found, seed, coded)


def with_codes(diary: Diary) -> Diary:
    """Return the diary with P1, P2, ... instead of names, in free text too where spelled as in the log."""
    tables = {key: table.copy() for key, table in diary.tables.items()}
    turns, views = tables["turns"], tables["views"]
    order = {name: place for place, name in enumerate(diary.meetings["meeting"])}
    spoke = turns.assign(place=turns["meeting"].map(order)).sort_values(["place", "turn"], kind="stable")
    names = list(dict.fromkeys([*spoke["speaker"].astype(str), *views["person"].astype(str)]))
    width = len(str(len(names)))
    codes = {name: f"P{place:0{width}d}" for place, name in enumerate(names, start=1)}
    turns["speaker"] = turns["speaker"].map(codes)
    views["person"] = views["person"].map(codes)
    for key, columns in (
        ("contributions", ("contribution", "by", "led_to")),
        ("meetings", ("note", "change")),
    ):
        for column in columns:
            tables[key][column] = [_coded(str(text), codes) for text in tables[key][column]]
    return Diary(diary.folder, tables)


def _coded(text: str, codes: Mapping[str, str]) -> str:
    parts = {part: code for name, code in codes.items() for part in (name, *name.split()) if len(part) > 2}
    for part in sorted(parts, key=len, reverse=True):
        text = re.sub(rf"(?<![^\W_]){re.escape(part)}(?![^\W_])", parts[part], text)
    return text


def _of_meeting(seen: Observation) -> dict[str, float]:
    people, summary = seen.people, seen.summary.set_index("statistic").loc["gini_words"].to_dict()
    public = [str(row["role"]) for row in people.to_dict("records") if row["model_role"] == "patient"]
    known = people["model_role"].notna().any()
    value = low = high = math.nan
    if public:
        roles = seen.roles[[model_role(str(name)) == "patient" for name in seen.roles["role"]]]
        weight = roles["persons"].to_numpy(float) / roles["persons"].sum()
        value, low, high = (
            float(weight @ roles[name].to_numpy(float))
            for name in ("relative_words", "chance_words_low", "chance_words_high")
        )
    elif known:
        value = 0.0
    chance = float(summary["chance"])
    return {
        "people": len(people),
        "turns": float(people["turns"].sum()),
        "words": float(people["words"].sum()),
        "public": value,
        "public_low": low,
        "public_high": high,
        "gini": float(summary["observed"]) - chance,
        "gini_low": float(summary["chance_low"]) - chance,
        "gini_high": float(summary["chance_high"]) - chance,
    }


# ---------------------------------------------------------------- the page


def page(found: DiaryFindings) -> Page:
    """Return the page on a diary."""
    stamp = f"cosim {__version__} · diary · seed {found.seed}"
    sections = [_trends(found, stamp), _changes(found)]
    told = list(_answer(found))
    if found.views is not None:
        sections += views_report.sections(found.views, stamp)
        told += views_report.answer(found.views)
    sections += [
        _account(found),
        _private(found),
        Section("limits", "What this does not say", (Bullets(LIMITS),)),
    ]
    rows = found.meetings
    return Page(
        title="A team's diary",
        question="Who is heard, who is heeded, and what came of it, from meeting to meeting?",
        answer=tuple(told),
        facts=(
            ("meetings", f"{len(rows):,}"),
            ("from", str(rows["date"].iloc[0])),
            ("to", str(rows["date"].iloc[-1])),
            ("phases", f"{rows['phase'].replace('', np.nan).nunique():,}"),
            ("cosim", __version__),
        ),
        sections=tuple(sections),
        foot=(
            "Made from the team's own diary on the team's own machine. It holds no text of what was said "
            "in meetings; "
            "contributions are in the team's words.",
        ),
    )


def _answer(found: DiaryFindings) -> tuple[str, ...]:
    rows, told = found.meetings, []
    public = rows["public"].dropna()
    if len(public):
        told.append(
            f"Over {counted(len(rows), 'meeting')} the public spoke {number(float(public.mean()), 2)} "
            "times an equal "
            f"share of the words (from {number(float(public.min()), 2)} to {number(float(public.max()), 2)})."
        )
        told.append(_trend_sentence("It", found.trends["public"]))
    for _, change, name, step in found.changes:
        if name == "public" and len(public):
            told.append(_change_sentence(change, step))
    held = found.diary.tables["contributions"]
    if len(held):
        changed = int(held["outcome"].isin(["changed", "partly"]).sum())
        told.append(
            f"Of {counted(len(held), 'contribution')} that the team wrote down, {changed} changed something."
        )
    return tuple(told)


def _trend_sentence(who: str, one: Trend) -> str:
    if not math.isfinite(one.slope):
        return "Fewer than four meetings show no trend."
    sure = one.low > 0.0 or one.high < 0.0
    way = "rose" if one.slope > 0 else "fell"
    if not sure:
        return f"No trend is clear ({signed(one.slope, 2)} a meeting, {span(one.low, one.high, 2)})."
    return f"{who} {way} by {number(abs(one.slope), 2)} a meeting ({span(one.low, one.high, 2)})."


def _change_sentence(change: str, step: Interruption | None) -> str:
    if step is None:
        return f"After '{change}' nothing can be said yet: {LEAST_EACH} meetings before and after are needed."
    sure = step.low > 0.0 or step.high < 0.0
    told = f"With '{change}' it went from {number(step.before, 2)} to {number(step.after, 2)}"
    limits = f"a step of {signed(step.level, 2)} ({span(step.low, step.high, 2)}; p {number(step.p, 2)})"
    return f"{told}: {limits}{'' if sure else ', which may be chance'}. One team alone cannot say why."


def chart(found: DiaryFindings, stamp: str) -> RowPlot:
    """Draw every series by meeting, with what equal chance gives."""
    rows = found.meetings.to_dict("records")
    groups: list[Group] = []
    heading, keys = "", list[str]()
    for place, row in enumerate(rows):
        own = str(row["phase"]) or "meetings"
        change = str(row["change"]).strip()
        title = f"{own.replace('_', ' ')}{f' — from here: {change}' if change else ''}"
        if place == 0 or change or own != (str(rows[place - 1]["phase"]) or "meetings"):
            if keys:
                groups.append(Group(heading, tuple(keys)))
            heading, keys = shortened(title, 60), []
        keys.append(str(row["meeting"]))
    groups.append(Group(heading, tuple(keys)))
    panels = []
    for name, (title, unit) in SERIES.items():
        bars = {
            str(row["meeting"]): Dot((row[f"{name}_low"] + row[f"{name}_high"]) / 2.0, row[f"{name}_low"],
                                     row[f"{name}_high"])
            for row in rows if math.isfinite(row[f"{name}_low"])
        }  # fmt: skip
        dots = {str(row["meeting"]): Dot(row[name]) for row in rows if math.isfinite(row[name])}
        line = 1.0 if name == "public" else 0.0
        if dots:
            panels.append(Panel(title, unit, (Series(bars, GREY, "_"), Series(dots, BLUE)), ((line, ""),)))
    return RowPlot(
        groups=tuple(groups),
        labels={str(row["meeting"]): f"{row['date']} ({int(row['people'])} people)" for row in rows},
        panels=tuple(panels),
        note=f"n = {counted(len(rows), 'meeting')}, the first at the top. Grey bars: 95 % of meetings of the "
        "same people and length in which everyone is equally likely to speak next.",
        stamp=stamp,
        legend=(Key("observed", BLUE, "o", True), Key("at equal chance (95 %)", GREY, "_", True)),
    )


def _trends(found: DiaryFindings, stamp: str) -> Section:
    rows = tuple(
        (
            str(row["date"]),
            str(row["phase"]).replace("_", " "),
            str(int(row["people"])),
            number(row["words"], 0),
            number(row["public"], 2),
            number(row["gini"], 2),
            str(row["change"]),
        )
        for row in found.meetings.to_dict("records")
    )
    lines = tuple(
        f"{SERIES[name][0]}: {_trend_sentence('It', one)}" for name, one in found.trends.items()
        if one.n or name != "public"
    )  # fmt: skip
    return Section(
        "trends",
        "From meeting to meeting",
        (
            Picture(
                "trends",
                chart(found, stamp).draw,
                "A dot outside of its grey bar: more, or less, than chance gives in a meeting of that size.",
                "Dot plot of the public's share of words and of inequality by meeting. " + " ".join(lines),
            ),
            Bullets(lines, "Trends: change a meeting, with 95 % intervals"),
            Table(("date", "phase", "people", "words", "public", "Gini above chance", "new from here"), rows,
                  frozenset(range(2, 6)), folded="The numbers by meeting"),
        ),
    )  # fmt: skip


def _changes(found: DiaryFindings) -> Section:
    rows = tuple(
        (
            change,
            SERIES[name][0],
            *(
                (str(one.meetings_before), str(one.meetings_after),
                 number(one.before, 2), number(one.after, 2),
                 Cell(signed(one.level, 2), strong=True), span(one.low, one.high, 2),
                 f"{number(one.p, 2)} of {one.places}", number(one.memory, 2))
                if one is not None
                else ("–", "–", "–", "–", f"needs {LEAST_EACH} and {LEAST_EACH}", "–", "–", "–")
            ),
        )
        for _, change, name, one in found.changes
    )  # fmt: skip
    if not rows:
        told = 'No change in ways of working is marked. `cosim diary add --change "round robin"` marks one.'
        return Section("changes", "What changed with a new way of working?", (Prose((told,)),))
    columns = ("from", "what", "before", "after", "mean before", "after", "step", "95 %", "p", "memory")
    return Section(
        "changes",
        "What changed with a new way of working?",
        (
            Table(columns, rows, frozenset(range(2, 10)),
                  "Step: the level after less before, a straight trend taken out where there are 8 "
                  "meetings or more. p: "
                  "share of all possible places of the change with as large a step. Memory: correlation of "
                  "what is left "
                  "from one meeting to the next."),
            Prose(("This is an interrupted series of one team. Read its limits, at the end, first.",)),
        ),
    )  # fmt: skip


def _account(found: DiaryFindings) -> Section:
    held = found.diary.tables["contributions"]
    rows = tuple(
        (
            str(row["meeting"]),
            str(row["contribution"]),
            str(row["by"]),
            Cell(OUTCOME_WORDS.get(str(row["outcome"]), str(row["outcome"]))),
            str(row["led_to"]),
        )
        for row in held.to_dict("records")
    )
    table = found.meetings
    heads = found.diary.tables["turns"].drop_duplicates("speaker")
    public = int(sum(model_role(str(role)) == "patient" for role in heads["role"]))
    phases = (
        ", ".join(dict.fromkeys(str(one).replace("_", " ") for one in table["phase"] if one)) or "not said"
    )
    counts = {key: int((held["outcome"] == key).sum()) for key in OUTCOMES}
    said = ", ".join(f"{count} {OUTCOME_WORDS[key]}" for key, count in counts.items() if count)
    methods = (
        f"{counted(len(table), 'meeting')} from {table['date'].iloc[0]} to {table['date'].iloc[-1]}; "
        f"phases: {phases}; "
        f"{counted(len(heads), 'person', 'people')} spoke, {public} of them public contributors."
    )
    results = (
        f"{counted(len(held), 'contribution')} written down: {said}."
        if len(held)
        else "Nothing was written down."
    )
    shown = {
        "Aim": "To be written by the team: why the public was involved, and in what.",
        "Methods": methods,
        "Results": f"{results} What did not change belongs here as well as what did.",
        "Discussion": "To be written by the team: how far involvement influenced the study, and what it "
        "was like.",
        "Reflections": "To be written by the team: what went well and what did not, for the next time.",
    }
    blocks: list[Block] = [
        Prose(
            (
                "After the short form of GRIPP2 (Staniszewska and others 2017, doi 10.1136/bmj.j3453). "
                "What a tool can "
                "count is filled in; the rest is the team's to write, the public contributors among them.",
            )
        ),
        Table(("item", "account"), tuple((name, shown[name]) for name in GRIPP2)),
    ]
    if rows:
        blocks.append(Table(("meeting", "contribution", "by", "came of it", "what changed"), rows))
    else:
        blocks.append(
            Prose(
                ("`cosim diary add --contribution WHAT --by WHO --outcome changed --led-to WHAT` adds one.",)
            )
        )
    return Section("account", "What did the public bring about?", tuple(blocks))


def _private(found: DiaryFindings) -> Section:
    heads = found.diary.tables["turns"].drop_duplicates("speaker").groupby("role").size()
    roles = pd.DataFrame({"role": heads.index, "persons": heads.to_numpy()})
    told = views_report.identifying(found.views, roles, int(heads.sum()), found.coded)
    more = (
        "Contributions are in the team's words: read them for names, and for what only one person could have "
        "said."
    )
    return Section("private", "Who could be recognised on this page?", (Bullets((*told, more)),))


def tables(found: DiaryFindings) -> dict[str, pd.DataFrame]:
    """Return the tables behind the page, by file name without ending."""
    trends = [{"series": name, **vars_of(one)} for name, one in found.trends.items()]
    steps = [
        {"meeting": meeting, "change": change, "series": name, **({} if one is None else vars_of(one))}
        for meeting, change, name, one in found.changes
    ]
    return {"by_meeting": found.meetings, "trends": pd.DataFrame(trends), "changes": pd.DataFrame(steps)}


def vars_of(one: Trend | Interruption) -> dict[str, Any]:
    """Return the fields of a result as plain data."""
    from dataclasses import asdict

    return asdict(one)
