"""What a kind of study is, and what it is given to make a design."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cosim.config.yaml_source import KeyPath, Source
from cosim.errors import ConfigError, nearest_name
from cosim.execution.evaluator import Subject
from cosim.execution.factor import Factor
from cosim.execution.points import DUMMY, WITH, Points, Way
from cosim.execution.settings import Settings, StudySettings
from cosim.execution.spreads import mixed, spread_over
from cosim.outcomes import Outcome, outcome_named
from cosim.studies.own_outcomes import completed, definitions, records_of

if TYPE_CHECKING:
    import pandas as pd

    from cosim.execution.adaptive import Growth


NESTED = {"luck": "nested"}
"""What every design notes: replicates are nested in worlds. Stored studies and hashes hold this key."""

TEAM = "team_"
"""Before a trait of the team: its name as a factor, and as a column of the design table."""


@dataclass(frozen=True)
class Ask:
    """A checked config and its subject: what a kind makes its design of.

    Attributes
    ----------
    settings : StudySettings
        What all kinds have in common.
    block : Settings
        The kind's own block, of the kind's own class.
    subject : Subject
    source : Source
        For errors that name file and line.
    """

    settings: StudySettings
    block: Any
    subject: Subject
    source: Source

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes that every run has, and of those that the study defines over them."""
        return (*self.subject.outcomes(), *self.settings.own_outcomes)

    def outcome(self, name: str) -> Outcome:
        """Return what is known of an outcome."""
        return records_of(self.settings.own_outcomes).get(name) or outcome_named(name)

    def defined(self, names: Iterable[str]) -> dict[str, dict[str, str]]:
        """Return a note of how outcomes are defined by which a search chooses; empty for cosim's own."""
        found = definitions(names, self.settings.own_outcomes)
        return {"defined": found} if found else {}

    def completed(self, runs: pd.DataFrame) -> pd.DataFrame:
        """Return a run table with the outcomes that the study defines."""
        return completed(runs, self.settings.own_outcomes)

    def error(self, message: str, key: KeyPath | str, **rest: Any) -> ConfigError:
        """Return an error about one key of the config."""
        return self.source.error(message, key, **rest)

    @cached_property
    def factors(self) -> tuple[Factor, ...]:
        """What the subject says may be varied, drawn as the config's `ranges` and `team` say.

        Raises
        ------
        ConfigError
            When they name what there is not, or values that cannot be.
        """
        found = {factor.key: factor for factor in self.subject.factors()}
        for name, given in self.settings.ranges.set.items():
            self._spread(found, name, name, given, ("ranges", "set", name))
        for name, mix in self.settings.team.items():
            self._spread(found, TEAM + name, name, mix, ("team", name))
        if len(self.settings.ranges.scales) == 1:
            [scale] = self.settings.ranges.scales
            return tuple(factor.scaled(scale) for factor in found.values())
        return tuple(found.values())

    def _spread(self, found: dict[str, Factor], key: str, name: str, given: Any, place: KeyPath) -> None:
        of_team = place[0] == "team"
        if key not in found:
            if of_team:
                known = [one.key.removeprefix(TEAM) for one in found.values() if one.role == "team"]
            else:
                known = list(found)
            told = "teams have no such trait" if of_team else "there is no such factor"
            allowed = ", ".join(known) if of_team else None
            raise self.error(told, place, value=name, allowed=allowed, nearest=nearest_name(name, known))
        try:
            make = mixed if of_team else spread_over
            found[key] = make(found[key], given)
        except ConfigError as error:
            inner = tuple(
                int(part) if part.isdigit() else part for part in (error.key or "").split(".") if part
            )
            here = (*place, *inner) if self.source.has((*place, *inner)) else place
            raise self.error(error.message, here, value=error.value, allowed=error.allowed) from None

    def factor(self, name: str) -> Factor | None:
        """Return a factor by its dotted key, or the dose of an intervention by its name."""
        for factor in self.factors:
            if factor.key == name:
                return factor
        bare = name.removeprefix(WITH)
        if bare in self.subject.interventions():
            return Factor(WITH + bare, "lever", 0.0, 1.0, unit="dose", sentence=f"Dose of {bare}.")
        if name == DUMMY:
            return Factor(DUMMY, "uncertainty", sentence="Changes nothing: shows what chance alone does.")
        return None

    def known_factors(self) -> list[str]:
        """Return every name that :meth:`factor` understands."""
        return [*(factor.key for factor in self.factors), *self.subject.interventions(), DUMMY]


@dataclass(frozen=True)
class Made:
    """A kind's design: its points, and what its analysis needs to know of them.

    Attributes
    ----------
    points : Points
        Made when they are asked for.
    notes : mapping
    unchecked : sequence of Way
        Arms made by combining others, too many for all of them to have been checked.
    further : mapping of str to int
        Points that are there for one purpose, by what that is: ``for the null models``.
    """

    points: Points
    notes: Mapping[str, Any] = field(default_factory=dict)
    unchecked: Sequence[Way] = ()
    further: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class StudyKind:
    """One kind of study.

    Attributes
    ----------
    name : str
        As in ``study: NAME``; also the key of the kind's own block unless `key` says otherwise.
    sentence : str
        What it answers, in one plain sentence.
    block : class
        Model of the kind's own block.
    uses : tuple of str
        Which of the common keys that not every kind understands it does: interventions, bundles, arms,
        worlds. The others are refused, so that nothing in a config is ignored without a word.
    make : callable
        Makes the points from an :class:`Ask`.
    grow : callable or None
        For a kind that may find its points on the way: asks a `Growth` for one generation after the other,
        where the notes of the design say ``search``.
    people : bool
        Whether a row per participant is kept unless the config says otherwise.
    """

    name: str
    sentence: str
    block: type[Settings]
    uses: tuple[str, ...]
    make: Callable[[Ask], Made]
    people: bool = False
    key: str = ""
    grow: Callable[[Ask, Growth], None] | None = None

    @property
    def package(self) -> str:
        """Package that the kind lies in, with its design and its report."""
        return self.make.__module__.rpartition(".")[0]

    @property
    def block_key(self) -> str:
        """Key of the kind's own block: its name, unless a common key is called so."""
        return self.key or self.name


CHOOSABLE = ("interventions", "bundles", "arms", "worlds", "team", "ranges")
