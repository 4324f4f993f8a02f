"""A study config, from its file to a checked design: what is wrong is found before any work starts."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from cosim.catalogue.loader import refuse_unknown_outcomes
from cosim.config import plugins
from cosim.config.arguments import mapping
from cosim.config.error_messages import config_errors_from_pydantic
from cosim.config.paths import is_file, read_path, write_path
from cosim.config.yaml_source import KeyPath, Source, overlay, parse_yaml, read_yaml, refuse_hidden
from cosim.errors import ConfigError, nearest_name
from cosim.execution.design import Design
from cosim.execution.evaluator import Subject
from cosim.execution.points import Way
from cosim.execution.settings import COMMON_KEYS, Settings, StudySettings, check_name, check_names
from cosim.execution.spreads import Spread, without_nothing
from cosim.scenario.values import values_of
from cosim.scenario.ways import OwnWays
from cosim.simulation.own_agents import read_agents
from cosim.studies.arms import arms_of, check_way
from cosim.studies.example_configs import found
from cosim.studies.kind import CHOOSABLE, Ask, Made, StudyKind
from cosim.studies.own_outcomes import check_own_outcomes, set_apart
from cosim.studies.registry import KINDS
from cosim.studies.team_model import TeamModel

SubjectMaker = Callable[[str | Path | Mapping[str, Any], StudySettings], Subject]
_ONLY_IN_FILES = ("extends", "quick")


@dataclass(frozen=True)
class StudyConfig:
    """A checked config with its subject.

    Attributes
    ----------
    settings : StudySettings
        What all kinds have in common.
    block : Settings
        The kind's own block.
    kind : StudyKind
    subject : Subject
    source : Source
        Where everything was written.
    """

    settings: StudySettings
    block: Settings
    kind: StudyKind
    subject: Subject
    source: Source

    @property
    def name(self) -> str:
        """Name of the config: that of its file."""
        return self.source.path.stem if self.source.path else self.settings.study

    @property
    def folder(self) -> Path:
        """The output folder."""
        return self._folder

    @cached_property
    def _folder(self) -> Path:
        place: KeyPath = ("output", "folder")
        if self.settings.output.folder is None:
            return write_path(f"results/{self.name}", file=self.source.path)
        where = {"file": self.source.file(place), "line": self.source.line(place), "key": "output.folder"}
        return write_path(self.settings.output.folder, **where)

    @property
    def ask(self) -> Ask:
        """What the kind makes its design of."""
        return Ask(self.settings, self.block, self.subject, self.source)

    @cached_property
    def made(self) -> Made:
        """What the kind makes of it: points that are not there until they are asked for.

        Raises
        ------
        ConfigError
            When the config asks for something that cannot be run.
        """
        return self.kind.make(self.ask)

    def check_every_arm(self) -> None:
        """Check what :attr:`made` has left out, because it was too much for a look at a config.

        Raises
        ------
        ConfigError
            When an arm cannot be run.
        """
        for way in self.made.unchecked:
            check_way(self.ask, way)

    @property
    def stamps(self) -> tuple[str, ...]:
        """Plugins and classes of one's own that results depend on: package, version and content of each."""
        return self.subject.stamps if isinstance(self.subject, TeamModel) else ()

    @property
    def people(self) -> bool:
        """Whether a row per participant is kept."""
        chosen = self.settings.output.people
        return self.kind.people if chosen is None else chosen

    def design(self, replicates: int | None = None) -> Design:
        """Make the design.

        Parameters
        ----------
        replicates : int, optional
            Instead of the config's; needed where that says ``auto``.

        Raises
        ------
        ConfigError
            When the config asks for something that cannot be run.
        """
        if replicates is None:
            if self.settings.replicates == "auto":
                raise ConfigError("the number of replicates is still to be found", key="replicates")
            replicates = self.settings.replicates
        made = self.made
        subject = values_of(self.subject.describe())
        return Design(made.points, replicates, self.settings.seed, subject, self.kind.name, made.notes)

    def resolved(self, replicates: int | None = None) -> dict[str, Any]:
        """Return the whole config as plain data, every default written out: itself a config."""
        data = self.settings.model_dump(mode="json", by_alias=True)
        data = {
            key: value
            for key, value in data.items()
            if value is not None and (key not in CHOOSABLE or key in self.kind.uses)
        }
        for key, given in (("team", self.settings.team), ("ranges", self.settings.ranges)):
            if key in data and given == StudySettings.model_fields[key].get_default(
                call_default_factory=True
            ):
                del data[key]
            elif key in data:
                data[key] = without_nothing(data[key])
        if data["replicates"] != "auto":
            del data["precision"]
        if replicates is not None:
            data["replicates"] = replicates
        for key in ("own_outcomes", "agents"):
            if not data[key]:
                del data[key]
        data.pop("ways", None)  # they are part of the scenario, see `team_model`
        data["scenario"] = copy.deepcopy(dict(self.subject.describe()))
        data["output"] = {key: value for key, value in data["output"].items() if value is not None}
        data[self.kind.block_key] = self.block.model_dump(mode="json", by_alias=True, exclude_none=True)
        if not data[self.kind.block_key]:
            del data[self.kind.block_key]
        return data


def load_config(path: str | Path, make_subject: SubjectMaker, *, quick: bool = False) -> StudyConfig:
    """Read and check a config file.

    Parameters
    ----------
    path : str or Path
    make_subject : callable
        Makes the subject from what the config says under ``scenario``.
    quick : bool
        Apply the config's ``quick`` block.

    Raises
    ------
    ConfigError
        Naming file, line, key, value, what is allowed and the nearest valid name.
    """
    return check_config(read_config(path), make_subject, quick=quick)


def read_config(path: str | Path) -> Source:
    """Read a config file, or the example config of that name, and everything that it extends."""
    return extended(read_yaml(found(Path(path))))


def config_from_text(text: str, path: Path | None = None) -> Source:
    """Read a config from text; `path` is what messages call it."""
    return extended(parse_yaml(text, path))


def extended(source: Source) -> Source:
    """Return a config together with everything that it extends."""
    return _extended(source, ())


def config_from_data(data: Mapping[str, Any]) -> Source:
    """Read a config from a mapping; relative paths in it count from the working directory."""
    return _extended(Source(None, mapping(data, "", "the keys of a study config and their values")), ())


def check_config(source: Source, make_subject: SubjectMaker, *, quick: bool = False) -> StudyConfig:
    """Check a config: its keys and values, its scenario, every arm, and its ``quick`` block too.

    Raises
    ------
    ConfigError
        Naming file, line, key, value, what is allowed and the nearest valid name.
    """
    config, shorter = check_forms(source, make_subject)
    return shorter if quick and shorter is not None else config


def check_forms(source: Source, make_subject: SubjectMaker) -> tuple[StudyConfig, StudyConfig | None]:
    """Check a config; return its full form, and its quick form if it has one.

    Raises
    ------
    ConfigError
        As :func:`check_config`: what is wrong with the quick form is found now, not on the day when somebody
        wants to be quick.
    """
    refuse_hidden(source)
    plain, fast = _without_quick(source), _with_quick(source)
    config = _form(plain, make_subject)
    return config, None if fast is None else _form(fast, lambda *_: config.subject)


def _form(source: Source, make_subject: SubjectMaker) -> StudyConfig:
    settings, block, kind = _checked(source)
    if settings.agents:
        settings = settings.model_copy(update={"engine": "reference", "agents": _agents(settings, source)})
    config = StudyConfig(settings, block, kind, _subject(settings, source, make_subject), source)
    _check_outcomes(config)
    config = _stamped(config)
    if settings.output.folder is not None:
        _ = config.folder
    config.design(2 if settings.replicates == "auto" else None)
    return config


def check_keys(source: Source) -> StudySettings:
    """Check a config's keys and values, as `check_config` does, but not what they ask for.

    Raises
    ------
    ConfigError
        Naming file, line, key, value, what is allowed and the nearest valid name.
    """
    refuse_hidden(source)
    fast = _with_quick(source)
    if fast is not None:
        _checked(fast)
    return _checked(_without_quick(source))[0]


def check_arms(source: Source, make_subject: SubjectMaker) -> list[Way]:
    """Check a config as `check_config` does, but neither its worlds nor its design; return its arms.

    Raises
    ------
    ConfigError
        Naming file, line, key, value, what is allowed and the nearest valid name.
    """
    check_keys(source)
    plain = _without_quick(source)
    settings, block, kind = _checked(plain)
    return arms_of(StudyConfig(settings, block, kind, _subject(settings, plain, make_subject), plain).ask)


def _extended(own: Source, chain: tuple[Path, ...]) -> Source:
    if "extends" not in own.data:
        return own
    wanted = own.data["extends"]
    if not isinstance(wanted, str) or not wanted:
        raise own.error("must be the path of another config file", "extends", value=wanted)
    folder = own.path.parent if own.path else Path()
    target = folder / read_path(wanted, file=own.file("extends"), line=own.line("extends"), key="extends")
    here = (*chain, own.path.resolve()) if own.path else chain
    if target.resolve() in here:
        way = " -> ".join([*(step.name for step in here), target.name])
        raise own.error(f"these configs extend each other in a circle: {way}", "extends", value=wanted)
    if not target.is_file():
        raise own.error("there is no such config file to extend", "extends", value=wanted)
    base = _extended(read_yaml(target), here)
    merged = overlay(_dropped(base, ("extends",)), _dropped(own, ("extends",)))
    # `bundles: null` takes back what the other config says.
    return _dropped(merged, tuple(key for key, value in own.data.items() if value is None))


def _without_quick(source: Source) -> Source:
    return set_apart(_dropped(source, ("quick",)))


def _with_quick(source: Source) -> Source | None:
    if "quick" not in source.data:
        return None
    quick = source.sub("quick")
    for key in ("study", "scenario", "ways", "agents", *_ONLY_IN_FILES):
        if key in quick.data:
            raise source.error("cannot be changed in `quick`", ("quick", key))
    return set_apart(overlay(_dropped(source, ("quick",)), quick))


def _dropped(source: Source, keys: tuple[str, ...]) -> Source:
    data = {key: value for key, value in source.data.items() if key not in keys}
    places = {
        path: place for path, place in source.places.items() if path[:1] not in [(key,) for key in keys]
    }
    return Source(source.path, data, places)


def _checked(source: Source) -> tuple[StudySettings, Settings, StudyKind]:
    kind = _kind(source)
    allowed = [key for key in COMMON_KEYS if key not in CHOOSABLE or key in kind.uses]
    foreign = [other.block_key for other in KINDS.values() if other is not kind]
    for key in source.data:
        if key in CHOOSABLE and key not in kind.uses:
            raise source.error(f"has no meaning in a study of kind `{kind.name}`", key)
        if key in foreign:
            raise source.error(f"belongs to another kind of study; this one is `{kind.name}`", key)
    own = source.data.get(kind.block_key)
    common = {key: value for key, value in source.data.items() if key != kind.block_key}

    def known(block: KeyPath) -> list[str]:
        return _known_keys(block, allowed, kind)

    try:
        settings = StudySettings.model_validate(common)
    except ValidationError as error:
        raise config_errors_from_pydantic(error, source, known) from None
    try:
        block = kind.block.model_validate({} if own is None else own)
    except ValidationError as error:
        raise config_errors_from_pydantic(error, source, kind.block, prefix=(kind.block_key,)) from None
    _check_ways(source)
    return settings, block, kind


def _agents(settings: StudySettings, source: Source) -> dict[str, str]:
    """Return where the classes of a config's agents are, with what is in them."""
    found = {}
    for seat, text in settings.agents.items():
        place: KeyPath = ("agents", seat)
        try:
            [one] = read_agents({seat: text}, (source.file(place) or Path()).parent).values()
        except ConfigError as error:
            raise source.error(
                error.message, place, value=error.value, allowed=error.allowed, nearest=error.nearest
            ) from None
        found[seat] = one.written
    return found


def _stamped(config: StudyConfig) -> StudyConfig:
    """Give the team model the stamps of the plugins that the config uses, for its workers."""
    if not isinstance(config.subject, TeamModel) or not plugins.loaded():
        return config
    used = set(re.findall(r"[a-z_][a-z0-9_]*", json.dumps(config.resolved())))
    if config.settings.interventions == "all":
        used |= set(config.subject.interventions())
    stamps = tuple(sorted({*config.subject.stamps, *plugins.stamps(used)}))
    return replace(config, subject=replace(config.subject, stamps=stamps))


def _check_ways(source: Source) -> None:
    """Refuse ways of working that cannot be, with the line on which they are wrong."""
    if source.data.get("ways"):
        try:
            own = OwnWays.model_validate({"ways": source.data["ways"]})
        except ValidationError as error:
            raise config_errors_from_pydantic(error, source, OwnWays) from None
        refuse_unknown_outcomes(own.ways, source)


def _known_keys(block: KeyPath, allowed: list[str], kind: StudyKind) -> list[str]:
    if not block:
        return [*allowed, kind.block_key, *_ONLY_IN_FILES]
    if len(block) > 1 and (block[0] == "team" or block[:2] == ("ranges", "set")):
        return list(Spread.model_fields)
    found = StudySettings.model_fields.get(str(block[0]))
    for model in _models(found.annotation if found else None):
        return [info.alias or name for name, info in model.model_fields.items()]
    return []


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    found: list[type[BaseModel]] = []
    for part in getattr(annotation, "__args__", ()):
        found.extend(_models(part))
    return found


def _kind(source: Source) -> StudyKind:
    if "study" not in source.data:
        raise source.error("this key is missing and has no default", "study", allowed=", ".join(KINDS))
    name = source.data["study"]
    if not isinstance(name, str) or name not in KINDS:
        near = nearest_name(name, KINDS) if isinstance(name, str) else None
        told = "there is no such kind of study"
        raise source.error(told, "study", value=name, allowed=", ".join(KINDS), nearest=near)
    return KINDS[name]


_WAY_OF_THE_STUDY = (
    "this way of working is defined by the study, and a scenario knows only its own; "
    "move it from `ways` to `scenario.ways`, the study knows it there, too"
)


def _subject(settings: StudySettings, source: Source, make_subject: SubjectMaker) -> Subject:
    given = settings.scenario
    folder = (source.file("scenario") or Path()).parent
    wanted: str | Path | dict[str, Any]
    if isinstance(given, str):
        wanted = _near(given, folder)
    else:
        wanted = dict(given)
        if isinstance(given.get("extends"), str):
            wanted["extends"] = str(_near(given["extends"], folder))
    try:
        return make_subject(wanted, settings)
    except ConfigError as error:
        if error.file is not None:
            raise
        keys = error.key.split(".") if error.key not in (None, "name_or_path") else []
        key: KeyPath = tuple(keys) if keys[:1] == ["ways"] and "ways" in source.data else ("scenario", *keys)
        message, nearest = error.message, error.nearest
        if keys[:1] in (["delivery"], ["interventions"]) and set(keys[1:2]) & set(settings.ways):
            message, nearest = _WAY_OF_THE_STUDY, None
        raise source.error(message, key, value=error.value, allowed=error.allowed, nearest=nearest) from None


def _near(name: str, folder: Path) -> str:
    """Return a scenario's name as it is, and a path as seen from the config's folder."""
    beside = folder / Path(name).expanduser() if name.startswith("~/") else folder / name
    return str(beside) if is_file(beside) else name


def _check_outcomes(config: StudyConfig) -> None:
    known = list(config.subject.outcomes())
    own = config.settings.own_outcomes
    check_own_outcomes(own, known, config.source)
    known += own
    check_names(config.settings.outcomes, known, "outcome", config.source, ("outcomes",))
    precision = config.settings.precision
    if config.settings.replicates == "auto" or "outcome" in precision.model_fields_set:
        check_name(precision.outcome, known, "outcome", config.source, ("precision", "outcome"))
