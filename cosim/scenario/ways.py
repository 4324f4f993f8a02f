"""Ways of working of one's own: interventions that a scenario or a study defines in its file.

They are made of the effects that cosim's own interventions are made of (`cosim.interventions.effects`), and
are ranked, costed and cited like those.  They are part of the scenario, and so of its identity.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from cosim.config.parameter import Parameter, records_in
from cosim.errors import ConfigError, nearest_name
from cosim.formatting.words import plain_name
from cosim.interventions import INTERVENTIONS, Intervention, built_in_by, is_classified
from cosim.interventions.costs import Effort
from cosim.interventions.effects import Boost, Composition, Dial, Effect, Fix, Trait, When, Who
from cosim.interventions.intervention import Evidence, Family, Grade
from cosim.scenario.phase import Phase
from cosim.scenario.section import Record
from cosim.scenario.sections import SECTIONS
from cosim.scenario.team import ATTRIBUTE_NAMES

Share = Annotated[float, Field(gt=0.0, le=1.0)]
Texts = Annotated[tuple[str, ...], Field(strict=False)]
_OWN = "Our own; effect, compliance, minutes and money assumed."


def _dialled(key: str) -> str:
    record = _known(key)
    if not isinstance(record.default, float):
        kind = "a whole number" if record.numeric else "a choice of words; use `fix`"
        raise ConfigError(f"is {kind}, and cannot be moved by degrees", value=key)
    return key


def _attribute(name: str) -> str:
    names = [known for known in ATTRIBUTE_NAMES if known != "confidence"]
    if name == "confidence":
        raise ConfigError("is a state that lives in the meetings; use `boost: confidence`", value=name)
    if name not in names:
        raise ConfigError(
            "members have no such attribute",
            value=name,
            allowed=", ".join(names),
            nearest=nearest_name(name, names),
        )
    return name


class DialEffect(Record):
    """Moves a number of the scenario a share of the way to a value."""

    dial: Annotated[str, AfterValidator(_dialled)] = Field(description="Dotted key of a number.")
    toward: float = Field(description="Value that it moves toward.")
    share: Share = Field(1.0, description="Share of the way that it goes at full dose.")

    @model_validator(mode="after")
    def _within(self) -> Self:
        low, high = _known(self.dial).allowed
        if not low <= self.toward <= high:
            allowed = f"{low:g} to {high:g}"
            raise ConfigError("out of range", key="toward", value=self.toward, allowed=allowed)
        return self

    def effect(self) -> Effect:
        """Return the effect."""
        return Dial(self.dial, self.toward, self.share)


class TraitEffect(Record):
    """Moves an attribute of some members a share of the way to a value."""

    trait: Annotated[str, AfterValidator(_attribute)] = Field(description="An attribute of members.")
    who: Who = Field(description="Whose.")
    toward: float = Field(ge=0.0, le=1.0, description="Value that it moves toward.")
    share: Share = Field(1.0, description="Share of the way that it goes at full dose.")

    def effect(self) -> Effect:
        """Return the effect."""
        return Trait(self.who, self.trait, self.toward, self.share)


class BoostEffect(Record):
    """Raises a state of some members at the start of a meeting."""

    boost: Literal["confidence", "credibility", "ties", "own_ties"] = Field(description="The state.")
    who: Who = Field(description="Whose.")
    amount: Share = Field(description="Share of the way to its most, at full dose.")
    when: When = Field("once", description="At the first meeting, or at each.")

    def effect(self) -> Effect:
        """Return the effect."""
        return Boost(self.who, self.boost, self.amount, self.when)


class CompositionEffect(Record):
    """Adds public members until their share of the team is reached."""

    public_share: float = Field(gt=0.0, lt=1.0, description="Share of the team that is to be public.")

    def effect(self) -> Effect:
        """Return the effect."""
        return Composition(self.public_share)


class FixEffect(Record):
    """Sets a word of the scenario at any dose."""

    fix: str = Field(description="Dotted key of a choice of words.")
    value: str = Field(description="The word.")

    @model_validator(mode="after")
    def _one_of_its_words(self) -> Self:
        record = _known(self.fix)
        if record.numeric:
            raise ConfigError("is a number; use `dial`", key="fix", value=self.fix)
        if self.value not in record.allowed:
            raise ConfigError(
                "not one of the known values",
                key="value",
                value=self.value,
                allowed=", ".join(map(str, record.allowed)),
                nearest=nearest_name(self.value, list(record.allowed)),
            )
        return self

    def effect(self) -> Effect:
        """Return the effect."""
        return Fix(self.fix, self.value)


_KINDS = ("dial", "trait", "boost", "public_share", "fix")


def _kind(given: Any) -> str:
    """Return which kind of effect is meant: the one whose key is there."""
    if isinstance(given, Record):
        return next(kind for kind in _KINDS if kind in type(given).model_fields)
    return next(kind for kind in _KINDS if kind in given)


def _one_kind(given: Any) -> Any:
    if isinstance(given, Record):
        return given
    found = [kind for kind in _KINDS if isinstance(given, Mapping) and kind in given]
    if len(found) != 1:
        told = f"says {' and '.join(found)}; an effect is of one kind" if found else "no kind of effect"
        keys = map(str, given) if isinstance(given, Mapping) else ()
        near = next((one for key in keys if (one := nearest_name(key, _KINDS))), None)
        raise ConfigError(told, allowed=f"one of {', '.join(_KINDS)}", nearest=near)
    return given


OwnEffect = Annotated[
    Annotated[DialEffect, Tag("the dial")]
    | Annotated[TraitEffect, Tag("the trait")]
    | Annotated[BoostEffect, Tag("the boost")]
    | Annotated[CompositionEffect, Tag("the public share")]
    | Annotated[FixEffect, Tag("the fix")],
    Discriminator(lambda given: f"the {_kind(given)}".replace("_", " ")),
    BeforeValidator(_one_kind),
]


class OwnEffort(Record):
    """What a way of working takes at full dose."""

    when: When = Field("once", description="Once, or at every meeting.")
    who: Who = Field("everyone", description="Whose time and materials.")
    inside_minutes: float = Field(0.0, ge=0.0, le=600.0, description="Minutes taken out of the meeting.")
    outside_minutes: float = Field(0.0, ge=0.0, le=100_000.0, description="Minutes for each, outside of it.")
    money: float = Field(0.0, ge=0.0, description="Money each time, in the scenario's currency.")
    money_per_person: float = Field(0.0, ge=0.0, description="Money each time for each of them.")
    facilitator: bool = Field(False, description="Whether an independent facilitator is paid.")

    def effort(self) -> Effort:
        """Return the effort."""
        return Effort(**dict(self))

    @property
    def built_in(self) -> frozenset[str]:
        """Outcomes that it moves because it costs something."""
        paid = self.outside_minutes > 0.0 and self.who in ("public", "patient", "everyone")
        money = self.money > 0.0 or self.money_per_person > 0.0 or self.facilitator or paid
        time = {"minutes", "person_hours"} if self.outside_minutes > 0.0 else set()
        return frozenset(time | ({"money"} if money else set()))


class OwnEvidence(Record):
    """What is known of it, how well, and where it is said."""

    grade: Grade = Field("none found", description="How good the evidence is.")
    text: str = Field(_OWN, min_length=1, description="What is known, and what is assumed.")
    sources: Texts = Field((), description="Publications.")


_ELSEWHERE: Final = {
    "dose": "{NAME: 0.5} where the way is used: under `interventions`, in a bundle or an arm",
    "minutes": "`inside_minutes` or `outside_minutes` in an entry of `effort`",
    "money": "`money` or `money_per_person` in an entry of `effort`",
}
"""Keys that people look for here, and where they stand."""


class Way(Record):
    """A way of working of one's own.

    Attributes
    ----------
    built_in : tuple of str or None
        Outcomes that it moves by construction of its rule. None: those that cosim's own interventions with
        the same effects move so. What its cost moves is added in any case.
    """

    title: str = Field("", max_length=80, description="What people call it. Default: its name.")
    sentence: str = Field(min_length=1, description="What is done, in one plain sentence.")
    family: Family = Field("facilitation", description="What it mainly works on.")
    effects: Annotated[tuple[OwnEffect, ...], Field(strict=False, min_length=1)] = Field(
        description="What it changes: a list of dial, trait, boost, public_share, fix."
    )
    effort: Annotated[tuple[OwnEffort, ...], Field(strict=False)] = Field((), description="What it takes.")
    evidence: OwnEvidence = Field(default_factory=OwnEvidence, description="What is known of it.")
    compliance: float = Field(1.0, gt=0.0, le=1.0, description="Share of the intention that is carried out.")
    decay: float = Field(0.0, ge=0.0, lt=1.0, description="Share of the effect lost per meeting.")
    needs_support: bool = Field(False, description="Whether organisational support limits its delivery.")
    built_in: Annotated[tuple[str, ...], Field(strict=False)] | None = Field(
        None, description="Outcomes that it moves by construction; [] for none."
    )
    conflicts: Texts = Field((), description="Interventions that it cannot be combined with.")

    @model_validator(mode="before")
    @classmethod
    def _nothing_elsewhere(cls, given: Any) -> Any:
        for key in _ELSEWHERE if isinstance(given, Mapping) else ():
            if key in given:
                raise ConfigError("does not stand here", key=key, allowed=_ELSEWHERE[key])
        return given

    @model_validator(mode="after")
    def _says_what_is_built_in(self) -> Self:
        if self.built_in is None:
            moved = [one.effect().moves() for one in self.effects]
            new = [key for key in moved if not is_classified(key)]
            if new:
                raise ConfigError(
                    f"say what its rule moves by itself: no intervention of cosim moves {new[0]}, so "
                    "it is not known which outcomes are no finding",
                    key="built_in",
                    allowed="a list of outcomes, or [] for none",
                )
        return self

    def intervention(self, name: str) -> Intervention:
        """Return it as an intervention of this name."""
        effects = tuple(one.effect() for one in self.effects)
        ruled = self.built_in
        if ruled is None:
            ruled = tuple(sorted({out for effect in effects for out in built_in_by(effect.moves())}))
        costs = {out for part in self.effort for out in part.built_in}
        return Intervention(
            name=name,
            title=self.title or plain_name(name),
            sentence=self.sentence,
            family=self.family,
            effects=effects,
            effort=tuple(part.effort() for part in self.effort),
            evidence=Evidence(self.evidence.grade, self.evidence.text, self.evidence.sources),
            compliance=self.compliance,
            decay=self.decay,
            needs_support=self.needs_support,
            built_in=(*ruled, *sorted(costs - set(ruled))),
            conflicts=self.conflicts,
        )


def own_name(name: str) -> str:
    """Refuse a name that a way of working cannot have.

    Raises
    ------
    ConfigError
        For one of another form, or one that an intervention of cosim has.
    """
    if not (name.isascii() and name.isidentifier() and name == name.lower() and name[0].isalpha()):
        raise ConfigError("not a name for a way", value=name, allowed="small letters, digits and _")
    if name in INTERVENTIONS:
        raise ConfigError("cosim has an intervention of this name; choose another", value=name)
    return name


def interventions_of(ways: Mapping[str, Way]) -> dict[str, Intervention]:
    """Return ways of working as interventions, in the order of their names.

    Raises
    ------
    ConfigError
        When one conflicts with something that does not exist.
    """
    found = {name: ways[name].intervention(name) for name in sorted(ways)}
    for name, one in found.items():
        for index, other in enumerate(one.conflicts):
            if other == name:
                raise ConfigError("conflicts with itself", key=f"ways.{name}.conflicts[{index}]", value=other)
            if other not in INTERVENTIONS and other not in found:
                raise ConfigError(
                    "there is no such intervention",
                    key=f"ways.{name}.conflicts[{index}]",
                    value=other,
                    nearest=nearest_name(other, [*INTERVENTIONS, *found]),
                )
    return found


class OwnWays(Record):
    """The block of a file that defines ways of working."""

    ways: dict[Annotated[str, AfterValidator(own_name)], Way] = Field(description="Ways by name.")

    @model_validator(mode="after")
    def _fit(self) -> Self:
        interventions_of(self.ways)
        return self


def _known(key: str) -> Parameter:
    records = _records()
    if key not in records:
        raise ConfigError("there is no such key", value=key, nearest=nearest_name(key, records))
    return records[key]


@cache
def _records() -> dict[str, Parameter]:
    sections = {**SECTIONS, "phases.*": Phase}
    return {record.key: record for name, one in sections.items() for record in records_in(name, one)}
