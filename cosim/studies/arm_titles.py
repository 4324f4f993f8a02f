"""The ways of working that a study compared: names for people, and what their rules settle by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from cosim.formatting.words import number, plain_name
from cosim.interventions import KNOWN, Intervention, built_in_by, is_classified
from cosim.outcomes import outcome_named
from cosim.studies.results import Results

Status = Literal["emergent", "built in", "not classified"]
EMERGENT: Status = "emergent"
BUILT_IN: Status = "built in"
UNCLASSIFIED: Status = "not classified"

BASELINE = "baseline"


@dataclass(frozen=True)
class Arm:
    """One way of working.

    Attributes
    ----------
    name, title : str
        Name in the tables, and for people.
    doses : mapping of str to float
        Its interventions and their dose.
    changes : mapping of str to value
        Scenario keys that it sets.
    built_in : frozenset of str
        Outcomes that some part of it moves by construction of a rule.
    unclassified : tuple of str
        Keys that it sets and of which no record says what they move by construction.
    """

    name: str
    title: str
    doses: Mapping[str, float] = field(default_factory=dict)
    changes: Mapping[str, Any] = field(default_factory=dict)
    built_in: frozenset[str] = frozenset()
    unclassified: tuple[str, ...] = ()

    def status(self, outcome: str) -> Status:
        """Say whether what the arm does to an outcome emerges, is built in, or cannot be told."""
        if outcome_named(outcome).is_among(self.built_in):
            return BUILT_IN
        return UNCLASSIFIED if self.unclassified else EMERGENT

    @property
    def parts(self) -> str:
        """What it consists of, in words."""
        told = [
            intervention_title(name) + ("" if dose == 1 else f" at dose {dose:g}")
            for name, dose in self.doses.items()
        ]
        told += [f"{key} = {_value(value)}" for key, value in self.changes.items()]
        return ", ".join(told)


def arms_of(results: Results) -> dict[str, Arm]:
    """Return the arms of a study by name, in the order of the design."""
    columns = results.dose_columns
    design = results.design_table.read(["point", "arm", *columns])
    first = design.loc[design.sort_values("point")["arm"].drop_duplicates().index]
    found = {}
    for n, name in enumerate(first["arm"].astype(str)):
        doses = {column.removeprefix("with."): float(first[column].iloc[n]) for column in columns}
        used = {each: dose for each, dose in doses.items() if dose > 0}
        found[name] = _arm(name, used, results)
    return found


def used_interventions(arms: Sequence[Arm]) -> list[Intervention]:
    """Return every intervention that some arm uses, in the order of the registry."""
    used = {name for arm in arms for name, dose in arm.doses.items() if dose > 0}
    return [one for name, one in KNOWN.items() if name in used]


def _arm(name: str, doses: Mapping[str, float], results: Results) -> Arm:
    changes = dict(results.config.get("arms", {}).get(name, {}).get("set", {}))
    known = [KNOWN[each] for each in doses if each in KNOWN]
    built_in = {outcome for one in known for outcome in one.built_in}
    unclassified = [each for each in doses if each not in KNOWN]
    for key in changes:
        built_in |= built_in_by(key)
        if not is_classified(key):
            unclassified.append(key)
    return Arm(
        name, _arm_title(name, doses, changes), doses, changes, frozenset(built_in), tuple(unclassified)
    )


def _arm_title(name: str, doses: Mapping[str, float], changes: Mapping[str, Any]) -> str:
    if name == BASELINE and not doses and not changes:
        return "Business as usual"
    base, _, dose = name.partition("@")
    if len(doses) == 1 and not changes and base in doses:
        return intervention_title(base) + (f" (dose {dose})" if dose else "")
    if name == "+".join(doses) and not changes:
        return " + ".join(intervention_title(each) for each in doses)
    return plain_name(name)


def intervention_title(name: str) -> str:
    """Return what people call an intervention."""
    return KNOWN[name].title if name in KNOWN else plain_name(name)


def _value(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    return f"{value:g}" if abs(value) < 1e5 else number(float(value), 0)
