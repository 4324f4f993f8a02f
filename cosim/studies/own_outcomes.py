"""Outcomes that a study defines itself: set apart in its config, checked, and worked out of its run table.

They are worked out whenever the table is read, so they may be added to a finished study.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cosim.config.yaml_source import KeyPath, Source
from cosim.errors import ConfigError
from cosim.execution.own_outcomes import OwnOutcome
from cosim.formatting.words import plain_name
from cosim.interventions import KNOWN
from cosim.outcomes import KNOWN_OUTCOMES, MEASURES, Outcome
from cosim.outcomes.expressions import names_in, read_expression
from cosim.scenario.ways import Way, interventions_of

if TYPE_CHECKING:
    import pandas as pd

BLOCK = "own_outcomes"
_TAKEN = ("run", "point", "world", "arm", "replicate", "error")
_BETTER = {None: 0, "higher": 1, "lower": -1}


def set_apart(source: Source) -> Source:
    """Return a config whose ``outcomes`` are names, and whose own ones stand in a block of their own.

    ``outcomes: {say_gap: "a - b"}`` and ``outcomes: [influence_gini, {say_gap: "a - b"}]`` are understood.

    Raises
    ------
    ConfigError
        When an outcome is defined twice.
    """
    given = source.data.get("outcomes")
    names: list[Any] = []
    own: dict[str, Any] = {}
    came_from: dict[str, KeyPath] = {}
    entries = [given] if isinstance(given, dict) else given if isinstance(given, list) else []
    if not any(isinstance(entry, dict) for entry in entries):
        return source
    before = source.data.get(BLOCK)
    before = before if isinstance(before, dict) else {}
    for index, entry in enumerate(entries):
        place: KeyPath = ("outcomes",) if isinstance(given, dict) else ("outcomes", index)
        if not isinstance(entry, dict):
            names.append(entry)
            continue
        for name, one in entry.items():
            if name in own or name in before:
                raise source.error("this outcome is defined twice", (*place, name))
            names.append(name)
            own[name], came_from[name] = one, (*place, name)
    places = dict(source.places)
    for name, old in came_from.items():
        for path, where in source.places.items():
            if path[: len(old)] == old:
                places[(BLOCK, name, *path[len(old) :])] = where
    return Source(source.path, {**source.data, "outcomes": names, BLOCK: {**before, **own}}, places)


def check_own_outcomes(own: Mapping[str, OwnOutcome], known: Sequence[str], source: Source) -> None:
    """Refuse outcomes of one's own that cannot be worked out.

    Raises
    ------
    ConfigError
        For a name that is taken or of another form, and as `read_expression` raises it.
    """
    names = list(known)
    for name, one in own.items():
        place: KeyPath = (BLOCK, name)
        if name in names or name in _TAKEN:
            raise source.error("there is an outcome or a column of this name; choose another", place)
        if not (name.isascii() and name.isidentifier() and name == name.lower()):
            told = "not a name for an outcome"
            raise source.error(told, place, value=name, allowed="small letters, digits and _")
        try:
            read_expression(one.is_, names)
        except ConfigError as error:
            where = (*place, "is") if source.has((*place, "is")) else place
            raise source.error(
                error.message, where, value=error.value, allowed=error.allowed, nearest=error.nearest
            ) from None
        names.append(name)


def own_outcomes_in(config: Mapping[str, Any]) -> dict[str, OwnOutcome]:
    """Return the outcomes that a resolved config defines."""
    return {name: OwnOutcome.model_validate(one) for name, one in dict(config.get(BLOCK) or {}).items()}


def records_of(own: Mapping[str, OwnOutcome]) -> dict[str, Outcome]:
    """Return what is known of outcomes of one's own, as of all others."""
    found: dict[str, Outcome] = {}
    for name, one in own.items():
        parts = names_in(one.is_)
        further = [found[part].made_of for part in parts if part in found]
        found[name] = Outcome(
            name,
            one.title or plain_name(name),
            one.unit,
            one.sentence or f"Defined by this study: {one.is_}.",
            "own",
            _BETTER[one.better],
            made_of=parts.union(*further),
        )
    return found


def definitions(names: Iterable[str], own: Mapping[str, OwnOutcome]) -> dict[str, str]:
    """Return the expressions that outcomes are worked out of, those they are made of included."""
    records, wanted = records_of(own), set(names)
    for name in wanted & set(own):
        wanted |= records[name].made_of
    return {name: one.is_ for name, one in own.items() if name in wanted}


@contextmanager
def at_hand(ways: Mapping[str, Way], own: Mapping[str, OwnOutcome]) -> Iterator[None]:
    """Know for a while, beside cosim's own interventions and outcomes, those that a study defines."""
    measured = {name: one.outcome for name, one in MEASURES.items()}
    with KNOWN.having(interventions_of(ways)), KNOWN_OUTCOMES.having({**measured, **records_of(own)}):
        yield


def ingredients(one: OwnOutcome, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the columns of a run table that an outcome of one's own is worked out of."""
    return tuple(read_expression(one.is_, columns).names)


def completed(
    runs: pd.DataFrame, own: Mapping[str, OwnOutcome], columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return a run table with a column more for each outcome of one's own, before the errors.

    Parameters
    ----------
    runs : DataFrame
        With what these outcomes are worked out of.
    own : mapping of str to OwnOutcome
    columns : sequence of str, optional
        All columns of the whole table, where `runs` has some of them only.
    """
    if not own:
        return runs
    runs = runs.copy()
    for name, one in own.items():
        expression = read_expression(one.is_, columns or [str(column) for column in runs.columns])
        values = expression({each: runs[each].to_numpy(dtype=float) for each in expression.names})
        runs.insert(list(runs.columns).index("error") if "error" in runs else len(runs.columns), name, values)
    return runs
