"""A pattern: what real teams were found to do, and how the model is asked whether it does so too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cosim.catalogue import load_scenario
from cosim.errors import ConfigError, nearest_name
from cosim.outcomes import OUTCOME_NAMES
from cosim.patterns.statistics import STATISTICS
from cosim.patterns.surveys import SURVEYS
from cosim.scenario import Scenario

Status = Literal["computed", "seen", "recalled", "derived"]
"""How a number is known: computed on public data, read at the source (mostly an abstract), recalled and
unchecked, or derived from others by arithmetic."""

Section = Literal["calibration", "direction", "set-up"]
About = Literal["talk", "influence"]
ABOUT: Final[tuple[About, ...]] = ("talk", "influence")
Corpus = Literal["icsi", "ami", "delidata", "delidata_members", "replicats", "minipublics"]
Strings = Annotated[tuple[str, ...], Field(strict=False)]
Pair = Annotated[tuple[float, float], Field(strict=False)]
Numbers = Annotated[tuple[float, ...], Field(strict=False, min_length=1)]
Doses = dict[str, Annotated[float, Field(ge=0.0, le=1.0)]]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Citation(_Record):
    """Where something is said."""

    text: str = Field(min_length=1, description="Author, year, journal, or the name of a data set.")
    doi: str | None = Field(None, pattern=r"^10\.\S+/\S+$", description="Without https://doi.org/.")
    url: str | None = Field(None, pattern=r"^https?://\S+$", description="Page that was read.")
    status: Literal["seen", "recalled"] = Field(
        "seen", description="Whether the page was read, or is recalled."
    )


class Arm(_Record):
    """What is changed in the set-up, and which interventions are added."""

    changes: dict[str, Any] = Field(default_factory=dict, description="Dotted keys of the scenario.")
    interventions: Doses = Field(default_factory=dict, description="Name and dose.")


class Setup(_Record):
    """The scenario in which the model is asked.

    Either a scenario of the catalogue with changes, or a small one of its own (`inline`, which may say
    ``extends``), or the teams of a corpus of real meetings, each with a counterpart of its own of the same
    people and length (`corpus`), or people who were asked before and after they talked (`surveys`; each
    target says which of them in `at`).
    """

    scenario: str | None = Field(None, description="Name in the catalogue.")
    inline: dict[str, Any] | None = Field(None, description="A scenario written out here.")
    corpus: Literal["icsi", "ami", "delidata"] | None = Field(None, description="A corpus's teams.")
    surveys: Annotated[tuple[str, ...], Field(strict=False, min_length=1)] | None = Field(
        None, description="Surveys whose counterparts are asked."
    )
    changes: dict[str, Any] = Field(default_factory=dict, description="Dotted keys of the scenario.")
    interventions: Doses = Field(default_factory=dict, description="Name and dose.")
    labels: dict[str, str] = Field(default_factory=dict, description="Role in the log of a group's members.")
    facilitator: bool = Field(False, description="Whether the facilitator's turns are in the log.")
    replicates: int = Field(
        100, ge=1, le=100_000, description="Simulated groups in one sample: as many as were really observed."
    )
    note: str = Field("", description="What to know about the set-up.")

    @model_validator(mode="after")
    def _one_scenario(self) -> Self:
        every = (self.scenario, self.inline, self.corpus, self.surveys)
        if sum(one is not None for one in every) != 1:
            raise ConfigError(
                "give either the name of a scenario, one written out, a corpus, or surveys", key="scenario"
            )
        for name in self.surveys or ():
            if name not in SURVEYS:
                near = nearest_name(name, SURVEYS)
                raise ConfigError("there is no such survey", key="surveys", value=name, nearest=near)
        return self

    def build(self, arm: Arm | None = None, changes: Mapping[str, Any] | None = None) -> Scenario:
        """Return the scenario, with an arm's or a target's changes.

        Raises
        ------
        ConfigError
            For a scenario, key, value or intervention that does not exist, and for the teams of a corpus
            or of surveys, which are built one by one (`corpora.Corpus.scenario`, `surveys.Survey.build`).
        """
        if self.corpus is not None:
            raise ConfigError("the teams of a corpus are built one by one", key="corpus", value=self.corpus)
        if self.surveys is not None:
            raise ConfigError("the teams of surveys are built one by one", key="surveys")
        scenario = load_scenario(self.inline if self.inline is not None else str(self.scenario))
        arm = arm or Arm()
        every = {**self.changes, **arm.changes, **(changes or {})}
        doses = {**self.interventions, **arm.interventions}
        scenario = scenario.with_interventions(doses) if doses else scenario
        return scenario.replace(every) if every else scenario


class Target(_Record):
    """A number to be met.

    Attributes
    ----------
    statistic, at
        A name in `statistics.STATISTICS`, and what it needs to be told (a role, a rank, a size `n`).
    value : float or tuple of float
        What was found; several for shares by rank.
    interval : pair, optional
        95 % interval of what was found.
    tolerance : float, optional
        The simulated value may differ by this much.
    accept : pair, optional
        Or must lie between these.
    data : str, optional
        The bundled log on which the value is computed; a test does so.
    changes
        Changes of the pattern's set-up for this target (another group size).
    status, gate
        As the pattern's, unless given.
    why : str
        Why the model misses it, where that is known; told where it does.
    not_represented : str
        Why the model cannot express it; then it is listed, and neither met nor missed.
    """

    statistic: str
    at: dict[str, int | float | str] = Field(default_factory=dict)
    value: float | Numbers
    interval: Pair | None = None
    tolerance: float | None = Field(None, gt=0.0)
    accept: Pair | None = None
    data: Corpus | None = None
    changes: dict[str, Any] = Field(default_factory=dict)
    status: Status | None = None
    gate: bool | None = None
    note: str = ""
    why: str = ""
    not_represented: str = ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.statistic not in STATISTICS:
            near = nearest_name(self.statistic, STATISTICS)
            raise ConfigError(
                "there is no such statistic", key="statistic", value=self.statistic, nearest=near
            )
        missing = [need for need in STATISTICS[self.statistic].needs if need not in self.at]
        if missing:
            raise ConfigError(
                f"the statistic {self.statistic} must be told its {' and '.join(missing)}", key="at"
            )
        if (self.tolerance is None) == (self.accept is None):
            raise ConfigError("give either a tolerance or the range to accept", key="tolerance")
        for key, pair in (("interval", self.interval), ("accept", self.accept)):
            if pair is not None and pair[0] >= pair[1]:
                raise ConfigError("the lower end comes first", key=key, value=list(pair))
        return self

    @property
    def name(self) -> str:
        """The statistic and where: ``gini_words (n 6)``."""
        where = ", ".join(f"{key} {value}" for key, value in self.at.items())
        return f"{self.statistic} ({where})" if where else self.statistic

    @property
    def values(self) -> tuple[float, ...]:
        """The value as a tuple, of length 1 for a single number."""
        return self.value if isinstance(self.value, tuple) else (self.value,)

    def accepted(self) -> tuple[tuple[float, float], ...]:
        """Return the range in which each simulated value must lie."""
        if self.accept is not None:
            return (self.accept,) * len(self.values)
        width = self.tolerance or 0.0
        return tuple((value - width, value + width) for value in self.values)

    def met(self, simulated: float | tuple[float, ...]) -> bool:
        """Say whether simulated values meet the target; NaN does not.

        Raises
        ------
        ConfigError
            When there are more or fewer values than the target has.
        """
        found = simulated if isinstance(simulated, tuple) else (simulated,)
        if len(found) != len(self.values):
            told = f"{len(found)} values for a target that has {len(self.values)}"
            raise ConfigError(told, key=self.name)
        return all(low <= value <= high for value, (low, high) in zip(found, self.accepted(), strict=True))


class Sweep(_Record):
    """A number that is varied while everything else stays."""

    key: str
    values: Annotated[tuple[float, ...], Field(strict=False, min_length=3)]


class Expectation(_Record):
    """A direction: what should be higher or lower than what.

    `arm` is compared with `than` (by default the set-up itself) on the mean of an outcome: higher or lower.
    ``above`` and ``below`` compare `arm` with the number `value`. ``interior`` asks that the mean over a
    `sweep` is highest neither at its first nor at its last value.
    """

    outcome: str
    direction: Literal["higher", "lower", "above", "below", "interior"]
    arm: Arm = Arm()
    than: Arm = Arm()
    value: float | None = None
    sweep: Sweep | None = None
    because: str = Field("", description="Which mechanism should bring it about.")
    why: str = Field("", description="Why the model has it otherwise, where that is known.")

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.outcome not in OUTCOME_NAMES:
            near = nearest_name(self.outcome, OUTCOME_NAMES)
            raise ConfigError("there is no such outcome", key="outcome", value=self.outcome, nearest=near)
        if (self.value is not None) != (self.direction in ("above", "below")):
            raise ConfigError("goes with the directions above and below, and only with them", key="value")
        if (self.sweep is not None) != (self.direction == "interior"):
            raise ConfigError("goes with the direction interior, and only with it", key="sweep")
        if self.direction in ("higher", "lower") and self.arm == self.than:
            raise ConfigError("the two arms are the same", key="arm")
        return self


class Pattern(_Record):
    """One row of the evidence; see the fields of its parts.

    Attributes
    ----------
    id : str
        Short and unique: A1, C7.
    about : {"talk", "influence"}
        Whether it is about who talks, or about who moves whom.
    gate : bool
        Whether a miss counts as a failed validation. Never where a number is recalled, nor for directions.
    no_test : str
        Why there is neither a target nor an expectation.
    why : str
        Why targets and expectations that give no reason of their own are missed.
    probe : Sweep, optional
        A parameter that is varied to show how the simulated values of all targets move with it.
    """

    id: str = Field(pattern=r"^[A-Z][0-9]{1,2}$")
    title: str = Field(min_length=5)
    statement: str = Field(min_length=20)
    section: Section
    about: About = "talk"
    status: Status
    gate: bool
    citations: Annotated[tuple[Citation, ...], Field(strict=False)]
    caution: str = ""
    setup: Setup | None = None
    targets: Annotated[tuple[Target, ...], Field(strict=False)] = ()
    expectations: Annotated[tuple[Expectation, ...], Field(strict=False)] = ()
    no_test: str = ""
    why: str = ""
    probe: Sweep | None = None

    @model_validator(mode="after")
    def _is_honest(self) -> Self:
        if not self.citations:
            raise ConfigError("say where it was found", key="citations")
        tested = bool(self.targets or self.expectations)
        if tested == bool(self.no_test):
            raise ConfigError(
                "give targets or expectations, or say in no_test why there are none", key="no_test"
            )
        if tested and self.setup is None:
            raise ConfigError("what is tested needs a set-up", key="setup")
        if self.section == "direction" and (self.targets or self.gate):
            raise ConfigError(
                "a direction has expectations, no numeric targets, and is no gate", key="section"
            )
        for place, target in enumerate(self.targets):
            if self.setup is not None and self.setup.corpus is not None and target.changes:
                raise ConfigError(
                    "a corpus has its own teams; say the size in `at`", key=f"targets.{place}.changes"
                )
            if self.setup is not None and (self.setup.surveys is not None) != ("survey" in target.at):
                raise ConfigError(
                    "`at` says which survey where the set-up has surveys", key=f"targets.{place}.at"
                )
            if "survey" in target.at and self.setup is not None:
                self._check_survey(self.setup, target, place)
        if self.gate and self.status == "recalled":
            raise ConfigError("a recalled number cannot be a gate", key="gate")
        for place, target in enumerate(self.targets):
            if target.gate and (target.status or self.status) == "recalled":
                raise ConfigError("a recalled number cannot be a gate", key=f"targets.{place}.gate")
        names = [target.name for target in self.targets]
        for name in names:
            if names.count(name) > 1:
                raise ConfigError("this target stands twice", key="targets", value=name)
        return self

    def _check_survey(self, setup: Setup, target: Target, place: int) -> None:
        told = setup.surveys or ()
        if target.at["survey"] not in told:
            key, allowed = f"targets.{place}.at.survey", ", ".join(told)
            raise ConfigError("is none of the set-up's", key=key, value=target.at["survey"], allowed=allowed)
        if target.changes:
            raise ConfigError("a survey has a team of its own", key=f"targets.{place}.changes")

    def gates(self, target: Target) -> bool:
        """Say whether missing this target counts as a failed validation."""
        recalled = (target.status or self.status) == "recalled"
        wanted = self.gate if target.gate is None else target.gate
        return wanted and not recalled and not target.not_represented
