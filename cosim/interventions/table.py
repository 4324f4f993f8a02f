"""The interventions as plain rows, for the command line, the documents and the report."""

from __future__ import annotations

from collections.abc import Iterable

from cosim.interventions.intervention import (
    Boost,
    Composition,
    Dial,
    Effect,
    Effort,
    Fix,
    Intervention,
    Trait,
)

_STATES = {
    "confidence": "confidence",
    "credibility": "credibility in the eyes of others",
    "ties": "ties with other roles",
    "own_ties": "ties within their role",
}
_WHEN = {"once": "once", "every_meeting": "each meeting"}


def rows(interventions: Iterable[Intervention]) -> list[dict[str, object]]:
    """Return one plain row per intervention.

    Returns
    -------
    list of dict
        Keys: name, title, family, sentence, mechanism, effort, compliance, decay (per meeting),
        needs_support, grade, evidence, sources, built_in, conflicts.  Texts, except the numbers compliance
        and decay and the truth value needs_support.
    """
    return [
        {
            "name": one.name,
            "title": one.title,
            "family": one.family,
            "sentence": one.sentence,
            "mechanism": "; ".join(mechanism(effect) for effect in one.effects),
            "effort": "; ".join(effort(part) for part in one.effort),
            "compliance": one.compliance,
            "decay": one.decay,
            "needs_support": one.needs_support,
            "grade": one.evidence.grade,
            "evidence": one.evidence.text,
            "sources": "; ".join(one.evidence.sources),
            "built_in": ", ".join(one.built_in),
            "conflicts": ", ".join(one.conflicts),
        }
        for one in interventions
    ]


def mechanism(effect: Effect) -> str:
    """Say in a few words what one effect does at full dose."""
    match effect:
        case Dial(key, toward, share):
            return f"{key} {_way(share)} to {toward:g}"
        case Trait(who, attribute, toward, share):
            return f"{attribute} of {_people(who)} {_way(share)} to {toward:g}"
        case Boost(who, state, amount, when):
            return f"{_STATES[state]} of {_people(who)} {_way(amount)} to its most, {_WHEN[when]}"
        case Composition(public_share):
            return f"public members added until they are {100.0 * public_share:g} % of the team"
        case Fix(key, value):
            return f"{key} is {value}"


def effort(part: Effort) -> str:
    """Say in a few words what one part of the effort takes at full dose."""
    told: list[str] = []
    if part.inside_minutes:
        told.append(f"{part.inside_minutes:g} min of the meeting")
    if part.outside_minutes:
        told.append(f"{part.outside_minutes:g} min for {_each(part.who)}")
    if part.money:
        told.append(f"{part.money:g} in money")
    if part.money_per_person:
        told.append(f"{part.money_per_person:g} in money for {_each(part.who)}")
    if part.facilitator:
        told.append("an independent facilitator")
    return f"{' + '.join(told)}, {_WHEN[part.when]}"


def _way(share: float) -> str:
    return "all the way" if share == 1.0 else f"{100.0 * share:g} % of the way"


def _each(who: str) -> str:
    return "the lead" if who == "lead" else "everyone" if who == "everyone" else f"each of {_people(who)}"


def _people(who: str) -> str:
    named = {"public": "the public members", "professionals": "the professionals", "lead": "the lead"}
    return named.get(who, who if who == "everyone" else f"the {who}s")
