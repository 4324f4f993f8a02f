"""What a study config may say, apart from what belongs to one kind of study only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field

from cosim.config.error_messages import meant_alone
from cosim.config.yaml_source import KeyPath, Source
from cosim.errors import ConfigError, nearest_name
from cosim.execution.design import MAX_SEED
from cosim.execution.own_outcomes import OwnOutcome, as_written
from cosim.execution.spreads import Pair, Share, Spread

Value = bool | int | float | str | list[Any]
Dose = Annotated[float, Field(ge=0.0, le=1.0)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Names = Annotated[list[Name], Field(min_length=1)]


class Settings(BaseModel):
    """Base of every block: frozen, strict, nothing unknown, nothing infinite."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def _doses(given: Any) -> Any:
    """Accept ``[round_robin, {talk_cap: 0.5}]`` as well as ``{round_robin: 1, talk_cap: 0.5}``."""
    if not isinstance(given, list):
        return given
    doses: dict[str, Any] = {}
    for entry in given:
        pairs = entry if isinstance(entry, dict) else {entry: 1.0} if isinstance(entry, str) else None
        if pairs is None:
            raise ConfigError(
                "an intervention is a name, or a name with its dose",
                value=entry,
                allowed="NAME or {NAME: 0.5}",
            )
        for name, dose in pairs.items():
            if name in doses:
                raise ConfigError("this intervention is listed twice", value=name)
            # Here, not by pydantic: in a list, the place of a dose would be lost.
            if isinstance(dose, (int, float)) and not 0 <= dose <= 1:
                raise ConfigError("out of range", key=name, value=dose, allowed="0 to 1")
            doses[name] = dose
    return doses


Doses = Annotated[dict[Name, Dose], BeforeValidator(_doses)]


def random_numbers_field(default: Literal["own", "common"], description: str) -> Any:
    """Return the field of a block that says which points share their random numbers.

    Until 0.3 it may also be written as ``luck``, and ``common`` as ``shared``.
    """
    return Field(default, validation_alias=AliasChoices("random_numbers", "luck"), description=description)


def _common(given: Any) -> Any:
    return "common" if given == "shared" else given


RandomNumbers = Annotated[Literal["own", "common"], BeforeValidator(_common)]


class Arm(Settings):
    """A named way of working: interventions with dose, and scenario keys with their value."""

    with_: Doses = Field(default_factory=dict, alias="with", description="Interventions, with dose.")
    set: dict[Name, Value] = Field(default_factory=dict, description="Dotted scenario keys and their value.")


@meant_alone("count")
class Worlds(Settings):
    """Sampled worlds: what nobody controls, drawn from its plausible range."""

    count: int = Field(0, ge=0, le=1_000_000, description="How many; 0 is the scenario as it stands.")
    over: Literal["all", "parameters", "ways", "team"] | Names = Field(
        "all",
        description="What is drawn: `parameters` (fitted ones jointly), `ways` (how ways of working are "
        "delivered, and prices), `team` (what the team is), uncertain parameters by dotted key; or `all`: "
        "every uncertain parameter that the scenario leaves alone, each by itself.",
    )
    sampler: Literal["sobol", "latin"] = Field("sobol", description="Scrambled Sobol' or Latin hypercube.")

    @property
    def names(self) -> list[str]:
        """What is drawn, as a list."""
        return [self.over] if isinstance(self.over, str) else list(self.over)


Scale = Annotated[float, Field(gt=0, le=10)]


@meant_alone("scale")
class Ranges(Settings):
    """Other plausible ranges than the records'."""

    scale: Scale | Annotated[list[Scale], Field(min_length=1, max_length=10)] = Field(
        1.0,
        description="How many times as wide every range is about its usual value, cut at what is allowed; "
        "of a list, each has its own set of worlds.",
    )
    set: dict[Name, Pair | Spread] = Field(
        default_factory=dict, description="Ranges or shapes of single factors, instead of the records'."
    )

    @property
    def scales(self) -> list[float]:
        """The widths."""
        return list(self.scale) if isinstance(self.scale, list) else [self.scale]


@meant_alone("half_width")
class Precision(Settings):
    """How precise the differences have to be, for ``replicates: auto``."""

    outcome: Name = Field("influence_gini", description="The outcome that counts.")
    half_width: float = Field(0.01, gt=0, description="Wanted half-width of the 95 % interval.")
    pilot: int = Field(20, ge=2, le=10_000, description="Replicates of the pilot study.")
    at_most: int = Field(1000, ge=2, le=1_000_000, description="Never more replicates than this.")


@meant_alone("folder")
class Output(Settings):
    """Where results go and what is kept."""

    folder: Name | None = Field(None, description="Output folder; by default results/NAME OF THE CONFIG.")
    people: bool | None = Field(None, description="Keep a row per participant too; depends on the kind.")
    keep_parts: bool = Field(False, description="Keep the parts beside the final tables.")
    runs_per_chunk: int | None = Field(None, ge=1, le=1_000_000, description="Runs per part.")


@meant_alone("kind")
class Cluster(Settings):
    """Dask, for more than one machine."""

    kind: Literal["local", "address", "slurm"] = Field("local", description="Where the workers are.")
    address: str | None = Field(
        None, pattern=r"^(tcp|tls|ucx|ws|wss)://.+", description="Scheduler's address."
    )
    workers: int = Field(2, ge=1, le=10_000, description="Worker processes to start.")
    queue: str | None = Field(None, description="SLURM partition.")
    account: str | None = Field(None, description="SLURM account.")
    cores: int = Field(1, ge=1, le=1024, description="Processors per SLURM job.")
    memory: str = Field("4GB", min_length=1, description="Memory per SLURM job.")
    walltime: str = Field("01:00:00", min_length=1, description="Time limit of a SLURM job.")
    prologue: list[str] = Field(default_factory=list, description="Shell lines run at the start of a job.")


def _seed(given: Any) -> Any:
    if given == 0 and not isinstance(given, bool):
        raise ConfigError(
            "a seed is never 0 (some libraries read 0 as `no seed`)", allowed=f"1 to {MAX_SEED}"
        )
    return given


Seed = Annotated[int, Field(ge=1, le=MAX_SEED), BeforeValidator(_seed)]


def _not_reserved(arms: dict[str, Any]) -> dict[str, Any]:
    if "baseline" in arms:
        raise ConfigError("the baseline is always there; choose another name", key="baseline")
    return arms


class StudySettings(Settings):
    """A study config: what every kind of study has in common."""

    study: Name = Field(description="The kind of study.")
    title: str = Field("", description="One line for people.")
    question: str = Field("", description="The question the study is to answer.")
    scenario: Name | dict[str, Any] = Field(
        description="A catalogue name, a path, or a scenario that `extends` one."
    )
    ways: dict[Name, Any] = Field(
        default_factory=dict, description="Ways of working of one's own: interventions by name."
    )
    interventions: Literal["all", "none"] | list[Any] = Field(
        "none", description="Interventions that get an arm of their own: `all`, or a list with doses."
    )
    bundles: Annotated[dict[Name, Doses], AfterValidator(_not_reserved)] = Field(
        default_factory=dict, description="Sets of interventions that are used together, by name."
    )
    arms: Annotated[dict[Name, Arm], AfterValidator(_not_reserved)] = Field(
        default_factory=dict, description="Other arms: interventions and changed scenario keys."
    )
    worlds: Worlds = Field(default_factory=Worlds, description="Sampled worlds.")
    team: dict[Name, Share] = Field(
        default_factory=dict,
        description="The mix of teams, for worlds over `team`: size, public_share, meetings, minutes, level, "
        "rule, accountability, remote; a range, a shape, a list of words, or one value.",
    )
    ranges: Ranges = Field(default_factory=Ranges, description="Other plausible ranges than the records'.")
    replicates: Annotated[int, Field(ge=1, le=10_000_000)] | Literal["auto"] = Field(
        100, description="Runs per arm and world; `auto`: as many as `precision` needs."
    )
    precision: Precision = Field(default_factory=Precision, description="For `replicates: auto`.")
    seed: Seed = Field(1, description="Same seed, same results.")
    engine: Literal["compiled", "reference"] = Field("compiled", description="Same results, other speed.")
    counterfactual: bool = Field(
        False,
        description="Also how many decisions hang on each role's first views, at five further runs for each.",
    )
    outcomes: list[Name] = Field(default_factory=list, description="Outcomes that the report is about.")
    own_outcomes: Annotated[dict[Name, OwnOutcome], BeforeValidator(as_written)] = Field(
        default_factory=dict, description="Outcomes of one's own: arithmetic over the others, by name."
    )
    output: Output = Field(default_factory=Output, description="Where results go.")
    workers: Annotated[int, Field(ge=1, le=4096)] | None = Field(
        None, description="How many chunks are worked on at once; by default one per processor."
    )
    executor: Literal["threads", "processes"] | None = Field(
        None, description="Threads suit the compiled engine, processes the reference."
    )
    cluster: Cluster | None = Field(None, description="Dask, for more than one machine.")
    agents: dict[Name, Name] = Field(
        default_factory=dict,
        description="Classes of one's own for a role, or the facilitator: FILE.py:CLASS or MODULE:CLASS.",
    )


COMMON_KEYS = tuple(StudySettings.model_fields)
# What the report says of a study: may change when the study is finished.
REPORT_KEYS = ("title", "question", "outcomes", "own_outcomes")
# How a study is run, not what it is: may differ between two runs of the same study.
MANNER_KEYS = (*REPORT_KEYS, "engine", "output", "workers", "executor", "cluster", "precision")


def check_names(
    names: Sequence[str], known: Sequence[str], what: str, source: Source, place: KeyPath
) -> None:
    """Refuse the first name that is not known, or that stands twice.

    Raises
    ------
    ConfigError
        With the nearest known name, and the place in the list.
    """
    seen: set[str] = set()
    for index, name in enumerate(names):
        here = (*place, index)
        check_name(name, known, what, source, here)
        if name in seen:
            raise source.error(f"this {what} is listed twice", here, value=name)
        seen.add(name)


def check_name(name: str, known: Sequence[str], what: str, source: Source, place: KeyPath) -> None:
    """Refuse a name that is not known.

    Raises
    ------
    ConfigError
        With the nearest known name.
    """
    if name not in known:
        shown = ", ".join(known) if len(known) <= 30 else None
        told = f"there is no such {what}"
        raise source.error(told, place, value=name, allowed=shown, nearest=nearest_name(name, known))
