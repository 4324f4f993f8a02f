"""The lessons as data: each a YAML file in `lessons/`, ten to fifteen minutes of a seminar."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from cosim.browser.setup import TEAMS, Setup, Way
from cosim.browser.words import listed
from cosim.errors import ConfigError
from cosim.interventions import INTERVENTIONS
from cosim.yaml_source import parse_yaml


class LessonWay(BaseModel):
    """What a team of a lesson does differently: interventions with dose, and changed parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    doses: dict[str, float] = Field(default_factory=dict, alias="with")
    changes: dict[str, bool | int | float | str] = Field(default_factory=dict, alias="set")


class Lesson(BaseModel):
    """One lesson.

    Attributes
    ----------
    order, minutes : int
    title, question : str
    why, predict, run : str
    look_at, discuss, reading : list of str
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
        told = listed([INTERVENTIONS[name].title.lower() for name in doses]) or "as the scenario says"
        changes = [f"{key} = {value}" for key, value in lesson.setup.way(team).changes.items()]
        ways.append(f"team {team}: {told}{', ' + listed(changes) if changes else ''}")

    def points(given: list[str]) -> str:
        return "\n".join(f"- {point}" for point in given)

    return (
        f"## {lesson.order}. {lesson.title}\n\n*{lesson.question}* (about {lesson.minutes} minutes)\n\n"
        f"**Why it matters.** {lesson.why}\n\n"
        f"**Set-up.** Scenario {lesson.scenario}, seed {lesson.seed}; {'; '.join(ways)}.\n\n"
        f"**Predict.** {lesson.predict}\n\n**Run.** {lesson.run}\n\n"
        f"**Look at**\n\n{points(lesson.look_at)}\n\n**Discuss**\n\n{points(lesson.discuss)}\n\n"
        f"**Further reading**\n\n{points(lesson.reading)}\n"
    )


def teachers_markdown() -> str:
    """Return the page for teachers."""
    text = files("cosim.browser").joinpath("lessons").joinpath("_teachers.yaml").read_text(encoding="utf-8")
    return str(parse_yaml(text).data["text"])
