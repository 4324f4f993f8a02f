"""The scenario: one team and one project, validated, immutable and serialisable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
    model_validator,
)

from cosim.config import arguments
from cosim.config.error_messages import config_errors_from_pydantic
from cosim.config.parameter import Parameter, records_in
from cosim.config.yaml_source import Source, refuse_hidden
from cosim.errors import ConfigError, nearest_name
from cosim.interventions import INTERVENTIONS, Intervention, check_interventions
from cosim.scenario import deliberation, organisation
from cosim.scenario.discrepancy import Discrepancy
from cosim.scenario.frozen import FrozenDict
from cosim.scenario.phase import Phase
from cosim.scenario.role_words import known_role
from cosim.scenario.section import Record, Section
from cosim.scenario.sections import SECTIONS
from cosim.scenario.source_record import AnySource
from cosim.scenario.team import ATTRIBUTES, Group
from cosim.scenario.values import identity_of
from cosim.scenario.vocabulary import NO_VOTE, PHASES, PUBLIC, ROLES, PhaseName, Role
from cosim.scenario.ways import Way, interventions_of, own_name


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    return dict(value)


_PlainDict = PlainSerializer(_plain)
Team = Annotated[dict[str, Group], AfterValidator(FrozenDict), _PlainDict]
Phases = Annotated[dict[PhaseName, Phase], AfterValidator(FrozenDict), _PlainDict]
Doses = Annotated[dict[str, Annotated[float, Field(ge=0.0, le=1.0)]], AfterValidator(FrozenDict), _PlainDict]
Ways = Annotated[dict[Annotated[str, AfterValidator(own_name)], Way], AfterValidator(FrozenDict), _PlainDict]
_Numbers = Annotated[
    dict[str, Annotated[float, Field(ge=0.0, le=10.0)]], AfterValidator(FrozenDict), _PlainDict
]
Delivery = Annotated[dict[str, _Numbers], AfterValidator(FrozenDict), _PlainDict]
RoleShifts = Annotated[
    dict[
        Annotated[Role, BeforeValidator(known_role)],
        Annotated[dict[str, Annotated[float, Field(ge=0.0, le=1.0)]], AfterValidator(FrozenDict), _PlainDict],
    ],
    AfterValidator(FrozenDict),
    _PlainDict,
]


_OMITTED = ("ways", "delivery", "assumed", "discrepancies")


class Scenario(Record):
    """What one team and its project are.

    Everything is immutable; `replace` and `with_interventions` return changed copies.

    Attributes
    ----------
    sources : tuple of SourceRecord or str
        Where it comes from; a line of text is a source whose parts are not told apart.
    team : mapping of str to Group
        Groups of members; at most 60 members in all, at most one lead.
    phases : mapping of str to Phase
        The phases that take place, in the order governance, priority_setting, conducting,
        knowledge_translation.
    roles : mapping of role to {attribute: value}
        Defaults of a role's attributes in this scenario (a group's own values win).
    interventions : mapping of str to float
        Named changes and their dose, 0..1.
    ways : mapping of str to Way
        Interventions that this scenario defines itself.
    delivery : mapping of str to {quantity: number}
        How interventions are delivered where this differs from their records: compliance and decay (0..1),
        and share, minutes and money in multiples of the record (0..10).
    """

    name: str = Field("unnamed", min_length=1, description="Short name, unique in a catalogue.")
    title: str = Field("", description="One line for people.")
    question: str = Field("", description="The question that this scenario helps to teach or to ask.")
    description: str = Field("", description="What the scenario shows, in plain words.")
    sources: Annotated[tuple[AnySource, ...], Field(strict=False)] = Field(
        (), description="Where it comes from: a record per source, or a line of text."
    )
    assumed: Annotated[tuple[str, ...], Field(strict=False)] = Field(
        (), description="What of it is assumed and has no source."
    )
    discrepancies: Annotated[tuple[Discrepancy, ...], Field(strict=False)] = Field(
        (), description="Where a second encoding, made from the sources alone, differed, and what was done."
    )
    team: Team = Field(description="Groups of members by name.")
    phases: Phases = Field(description="The phases that take place.")
    roles: RoleShifts = Field(
        default_factory=FrozenDict, description="Attribute defaults by role in this scenario."
    )
    interventions: Doses = Field(
        default_factory=FrozenDict, description="Interventions by name, with dose 0-1."
    )
    ways: Ways = Field(default_factory=FrozenDict, description="Ways of working of one's own, by name.")
    delivery: Delivery = Field(
        default_factory=FrozenDict,
        description="How interventions are delivered: compliance, decay; share, minutes, money as multiples.",
    )
    knowledge: deliberation.Knowledge = Field(default_factory=deliberation.Knowledge)
    standing: deliberation.Standing = Field(default_factory=deliberation.Standing)
    floor: deliberation.Floor = Field(default_factory=deliberation.Floor)
    speech: deliberation.Speech = Field(default_factory=deliberation.Speech)
    stance: deliberation.Stance = Field(default_factory=deliberation.Stance)
    arguments: deliberation.Arguments = Field(default_factory=deliberation.Arguments)
    uptake: deliberation.Uptake = Field(default_factory=deliberation.Uptake)
    learning: deliberation.Learning = Field(default_factory=deliberation.Learning)
    agenda: organisation.Agenda = Field(default_factory=organisation.Agenda)
    facilitation: organisation.Facilitation = Field(default_factory=organisation.Facilitation)
    decision: organisation.Decision = Field(default_factory=organisation.Decision)
    accountability: organisation.LeadAccountability = Field(default_factory=organisation.LeadAccountability)
    attendance: organisation.Attendance = Field(default_factory=organisation.Attendance)
    system: organisation.System = Field(default_factory=organisation.System)
    costs: organisation.Costs = Field(default_factory=organisation.Costs)

    @model_validator(mode="after")
    def _team_and_phases_fit(self) -> Self:
        for check in (_check_team, _check_phases, _check_roles, _check_decisions):
            check(self)
        interventions_of(self.ways)
        return self

    @model_serializer(mode="wrap")
    def _without_empty_blocks(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out blocks that nobody gave: ids without them stay as they are."""
        data: dict[str, Any] = write(self)
        return {key: value for key, value in data.items() if value or key not in _OMITTED}

    @property
    def known_interventions(self) -> Mapping[str, Intervention]:
        """Every intervention that this scenario may use: cosim's, then its own ways by name."""
        return {**INTERVENTIONS, **interventions_of(self.ways)} if self.ways else INTERVENTIONS

    def with_ways(self, ways: Mapping[str, Any]) -> Scenario:
        """Return a copy with ways of working of one's own added; see `Way` for what each says.

        Raises
        ------
        ConfigError
            For a way that cannot be, or one of a name that is taken.
        """
        given = arguments.mapping(ways, "ways", "names and what each way of working is")
        for name in given:
            if name in self.ways:
                raise ConfigError("the scenario has a way of this name already", key=f"ways.{name}")
        mine = {name: way.model_dump(mode="json") for name, way in self.ways.items()}
        plain = {name: dict(way) if isinstance(way, Mapping) else way for name, way in given.items()}
        data = {**self.to_dict(), "ways": {**mine, **plain}}
        return Scenario.from_source(Source(path=None, data=data))

    def to_dict(self) -> dict[str, Any]:
        """Return the scenario as plain data; `Scenario.from_dict` reads it back unchanged."""
        return self.model_dump(mode="json")

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Scenario:
        """Build a scenario from plain data; see `from_source`."""
        plain = arguments.mapping(data, "scenario", "the keys of a scenario and their values")
        return cls.from_source(Source(path=None, data=plain))

    @classmethod
    def from_source(cls, source: Source) -> Scenario:
        """Build a scenario from data that knows on which line of which file each key stands.

        Raises
        ------
        ConfigError
            Naming file, line, key, value, what is allowed and the nearest valid name.
        """
        refuse_hidden(source)
        return cls._from_clean(source)

    @classmethod
    def _from_clean(cls, source: Source) -> Scenario:
        """Build a scenario from data whose texts have been looked at: thousands of arms change but a few."""
        refused = organisation.relabelled(_costs(source.data), organisation.Costs().currency)
        if refused is not None:
            raise refused.located(file=source.file(_CURRENCY), line=source.line(_CURRENCY))
        try:
            return cls.model_validate(_in_time_order(source.data))
        except ValidationError as error:
            raise config_errors_from_pydantic(error, source, cls) from error

    def replace(self, changes: Mapping[str, Any]) -> Scenario:
        """Return a copy with the values at some dotted keys replaced.

        Parameters
        ----------
        changes : mapping of str to value
            For instance ``{"facilitation.invitation": 0.5, "team.patients.count": 5}``.
            ``phases.*.KEY`` changes every phase, ``team.*.KEY`` every group.  A value of None
            removes a group, a phase or an own attribute.

        Raises
        ------
        ConfigError
            For an unknown key or a value that is not allowed.
        """
        changes = arguments.mapping(changes, "changes", "dotted keys and their values")
        changes = {FORMER_KEYS.get(key, key): value for key, value in changes.items()}
        given = {key.removeprefix("costs."): changes[key] for key in changes if key.startswith("costs.")}
        refused = organisation.relabelled(given, self.costs.currency)
        if refused is not None:
            raise refused
        refuse_hidden(Source(path=None, data=changes))
        data = self.to_dict()
        for key, value in changes.items():
            for path in _expand(key, data):
                _put(data, path, value)
        return Scenario._from_clean(Source(path=None, data=data))

    def with_delivery(self, numbers: Mapping[str, Mapping[str, float]]) -> Scenario:
        """Return a copy in which some numbers of interventions' delivery are given, the others as they are.

        Raises
        ------
        ConfigError
            For an unknown intervention or quantity, or a number that is not allowed.
        """
        from cosim.interventions import check_delivery  # the registry stands above scenarios

        check_delivery(numbers, self.known_interventions)
        both = dict(self.delivery)
        for name, given in numbers.items():
            both[name] = FrozenDict({**both.get(name, {}), **given})
        return self.model_copy(update={"delivery": FrozenDict(both)})

    def with_interventions(self, *names: str | Mapping[str, float]) -> Scenario:
        """Return a copy with interventions added.

        Parameters
        ----------
        *names : str or mapping of str to float
            Names (full dose) or ``{name: dose}``; a dose of 0 is the same as no intervention.

        Raises
        ------
        ConfigError
            For an unknown name, a dose that is not 0..1, or interventions that contradict each other.
        """
        doses: dict[str, Any] = dict(self.interventions)
        for given in names:
            if isinstance(given, str):
                doses[given] = 1.0
            else:
                told = "the name of an intervention, or {NAME: DOSE}; several are given one after the other"
                doses.update(arguments.mapping(given, "interventions", told))
        check_interventions(doses, self.known_interventions)
        return Scenario._from_clean(Source(path=None, data={**self.to_dict(), "interventions": doses}))

    @property
    def identity(self) -> str:
        """Stable id: name, version of the model, and a hash of all values; no word about them changes it."""
        return identity_of(self.name, self.to_dict())

    @property
    def size(self) -> int:
        """Number of members, before interventions."""
        return sum(group.count for group in self.team.values())

    def count(self, role: Role) -> int:
        """Return the number of members of `role`, before interventions."""
        arguments.one_of(role, ROLES, "role", "role")
        return sum(group.count for group in self.team.values() if group.role == role)

    def public_groups(self) -> Mapping[str, int]:
        """Return the size of each group of public members, without the lead and without empty ones."""
        return {
            name: group.count
            for name, group in self.team.items()
            if group.role == PUBLIC and group.count > 0 and not group.lead
        }


assert {
    name: field.annotation
    for name, field in Scenario.model_fields.items()
    if isinstance(field.annotation, type) and issubclass(field.annotation, Section)
} == SECTIONS

FORMER_KEYS: dict[str, str] = {
    f"{name}.{old}": f"{name}.{field}"
    for name, section in SECTIONS.items()
    for field, about in section.model_fields.items()
    if isinstance(about.validation_alias, AliasChoices)
    for old in map(str, about.validation_alias.choices)
    if old != field
}
"""Keys as an earlier version called them, and what they are called now."""


def parameters() -> tuple[Parameter, ...]:
    """Return every parameter record: sections first, then the roles' attributes."""
    found = [record for name, section in SECTIONS.items() for record in records_in(name, section)]
    found += [attribute.parameter(role) for attribute in ATTRIBUTES for role in ROLES]
    return tuple(found)


def phase_parameters() -> tuple[Parameter, ...]:
    """Return the records of a phase's own parameters (key prefix ``phases.*``)."""
    return tuple(records_in("phases.*", Phase))


def _in_time_order(given: Mapping[str, Any]) -> dict[str, Any]:
    """Put phases into their order in time, so that the order of writing never matters."""
    data = dict(given)
    phases = data.get("phases")
    if isinstance(phases, Mapping):
        known = [name for name in PHASES if name in phases]
        rest = [name for name in phases if name not in PHASES]
        data["phases"] = {name: phases[name] for name in [*known, *rest]}
    return data


_CURRENCY = ("costs", "currency")


def _costs(data: Mapping[str, Any]) -> Mapping[str, Any]:
    costs = data.get("costs")
    return costs if isinstance(costs, Mapping) else {}


def _expand(key: str, data: Mapping[str, Any]) -> list[list[str]]:
    parts = key.split(".")
    if len(parts) == 3 and parts[1] == "*" and parts[0] in ("phases", "team", "roles"):
        names = ROLES if parts[0] == "roles" else tuple(_block(data, parts[0]))
        return [[parts[0], name, parts[2]] for name in names]
    return [parts]


def _block(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """Return a block, or an empty one where another change has put something else in its place."""
    found = data[name]
    return found if isinstance(found, Mapping) else {}


def _put(data: dict[str, Any], path: list[str], value: Any) -> None:
    """Set one value; only members of team, phases, roles and interventions may be new or removed."""
    here: Any = data
    open_maps = ("team", "phases", "roles", "interventions", "delivery", "ways")
    if path[0] in ("delivery", "ways"):
        here.setdefault(path[0], {})
    for depth, part in enumerate(path[:-1]):
        if depth == 1 and path[0] in ("roles", "delivery") and isinstance(here, dict):
            here.setdefault(part, {})
        if not isinstance(here, dict) or part not in here:
            known = list(here) if isinstance(here, dict) else []
            raise ConfigError("there is no such key", key=".".join(path), nearest=nearest_name(part, known))
        here = here[part]
    if not isinstance(here, dict):
        raise ConfigError("there is no such key", key=".".join(path))
    removable = len(path) == 2 and path[0] in open_maps
    if value is None and removable:
        if path[-1] not in here:
            told = "nothing of this name is there to be removed"
            near = nearest_name(path[-1], list(here))
            raise ConfigError(told, key=".".join(path), allowed=", ".join(here), nearest=near)
        here.pop(path[-1])
        return
    if path[-1] not in here and path[0] not in open_maps:
        raise ConfigError(
            "there is no such key", key=".".join(path), nearest=nearest_name(path[-1], list(here))
        )
    here[path[-1]] = value


def _check_team(scenario: Scenario) -> None:
    leads = [name for name, group in scenario.team.items() if group.lead]
    if len(leads) > 1:
        raise ConfigError("a team has at most one accountable lead", key="team", value=", ".join(leads))
    for name, group in scenario.team.items():
        if group.lead and group.count != 1:
            raise ConfigError(
                "the lead's group has exactly one member",
                key=f"team.{name}.count",
                value=group.count,
                allowed="1",
            )
        if group.joins and group.leaves and PHASES.index(group.joins) > PHASES.index(group.leaves):
            raise ConfigError(
                "the group leaves before it joins", key=f"team.{name}.leaves", value=group.leaves
            )
    if scenario.size < 2:
        raise ConfigError(
            "a team needs at least two members", key="team", value=scenario.size, allowed="2 to 60 members"
        )
    if scenario.size > 60:
        raise ConfigError(
            "the team is too large for one table", key="team", value=scenario.size, allowed="2 to 60 members"
        )


def members_of_phase(scenario: Scenario, phase: PhaseName) -> dict[str, Group]:
    """Return the groups that take part in `phase`, leaving out empty ones."""
    when = PHASES.index(phase)
    return {
        name: group
        for name, group in scenario.team.items()
        if group.count > 0
        and (group.joins is None or PHASES.index(group.joins) <= when)
        and (group.leaves is None or PHASES.index(group.leaves) >= when)
    }


def _check_phases(scenario: Scenario) -> None:
    if not scenario.phases:
        raise ConfigError("a project needs at least one phase", key="phases", allowed=", ".join(PHASES))
    if sum(phase.importance for phase in scenario.phases.values()) <= 0.0:
        raise ConfigError("at least one phase must have importance above 0", key="phases")
    for name in scenario.phases:
        if sum(group.count for group in members_of_phase(scenario, name).values()) < 2:
            raise ConfigError("fewer than two members take part in this phase", key=f"phases.{name}")
        _check_owner(scenario, name)


def _check_owner(scenario: Scenario, name: PhaseName) -> None:
    """Refuse an owner who is no group of the team, or has nobody in the phase."""
    phase = scenario.phases[name]
    if phase.owner is None:
        return
    key, here = f"phases.{name}.owner", members_of_phase(scenario, name)
    if phase.owner not in here:
        told = "no group of this name takes part in the phase"
        near = nearest_name(phase.owner, list(here))
        raise ConfigError(told, key=key, value=phase.owner, allowed=", ".join(here), nearest=near)


def _check_roles(scenario: Scenario) -> None:
    names = [attribute.name for attribute in ATTRIBUTES]
    for role, values in scenario.roles.items():
        for name in values:
            if name not in names:
                raise ConfigError(
                    "members have no such attribute",
                    key=f"roles.{role}.{name}",
                    nearest=nearest_name(name, names),
                )


def _check_decisions(scenario: Scenario) -> None:
    """Refuse levels and rules that leave nobody to decide."""
    for name, phase in scenario.phases.items():
        groups = members_of_phase(scenario, name).values()
        public = sum(group.count for group in groups if group.role == PUBLIC)
        professionals = sum(group.count for group in groups if group.role != PUBLIC)
        if phase.level == "empower" and public == 0:
            raise ConfigError(
                "nobody of the public takes part, so nobody could decide",
                key=f"phases.{name}.level",
                value=phase.level,
            )
        if phase.level in NO_VOTE and professionals == 0:
            raise ConfigError(
                "no professional takes part, so nobody could decide",
                key=f"phases.{name}.level",
                value=phase.level,
            )
        if phase.rule == "lead_decides" and not any(group.lead for group in groups):
            raise ConfigError(
                "the team has no lead in this phase", key=f"phases.{name}.rule", value=phase.rule
            )
    if (
        scenario.knowledge.society_empirical
        + scenario.knowledge.society_experiential
        + scenario.knowledge.society_practice
        + scenario.knowledge.society_policy
        <= 0.0
    ):
        raise ConfigError("society's weights must not all be 0", key="knowledge")
