"""The lessons as data: each a YAML file in `lessons/`, ten to fifteen minutes of a seminar."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal
from urllib.parse import parse_qsl

from pydantic import BaseModel, ConfigDict, Field

from cosim.browser.setup import TEAMS, Setup, Way, from_link, to_link
from cosim.config.yaml_source import parse_yaml
from cosim.errors import ConfigError, nearest_name
from cosim.formatting.titles import OUTCOME_WORDS
from cosim.formatting.words import and_list
from cosim.interventions import INTERVENTIONS, built_in_by

SIZES: Final = "_sizes.json"
SAME_SHARE: Final = 0.02
"""Difference of two means, as a share of team A's, below which they are called about the same."""
MANYFOLD: Final = 100.0
"""Difference of two means, in team A's, from which on no percentage is given: that one is next to nothing."""


class LessonWay(BaseModel):
    """What a team of a lesson does differently: interventions with dose, and changed parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    doses: dict[str, float] = Field(default_factory=dict, alias="with")
    changes: dict[str, bool | int | float | str] = Field(default_factory=dict, alias="set")


class Expectation(BaseModel):
    """What many projects show of one outcome, averaged, in team B against team A.

    Attributes
    ----------
    outcome : str
        One of `cosim.outcomes.OUTCOMES`.
    team_b : str
        lower, higher, or about the same: a difference of means of less than `SAME_SHARE` of team A's mean.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    outcome: str
    team_b: Literal["lower", "higher", "about the same"]


class Act(BaseModel):
    """Something to do while a lesson is watched.

    Attributes
    ----------
    say : str
        What is to be done, and looked at meanwhile.
    do : str
        What the page does at a press: take a turn, play the film to the next decision, go to the end of a
        meeting or of the project, or run many projects. With ``look`` there is only something to see.
    times : int
        How many meetings, where it goes to the end of meetings.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    say: str
    do: Literal["look", "turn", "film", "meeting", "project", "many"]
    times: int = Field(1, ge=1, le=10)


class Misconception(BaseModel):
    """What is often thought, and what the lesson has to say to it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    thought: str
    but: str


class Lesson(BaseModel):
    """One lesson.

    Attributes
    ----------
    order, minutes : int
    title, question : str
    why, predict : str
    watch : list of Act
    look_at, discuss, reading : list of str
    after : str
        What many projects show, in a sentence, for afterwards.
    expect : list of Expectation
        Checked against 200 projects by the tests, so that no lesson promises what the model does not give.
    scenario : str
    seed : int
    a, b : LessonWay
    rule : list of str
        Outcomes that a changed setting's own rule moves, where no intervention's record says so.
    goals : list of str
        What somebody can do after the lesson.
    misconceptions : list of Misconception
    exit_question, exit_answer : str
        The last question, and what an answer should hold.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    name: str
    order: int
    title: str
    minutes: int = Field(ge=5, le=30)
    question: str
    why: str
    scenario: str
    seed: int
    a: LessonWay = LessonWay()
    b: LessonWay = LessonWay()
    predict: str
    watch: list[Act] = Field(min_length=1)
    look_at: list[str] = Field(min_length=2)
    expect: list[Expectation] = Field(min_length=2)
    after: str
    discuss: list[str] = Field(min_length=2)
    reading: list[str] = Field(min_length=1)
    rule: list[str] = Field(default_factory=list)
    goals: list[str] = Field(min_length=2)
    misconceptions: list[Misconception] = Field(min_length=1)
    exit_question: str
    exit_answer: str

    @property
    def run(self) -> str:
        """What is to be done while it is watched, in sentences."""
        return " ".join(act.say for act in self.watch)

    @property
    def setup(self) -> Setup:
        """The lesson's two teams."""
        a, b = (Way(dict(way.doses), dict(way.changes)) for way in (self.a, self.b))
        return Setup(self.scenario, self.seed, a, b)

    def put_in(self, outcome: str) -> bool:
        """Return whether the two teams' difference in an outcome follows from a rule or a cost itself.

        The registry of interventions says so; such a difference is no finding.
        """
        return outcome in self.rule or _put_in(self.setup, outcome)


def _put_in(setup: Setup, outcome: str) -> bool:
    if outcome == "voice_influence_gap":
        return any(_put_in(setup, one) for one in ("voice_parity_public", "influence_parity_public"))
    a, b = setup.doses("A"), setup.doses("B")
    used = [setup.ways[name] for name in {**a, **b} if a.get(name) != b.get(name)]
    # Minutes that a way of working takes from the talk leave fewer turns.
    if outcome == "turns" and any(part.inside_minutes > 0.0 for one in used for part in one.effort):
        return True
    changed = {*setup.a.changes, *setup.b.changes}
    return any(outcome in one.built_in for one in used) or any(outcome in built_in_by(key) for key in changed)


@dataclass(frozen=True, slots=True)
class Size:
    """How large a difference is over many projects.

    Attributes
    ----------
    a, b : float
        Mean of each team.
    lower, same, higher : float
        Share of projects in which team B's outcome is below, equal to, or above team A's, with the
        same random numbers.
    """

    a: float
    b: float
    lower: float
    same: float
    higher: float

    @property
    def words(self) -> str:
        """The size in words."""
        told = f"{_short(self.a)} in team A, {_short(self.b)} in team B on average"
        # From nothing, or from one side of zero to the other, there is no percentage.
        if self.a * self.b > 0.0 and 0.005 <= abs(self.b - self.a) / abs(self.a) < MANYFOLD:
            told += f" ({abs(self.b - self.a) / abs(self.a):.0%} {'higher' if self.b > self.a else 'lower'})"
        return f"{told}; {three_shares(self.lower, self.same, self.higher)}"


def size_of(a: Sequence[float], b: Sequence[float]) -> Size:
    """Return how large a difference is; `a` and `b` are the two teams' outcomes, project by project."""
    count = len(a)
    pairs = list(zip(a, b, strict=True))
    lower, higher = sum(right < left for left, right in pairs), sum(right > left for left, right in pairs)
    same = count - lower - higher
    return Size(sum(a) / count, sum(b) / count, lower / count, same / count, higher / count)


def three_shares(lower: float, same: float, higher: float) -> str:
    """Return in words how often team B is lower, the same and higher."""
    parts = [f"lower in {lower:.0%}", f"the same in {same:.0%}", f"higher in {higher:.0%}"]
    return f"team B is {parts[0]}, {parts[1]} and {parts[2]} of the projects with the same random numbers"


def _short(value: float) -> str:
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 3
    return f"{round(value, digits) + 0.0:,.{digits}f}"


@cache
def sizes() -> dict[str, dict[str, Size]]:
    """Return the sizes of every lesson's differences, as `experiments/demo_pages.py` last found them."""
    text = files("cosim.browser").joinpath("lessons").joinpath(SIZES).read_text(encoding="utf-8")
    return {
        lesson: {outcome: Size(*numbers) for outcome, numbers in found.items()}
        for lesson, found in json.loads(text).items()
    }


@cache
def lessons() -> tuple[Lesson, ...]:
    """Return all lessons in their order.

    Raises
    ------
    ConfigError
        When a lesson's file cannot be used.
    """
    folder = files("cosim.browser").joinpath("lessons")
    found = []
    for item in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if item.name.endswith(".yaml") and not item.name.startswith("_"):
            data = parse_yaml(item.read_text(encoding="utf-8")).data
            try:
                lesson = Lesson.model_validate({"name": item.name.removesuffix(".yaml"), **data})
            except ValueError as error:
                raise ConfigError(f"not a lesson: {error}", file=item.name) from None
            for team in TEAMS:
                lesson.setup.team(team)
            found.append(lesson)
    return tuple(sorted(found, key=lambda lesson: lesson.order))


def to_address(setup: Setup, lesson: str = "") -> str:
    """Return the query of the address that shows a set-up, in a lesson or not; `from_address` reads it."""
    found = next((one for one in lessons() if one.name == lesson), None)
    if found is None:
        return to_link(setup)
    own = "" if setup == found.setup else f"&{to_link(setup)}"
    return f"lesson={found.name}{own}"


def from_address(query: str) -> tuple[Setup, str]:
    """Return the set-up that an address describes, and the lesson's name or nothing.

    Raises
    ------
    ConfigError
        In words for whoever opened it.
    """
    given = dict(parse_qsl(query))
    name = given.get("lesson", "")
    if not name:
        return from_link(query), ""
    known = {one.name: one for one in lessons()}
    if name not in known:
        told = "there is no such lesson"
        raise ConfigError(told, key="lesson", value=name, nearest=nearest_name(name, known))
    setup = from_link(query)  # which checks all of it
    return (setup, name) if len(given) > 1 else (known[name].setup, name)


def lesson_markdown(lesson: Lesson, *, answers: bool = True) -> str:
    """Return a lesson as a page, with or without what is to be predicted first."""
    ways = []
    for team in TEAMS:
        doses = lesson.setup.way(team).doses
        told = and_list([INTERVENTIONS[name].title.lower() for name in doses]) or "as the scenario says"
        changes = [f"{key} = {value}" for key, value in lesson.setup.way(team).changes.items()]
        ways.append(f"team {team}: {told}{', ' + and_list(changes) if changes else ''}")

    def points(given: list[str]) -> str:
        return "\n".join(f"- {point}" for point in given)

    return (
        f"## {lesson.order}. {lesson.title}\n\n*{lesson.question}* (about {lesson.minutes} minutes)\n\n"
        f"**Why it matters.** {lesson.why}\n\n"
        f"**Goals**\n\n{points(lesson.goals)}\n\n"
        f"**Set-up.** Scenario {lesson.scenario}, seed {lesson.seed}; {'; '.join(ways)}.\n\n"
        f"**Predict.** {lesson.predict}\n\n**Run.** {lesson.run}\n\n"
        f"**Look at**\n\n{points(lesson.look_at)}\n\n"
        f"**Discuss**\n\n{points(lesson.discuss)}\n\n"
        f"**Before you go.** {lesson.exit_question}\n\n"
        f"**Further reading**\n\n{points(lesson.reading)}\n"
        + (f"\n{answers_markdown(lesson)}" if answers else "")
    )


def answers_markdown(lesson: Lesson) -> str:
    """Return what many projects show, for afterwards: first in a sentence, then in numbers."""
    points = "\n".join(f"- {point}" for point in _expected(lesson))
    first, stop, rest = lesson.after.partition(". ")
    thoughts = "\n".join(f"- *{one.thought}* {one.but}" for one in lesson.misconceptions)
    return (
        f"**{first}{stop.strip()}** {rest}\n\n**What many projects show**\n\n{points}\n\n"
        f"**Often thought**\n\n{thoughts}\n\n**An answer before you go.** {lesson.exit_answer}\n"
    )


def _expected(lesson: Lesson) -> list[str]:
    """Return what to expect on average, and of what kind of statement it is."""
    known = sizes().get(lesson.name, {})
    told = []
    for one in lesson.expect:
        size = f": {known[one.outcome].words}" if one.outcome in known else ""
        mark = " (put in by the way of working's own rule or cost: no finding)"
        told.append(
            f"**{OUTCOME_WORDS[one.outcome]}**: {one.team_b} in team B"
            f"{mark if lesson.put_in(one.outcome) else ''}{size}"
        )
    own = "In this model, under these assumptions and with this lesson's teams; single projects differ."
    return [*told, own]


def teachers_markdown() -> str:
    """Return the page for teachers."""
    text = files("cosim.browser").joinpath("lessons").joinpath("_teachers.yaml").read_text(encoding="utf-8")
    return str(parse_yaml(text).data["text"])


def lessons_document() -> str:
    """Return all lessons as one document (`docs/teaching/lessons.md`)."""
    head = (
        "# Lessons of the teaching demo\n\n"
        "Made from the lessons' data by `python -m experiments.demo_pages`; `cosim demo` shows them\n"
        "and sets up each lesson's two teams with one click.\n"
    )
    return "\n".join([head, *(lesson_markdown(lesson) for lesson in lessons())])
