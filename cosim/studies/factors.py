"""Choosing factors and turning points of the unit cube into settings, as all sampled designs do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal

from pydantic import Field

from cosim.config.yaml_source import KeyPath
from cosim.errors import nearest_name
from cosim.execution.factor import Factor
from cosim.execution.points import DUMMY, Way, settings_at
from cosim.execution.settings import Name, Names
from cosim.studies.arms import check_way
from cosim.studies.kind import Ask

Every = Literal["all", "uncertainties", "levers"]
Range = Annotated[list[Annotated[float, Field(allow_inf_nan=False)]], Field(min_length=2, max_length=2)]
FactorList = Annotated[
    Every | list[Name] | dict[Name, Range | None],
    Field(
        description="What is varied: `all` (uncertainties and levers), `uncertainties`, `levers`, "
        "a list of dotted keys and intervention names, or a mapping of these to [low, high]."
    ),
]
Groups = dict[Name, Names]


@dataclass(frozen=True)
class Chosen:
    """The factors of a sampled design.

    Attributes
    ----------
    factors : tuple of Factor
        In the order of the design's columns, the dummy last.
    groups : mapping of str to str
        Group of each factor that is in one.
    """

    factors: tuple[Factor, ...]
    groups: Mapping[str, str]

    @property
    def names(self) -> list[str]:
        """Names of the columns in the design table."""
        return [factor.key for factor in self.factors]

    @property
    def membership(self) -> list[str]:
        """Group of each factor; a factor in none is a group of its own."""
        return [self.groups.get(name, name) for name in self.names]

    @property
    def units(self) -> list[str]:
        """Groups, in order of first appearance."""
        return list(dict.fromkeys(self.membership))

    def problem(self) -> dict[str, Any]:
        """Return the problem as SALib wants it, over the unit cube."""
        problem: dict[str, Any] = {
            "num_vars": len(self.factors),
            "names": self.names,
            "bounds": [[0.0, 1.0]] * len(self.factors),
        }
        if self.groups:
            problem["groups"] = self.membership
        return problem

    def notes(self) -> dict[str, Any]:
        """Return what the analysis needs to know."""
        return {
            "factors": self.names,
            "groups": dict(self.groups),
            "dummy": DUMMY if DUMMY in self.names else None,
            "ranges": {
                factor.key: list(factor.choices) if factor.kind == "choice" else [factor.low, factor.high]
                for factor in self.factors
            },
        }


def choose(
    ask: Ask, given: FactorList, place: KeyPath, *, dummy: bool = False, groups: Groups | None = None
) -> Chosen:
    """Return the factors that a config asks for.

    Raises
    ------
    ConfigError
        When a name is unknown or stands twice, a range is empty or leaves what is allowed, or there are none.
    """
    factors = _listed(ask, given, place)
    if not factors:
        raise ask.error("there is nothing to vary", place)
    if dummy and DUMMY not in [factor.key for factor in factors]:
        found = ask.factor(DUMMY)
        assert found is not None
        factors.append(found)
    names = [factor.key for factor in factors]
    membership: dict[str, str] = {}
    for group, members in (groups or {}).items():
        for index, member in enumerate(members):
            here: KeyPath = (*place[:-1], "groups", group, index)
            known = ask.factor(member)
            key = known.key if known else member
            if key not in names:
                near = nearest_name(member, names)
                raise ask.error("is not among the factors of this study", here, value=member, nearest=near)
            if key in membership:
                raise ask.error(f"is in the group {membership[key]!r} already", here, value=member)
            membership[key] = group
        if group in names:
            raise ask.error("a factor has this name", (*place[:-1], "groups", group))
    chosen = Chosen(tuple(factors), membership)
    for end in (0.0, 0.5, 1.0):
        changes, doses = settings_at(chosen.factors, [end] * len(factors))
        check_way(ask, Way("", doses, {key: value for key, value in changes.items() if key != DUMMY}, place))
    return chosen


def _listed(ask: Ask, given: FactorList, place: KeyPath) -> list[Factor]:
    every = [factor for factor in ask.subject.factors() if not factor.settled]
    if isinstance(given, str):
        picked = {
            "uncertainties": [factor for factor in every if factor.role == "uncertainty"],
            "levers": [factor for factor in every if factor.role == "lever"],
            "all": every,
        }
        return list(picked[given])
    factors: list[Factor] = []
    for index, name in enumerate(given):
        here: KeyPath = (*place, name if isinstance(given, dict) else index)
        factor = ask.factor(name)
        if factor is None:
            near = nearest_name(name, ask.known_factors())
            told = getattr(ask.subject, "why_no_factor", lambda _: None)(name)
            if told:
                raise ask.error(told, here, value=name)
            raise ask.error("there is no such factor", here, value=name, nearest=near)
        if factor.key in [other.key for other in factors]:
            raise ask.error("this factor is listed twice", here, value=name)
        span = given[name] if isinstance(given, dict) else None
        factors.append(_ranged(ask, factor, span, here))
    return factors


def _ranged(ask: Ask, factor: Factor, span: list[float] | None, place: KeyPath) -> Factor:
    if span is None:
        if factor.kind != "choice" and factor.low >= factor.high:
            raise ask.error("has no plausible range of its own; give one as [low, high]", place)
        return factor
    if factor.kind == "choice":
        raise ask.error("is a choice of words and has no range", place, allowed=", ".join(factor.choices))
    low, high = span
    if not low < high:
        raise ask.error("the low end must lie below the high end", place, value=span)
    if factor.kind == "int" and not (low.is_integer() and high.is_integer()):
        raise ask.error("must be whole numbers", place, value=span)
    return replace(factor, low=low, high=high)
