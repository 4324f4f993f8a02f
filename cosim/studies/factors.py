"""Choosing factors and turning points of the unit cube into settings, as all sampled designs do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import Field

from cosim.config.yaml_source import KeyPath
from cosim.errors import ConfigError, nearest_name
from cosim.execution.factor import Factor
from cosim.execution.points import DUMMY, Way, settings_at
from cosim.execution.settings import Name, Names
from cosim.execution.spreads import Pair, Spread, spread_over
from cosim.studies.arms import BLOCKS, block_of, check_way
from cosim.studies.kind import Ask

Every = Literal["all", "uncertainties", "levers", "parameters", "ways", "team"]
FactorList = Annotated[
    Every | list[Name] | dict[Name, Pair | Spread | None],
    Field(
        description="What is varied: `all` (uncertainties and levers, each by itself), `uncertainties`, "
        "`levers`, `parameters` (uncertainties, fitted ones as one factor), `ways` (how ways of working are "
        "delivered, and prices), `team`; a list of these last three, dotted keys and intervention names; or "
        "a mapping of names to [low, high] or another shape."
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
            "ranges": {factor.key: factor.limits for factor in self.factors},
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
    if len(ask.settings.ranges.scales) != 1:
        raise ask.error("factors of a design have one width; give one number", ("ranges", "scale"))
    every = [factor for factor in ask.factors if not factor.settled]
    if isinstance(given, str):
        picked = {
            "uncertainties": [factor for factor in every if factor.role == "uncertainty"],
            "levers": [factor for factor in every if factor.role == "lever"],
            "all": [factor for factor in every if factor.role in ("uncertainty", "lever")],
        }
        return list(picked[given] if given in picked else block_of(ask, given))
    factors: list[Factor] = []
    for index, name in enumerate(given):
        here: KeyPath = (*place, name if isinstance(given, dict) else index)
        if name in BLOCKS and not isinstance(given, dict):
            _add(ask, factors, block_of(ask, name), here, name)
            continue
        factor = ask.factor(name)
        if factor is None:
            near = nearest_name(name, ask.known_factors())
            told = getattr(ask.subject, "why_no_factor", lambda _: None)(name)
            if told:
                raise ask.error(told, here, value=name)
            raise ask.error("there is no such factor", here, value=name, nearest=near)
        span = given[name] if isinstance(given, dict) else None
        _add(ask, factors, [_ranged(ask, factor, span, here)], here, name)
    return factors


def _add(ask: Ask, factors: list[Factor], more: Sequence[Factor], place: KeyPath, name: str) -> None:
    taken = {key for factor in factors for key in factor.keys}
    if any(key in taken for factor in more for key in factor.keys):
        raise ask.error("this factor is listed twice", place, value=name)
    factors.extend(more)


def _ranged(ask: Ask, factor: Factor, span: list[float] | Spread | None, place: KeyPath) -> Factor:
    if span is None:
        if factor.kind != "choice" and factor.low >= factor.high:
            raise ask.error("has no plausible range of its own; give one as [low, high]", place)
        return factor
    try:
        return spread_over(factor, span)
    except ConfigError as error:
        inner = tuple(int(part) if part.isdigit() else part for part in (error.key or "").split(".") if part)
        here = (*place, *inner) if ask.source.has((*place, *inner)) else place
        raise ask.error(error.message, here, value=error.value, allowed=error.allowed) from None
