"""The lessons as data: each a YAML file in `lessons/`, ten to fifteen minutes of a seminar."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from cosim.browser.setup import TEAMS, Setup, Way
from cosim.config.yaml_source import parse_yaml
from cosim.errors import ConfigError
from cosim.formatting.words import and_list
from cosim.interventions import INTERVENTIONS

SAME_SHARE: Final = 0.02
"""Difference of two means, as a share of team A's, below which they are called about the same."""


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
    put_in : bool
        Whether it follows from the rule or the cost of the intervention itself, so that it is no finding.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    outcome: str
    team_b: Literal["lower", "higher", "about the same"]
    put_in: bool = False


class Lesson(BaseModel):
    """One lesson.

    Attributes
    ----------
    order, minutes : int
    title, question : str
    why, predict, run : str
    look_at, discuss, reading : list of str
    expect : list of Expectation
        Checked against 200 projects by the tests, so that no lesson promises what the model does not give.
    scenario : str
    seed : int
    a, b : LessonWay
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
    run: str
    look_at: list[str] = Field(min_length=2)
    expect: list[Expectation] = Field(min_length=2)
    discuss: list[str] = Field(min_length=2)
    reading: list[str] = Field(min_length=1)

    @property
    def setup(self) -> Setup:
        """The lesson's two teams."""
        a, b = (Way(dict(way.doses), dict(way.changes)) for way in (self.a, self.b))
        return Setup(self.scenario, self.seed, a, b)


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


def lesson_markdown(lesson: Lesson) -> str:
    """Return a lesson as a page."""
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
        f"**Set-up.** Scenario {lesson.scenario}, seed {lesson.seed}; {'; '.join(ways)}.\n\n"
        f"**Predict.** {lesson.predict}\n\n**Run.** {lesson.run}\n\n"
        f"**Look at**\n\n{points(lesson.look_at)}\n\n"
        f"**Discuss**\n\n{points(lesson.discuss)}\n\n"
        f"**Further reading**\n\n{points(lesson.reading)}\n\n"
        f"**What many projects show** (for afterwards)\n\n{points(_expected(lesson))}\n"
    )


def _expected(lesson: Lesson) -> list[str]:
    """Return what to expect on average, and of what kind of statement it is."""
    told = [
        f"`{one.outcome}`: {one.team_b} in team B, on average"
        + (" (put in by the intervention's own rule or cost, no finding)" if one.put_in else "")
        for one in lesson.expect
    ]
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
