"""What the report on an observed meeting says in sentences."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from typing import Any, Final

from cosim.formatting.words import and_list, counted, number, percent, signed, span
from cosim.interventions import INTERVENTIONS
from cosim.observation.findings import KINDS, Observed
from cosim.observation.observation import DOMAIN, Observation
from cosim.observation.ranking_table import WaysTable

NOT_SAID: Final = (
    "Who has influence. Voice is who talks; influence is whose views change what is decided. A log holds the "
    "first and not the second, and somebody who hardly speaks can have the last word.",
    "Whether a share of the talk is too small or too large. An equal share is a yardstick, not an aim: who "
    "presents, chairs or is asked for advice speaks more on that day.",
    "What was said, in what tone, who was cut short, who was invited to speak, and who was in the room and "
    "said nothing: those who never speak are not in the log, so that talk looks more equal than it was.",
    "How this group always is. One meeting is one day; the intervals here hold the chance of turns, not that "
    "of topics and days.",
    "That a group in the middle of the simulated ones is well described by the model, or that one at their "
    f"edge is unusual among real groups. {DOMAIN}",
)
"""What a meeting log does not say."""

WITH_VIEWS: Final = (
    "Why anybody moved. Whose views are found in what others came to think is a pattern of many answers, "
    "and no "
    "proof that they brought it about: they may have been right, or everybody read the same text.",
)
"""What is not said where a log and views before and after are there, instead of the first of `NOT_SAID`."""

FIT_ASSUMED: Final = (
    "People differ in readiness to speak by a lognormal propensity that lasts; the one who leads is set "
    "apart by leading, title and expertise as in the model's standing; the floor returns to whoever had it "
    "before by one factor for all. Nothing else of the floor is fitted: all other parameters have their "
    "defaults.",
    "Turn lengths are read off the log. Interruptions, seats and facilitation are not in it: a round table "
    "and an open floor are assumed.",
    "What is fitted is shared by all meetings in the log. If the same people met in changing company, or "
    "topics differed much, the intervals are too narrow.",
    "The parameters describe this group's talk within the model. They are no traits of persons.",
)
"""What the fit of a team's floor assumes."""

WAYS_ASSUMED: Final = (
    "The project is an invention around the observed group: one decision on priorities after as many "
    "meetings as were logged (six at most), eight options, everybody present. What people know, weigh and "
    "want has the model's defaults for their roles. Where somebody leads, they set the agenda and sign off, "
    "as in the scenario research_team.",
    "The uncertainty about this group's floor and about influence is in the draws. Everything else that the "
    "model assumes is held at its default; the study configs/which_interventions.yaml shows how far rankings "
    "depend on that.",
    "A rank is the model's, under these assumptions. It is a question to discuss in the team, not advice.",
)
"""What the ranking of ways of working assumes."""

_OF_KIND: Final = {
    "standing": "a group that meets again and again (the model's defaults)",
    "strangers": "people brought together for one task",
    "chat": "written chat",
}


def sentences(observation: Observation) -> tuple[str, ...]:
    """Say what was found, beside equal chance; of people, those who spoke in a quarter of the meetings."""
    summary = observation.summary.set_index("statistic")
    count, several = len(observation.meetings), len(observation.meetings) > 1
    people = counted(len(observation.people), "person", "people")
    told = [f"{people} spoke in {counted(count, 'meeting')}."]
    spoke = observation.people.dropna(subset="relative_words")
    spoke = spoke[spoke["meetings"] >= count / 4]
    told += [_share(row, several) for row in spoke.head(3).to_dict("records")]
    words = summary.loc["gini_words"].to_dict()
    if math.isfinite(words["chance"]):
        told.append(
            f"The {'mean ' if several else ''}Gini of words is {number(words['observed'], 2)}; in meetings "
            f"of this size and length equal chance alone gives {number(words['chance'], 2)} "
            f"({span(words['chance_low'], words['chance_high'], 2)})."
        )
    returns = float(summary["observed"]["aba"])
    if math.isfinite(returns):
        expected = percent(float(observation.meetings["aba_expected"].mean()))
        told.append(
            f"In {'a mean of ' if several else ''}{percent(returns)} of turns the floor returns to the one "
            f"who had it before; shares of turns alone would give {expected}."
        )
    return tuple(told)


def _share(row: Mapping[Hashable, Any], several: bool) -> str:
    """Say how much of the words somebody had: of a meeting, or on average over those they spoke in."""
    share, relative = percent(row["word_share"]), f"{number(row['relative_words'], 1)} times an equal share"
    if not several:
        return f"{row['speaker']} spoke {share} of the words, {relative}."
    if row["meetings"] == 1:
        return (
            f"In the one meeting that {row['speaker']} spoke in, they had {share} of the words, {relative}."
        )
    return (
        f"In the {row['meetings']:,} meetings that {row['speaker']} spoke in, they had on average {share} of "
        f"the words, {relative}."
    )


def not_said(seen: Observed) -> tuple[str, ...]:
    """Return what the page does not say."""
    return NOT_SAID if seen.views is None else (*WITH_VIEWS, *NOT_SAID[1:])


def answer(seen: Observed) -> tuple[str, ...]:
    """Return the first sentences of the page, which the terminal shows too."""
    told = list(sentences(seen.observation))
    if seen.likeness is not None:
        placed = seen.likeness.placed.set_index("statistic")
        parts = [
            f"its {_short(name)} lies above {percent(float(placed['below'][name]))}"
            for name in ("gini_words", "aba")
            if name in placed.index and math.isfinite(float(placed["below"][name]))
        ]
        if parts:
            count = len(seen.likeness.simulated)
            told.append(
                f"Beside {count:,} simulated logs of the same people and length, {and_list(parts)} of them."
            )
    return tuple(told)


def _short(name: str) -> str:
    return {"gini_words": "Gini of words", "aba": "share of floor returns"}[name]


def likeness_lines(seen: Observed) -> tuple[str, ...]:
    """Say how the simulated teams were made."""
    if seen.likeness is None:
        return (f"No simulated team can be set beside this log: {seen.why_not}.",)
    lines = list(seen.likeness.teams.told)
    lines.append(
        f"Simulated as {_OF_KIND[seen.options.kind]}, by parameters that were found on other kinds of groups "
        f"(corpus {KINDS[seen.options.kind].upper()})."
    )
    if not seen.likeness.teams.mapped:
        lines.append("Tell roles with --role NAME=ROLE, and who leads with --lead NAME, to set people apart.")
    return tuple(lines)


def ways_lines(table: WaysTable) -> tuple[str, ...]:
    """Say which ways of working the model ranks first for this team."""
    told = []
    for name in table.leaders:
        row = table.table.loc[name].to_dict()
        told.append(
            f"{table.titles[name]}: Gini of influence {signed(float(row['difference']), 3)} "
            f"({signed(float(row['low']), 3)} to {signed(float(row['high']), 3)}), in the top {table.top} in "
            f"{percent(float(row['top_share']))} of draws, for {signed(float(row['minutes_extra']), 0)} "
            "minutes per project."
        )
    if not told:
        told.append(
            "For this team, no way of working whose effect emerges is distinguishable from business as usual."
        )
    return tuple(told)


def ways_remarks(table: WaysTable) -> tuple[str, ...]:
    """Say which ways of working are not ranked, and why."""
    told = []
    if table.built_in_names:
        acting = [name for name in table.built_in_names if name not in table.ways.idle]
        names = and_list([table.titles[name] for name in acting or table.built_in_names])
        told.append(f"Built in by their rule, and so no findings: {names}.")
    if table.ways.idle:
        names = and_list([table.titles[name] for name in table.ways.idle], most=12)
        told.append(f"Without any effect on influence in this project: {names}.")
    return tuple(told)


def left_out_lines(table: WaysTable) -> tuple[str, ...]:
    """Say which ways of working were not tried, by reason."""
    reasons: dict[str, list[str]] = {}
    for name, reason in table.ways.left_out.items():
        reasons.setdefault(reason, []).append(INTERVENTIONS[name].title)
    return tuple(f"{and_list(names, most=20)}: {reason}." for reason, names in reasons.items())


def ways_sentence(table: WaysTable) -> str:
    """Return the answer on ways of working in one sentence that claims no more than it may."""
    if not table.leaders:
        return "Under this group's fitted floor, the model tells no way of working from doing without."
    names = and_list([table.titles[name] for name in table.leaders])
    first = table.leaders[0]
    return (
        "In this model, under these assumptions, and among ways of working whose effect is not built in, "
        f"influence gets most equal with {names}; {table.titles[first]} is among the best {table.top} in "
        f"{percent(float(table.table['top_share'][first]))} of {table.draws} draws of this group's floor."
    )


def log_line(seen: Observed) -> str:
    """Say in one line what was read."""
    observation = seen.observation
    cleaned = observation.cleaning.set_index("step")
    words = number(float(cleaned["words"]["read"]), 0)
    turns = float(cleaned["turns"].iloc[-1])
    kind = "turns as counted in the file" if seen.log.tally else "floor turns"
    told = (
        f"{counted(len(observation.meetings), 'meeting')}, "
        f"{counted(len(observation.people), 'person', 'people')}, {number(turns, 0)} {kind}, "
        f"{words} words"
    )
    if seen.log.estimated:
        told += " (estimated from times)"
    minutes = float(observation.meetings["minutes"].sum())
    return f"{told}, {number(minutes, 0)} minutes" if minutes > 0.0 else told


def dropped_line(seen: Observed) -> str:
    """Say in one sentence what cleaning left out; empty for totals per person."""
    cleaned = seen.observation.cleaning.set_index("step")
    if seen.log.tally:
        return ""
    short, merged = (int(cleaned["turns"][step]) for step in ("too short for a turn", "merged"))
    words = float(cleaned["words"]["too short for a turn"])
    if seen.observation.least == 1:
        return (
            f"Of {int(cleaned['turns']['read']):,} utterances, {merged:,} were merged with the same person's "
            "before."
        )
    return (
        f"Of {int(cleaned['turns']['read']):,} utterances, {short:,} of under {seen.observation.least} words "
        f"({number(words, 0)} words in all) count as no turn, and {merged:,} were merged with the same "
        "person's utterance before."
    )
