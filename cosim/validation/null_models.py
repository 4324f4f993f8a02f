"""Null models and rivals: the model with parts taken out, or with another rule, to see what is needed.

Those about talk stand on a ladder. Equal chance knows nobody from anybody; plain Luce knows that some talk
more than others; without status the floor also returns to whoever had it; the whole model knows title,
expertise and leadership as well. Nothing is fitted again: each keeps the whole model's numbers for what it
still has.

Those about influence are two nulls (nobody is persuaded; and nobody thinks by themselves either, so that
only errors of answering and the size of groups are left), the model without its arguments, and three rivals:
other rules of uptake, whose one rate was fitted to the same rows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, get_args

from cosim.meeting_logs.corpora import Corpus
from cosim.patterns.pattern import About
from cosim.scenario import Scenario
from cosim.scenario.vocabulary import FloorRule, UptakeRule

Changes = Mapping[str, float | str]

_CONFIDENCE: Final = 0.6


@dataclass(frozen=True)
class Variant:
    """The model, or the model without some of its parts.

    Attributes
    ----------
    name, title, sentence : str
    changes : mapping of dotted key to value
        What is taken out.
    alike : bool
        Whether everyone is made equally confident, so that nobody's role tells on the floor.
    about : {"talk", "influence"}
        The patterns that it is held against.
    """

    name: str
    title: str
    sentence: str
    changes: Changes = field(default_factory=dict)
    alike: bool = False
    about: About = "talk"

    def scenario(self, scenario: Scenario) -> Scenario:
        """Return a scenario without these parts."""
        changes: dict[str, float | str] = dict(self.changes)
        if self.alike:
            changes["team.*.confidence"] = _CONFIDENCE
        return scenario.replace(changes) if changes else scenario

    def corpus(self, corpus: Corpus) -> Corpus:
        """Return a corpus whose people are alike where they have to be."""
        if not self.alike:
            return corpus
        people = {
            role: person.model_copy(update={"confidence": _CONFIDENCE})
            for role, person in corpus.people.items()
        }
        return corpus.model_copy(update={"people": people})

    def numbers(self) -> dict[str, float]:
        """Return the changes as numbers, words by their code, as `projects.patched` takes them."""
        rules = {"floor.rule": get_args(FloorRule), "uptake.rule": get_args(UptakeRule)}
        return {
            key: float(rules[key].index(value)) if isinstance(value, str) else float(value)
            for key, value in self.changes.items()
        }


_NO_STATUS: Final[Changes] = MappingProxyType(
    {
        "standing.title_salience": 0.0,
        "standing.expertise_salience": 0.0,
        "standing.leadership_salience": 0.0,
        "standing.appraisal_salience": 0.0,
    }
)
_PLAIN_LUCE: Final[Changes] = MappingProxyType(
    {
        **_NO_STATUS,
        "floor.rule": "luce",
        "floor.returning": 0.0,
        "floor.stake": 0.0,
        "floor.engagement_spread": 0.0,
        "floor.head_seat": 0.0,
        "floor.opposite_seat": 0.0,
        "learning.confidence_gain": 0.0,
    }
)

WHOLE: Final = Variant("whole", "The model", "Talkativeness, engagement, memory of turns, and status.")
VARIANTS: Final[tuple[Variant, ...]] = (
    WHOLE,
    Variant(
        "no_status",
        "No status",
        "Title, expertise, leadership and confidence make no difference.",
        _NO_STATUS,
        alike=True,
    ),
    Variant(
        "plain_luce",
        "Plain Luce",
        "People differ in talkativeness; no status, no memory of who spoke before, no stake, no engagement.",
        _PLAIN_LUCE,
        alike=True,
    ),
    Variant(
        "equal_chance",
        "Equal chance",
        "Everyone but the last speaker is equally likely to speak next.",
        MappingProxyType({**_PLAIN_LUCE, "floor.talkativeness_spread": 0.0, "speech.length_spread": 0.0}),
        alike=True,
    ),
)
"""The model, and what is left of its talk as parts are taken out."""

_NOBODY_PERSUADED: Final[Changes] = MappingProxyType({"uptake.rate": 0.0, "arguments.voiced": 0.0})
RIVALS: Final[tuple[Variant, ...]] = (
    WHOLE,
    Variant(
        "nobody_persuaded",
        "Nobody persuaded",
        "Neither voices nor arguments move anybody; people still think by themselves.",
        _NOBODY_PERSUADED,
        about="influence",
    ),
    Variant(
        "noise_alone",
        "Noise and size alone",
        "Nobody changes their mind: what is seen are errors of answering and the chance of small groups.",
        MappingProxyType({**_NOBODY_PERSUADED, "uptake.reflection": 0.0}),
        about="influence",
    ),
    Variant(
        "voices_alone",
        "Voices alone",
        "No argument is ever said: fresh voices pull, and people think by themselves.",
        MappingProxyType({"arguments.voiced": 0.0}),
        about="influence",
    ),
    Variant(
        "friedkin_johnsen",
        "Friedkin and Johnsen",
        "Averaging turn by turn with a pull back to where one stood; no arguments. Its rate was fitted.",
        MappingProxyType({"uptake.rule": "friedkin_johnsen", "uptake.rate": 0.01, "arguments.voiced": 0.0}),
        about="influence",
    ),
    Variant(
        "bounded_confidence",
        "Bounded confidence",
        "Listeners ignore what is too far from their own view; no arguments. Its rate was fitted.",
        MappingProxyType(
            {
                "uptake.rule": "bounded_confidence",
                "uptake.rate": 0.05,
                "uptake.anchor": 0.0,
                "arguments.voiced": 0.0,
            }
        ),
        about="influence",
    ),
    Variant(
        "bayesian",
        "Bayesian listeners",
        "Steps shrink as evidence adds up; no arguments. Its rate was fitted.",
        MappingProxyType(
            {"uptake.rule": "bayesian", "uptake.rate": 0.005, "uptake.anchor": 0.0, "arguments.voiced": 0.0}
        ),
        about="influence",
    ),
)
"""The model, and what takes the place of its influence."""


def variants_of(about: About) -> tuple[Variant, ...]:
    """Return the model and the variants that patterns about talk, or about influence, are held against."""
    return VARIANTS if about == "talk" else RIVALS
