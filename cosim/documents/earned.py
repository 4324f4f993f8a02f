"""What each mechanism earns: which rows of the evidence get worse without it, what could not be asked.

The rows are simulated by ``python -m experiments.mechanisms_earn``, which writes earned.csv; nothing is
fitted again without a mechanism, so that a loss says what the model as it is rests on.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

from cosim.patterns import patterns
from cosim.patterns.pattern import About
from cosim.reporting.generated import markdown_table
from cosim.validation.null_models import Changes, Variant
from cosim.validation.simulated import Effort, Simulation
from cosim.validation.validation import check

EFFORT: Final = Effort(samples=10, groups=400, projects=10, seed=1)
FILE: Final = files("cosim.documents") / "earned.csv"
COLUMNS: Final = ("mechanism", "pattern", "target", "verdict", "distance")
WHOLE: Final = "the model"


@dataclass(frozen=True)
class Mechanism:
    """A mechanism, and how it is switched off.

    Attributes
    ----------
    name : str
    off : mapping of dotted key to value
    question : str
        What could not be asked without it.
    about : tuple of {"talk", "influence"}
        Which patterns are looked at without it; none for what no pattern is about.
    """

    name: str
    off: Changes
    question: str
    about: tuple[About, ...] = ("influence",)

    def verdicts(self) -> Iterator[tuple[str, str, str, float]]:
        """Yield pattern, target, verdict and distance of every row that counts, without the mechanism."""
        simulation = Simulation(EFFORT, Variant("off", self.name, "", self.off))
        for one in patterns().values():
            if one.about not in self.about or one.section == "set-up":
                continue
            for target in one.targets:
                if one.gates(target) and not target.not_represented:
                    found = check(one, target, simulation)
                    yield one.id, found.what, found.verdict, found.distance()


_BOTH: Final[tuple[About, ...]] = ("talk", "influence")
MECHANISMS: Final = (
    Mechanism(WHOLE, {}, "", _BOTH),
    Mechanism(
        "status in the floor",
        {f"standing.{one}_salience": 0.0 for one in ("title", "expertise", "leadership", "appraisal")},
        "does hiding titles, or who chairs, change who talks?",
        _BOTH,
    ),
    Mechanism(
        "lasting talkativeness",
        {"floor.talkativeness_spread": 0.0},
        "what of talk is habit, not status?",
        ("talk",),
    ),
    Mechanism(
        "engagement with items",
        {"floor.engagement_spread": 0.0},
        "what of talk changes with the item?",
        ("talk",),
    ),
    Mechanism(
        "the addressed reply",
        {"floor.returning": 0.0},
        "who holds a dialogue, and who is left out of it?",
        ("talk",),
    ),
    Mechanism(
        "turns seek consent",
        {"floor.aim": 0.0},
        "do rule, numbers and the last word reach the talk?",
        _BOTH,
    ),
    Mechanism(
        "turns grow with standing",
        {"speech.length_by_standing": 0.0},
        "what of talk is length, not turns?",
        ("talk",),
    ),
    Mechanism("voices pull", {"uptake.rate": 0.0}, "does it matter whose position is heard?"),
    Mechanism(
        "arguments",
        {"arguments.step": 0.0},
        "can one member's knowledge change a decision; who brought it in?",
    ),
    Mechanism("repeated positions wear off", {"uptake.fading": 1.0}, "do more minutes persuade more?"),
    Mechanism(
        "certainty moves others", {"uptake.certainty": 0.0}, "does being sure count beside being right?"
    ),
    Mechanism("reflection", {"uptake.reflection": 0.0}, "what of changed minds is not talk?"),
    Mechanism(
        "a dial for one answer", {"uptake.voices": 1.0}, "does the kind of task matter to who is heard?"
    ),
    Mechanism(
        "arguments that show who is right",
        {"phases.*.demonstrability": 0.0},
        "when does truth win over title?",
    ),
    Mechanism(
        "a received view",
        {"knowledge.received_error": 0.0},
        "can a team be misled together; does unshared help?",
    ),
    Mechanism("the bend to the majority", {"stance.conformity": 0.0}, "what do herding and secrecy do?"),
    Mechanism(
        "the bend to the lead",
        {"stance.deference": 0.0},
        "who holds back before the lead; does it matter who speaks first?",
        (),
    ),
    Mechanism("mandate", {"team.*.mandate": 0.0}, "for whom do members speak: delegates or trustees?", ()),
    Mechanism("credibility by kind", {}, "is lived experience heard as knowledge?", ()),
    Mechanism("carriers of the outcome", {}, "what do decision rules do to influence?", ()),
    Mechanism(
        "a chair's turns",
        {"facilitation.chairing": 0.0},
        "what does formal chairing cost in members' talk?",
        (),
    ),
    Mechanism("owners of items", {}, "does it matter who opens what is theirs?", ()),
)
"""The mechanisms whose worth is shown; the first is none."""


@dataclass(frozen=True)
class _Rows:
    """Verdicts and distances of the rows without one mechanism, by pattern and target."""

    found: dict[tuple[str, str], tuple[bool, float]] = field(default_factory=dict)


def earned_table() -> str:
    """Return the table of what each mechanism earns, from what was simulated."""
    kept = _kept()
    whole = kept[WHOLE].found
    rows = []
    for one in MECHANISMS[1:]:
        off = ", ".join(
            f"`{key}` {value:g}" if not isinstance(value, str) else key for key, value in one.off.items()
        )
        told = "no row is about it"
        if one.about and one.name in kept:
            without = kept[one.name].found
            met = sum(whole[row][0] for row in without)
            left = sum(ok for ok, _ in without.values())
            lost = [row for row, (ok, _) in without.items() if whole[row][0] and not ok]
            gained = [row for row, (ok, _) in without.items() if ok and not whole[row][0]]
            told = f"{met} to {left} of {len(without)}"
            told += f"; lost: {_named(lost)}" if lost else ""
            told += f"; gained: {_named(gained)}" if gained else ""
        rows.append((one.name, off or "has no switch", told, one.question))
    return markdown_table(("mechanism", "off", "rows met with it and without", "what it lets one ask"), rows)


def _named(rows: list[tuple[str, str]]) -> str:
    """Return patterns with how many of their rows are meant."""
    names = [name for name, _ in rows]
    return ", ".join(
        f"{one} ({names.count(one)})" if names.count(one) > 1 else one for one in dict.fromkeys(names)
    )


def _kept() -> Mapping[str, _Rows]:
    found: dict[str, _Rows] = {}
    for row in csv.DictReader(FILE.read_text(encoding="utf-8").splitlines()):
        rows = found.setdefault(row["mechanism"], _Rows()).found
        rows[row["pattern"], row["target"]] = (row["verdict"] == "pass", float(row["distance"]))
    return found
